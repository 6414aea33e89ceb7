"""The arithmetic of the calendar against models that count minute by minute and day by day."""

from __future__ import annotations

import calendar
import datetime
import zoneinfo
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasktonic.calendar_rules import (
    HOUR_S,
    MINUTE_S,
    OnDayOfMonth,
    OnDays,
    OnMark,
    OnWeekday,
    OnWeekdayOfMonth,
    OnWeekOfYear,
    Rule,
)
from tasktonic.errors import ttTimerError
from tasktonic.wall_time import DAY_S, Offset, day_of, first_moment, offset_of, start_of, wall_time

CHANGES = {
    "Europe/Amsterdam": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),  # by half an hour
    "America/Sao_Paulo": ("2017-10-15", "2018-02-18"),  # at midnight: a day without its first hour
    "Africa/Cairo": ("2026-04-24", "2026-10-30"),  # at midnight as well
    "America/St_Johns": ("2006-04-02", "2006-10-29"),  # at one minute past midnight, in a zone of half an hour
    "Asia/Kathmandu": ("1985-12-31", "1986-01-01"),  # for good, by a quarter of an hour
    "Africa/Casablanca": ("2026-02-15", "2026-03-22"),  # summer time stands still in Ramadan
    "Pacific/Apia": ("2011-12-29", "2011-12-31"),  # a day that was left out whole
    "Antarctica/Troll": ("2026-03-29", "2026-10-25"),  # by two hours
    "UTC": ("2026-01-01", "2026-12-31"),
}
"""Zones, with days on (or next to) which their clocks were changed."""

NAMED_LIKE = "Zones are named like 'Europe/Amsterdam' or 'UTC'; None is the local one."

near_changes = st.tuples(
    st.sampled_from([(zone, day) for zone, days in CHANGES.items() for day in days]), st.integers(-2 * 1440, 2 * 1440)
)
"""A zone and a moment (in minutes) not far from a change of its clock."""


def at(text: str, zone: str) -> int:
    """The moment at which the clocks of a zone show this; the first one."""
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=zoneinfo.ZoneInfo(zone)).timestamp())


def shown(moment: int, zone: str) -> str:
    """What the clocks of a zone show, with how far they are ahead."""
    return datetime.datetime.fromtimestamp(moment, zoneinfo.ZoneInfo(zone)).isoformat(" ")


def moments(rule: Rule, after: str, zone: str, count: int) -> list[str]:
    """When a rule is due, from a time on."""
    offset, moment, found = offset_of(zone), at(after, zone), []
    for _ in range(count):
        moment = rule.next_after(moment, offset)
        found.append(shown(moment, zone))
    return found


def noon(zone: str, day: str, minutes: int) -> int:
    return at(f"{day}T12:00", zone) + 60 * minutes


# -- moments and walls --------------------------------------------------------------------------------------------------


