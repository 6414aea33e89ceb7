"""When panels are told what is new: all at once, or each in its turn while a long run is read."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.inbox import Notice, TargetBegan, TargetStatus
from tasktonic_studio.session.session import LONG_RUN
from tasktonic_studio.ui import frame_clock
from tasktonic_studio.ui.actions import Actions
from tests.helpers.window_stand import NotingPanel, WindowStand

from .conftest import MakeStand


@pytest.fixture
def stand(make_stand: MakeStand) -> WindowStand:
    """Its panels on screen."""
    made = make_stand()
    made.window.show()
    made.bench._show_area()
    for panel in on_screen(made):
        panel.changes.clear()
    return made


def on_screen(stand: WindowStand) -> list[Any]:
    return [panel for panel in stand.bench.area.visible_panels if isinstance(panel, NotingPanel)]


def test_panels_are_told_at_once(stand: WindowStand) -> None:
    stand.bench.area.on_changes(Changes(runs=True))

    assert [len(panel.changes) for panel in on_screen(stand)] == [1] * len(on_screen(stand))
    assert len(on_screen(stand)) > 2


def test_each_in_its_turn_is_told_all_that_came_till_then(stand: WindowStand, qtbot: QtBot) -> None:
    area, panels = stand.bench.area, on_screen(stand)

    area.on_changes(Changes(runs=True), at_once=False)
    first = [len(panel.changes) for panel in panels]
    area.on_changes(Changes(log=True), at_once=False)
    second = [len(panel.changes) for panel in panels]
    qtbot.waitUntil(lambda: not area._untold)

    assert sorted(first, reverse=True) == [1, *[0] * (len(panels) - 1)]
    assert sorted(second, reverse=True) == [1, 1, *[0] * (len(panels) - 2)]
    for panel in panels:
        assert [any(each.runs for each in panel.changes), any(each.log for each in panel.changes)] == [True, True]
    assert sum(len(panel.changes) for panel in panels) == len(panels) + 1


def test_no_turn_of_the_loop_gives_rows_to_two_panels(stand: WindowStand) -> None:
    area, panels = stand.bench.area, on_screen(stand)

    area.on_changes(Changes(runs=True), at_once=False)
    told = [sum(bool(panel.changes) for panel in panels)]
    while area.is_telling:
        QApplication.processEvents()
        told.append(sum(bool(panel.changes) for panel in panels))

    assert told[-1] == len(panels)
    assert max(after - before for before, after in pairwise(told)) == 1


def test_what_comes_is_not_taken_in_a_turn_in_which_a_panel_is_told(
    stand: WindowStand, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(frame_clock, "HASTE_MS", 0)
    panels, session = on_screen(stand), stand.session
    stand.inbox.put(TargetBegan("file", "long.ttt", events=LONG_RUN))
    qtbot.waitUntil(lambda: session.is_long_run_coming)

    turns: list[tuple[int, int]] = []
    while sum(taken for taken, _ in turns) < 20:
        stand.inbox.put(Notice("one more"))
        before = len(session.live.log), sum(len(panel.changes) for panel in panels)
        QApplication.processEvents()
        after = len(session.live.log), sum(len(panel.changes) for panel in panels)
        turns.append((after[0] - before[0], after[1] - before[1]))

    assert sum(told for _, told in turns) > len(panels)
    assert max(told for _, told in turns) == 1
    assert not any(taken and told for taken, told in turns)


def test_the_end_of_a_long_run_is_told_to_one_panel_in_a_turn_as_well(stand: WindowStand, qtbot: QtBot) -> None:
    panels = on_screen(stand)
    stand.feed(TargetBegan("file", "long.ttt", events=LONG_RUN))
    qtbot.waitUntil(lambda: not stand.bench.area.is_telling)
    for panel in panels:
        panel.changes.clear()

    stand.feed(TargetStatus("ended", "recorded"))
    told = [bool(panel.changes) for panel in panels]
    qtbot.waitUntil(lambda: all(any(each.target for each in panel.changes) for panel in panels))

    assert sum(told) == 1


def test_what_is_told_at_once_has_what_somebody_still_waited_for(stand: WindowStand) -> None:
    area, panels = stand.bench.area, on_screen(stand)
    area.on_changes(Changes(runs=True), at_once=False)

    area.on_changes(Changes(log=True))

    assert all(panel.changes[-1].log for panel in panels)
    assert all(any(each.runs for each in panel.changes) for panel in panels)


def test_a_panel_that_leaves_the_screen_is_told_no_more(stand: WindowStand, qtbot: QtBot) -> None:
    area, panels = stand.bench.area, on_screen(stand)
    area.on_changes(Changes(runs=True), at_once=False)
    left = panels[-1]

    area.close_panel(left.id)
    qtbot.waitUntil(lambda: not area._untold)

    assert left.changes == []
    assert all(panel.changes for panel in panels[:-1])


def test_while_a_long_run_is_read_the_window_answers_between_panels(
    stand: WindowStand, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(frame_clock, "HASTE_MS", 0)
    panels = on_screen(stand)

    stand.inbox.put(TargetBegan("file", "long.ttt", events=LONG_RUN))
    while not any(panel.changes for panel in panels):
        stand.bench.clock.tick()
    begins = [bool(panel.changes) for panel in panels]
    stand.inbox.put(Notice("the first"))
    while not any(any(each.log for each in panel.changes) for panel in panels):
        stand.bench.clock.tick()
    told = [any(each.log for each in panel.changes) for panel in panels]
    qtbot.waitUntil(lambda: all(any(each.log for each in panel.changes) for panel in panels))

    assert all(begins), "nowhere stands something of the run before"
    assert sum(told) == 1


def test_panels_that_come_on_screen_together_bring_the_commands_up_to_date_afterwards(
    make_stand: MakeStand, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    refreshed: list[int] = []
    usual = Actions.refresh

    def counted(actions: Actions) -> None:
        refreshed.append(len(stands[0].bench.area.visible_panels) if stands else 0)
        usual(actions)

    monkeypatch.setattr(Actions, "refresh", counted)
    stands: list[WindowStand] = []
    stands.append(make_stand())
    stands[0].window.show()
    qtbot.wait(0)
    refreshed.clear()

    stands[0].bench._show_area()

    assert refreshed == [], "not for each of them"
    qtbot.waitUntil(lambda: bool(refreshed))
    assert refreshed[-1] == len(stands[0].bench.area.visible_panels) > 2


def test_a_panel_that_comes_back_before_its_turn_is_told_all(stand: WindowStand) -> None:
    area, left = stand.bench.area, on_screen(stand)[-1]
    area.on_changes(Changes(runs=True), at_once=False)
    assert left.changes == [], "it is not its turn yet"

    area.close_panel(left.id)
    area.show_panel(left.id)

    assert [changes.everything for changes in left.changes] == [True]
