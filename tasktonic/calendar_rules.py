"""When something is due by the calendar: rules that know the next moment after a given one. Pure, and without state.

Rules of days (each year, month, week or day) name a time of day, and a date on which it is due. Rules of hours and minutes name
a mark on the clock's face. How they differ when the clock is changed: docs/decisions/0010-calendar-timers.md.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator
from typing import Protocol

from .calendar_words import LONGEST_MONTHS
from .errors import ttTimerError
from .wall_time import Offset, change_between, day_of, first_moment, start_of, wall_time

MINUTE_S = 60
HOUR_S = 3600


class Rule(Protocol):
    """Says when something is due."""

    def next_after(self, moment: int, offset: Offset) -> int:
        """The first moment after ``moment`` at which it is due.

        Raises:
            ttTimerError: there is none before the year 10000.
        """


# Plain classes: seven dataclasses would be a twentieth of the time that importing the framework may take.


class OnDays:
    """Due once on each of some days, at a time of the day."""

    def __init__(self, second_of_day: int) -> None:
        self.second_of_day = second_of_day

    def days_from(self, first: datetime.date) -> Iterator[datetime.date]:
        """The days on which it is due, from ``first`` on, in order; here each day."""
        for ordinal in itertools.count(first.toordinal()):
            yield datetime.date.fromordinal(ordinal)

    def next_after(self, moment: int, offset: Offset) -> int:
        try:
            # What was due on an earlier day has been: the clock has shown this day already.
            for day in self.days_from(day_of(wall_time(moment, offset))):
                due = first_moment(start_of(day) + self.second_of_day, offset)
                if due > moment:
                    return due
        except (OverflowError, ValueError, OSError):
            pass
        raise ttTimerError("there is no such time before the year 10000, where the calendar ends.")


class OnWeekday(OnDays):
    """Each week. ``weekday`` is 1 (Monday) to 7."""

    def __init__(self, second_of_day: int, weekday: int) -> None:
        super().__init__(second_of_day)
        self.weekday = weekday

    def days_from(self, first: datetime.date) -> Iterator[datetime.date]:
        ordinal = first.toordinal() + (self.weekday - first.isoweekday()) % 7
        while True:
            yield datetime.date.fromordinal(ordinal)
            ordinal += 7


class OnDayOfMonth(OnDays):
    """Each month, or with ``month`` (1 to 12) each year. ``day`` is 1 to 31, or -1 (the last) to -31; what is not there is skipped."""

    def __init__(self, second_of_day: int, day: int, month: int | None = None) -> None:
        super().__init__(second_of_day)
        self.day, self.month = day, month

    def days_from(self, first: datetime.date) -> Iterator[datetime.date]:
        for year, month in _months_from(first, self.month):
            day = self._in_month(year, month)
            if day is not None and day >= first:
                yield day

    def _in_month(self, year: int, month: int) -> datetime.date | None:
        length = _length_of(year, month)
        day = self.day if self.day > 0 else length + 1 + self.day
        return datetime.date(year, month, day) if 1 <= day <= length else None


class OnWeekdayOfMonth(OnDays):
    """The nth such weekday of each month, or with ``month`` of one month each year.

    ``nth`` is 1 to 5, or -1 (the last) to -5; months that do not have so many are skipped.
    """

    def __init__(self, second_of_day: int, weekday: int, nth: int, month: int | None = None) -> None:
        super().__init__(second_of_day)
        self.weekday, self.nth, self.month = weekday, nth, month

    def days_from(self, first: datetime.date) -> Iterator[datetime.date]:
        for year, month in _months_from(first, self.month):
            day = self._in_month(year, month)
            if day is not None and day >= first:
                yield day

    def _in_month(self, year: int, month: int) -> datetime.date | None:
        first = 1 + (self.weekday - datetime.date(year, month, 1).isoweekday()) % 7
        days = range(first, _length_of(year, month) + 1, 7)
        index = self.nth - 1 if self.nth > 0 else len(days) + self.nth
        return datetime.date(year, month, days[index]) if 0 <= index < len(days) else None


class OnWeekOfYear(OnDays):
    """Each year in one week of it, counted as ISO 8601 does: 1 to 53, or -1 (the last) to -53; years without it are skipped."""

    def __init__(self, second_of_day: int, week: int, weekday: int) -> None:
        super().__init__(second_of_day)
        self.week, self.weekday = week, weekday

    def days_from(self, first: datetime.date) -> Iterator[datetime.date]:
        for year in itertools.count(first.isocalendar().year):
            weeks = datetime.date(year, 12, 28).isocalendar().week  # that day is always in the last week
            week = self.week if self.week > 0 else weeks + 1 + self.week
            if 1 <= week <= weeks:
                day = datetime.date.fromisocalendar(year, week, self.weekday)
                if day >= first:
                    yield day


class OnMark:
    """Each time the clock's face shows a mark: some seconds after the beginning of each unit (an hour, or a minute).

    It goes by the hours that pass: when a whole hour is repeated it is due in both, and there is nothing to make up for when a
    whole hour is left out. Where the clock is changed by less than the unit (Lord Howe Island changes it by half an hour) a
    mark that is jumped over is due at the first moment after, and of one that is shown twice only the first counts.
    """

    def __init__(self, unit_s: int, mark_s: int) -> None:
        self.unit_s, self.mark_s = unit_s, mark_s

    def next_after(self, moment: int, offset: Offset) -> int:
        try:
            return self._next_after(moment, offset)
        except (OverflowError, ValueError, OSError):
            raise ttTimerError("there is no such time before the year 10000, where the calendar ends.") from None

    def _next_after(self, moment: int, offset: Offset) -> int:
        while True:
            ahead = offset(moment)
            due = self._mark_from(moment + 1, ahead)
            if offset(due) != ahead:
                changed = change_between(moment, due, offset)
                ahead_then = offset(changed)
                jumped = ahead_then - ahead
                if 0 < jumped < self.unit_s and self._mark_from(changed, ahead) < changed + jumped:
                    return changed
                due = self._mark_from(changed, ahead_then)
            if not self._was_shown_before(due, offset):
                return due
            moment = due

    def _mark_from(self, moment: int, ahead: int) -> int:
        """The first moment from this one on at which a clock that far ahead of UTC shows the mark."""
        return moment + (self.mark_s - moment - ahead) % self.unit_s

    def _was_shown_before(self, moment: int, offset: Offset) -> bool:
        """Whether the clock was put back less than a unit ago, by less than a unit, and has not caught up yet."""
        back = offset(moment - self.unit_s) - offset(moment)
        if not 0 < back < self.unit_s:
            return False
        return moment < change_between(moment - self.unit_s, moment, offset) + back


def _months_from(first: datetime.date, only: int | None) -> Iterator[tuple[int, int]]:
    for number in itertools.count(first.year * 12 + first.month - 1):
        year, month = divmod(number, 12)
        if only is None or month + 1 == only:
            yield year, month + 1


def _length_of(year: int, month: int) -> int:
    is_short = month == 2 and (year % 4 != 0 or (year % 100 == 0 and year % 400 != 0))
    return 28 if is_short else LONGEST_MONTHS[month - 1]
