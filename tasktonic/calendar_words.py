"""What users write for months, days, weeks and times of day, taken apart and checked. Pure functions."""

from __future__ import annotations

import difflib
import re
from typing import Final

from .errors import ttTimerError

MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_MONTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_time_of_day = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def month_of(month: int | str) -> int:
    """1 to 12, from a number, a number from the end (-1 is December) or a name.

    Raises:
        ttTimerError: it is none of these; so do all functions here.
    """
    number = _named_or_number("month", month, MONTHS)
    return number if number > 0 else 13 + number


def weekday_of(day: int | str) -> int:
    """1 (Monday) to 7, from a number, a number from the end (-1 is Sunday) or a name."""
    number = _named_or_number("day", day, WEEKDAYS)
    return number if number > 0 else 8 + number


def day_of_month(day: int | str, month: int | None) -> int:
    """1 to 31, or -1 to -31, as it was given; ``month`` is the only month it has to be in, if there is one."""
    number = _number(
        "day", day, 31, "days of a month are 1 to 31, or -1 (the last) to -31; a weekday needs in_week as well"
    )
    longest = 31 if month is None else LONGEST_MONTHS[month - 1]
    if abs(number) > longest and month is not None:
        raise ttTimerError(
            f"day={day!r}: {MONTHS[month - 1].capitalize()} has at most {longest} days. Take another day; -1 is the last one."
        )
    return number


def week_of(week: int) -> int:
    """1 to 53, or -1 to -53, as it was given."""
    return _number("week", week, 53, "weeks are 1 to 53 as ISO 8601 counts them, or -1 (the last) to -53")


def nth_of(in_week: int) -> int:
    """1 to 5, or -1 to -5, as it was given."""
    return _number("in_week", in_week, 5, "it says which such weekday of the month: 1 to 5, or -1 (the last) to -5")


def second_of_day(hour: int | None, minute: int | None, second: int | None, time_str: str | None) -> int:
    """Seconds since midnight, from numbers (what is left out is 0) or from ``'hh:mm:ss'`` or ``'hh:mm'``."""
    if time_str is not None:
        if not (hour is minute is second is None):
            raise ttTimerError(
                f"time_str={time_str!r} and hour, minute or second: both say the time. Give one of them."
            )
        match = _time_of_day.fullmatch(str(time_str))
        if match is None:
            raise ttTimerError(f"time_str={time_str!r}: a time is written 'hh:mm:ss' or 'hh:mm', as in '07:30:00'.")
        hour, minute, second = (int(part or 0) for part in match.groups())
    return 3600 * _up_to(23, "hour", hour) + second_of_hour(minute, second)


def second_of_hour(minute: int | None, second: int | None) -> int:
    """Seconds since the hour began."""
    return 60 * _up_to(59, "minute", minute) + second_of_minute(second)


def second_of_minute(second: int | None) -> int:
    """Seconds since the minute began."""
    return _up_to(59, "second", second)


def _up_to(most: int, what: str, value: int | None) -> int:
    if value is None:
        return 0
    if type(value) is not int or not 0 <= value <= most:
        raise ttTimerError(f"{what}={value!r}: it is a whole number from 0 to {most}.")
    return value


def _number(what: str, value: object, most: int, wanted: str) -> int:
    if type(value) is not int or not 1 <= abs(value) <= most:
        raise ttTimerError(f"{what}={value!r}: {wanted}.")
    return value


def _named_or_number(what: str, value: object, names: tuple[str, ...]) -> int:
    """By number from 1, by number from the end, or by name: English, whole or its first three letters, in any case."""
    wanted = (
        f"a {what} is 1 ({names[0].capitalize()}) to {len(names)}, -1 to -{len(names)} from the end, "
        f"or a name such as {names[0]!r} or {names[0][:3]!r}"
    )
    if not isinstance(value, str):
        return _number(what, value, len(names), wanted)
    word = value.strip().lower()
    for number, name in enumerate(names, 1):
        if word in (name, name[:3]):
            return number
    near = difflib.get_close_matches(word, names, 1)
    raise ttTimerError(f"{what}={value!r}: {wanted}." + (f" Did you mean {near[0]!r}?" if near else ""))
