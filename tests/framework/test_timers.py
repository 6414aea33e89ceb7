from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import (
    ttCatalyst,
    ttEssence,
    ttFormula,
    ttTimerPausing,
    ttTimerRepeat,
    ttTimerSingleShot,
    ttTonic,
)
from tasktonic.clock import now_ns
from tasktonic.endings import ALIVE, MAKING
from tasktonic.errors import ttRunningError, ttTimerError
from tasktonic.events import Born, Ended, TimerFired, TimerSet, TimerStopped
from tasktonic.stream import Level
from tests.helpers.apps import in_thread, reading, run_app
from tests.helpers.movable_clock import movable_clock

HOUR_NS = 3_600_000_000_000


def app_with(work: Any, **methods: Any) -> Any:
    """Run an app of one tonic that does ``work(tonic)`` at its start; a plain ``finish`` if it has no timer sparkles."""
    made: list[Any] = []

    def start(self: Any) -> None:
        made.append(self)
        self.seen = []
        work(self)

    def on_timer(self: Any, info: Any) -> None:
        self.seen.append(info["name"])
        self.finish()

    cls: Any = type(ttTonic)("Waiter", (ttTonic,), {"ttse__on_timer": on_timer, **methods, "ttse__on_start": start})
    run_app(lambda: cls(name="waiter"))
    return made[0]


def look(work: Any) -> Any:
    """What ``work(tonic)`` gives, called in a sparkle of a tonic that then finishes."""
    found: list[Any] = []

    def at_start(tonic: Any) -> None:
        try:
            found.append(work(tonic))
        finally:
            tonic.finish()

    app_with(at_start)
    return found[0]


# -- making -----------------------------------------------------------------------------------------------------------


def test_timer_belongs_to_the_tonic_that_makes_it() -> None:
    assert look(lambda tonic: ttTimerSingleShot(hours=1).context is tonic)


def test_timer_can_be_bound() -> None:
    assert look(lambda tonic: tonic.bind(ttTimerSingleShot, 5.0).context is tonic)


def test_durations_add_up() -> None:
    timer = look(lambda tonic: ttTimerSingleShot(1, 2, 3, 4))

    assert timer._period_ns == (1 + 2 * 60 + 3 * 3600 + 4 * 86400) * 1_000_000_000


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), "5", None])
def test_duration_that_cannot_be_is_refused(seconds: Any) -> None:
    def make(tonic: Any) -> str:
        with pytest.raises(ttTimerError) as caught:
            ttTimerSingleShot(seconds)
        assert isinstance(caught.value, ValueError)
        assert tonic.bindings == []
        return str(caught.value)

    assert look(make) == (
        f"ttTimerSingleShot: a duration of seconds={seconds!r}, minutes=0.0, hours=0.0, days=0.0 cannot be; "
        "it must be 0 or more seconds in all."
    )


@pytest.mark.parametrize("cls", [ttTimerRepeat, ttTimerPausing])
def test_repeating_at_once_is_refused(cls: Any) -> None:
    def make(tonic: Any) -> str:
        with pytest.raises(ttTimerError) as caught:
            cls(0)
        return str(caught.value)

    assert "it must be more than 0 seconds in all" in look(make)


def test_timer_that_has_nothing_to_call_is_refused() -> None:
    messages: list[str] = []

    class Plain(ttTonic):
        def ttse__on_start(self) -> None:
            for name in (None, "pulse"):
                with pytest.raises(ttTimerError) as caught:
                    ttTimerSingleShot(1, name=name)
                messages.append(str(caught.value))
            assert self.bindings == []
            self.finish()

    run_app(lambda: Plain(name="plain"))

    assert messages == [
        "ttTimerSingleShot: plain has no ttse__on_timer to call. Add that sparkle, or pass sparkle_back=…",
        "ttTimerSingleShot: plain has no ttse__on_pulse or ttse__on_timer to call. Add that sparkle, or pass sparkle_back=…",
    ]


def test_timer_at_top_level_needs_something_to_call() -> None:
    def start() -> None:
        with pytest.raises(ttTimerError, match="a timer at top level has no ttse__on_timer"):
            ttTimerSingleShot(1)
        ttTonic(name="x").finish()

    run_app(start)


def test_timer_outside_of_an_app_is_refused() -> None:
    with pytest.raises(ttRunningError, match=r"there is no catalyst to run it\. Create timers inside a tonic"):
        ttTimerSingleShot(1, sparkle_back=print)


def test_timer_of_a_plain_essence_runs_on_the_catalyst_above() -> None:
    assert look(
        lambda tonic: ttTimerSingleShot(1, context=ttEssence(), sparkle_back=print)._tt_catalyst is tonic.catalyst
    )


# -- what is called -----------------------------------------------------------------------------------------------------


def test_without_anything_on_timer_is_called() -> None:
    waiter = app_with(lambda tonic: ttTimerSingleShot(0))

    assert waiter.seen == ["02.ttTimerSingleShot"]


