"""Lifelines and calls of the sequence panel are folded and unfolded."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.sequence.acting import (
    Key,
    click,
    head_point,
    lines,
    names,
    row_point,
    settle,
    sign_point,
    view_of,
)
from tests.studio.ui.panels.sequence.conftest import Hall, MakeStand


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
