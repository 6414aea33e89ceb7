"""The sequence panel on screen: looked at, clicked, walked by keys, live and in the past."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.panels.sequence.view import SequenceView
from tests.helpers.builders import MS, SECOND, a_session_with_plant, plant_of
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.sequence.conftest import Hall, MakeStand

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


class KeptWindow:
    """Keeps what commands ask of the window."""

    def __init__(self) -> None:
        self.copied = ""
        self.problems: list[str] = []
        self.shown: list[str] = []

    def copy_text(self, text: str) -> None:
        self.copied = text

    def problem(self, sentence: str, details: str = "") -> None:
        self.problems.append(sentence)

    def show_panel(self, panel_id: str) -> None:
        self.shown.append(panel_id)


def view_of(stand: PanelStand) -> SequenceView:
    view: SequenceView = stand.view
    return view


def settle(stand: PanelStand, qtbot: QtBot) -> SequenceView:
    """Until the diagram is that of what was asked for."""
    view = view_of(stand)
    stand.flush()
    qtbot.waitUntil(lambda: view.model.is_done and not view._working.isActive())
    return view


def names(view: SequenceView) -> list[str]:
    diagram = view.model.diagram
    return ["gap" if row.gap else row.name for row in map(diagram.row, range(len(diagram)))]


def lines(view: SequenceView) -> list[str]:
    return [line.words for line in view.model.diagram.lines]


def row_point(view: SequenceView, row: int) -> QPoint:
    """A point on the arrow of a row."""
    picture, found = view.diagram.picture(), view.model.diagram.row(row)
    x = (picture.sizes.x(found.sender) + picture.sizes.x(found.receiver)) / 2 - picture.left
    return QPoint(int(x) + 12, int(picture.places.came[row]) - picture.top + picture.sizes.head)


def head_point(view: SequenceView, lane: int) -> QPoint:
    box = view.diagram.painter.head_box(view.diagram.picture(), lane)
    return QPoint(int(box.left()) + 12, int(box.top()) + 6)


def sign_point(view: SequenceView, lane: int) -> QPoint:
    box = view.diagram.painter.head_box(view.diagram.picture(), lane)
    return view.diagram.painter.sign_box(box).center().toPoint()


def click(stand: PanelStand, qtbot: QtBot, at: QPoint, *, double: bool = False) -> None:
    act = qtbot.mouseDClick if double else qtbot.mouseClick
    act(view_of(stand).diagram.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)


@pytest.fixture
def story(make_stand: MakeStand, hall: Hall, qtbot: QtBot) -> tuple[PanelStand, int, int]:
    """The chain of a call that opens a door, with the numbers of its first two calls."""
    start, opened, _ = hall.story()
    stand = make_stand(hall.tell())
    stand.selection.select(Thing("run", start))
    settle(stand, qtbot)
    return stand, start, opened


# ---- without anything ------------------------------------------------------------------------------------------------


def test_an_empty_panel_teaches_and_offers_the_example(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()
    view = view_of(stand)

    assert view.nothing_yet.isVisible()
    assert "a lifeline for each tonic" in view.nothing_yet.accessibleDescription()
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())
    qtbot.mouseClick(button, LEFT)
    assert stand.ran == ["run.start_example"]


def test_a_running_program_that_called_nothing_is_told(make_stand: MakeStand) -> None:
    session = Session()
    session.apply([TargetBegan("launched", "a.py", (), 1), TargetStatus("running")])

    view = view_of(make_stand(session))

    assert view.nothing_yet.accessibleDescription() == "The program runs, but nothing was called so far."


def test_a_time_without_calls_offers_the_last_ones(make_stand: MakeStand, hall: Hall, qtbot: QtBot) -> None:
    hall.story()
    stand = make_stand(hall.tell())
    stand.run("sequence.show_window")
    stand.selection.look_over((0, 1))
    view = settle(stand, qtbot)
    assert view.nothing_there.isVisible()

    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())
    qtbot.mouseClick(button, LEFT)

    settle(stand, qtbot)
    assert view.diagram.isVisible()
    assert view.bar.heading.whole.startswith("23 calls in 9 rows: the last before")


# ---- chain and window ------------------------------------------------------------------------------------------------


def test_a_selected_run_shows_its_chain(story: tuple[PanelStand, int, int]) -> None:
    view = view_of(story[0])

    assert lines(view) == ["qt", "boss", "front door", "alarm 0", "alarm 1", "alarm 2"]
    assert names(view) == [
        "ttse__on_start",
        "ttsc__open",
        "2 calls",
        "ttsc__ring",
        "ttsc__ask",
        "ttse__on_answer",
        "gap",
        "ttsc__ring",
        "ttsc__report",
    ]
    assert view.diagram.lit.row == 0


def test_a_click_on_an_arrow_selects_its_run_and_leaves_the_diagram(
    story: tuple[PanelStand, int, int], qtbot: QtBot
) -> None:
    stand, start, opened = story

    click(stand, qtbot, row_point(view_of(stand), 1))

    view = settle(stand, qtbot)
    assert stand.selection.thing == Thing("run", opened)
    assert (view.model.anchor, view.diagram.lit.row) == (start, 1)


def test_a_click_on_a_call_that_has_not_run_selects_its_order(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    view = view_of(stand)
    last = len(view.model.diagram) - 1

    click(stand, qtbot, row_point(view, last))

    assert stand.selection.thing == Thing("order", view.model.diagram.order_at(last))


def test_a_double_click_on_an_arrow_opens_its_source(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand, _, opened = story

    click(stand, qtbot, row_point(view_of(stand), 1), double=True)

    assert stand.selection.thing == Thing("run", opened)
    assert stand.ran[-1] == "selection.go_to_source"


def test_a_click_on_a_head_selects_the_tonic(story: tuple[PanelStand, int, int], qtbot: QtBot, hall: Hall) -> None:
    stand, start, _ = story
    view = view_of(stand)

    click(stand, qtbot, head_point(view, 2))

    assert stand.selection.thing == Thing("essence", hall.door)
    assert view.diagram.lit.lane == 2
    assert view.model.anchor == start


def test_a_click_on_a_lifeline_selects_the_tonic(story: tuple[PanelStand, int, int], qtbot: QtBot, hall: Hall) -> None:
    stand = story[0]
    view = view_of(stand)
    x = int(view.diagram.sizes.x(5))

    click(stand, qtbot, QPoint(x, row_point(view, 0).y()))

    assert stand.selection.thing == Thing("essence", hall.alarms[2])


def test_a_click_on_the_outside_selects_nothing_else(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand, start, _ = story

    click(stand, qtbot, head_point(view_of(stand), 0))

    assert stand.selection.thing == Thing("run", start)
    assert view_of(stand).diagram.lit.lane == 0


def test_only_the_chain_of_a_call_can_be_shown(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand, _, _ = story
    view = view_of(stand)
    click(stand, qtbot, row_point(view, 4))

    stand.run("sequence.show_chain_of_this")

    settle(stand, qtbot)
    assert names(view) == ["ttse__on_start", "ttsc__open", "ttsc__ask", "ttse__on_answer"]


def test_what_the_timeline_shows_is_the_window(make_stand: MakeStand, hall: Hall, qtbot: QtBot) -> None:
    begin = hall.t_ns
    hall.call(hall.boss, "ttsc__one")
    hall.wait(SECOND)
    hall.call(hall.boss, "ttsc__two")
    stand = make_stand(hall.tell())
    qtbot.mouseClick(view_of(stand).bar.span, LEFT)

    stand.selection.look_over((begin + SECOND, begin + 2 * SECOND))

    view = settle(stand, qtbot)
    assert names(view) == ["ttsc__two"]
    stand.selection.look_over(None)
    settle(stand, qtbot)
    assert names(view) == ["ttsc__one", "ttsc__two"]


def test_a_command_of_the_window_shows_the_panel(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand, _, opened = story
    window = stand.command_context.window = KeptWindow()
    stand.selection.select(Thing("run", opened))

    stand.run("sequence.show")

    settle(stand, qtbot)
    assert window.shown == ["sequence"]
    assert view_of(stand).model.anchor == opened


# ---- time ------------------------------------------------------------------------------------------------------------


def test_what_comes_later_joins_a_live_chain(make_stand: MakeStand, hall: Hall, qtbot: QtBot) -> None:
    start = hall.call(hall.boss, "ttse__on_start")
    stand = make_stand(hall.tell())
    stand.selection.select(Thing("run", start))
    settle(stand, qtbot)

    hall.call(hall.door, "ttsc__open", start, hall.boss)
    stand.feed(hall.take())

    assert names(settle(stand, qtbot)) == ["ttse__on_start", "ttsc__open"]


def test_the_last_calls_go_on_while_the_end_is_on_screen(make_stand: MakeStand, hall: Hall, qtbot: QtBot) -> None:
    for number in range(60):
        hall.call(hall.alarms[number % 4], f"ttsc__ring_{number % 9}")
    stand = make_stand(hall.tell(), height=300)
    view = settle(stand, qtbot)
    bar = view.diagram.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0

    hall.call(hall.boss, "ttsc__new")
    stand.feed(hall.take())
    settle(stand, qtbot)
    assert names(view)[-1] == "ttsc__new"
    assert bar.value() == bar.maximum()

    bar.setValue(0)
    hall.call(hall.boss, "ttsc__newer")
    stand.feed(hall.take())
    settle(stand, qtbot)
    assert names(view)[-1] == "ttsc__new"
    assert view.bar.problem.text() == (
        "Newer calls are not shown while you read here: scroll to the end to follow them."
    )

    bar.setValue(bar.maximum())
    settle(stand, qtbot)
    assert names(view)[-1] == "ttsc__newer"
    assert not view.bar.problem.isVisible()


def test_a_call_chosen_among_the_last_ones_leaves_them_there(make_stand: MakeStand, hall: Hall, qtbot: QtBot) -> None:
    hall.call(hall.boss, "ttsc__one")
    two = hall.call(hall.boss, "ttsc__two")
    stand = make_stand(hall.tell())
    view = settle(stand, qtbot)

    click(stand, qtbot, row_point(view, 0))
    hall.call(hall.boss, "ttsc__three")
    stand.feed(hall.take())
    stand.selection.look_at(stand.session.live.n)
    settle(stand, qtbot)
    assert names(view)[:2] == ["ttsc__one", "ttsc__two"]
    assert view.diagram.lit.row == 0

    stand.selection.select(Thing("run", two))
    settle(stand, qtbot)
    assert names(view) == ["ttsc__two"]


def test_the_past_shows_what_was_called_by_then(make_stand: MakeStand, hall: Hall, qtbot: QtBot) -> None:
    hall.call(hall.boss, "ttsc__one")
    moment = hall.tell().live.n
    hall.call(hall.boss, "ttsc__two")
    stand = make_stand(hall.tell())

    stand.selection.look_at(moment)
    view = settle(stand, qtbot)
    assert names(view) == ["ttsc__one"]

    hall.call(hall.boss, "ttsc__three")
    stand.feed(hall.take())
    settle(stand, qtbot)
    assert names(view) == ["ttsc__one"]

    stand.selection.look_at(None)
    settle(stand, qtbot)
    assert names(view) == ["ttsc__one", "ttsc__two", "ttsc__three"]


def test_a_pinned_panel_keeps_its_chain(story: tuple[PanelStand, int, int], qtbot: QtBot, hall: Hall) -> None:
    stand, start, _ = story
    view = view_of(stand)
    beside = hall.call(hall.boss, "ttsc__beside")
    stand.feed(hall.take())

    stand.run("sequence.pin")
    stand.selection.select(Thing("run", beside))
    settle(stand, qtbot)
    assert view.model.anchor == start

    stand.run("sequence.pin")
    settle(stand, qtbot)
    assert view.model.anchor == beside


def test_a_pinned_panel_shows_another_chain_only_when_asked(
    story: tuple[PanelStand, int, int], qtbot: QtBot, hall: Hall
) -> None:
    stand, start, _ = story
    view = view_of(stand)
    beside = hall.call(hall.boss, "ttsc__beside")
    stand.feed(hall.take())
    stand.run("sequence.pin")
    stand.selection.select(Thing("run", beside))
    settle(stand, qtbot)
    assert view.model.anchor == start

    stand.run("sequence.show_chain_of_this")
    settle(stand, qtbot)
    stand.selection.select(Thing("run", start))
    settle(stand, qtbot)
    assert names(view) == ["ttsc__beside"]


def test_a_new_target_leaves_nothing_of_the_old_one(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    stand.selection.forget_target()

    stand.apply(TargetBegan("launched", "b.py", (), 1))

    view = settle(stand, qtbot)
    assert len(view.model.diagram) == 0
    assert view.nothing_yet.isVisible()


# ---- folding ---------------------------------------------------------------------------------------------------------


def test_a_press_on_the_corner_of_a_frame_unfolds_it(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    view = view_of(stand)
    (frame,) = view.model.diagram.frames
    corner = view.diagram.painter.tab_box(view.diagram.picture(), frame).center().toPoint()

    click(stand, qtbot, corner + QPoint(0, view.diagram.sizes.head))

    settle(stand, qtbot)
    assert names(view).count("ttsc__ask") == 5
    assert view.model.diagram.frames == ()
    stand.run("sequence.fold_again")
    settle(stand, qtbot)
    assert names(view).count("ttsc__ask") == 1


def test_space_unfolds_the_selected_row(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    view = view_of(stand)
    click(stand, qtbot, row_point(view, 3))

    qtbot.keyClick(view.diagram, Key.Key_Space)

    settle(stand, qtbot)
    assert names(view).count("ttsc__ring") == 8
    assert view.diagram.lit.row == 3


def test_a_command_unfolds_calls_to_itself(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    click(stand, qtbot, row_point(view_of(stand), 2))

    stand.run("sequence.unfold_row")

    assert names(settle(stand, qtbot))[2:4] == ["ttsc__check", "ttsc__lock"]


def test_folding_can_be_switched_off(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    view = view_of(stand)

    stand.run("sequence.fold_repeats")
    assert names(settle(stand, qtbot)).count("ttsc__ask") == 5

    stand.run("sequence.fold_selves")
    assert "2 calls" not in names(settle(stand, qtbot))
    assert not view.model.diagram.frames


def test_too_many_lifelines_stand_in_boxes_that_unfold(make_stand: MakeStand, qtbot: QtBot) -> None:
    hall = Hall(alarms=30)
    start = hall.call(hall.boss, "ttse__on_start")
    for alarm in hall.alarms:
        hall.call(alarm, "ttsc__ring", start, hall.boss)
    stand = make_stand(hall.tell(), width=1_200)
    stand.selection.select(Thing("run", start))
    view = settle(stand, qtbot)
    assert len(lines(view)) == 12
    lane = lines(view).index("boss +20")
    assert "with 20 others of below it" in view.diagram.tip_at(head_point(view, lane))

    click(stand, qtbot, sign_point(view, lane))

    settle(stand, qtbot)
    assert len(lines(view)) == 32
    stand.selection.select(Thing("essence", hall.boss))
    stand.run("sequence.fold_lifeline")
    settle(stand, qtbot)
    assert lines(view) == ["outside", "boss +30"]
    stand.run("sequence.fold_again")
    settle(stand, qtbot)
    assert len(lines(view)) == 12


def test_there_can_be_more_lifelines_and_fewer(make_stand: MakeStand, qtbot: QtBot) -> None:
    hall = Hall(alarms=60)
    for alarm in hall.alarms:
        hall.call(alarm, "ttsc__ring")
    stand = make_stand(hall.tell())
    counts = [len(lines(settle(stand, qtbot)))]
    for command in ("more", "more", "more", "fewer", "fewer", "fewer", "fewer"):
        stand.run(f"sequence.{command}_lifelines")
        counts.append(len(lines(settle(stand, qtbot))))

    assert counts == [12, 24, 48, 48, 24, 12, 6, 6]


def test_a_lifeline_can_be_added(story: tuple[PanelStand, int, int], qtbot: QtBot, hall: Hall) -> None:
    stand = story[0]
    view = view_of(stand)
    assert "alarm 3" not in lines(view)
    hall.call(hall.alarms[3], "ttsc__beside")
    hall.call(hall.alarms[0], "ttsc__ring", story[2], hall.door)
    stand.feed(hall.take())
    settle(stand, qtbot)

    stand.selection.select(Thing("essence", hall.alarms[3]))
    stand.run("sequence.add_lifeline")
    assert "alarm 3" in lines(settle(stand, qtbot))

    stand.run("sequence.remove_lifeline")
    assert "alarm 3" not in lines(settle(stand, qtbot))


# ---- keys ------------------------------------------------------------------------------------------------------------


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


# ---- hover, tips -----------------------------------------------------------------------------------------------------


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


# ---- filter, table, scale --------------------------------------------------------------------------------------------


def test_the_filter_leaves_only_what_fits(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    view = view_of(stand)

    qtbot.keyClicks(view.bar.search, "error:")
    qtbot.keyClick(view.bar.search, Key.Key_Return)

    settle(stand, qtbot)
    assert names(view) == ["ttsc__ring"]
    assert "1 of 23 calls" in view.bar.heading.whole


def test_a_filter_that_finds_nothing_can_be_cleared(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    view = view_of(stand)
    view.bar.search.setText("nobody")
    view.apply_filter()
    settle(stand, qtbot)
    assert view.nothing_found.accessibleDescription() == "None of 23 calls passes the filter."

    qtbot.mouseClick(next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible()), LEFT)

    settle(stand, qtbot)
    assert view.bar.search.text() == ""
    assert view.diagram.isVisible()


def test_a_filter_word_that_is_none_is_said(story: tuple[PanelStand, int, int]) -> None:
    view = view_of(story[0])

    view.bar.search.setText("fro:boss")
    view.apply_filter()

    assert view.bar.problem.text().startswith("There is no filter 'fro:'. Did you mean 'from:'?")


def test_the_table_has_the_rows_of_the_diagram(
    story: tuple[PanelStand, int, int], qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    stand, _, opened = story
    view = view_of(stand)

    qtbot.mouseClick(view.bar.table, LEFT)

    assert view.table.isVisible()
    model = view.table.calls
    qtmodeltester.check(model)
    read = [[model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.count)]
    assert [cell.replace("\u202f", " ") for cell in read[1]] == [
        "0.002 s", "boss", "front door", "ttsc__open", "1", "open", "1.00 ms", "",
    ]  # fmt: skip
    assert [row[3] for row in read][6] == "15 calls lost here"
    assert read[7][7] == "raised"
    assert view.table.selected_rows() == [0]

    view.table.selectRow(1)
    assert stand.selection.thing == Thing("run", opened)
    view.table.copy_rows()
    assert QApplication.clipboard().text().startswith("0.002 s\tboss\tfront door\tttsc__open\t1\topen")

    qtbot.mouseClick(view.bar.table, LEFT)
    assert view.diagram.isVisible()


def test_to_scale_waiting_can_be_seen_and_zoomed(story: tuple[PanelStand, int, int], qtbot: QtBot) -> None:
    stand = story[0]
    view = view_of(stand)

    qtbot.mouseClick(view.bar.scale, LEFT)

    settle(stand, qtbot)
    assert view.bar.scale.isChecked()
    assert len(view.model.diagram) == 24
    places = view.diagram.places
    assert places.came[1] > places.sent[1]
    before = places.ns_per_px
    qtbot.keyClick(view.diagram, Key.Key_Plus)
    assert view.diagram.places.ns_per_px == pytest.approx(before / 1.25)
    at = QPointF(view.diagram.viewport().rect().center())
    wheel = QWheelEvent(
        at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.diagram.viewport(), wheel)
    assert view.diagram.places.ns_per_px == pytest.approx(before / 1.25**2)
    stand.run("sequence.fit")
    assert view.diagram.places.ns_per_px == before
    qtbot.mouseClick(view.bar.scale, LEFT)
    assert len(settle(stand, qtbot).model.diagram) == 9


def test_what_is_too_dense_to_be_drawn_is_said(
    make_stand: MakeStand, hall: Hall, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = hall.call(hall.boss, "ttse__on_start")
    for _ in range(1_000):
        hall.call(hall.door, "ttsc__open", start, hall.boss)
    stand = make_stand(hall.tell())
    stand.selection.select(Thing("run", start))
    settle(stand, qtbot)
    stand.run("sequence.to_scale")
    view = settle(stand, qtbot)
    stand.widget.grab()
    assert 0 < view.diagram.painter.drawn < view.diagram.painter.on_screen == 1_001

    save(stand, monkeypatch, "svg", tmp_path / "made.svg")
    drawn = view.diagram.painter.drawn
    assert f"{drawn} of 1\u202f001 calls here are drawn: zoom in to see all" in (tmp_path / "made.svg").read_text()


# ---- export ----------------------------------------------------------------------------------------------------------


def save(stand: PanelStand, monkeypatch: pytest.MonkeyPatch, kind: str, file: Path) -> KeptWindow:
    window = stand.command_context.window = KeptWindow()
    monkeypatch.setattr(ask, "file_to_save", lambda *_: str(file))
    stand.run(f"sequence.save_{kind}")
    return window


def test_the_diagram_is_saved_as_a_picture(
    story: tuple[PanelStand, int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(story[0], monkeypatch, "png", tmp_path / "made.png")
    save(story[0], monkeypatch, "svg", tmp_path / "made.svg")

    assert QImage(str(tmp_path / "made.png")).height() == 2 * view_of(story[0]).picture()[0].height()
    assert "ttsc__open" in (tmp_path / "made.svg").read_text()


def test_the_diagram_is_saved_as_text(
    story: tuple[PanelStand, int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(story[0], monkeypatch, "mermaid", tmp_path / "made")
    save(story[0], monkeypatch, "text", tmp_path / "made.txt")

    assert (tmp_path / "made.mmd").read_text(encoding="utf-8").startswith("sequenceDiagram\n    %% Chain of boss")
    assert "ttsc__ring ×7" in (tmp_path / "made.txt").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_written_is_told(
    story: tuple[PanelStand, int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind, name in (("text", "made.txt"), ("png", "made.png"), ("svg", "made.svg")):
        file = tmp_path / "no" / name

        assert save(story[0], monkeypatch, kind, file).problems[0].startswith(f"{file} cannot be written")


def test_the_diagram_is_copied(story: tuple[PanelStand, int, int]) -> None:
    stand = story[0]
    window = stand.command_context.window = KeptWindow()

    stand.run("sequence.copy_mermaid")
    assert window.copied.startswith("sequenceDiagram")
    stand.run("sequence.copy_text")
    assert window.copied.startswith("Chain of boss · ttse__on_start")


def test_nothing_cannot_be_saved(make_stand: MakeStand) -> None:
    stand = make_stand()

    for command in stand.panel.commands():
        if command.id.startswith(("sequence.save", "sequence.copy")):
            assert command.enabled_when is not None
            assert not command.enabled_when(stand.command_context)


# ---- bad days --------------------------------------------------------------------------------------------------------


def test_every_command_is_harmless_without_a_session(make_stand: MakeStand, monkeypatch: pytest.MonkeyPatch) -> None:
    stand = make_stand()
    stand.command_context.window = KeptWindow()
    monkeypatch.setattr(ask, "file_to_save", lambda *_: "")

    for command in stand.panel.commands():
        stand.run(command.id)

    assert len(view_of(stand).model.diagram) == 0


def test_long_names_and_all_fates_are_painted_in_every_theme(
    make_stand: MakeStand, hall: Hall, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[Any] = []
    monkeypatch.setattr("sys.excepthook", lambda *fault: faults.append(fault))
    long = hall.born("Long" * 80, "name " * 60, hall.hall)
    start, opened, _ = hall.story()
    hall.call(long, "ttsc__" + "x" * 300, opened, hall.door, flags=ev.IGNORED)
    dropped = hall.order(long, "ttsc__never", hall.door, opened)
    hall.add(ev.Dropped(hall.t_ns, long, 0, dropped, ev.Name("finishing")))
    stand = make_stand(hall.tell(), width=300)
    stand.selection.select(Thing("run", start))
    settle(stand, qtbot)
    for theme in ("light", "contrast", "dark"):
        for scaled in (True, False):
            stand.choose_theme(theme)
            view_of(stand).set_to_scale(scaled)
            settle(stand, qtbot)
            stand.widget.grab()
            assert view_of(stand).diagram.painter.drawn > 0

    assert faults == []


def test_a_hidden_panel_does_nothing(make_stand: MakeStand, hall: Hall, qtbot: QtBot) -> None:
    hall.call(hall.boss, "ttsc__one")
    stand = make_stand(hall.tell())
    view = settle(stand, qtbot)

    stand.hide()
    stand.selection.select(Thing("run", hall.call(hall.boss, "ttsc__two")))
    stand.session.apply_events(stand.session.live.n, hall.take())

    assert names(view) == ["ttsc__one"]
    assert not view._working.isActive()


def test_many_calls_are_searched_in_pieces_with_a_share(
    make_stand: MakeStand, hall: Hall, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasktonic_studio.session.call_chain.PIECE_ROWS", 50)
    monkeypatch.setattr("tasktonic_studio.ui.panels.sequence.view._STEP_SECONDS", 0.0)
    start = hall.call(hall.boss, "ttse__on_start")
    for _ in range(1_000):
        hall.call(hall.door, "ttsc__open", start, hall.boss)
    stand = make_stand()
    stand.session.apply_events(0, hall.take())
    stand.selection.select(Thing("run", start))

    stand.panel.on_changes(Changes(everything=True))

    view = view_of(stand)
    assert view.busy.isVisible()
    settle(stand, qtbot)
    assert view.bar.heading.whole == "Chain of boss · ttse__on_start: 1\u202f001 calls in 2 rows"


def test_what_was_chosen_is_kept(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(a_session_with_plant())
    stand.run("sequence.show_window")
    stand.run("sequence.more_lifelines")
    stand.run("sequence.fold_repeats")
    settle(stand, qtbot)
    state = stand.panel.save_state()

    other = make_stand(a_session_with_plant())
    other.panel.restore_state({"lifelines": 7, "scope": "?", "columns": 3})
    other.panel.restore_state(state)

    view = settle(other, qtbot)
    assert view.model.scope == "window"
    assert view.bar.span.isChecked()
    assert view.model.asked.wishes.most == 24
    assert not view.model.asked.repeats
    assert view.model.asked.selves


def test_a_plant_is_looked_at_from_the_ledger(plant: PanelStand, qtbot: QtBot) -> None:
    view = settle(plant, qtbot)
    pump = plant_of(plant.session).pumps[0]

    plant.selection.select(Thing("essence", pump))

    settle(plant, qtbot)
    assert view.model.diagram.lines[view.diagram.lit.lane].id == pump


def test_find_goes_to_the_filter(plant: PanelStand, qtbot: QtBot) -> None:
    plant.widget.activateWindow()
    plant.panel.find()

    qtbot.waitUntil(view_of(plant).bar.search.hasFocus)
    qtbot.keyClicks(view_of(plant).bar.search, "valve")
    qtbot.keyClick(view_of(plant).bar.search, Key.Key_Down)
    settle(plant, qtbot)
    assert view_of(plant).diagram.hasFocus()
