from __future__ import annotations

import datetime
import inspect
import time
from typing import Any

import pytest

import tasktonic
from tasktonic import (
    clock,
    ttTimer,
    ttTimerEveryDay,
    ttTimerEveryHour,
    ttTimerEveryMinute,
    ttTimerEveryMonth,
    ttTimerEveryWeek,
    ttTimerEveryYear,
    ttTonic,
)
from tasktonic.calendar_timers import LAST_DAY_WAIT_NS, LONGEST_WAIT_NS, SET_BACK_S
from tasktonic.errors import ttTimerError
from tasktonic.events import TimerFired, TimerSet, TimerStopped
from tasktonic.held import hold_now, release_now
from tests.helpers.apps import in_thread, reading, run_app
from tests.helpers.movable_clock import SECOND_NS, MovableClock, movable_clock

EVERY = [
    *(ttTimerEveryYear, ttTimerEveryMonth, ttTimerEveryWeek),
    *(ttTimerEveryDay, ttTimerEveryHour, ttTimerEveryMinute),
]
MINUTE, HOUR, DAY = 60, 3600, 86_400


class Desk:
    """What a test has: a tonic inside whose sparkle it runs, a clock, and a list of when timers fired."""

    def __init__(self, tonic: Any, moved: MovableClock) -> None:
        self.tonic = tonic
        self.clock = moved
        self.catalyst = tonic.catalyst
        self.fired: list[str] = []

    def make(self, cls: Any, *args: Any, **kwargs: Any) -> Any:
        """A timer that notes when it fires, in the zone of the clock."""
        kwargs.setdefault("sparkle_back", lambda info: self.fired.append(self.clock.shows()))
        kwargs.setdefault("zone", self.clock.zone)
        return cls(*args, **kwargs)

    def pass_s(self, seconds: float) -> None:
        self.clock.pass_s(self.catalyst, seconds)

    @property
    def pending(self) -> int:
        return len(self.catalyst.timers)


def at_desk(work: Any, wall: str = "2026-11-25 12:00", zone: str = "UTC") -> Any:
    """What ``work(desk)`` gives, called in a sparkle of a tonic while the clock stands still."""
    found: list[Any] = []
    problems: list[BaseException] = []

    class Waiter(ttTonic):
        def ttse__on_start(self) -> None:
            try:
                with movable_clock(wall, zone) as moved:
                    found.append(work(Desk(self, moved)))
            except BaseException as problem:
                problems.append(problem)
            self.finish()

        def ttse__on_timer(self, info: Any) -> None: ...

    run_app(lambda: Waiter(name="waiter"))
    for problem in problems:
        raise problem
    return found[0]


def fired(
    cls: Any, *args: Any, wall: str = "2026-11-25 12:00", zone: str = "UTC", count: int = 2, **kwargs: Any
) -> Any:
    """When a timer fires, the first few times."""

    def work(desk: Desk) -> list[str]:
        timer = desk.make(cls, *args, **kwargs)
        while len(desk.fired) < count:
            desk.pass_s((timer._due_ns_now() - desk.clock.now) / SECOND_NS)
        return desk.fired

    return at_desk(work, wall, zone)


