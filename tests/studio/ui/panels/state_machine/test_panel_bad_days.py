"""The state machine panel on bad days."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.inbox import SourceText
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.state_machine.diagram_view import READABLE_ZOOM
from tasktonic_studio.ui.panels.state_machine.machine import arrow_id
from tasktonic_studio.ui.panels.state_machine.view import StateMachineView
from tests.helpers.machines import CLOSED, DOOR_SOURCE, OPEN, Doors, a_large_machine
from tests.studio.ui.panels.state_machine.acting import LOCKING, OPENING
from tests.studio.ui.panels.state_machine.conftest import (
    DYING,
    HANGING,
    WITHOUT_GRAPHVIZ,
    MachineStand,
    MakeStand,
)


def test_two_hundred_states_with_names_of_three_hundred_signs_are_drawn(make_stand: MakeStand) -> None:
    session, cls = a_large_machine(200, 300, name_length=300)
    stand = make_stand(session)

    stand.select(Thing("class", cls))

    view = stand.machine_view
    assert len(view.diagram._nodes) >= 200
    assert max(box.width for box in view.arranger.graph.boxes) < 400
    view.set_mode("table")
    assert view.matrix_model.rowCount() == 201


def test_sixty_states_can_be_read(make_stand: MakeStand) -> None:
    session, cls = a_large_machine(60, 90)
    stand = make_stand(session)

    stand.select(Thing("class", cls))

    diagram = stand.machine_view.diagram
    assert diagram.zoom >= READABLE_ZOOM
    first = diagram.node_rect("state state_000")
    assert diagram.viewport().rect().contains(first)


def test_a_diagram_that_does_not_fit_has_an_overview_that_leads_elsewhere(make_stand: MakeStand, qtbot: QtBot) -> None:
    session, cls = a_large_machine(60, 90)
    stand = make_stand(session)
    stand.select(Thing("class", cls))
    diagram = stand.machine_view.diagram
    overview = diagram.overview
    last = diagram._nodes["state state_059"].rect.center()
    before = diagram.viewport().rect().contains(diagram.node_rect("state state_059"))
    in_the_corner = diagram.viewport().rect().contains(overview.geometry())

    qtbot.mouseClick(overview, Qt.MouseButton.LeftButton, pos=overview.place_of(last).toPoint())

    assert overview.isVisible()
    assert in_the_corner
    assert not before
    assert diagram.viewport().rect().intersects(diagram.node_rect("state state_059"))


def test_a_diagram_that_fits_needs_no_overview(stand: MachineStand) -> None:
    diagram = stand.machine_view.diagram
    fitting = diagram.overview.isVisible()

    for _ in range(8):
        diagram.zoom_by(1.25)
    zoomed = diagram.overview.isVisible()
    diagram.fit()

    assert (fitting, zoomed, diagram.overview.isVisible()) == (False, True, False)


def test_a_small_view_has_no_overview_in_its_way(make_stand: MakeStand) -> None:
    session, cls = a_large_machine(60, 90)
    stand = make_stand(session, width=300, height=200)

    stand.select(Thing("class", cls))

    assert not stand.machine_view.diagram.overview.isVisible()


def test_the_overview_of_a_narrow_view_leaves_most_of_it_free(make_stand: MakeStand) -> None:
    session, cls = a_large_machine(60, 90)
    stand = make_stand(session, width=300, height=500)

    stand.select(Thing("class", cls))

    view, overview = stand.machine_view.diagram.viewport(), stand.machine_view.diagram.overview
    assert overview.isVisible()
    assert view.rect().contains(overview.geometry())
    assert overview.width() <= max(40, 0.3 * view.width() + 1)
    assert overview.height() <= max(40, 0.3 * view.height() + 1)


def test_a_narrow_view_shows_the_whole_width_while_it_can_be_read(make_stand: MakeStand) -> None:
    session, cls = a_large_machine(60, 90)
    stand = make_stand(session, width=900, height=300)
    stand.select(Thing("class", cls))
    diagram = stand.machine_view.diagram
    drawing = diagram.sceneRect().width()
    around = stand.widget.width() - diagram.viewport().width()

    stand.widget.resize(round(drawing * 0.75) + around, 300)
    fitting = diagram.zoom
    stand.widget.resize(round(drawing * 0.5) + around, 300)

    assert fitting == pytest.approx(0.75, abs=0.03)
    assert diagram.zoom == pytest.approx(0.8)


def test_a_panel_that_still_reads_is_not_settled(make_stand: MakeStand, doors: Doors) -> None:
    stand = make_stand(doors.session)

    stand.selection.select(Thing("essence", doors.doors[0]))
    at_once = stand.panel.is_settled()
    stand.wait_drawn()

    assert not at_once
    assert stand.panel.is_settled()


def test_a_tonic_that_changes_fifty_thousand_times_a_second_is_shown(stand: MachineStand, doors: Doors) -> None:
    door, write = doors.doors[1], doors.write
    opened, closed = (write.sparkle(doors.cls, it) for it in ("ttsc__open", "ttsc__close"))
    for number in range(50_000):
        old, new, sparkle = (CLOSED, OPEN, opened) if number % 2 == 0 else (OPEN, CLOSED, closed)
        write.wait(20_000)
        run = 1_000 + number
        write.add(ev.StateChanged(write.t_ns, door, old, new, run))
        write.add(ev.Ran(write.t_ns, write.t_ns, run, run, 0, door, sparkle, old, new, 0))
    stand.select(Thing("essence", door))

    stand.feed(write.take())

    view = stand.machine_view
    assert view.machine.arrows[OPENING].count == 25_002
    assert view.heading.whole == "door 1 (Door) · is in closed · about 50.0\u202fk changes a second"


def test_source_that_cannot_be_read_is_said_and_what_was_seen_is_drawn(make_stand: MakeStand, tmp_path: Path) -> None:
    doors = Doors(tmp_path, with_source=False)
    stand = make_stand(doors.session)

    stand.select(Thing("essence", doors.doors[0]))

    view = stand.machine_view
    assert view.problem.isVisible()
    assert view.problem.whole == f"{tmp_path / 'door.py'} cannot be read: No such file or directory."
    assert set(view.machine.arrows) == {
        arrow_id("begin", "state closed"),
        OPENING,
        arrow_id("state open", "state closed"),
    }


def test_of_a_recorded_run_the_source_that_ran_is_read(make_stand: MakeStand, tmp_path: Path) -> None:
    doors = Doors(tmp_path, with_source=False)
    doors.session.apply([SourceText(str(tmp_path / "door.py"), DOOR_SOURCE)])
    stand = make_stand(doors.session)

    stand.select(Thing("essence", doors.doors[0]))

    assert stand.machine_view.machine.arrows[LOCKING].how == "source"
    assert not stand.machine_view.problem.isVisible()


def test_without_graphviz_there_is_a_plain_layout(make_stand: MakeStand, doors: Doors) -> None:
    stand = make_stand(doors.session, side_command=WITHOUT_GRAPHVIZ)

    stand.select(Thing("essence", doors.doors[0]))

    view = stand.machine_view
    assert view.arranger.placed is not None
    assert view.arranger.placed.how == "a plain layout, without Graphviz"
    assert view.problem.whole.startswith("Graphviz could not be used. ModuleNotFoundError")
    assert LOCKING in view.machine.arrows


@pytest.mark.parametrize("program", [DYING, ("/there/is/no/such/program",)])
def test_a_side_process_that_dies_leaves_a_plain_layout(
    make_stand: MakeStand, doors: Doors, program: tuple[str, ...]
) -> None:
    stand = make_stand(doors.session, side_command=program)

    stand.select(Thing("essence", doors.doors[0]))

    view = stand.machine_view
    assert view.arranger.placed is not None
    assert view.arranger.placed.how == "a plain layout, without Graphviz"
    assert "The source could not be looked through." in view.problem.whole


def test_who_does_not_want_to_wait_gets_a_plain_layout(make_stand: MakeStand, doors: Doors, qtbot: QtBot) -> None:
    stand = make_stand(doors.session, side_command=HANGING)
    view = stand.machine_view
    view.sources._take(_source_key(view, doors), {"exits": [], "problems": [], "files": []})
    stand.selection.select(Thing("essence", doors.doors[0]))
    stand.wait_for(view.plain_button.isVisible)
    hanging = view.aside.process_id

    qtbot.mouseClick(view.plain_button, Qt.MouseButton.LeftButton)

    assert view.is_drawn
    assert "Graphviz was not waited for." in view.problem.whole
    with pytest.raises(ProcessLookupError):
        os.kill(hanging, 0)


def _source_key(view: StateMachineView, doors: Doors) -> object:
    names = view.pin.known().names
    return names.classes[doors.cls], names.handlers(doors.cls), tuple(names.states(doors.cls))


def test_a_state_defined_late_is_arranged_for(stand: MachineStand, doors: Doors) -> None:
    stand.feed([ev.StateDefined(doors.cls, 3, ev.Name("torn"))])
    stand.wait_drawn()

    assert "state torn" in stand.machine_view.diagram._nodes