def test_named_timer_calls_the_sparkle_of_its_name() -> None:
    def on_pulse(self: Any, info: Any) -> None:
        self.seen.append(f"pulse {info['name']}")
        self.finish()

    waiter = app_with(lambda tonic: ttTimerSingleShot(0, name="pulse"), ttse__on_pulse=on_pulse)

    assert waiter.seen == ["pulse pulse"]


def test_named_timer_without_its_sparkle_calls_on_timer() -> None:
    assert app_with(lambda tonic: ttTimerSingleShot(0, name="pulse")).seen == ["pulse"]


def test_sparkle_in_a_state_counts_as_one_to_call() -> None:
    seen: list[str] = []

    class Waiter(ttTonic):
        def ttse__on_start(self) -> None:
            self.to_state("open")
            ttTimerSingleShot(0, name="pulse")

        def ttse_open__on_pulse(self, info: Any) -> None:
            seen.append("open")
            self.finish()

    run_app(Waiter)

    assert seen == ["open"]


def test_given_sparkle_is_called() -> None:
    def go(self: Any, info: Any) -> None:
        self.seen.append("go")
        self.finish()

    assert app_with(lambda tonic: ttTimerSingleShot(0, sparkle_back=tonic.ttsc__go), ttsc__go=go).seen == ["go"]


def test_plain_function_is_called_on_the_thread_of_the_catalyst() -> None:
    def work(tonic: Any) -> None:
        ttTimerSingleShot(0, sparkle_back=lambda info: (tonic.seen.append(threading.current_thread()), tonic.finish()))

    assert app_with(work).seen == [threading.current_thread()]


def test_callback_gets_id_and_name() -> None:
    infos: list[Any] = []

    def work(tonic: Any) -> None:
        timer = ttTimerSingleShot(0, name="pulse", sparkle_back=lambda info: (infos.append(info), tonic.finish()))
        infos.append({"id": timer.id, "name": "pulse"})

    app_with(work)

    assert infos[0] == infos[1]


def test_what_a_plain_callback_makes_belongs_to_the_tonic() -> None:
    def work(tonic: Any) -> None:
        def back(info: Any) -> None:
            tonic.seen.append(ttEssence().context is tonic)
            tonic.finish()

        ttTimerSingleShot(0, sparkle_back=back)

    assert app_with(work).seen == [True]


def test_order_that_a_timer_queues_names_the_timer() -> None:
    with reading(Level.FLOW) as rows:
        app_with(lambda tonic: ttTimerSingleShot(0, name="pulse"))

    (order,) = [o for o in rows.orders() if o[0]._tt_class.sparkles[o[1]].called == "ttse__on_timer"]
    assert (order[4].name, order[5]) == ("pulse", "timer")


# -- firing -------------------------------------------------------------------------------------------------------------


def test_timers_fire_in_the_order_they_are_due() -> None:
    def on_timer(self: Any, info: Any) -> None:
        self.seen.append(info["name"])
        if len(self.seen) == 3:
            self.finish()

    with movable_clock() as moved:  # all are set at one moment, however slow the machine is

        def work(tonic: Any) -> None:
            for milliseconds in (9, 3, 6):
                ttTimerSingleShot(milliseconds / 1000, name=str(milliseconds))
            moved.pass_s(tonic.catalyst, 0.01)

        assert app_with(work, ttse__on_timer=on_timer).seen == ["3", "6", "9"]


def test_single_shot_finishes_after_firing() -> None:
    with reading() as rows:

        class Waiter(ttTonic):
            def ttse__on_start(self) -> None:
                ttTimerSingleShot(0, name="pulse")

            def ttse__on_timer(self, info: Any) -> None: ...

            def ttse__on_pulse_finished(self) -> None:
                self.finish()

        run_app(Waiter)

    assert [row.essence for row in rows.of(Ended)] == [2, 1, 0]


def test_repeating_timer_fires_again_and_again() -> None:
    def on_timer(self: Any, info: Any) -> None:
        self.seen.append("x")
        if len(self.seen) == 5:
            self.finish()

    assert len(app_with(lambda tonic: ttTimerRepeat(0.001), ttse__on_timer=on_timer).seen) == 5


def due(timer: Any) -> int:
    return int(timer._due_ns_now())


def let_go_by(timer: Any, ns: int) -> None:
    """Have so much of all durations gone."""
    timer._tt_catalyst.timers.shift(-ns)


def fired_late(timer: Any, late_ns: int) -> int:
    """Let a timer fire as if the catalyst had been stalled; gives when it was due."""
    was_due = due(timer)
    heap = timer._tt_catalyst.timers
    assert next(heap.take_due(was_due)) is timer
    timer.fire(was_due + late_ns)
    return was_due