# -- what each of them means ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cls, arguments, due",
    [
        (ttTimerEveryYear, {}, ["2027-01-01 00:00:00", "2028-01-01 00:00:00"]),
        (ttTimerEveryYear, {"month": 3, "day": 14, "hour": 9}, ["2027-03-14 09:00:00", "2028-03-14 09:00:00"]),
        (ttTimerEveryYear, {"month": "March"}, ["2027-03-01 00:00:00", "2028-03-01 00:00:00"]),
        (ttTimerEveryYear, {"month": "FEB", "day": -1}, ["2027-02-28 00:00:00", "2028-02-29 00:00:00"]),
        (ttTimerEveryYear, {"month": "feb", "day": 29}, ["2028-02-29 00:00:00", "2032-02-29 00:00:00"]),
        (ttTimerEveryYear, {"month": -1, "day": -1, "time_str": "23:59:59"}, ["2026-12-31 23:59:59", "2027-12-31 23:59:59"]),
        (ttTimerEveryYear, {"month": "november", "day": "thu", "in_week": 4}, ["2026-11-26 00:00:00", "2027-11-25 00:00:00"]),
        (ttTimerEveryYear, {"month": 5, "day": 1, "in_week": -1}, ["2027-05-31 00:00:00", "2028-05-29 00:00:00"]),
        (ttTimerEveryYear, {"week": 53, "day": "friday"}, ["2027-01-01 00:00:00", "2032-12-31 00:00:00"]),
        (ttTimerEveryYear, {"week": 1}, ["2027-01-04 00:00:00", "2028-01-03 00:00:00"]),
        (ttTimerEveryYear, {"week": -1, "day": -1, "minute": 5}, ["2027-01-03 00:05:00", "2028-01-02 00:05:00"]),
        (ttTimerEveryMonth, {}, ["2026-12-01 00:00:00", "2027-01-01 00:00:00"]),
        (ttTimerEveryMonth, {"day": 25, "hour": 13}, ["2026-11-25 13:00:00", "2026-12-25 13:00:00"]),
        (ttTimerEveryMonth, {"day": 31, "hour": 13}, ["2026-12-31 13:00:00", "2027-01-31 13:00:00"]),
        (ttTimerEveryMonth, {"day": -1, "time_str": "7:30"}, ["2026-11-30 07:30:00", "2026-12-31 07:30:00"]),
        (ttTimerEveryMonth, {"day": "Mon", "in_week": 1}, ["2026-12-07 00:00:00", "2027-01-04 00:00:00"]),
        (ttTimerEveryMonth, {"day": "sunday", "in_week": 5}, ["2026-11-29 00:00:00", "2027-01-31 00:00:00"]),
        (ttTimerEveryMonth, {"day": -1, "in_week": -1}, ["2026-11-29 00:00:00", "2026-12-27 00:00:00"]),
        (ttTimerEveryWeek, {}, ["2026-11-30 00:00:00", "2026-12-07 00:00:00"]),
        (ttTimerEveryWeek, {"day": "Wednesday", "time_str": "12:00:01"}, ["2026-11-25 12:00:01", "2026-12-02 12:00:01"]),
        (ttTimerEveryWeek, {"day": -1}, ["2026-11-29 00:00:00", "2026-12-06 00:00:00"]),
        (ttTimerEveryDay, {}, ["2026-11-26 00:00:00", "2026-11-27 00:00:00"]),
        (ttTimerEveryDay, {"hour": 12}, ["2026-11-26 12:00:00", "2026-11-27 12:00:00"]),
        (ttTimerEveryDay, {"time_str": "12:00:30"}, ["2026-11-25 12:00:30", "2026-11-26 12:00:30"]),
        (ttTimerEveryHour, {}, ["2026-11-25 13:00:00", "2026-11-25 14:00:00"]),
        (ttTimerEveryHour, {"minute": 30, "second": 5}, ["2026-11-25 12:30:05", "2026-11-25 13:30:05"]),
        (ttTimerEveryMinute, {}, ["2026-11-25 12:01:00", "2026-11-25 12:02:00"]),
        (ttTimerEveryMinute, {"second": 20}, ["2026-11-25 12:00:20", "2026-11-25 12:01:20"]),
    ],
)  # fmt: skip
def test_timer_fires_when_its_time_comes(cls: Any, arguments: dict[str, Any], due: list[str]) -> None:
    assert fired(cls, **arguments) == due


@pytest.mark.parametrize(
    "cls, names",
    [
        (ttTimerEveryYear, ["month", "day", "in_week", "hour", "minute", "second", "time_str"]),
        (ttTimerEveryMonth, ["day", "in_week", "hour", "minute", "second", "time_str"]),
        (ttTimerEveryWeek, ["day", "hour", "minute", "second", "time_str"]),
        (ttTimerEveryDay, ["hour", "minute", "second", "time_str"]),
        (ttTimerEveryHour, ["minute", "second"]),
        (ttTimerEveryMinute, ["second"]),
    ],
)
def test_arguments_have_their_promised_order(cls: Any, names: list[str]) -> None:
    parameters = inspect.signature(cls.__init__).parameters.values()

    assert [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD][1:] == names
    assert {"zone", "name", "context", "sparkle_back"} <= {p.name for p in parameters if p.kind is p.KEYWORD_ONLY}


@pytest.mark.parametrize("cls", EVERY)
def test_calendar_timer_is_a_public_timer(cls: Any) -> None:
    assert cls.__name__ in tasktonic.__all__
    assert issubclass(cls, ttTimer)


