"""What other threads ask of timers: folded, it comes to exactly what it would come to one by one."""

from __future__ import annotations

import datetime
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttTimerEveryDay, ttTimerPausing, ttTimerRepeat, ttTimerSingleShot, ttTonic, wishes
from tasktonic.events import TimerSet, TimerStopped
from tasktonic.stream import stream
from tasktonic.wishes import Wish, one_after_another
from tests.helpers.apps import WAIT_S, F, Rows, in_thread, reading, run_app
from tests.helpers.movable_clock import SECOND_NS, movable_clock

Ask = Callable[[Any], object]

ASKED: dict[str, Ask] = {
    "start": lambda timer: timer.start(),
    "stop": lambda timer: timer.stop(),
    "restart": lambda timer: timer.restart(),
    "pause": lambda timer: timer.pause(),
    "resume": lambda timer: timer.resume(),
    "change to 20": lambda timer: timer.change_period(20),
    "change to 30": lambda timer: timer.change_period(30),
}
BEFORE: dict[str, list[str]] = {
    "running": [],
    "paused": ["pause"],
    "paused with all of it left": ["restart", "pause"],
    "stopped": ["stop"],
}


class Noting(ttTonic):
    def __init__(self) -> None:
        super().__init__()
        self.noted: list[object] = []

    def ttsc__note(self, what: object) -> None:
        self.noted.append(what)

    def ttsc__look(self, timer: Any) -> None:
        self.noted.append(timer.is_running)

    def ttse__on_timer(self, info: dict[str, Any]) -> None:
        self.noted.append(info["name"])


@contextmanager
def as_another_thread(catalyst: ttCatalyst) -> Iterator[None]:
    """To the catalyst, this thread is a foreign one meanwhile."""
    catalyst.belongs_to_no_thread()
    try:
        yield
    finally:
        catalyst.belongs_to_this_thread()


def settle(catalyst: ttCatalyst) -> None:
    while not catalyst.turn():
        pass


def rows_of(rows: Rows, kind: type[F]) -> list[F]:
    stream.hand_over()
    return rows.of(kind)


def stands(timer: Any) -> tuple[object, ...]:
    return timer.is_running, timer._due_ns_now(), timer._remaining_ns, timer._period_ns


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("kind", [ttTimerRepeat, ttTimerSingleShot, ttTimerPausing])
def test_wishes_folded_come_to_what_they_come_to_one_by_one(kind: Any, before: str) -> None:
    with movable_clock() as clock:
        catalyst = ttCatalyst()
        tonic = Noting()

        began = clock.now
        for count in range(1, 5):
            for names in itertools.product(ASKED, repeat=count):
                clock.now = began
                one_by_one, folded = kind(seconds=10, context=tonic), kind(seconds=10, context=tonic)
                clock.move(3 * SECOND_NS)
                for timer in (one_by_one, folded):
                    for name in BEFORE[before]:
                        ASKED[name](timer)

                for name in names:
                    ASKED[name](one_by_one)
                with as_another_thread(catalyst):
                    for name in names:
                        ASKED[name](folded)
                catalyst.turn()

                assert stands(folded) == stands(one_by_one), names
                one_by_one.finish()
                folded.finish()


def test_what_is_asked_until_the_next_turn_is_told_once() -> None:
    with reading() as rows:
        catalyst = ttCatalyst()
        tonic = Noting()
        timer = ttTimerRepeat(seconds=10, context=tonic)
        set_at_birth = len(rows_of(rows, TimerSet))
        with as_another_thread(catalyst):
            for _ in range(1000):
                timer.stop().restart().pause().resume()

        assert len(catalyst.errands) == 1
        settle(catalyst)
        assert len(rows_of(rows, TimerSet)) == set_at_birth + 1
        assert rows_of(rows, TimerStopped) == []


def test_pause_that_is_taken_back_leaves_no_trace() -> None:
    with reading() as rows:
        catalyst = ttCatalyst()
        timer = ttTimerRepeat(seconds=10, context=Noting())
        due_ns = timer._due_ns_now()
        with as_another_thread(catalyst):
            timer.pause().resume()
        settle(catalyst)

        assert (timer.is_running, timer._due_ns_now()) == (True, due_ns)
        assert rows_of(rows, TimerStopped) == []


def test_timers_come_due_in_the_order_in_which_they_were_asked_last() -> None:
    with movable_clock() as clock:
        catalyst = ttCatalyst()
        tonic = Noting()
        first, second = (ttTimerRepeat(seconds=10, name=name, context=tonic) for name in ("first", "second"))
        with as_another_thread(catalyst):
            first.restart()
            second.restart()
            first.restart()
        settle(catalyst)
        clock.move(10 * SECOND_NS)
        settle(catalyst)

    assert tonic.noted == ["second", "first"]


