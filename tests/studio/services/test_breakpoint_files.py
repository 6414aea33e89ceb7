"""Where breakpoints are kept: there again, apart by script, and never lost for a damaged file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic.protocol import Direction, decode_message
from tasktonic.protocol.messages import SetBreakpoints
from tasktonic.rules import Breakpoint, Term
from tasktonic_studio.services.breakpoint_files import ENVIRONMENT, BreakpointFiles

ALL_KINDS = tuple(
    Breakpoint(number, (term,), enabled=number % 2 == 0, once=True, every=3, log=True, only_this=True)
    for number, term in enumerate(
        (
            Term("sparkle", "ttsc__ö*", "Pump", negated=True),
            Term("state", "full", way="left"),
            Term("path", "limits/*"),
            Term("exception", "KeyError", way="not taken"),
            Term("sender", "timer"),
            Term("condition", "self.level > 'ü\"'"),
            Term("duration", longer_than_ns=10),
        ),
        1,
    )
)


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    BreakpointFiles(tmp_path / "new").keep("/apps/pump.py", ALL_KINDS)

    read = BreakpointFiles(tmp_path / "new").begin("/apps/pump.py")

    assert (read.project, read.points, read.problem) == ("/apps/pump.py", ALL_KINDS, "")


def test_scripts_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    files = BreakpointFiles(tmp_path)
    files.keep("/a/main.py", ALL_KINDS)

    assert files.begin("/b/main.py").points == ()


def test_what_was_set_before_any_script_belongs_to_the_first(tmp_path: Path) -> None:
    BreakpointFiles(tmp_path).keep("/a/main.py", ALL_KINDS[:1])
    files = BreakpointFiles(tmp_path)
    files.keep("", (ALL_KINDS[0], ALL_KINDS[2]))

    points = files.begin("/a/main.py").points

    assert [point.terms for point in points] == [ALL_KINDS[0].terms, ALL_KINDS[2].terms]
    assert len({point.id for point in points}) == 2
    assert BreakpointFiles(tmp_path).begin("/a/main.py").points == points


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        '{"breakpoints": 3}',
        '{"breakpoints": [{"id": 1}]}',
        '{"breakpoints": [{"id": 1, "terms": []}]}',
        "[" * 9_000,
    ],
)
def test_a_damaged_file_is_said_and_kept_aside(tmp_path: Path, damage: str) -> None:
    files = BreakpointFiles(tmp_path)
    files.file_of("/a/main.py").write_text(damage)

    read = files.begin("/a/main.py")

    assert read.points == ()
    assert read.problem.startswith("The breakpoints of main.py could not be read and are none now: ")
    [aside] = tmp_path.glob("*.damaged.json")
    assert aside.read_text() == damage
    assert str(aside) in read.problem


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    problem = BreakpointFiles(tmp_path / "file").keep("/a/main.py", ALL_KINDS)

    assert problem.startswith("The breakpoints of main.py could not be kept in ")


def test_a_launched_app_finds_them_in_its_environment(tmp_path: Path) -> None:
    files = BreakpointFiles(tmp_path)
    files.begin("/a/main.py")
    files.keep("/a/main.py", ALL_KINDS)

    environment, problem = files.environment()

    assert problem == ""
    message = decode_message(environment[ENVIRONMENT].encode(), Direction.STUDIO)
    assert message == SetBreakpoints(0, ALL_KINDS)


@pytest.mark.parametrize("sign, count", [("x", 200), ("界", 60)])
def test_more_than_an_environment_can_hold_is_said(tmp_path: Path, sign: str, count: int) -> None:
    files = BreakpointFiles(tmp_path)
    files.begin("/a/main.py")
    files.keep("/a/main.py", tuple(Breakpoint(at, (Term("condition", sign * 1_000),)) for at in range(count)))

    environment, problem = files.environment()

    assert environment == {}
    assert problem.startswith("There are so many breakpoints that the app gets them only when it has connected")