@pytest.mark.parametrize(
    "zone, wall, due",
    [
        ("Europe/Amsterdam", "2026-03-28 12:00", ["2026-03-29 03:00:00", "2026-03-30 02:30:00"]),
        ("Europe/Amsterdam", "2026-10-24 12:00", ["2026-10-25 02:30:00", "2026-10-26 02:30:00"]),
        ("America/New_York", "2026-03-07 12:00", ["2026-03-08 03:00:00", "2026-03-09 02:30:00"]),
    ],
)
def test_time_of_day_comes_once_in_the_nights_of_summer_time(zone: str, wall: str, due: list[str]) -> None:
    assert fired(ttTimerEveryDay, 2, 30, wall=wall, zone=zone) == due


def test_time_that_occurs_twice_is_the_first() -> None:
    def work(desk: Desk) -> float:
        desk.make(ttTimerEveryDay, 2, 30)
        desk.pass_s(1.5 * HOUR)  # from one o'clock summer time
        return len(desk.fired)

    assert at_desk(work, "2026-10-25 01:00", "Europe/Amsterdam") == 1


def test_hour_that_is_repeated_has_two_firings() -> None:
    due = ["2026-10-25 02:30:00", "2026-10-25 02:30:00", "2026-10-25 03:30:00"]

    assert fired(ttTimerEveryHour, 30, wall="2026-10-25 02:00", zone="Europe/Amsterdam", count=3) == due


def test_timers_go_by_the_local_zone_when_none_is_given(local_zone: Any) -> None:
    def work(desk: Desk) -> list[str]:
        local_zone("XYZ-3")
        desk.make(ttTimerEveryDay, 8, zone=None)
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-26 05:00:00"]


def test_zone_can_be_a_tzinfo() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 8, zone=datetime.timezone(datetime.timedelta(hours=-5)))
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 13:00:00"]


def test_without_anything_on_timer_is_called_with_id_and_name() -> None:
    infos: list[Any] = []

    class Waiter(ttTonic):
        def ttse__on_start(self) -> None:
            with movable_clock() as moved:
                timer = self.bind(ttTimerEveryMinute, zone="UTC", name="pulse")
                infos.append({"id": timer.id, "name": "pulse"})
                moved.pass_s(self.catalyst, MINUTE)

        def ttse_open__on_pulse(self, info: Any) -> None: ...

        def ttse__on_pulse(self, info: Any) -> None:
            infos.append(info)
            self.finish()

    run_app(Waiter)

    assert infos[0] == infos[1]


