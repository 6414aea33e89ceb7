"""Timers are made, call back and fire."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import (
    ttEssence,
    ttTimerPausing,
    ttTimerRepeat,
    ttTimerSingleShot,
    ttTonic,
)
from tasktonic.clock import now_ns
from tasktonic.errors import ttRunningError, ttTimerError
from tasktonic.events import Ended
from tasktonic.stream import Level
from tests.helpers.apps import reading, run_app
from tests.helpers.movable_clock import movable_clock
from tests.helpers.timers_at_hand import HOUR_NS, app_with, due, fired_late, look

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
