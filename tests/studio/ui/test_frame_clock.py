"""One heartbeat: it beats when something has come, and stands still when nothing does."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.inbox import PORTION_BYTES, BlockArrived, Inbox, Notice, TargetBegan, TargetStatus
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui import frame_clock
from tasktonic_studio.ui.frame_clock import SETTLE_BEATS, FrameClock


class Watched:
    """A clock on a real inbox and session, and what it told."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.session = Session()
        self.clock = FrameClock(self.inbox.take_all, self.session.apply)
        self.inbox.on_first = self.clock.wake
        self.told: list[Changes] = []
        self.clock.watch(self.told.append)


@pytest.fixture
def watched(qtbot: QtBot) -> Watched:
    return Watched()


def test_a_tick_hands_out_what_arrived(watched: Watched) -> None:
    watched.inbox.put(Notice("hello"))

    changes = watched.clock.tick()

    assert changes.log
    assert watched.told == [changes]
    assert watched.session.live.log[0].text == "hello"


def test_a_tick_without_arrivals_tells_nobody(watched: Watched) -> None:
    watched.clock.tick()

    assert watched.told == []


def test_an_idle_clock_has_nothing_scheduled(watched: Watched) -> None:
    watched.clock.tick()

    assert watched.clock.is_idle


def test_an_arrival_in_another_thread_makes_a_frame(watched: Watched, qtbot: QtBot) -> None:
    thread = threading.Thread(target=watched.inbox.put, args=(Notice("from afar"),))

    thread.start()

    qtbot.waitUntil(lambda: bool(watched.told))
    thread.join()
    assert watched.session.live.log[0].text == "from afar"


def test_a_frame_that_has_taken_something_says_so(watched: Watched) -> None:
    said: list[int] = []
    watched.clock.has_taken.connect(lambda: said.append(len(watched.session.live.log)))
    watched.clock.tick()
    assert said == []

    watched.inbox.put(Notice("hello"))
    watched.clock.tick()
    watched.clock.tick()

    assert said == [1]


