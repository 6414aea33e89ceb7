"""The sequence panel on screen: looked at, clicked, walked by keys, live and in the past."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tests.helpers.builders import SECOND
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.sequence.acting import (
    LEFT,
    KeptWindow,
    click,
    head_point,
    lines,
    names,
    row_point,
    settle,
    view_of,
)
from tests.studio.ui.panels.sequence.conftest import Hall, MakeStand


# ---- without anything ----------------------------------------
def test_an_empty_panel_teaches_and_offers_the_example(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()
    view = settle(stand, qtbot)

    assert view.nothing_yet.isVisible()
    assert "a lifeline for each tonic" in view.nothing_yet.accessibleDescription()
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())
    qtbot.mouseClick(button, LEFT)
    assert stand.ran == ["run.start_example"]


def test_a_running_program_that_called_nothing_is_told(make_stand: MakeStand, qtbot: QtBot) -> None:
    session = Session()
    session.apply([TargetBegan("launched", "a.py", (), 1), TargetStatus("running")])

    view = settle(make_stand(session), qtbot)

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


# ---- chain and window ----------------------------------------
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
