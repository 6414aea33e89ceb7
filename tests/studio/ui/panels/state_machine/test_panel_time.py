"""The state machine panel live, in the past and pinned."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.inbox import TargetBegan
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.state_machine.machine import arrow_id
from tests.helpers.machines import CLOSED, OPEN, Doors
from tests.studio.ui.panels.state_machine.acting import OPENING, lit
from tests.studio.ui.panels.state_machine.conftest import (
    MachineStand,
)


def test_a_new_way_appears_and_nothing_else_moves(stand: MachineStand, doors: Doors) -> None:
    view = stand.machine_view
    assert view.arranger.placed is not None
    boxes = dict(view.arranger.placed.boxes)
    strokes = {name: it.points for name, it in view.arranger.placed.routes.items()}
    doors.do(doors.doors[1], "ttsc__paint", "locked")
    doors.do(doors.doors[1], "ttsc__paint", "open")

    stand.feed(doors.write.take())
    stand.wait_drawn()

    assert arrow_id("state locked", "state open") in view.machine.arrows
    assert view.arranger.placed.boxes == boxes
    now = {name: it.points for name, it in view.arranger.placed.routes.items()}
    assert {name: now[name] for name in strokes} == strokes
    assert now.keys() - strokes.keys() == {arrow_id("state locked", "state open")}


def test_counts_go_on_while_live(stand: MachineStand, doors: Doors) -> None:
    doors.do(doors.doors[1], "ttsc__open", "open")

    stand.feed(doors.write.take())

    assert stand.machine_view.machine.arrows[OPENING].count == 3
    assert stand.machine_view.machine.instances == {CLOSED: 1, OPEN: 2}


def test_the_past_shows_states_and_counts_as_they_were(stand: MachineStand, doors: Doors) -> None:
    first = doors.session.live.transitions.row(3).n + 1

    stand.selection.look_at(first)
    stand.wait_drawn()

    view = stand.machine_view
    assert lit(view)[0] == "state open"
    assert view.machine.arrows[OPENING].count == 1
    assert view.heading.whole.endswith("came no state → closed → open")


def test_what_is_gone_in_the_past_has_its_place_when_it_comes_back(stand: MachineStand, doors: Doors) -> None:
    view = stand.machine_view
    assert view.arranger.placed is not None
    before = dict(view.arranger.placed.boxes)
    stand.selection.look_at(doors.session.live.transitions.row(0).n)
    stand.wait_drawn()

    stand.selection.look_at(None)
    stand.wait_drawn()

    assert view.arranger.placed.boxes == before


def test_a_pinned_panel_stays_with_its_tonic(stand: MachineStand, doors: Doors, qtbot: QtBot) -> None:
    view = stand.machine_view
    qtbot.mouseClick(view.pin, Qt.MouseButton.LeftButton)

    stand.selection.select(Thing("essence", doors.doors[1]))

    assert lit(view)[0] == "state open"
    qtbot.mouseClick(view.pin, Qt.MouseButton.LeftButton)
    assert lit(view)[0] == "state closed"


def test_another_target_empties_the_panel(stand: MachineStand) -> None:
    stand.selection.forget_target()
    stand.apply(TargetBegan("launched", "other.py", (), 2))

    assert stand.machine_view.nothing.isVisible()


def test_a_thing_without_a_class_leaves_the_diagram(stand: MachineStand) -> None:
    stand.selection.select(Thing("place", ("a.py", 1)))

    assert stand.machine_view.is_drawn
    assert stand.machine_view.heading.whole.startswith("door 0")
