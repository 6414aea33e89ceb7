"""The sequence panel while the run goes on, at other moments, and as time goes by."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tasktonic_studio.session.inbox import TargetBegan
from tasktonic_studio.session.selection import Thing
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.sequence.acting import (
    click,
    names,
    row_point,
    settle,
    view_of,
)
from tests.studio.ui.panels.sequence.conftest import Hall, MakeStand


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
