"""The state machine panel on screen: looked at, clicked, walked by keys, live and in the past."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.inbox import SourceText, TargetBegan, TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.panels.state_machine.diagram_view import READABLE_ZOOM
from tasktonic_studio.ui.panels.state_machine.machine import arrow_id
from tasktonic_studio.ui.panels.state_machine.view import StateMachineView
from tests.helpers.machines import CLOSED, DOOR_SOURCE, LOCKED, OPEN, Doors, Machinery, a_large_machine
from tests.studio.ui.panels.state_machine.conftest import (
    DYING,
    HANGING,
    WITHOUT_GRAPHVIZ,
    MachineStand,
    MakeStand,
)

OPENING = arrow_id("state closed", "state open")
LOCKING = arrow_id("state closed", "state locked")


def lit(view: StateMachineView) -> tuple[str, dict[str, int]]:
    """The node where the tonic is, and the arrows of its way."""
    light = view._lights(view.pin.known())
    return light.here, dict(light.trail)


def visible_buttons(stand: MachineStand) -> list[QPushButton]:
    return [it for it in stand.widget.findChildren(QPushButton) if it.isVisible()]


def click(stand: MachineStand, qtbot: QtBot, rect: QRect, *, double: bool = False) -> None:
    viewport = stand.machine_view.diagram.viewport()
    act = qtbot.mouseDClick if double else qtbot.mouseClick
    act(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, rect.center())


def texts(table: QWidget) -> list[list[str]]:
    model = table.model()  # type: ignore[attr-defined]
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


# ---- without anything ------------------------------------------------------------------------------------------------


def test_an_empty_panel_offers_the_example_plant(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()

    qtbot.mouseClick(visible_buttons(stand)[0], Qt.MouseButton.LeftButton)

    assert stand.ran == ["run.start_example"]


def test_with_nothing_selected_the_busiest_machine_is_one_press_away(
    make_stand: MakeStand, doors: Doors, qtbot: QtBot
) -> None:
    stand = make_stand(doors.session)
    (button,) = visible_buttons(stand)
    assert button.text() == "Show the busiest machine"

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    stand.wait_drawn()
    assert stand.selection.thing == Thing("class", doors.cls)
    assert stand.machine_view.heading.whole == "Door · 3 tonics"


def test_a_running_program_without_states_is_told(make_stand: MakeStand) -> None:
    session = Session()
    session.apply([TargetBegan("launched", "a.py", (), 1), TargetStatus("running")])
    stand = make_stand(session)

    assert stand.machine_view.nothing.isVisible()
    assert stand.machine_view.nothing.accessibleName() == "No states yet"
    assert visible_buttons(stand) == []


def test_a_class_without_states_is_taught_about(make_stand: MakeStand, qtbot: QtBot) -> None:
    made = Machinery()
    made.define("Valve", (), [("ttsc__turn", "")])
    valve = made.write.born("Valve", "valve")
    made.write.sparkles(valve, "ttsc__turn")
    made.take()
    stand = make_stand(made.session)
    view = stand.machine_view
    stand.selection.select(Thing("essence", valve))

    assert view.stateless.isVisible()
    assert view.stateless.accessibleName() == "Valve has no states"
    assert "ttsc_open__close" in view.stateless.accessibleDescription()
    qtbot.mouseClick(visible_buttons(stand)[0], Qt.MouseButton.LeftButton)
    assert stand.ran == ["help.learn"]
    qtbot.mouseClick(view.mode_buttons["table"], Qt.MouseButton.LeftButton)
    assert texts(view.matrix) == [["generic 1×"]]


# ---- the diagram -----------------------------------------------------------------------------------------------------


def test_the_state_of_the_selected_tonic_is_lit_with_the_way_it_came(stand: MachineStand) -> None:
    here, trail = lit(stand.machine_view)

    assert here == "state open"
    assert trail == {OPENING: 1, arrow_id("state open", "state closed"): 2, arrow_id("begin", "state closed"): 4}
    assert stand.machine_view.arranger.placed is not None
    assert stand.machine_view.arranger.placed.how == "Graphviz"


def test_a_selected_run_lights_its_tonic(stand: MachineStand, doors: Doors) -> None:
    stand.select(Thing("run", 2))

    assert stand.machine_view.instance is not None
    assert stand.machine_view.instance.id == doors.doors[1]
    assert lit(stand.machine_view)[0] == "state closed"


def test_a_click_on_a_state_selects_it_and_leaves_the_tonic_lit(
    stand: MachineStand, doors: Doors, qtbot: QtBot
) -> None:
    click(stand, qtbot, stand.machine_view.diagram.node_rect("state locked"))

    assert stand.selection.thing == Thing("state", (doors.cls, LOCKED))
    assert lit(stand.machine_view)[0] == "state open"


def test_a_click_on_an_arrow_lists_when_it_was_gone_along(stand: MachineStand, qtbot: QtBot) -> None:
    view = stand.machine_view

    click(stand, qtbot, view.diagram.label_rect(OPENING))

    assert view.passages.isVisible()
    assert view.passages_title.whole == "closed → open: 2 passages"
    assert [row[1:] for row in texts(view.passages)] == [["door 0", "ttsc__open"]] * 2


def test_a_click_on_a_passage_selects_its_run(stand: MachineStand, qtbot: QtBot) -> None:
    view = stand.machine_view
    click(stand, qtbot, view.diagram.label_rect(OPENING))
    qtbot.waitUntil(lambda: view.passages.viewport().height() > 40)
    place = view.passages.visualRect(view.passages_model.index(1, 1)).center()

    qtbot.mouseClick(view.passages.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    assert stand.selection.thing == Thing("run", 4)
    assert view.passages.isVisible()


def test_a_way_that_was_never_gone_says_so(stand: MachineStand, qtbot: QtBot) -> None:
    click(stand, qtbot, stand.machine_view.diagram.label_rect(LOCKING))

    assert stand.machine_view.passages_title.whole == "closed → locked: not gone along yet"


def test_escape_closes_the_passages(stand: MachineStand, qtbot: QtBot) -> None:
    view = stand.machine_view
    click(stand, qtbot, view.diagram.label_rect(OPENING))

    qtbot.keyClick(view.diagram, Qt.Key.Key_Escape)

    assert not view.passages.isVisible()


def test_a_double_click_on_an_arrow_opens_the_line_of_its_to_state(
    stand: MachineStand, doors: Doors, qtbot: QtBot
) -> None:
    click(stand, qtbot, stand.machine_view.diagram.label_rect(LOCKING), double=True)

    assert stand.window.opened == [(doors.session.live.names.classes[doors.cls].file, 15)]


def test_a_double_click_on_a_state_opens_its_handlers(stand: MachineStand, doors: Doors, qtbot: QtBot) -> None:
    click(stand, qtbot, stand.machine_view.diagram.node_rect("state locked"), double=True)

    assert stand.window.opened == [(doors.session.live.names.classes[doors.cls].file, 3)]


def test_the_tool_tip_of_an_arrow_is_a_sentence(stand: MachineStand) -> None:
    assert stand.machine_view.diagram.words(OPENING) == "closed → open: seen 2 times; ttsc__open 2×"
    assert (
        stand.machine_view.diagram.words("state open")
        == "open · 1 tonic · the selected one is here · leads to closed, computed"
    )


def test_the_wheel_zooms_and_fit_shows_all_again(stand: MachineStand) -> None:
    diagram = stand.machine_view.diagram
    before = diagram.zoom
    middle = diagram.viewport().rect().center()
    wheel = QWheelEvent(
        middle, diagram.viewport().mapToGlobal(middle), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(diagram.viewport(), wheel)
    zoomed = diagram.zoom

    stand.run("state_machine.fit")

    assert zoomed > before * 1.2
    assert diagram.zoom == pytest.approx(before)


def test_the_pointer_over_a_state_is_told_to_all_panels(stand: MachineStand, doors: Doors, qtbot: QtBot) -> None:
    diagram = stand.machine_view.diagram

    qtbot.mouseMove(diagram.viewport(), diagram.node_rect("state closed").center())

    assert stand.selection.hovered == Thing("state", (doors.cls, CLOSED))


def test_a_tonic_hovered_elsewhere_lights_its_state(stand: MachineStand, doors: Doors) -> None:
    stand.selection.hover(Thing("essence", doors.doors[1]))

    assert stand.machine_view.diagram._light.hovered == "state closed"


# ---- keys ------------------------------------------------------------------------------------------------------------


def test_arrow_keys_go_from_state_to_state(stand: MachineStand, doors: Doors, qtbot: QtBot) -> None:
    diagram = stand.machine_view.diagram
    diagram.setFocus()

    qtbot.keyClick(diagram, Qt.Key.Key_Down)
    begun = diagram.current
    qtbot.keyClick(diagram, Qt.Key.Key_Up)
    above = diagram.current
    qtbot.keyClick(diagram, Qt.Key.Key_Space)

    assert begun == "state open"
    assert above == "state closed"
    assert diagram.accessibleDescription().startswith("closed · 2 tonics")
    assert stand.selection.thing == Thing("state", (doors.cls, CLOSED))


def test_page_down_goes_through_the_ways_that_leave_a_state(stand: MachineStand, qtbot: QtBot) -> None:
    diagram = stand.machine_view.diagram
    diagram.setFocus()
    qtbot.keyClick(diagram, Qt.Key.Key_Down)

    qtbot.keyClick(diagram, Qt.Key.Key_PageDown)
    first = diagram.current
    qtbot.keyClick(diagram, Qt.Key.Key_Space)

    assert first.startswith("state open > ")
    assert stand.machine_view.passages.isVisible()


def test_enter_opens_the_source(stand: MachineStand, qtbot: QtBot) -> None:
    diagram = stand.machine_view.diagram
    diagram.setFocus()
    qtbot.keyClick(diagram, Qt.Key.Key_Down)

    qtbot.keyClick(diagram, Qt.Key.Key_Return)

    assert len(stand.window.opened) == 1


def test_the_search_is_reached_and_left_by_keys(stand: MachineStand, qtbot: QtBot) -> None:
    view = stand.machine_view
    stand.panel.find()
    qtbot.keyClicks(view.search, "unlock")

    qtbot.keyClick(view.search, Qt.Key.Key_Return)

    assert view.diagram.hasFocus()
    assert LOCKING in view._matches.dim_arrows
    assert arrow_id("state locked", "state closed") not in view._matches.dim_arrows


# ---- live, past, pinned ----------------------------------------------------------------------------------------------


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


# ---- tables ----------------------------------------------------------------------------------------------------------


def test_the_table_has_a_row_per_state_and_a_column_per_sparkle(stand: MachineStand, qtbot: QtBot) -> None:
    view = stand.machine_view

    qtbot.mouseClick(view.mode_buttons["table"], Qt.MouseButton.LeftButton)

    assert view.matrix.isVisible()
    model = view.matrix_model
    across: list[str | None] = [model.headerData(it, Qt.Orientation.Horizontal) for it in range(model.columnCount())]
    down = [model.headerData(it, Qt.Orientation.Vertical) for it in range(model.rowCount())]
    assert down == ["no state", "closed", "locked", "open"]
    assert texts(view.matrix)[1][across.index("ttsc__open")] == "handled 2×"
    assert texts(view.matrix)[3][across.index("ttsc__lock")] == "ignored 1×"
    assert texts(view.matrix)[2][across.index("ttsc__close")] == "–"


def test_a_click_on_a_cell_selects_its_state(stand: MachineStand, doors: Doors, qtbot: QtBot) -> None:
    view = stand.machine_view
    view.set_mode("table")
    place = view.matrix.visualRect(view.matrix_model.index(2, 0)).center()

    qtbot.mouseClick(view.matrix.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    assert stand.selection.thing == Thing("state", (doors.cls, LOCKED))


def test_a_cell_keeps_its_place_while_counts_change(stand: MachineStand, doors: Doors) -> None:
    view = stand.machine_view
    view.set_mode("table")
    view.matrix.setCurrentIndex(view.matrix_model.index(1, 4))
    doors.do(doors.doors[1], "ttsc__open", "open")

    stand.feed(doors.write.take())

    assert view.matrix.currentIndex().row() == 1
    assert view.matrix.currentIndex().data() == "handled 3×"


def test_the_transitions_are_a_table_too(stand: MachineStand, qtbot: QtBot) -> None:
    view = stand.machine_view

    qtbot.mouseClick(view.mode_buttons["ways"], Qt.MouseButton.LeftButton)

    rows = texts(view.ways)
    assert ["closed", "open", "ttsc__open", "2", "seen"] in rows
    assert ["closed", "locked", "ttsc__lock", "", "in source, not seen"] in rows
    assert ["locked", "brokn", "ttsc__break", "", "unknown state"] in rows
    assert len(rows) == len(view.machine.arrows)


def test_a_row_of_the_transitions_lists_its_passages(stand: MachineStand, qtbot: QtBot) -> None:
    view = stand.machine_view
    view.set_mode("ways")
    row = next(number for number, it in enumerate(view.ways_model.rows) if it.key == (OPENING, 0))
    place = view.ways.visualRect(view.ways_model.index(row, 0)).center()

    qtbot.mouseClick(view.ways.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    assert view.passages_title.whole == "closed → open: 2 passages"


def test_a_search_filters_the_tables(stand: MachineStand, qtbot: QtBot) -> None:
    view = stand.machine_view
    view.set_mode("ways")

    qtbot.keyClicks(view.search, "unlock")
    view.apply_filter()

    assert [row[:3] for row in texts(view.ways)] == [["locked", "closed", "ttsc__unlock"]]
    view.set_mode("table")
    assert view.matrix_model.titles == ("ttsc__unlock",)


def test_the_models_keep_the_rules_of_qt(stand: MachineStand, doors: Doors, qtmodeltester: ModelTester) -> None:
    view = stand.machine_view
    view.choose_arrow(OPENING)
    for mode in ("table", "ways"):
        view.set_mode(mode)
    for model in (view.matrix_model, view.ways_model, view.passages_model):
        qtmodeltester.check(model)
        doors.do(doors.doors[1], "ttsc__open", "open")
        doors.do(doors.doors[1], "ttsc__close", "closed")
        stand.feed(doors.write.take())


# ---- saving ----------------------------------------------------------------------------------------------------------


def answer(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(ask, "file_to_save", lambda parent, title, proposal, kinds: str(file))


@pytest.mark.parametrize(
    "kind, suffix, begins",
    [("svg", "svg", "<?xml"), ("mermaid", "mmd", "stateDiagram-v2"), ("csv", "csv", "class,state")],
)
def test_a_machine_is_saved_as_text(
    stand: MachineStand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, suffix: str, begins: str
) -> None:
    answer(monkeypatch, tmp_path / "saved")

    stand.run(f"state_machine.save_{kind}")

    text = (tmp_path / f"saved.{suffix}").read_text()
    assert text.startswith(begins)
    assert "closed" in text


def test_a_machine_is_saved_as_a_picture(stand: MachineStand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer(monkeypatch, tmp_path / "saved.png")

    stand.run("state_machine.save_png")

    picture = QImage(str(tmp_path / "saved.png"))
    assert picture.width() > 400
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}
    assert len(colours) > 5


@pytest.mark.parametrize("kind", ["svg", "png", "mermaid", "csv"])
def test_what_cannot_be_written_is_said(
    stand: MachineStand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / "no such folder" / "saved.out"
    answer(monkeypatch, file)

    stand.run(f"state_machine.save_{kind}")

    (problem,) = stand.window.problems
    assert problem.startswith(f"{file} cannot be written")


def test_nothing_is_written_when_no_file_was_chosen(stand: MachineStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "file_to_save", lambda *arguments: "")

    stand.run("state_machine.save_svg")

    assert stand.window.problems == []


def test_the_diagram_is_copied_as_mermaid(stand: MachineStand) -> None:
    stand.run("state_machine.copy_mermaid")

    assert stand.window.copied[0].startswith("stateDiagram-v2")


def test_commands_can_be_run_with_nothing_to_show(make_stand: MakeStand) -> None:
    stand = make_stand()

    for command in stand.panel.commands():
        if command.enabled_when(stand.command_context) and not command.id.startswith("state_machine.save"):
            stand.run(command.id)

    assert stand.machine_view.nothing.isVisible() or stand.machine_view.unselected.isVisible()


def test_turning_lets_states_follow_each_other_the_other_way(stand: MachineStand) -> None:
    view = stand.machine_view
    before = view.arranger.graph.direction

    stand.run("state_machine.turn")
    stand.wait_drawn()

    assert {before, view.arranger.graph.direction} == {"down", "right"}
    assert view.arranger.placed is not None
    closed, opened = (view.arranger.placed.boxes[f"state {it}"] for it in ("closed", "open"))
    assert abs(opened[0] - closed[0]) > abs(opened[1] - closed[1])


# ---- bad days --------------------------------------------------------------------------------------------------------


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


# ---- looks and endings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["diagram", "table", "ways"])
def test_it_fits_into_a_narrow_dock(make_stand: MakeStand, doors: Doors, mode: str) -> None:
    stand = make_stand(doors.session, width=300, height=400)
    stand.select(Thing("essence", doors.doors[0]))
    stand.machine_view.set_mode(mode)

    assert stand.widget.minimumSizeHint().width() <= 300
    assert stand.machine_view.search.width() >= 60
    assert stand.machine_view.pin.geometry().right() <= 300


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_another_theme_draws_the_same_machine(stand: MachineStand, theme: str) -> None:
    stand.choose_theme(theme)
    stand.wait_drawn()

    picture = stand.machine_view.diagram.grab().toImage()
    assert picture.pixelColor(2, 2) == stand.theme.color("panel")
    assert lit(stand.machine_view)[0] == "state open"


def test_larger_text_makes_larger_states(stand: MachineStand) -> None:
    view = stand.machine_view
    before = {box.id: box for box in view.arranger.graph.boxes}
    stand.theme.set_text_scale(2.0)

    stand.panel.on_theme()
    stand.wait_drawn()

    assert all(box.height >= before[box.id].height for box in view.arranger.graph.boxes)
    closed = next(box for box in view.arranger.graph.boxes if box.id == "state closed")
    assert closed.height > 1.5 * before["state closed"].height


def test_everything_that_takes_the_focus_has_a_name(stand: MachineStand) -> None:
    named = [
        it
        for it in stand.widget.findChildren(QWidget)
        if it.focusPolicy() & Qt.FocusPolicy.TabFocus and not it.objectName().startswith("qt_")
    ]

    assert [it for it in named if not it.accessibleName() and not getattr(it, "text", lambda: "")()] == []


def test_a_hidden_panel_has_no_process(stand: MachineStand) -> None:
    processes = [it.process_id for it in (stand.machine_view.aside, stand.machine_view.reading)]
    assert all(processes)

    stand.hide()

    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_a_panel_that_was_hidden_catches_up(stand: MachineStand, doors: Doors) -> None:
    stand.hide()
    doors.do(doors.doors[0], "ttsc__close", "closed")
    stand.feed(doors.write.take())

    stand.show()
    stand.wait_drawn()

    assert lit(stand.machine_view)[0] == "state closed"


def test_it_closes_leaving_nothing(make_stand: MakeStand, doors: Doors, qtbot: QtBot) -> None:
    stand = make_stand(doors.session)
    stand.select(Thing("essence", doors.doors[0]))

    stand.close()

    assert not shiboken6.isValid(stand.widget)
    assert stand.selection._watchers == {}


def test_what_it_shows_is_kept_for_the_next_time(stand: MachineStand, make_stand: MakeStand, doors: Doors) -> None:
    stand.machine_view.set_mode("table")
    other = make_stand(doors.session)

    other.panel.restore_state(stand.panel.save_state())
    other.panel.restore_state({"mode": "dance"})

    assert other.machine_view.mode == "table"
    assert other.machine_view.mode_buttons["table"].isChecked()
