"""The state machine panel on screen: looked at, clicked, walked by keys, live and in the past."""

from __future__ import annotations

import os

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.state_machine.machine import arrow_id
from tests.helpers.machines import CLOSED, LOCKED, Doors, Machinery
from tests.studio.ui.panels.state_machine.acting import LOCKING, OPENING, click, lit, texts, visible_buttons
from tests.studio.ui.panels.state_machine.conftest import (
    MachineStand,
    MakeStand,
)


# ---- without anything ----------------------------------------
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


# ---- the diagram ----------------------------------------
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


# ---- keys ----------------------------------------
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


# ---- looks and endings ----------------------------------------
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
    assert not stand.selection._watchers


def test_what_it_shows_is_kept_for_the_next_time(stand: MachineStand, make_stand: MakeStand, doors: Doors) -> None:
    stand.machine_view.set_mode("table")
    other = make_stand(doors.session)

    other.panel.restore_state(stand.panel.save_state())
    other.panel.restore_state({"mode": "dance"})

    assert other.machine_view.mode == "table"
    assert other.machine_view.mode_buttons["table"].isChecked()