def test_many_arrivals_make_one_frame(watched: Watched, qtbot: QtBot) -> None:
    for number in range(100):
        watched.inbox.put(Notice(str(number)))

    qtbot.waitUntil(lambda: bool(watched.told))

    assert len(watched.told) == 1
    assert len(watched.session.live.log) == 100


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each notice is a portion, takes a whole frame, and is handed on in it."""
    monkeypatch.setattr(frame_clock, "PORTION_BYTES", 1)
    monkeypatch.setattr(frame_clock, "BUSY_MS", 0)
    monkeypatch.setattr(frame_clock, "GATHER_MS", 0)


def test_while_it_is_behind_changes_are_gathered_and_all_are_told(
    slow: None, monkeypatch: pytest.MonkeyPatch, watched: Watched
) -> None:
    monkeypatch.setattr(frame_clock, "GATHER_MS", 1_000_000)
    watched.inbox.put(Notice("the first"))
    assert watched.clock.tick(), "alone it is told at once"
    for number in range(4):
        watched.inbox.put(Notice(str(number)))

    for taken in range(1, 4):
        assert not watched.clock.tick(), "the panels are let alone while more is to come at once"
        assert len(watched.session.live.log) == 1 + taken
        assert not watched.clock.has_told_all
    told = watched.clock.tick()

    assert told.log
    assert watched.told[-1] is told
    assert watched.clock.has_told_all
    assert len(watched.told) == 2


def test_what_was_gathered_for_long_is_told_in_a_frame_of_its_own(slow: None, watched: Watched) -> None:
    for number in range(3):
        watched.inbox.put(Notice(str(number)))

    assert not watched.clock.tick()
    told = watched.clock.tick()

    assert told.log
    assert len(watched.session.live.log) == 1, "nothing was taken in the frame that shows what came"
    assert watched.clock.catch_up().log
    assert len(watched.session.live.log) == 3


def test_another_target_is_told_before_more_is_taken(
    slow: None, monkeypatch: pytest.MonkeyPatch, watched: Watched
) -> None:
    monkeypatch.setattr(frame_clock, "GATHER_MS", 1_000_000)
    watched.inbox.put(Notice("before"))
    watched.clock.tick()
    for item in (Notice("last words"), TargetBegan("file"), Notice("first words")):
        watched.inbox.put(item)

    assert not watched.clock.tick()
    assert not watched.clock.tick()
    told = watched.clock.tick()

    assert told.everything
    assert told.target
    assert len(watched.session.live.log) == 0
    assert watched.clock.catch_up().log
    assert len(watched.session.live.log) == 1


def test_after_another_target_nothing_more_is_taken_in_that_turn_however_much_time_there_is(
    monkeypatch: pytest.MonkeyPatch, watched: Watched
) -> None:
    monkeypatch.setattr(frame_clock, "PORTION_BYTES", 1)
    monkeypatch.setattr(frame_clock, "BUSY_MS", 1_000_000)
    watched.clock = FrameClock(watched.inbox.take_all, watched.session.apply)
    for item in (TargetBegan("file"), Notice("first words"), Notice("more")):
        watched.inbox.put(item)

    taken = []
    for _ in range(3):
        watched.clock.tick()
        taken.append((watched.session.live.target.how, len(watched.session.live.log)))

    assert taken == [("file", 0), ("file", 0), ("file", 2)]


def test_in_haste_what_comes_is_taken_at_once_but_not_told_with_every_frame(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(frame_clock, "HASTE_MS", 1_000_000)
    hastes, inbox, session = [True], Inbox(), Session()
    told: list[Changes] = []
    clock = FrameClock(inbox.take_all, session.apply, is_in_haste=lambda: hastes[0])
    clock.watch(told.append)
    inbox.put(Notice("the first"))
    assert not clock.tick(), "nothing is told in a frame that takes"
    assert clock.tick().log, "nothing was told for very long"
    inbox.put(Notice("more"))

    assert not clock.tick()
    assert not clock.tick()
    assert len(session.live.log) == 2
    assert not clock.is_idle, "it comes back to tell"
    hastes[0] = False
    qtbot.waitUntil(lambda: len(told) == 2)

    assert told[1].log
    clock.stop()


def test_in_haste_no_time_passes_between_what_was_taken_and_what_comes_next(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    for pause in ("FRAME_MS", "HASTE_MS"):
        monkeypatch.setattr(frame_clock, pause, 1_000_000)
    inbox, session = Inbox(), Session()
    looks: list[int] = []

    def take_all() -> Sequence[Any]:
        taken = inbox.take_all()
        looks.append(len(taken))
        return taken

    clock = FrameClock(take_all, session.apply, is_in_haste=lambda: True)
    inbox.put(Notice("the first"))
    clock.tick()
    clock.tick()

    inbox.put(Notice("it waited for room"))
    clock.tick()
    qtbot.waitUntil(lambda: looks == [1, 1, 0])

    turns: list[int] = []
    for turn in range(5):
        QTimer.singleShot(0, partial(turns.append, turn))
        qtbot.waitUntil(lambda turn=turn: turn in turns)  # type: ignore[misc]
    assert looks == [1, 1, 0], "nothing was there: it rests, though it has something to tell"

    inbox.on_first = clock.wake
    inbox.put(Notice("it comes while the clock rests"))
    qtbot.waitUntil(lambda: len(session.live.log) == 3)
    clock.stop()


def test_in_haste_a_turn_is_shorter(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(frame_clock, "HASTE_BUSY_MS", 0)
    hastes, taken = [True], list[int]()

    def apply(items: Sequence[Any]) -> Changes:
        taken.append(len(items))
        return Changes()

    inbox = Inbox()
    clock = FrameClock(inbox.take_all, apply, is_in_haste=lambda: hastes[0])
    for _ in range(4):
        inbox.put(BlockArrived(bytes(PORTION_BYTES)))

    clock.tick()
    assert len(taken) == 1, "there was no time for another one"
    monkeypatch.setattr(frame_clock, "BUSY_MS", 1_000_000)
    hastes[0] = False
    clock.tick()
    assert len(taken) == 4
    clock.stop()


def test_in_haste_portions_suit_the_shorter_turn(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(frame_clock, "HASTE_BUSY_MS", 0)
    monkeypatch.setattr(frame_clock, "BUSY_MS", 1_000_000)
    inbox, taken = Inbox(), list[int]()

    def apply(items: Sequence[Any]) -> Changes:
        taken.append(len(items))
        return Changes()

    clock = FrameClock(inbox.take_all, apply, is_in_haste=lambda: True)
    for _ in range(8):
        inbox.put(BlockArrived(bytes(PORTION_BYTES // 4)))

    while sum(taken) < 8:
        clock.tick()
    clock.stop()

    assert taken == [4, 2, 1, 1]


def test_what_a_turn_has_no_time_for_is_not_opened_in_it(slow: None, qtbot: QtBot) -> None:
    inbox, session, opened = Inbox(), Session(), list[str]()

    def noted(item: Any) -> Sequence[Any]:
        opened.append(item.text)
        return (item,)

    clock = FrameClock(inbox.take_all, session.apply, noted)
    for text in ("a", "b", "c"):
        inbox.put(Notice(text))

    clock.tick()
    assert opened == ["a"]
    clock.catch_up()
    assert opened == ["a", "b", "c"]
    clock.stop()


def test_while_those_who_were_told_have_their_turns_nothing_is_taken(watched: Watched, qtbot: QtBot) -> None:
    showing = [True]
    clock = FrameClock(watched.inbox.take_all, watched.session.apply, is_showing=lambda: showing[0])
    watched.inbox.on_first = clock.wake
    watched.inbox.put(Notice("one"))
    turns: list[int] = []
    for turn in range(5):
        QTimer.singleShot(frame_clock.FRAME_MS, watched.clock, partial(turns.append, turn))
        qtbot.waitUntil(lambda turn=turn: turn in turns)  # type: ignore[misc]
    assert len(watched.session.live.log) == 0

    showing[0] = False
    qtbot.waitUntil(lambda: len(watched.session.live.log) == 1)

    showing[0] = True
    watched.inbox.put(Notice("two"))
    assert clock.catch_up().log, "a picture waits for nobody"
    clock.stop()


def test_in_haste_how_it_stands_with_the_target_is_told_in_the_next_frame(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(frame_clock, "HASTE_MS", 1_000_000)
    inbox, session = Inbox(), Session()
    clock = FrameClock(inbox.take_all, session.apply, is_in_haste=lambda: session.is_long_run_coming)
    inbox.put(TargetBegan("file", events=10_000_000))
    assert not clock.tick()
    assert clock.tick().everything
    inbox.put(Notice("on the way"))
    assert not clock.tick()

    inbox.put(TargetStatus("ended"))
    assert not clock.tick(), "nothing is told in a frame that takes"
    told = clock.tick()

    assert (told.ended, told.log) == (True, True)
    clock.stop()


def test_a_clock_that_catches_up_tells_all_of_it(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(frame_clock, "HASTE_MS", 1_000_000)
    inbox = Inbox()
    clock = FrameClock(inbox.take_all, Session().apply, is_in_haste=lambda: True)
    inbox.put(Notice("one"))

    assert clock.catch_up().log
    clock.stop()


def test_what_a_frame_has_no_time_for_is_taken_in_the_next_ones(slow: None, watched: Watched, qtbot: QtBot) -> None:
    between: list[int] = []
    for number in range(3):
        watched.inbox.put(Notice(str(number)))

    watched.clock.tick()
    QTimer.singleShot(0, lambda: between.append(len(watched.session.live.log)))
    qtbot.waitUntil(lambda: len(watched.session.live.log) == 3)

    assert len(watched.told) == 3
    assert between
    assert between[0] < 3, "the window answers between the frames"


def test_portions_get_smaller_while_they_take_too_long(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(frame_clock, "BUSY_MS", 0)
    inbox = Inbox()
    taken: list[int] = []

    def apply(items: Sequence[Any]) -> Changes:
        taken.append(len(items))
        return Changes()

    clock = FrameClock(inbox.take_all, apply)
    for _ in range(8):
        inbox.put(BlockArrived(bytes(PORTION_BYTES // 4)))

    clock.tick()
    qtbot.waitUntil(lambda: sum(taken) == 8)
    clock.stop()

    assert taken == [4, 2, 1, 1]


def test_a_run_begins_with_small_portions(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr(frame_clock, "BUSY_MS", 1_000_000)
    inbox = Inbox()
    taken: list[int] = []

    def apply(items: Sequence[Any]) -> Changes:
        taken.append(len(items))
        return Changes(everything=True, new_target=isinstance(items[0], TargetBegan))

    clock = FrameClock(inbox.take_all, apply)
    inbox.put(TargetBegan("file"))
    clock.tick()
    for _ in range(100):
        inbox.put(BlockArrived(bytes(PORTION_BYTES // 60)))

    clock.tick()
    clock.stop()

    assert sum(taken) == 101
    assert taken[1] < 10, "the first portion of a run is a small one"
    assert taken[-2] > taken[1], "and they grow while they take little time"


def test_what_arrives_while_the_clock_is_behind_is_taken_after_it(slow: None, watched: Watched, qtbot: QtBot) -> None:
    for number in range(3):
        watched.inbox.put(Notice(str(number)))
    watched.clock.tick()
    watched.inbox.put(Notice("later"))

    qtbot.waitUntil(lambda: len(watched.session.live.log) == 4)

    assert [line.text for line in watched.session.live.log] == ["0", "1", "2", "later"]


def test_the_clock_settles_and_then_stands_still(watched: Watched, qtbot: QtBot) -> None:
    beats: list[int] = []
    watched.clock.settled.connect(lambda: beats.append(1))
    watched.inbox.put(Notice("the last one"))
    watched.clock.tick()
    watched.clock._slow.setInterval(0)

    qtbot.waitUntil(lambda: len(beats) == SETTLE_BEATS)

    qtbot.waitUntil(lambda: watched.clock.is_idle)


def test_a_watcher_that_left_is_not_told(watched: Watched) -> None:
    heard: list[Any] = []
    undo = watched.clock.watch(heard.append)
    undo()
    watched.inbox.put(Notice("x"))

    watched.clock.tick()

    assert heard == []


def test_a_stopped_clock_stays_still(watched: Watched) -> None:
    watched.inbox.put(Notice("x"))
    watched.clock.tick()

    watched.clock.stop()

    assert watched.clock.is_idle


def test_what_comes_after_the_clock_was_stopped_and_destroyed_is_no_fault(watched: Watched, qtbot: QtBot) -> None:
    watched.clock.stop()
    with qtbot.waitSignal(watched.clock.destroyed):
        watched.clock.deleteLater()

    watched.inbox.put(Notice("too late"))

    assert [item.text for item in watched.inbox.take_all() if isinstance(item, Notice)] == ["too late"]


def test_what_is_waited_for_is_shown_at_once(watched: Watched, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_clock, "FRAME_MS", 3_600_000)
    monkeypatch.setattr(frame_clock, "HURRY_MS", 3_600_000)
    watched.inbox.put(Notice("first"))
    watched.clock.tick()
    watched.inbox.put(Notice("with the next frame"))  # an hour from now
    qtbot.waitUntil(lambda: not watched.clock.is_idle and watched.clock._frame.isActive())

    watched.clock.hurry()

    qtbot.waitUntil(lambda: len(watched.session.live.log) == 2)
    watched.inbox.put(Notice("the answer"))
    qtbot.waitUntil(lambda: len(watched.session.live.log) == 3)