def test_order_never_overtakes_what_its_caller_asked_before() -> None:
    catalyst = ttCatalyst()
    tonic = Noting()
    timer = ttTimerRepeat(seconds=10, context=tonic).stop()
    settle(catalyst)

    def ask_and_look() -> None:
        with as_another_thread(catalyst):
            for ask in ("restart", "stop", "start"):
                ASKED[ask](timer)
                tonic.ttsc__look(timer)
            tonic.ttsc__note("asked")

    with as_another_thread(catalyst):
        timer.stop()
    catalyst.at_boundary(ask_and_look)  # while the errand for the first wish has been done, and this turn goes on
    tonic.ttsc__note("waited")
    settle(catalyst)

    # All three are done before the first look.
    assert tonic.noted == ["waited", True, True, True, "asked"]


def test_wish_of_a_timer_that_has_finished_meanwhile_is_dropped() -> None:
    catalyst = ttCatalyst()
    timer = ttTimerRepeat(seconds=10, context=Noting())
    with as_another_thread(catalyst):
        timer.restart()
    timer.finish()
    settle(catalyst)

    assert not timer.is_running
    assert len(catalyst.timers) == 0


def test_what_a_signal_handler_asks_in_the_middle_of_another_wish_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    catalyst = ttCatalyst()
    timer = ttTimerRepeat(seconds=10, context=Noting())
    handled: list[None] = []

    def interrupted(first: Wish, then: Wish) -> Wish:
        if not handled:
            handled.append(None)
            timer.stop()  # by the handler, which runs on the thread that folds
        return one_after_another(first, then)

    monkeypatch.setattr(wishes, "one_after_another", interrupted)
    with as_another_thread(catalyst):
        timer.restart().pause().resume()
    settle(catalyst)

    assert handled
    assert not timer.is_running


class Drifting(datetime.tzinfo):
    """A zone that cannot be told any more, from some moment on."""

    is_lost = False

    def utcoffset(self, when: datetime.datetime | None) -> datetime.timedelta:
        if self.is_lost:
            raise LookupError("where are we")
        return datetime.timedelta(0)

    dst = utcoffset

    def tzname(self, when: datetime.datetime | None) -> str:
        return "drifting"


def test_timer_that_cannot_do_what_is_asked_keeps_no_other_from_it(capsys: pytest.CaptureFixture[str]) -> None:
    catalyst = ttCatalyst()
    tonic = Noting()
    zone = Drifting()
    lost, other = ttTimerEveryDay(13, zone=zone, context=tonic), ttTimerRepeat(seconds=10, context=tonic)
    zone.is_lost = True
    with as_another_thread(catalyst):
        lost.restart()
        other.stop()
    settle(catalyst)

    assert not other.is_running
    assert "LookupError: where are we" in capsys.readouterr().err


def test_change_of_the_calendar_is_kept_among_other_wishes() -> None:
    with movable_clock("2026-01-01T12:00") as clock:
        catalyst = ttCatalyst()
        timer = ttTimerEveryDay(13, zone="UTC", context=Noting())
        with as_another_thread(catalyst):
            timer.change_time(14).pause().change_time(15).restart()
        settle(catalyst)

        assert timer.next_time is not None
        assert (timer.next_time.hour, clock.shows()) == (15, "2026-01-01 12:00:00")


MOST_ERRANDS = 16
"""How many may wait at most while two threads ask: one each, and some more where they overtake one another."""


def test_chain_gets_on_while_two_threads_hammer_on_timers() -> None:
    links = calls = 2000
    done = threading.Event()
    asked = [0, 0]
    threads: list[threading.Thread] = []
    backlogs: list[tuple[int, int]] = []
    between: list[int] = []

    class Counting(ttCatalyst):
        errands_run = 0

        def _run_errand(self, errand: Callable[[], None]) -> None:
            self.errands_run += 1
            super()._run_errand(errand)

    class Chain(ttTonic):
        def ttse__on_start(self) -> None:
            timers = [ttTimerRepeat(seconds=3600, sparkle_back=print) for _ in range(3)]

            def hammer(number: int) -> None:
                while not done.is_set():
                    for timer in timers:
                        timer.restart().pause().change_period(hours=number + 1).resume()
                        asked[number] += 4

            threads.extend(in_thread(lambda number=number: hammer(number)) for number in range(2))  # type: ignore[misc]
            self.run_so_far = 0
            self.ttsc__link()

        def ttsc__link(self) -> None:
            catalyst: Any = self.catalyst
            backlogs.append((len(catalyst.errands), len(catalyst.wishes._asked)))
            between.append(catalyst.errands_run - self.run_so_far)
            self.run_so_far = catalyst.errands_run
            piles_up = max(backlogs[-1]) > MOST_ERRANDS
            if piles_up or (len(backlogs) >= links and min(asked) >= calls):
                done.set()
                self.finish()
            else:
                self.ttsc__link()

    try:
        run_app(Chain, make_main=Counting)
    finally:
        done.set()
    for thread in threads:
        thread.join(WAIT_S)

    assert not any(thread.is_alive() for thread in threads)
    assert max(waiting for waiting, _ in backlogs) <= MOST_ERRANDS
    assert max(unfolded for _, unfolded in backlogs) <= len(threads)
    assert max(between) <= MOST_ERRANDS + 3  # timers: each link had its turn after what each of them was asked, once
    assert len(backlogs) >= links
    assert min(asked) >= calls
