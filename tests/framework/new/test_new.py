"""``tasktonic new``: what the templates make runs at once, passes its tests, and never takes the place of what is there."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasktonic.cli import main
from tasktonic.errors import ttNewError
from tasktonic.new import KINDS, plan, why_not_name, words_of, write

ROOT = Path(__file__).resolve().parents[3]
KIND_NAMES = sorted(KINDS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one of each kind, named after it."""
    folder = tmp_path_factory.mktemp("made")
    for kind in KINDS:
        write(plan(kind, f"my_{kind}", folder))
    return folder


def environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TASKTONIC"))}
    return {**own, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"}


def run_to_its_end(script: Path) -> str:
    ended = subprocess.run(
        [sys.executable, script.name],
        cwd=script.parent,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def lines_until(app: subprocess.Popen[str], words: str) -> Iterator[str]:
    assert app.stdout is not None
    for line in app.stdout:
        yield line
        if words in line:
            return
    raise AssertionError(f"it ended before it said {words!r}")


def start(script: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, script.name, *arguments],
        cwd=script.parent,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )


def test_new_project_runs_at_once(made: Path) -> None:
    assert "the water boils" in run_to_its_end(made / "my_project" / "app.py")


def test_new_tonic_runs_at_once(made: Path) -> None:
    assert re.findall(r"my_tonic +(\d left|done)", run_to_its_end(made / "my_tonic.py")) == [
        "2 left",
        "1 left",
        "0 left",
        "done",
    ]


def test_new_service_runs_at_once(made: Path) -> None:
    assert "added 4: 7 in all" in run_to_its_end(made / "my_service.py")


def test_new_window_opens_until_it_is_ended(made: Path) -> None:
    pytest.importorskip("PySide6")
    with start(made / "my_window.py") as app:
        list(lines_until(app, "the window is open"))
        app.send_signal(signal.SIGINT)
        rest = app.communicate(timeout=60)[0]

    assert "- finished" in rest


def test_new_server_answers(made: Path) -> None:
    with start(made / "my_server.py", "0") as app:
        said = list(lines_until(app, "listening on"))[-1]
        port = int(said.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=30) as peer, peer.makefile("rw") as talk:
            talk.readline()
            talk.write("one two\n")
            talk.flush()
            answer = talk.readline()
        app.send_signal(signal.SIGINT)
        app.communicate(timeout=60)

    assert answer == "2 words so far\n"


def test_all_new_tests_pass(made: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:pytest-qt", "."],
        cwd=made,
        env={**environment(), "PYTHONPATH": os.pathsep.join([str(ROOT), str(made / "my_project")])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout
    assert re.search(r"\b(\d+) passed", ended.stdout)
    assert "failed" not in ended.stdout
    assert "skipped" not in ended.stdout


def test_what_is_made_keeps_to_the_style_of_the_framework(made: Path) -> None:
    """Without the order of imports, which depends on what is installed, and docstrings: comments stand in their place."""
    common = [sys.executable, "-m", "ruff"]
    place = ["--config", str(ROOT / "pyproject.toml"), str(made)]

    checked = subprocess.run(
        [*common, "check", "--no-cache", "--ignore", "D,I", *place], capture_output=True, text=True, check=False
    )
    formatted = subprocess.run(
        [*common, "format", "--no-cache", "--check", *place], capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout
    assert formatted.returncode == 0, formatted.stdout


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_nothing_is_written_over(kind: str, tmp_path: Path) -> None:
    planned = plan(kind, "pump", tmp_path)
    there = planned.files[-2 if kind != "project" else 0].path
    there.parent.mkdir(parents=True, exist_ok=True)
    there.write_text("mine", encoding="utf-8")

    again = plan(kind, "pump", tmp_path)
    with pytest.raises(ttNewError, match="is there already"):
        write(again)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [there]
    assert there.read_text(encoding="utf-8") == "mine"


def test_file_that_appears_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    planned = plan("tonic", "pump", tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_pump.py").write_text("mine", encoding="utf-8")

    with pytest.raises(ttNewError, match=r"test_pump\.py could not be written: it is there already\. Nothing was made"):
        write(planned)

    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["test_pump.py"]


def test_conftest_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("mine", encoding="utf-8")

    written = write(plan("tonic", "pump", tmp_path))

    assert [path.name for path in written] == ["pump.py", "test_pump.py"]
    assert (tmp_path / "conftest.py").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "name,module,class_name",
    [
        ("pump", "pump", "Pump"),
        ("water_pump", "water_pump", "WaterPump"),
        ("WaterPump", "water_pump", "WaterPump"),
        ("HTTPGate2", "http_gate2", "HTTPGate2"),
        ("my garden-app", "my_garden_app", "MyGardenApp"),
    ],
)
def test_name_is_spelled_as_module_and_as_class(name: str, module: str, class_name: str) -> None:
    words = words_of(name)

    assert (words.module, words.class_name) == (module, class_name)


@pytest.mark.parametrize("name,app", [("garden", "GardenApp"), ("my_app", "MyApp"), ("app", "App")])
def test_app_of_a_project_is_not_called_app_twice(tmp_path: Path, name: str, app: str) -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in write(plan("project", name, tmp_path))}

    assert f"class {app}(ttFormula)" in files["app.py"]
    assert f"from app import {app}\n" in files["test_kettle.py"]


@pytest.mark.parametrize(
    "name,says",
    [
        ("", "needs a name, such as water_pump"),
        ("  ", "needs a name"),
        ("3pumps", "begins with a letter, such as pumps"),
        ("a/b", "letters, digits and _, and begins with a letter, such as a_b"),
        ("../x", "cannot be the name of a tonic"),
        ("water pump", "cannot be the name of a tonic"),
        ("_pump", "begins with an underscore"),
        ("class", "is a word of Python itself"),
        ("None", "is a word of Python itself"),
        ("random", "hide the module random of Python"),
        ("Random", "hide the module random of Python"),
        ("tasktonic", "stand in the way of a package"),
        ("conftest", "stand in the way of a package"),
        ("test_pump", "pytest would take test_pump.py for a file of tests"),
        ("exception", "would hide what has that name already"),
        ("any", "would hide what has that name already"),
        ("caller", "would hide what has that name already"),
        ("ttPump", "are those of the framework"),
        ("nul", "Windows keeps the name"),
        ("x" * 61, "too long; take one of at most 60"),
    ],
)
def test_name_that_cannot_be_is_refused_with_a_sentence(name: str, says: str) -> None:
    assert says in why_not_name("tonic", name)


@pytest.mark.parametrize("name", ["garden", "my garden", "my-garden", "random"])
def test_project_may_have_a_name_of_words(name: str) -> None:
    assert why_not_name("project", name) == ""


def test_kind_that_is_none_is_refused_with_the_kinds_there_are(tmp_path: Path) -> None:
    with pytest.raises(ttNewError, match="no new 'thing'; there can be a new project, tonic, service, window, server"):
        plan("thing", "pump", tmp_path)


def test_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "here").write_text("", encoding="utf-8")

    assert "is a file; a folder is needed" in plan("tonic", "pump", tmp_path / "here").problem


@pytest.mark.skipif(os.name == "nt", reason="variables are set in another way there")
@pytest.mark.parametrize(
    "python_of_the_shell, by_hand, elsewhere, said",
    [
        (sys.executable, "", str(ROOT), "python"),
        ("/elsewhere/bin/python", "", str(ROOT), sys.executable),
        (None, "", str(ROOT), sys.executable),
        (sys.executable, str(ROOT), "/site-packages", f"PYTHONPATH={ROOT} python"),
        (sys.executable, "", "/site-packages", f"PYTHONPATH={ROOT} python"),
    ],
    ids=["usual", "another python", "no python", "in a clone", "in the folder of a clone"],
)
def test_command_says_how_to_run_it_with_a_python_that_has_the_framework(
    python_of_the_shell: str | None,
    by_hand: str,
    elsewhere: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: python_of_the_shell)
    monkeypatch.setenv("PYTHONPATH", by_hand)
    monkeypatch.setattr(sys, "path", [str(ROOT), *([by_hand] if by_hand else []), elsewhere])
    monkeypatch.chdir(tmp_path)

    main(["new", "tonic", "pump"])

    assert f"Run it: {said} pump.py    Test it: {said} -m pytest" in capsys.readouterr().out


def test_command_says_what_it_made_and_how_to_run_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["new", "service", "LogBook", "--into", str(tmp_path)])

    said = capsys.readouterr().out
    assert code == 0
    assert f"made {tmp_path / 'log_book.py'}" in said
    assert re.search(f"Run it: cd {re.escape(str(tmp_path))} && .*python[\\d.]* log_book.py", said)


def test_command_refuses_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["new", "tonic", "random", "--into", str(tmp_path)])

    assert code == 2
    assert capsys.readouterr().err.startswith("tasktonic: A file random.py would hide")
    assert list(tmp_path.iterdir()) == []
