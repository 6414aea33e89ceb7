"""Who calls a sparkle, who asks for a state: all places of the project, the certain ones first."""

from __future__ import annotations

from pathlib import Path

from tasktonic_studio.code.calling import callers_of
from tasktonic_studio.code.question import Question
from tests.studio.code.conftest import DOOR, Ask


def calls(ask: Ask, name: str, behind: str) -> list[tuple[str, bool]]:
    return [(it.text, it.is_sure) for it in callers_of(ask(name, behind)).found]


def test_all_calls_of_a_sparkle_are_found_and_those_of_others_are_not(ask: Ask) -> None:
    assert calls(ask, "door", "def ttsc_closed__op") == [
        ("super().ttsc_closed__open(wide)", True),
        ("self.door.ttsc__open(True)", True),
        ("self.gate.ttsc_closed__open(True)", True),
        ("self.mystery.ttsc__open()", False),
    ]


def test_the_window_has_its_own_callers(ask: Ask) -> None:
    assert calls(ask, "house", "def ttsc__op") == [
        ("window.ttsc__open()", True),
        ("self.mystery.ttsc__open()", False),
    ]


def test_whoever_asks_for_a_state_is_found(ask: Ask) -> None:
    callers = callers_of(ask("door", "def ttsc_op"))

    assert callers.subject == "state open of Door, Gate"
    assert [(it.where, it.text) for it in callers.found] == [
        ("Door.ttsc_closed__open", 'self.to_state("open")'),
        ("House.ttse__on_start", 'self.door.to_state("open")'),
    ]


def test_a_place_in_characters_is_told_also_behind_letters_of_several_bytes(ask: Ask) -> None:
    text = DOOR.replace('self.to_state("closed")', 'größe = "ß"; self.to_state("closed|")')

    (first, *_rest) = callers_of(ask("door", text=text)).found

    assert (first.line, first.column, first.end) == (10, 36, 42)


def test_uses_of_an_ordinary_name_come_from_its_source(ask: Ask) -> None:
    callers = callers_of(ask("door", text="def paint(): ...\npaint()\npai|nt()\n"))

    assert [(it.line, it.text) for it in callers.found] == [(2, "paint()"), (3, "paint()")]


def test_the_open_folder_is_the_project_of_the_files_in_it(ask: Ask, project: Path) -> None:
    place = {"file": str(project / "door.py"), "line": 12, "column": 23}
    (project.parent / "other.py").write_text("from pkg.door import Door\n\nDoor().ttsc__open()\n")

    inside = callers_of(Question({**place, "root": str(project)})).found
    whole = callers_of(Question({**place, "root": str(project.parent / "elsewhere")})).found

    assert "other.py" not in {Path(it.file).name for it in inside}
    assert "other.py" in {Path(it.file).name for it in whole}
