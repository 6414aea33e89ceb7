"""`tasktonic check` on the command line: what it writes, and with which code it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tasktonic import cli
from tasktonic.check import CODES

ROOT = Path(__file__).parents[2]
FAULTY = """\
from tasktonic import ttTonic


class Door(ttTonic):
    def ttse__on_start(self):
        self.to_state("opne")

    def ttsc_open__close(self):
        self.finish()
"""
CLEAN = FAULTY.replace("opne", "open")


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "door.py"
    path.write_text(FAULTY)
    return path


def test_a_fault_is_told_with_its_place_its_reason_and_what_to_do(
    door: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.main(["check", "door.py", "--select", "unknown-state"])

    assert code == 1
    assert capsys.readouterr().out == (
        "door.py:6:23: error: Door has no state 'opne'; it has 'open'. [unknown-state]\n"
        "    The call raises ttUnknownState, and the tonic stays in the state it is in. Did you mean 'open'? A state is there when a "
        "method is named after it, such as ttse_opne__on_enter, or when _tt_states lists it.\n"
        "1 fault found in 1 file, 9 lines.\n"
    )


def test_nothing_found_ends_with_zero_and_says_so(door: Path, capsys: pytest.CaptureFixture[str]) -> None:
    door.write_text(CLEAN)

    assert cli.main(["check", "."]) == 0
    assert capsys.readouterr().out == "Nothing found in 1 file, 9 lines.\n"


def test_a_file_that_is_named_twice_is_checked_once(door: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inner = door.parent / "inner"
    inner.mkdir()
    door.rename(inner / "door.py")

    assert cli.main(["check", ".", "inner", "--select", "unknown-state"]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{Path('inner', 'door.py')}:6:23: error: ")
    assert lines[-1] == "1 fault found in 1 file, 9 lines."


def test_a_folder_without_python_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "There are no Python files there.\n"


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["gone.py"], "tasktonic: There is no file gone.py.\n"),
        (
            ["--select", "unknown-stat", "."],
            "There is no code unknown-stat. Did you mean unknown-state? There are unknown-state, ",
        ),
        ([], "usage: tasktonic check [options] PATH ..."),
        (["--format", "xml", "."], "invalid choice: 'xml'"),
    ],
)
def test_wrong_use_ends_with_two_and_a_sentence(
    door: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    assert cli.main(["check", *arguments]) == 2
    assert sentence in capsys.readouterr().err


def test_codes_can_be_left_out(door: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "door.py", "--ignore", "unknown-state,unentered-state"]) == 0


def test_json_has_the_edits_that_mend_a_finding(door: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["check", "door.py", "--select", "unknown-state", "--format", "json"])

    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["line"], finding["column"], finding["end_column"]) == ("unknown-state", 6, 23, 29)
    assert finding["fixes"][0] == {
        "title": "Change it to 'open'",
        "edits": [{"line": 6, "column": 23, "end_line": 6, "end_column": 29, "text": '"open"'}],
    }


def test_sarif_has_rules_places_and_fixes(door: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["check", "door.py", "--select", "unknown-state", "--format", "sarif"])

    log = json.loads(capsys.readouterr().out)
    (run,) = log["runs"]
    (result,) = run["results"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == list(CODES)
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "unknown-state"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "door.py"}
    assert place["region"] == {"startLine": 6, "startColumn": 23, "endLine": 6, "endColumn": 29}
    assert result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": '"open"'}


def test_sarif_names_files_as_addresses_and_comes_through_any_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my Tür#1.py").write_text(FAULTY.replace("opne", "zünd"), encoding="utf-8")

    cli.main(["check", "my Tür#1.py", "--select", "unknown-state", "--format", "sarif"])

    written = capsys.readouterr().out
    (result,) = json.loads(written)["runs"][0]["results"]
    assert written.isascii()
    assert "'zünd'" in result["message"]["text"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "my%20T%C3%BCr%231.py"}


def test_of_rules_with_one_code_sarif_describes_the_first(door: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["check", "door.py", "--format", "sarif"])

    rules = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]["rules"]
    (rule,) = [it for it in rules if it["id"] == "wrong-arguments"]
    assert rule["fullDescription"]["text"] == "The call raises TypeError, and nothing is queued."


@pytest.mark.parametrize(
    "line, said",
    [
        (
            "# tasktonic: ignore",
            "Name it, as in # tasktonic: ignore[blocking-call], or take it out. There are unknown-state, ",
        ),
        ("# tasktonic: ignore[blocking-cal]", "There is no code blocking-cal. [unused-silence]"),
        ("# tasktonic: ignore[blocking-cal]", "Did you mean blocking-call? If not, take it out."),
        ("def ttse_open_on_exit(self): pass", "Did you mean ttse_open__on_exit?"),
        ("def ttse__on_error(self): pass", "The framework's call raises TypeError, and the hook never runs."),
    ],
)
def test_what_is_said_of_a_slip_leads_to_what_was_meant(
    door: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    door.write_text(f"{CLEAN}\n    {line}\n")

    assert cli.main(["check", "door.py"]) == 1
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    "silenced",
    [
        "subprocess.run(  # tasktonic: ignore[blocking-call]\n            ['ls'],\n        )",
        "subprocess.run(\n            ['ls'],\n        )  # tasktonic: ignore[blocking-call]",
        "# tasktonic: ignore[blocking-call]\n        # it is short\n        subprocess.run(\n            ['ls'],\n        )",
    ],
)
def test_a_comment_silences_a_call_over_several_lines(
    door: Path, capsys: pytest.CaptureFixture[str], silenced: str
) -> None:
    door.write_text("import subprocess\n" + CLEAN.replace("self.finish()", silenced))

    assert cli.main(["check", "door.py"]) == 0


def test_a_comment_above_the_decorators_of_a_method_silences_the_method(
    door: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    above = "    # tasktonic: ignore[wrong-kind]\n    @staticmethod\n    def ttsc__shut():\n        pass\n"
    door.write_text(CLEAN + "\n" + above)

    assert cli.main(["check", "door.py"]) == 0


def test_a_class_in_another_file_is_found_without_being_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("base.py").write_text(CLEAN + '\nraise SystemExit("it was run")\n')
    Path("house.py").write_text(
        "from base import Door\n\n\nclass BackDoor(Door):\n    def ttsc_open__lock(self):\n        self.to_state('loked')\n"
    )

    cli.main(["check", "house.py"])

    assert "BackDoor has no state 'loked'; it has 'open'." in capsys.readouterr().out


def test_a_base_out_of_sight_switches_off_what_would_be_guessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    door = FAULTY.replace("class Door(ttTonic)", "class Door(Shared, ttTonic)")
    Path("door.py").write_text("from some_library import Shared\n" + door)

    assert cli.main(["check", "door.py"]) == 0


def test_every_code_has_its_part_of_the_page() -> None:
    page = Path(__file__).parents[2].joinpath("docs/reference/check.md").read_text(encoding="utf-8")

    assert [line[4:] for line in page.splitlines() if line.startswith("### ")] == list(CODES)


def test_the_command_ends_without_looking_through_what_it_read_once_more(door: Path) -> None:
    counting = "import atexit, gc, sys; atexit.register(lambda: print(len(gc.get_objects())));"
    command = f"{counting} sys.argv[1:] = ['check', 'door.py']; from tasktonic.cli import console; sys.exit(console())"

    ended = subprocess.run(
        [sys.executable, "-c", command],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )

    assert (ended.returncode, ended.stderr) == (1, "")
    # The trees of the framework's own classes alone are tens of thousands.
    assert int(ended.stdout.splitlines()[-1]) < 5_000


def test_a_name_with_a_line_end_in_it_makes_no_line_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a\nb.py:1:1: error: forged.py").write_text("def (:\n")

    assert cli.main(["check", "."]) == 1

    first, advice, total = capsys.readouterr().out.splitlines()
    assert first.startswith(r"a\nb.py:1:1: error: forged.py:1:5: error: It is no valid Python")
    assert (advice[:4], total) == ("    ", "1 fault found in 1 file, 1 line.")