def test_timer_fires_in_a_running_app(monkeypatch: pytest.MonkeyPatch) -> None:
    # The wall clock of this app shows a few milliseconds to the minute, and goes on from there.
    ahead_ns = 60 * SECOND_NS - 3_000_000 - time.monotonic_ns()
    monkeypatch.setattr(clock, "wall_ns", lambda: time.monotonic_ns() + ahead_ns)
    shown: list[int] = []

    class Waiter(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(ttTimerEveryMinute)

        def ttse__on_timer(self, info: Any) -> None:
            shown.append(clock.wall_ns())
            self.finish()

    run_app(Waiter)

    assert len(shown) == 1
    assert shown[0] >= 60 * SECOND_NS


# -- what cannot be -------------------------------------------------------------------------------------------------------

TOO_MANY = "day=31: February has at most 29 days. Take another day; -1 is the last one."
DAYS_OF_MONTH = "days of a month are 1 to 31, or -1 (the last) to -31; a weekday needs in_week as well."
WEEKDAY = "a day is 1 (Monday) to 7, -1 to -7 from the end, or a name such as 'monday' or 'mon'."
MONTH = "a month is 1 (January) to 12, -1 to -12 from the end, or a name such as 'january' or 'jan'."


@pytest.mark.parametrize(
    "cls, arguments, message",
    [
        (ttTimerEveryYear, {"month": 2, "day": 31}, TOO_MANY),
        (
            ttTimerEveryYear,
            {"month": 4, "day": -31},
            "day=-31: April has at most 30 days. Take another day; -1 is the last one.",
        ),
        (ttTimerEveryYear, {"month": 13}, f"month=13: {MONTH}"),
        (ttTimerEveryYear, {"month": 0}, f"month=0: {MONTH}"),
        (ttTimerEveryYear, {"month": True}, f"month=True: {MONTH}"),
        (ttTimerEveryYear, {"month": "marsh"}, f"month='marsh': {MONTH} Did you mean 'march'?"),
        (ttTimerEveryYear, {"day": 5}, "day=5, in_week=None: they do not say in which month. Add month=… or week=…."),
        (
            ttTimerEveryYear,
            {"in_week": 1},
            "day=None, in_week=1: they do not say in which month. Add month=… or week=….",
        ),
        (
            ttTimerEveryYear,
            {"month": 1, "week": 2},
            "month=1 and week=2: both say when in the year. Give one of them.",
        ),
        (
            ttTimerEveryYear,
            {"week": 2, "in_week": 1},
            "week=2 and in_week=1: in_week picks one of the weekdays of a month. Leave it out, or give a month instead of a week.",
        ),
        (
            ttTimerEveryYear,
            {"week": 54},
            "week=54: weeks are 1 to 53 as ISO 8601 counts them, or -1 (the last) to -53.",
        ),
        (ttTimerEveryYear, {"week": 2, "day": 8}, f"day=8: {WEEKDAY}"),
        (ttTimerEveryMonth, {"day": 32}, f"day=32: {DAYS_OF_MONTH}"),
        (ttTimerEveryMonth, {"day": 0}, f"day=0: {DAYS_OF_MONTH}"),
        (ttTimerEveryMonth, {"day": "monday"}, f"day='monday': {DAYS_OF_MONTH}"),
        (ttTimerEveryMonth, {"day": 1.5}, f"day=1.5: {DAYS_OF_MONTH}"),
        (ttTimerEveryMonth, {"day": 8, "in_week": 1}, f"day=8: {WEEKDAY}"),
        (
            ttTimerEveryMonth,
            {"in_week": 1},
            "in_week=1: it does not say which weekday. Add day='monday', or another weekday.",
        ),
        (
            ttTimerEveryMonth,
            {"day": "mon", "in_week": 6},
            "in_week=6: it says which such weekday of the month: 1 to 5, or -1 (the last) to -5.",
        ),
        (
            ttTimerEveryMonth,
            {"day": "mon", "in_week": 0},
            "in_week=0: it says which such weekday of the month: 1 to 5, or -1 (the last) to -5.",
        ),
        (ttTimerEveryWeek, {"day": "moonday"}, f"day='moonday': {WEEKDAY} Did you mean 'monday'?"),
        (ttTimerEveryWeek, {"day": None}, f"day=None: {WEEKDAY}"),
        (ttTimerEveryDay, {"hour": 24}, "hour=24: it is a whole number from 0 to 23."),
        (ttTimerEveryDay, {"hour": -1}, "hour=-1: it is a whole number from 0 to 23."),
        (ttTimerEveryDay, {"minute": 60}, "minute=60: it is a whole number from 0 to 59."),
        (ttTimerEveryDay, {"second": 1.5}, "second=1.5: it is a whole number from 0 to 59."),
        (ttTimerEveryHour, {"minute": 60}, "minute=60: it is a whole number from 0 to 59."),
        (ttTimerEveryMinute, {"second": 60}, "second=60: it is a whole number from 0 to 59."),
        (
            ttTimerEveryDay,
            {"time_str": "8 o'clock"},
            "time_str=\"8 o'clock\": a time is written 'hh:mm:ss' or 'hh:mm', as in '07:30:00'.",
        ),
        (
            ttTimerEveryDay,
            {"time_str": 8},
            "time_str=8: a time is written 'hh:mm:ss' or 'hh:mm', as in '07:30:00'.",
        ),
        (ttTimerEveryDay, {"time_str": "24:00"}, "hour=24: it is a whole number from 0 to 23."),
        (
            ttTimerEveryDay,
            {"time_str": "08:00", "hour": 8},
            "time_str='08:00' and hour, minute or second: both say the time. Give one of them.",
        ),
    ],
)
def test_time_that_cannot_be_is_refused_with_a_sentence(cls: Any, arguments: dict[str, Any], message: str) -> None:
    def work(desk: Desk) -> Any:
        with pytest.raises(ttTimerError) as caught:
            desk.make(cls, **arguments)
        return str(caught.value), desk.pending, desk.tonic.bindings

    assert at_desk(work) == (f"{cls.__name__}: {message}", 0, [])


def test_zone_that_is_none_is_refused() -> None:
    def work(desk: Desk) -> None:
        with pytest.raises(ttTimerError, match=r"^ttTimerEveryDay: zone='Mars': there is no time zone of this name"):
            desk.make(ttTimerEveryDay, zone="Mars")

    at_desk(work)


def test_timer_that_has_nothing_to_call_is_refused() -> None:
    messages: list[str] = []

    class Plain(ttTonic):
        def ttse__on_start(self) -> None:
            with pytest.raises(ttTimerError) as caught:
                ttTimerEveryDay(8)
            messages.append(str(caught.value))
            self.finish()

    run_app(lambda: Plain(name="plain"))

    assert messages == [
        "ttTimerEveryDay: plain has no ttse__on_timer to call. Add that sparkle, or pass sparkle_back=…"
    ]


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


# -- the wall clock is set, the machine sleeps -----------------------------------------------------------------------------


@pytest.mark.parametrize("cls, wait_ns", [(ttTimerEveryYear, LONGEST_WAIT_NS), (ttTimerEveryDay, LAST_DAY_WAIT_NS)])
def test_timer_looks_at_the_wall_clock_again_and_again(cls: Any, wait_ns: int) -> None:
    def work(desk: Desk) -> int:
        desk.make(cls)
        return int(desk.catalyst.timers.next_due_ns() - desk.clock.now)

    assert at_desk(work) == wait_ns


def test_time_that_the_clock_was_put_forward_over_fires_at_the_next_look() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 13)
        desk.clock.set_wall("2026-11-25 13:30")
        desk.pass_s(LAST_DAY_WAIT_NS / SECOND_NS)
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 13:40:00", "2026-11-26 13:00:00"]


