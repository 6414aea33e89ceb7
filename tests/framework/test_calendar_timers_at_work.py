"""Calendar timers are started, stopped, paused and held; and what the stream says of them."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic import (
    ttTimerEveryDay,
    ttTimerEveryHour,
    ttTimerEveryMinute,
    ttTimerEveryMonth,
    ttTimerEveryWeek,
    ttTimerEveryYear,
)
from tasktonic.errors import ttTimerError
from tasktonic.events import TimerFired, TimerSet, TimerStopped
from tests.helpers.apps import in_thread, reading
from tests.helpers.calendar_desk import DAY, EVERY, HOUR, MINUTE, Desk, at_desk
from tests.helpers.movable_clock import SECOND_NS

# -- start, stop, pause ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["start", "stop", "restart", "pause", "resume", "change_time"])
@pytest.mark.parametrize("cls", EVERY)
def test_orders_can_be_chained(cls: Any, order: str) -> None:
    def work(desk: Desk) -> bool:
        timer = desk.make(cls)
        return getattr(timer, order)() is timer

    assert at_desk(work)


@pytest.mark.parametrize(
    "order, goes_on", [("stop", "start"), ("stop", "restart"), ("pause", "resume"), ("pause", "start")]
)
def test_what_is_kept_from_firing_is_lost(order: str, goes_on: str) -> None:
    def work(desk: Desk) -> list[str]:
        timer = desk.make(ttTimerEveryDay, 8)
        getattr(timer, order)()
        desk.pass_s(1.5 * DAY)
        assert (desk.fired, timer.is_running, desk.pending) == ([], False, 0)
        getattr(timer, goes_on)()
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-27 08:00:00"]


def test_stopped_timer_is_not_resumed() -> None:
    assert at_desk(lambda desk: desk.make(ttTimerEveryDay).stop().resume().is_running) is False


def test_running_timer_is_not_moved_by_starting_it_again() -> None:
    def work(desk: Desk) -> Any:
        timer = desk.make(ttTimerEveryDay, 13)
        desk.pass_s(HOUR / 2)
        timer.start().restart().resume()
        desk.pass_s(HOUR)
        return desk.fired, desk.pending

    assert at_desk(work) == (["2026-11-25 13:00:00"], 1)


def test_changed_time_counts_at_once() -> None:
    def work(desk: Desk) -> list[str]:
        timer = desk.make(ttTimerEveryDay, 13)
        timer.change_time(time_str="12:30")
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 12:30:00"]


def test_changed_time_of_a_paused_timer_counts_when_it_is_resumed() -> None:
    def work(desk: Desk) -> Any:
        timer = desk.make(ttTimerEveryDay, 13).pause()
        running = timer.change_time(14).is_running
        timer.resume()
        desk.pass_s(DAY)
        return running, desk.fired

    assert at_desk(work) == (False, ["2026-11-25 14:00:00"])


@pytest.mark.parametrize(
    "cls, arguments, due",
    [
        (ttTimerEveryYear, {"week": 53, "day": -1}, "2027-01-03 00:00:00"),
        (ttTimerEveryMonth, {"day": "sat", "in_week": -1}, "2026-11-28 00:00:00"),
        (ttTimerEveryWeek, {"day": "tue", "hour": 5}, "2026-12-01 05:00:00"),
        (ttTimerEveryHour, {"minute": 17}, "2026-11-25 12:17:00"),
        (ttTimerEveryMinute, {"second": 7}, "2026-11-25 12:00:07"),
    ],
)
def test_every_timer_can_change_its_time(cls: Any, arguments: dict[str, Any], due: str) -> None:
    def work(desk: Desk) -> list[str]:
        timer = desk.make(cls).change_time(**arguments)
        desk.pass_s((timer._due_ns_now() - desk.clock.now) / SECOND_NS)
        return desk.fired

    assert at_desk(work) == [due]


def test_changed_time_that_cannot_be_changes_nothing() -> None:
    def work(desk: Desk) -> list[str]:
        timer = desk.make(ttTimerEveryDay, 13)
        with pytest.raises(ttTimerError, match=r"^ttTimerEveryDay: hour=25: it is a whole number from 0 to 23\.$"):
            timer.change_time(25)
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 13:00:00"]


def test_calendar_timer_has_no_period_to_change() -> None:
    def work(desk: Desk) -> str:
        timer = desk.make(ttTimerEveryDay, 13, name="alarm")
        with pytest.raises(ttTimerError) as caught:
            timer.change_period(5)
        return str(caught.value)

    assert at_desk(work) == (
        "alarm: a ttTimerEveryDay fires at times of the calendar and has no period. Take another time with change_time(…), or "
        "use a ttTimerRepeat."
    )


@pytest.mark.parametrize("order", ["stop", "pause", "finish"])
def test_timer_can_be_ended_inside_its_own_callback(order: str) -> None:
    def work(desk: Desk) -> Any:
        def back(info: Any) -> None:
            desk.fired.append(desk.clock.shows())
            getattr(timer, order)()

        timer = desk.make(ttTimerEveryMinute, sparkle_back=back)
        desk.pass_s(HOUR)
        return len(desk.fired), timer.is_running, desk.pending

    assert at_desk(work) == (1, False, 0)


def test_timer_can_take_another_time_inside_its_own_callback() -> None:
    def work(desk: Desk) -> list[str]:
        def back(info: Any) -> None:
            desk.fired.append(desk.clock.shows())
            timer.change_time(15)

        timer = desk.make(ttTimerEveryDay, 13, sparkle_back=back)
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 13:00:00", "2026-11-25 15:00:00"]


def test_orders_from_another_thread_are_carried_out_on_the_catalyst() -> None:
    def work(desk: Desk) -> list[str]:
        timer = desk.make(ttTimerEveryDay, 13)
        in_thread(lambda: timer.stop().change_time(14).start()).join()
        while desk.catalyst.errands:
            desk.catalyst.errands.popleft()()
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 14:00:00"]


def test_finished_timer_takes_no_orders() -> None:
    def work(desk: Desk) -> Any:
        timer = desk.make(ttTimerEveryDay, 13)
        timer.finish()
        timer.start().restart().resume().change_time(14)
        return timer.is_running, desk.pending

    assert at_desk(work) == (False, 0)


def test_error_in_a_callback_does_not_stop_it(capsys: pytest.CaptureFixture[str]) -> None:
    def work(desk: Desk) -> int:
        def back(info: Any) -> None:
            raise LookupError("plain")

        desk.make(ttTimerEveryMinute, sparkle_back=back)
        desk.pass_s(3 * MINUTE)
        return desk.pending

    assert at_desk(work) == 1
    assert capsys.readouterr().err.count("LookupError: plain") >= 3


def test_running_timer_knows_when_it_fires_next() -> None:
    def work(desk: Desk) -> str:
        return str(desk.make(ttTimerEveryDay, 8).next_time)

    assert at_desk(work, zone="Asia/Kathmandu") == "2026-11-26 08:00:00+05:45"


@pytest.mark.parametrize("order", ["stop", "pause", "finish"])
def test_timer_that_does_not_run_has_no_next_time(order: str) -> None:
    def work(desk: Desk) -> Any:
        timer = desk.make(ttTimerEveryDay, 8)
        getattr(timer, order)()
        return timer.next_time

    assert at_desk(work) is None


# -- what the stream says --------------------------------------------------------------------------------------------------


def test_stream_tells_the_true_time_and_not_the_next_look() -> None:
    with reading() as rows:
        began = at_desk(lambda desk: (desk.make(ttTimerEveryDay, 13), desk.clock.now)[1])

    (told,) = rows.of(TimerSet)
    assert (told.due_ns - began, told.period_ns, told.callback) == (HOUR * SECOND_NS, -1, "<lambda>")


def test_stream_tells_of_each_firing_when_the_next_will_be() -> None:
    def work(desk: Desk) -> int:
        desk.make(ttTimerEveryDay, 13)
        desk.pass_s(HOUR)
        return desk.clock.now

    with reading() as rows:
        now = at_desk(work)

    first, second = rows.of(TimerSet)
    (fired,) = rows.of(TimerFired)
    assert (first.due_ns, fired.t_ns, second.due_ns) == (now, now, now + DAY * SECOND_NS)


def test_latecomer_is_told_the_true_time_as_well() -> None:
    def work(desk: Desk) -> int:
        timer = desk.make(ttTimerEveryYear)
        desk.pass_s(5 * DAY)
        timer._tt_tell_present()
        return int(timer._due_ns_now())

    with reading() as rows:
        due_ns = at_desk(work)

    assert [told.due_ns for told in rows.of(TimerSet)] == [due_ns, due_ns]


def test_looking_at_the_clock_is_not_told() -> None:
    def work(desk: Desk) -> None:
        desk.make(ttTimerEveryYear)
        desk.pass_s(10 * DAY)

    with reading() as rows:
        at_desk(work)

    assert len(rows.of(TimerSet)) == 1
    assert rows.of(TimerFired) == []


def test_stream_is_told_anew_when_the_clock_was_set() -> None:
    def work(desk: Desk) -> None:
        desk.make(ttTimerEveryDay, 18)
        desk.clock.set_wall("2026-11-25 13:00")
        desk.pass_s(HOUR)

    with reading() as rows:
        at_desk(work)

    first, second = rows.of(TimerSet)
    assert first.due_ns - second.due_ns == HOUR * SECOND_NS


def test_stopped_timer_tells_what_remained() -> None:
    with reading() as rows:
        at_desk(lambda desk: desk.make(ttTimerEveryDay, 13).stop())

    (told,) = rows.of(TimerStopped)
    assert told.remaining_ns == HOUR * SECOND_NS
