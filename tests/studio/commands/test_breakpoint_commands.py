"""Commands about breakpoints, on an empty and on a filled window."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tasktonic.rules import Breakpoint, Term
from tasktonic_studio.commands.breakpoint_commands import NOTHING_TO_BREAK_ON, breakpoint_commands
from tasktonic_studio.session.breakpoints import BreakpointsRead
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.selection import Thing
from tests.helpers.builders import a_session_with_plant, plant_of
from tests.studio.ui.conftest import MakeStand, make_stand  # noqa: F401 - a fixture

IDS = [command.id for command in breakpoint_commands()]


def test_on_an_empty_window_there_is_nothing_to_break_on(make_stand: MakeStand) -> None:  # noqa: F811
    stand = make_stand()

    possible = {each for each in IDS if stand.bench.is_enabled(each)}

    assert possible == {"breakpoints.add"}
    assert stand.bench.registry.why_not("breakpoints.toggle", stand.bench.context) == NOTHING_TO_BREAK_ON


def test_f9_sets_and_takes_away_and_has_it_kept(make_stand: MakeStand) -> None:  # noqa: F811
    stand = make_stand(a_session_with_plant())
    session = stand.session
    session.breakpoints.remove([point.id for point in session.breakpoints.all])
    stand.requests.asked.clear()
    stand.selection.select(Thing("essence", plant_of(session).pumps[0]))

    stand.bench.run("breakpoints.toggle")
    is_on = stand.bench.registry.is_on("breakpoints.toggle", stand.bench.context)
    stand.bench.run("breakpoints.toggle")

    kept = [points for what, _, points in stand.requests.asked if what == "set_breakpoints"]
    assert [[point.terms[0].kind for point in points] for points in kept] == [["sparkle"], []]
    assert is_on


def test_all_are_switched_off_and_on(make_stand: MakeStand) -> None:  # noqa: F811
    stand = make_stand(a_session_with_plant())
    points = stand.session.breakpoints

    stand.bench.run("breakpoints.all_off")
    off = [point.enabled for point in points.all]
    possible = stand.bench.is_enabled("breakpoints.all_off")
    stand.bench.run("breakpoints.all_on")

    assert (off, possible) == ([False, False], False)
    assert all(point.enabled for point in points.all)


@pytest.mark.parametrize(
    "role, capabilities, says",
    [
        ("view", ("breakpoints",), "Another Studio controls this app: only that one can hold it."),
        ("control", ("brake",), "This app runs a tasktonic that knows no breakpoints."),
        ("control", ("breakpoints",), ""),
    ],
)
def test_an_app_that_cannot_be_held_says_why(
    make_stand: MakeStand,  # noqa: F811
    role: str,
    capabilities: tuple[str, ...],
    says: str,
) -> None:
    stand = make_stand(a_session_with_plant())
    live = stand.session.live
    live.set_target(Changes(), role=role, capabilities=capabilities)
    stand.selection.select(Thing("essence", plant_of(stand.session).pumps[0]))

    assert stand.bench.registry.why_not("breakpoints.toggle", stand.bench.context) == says
    assert live.target == replace(live.target, role=role)


def test_the_form_that_is_open_is_not_replaced(make_stand: MakeStand) -> None:  # noqa: F811
    stand = make_stand(a_session_with_plant())
    stand.bench.edit_breakpoint(Breakpoint(0, (Term("sparkle", "a"),)))
    first = stand.bench.breaking.dialog

    stand.bench.edit_breakpoint(Breakpoint(0, (Term("sparkle", "b"),)))

    assert stand.bench.breaking.dialog is first
    assert first is not None
    first.reject()
    assert stand.bench.breaking.dialog is None


def test_what_could_not_be_read_is_said_once(make_stand: MakeStand) -> None:  # noqa: F811
    stand = make_stand()
    stand.feed(BreakpointsRead("pump.py", (), "The breakpoints of pump.py could not be read and are none now."))
    said = stand.bench.banner.problem
    stand.bench.banner.clear()

    stand.session.breakpoints.add(Breakpoint(0, (Term("sparkle", "ttsc__open"),)))

    assert said is not None
    assert said.sentence == "The breakpoints of pump.py could not be read and are none now."
    assert stand.bench.banner.problem is None
    assert stand.requests.asked[-1][:2] == ("set_breakpoints", "pump.py")
