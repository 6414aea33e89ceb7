"""The command line understands what it should, and says in a sentence what it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tasktonic_studio import cli
from tasktonic_studio.wishes import Wishes
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "app.py"
    path.write_text("print('hello')\n")
    return str(path)


def test_without_arguments_the_start_page_is_wished_for() -> None:
    assert cli.parse([]) == Wishes()


def test_what_follows_the_script_belongs_to_it(script: str) -> None:
    wishes = cli.parse([script, "--fast", "--theme", "x", "-h"])

    assert wishes is not None
    assert wishes.script == script
    assert wishes.arguments == ("--fast", "--theme", "x", "-h")


def test_what_precedes_the_script_is_for_the_studio(script: str) -> None:
    wishes = cli.parse(["--theme", "light", "--arrangement", "debug", script])

    assert wishes is not None
    assert (wishes.theme, wishes.arrangement, wishes.script) == ("light", "debug", script)


def test_a_script_is_found_from_where_the_person_is(
    tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    wishes = cli.parse(["app.py"])

    assert wishes is not None
    assert wishes.script == script


def test_attach_without_a_number_means_the_only_one() -> None:
    wishes = cli.parse(["--attach"])

    assert wishes is not None
    assert (wishes.attach, wishes.pid) == (True, 0)


def test_attach_takes_a_process_id() -> None:
    wishes = cli.parse(["--attach", "4711"])

    assert wishes is not None
    assert (wishes.attach, wishes.pid) == (True, 4711)


def test_the_demo_is_the_plant() -> None:
    wishes = cli.parse(["--demo"])

    assert wishes is not None
    assert wishes.script.endswith("watch_me.py")


def test_a_picture_is_of_the_plant_unless_said_otherwise(tmp_path: Path) -> None:
    wishes = cli.parse(["--snapshot", str(tmp_path / "out.png")])

    assert wishes is not None
    assert wishes.script.endswith("watch_me.py")
    assert wishes.snapshot == str(tmp_path / "out.png")


def test_a_folder_is_opened_as_a_project(tmp_path: Path) -> None:
    wishes = cli.parse([str(tmp_path)])

    assert wishes is not None
    assert (wishes.project, wishes.script, wishes.run) == (str(tmp_path), "", "")


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["missing.py"], "There is no file missing.py."),
        ([".", "--fast"], ". is a folder; it takes no arguments. Name the script in it that is meant."),
        (["--distil", "."], ". is a folder; --distil starts a script: name the one in it that is meant."),
        (["--attach", "plant"], "Argument --attach: invalid int value: 'plant'. Try ./studio --help."),
        (["--nonsense"], "Unrecognized arguments: --nonsense. Try ./studio --help."),
        (["--theme", "pink"], "Argument --theme: invalid choice: 'pink'"),
        (["--snapshot"], "Argument --snapshot: expected one argument. Try ./studio --help."),
        (["--snapshot", "/nowhere/at/all/out.png"], "There is no folder /nowhere/at/all for the picture."),
        (["--snapshot", "picture"], "The picture picture needs an ending that says its kind, such as .png."),
        (["--size", "big", "--demo"], "Argument --size: 'big' is no size such as 1440x900. Try ./studio --help."),
    ],
)
def test_what_cannot_be_understood_is_told_in_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(arguments)

    told = capsys.readouterr()
    assert code == 2
    assert told.err.startswith(sentence)
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_a_trace_file_is_a_run_to_look_at_and_no_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run.ttt").write_bytes(b"")
    monkeypatch.chdir(tmp_path)

    wishes = cli.parse(["run.ttt"])

    assert wishes is not None
    assert (wishes.run, wishes.script) == (str(tmp_path / "run.ttt"), "")


def test_a_trace_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["nowhere/run.ttt"]) == 2
    assert capsys.readouterr().err == "There is no file nowhere/run.ttt.\n"


def test_a_trace_file_takes_no_arguments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([str(tmp_path / "run.ttt"), "--fast"]) == 2
    assert "is a recorded run; it takes no arguments." in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--attach", "1", "x.py"],
        ["--attach", "--demo"],
        ["--demo", "x.py"],
        ["--demo", "x.ttt"],
        ["--attach", "1", "x.ttt"],
    ],
)
def test_two_wishes_at_once_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_help_tells_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    assert "Exit codes: 0 well; 1 the script could not run" in capsys.readouterr().out


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("TaskTonic Studio ")


def run_studio(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tasktonic_studio", *arguments],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE_S,
        check=False,
    )


def test_an_app_that_does_not_listen_cannot_be_attached() -> None:
    done = run_studio("--attach", "1")

    assert done.returncode == 1
    assert done.stderr.startswith("Process 1 does not listen for a studio.")


def test_without_a_display_it_says_so_and_ends_with_three() -> None:
    environment = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":4711", "WAYLAND_DISPLAY": ""}

    done = run_studio(**environment)

    assert done.returncode == 3
    assert "No window can be opened here" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_qt_it_says_how_to_get_it(
    script: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tasktonic_studio.app", None)

    assert cli.main([script]) == cli.NO_DISPLAY
    said = capsys.readouterr().err
    assert said.startswith("The window cannot be made here: ")
    assert said.endswith("./studio installs what is missing; with pip it is, in a clone: pip install '.[studio]'.\n")


def test_help_needs_no_qt() -> None:
    code = "import sys; from tasktonic_studio.cli import main; main(['--version']); sys.exit('PySide6' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0


def test_the_first_window_waits_for_nothing_that_is_asked_for_later() -> None:
    later = ("importlib.metadata", "tasktonic.check", "pyqtgraph", "jedi")
    code = f"import sys, tasktonic_studio.app; print([name for name in {later} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_a_script_can_be_run_by_hand(script: str) -> None:
    wishes = cli.parse(["--distil", script, "--fast"])

    assert wishes is not None
    assert (wishes.script, wishes.arguments, wishes.seed) == (script, ("--fast",), 0)
    seeded = cli.parse(["--distil", "--seed", "7", script])
    assert seeded is not None
    assert seeded.seed == 7
    plain = cli.parse([script])
    assert plain is not None
    assert plain.seed is None


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["--distil"], "--distil starts a script under a distiller: name it, as in ./studio --distil my_app.py."),
        (["--distil", "--attach"], "--distil starts a script under a distiller: name it"),
        (["--seed", "3", "SCRIPT"], "--seed is that of a distiller: it goes with --distil."),
        (["--distil", "run.ttt"], "run.ttt is a recorded run; --distil starts a script."),
    ],
)
def test_what_cannot_be_run_by_hand_is_said(
    script: str, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([script if each == "SCRIPT" else each for each in arguments]) == cli.USAGE
    assert capsys.readouterr().err.startswith(sentence)
