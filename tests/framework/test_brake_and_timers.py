"""Timers of a catalyst that is held: they stand still, and can be made to fire."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import brake, ttTimerEveryDay, ttTimerRepeat
from tasktonic.clock import now_ns
from tasktonic.events import TimerFired
from tasktonic.held import fire_now, next_timer
from tests.framework.braked_apps import Counter, held_app, settled
from tests.helpers.apps import WAIT_S, in_thread, reading, wait_for


def test_stepped_orders_get_on_while_two_threads_hammer_on_a_timer() -> None:
    reached, done = threading.Event(), threading.Event()
    seen: list[int] = []

    class FiveTimes(Counter):
        def ttsc__count(self) -> None:
            super().ttsc__count()
            if self.count == 5:
                reached.set()

    def work(holding: Any) -> None:
        counter = FiveTimes(context=-1, catalyst=holding.side)
        timer = ttTimerRepeat(seconds=3600, context=counter, sparkle_back=print)
        settled(holding.side.id)
        brake.hold(holding.side.id)
        settled(holding.side.id)
        for _ in range(10):
            counter.ttsc__count()

        def hammer() -> None:
            while not done.is_set():
                timer.restart()

        threads = [in_thread(hammer), in_thread(hammer)]
        try:
            brake.step(holding.side.id, 5)
            wait_for(reached)
        finally:
            done.set()
            for thread in threads:
                thread.join(WAIT_S)
            settled(holding.side.id)
            seen.append(counter.count)
            brake.release(holding.side.id)
            counter.finish()

    held_app(work)

    assert seen == [5]


def test_timers_stand_still_while_held() -> None:
    hour_ns = 3_600_000_000_000

    def work(holding: Any) -> None:
        timer = ttTimerRepeat(hours=1, context=holding.counter, sparkle_back=lambda info: None)
        settled(holding.side.id)
        before_ns = timer._due_ns_now()
        brake.hold(holding.side.id)
        settled(holding.side.id)
        assert holding.side.next_due_ns() is None
        holding.side._held_since_ns -= hour_ns  # an hour has passed
        brake.release(holding.side.id)
        settled(holding.side.id)
        moved_ns = timer._due_ns_now() - before_ns
        assert hour_ns <= moved_ns < hour_ns * 1.1
        assert timer._due_ns_now() > now_ns()

    held_app(work)


@pytest.mark.parametrize("order", ["restart", "change_period"])
def test_timer_that_begins_anew_while_held_has_its_whole_duration_when_released(order: str) -> None:
    hour_ns = 3_600_000_000_000

    def work(holding: Any) -> None:
        timer = ttTimerRepeat(hours=1, context=holding.counter, sparkle_back=lambda info: None)
        brake.hold(holding.side.id)
        settled(holding.side.id)
        holding.side._held_since_ns -= hour_ns  # an hour has passed
        getattr(timer, order)(**{"hours": 1} if order == "change_period" else {})
        settled(holding.side.id)
        before_ns = now_ns()
        brake.release(holding.side.id)
        settled(holding.side.id)
        assert hour_ns * 0.9 < timer._due_ns_now() - before_ns < hour_ns * 1.1

    held_app(work)


def test_timer_paused_while_held_keeps_what_was_left_when_it_was_held() -> None:
    hour_ns = 3_600_000_000_000

    def work(holding: Any) -> None:
        timer = ttTimerRepeat(hours=2, context=holding.counter, sparkle_back=lambda info: None)
        brake.hold(holding.side.id)
        settled(holding.side.id)
        holding.side._held_since_ns -= hour_ns  # held an hour ago, when there was an hour more to go
        timer.pause()
        settled(holding.side.id)
        assert (timer._remaining_ns or 0) > 2.9 * hour_ns
        brake.release(holding.side.id)

    held_app(work)


def test_the_next_timer_of_a_held_catalyst_fires_on_request_and_what_it_calls_waits() -> None:
    """Time jumps to it: the other timers are nearer by as much, and told anew."""
    hour_ns = 3_600_000_000_000
    due: dict[str, int] = {}
    counted: list[int] = []

    def work(holding: Any) -> None:
        side, counter = holding.side, holding.counter
        count = counter._tt_class.slot_by_name["ttsc__count"]
        near = ttTimerRepeat(hours=1, context=counter, name="near", sparkle_back=lambda info: counter.ttsc__count())
        far = ttTimerRepeat(hours=3, context=counter, name="far", sparkle_back=lambda info: None)
        daily = ttTimerEveryDay(hour=3, context=counter, sparkle_back=lambda info: None)
        settled(side.id)
        brake.hold(side.id)
        settled(side.id)
        side._held_since_ns -= hour_ns // 2  # held for half an hour: that counts for nothing
        by_the_wall_ns = daily._due_ns_now()

        def fire() -> None:
            timer = next_timer(side)
            fire_now(side, timer)
            for each in (near, far):
                due[each.name] = round((each._due_ns_now() - side.timers_now_ns()) / hour_ns)
            assert daily._due_ns_now() == by_the_wall_ns
            counted.append(counter.count)

        for _ in range(2):
            brake.at_boundary(side.id, fire)
            settled(side.id)
        counted.append(len([order for order in side.orders if order[0] is counter and order[1] == count]))
        brake.step(side.id, 2)
        settled(side.id)
        counted.append(counter.count)
        brake.release(side.id)

    with reading() as rows:
        held_app(work)

    assert due == {"near": 1, "far": 1}
    assert counted == [0, 0, 2, 2], "what it calls is queued, and runs when it is stepped"
    fired = [row.timer for row in rows.of(TimerFired)]
    assert (len(fired), len(set(fired))) == (2, 1)
