"""When calendar timers fire, in which zone, and which times are refused."""

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
from tasktonic.errors import ttTimerError
from tests.helpers.apps import run_app
from tests.helpers.calendar_desk import DAY, EVERY, HOUR, MINUTE, Desk, at_desk, fired
from tests.helpers.movable_clock import SECOND_NS, movable_clock

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
    # The wall clock of this app shows half a second to the minute, and goes on from there: an app that is slow to start, and
    # late for this minute, would wait for the next.
    ahead_ns = 60 * SECOND_NS - SECOND_NS // 2 - time.monotonic_ns()
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
