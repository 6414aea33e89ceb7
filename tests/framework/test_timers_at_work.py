"""Timers are started, stopped and paused, from any thread; and what the stream says of them."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import (
    ttCatalyst,
    ttFormula,
    ttTimerPausing,
    ttTimerRepeat,
    ttTimerSingleShot,
    ttTonic,
)
from tasktonic.clock import now_ns
from tasktonic.endings import ALIVE, MAKING
from tasktonic.errors import ttTimerError
from tasktonic.events import Born, Ended, TimerFired, TimerSet, TimerStopped
from tests.helpers.apps import in_thread, reading, run_app
from tests.helpers.timers_at_hand import HOUR_NS, app_with, due, fired_late, look

# -- firing -------------------------------------------------------------------------------------------------------------


def let_go_by(timer: Any, ns: int) -> None:
    """Have so much of all durations gone."""
    timer._tt_catalyst.timers.shift(-ns)


# -- start, stop, pause -------------------------------------------------------------------------------------------------


def test_timer_runs_at_once() -> None:
    assert look(lambda tonic: ttTimerSingleShot(hours=1).is_running)


@pytest.mark.parametrize("order", ["start", "stop", "restart", "pause", "resume"])
def test_orders_can_be_chained(order: str) -> None:
    def work(tonic: Any) -> bool:
        timer = ttTimerRepeat(hours=1)
        return getattr(timer, order)() is timer

    assert look(work)


def test_change_of_period_can_be_chained() -> None:
    def work(tonic: Any) -> bool:
        timer = ttTimerRepeat(hours=1)
        return timer.change_period(hours=2) is timer

    assert look(work)


def test_stopped_timer_does_not_run() -> None:
    assert look(lambda tonic: ttTimerRepeat(hours=1).stop().is_running) is False


def test_stopped_timer_starts_with_its_whole_duration() -> None:
    def work(tonic: Any) -> bool:
        timer = ttTimerRepeat(hours=1).stop()
        before = now_ns()
        timer.start()
        return before + HOUR_NS <= due(timer) <= now_ns() + HOUR_NS

    assert look(work)


def test_starting_a_running_timer_changes_nothing() -> None:
    def work(tonic: Any) -> bool:
        timer = ttTimerRepeat(hours=1)
        before = due(timer)
        return due(timer.start()) == before

    assert look(work)


def test_restarting_a_running_timer_begins_anew() -> None:
    def work(tonic: Any) -> bool:
        timer = ttTimerRepeat(hours=1)
        before = due(timer)
        return due(timer.restart()) >= before and len(tonic.catalyst.timers) == 1

    assert look(work)


def test_pausing_timer_keeps_the_remaining_time() -> None:
    def work(tonic: Any) -> bool:
        timer: Any = ttTimerRepeat(hours=1)
        let_go_by(timer, HOUR_NS // 2)
        timer.pause()
        before = now_ns()
        timer.resume()
        return before + HOUR_NS * 0.49 < due(timer) < now_ns() + HOUR_NS * 0.51

    assert look(work)


def test_pausing_twice_keeps_the_remaining_time() -> None:
    def work(tonic: Any) -> bool:
        timer = ttTimerSingleShot(hours=1).pause().pause()
        return timer.resume().is_running

    assert look(work)


def test_resuming_what_is_not_paused_changes_nothing() -> None:
    def work(tonic: Any) -> Any:
        running = ttTimerRepeat(hours=1)
        before = due(running)
        return due(running.resume()) == before, ttTimerRepeat(hours=1).stop().resume().is_running

    assert look(work) == (True, False)


def test_starting_a_paused_timer_takes_the_whole_duration() -> None:
    def work(tonic: Any) -> bool:
        timer: Any = ttTimerRepeat(hours=1)
        let_go_by(timer, HOUR_NS // 2)
        timer.pause().start()
        return due(timer) > now_ns() + HOUR_NS * 0.9

    assert look(work)


def test_changed_period_begins_anew() -> None:
    def work(tonic: Any) -> bool:
        timer = ttTimerRepeat(hours=1).change_period(hours=3)
        return due(timer) > now_ns() + HOUR_NS * 2

    assert look(work)


def test_changed_period_of_a_stopped_timer_does_not_start_it() -> None:
    assert look(lambda tonic: ttTimerRepeat(hours=1).stop().change_period(hours=2).is_running) is False


def test_changed_period_counts_for_a_pausing_timer_that_waits() -> None:
    def work(tonic: Any) -> bool:
        timer = ttTimerPausing(hours=1, sparkle_back=lambda info: None)
        fired_late(timer, 0)
        return due(timer.change_period(hours=3).resume()) > now_ns() + HOUR_NS * 2

    assert look(work)


def test_changed_period_that_cannot_be_is_refused() -> None:
    def work(tonic: Any) -> bool:
        timer = ttTimerRepeat(hours=1)
        before = due(timer)
        with pytest.raises(ttTimerError):
            timer.change_period(-1)
        return due(timer) == before

    assert look(work)


def test_finished_timer_takes_no_orders() -> None:
    def work(tonic: Any) -> Any:
        timer = ttTimerRepeat(hours=1)
        timer.finish()
        return timer.start().restart().resume().is_running, len(tonic.catalyst.timers)

    assert look(work) == (False, 0)


def test_subclass_may_stop_itself_while_it_is_made() -> None:
    class Waiting(ttTimerRepeat):
        def __init__(self) -> None:
            super().__init__(hours=1)
            self.stop()

    assert look(lambda tonic: Waiting().is_running) is False


def test_order_that_comes_from_elsewhere_just_as_a_timer_is_made_is_carried_out() -> None:
    class Late(list[Any]):
        """What is asked for while it is made. It has been made, and has looked in here, when the order is entered."""

        timer: Any = None

        def append(self, step: Any) -> None:
            self.timer._tt_stage = ALIVE
            super().append(step)

    def work(tonic: Any) -> bool:
        timer = ttTimerRepeat(hours=1)
        timer._tt_stage = MAKING  # as another thread sees it that is a little too slow
        timer._steps = late = Late()
        late.timer = timer
        timer.stop()
        return timer.is_running

    assert look(work) is False


# -- other threads ------------------------------------------------------------------------------------------------------


def test_timer_made_for_a_tonic_on_another_catalyst_fires_there() -> None:
    seen: list[str] = []

    class Side(ttTonic):
        def ttse__on_timer(self, info: Any) -> None:
            seen.append(threading.current_thread().name)
            self.finish()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            side = self.bind(Side, name="side", catalyst=ttCatalyst(name="there", context=-1))
            ttTimerSingleShot(0, context=side)

        def ttse__on_side_finished(self) -> None:
            self.finish()

    run_app(Main)

    assert seen == ["there"]


def test_timer_that_is_due_at_once_elsewhere_waits_until_it_is_made() -> None:
    class Slow(ttTimerSingleShot):
        def __init__(self, context: Any) -> None:
            super().__init__(0, name="slow", context=context, sparkle_back=lambda info: None)
            for _ in range(100):
                self._tt_catalyst.heartbeat()

    class Side(ttTonic):
        def ttse__on_slow_finished(self) -> None:
            self.finish()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            side = self.bind(Side, name="side", catalyst=ttCatalyst(context=-1))
            Slow(side)

        def ttse__on_side_finished(self) -> None:
            self.finish()

    assert run_app(Main).ledger.essences == []


def test_orders_from_another_thread_are_carried_out_on_the_catalyst() -> None:
    def work(tonic: Any) -> None:
        timer = ttTimerRepeat(hours=1)
        in_thread(lambda: (timer.stop(), timer.change_period(0.001).start()))

    assert len(app_with(work).seen) == 1


# -- many ---------------------------------------------------------------------------------------------------------------


def test_hundred_thousand_timers_can_be_pending() -> None:
    def work(tonic: Any) -> None:
        tonic.timers = [ttTimerSingleShot(hours=1 + n % 7) for n in range(100_000)]
        tonic.finish()

    tonic = app_with(work)

    assert tonic.bindings == []


# -- what the stream says -------------------------------------------------------------------------------------------------


def test_birth_of_a_timer_is_told_before_that_it_runs() -> None:
    with reading() as rows:
        app_with(lambda tonic: ttTimerSingleShot(0, name="pulse"))

    pulse = next(row.essence for row in rows.of(Born) if row.name == "pulse")
    told = [type(row) for row in rows.all if getattr(row, "essence", getattr(row, "timer", None)) == pulse]
    assert told[:4] == [Born, TimerSet, TimerFired, told[3]]
    assert told[-1] is Ended


def test_running_timer_tells_what_it_calls_and_when() -> None:
    with reading() as rows:
        look(lambda tonic: ttTimerRepeat(hours=1, name="pulse"))

    (told,) = rows.of(TimerSet)
    assert (told.period_ns, told.callback) == (HOUR_NS, "ttse__on_timer")
    assert told.due_ns == pytest.approx(told.t_ns + HOUR_NS, abs=HOUR_NS / 100)


def test_stopped_timer_tells_what_remained() -> None:
    with reading() as rows:
        look(lambda tonic: ttTimerRepeat(hours=1).stop())

    (told,) = rows.of(TimerStopped)
    assert 0.9 * HOUR_NS < told.remaining_ns <= HOUR_NS


def test_what_many_timers_call_begins_to_run_before_the_last_of_them_has_fired() -> None:
    order: list[str] = []

    class Tester(ttTonic):
        def ttse__on_start(self) -> None:
            for number in range(1000):
                ttTimerSingleShot(0.0, sparkle_back=lambda info, number=number: self.fired(number))  # type: ignore[misc]

        def fired(self, number: int) -> None:
            order.append("fired")
            self.ttsc__run(number)

        def ttsc__run(self, number: int) -> None:
            order.append("ran")
            if order.count("ran") == 1000:
                self.finish()

    class App(ttFormula):
        def creating_starting_tonics(self) -> None:
            Tester()

    App()

    assert order.count("fired") == 1000
    assert order.index("ran") < 1000
    assert order[-1] == "ran"