@pytest.mark.parametrize("late, next_one", [(0, 1), (0.9, 1), (1, 2), (2.5, 3), (1000.25, 1001)])
def test_repeating_timer_keeps_its_phase_and_skips_what_it_missed(late: float, next_one: int) -> None:
    def work(tonic: Any) -> int:
        timer = ttTimerRepeat(hours=1, sparkle_back=lambda info: None)
        was_due = fired_late(timer, round(late * HOUR_NS))
        return (due(timer) - was_due) // HOUR_NS

    assert look(work) == next_one


def test_pausing_timer_stands_still_after_each_firing() -> None:
    def work(tonic: Any) -> Any:
        timer = ttTimerPausing(hours=1, sparkle_back=lambda info: None)
        fired_late(timer, 0)
        return timer.is_running

    assert look(work) is False


def test_pausing_timer_goes_on_when_resumed() -> None:
    def on_timer(self: Any, info: Any) -> None:
        self.seen.append("x")
        if len(self.seen) == 3:
            self.finish()
        self.timer.resume()

    def work(tonic: Any) -> None:
        tonic.timer = ttTimerPausing(0.001)

    assert len(app_with(work, ttse__on_timer=on_timer).seen) == 3


def test_pausing_timer_has_its_whole_duration_again_when_resumed() -> None:
    def work(tonic: Any) -> bool:
        timer = ttTimerPausing(hours=1, sparkle_back=lambda info: None)
        fired_late(timer, 0)
        before = now_ns()
        timer.resume()
        return before + HOUR_NS <= due(timer) <= now_ns() + HOUR_NS

    assert look(work)


def test_error_in_a_plain_callback_does_not_stop_a_repeating_timer(capsys: pytest.CaptureFixture[str]) -> None:
    def work(tonic: Any) -> None:
        def back(info: Any) -> None:
            tonic.seen.append("x")
            if len(tonic.seen) == 3:
                tonic.finish()
            raise LookupError("plain")

        ttTimerRepeat(0.001, name="pulse", sparkle_back=back)

    assert len(app_with(work).seen) == 3
    assert capsys.readouterr().err.count("LookupError: plain") >= 3


def test_error_in_a_plain_callback_does_not_keep_a_single_shot(capsys: pytest.CaptureFixture[str]) -> None:
    class Waiter(ttTonic):
        def ttse__on_start(self) -> None:
            ttTimerSingleShot(0, name="pulse", sparkle_back=self.fail)

        def fail(self, info: Any) -> None:
            raise LookupError("plain")

        def ttse__on_pulse_finished(self) -> None:
            self.finish()

    run_app(Waiter)

    assert "LookupError: plain" in capsys.readouterr().err


@pytest.mark.parametrize("cls", [ttTimerRepeat, ttTimerPausing])
def test_stopping_inside_a_plain_callback_stops(cls: Any) -> None:
    def work(tonic: Any) -> Any:
        timer: Any = cls(hours=1, sparkle_back=lambda info: timer.stop())
        fired_late(timer, 0)
        return timer.is_running, timer.resume().is_running

    assert look(work) == (False, False)


def test_finishing_inside_a_plain_callback_ends_the_timer() -> None:
    def work(tonic: Any) -> Any:
        timer: Any = ttTimerRepeat(hours=1, sparkle_back=lambda info: timer.finish())
        fired_late(timer, 0)
        return timer.id, len(tonic.catalyst.timers)

    assert look(work) == (-1, 0)


def test_finishing_the_tonic_inside_a_plain_callback_ends_the_timer() -> None:
    def work(tonic: Any) -> None:
        ttTimerRepeat(0.001, sparkle_back=lambda info: (tonic.seen.append("x"), tonic.finish()))

    assert app_with(work).seen == ["x"]


def test_restarting_inside_a_plain_callback_begins_anew() -> None:
    def work(tonic: Any) -> bool:
        timer: Any = ttTimerRepeat(hours=1, sparkle_back=lambda info: timer.restart())
        was_due = fired_late(timer, 0)
        return due(timer) < was_due + HOUR_NS

    assert look(work)


def test_timers_of_a_busy_catalyst_fire() -> None:
    def work(tonic: Any) -> None:
        ttTimerSingleShot(0.002)
        tonic.tts__spin()

    def spin(self: Any) -> None:
        if self.id >= 0 and not self.seen:
            self.tts__spin()

    assert len(app_with(work, tts__spin=spin).seen) == 1


def test_timers_that_set_one_another_at_once_leave_room_for_sparkles() -> None:
    seen: list[str] = []

    class Waiter(ttTonic):
        def ttse__on_start(self) -> None:
            self.set_another({})
            self.ttsc__end()

        def set_another(self, info: Any) -> None:
            seen.append("fired")
            assert len(seen) < 1000, "nothing else comes to run"
            ttTimerSingleShot(0, sparkle_back=self.set_another)

        def ttsc__end(self) -> None:
            self.finish()

    with movable_clock():  # it stands still, so that each is due at the very moment at which it is set
        run_app(lambda: Waiter(name="waiter"))

    assert len(seen) < 1000


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