def test_what_a_sleeping_machine_missed_fires_once() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 13)
        desk.clock.set_wall("2026-11-29 18:00")  # it slept for days, and its own count stood still
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-29 18:10:00", "2026-11-30 13:00:00"]


def test_stall_is_skipped_and_never_bursts() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryMinute)
        desk.clock.move(round(10.5 * MINUTE) * SECOND_NS)
        desk.clock.fire_due(desk.catalyst)
        desk.pass_s(MINUTE)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 12:10:30", "2026-11-25 12:11:00"]


def test_clock_that_is_put_forward_brings_a_time_nearer() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 18)
        desk.clock.set_wall("2026-11-25 17:30")
        desk.pass_s(HOUR)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 18:00:00"]


def test_clock_that_is_put_back_puts_a_time_off() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 13)
        desk.pass_s(0.9 * HOUR)
        desk.clock.set_wall("2026-11-25 12:00")
        desk.pass_s(0.9 * HOUR)
        assert desk.fired == []
        desk.pass_s(HOUR)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 13:00:00"]


def test_what_has_fired_does_not_fire_again_when_the_clock_is_put_back_a_little() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 13)
        desk.pass_s(HOUR)
        desk.clock.set_wall("2026-11-25 12:00")
        desk.pass_s(DAY)
        desk.pass_s(2 * HOUR)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 13:00:00", "2026-11-26 13:00:00"]


def test_calendar_begins_anew_when_the_clock_is_put_back_a_lot() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryYear, 12, 1)
        desk.pass_s(7 * DAY)
        desk.clock.set_wall("1999-11-25 12:00")  # a machine that began with a wrong clock
        desk.pass_s(7 * DAY)
        return desk.fired

    assert at_desk(work, "2099-11-25 12:00") == ["2099-12-01 00:00:00", "1999-12-01 00:00:00"]


@pytest.mark.parametrize("back_s, times", [(SET_BACK_S, 1), (SET_BACK_S + LAST_DAY_WAIT_NS // SECOND_NS + 1, 2)])
def test_three_hours_are_where_a_correction_ends(back_s: int, times: int) -> None:
    def work(desk: Desk) -> int:
        desk.make(ttTimerEveryDay, 12, second=1)
        desk.pass_s(1)
        desk.clock.wall -= back_s * SECOND_NS
        desk.pass_s(6 * HOUR)
        return len(desk.fired)

    assert at_desk(work) == times


def test_traveller_has_the_time_of_the_zone_the_machine_is_in(local_zone: Any) -> None:
    def work(desk: Desk) -> list[str]:
        local_zone("XYZ-1")
        desk.make(ttTimerEveryDay, 18, zone=None)
        local_zone("XYZ-4")
        desk.pass_s(DAY)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 14:00:00"]


def test_brake_does_not_hold_the_calendar() -> None:
    def work(desk: Desk) -> list[str]:
        desk.make(ttTimerEveryDay, 12, 5)
        hold_now(desk.catalyst)
        desk.clock.move(4 * MINUTE * SECOND_NS)
        release_now(desk.catalyst, desk.catalyst.releases + 1)
        desk.pass_s(10 * MINUTE)
        return desk.fired

    assert at_desk(work) == ["2026-11-25 12:05:00"]


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
