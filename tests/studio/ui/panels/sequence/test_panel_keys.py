"""The sequence panel by keyboard, and under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tests.helpers.builders import MS
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.sequence.acting import (
    Key,
    head_point,
    row_point,
    settle,
    view_of,
)
from tests.studio.ui.panels.sequence.conftest import Hall, MakeStand


# ---- keys ----------------------------------------
def test_arrow_keys_go_through_calls_causes_and_effects(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    view = view_of(story[0])
    walked = []
    for key in (Key.Key_End, Key.Key_Left, Key.Key_Left, Key.Key_Left, Key.Key_Right, Key.Key_Down, Key.Key_Up):
        qtbot.keyClick(view.diagram, key)
        walked.append(view.diagram.lit.row)

    assert walked == [8, 1, 0, 0, 1, 2, 1]
    assert view.diagram.accessibleDescription() == "boss to front door: ttsc__open, then in state open"


def test_page_and_home_keys_scroll_what_is_selected_into_view(make_stand: MakeStand, hall: Hall, qtbot: QtBot) -> None:
    for number in range(60):
        hall.call(hall.alarms[number % 4], f"ttsc__ring_{number % 9}")
    stand = make_stand(hall.tell(), height=300)
    view = settle(stand, qtbot)

    qtbot.keyClick(view.diagram, Key.Key_Home)
    assert (view.diagram.lit.row, view.diagram.verticalScrollBar().value() < view.diagram.sizes.row) == (0, True)

    qtbot.keyClick(view.diagram, Key.Key_PageDown)
    row = view.diagram.lit.row
    top, height = view.diagram.verticalScrollBar().value(), view.diagram.viewport().height()
    assert row > 0
    assert top <= view.diagram.places.came[row] <= top + height


def test_shift_and_arrows_go_from_lifeline_to_lifeline(
    story: tuple[PanelStand, int, int], qtbot: QtBot, hall: Hall
) -> None:
    stand = story[0]
    view = view_of(stand)
    for _ in range(3):
        qtbot.keyClick(view.diagram, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)

    assert stand.selection.thing == Thing("essence", hall.door)
    qtbot.keyClick(view.diagram, Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert stand.selection.thing == Thing("essence", hall.boss)


def test_enter_opens_the_source(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]

    qtbot.keyClick(view_of(stand).diagram, Key.Key_Return)

    assert stand.ran[-1] == "selection.go_to_source"


def test_keys_of_the_window_are_left_to_it(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    view = view_of(story[0])

    qtbot.keyClick(view.diagram, Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view.diagram, Key.Key_X)

    assert view.diagram.lit.row == 0


def test_the_menu_key_opens_the_menu_at_the_selected_row(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    stand.offer("selection.go_to_source")
    view = view_of(stand)
    view.diagram._choose(2)

    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(view.diagram.viewport(), event)

    menu = next(it for it in view.findChildren(QMenu) if it.isVisible())
    assert "sequence.unfold_row" in [action.objectName() for action in menu.actions()]
    menu.close()


# ---- hover, tips ----------------------------------------
def test_what_is_under_the_pointer_is_lit_everywhere(
    story: tuple[PanelStand, int, int], qtbot: QtBot, hall: Hall
) -> None:
    stand = story[0]
    view = view_of(stand)

    qtbot.mouseMove(view.diagram.viewport(), row_point(view, 3))
    qtbot.waitUntil(lambda: stand.selection.hovered == Thing("essence", hall.alarms[0]))
    assert view.diagram.lit.hovered == 3

    qtbot.mouseMove(view.diagram.viewport(), head_point(view, 1))
    qtbot.waitUntil(lambda: stand.selection.hovered == Thing("essence", hall.boss))
    assert view.diagram.lit.hovered == -1


def test_a_tonic_hovered_elsewhere_has_its_lifeline_lit(story: tuple[PanelStand, int, int], hall: Hall) -> None:
    stand = story[0]

    stand.selection.hover(Thing("essence", hall.door))
    assert view_of(stand).diagram.lit.hovered_lane == 2

    stand.selection.hover(None)
    assert view_of(stand).diagram.lit.hovered_lane == -1


def test_a_tool_tip_says_all_about_a_row(story: tuple[PanelStand, int, int]) -> None:
    view = view_of(story[0])

    tip = view.diagram.tip_at(row_point(view, 1)).replace("\u202f", " ")

    assert tip.splitlines() == [
        "ttsc__open", "from boss", "to front door", "called 0.002 s", "waited 1.00 ms", "took 1.00 ms", "state → open",
    ]  # fmt: skip
    assert view.diagram.tip_at(row_point(view, 7)).endswith("special raised")
    assert "calls 7, the last at" in view.diagram.tip_at(row_point(view, 3))


def test_a_tool_tip_names_the_timer_and_the_arguments(make_stand: MakeStand, hall: Hall, qtbot: QtBot) -> None:
    timer = hall.timer(hall.boss, MS, name="tick")
    order = hall.order(hall.boss, "ttse__on_tick", timer, cause="timer", arguments="count=3")
    hall.run(hall.boss, "ttse__on_tick", order)
    view = settle(make_stand(hall.tell()), qtbot)

    tip = view.diagram.tip_at(row_point(view, 0)).splitlines()

    assert tip[:3] == ["ttse__on_tick", "from timer tick", "to boss"]
    assert "with count=3" in tip