def first_minute_that_shows(wall: int, offset: Offset) -> int:
    """The model: go through all the minutes in which it can be."""
    return next(
        moment
        for moment in range((wall - 26 * HOUR_S) // 60 * 60, wall + 26 * HOUR_S, 60)
        if wall_time(moment, offset) >= wall
    )


@given(near_changes)
def test_first_moment_is_the_first_minute_at_which_the_clock_shows_it_or_more(place: Any) -> None:
    (zone, day), minutes = place
    offset = offset_of(zone)
    wall = wall_time(noon(zone, day, 0), offset) + 60 * minutes

    assert first_moment(wall, offset) == first_minute_that_shows(wall, offset)


@pytest.mark.parametrize(
    "zone, wall, moment",
    [
        ("Europe/Amsterdam", "2026-03-29 02:30", "2026-03-29 03:00:00+02:00"),
        ("Europe/Amsterdam", "2026-10-25 02:30", "2026-10-25 02:30:00+02:00"),
        ("America/New_York", "2026-03-08 02:00", "2026-03-08 03:00:00-04:00"),
        ("America/New_York", "2026-11-01 01:59", "2026-11-01 01:59:00-04:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-04 02:30:00+11:00"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-05 01:45:00+11:00"),
        ("America/Sao_Paulo", "2017-10-15 00:00", "2017-10-15 01:00:00-02:00"),
        ("Africa/Cairo", "2026-04-24 00:30", "2026-04-24 01:00:00+03:00"),
        ("Pacific/Apia", "2011-12-30 10:00", "2011-12-31 00:00:00+14:00"),
        ("UTC", "2026-03-29 02:30", "2026-03-29 02:30:00+00:00"),
    ],
)
def test_known_nights(zone: str, wall: str, moment: str) -> None:
    naive = datetime.datetime.fromisoformat(wall)
    seconds = start_of(naive.date()) + naive.hour * HOUR_S + naive.minute * MINUTE_S

    assert shown(first_moment(seconds, offset_of(zone)), zone) == moment


@pytest.mark.parametrize("days", [-200_000, -1, 0, 1, 20_000])
def test_day_of_is_the_reverse_of_start_of(days: int) -> None:
    day = datetime.date.fromordinal(datetime.date(1970, 1, 1).toordinal() + days)

    assert [day_of(start_of(day)), day_of(start_of(day) + DAY_S - 1)] == [day, day]


# -- zones ----------------------------------------------------------------------------------------------------------------


def test_zone_can_be_a_tzinfo() -> None:
    assert offset_of(datetime.timezone(datetime.timedelta(hours=5, minutes=45)))(0) == 20_700


def test_local_zone_is_that_of_the_machine_when_it_is_asked(local_zone: Callable[[str], None]) -> None:
    local_zone("UTC")
    offset = offset_of(None)
    before = offset(0)

    local_zone("XYZ-3")

    assert (before, offset(0)) == (0, 3 * HOUR_S)


def test_local_zone_knows_summer_time(local_zone: Callable[[str], None]) -> None:
    local_zone("Europe/Amsterdam")
    local, named = offset_of(None), offset_of("Europe/Amsterdam")

    assert all(local(m) == named(m) for m in range(at("2026-01-01", "UTC"), at("2027-01-01", "UTC"), 6 * HOUR_S))


@pytest.mark.parametrize(
    "zone, message",
    [
        (
            "Europe/Amsterdm",
            f"zone='Europe/Amsterdm': there is no time zone of this name. Did you mean 'Europe/Amsterdam'? {NAMED_LIKE}",
        ),
        (
            "amsterdam",
            f"zone='amsterdam': there is no time zone of this name. Did you mean 'Europe/Amsterdam'? {NAMED_LIKE}",
        ),
        ("../../etc/passwd", f"zone='../../etc/passwd': there is no time zone of this name. {NAMED_LIKE}"),
        (5, "zone=5: a zone is a name such as 'Europe/Amsterdam', a tzinfo, or None for the local one."),
    ],
)
def test_zone_that_is_none_is_refused(zone: Any, message: str) -> None:
    with pytest.raises(ttTimerError) as caught:
        offset_of(zone)

    assert str(caught.value) == message


def test_tzinfo_that_knows_no_offset_is_refused() -> None:
    class Nowhere(datetime.tzinfo):
        dst = tzname = None  # type: ignore[assignment]

        def fromutc(self, dt: datetime.datetime) -> datetime.datetime:
            return dt

        def utcoffset(self, dt: datetime.datetime | None) -> None:
            return None

        def __repr__(self) -> str:
            return "Nowhere()"

    with pytest.raises(ttTimerError, match=r"zone=Nowhere\(\): its utcoffset\(\) gives None"):
        offset_of(Nowhere())


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A machine without a database of time zones."""
    monkeypatch.setattr("importlib.resources.open_binary", _nothing_there, raising=False)
    monkeypatch.setattr("importlib.resources.files", _nothing_there)
    zoneinfo.ZoneInfo.clear_cache()
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(())
    yield
    zoneinfo.reset_tzpath(before)
    zoneinfo.ZoneInfo.clear_cache()


def _nothing_there(package: Any, resource: Any = None) -> Any:
    raise ModuleNotFoundError(package)


def test_machine_without_time_zones_says_what_to_install(no_database: None) -> None:
    with pytest.raises(ttTimerError) as caught:
        offset_of("Europe/Amsterdam")

    assert str(caught.value) == (
        "zone='Europe/Amsterdam': this machine has no database of time zones. Install the one of the system (the package is "
        "mostly called tzdata), or pip install tzdata; 'UTC' and the local zone need none."
    )


def test_utc_needs_no_database(no_database: None) -> None:
    assert offset_of("UTC")(0) == 0


# -- times of day against a model -------------------------------------------------------------------------------------------


@given(near_changes, st.integers(0, 1439))
@example((("Europe/Amsterdam", "2026-03-29"), 0), 150)
@example((("Pacific/Apia", "2011-12-29"), 720), 0)
@example((("America/Sao_Paulo", "2018-02-18"), -750), 1410)
def test_time_of_day_comes_once_a_day_at_the_first_minute_that_shows_it_or_more(place: Any, minute: int) -> None:
    (zone, day), minutes = place
    offset, moment = offset_of(zone), noon(zone, day, minutes)
    today = start_of(day_of(wall_time(moment, offset)))
    model = min(
        due
        for days in range(-2, 4)
        if (due := first_minute_that_shows(today + days * DAY_S + 60 * minute, offset)) > moment
    )

    assert OnDays(60 * minute).next_after(moment, offset) == model


@given(near_changes, st.sampled_from([0, 15, 29, 30, 44, 45, 59]))
@example((("Australia/Lord_Howe", "2026-10-04"), -11 * 60), 15)
@example((("Australia/Lord_Howe", "2026-04-05"), -11 * 60), 45)
def test_hourly_time_comes_as_the_hours_go_by(place: Any, minute: int) -> None:
    (zone, day), minutes = place
    offset, moment = offset_of(zone), noon(zone, day, minutes)

    assert OnMark(HOUR_S, 60 * minute).next_after(moment, offset) == next_mark_minute_by_minute(moment, minute, offset)


def next_mark_minute_by_minute(moment: int, minute: int, offset: Offset) -> int:
    """The model: what a person sees who looks at the clock every minute."""
    shown_at: dict[int, int] = {}
    before: int | None = None
    for now in range((moment // 60 - 120) * 60, moment + 4 * HOUR_S, 60):
        wall = wall_time(now, offset)
        jumped = range(wall if before is None else before + 60, wall, 60)
        skipped = len(jumped) < 60 and any(missed // 60 % 60 == minute for missed in jumped)
        again = now - shown_at.get(wall, now - HOUR_S) < HOUR_S
        shown_at[wall] = now
        before = wall
        if now > moment and (skipped or (wall // 60 % 60 == minute and not again)):
            return now
    raise AssertionError("it never comes")


@given(near_changes, st.integers(0, 59))
def test_every_minute_has_its_second(place: Any, second: int) -> None:
    (zone, day), minutes = place
    moment = noon(zone, day, minutes)

    assert OnMark(MINUTE_S, second).next_after(moment, offset_of(zone)) == moment + (second or 60)


@pytest.mark.parametrize(
    "zone, minute, after, due",
    [
        # An hour is repeated: it is due in both.
        ("Europe/Amsterdam", 30, "2026-10-25T01:45", ["02:30:00+02:00", "02:30:00+01:00", "03:30:00+01:00"]),
        # An hour is left out: an hour goes by from one to the next.
        ("Europe/Amsterdam", 30, "2026-03-29T00:45", ["01:30:00+01:00", "03:30:00+02:00", "04:30:00+02:00"]),
        # Half an hour is left out, and the mark with it: the first moment after.
        ("Australia/Lord_Howe", 15, "2026-10-04T00:45", ["01:15:00+10:30", "02:30:00+11:00", "03:15:00+11:00"]),
        # Half an hour is repeated: the first of the two.
        ("Australia/Lord_Howe", 45, "2026-04-05T00:50", ["01:45:00+11:00", "02:45:00+10:30", "03:45:00+10:30"]),
        ("Australia/Lord_Howe", 0, "2026-04-05T00:50", ["01:00:00+11:00", "02:00:00+10:30", "03:00:00+10:30"]),
    ],
)
def test_hours_of_known_nights(zone: str, minute: int, after: str, due: list[str]) -> None:
    found = moments(OnMark(HOUR_S, 60 * minute), after, zone, 3)

    assert [text.partition(" ")[2] for text in found] == due


# -- dates against a model ----------------------------------------------------------------------------------------------------

any_day = st.dates(datetime.date(1995, 1, 1), datetime.date(2105, 1, 1))
months = st.none() | st.integers(1, 12)


def is_nth(day: datetime.date, weekday: int, nth: int) -> bool:
    weeks = [week[weekday - 1] for week in calendar.monthcalendar(day.year, day.month) if week[weekday - 1]]
    return len(weeks) >= abs(nth) and weeks[nth - 1 if nth > 0 else nth] == day.day


def is_day(day: datetime.date, number: int) -> bool:
    days = list(range(1, calendar.monthrange(day.year, day.month)[1] + 1))
    return len(days) >= abs(number) and days[number - 1 if number > 0 else number] == day.day


def is_in_week(day: datetime.date, week: int) -> bool:
    # Thursday decides: a week belongs to the year in which its Thursday is, and is the nth if that is the nth Thursday.
    thursday = day + datetime.timedelta(days=4 - day.isoweekday())
    of_year = (thursday.timetuple().tm_yday - 1) // 7 + 1
    of_rest = (datetime.date(thursday.year, 12, 31) - thursday).days // 7 + 1
    return week in (of_year, -of_rest)


def first_day(start: datetime.date, is_due: Callable[[datetime.date], bool]) -> datetime.date:
    """The model: go through all the days."""
    day = start
    while not is_due(day):
        day += datetime.timedelta(days=1)
    return day


@given(any_day, st.integers(1, 7))
def test_weekday_is_the_first_day_of_that_name(start: datetime.date, weekday: int) -> None:
    assert next(OnWeekday(0, weekday).days_from(start)) == first_day(start, lambda day: day.isoweekday() == weekday)


@given(any_day, st.integers(1, 31).flatmap(lambda n: st.sampled_from([n, -n])), months)
def test_day_of_a_month_is_the_first_day_of_that_number(start: datetime.date, number: int, month: int | None) -> None:
    if month is not None:
        number = max(-28, min(28, number))

    found = next(OnDayOfMonth(0, number, month).days_from(start))

    assert found == first_day(start, lambda day: month in (None, day.month) and is_day(day, number))


@given(any_day, st.integers(1, 7), st.sampled_from([1, 2, 3, 4, 5, -1, -2, -3, -4, -5]), months)
def test_weekday_of_a_month_is_the_first_day_with_that_place(
    start: datetime.date, weekday: int, nth: int, month: int | None
) -> None:
    found = next(OnWeekdayOfMonth(0, weekday, nth, month).days_from(start))

    assert found == first_day(start, lambda day: month in (None, day.month) and is_nth(day, weekday, nth))


@given(any_day, st.integers(1, 53).flatmap(lambda n: st.sampled_from([n, -n])), st.integers(1, 7))
@example(datetime.date(2026, 12, 31), 53, 4)
@example(datetime.date(2027, 1, 2), 53, 7)
@example(datetime.date(2025, 12, 30), 1, 1)
def test_week_of_a_year_is_the_first_day_in_such_a_week(start: datetime.date, week: int, weekday: int) -> None:
    found = next(OnWeekOfYear(0, week, weekday).days_from(start))

    assert found == first_day(start, lambda day: day.isoweekday() == weekday and is_in_week(day, week))


@pytest.mark.parametrize(
    "rule, due",
    [
        (OnDayOfMonth(0, 29, 2), ["2028-02-29", "2032-02-29"]),
        (OnDayOfMonth(0, 31), ["2026-12-31", "2027-01-31", "2027-03-31"]),
        (OnDayOfMonth(0, -1), ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"]),
        (OnDayOfMonth(0, -1, 2), ["2027-02-28", "2028-02-29"]),
        (OnDayOfMonth(0, -31), ["2026-12-01", "2027-01-01", "2027-03-01"]),
        (OnWeekdayOfMonth(0, 5, 5), ["2027-01-29", "2027-04-30", "2027-07-30"]),
        (OnWeekdayOfMonth(0, 4, -1), ["2026-11-26", "2026-12-31", "2027-01-28"]),
        (OnWeekdayOfMonth(0, 7, 5, 2), ["2032-02-29", "2060-02-29"]),
        (OnWeekOfYear(0, 53, 1), ["2026-12-28", "2032-12-27"]),
        (OnWeekOfYear(0, -1, 7), ["2027-01-03", "2028-01-02"]),
        (OnWeekOfYear(0, 1, 1), ["2027-01-04", "2028-01-03"]),
    ],
)
def test_known_dates(rule: Rule, due: list[str]) -> None:
    found = moments(rule, "2026-11-25T12:00", "UTC", len(due))

    assert [text[:10] for text in found] == due


def test_fifth_weekday_of_february_is_found_across_a_century_without_its_leap_day() -> None:
    assert moments(OnWeekdayOfMonth(0, 1, 5, 2), "2080-01-01T00:00", "UTC", 1) == ["2112-02-29 00:00:00+00:00"]


def test_what_is_due_now_is_not_due_after_now() -> None:
    now = at("2026-11-25T08:00", "UTC")

    assert OnDays(8 * HOUR_S).next_after(now, offset_of("UTC")) == now + DAY_S


@pytest.mark.parametrize("rule", [OnDays(0), OnDayOfMonth(0, 1), OnWeekOfYear(0, 1, 1), OnWeekday(0, 1)])
def test_calendar_ends(rule: Rule) -> None:
    with pytest.raises(ttTimerError, match="there is no such time before the year 10000, where the calendar ends"):
        rule.next_after(at("9999-12-31T12:00", "UTC"), offset_of("UTC"))


@pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam"])
def test_marks_end_with_the_calendar(zone: str) -> None:
    with pytest.raises(ttTimerError, match="there is no such time before the year 10000"):
        OnMark(HOUR_S, 0).next_after(at("9999-12-31T23:30", "UTC"), offset_of(zone))
