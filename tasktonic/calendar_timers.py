"""Timers that fire at times of the calendar, by the wall clock of a zone.

Other timers count what goes by and do not care what the wall clock says. These care about nothing else. As the wall clock can be
set, and a machine can sleep, a calendar timer looks at the clock again every hour, and on the last day before it is due every ten minutes.
"""

# Longer than most files: the arguments of six timers are written out, each twice, so that editors and checkers know them.

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Final, NoReturn, Self, TypeVar

from . import clock
from .calendar_rules import (
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
from .calendar_words import (
    day_of_month,
    month_of,
    nth_of,
    second_of_day,
    second_of_hour,
    second_of_minute,
    week_of,
    weekday_of,
)
from .current import current_run
from .endings import ASKED
from .errors import ttTimerError
from .essence import ttEssence
from .timers import SparkleBack, ttTimer
from .wall_time import Offset, offset_of

T = TypeVar("T")
Zone = str | datetime.tzinfo | None

LONGEST_WAIT_NS: Final = 3_600_000_000_000
"""After this long it looks at the wall clock again. So late it may be when somebody sets the clock, or the machine slept."""

LAST_DAY_WAIT_NS: Final = 600_000_000_000
"""The same on the last day before it is due."""

SET_BACK_S: Final = 3 * 3600
"""A clock that is put back by up to this much is being corrected: what has fired does not fire again."""

_SECOND_NS: Final = 1_000_000_000
_DAY_NS: Final = 86_400 * _SECOND_NS


class ttTimerCalendar(ttTimer):
    """What the timers of the calendar share. Use one of its subclasses.

    They fire when the wall clock of their zone shows their time, again and again until they are stopped or finish. What was
    missed (the program hung, the machine slept, the clock was put forward) fires once, late, and is not made up for
    otherwise. When the clock is put back by up to three hours nothing fires twice; when by more, the calendar begins anew
    with what it says then.

    The time of day that a date does not have, because the clock is put forward over it, is the first moment after the jump;
    one that a date has twice is the first of the two.

    ``start``, ``restart`` and ``resume`` all go on with the next time on the calendar; ``stop`` and ``pause`` keep it from firing
    until then, and what they keep from firing is lost. It has no period to change: ``change_time`` takes another time.

    Its methods may be called from any thread. It fires in its catalyst's, and ends with its context.

    Args:
        zone: a name such as ``'Europe/Amsterdam'``, a ``tzinfo``, or None for the zone of this machine. It stays what it is.
        name, context, sparkle_back: as for all timers.

    Raises:
        ttTimerError: the time cannot be, there is no such zone, or there is nothing to call.

    >>> from tasktonic.testing import distill
    >>> class Bells(ttTonic):
    ...     def ttse__on_start(self):
    ...         every = {"zone": "UTC", "sparkle_back": print}
    ...         for timer in (
    ...             self.bind(ttTimerEveryMinute, second=30, **every),
    ...             self.bind(ttTimerEveryHour, minute=15, **every),
    ...             self.bind(ttTimerEveryDay, time_str="06:30:00", **every),
    ...             self.bind(ttTimerEveryWeek, day="Monday", hour=9, **every),
    ...             self.bind(ttTimerEveryMonth, day=-1, **every),
    ...             self.bind(ttTimerEveryMonth, day="Friday", in_week=2, **every),
    ...             self.bind(ttTimerEveryYear, month="December", day=31, hour=23, **every),
    ...         ):
    ...             print(f"{timer.next_time:%a %d %b %Y %H:%M:%S}")
    ...
    ...         self.finish()
    >>> class App(ttFormula):
    ...     def creating_starting_tonics(self):
    ...         Bells()
    >>> distiller = distill(App, settings={"tasktonic/log/to": "off", "tasktonic/testing/wall_clock": 1_700_000_000})
    >>> trace = distiller.sparkle()
    Tue 14 Nov 2023 22:13:30
    Tue 14 Nov 2023 22:15:00
    Wed 15 Nov 2023 06:30:00
    Mon 20 Nov 2023 09:00:00
    Thu 30 Nov 2023 00:00:00
    Fri 08 Dec 2023 00:00:00
    Sun 31 Dec 2023 23:00:00
    """

    follows_wall = True
    """The brake does not move it: no brake holds the wall clock."""
    _repeats = True
    _period_ns = -1
    """It has none; this is what the stream says of that."""
    _rule: Rule
    _offset: Offset
    _due_s = 0
    """The moment at which it fires next, in seconds since 1970."""
    _due_offset_s = 0
    """How far the zone will be ahead then."""
    _fired_s = 0
    """No time up to this moment counts any more."""
    _looked_s = 0
    """What the wall clock said when it was looked at last."""

    def _begin_with(
        self,
        rule: Callable[[], Rule],
        zone: Zone,
        name: str | None,
        context: ttEssence | int | None,
        sparkle_back: SparkleBack | None,
    ) -> None:
        self._rule = self._checked(rule)
        self._offset = self._checked(lambda: offset_of(zone))
        self._come_to_life(name, context, sparkle_back)

    def _checked(self, make: Callable[[], T]) -> T:
        try:
            return make()
        except ttTimerError as error:
            raise ttTimerError(f"{type(self).__name__}: {error}") from None

    def _change_to(self, make: Callable[[], Rule]) -> Self:
        return self._change(self._checked(make))

    def change_period(
        self, seconds: float = 0.0, minutes: float = 0.0, hours: float = 0.0, days: float = 0.0
    ) -> NoReturn:
        """A calendar timer has none.

        Raises:
            ttTimerError: always.
        """
        raise ttTimerError(
            f"{self.name}: a {type(self).__name__} fires at times of the calendar and has no period. Take another time with "
            "change_time(…), or use a ttTimerRepeat."
        )

    @property
    def next_time(self) -> datetime.datetime | None:
        """When it fires next, as the clocks of its zone will show it; ``None`` while it does not run. Any thread."""
        if self._entry is None:
            return None
        due_s = self._due_s
        zone = datetime.timezone(datetime.timedelta(seconds=self._offset(due_s)))
        return datetime.datetime.fromtimestamp(due_s, zone)

    # -- in the catalyst's thread --------------------------------------------------------------------------------------

    def _take(self, change: Rule) -> None:
        self._rule = change

    def _begin(self) -> None:
        self._looked_s = self._fired_s = _wall_s()
        self._wait_for_next()

    def _resume(self) -> None:
        if self._entry is None and self._remaining_ns is not None:
            self._begin()

    def fire(self, now: int) -> None:
        """It is due, or it is time to look at the wall clock again: the catalyst says so. In its thread."""
        if self._tt_stage >= ASKED:
            return
        said_s, self._looked_s = self._looked_s, _wall_s()
        if self._looked_s >= self._due_s:
            super().fire(now)
        elif (
            abs(_now_ns_at(self._due_s) - self._due_ns) >= _SECOND_NS or self._offset(self._due_s) != self._due_offset_s
        ):
            # The clock was set, or the machine is in another zone now.
            if self._looked_s < said_s - SET_BACK_S:
                self._fired_s = self._looked_s
            self._wait_for_next()
        else:
            self._wait()

    def _go_on(self, due_ns: int, now: int) -> None:
        self._fired_s = self._looked_s
        self._wait_for_next()

    def _wait_for_next(self) -> None:
        self._due_s = self._rule.next_after(max(self._looked_s, self._fired_s), self._offset)
        self._due_offset_s = self._offset(self._due_s)
        self._wait()
        self._tell_set(current_run())

    def _wait(self) -> None:
        """Run until it is due, or until it is time to look at the wall clock again."""
        self._take_out()
        self._remaining_ns = None
        self._due_ns = _now_ns_at(self._due_s)
        now_ns = clock.now_ns()
        left_ns = max(0, self._due_ns - now_ns)
        longest_ns = LONGEST_WAIT_NS if left_ns > _DAY_NS else LAST_DAY_WAIT_NS
        self._entry = self._tt_catalyst.timers.add(now_ns + min(left_ns, longest_ns), self)
        self._tt_catalyst.timers_changed()

    def _due_ns_now(self) -> int:
        return self._due_ns

    def _left_ns(self) -> int:
        return max(0, self._due_s * _SECOND_NS - clock.wall_ns())


def _wall_s() -> int:
    return clock.wall_ns() // _SECOND_NS


def _now_ns_at(moment: int) -> int:
    """What the count of timers will say at a moment, if nobody sets the wall clock."""
    return clock.now_ns() + moment * _SECOND_NS - clock.wall_ns()


class ttTimerEveryYear(ttTimerCalendar):
    """Fires once a year: on a day of a month, on a weekday of a month, or on a weekday of a week.

    Args:
        month: 1 to 12, -1 (December) to -12, or a name: English, whole or three letters, in any case. Left out: January.
        week: instead of a month, a week as ISO 8601 counts them (it begins on Monday; week 1 has the first Thursday): 1 to 53,
            or -1 (the last) to -53. Years without such a week are skipped.
        day: of the month, 1 to 31 or -1 (the last) to -31; with ``in_week`` or ``week`` a weekday, 1 (Monday) to 7, -1 (Sunday) to
            -7, or a name. Left out: the first, or Monday. Years in which the month has no such day are skipped.
        in_week: which such weekday of the month: 1 to 5, or -1 (the last) to -5. Years without are skipped.
        hour, minute, second: the time of day; what is left out is 0.
        time_str: the time of day as ``'hh:mm:ss'`` or ``'hh:mm'`` instead.
        zone, name, context, sparkle_back: as for ``ttTimerCalendar``.
    """

    def __init__(
        self,
        month: int | str | None = None,
        day: int | str | None = None,
        in_week: int | None = None,
        hour: int | None = None,
        minute: int | None = None,
        second: int | None = None,
        time_str: str | None = None,
        *,
        week: int | None = None,
        zone: Zone = None,
        name: str | None = None,
        context: ttEssence | int | None = None,
        sparkle_back: SparkleBack | None = None,
    ) -> None:
        self._begin_with(
            lambda: _in_year(month, week, day, in_week, second_of_day(hour, minute, second, time_str)),
            zone, name, context, sparkle_back,
        )  # fmt: skip

    def change_time(
        self,
        month: int | str | None = None,
        day: int | str | None = None,
        in_week: int | None = None,
        hour: int | None = None,
        minute: int | None = None,
        second: int | None = None,
        time_str: str | None = None,
        *,
        week: int | None = None,
    ) -> Self:
        """Fire at another time from now on; what is left out is as when it is created. Starts nothing. Any thread."""
        return self._change_to(
            lambda: _in_year(month, week, day, in_week, second_of_day(hour, minute, second, time_str))
        )


class ttTimerEveryMonth(ttTimerCalendar):
    """Fires once a month: on a day of it, or on a weekday of it.

    Args:
        day: 1 to 31, or -1 (the last) to -31; with ``in_week`` a weekday, 1 (Monday) to 7, -1 (Sunday) to -7, or a name: English,
            whole or three letters, in any case. Left out: the first. Months without such a day are skipped: for the end
            of every month take -1, not 31.
        in_week: which such weekday of the month: 1 to 5, or -1 (the last) to -5. Months without are skipped.
        hour, minute, second: the time of day; what is left out is 0.
        time_str: the time of day as ``'hh:mm:ss'`` or ``'hh:mm'`` instead.
        zone, name, context, sparkle_back: as for ``ttTimerCalendar``.
    """

    def __init__(
        self,
        day: int | str | None = None,
        in_week: int | None = None,
        hour: int | None = None,
        minute: int | None = None,
        second: int | None = None,
        time_str: str | None = None,
        *,
        zone: Zone = None,
        name: str | None = None,
        context: ttEssence | int | None = None,
        sparkle_back: SparkleBack | None = None,
    ) -> None:
        self._begin_with(
            lambda: _in_month(None, day, in_week, second_of_day(hour, minute, second, time_str)),
            zone, name, context, sparkle_back,
        )  # fmt: skip

    def change_time(
        self,
        day: int | str | None = None,
        in_week: int | None = None,
        hour: int | None = None,
        minute: int | None = None,
        second: int | None = None,
        time_str: str | None = None,
    ) -> Self:
        """Fire at another time from now on; what is left out is as when it is created. Starts nothing. Any thread."""
        return self._change_to(lambda: _in_month(None, day, in_week, second_of_day(hour, minute, second, time_str)))


class ttTimerEveryWeek(ttTimerCalendar):
    """Fires once a week.

    Args:
        day: 1 (Monday) to 7, -1 (Sunday) to -7, or a name: English, whole or three letters, in any case. Left out: Monday.
        hour, minute, second: the time of day; what is left out is 0.
        time_str: the time of day as ``'hh:mm:ss'`` or ``'hh:mm'`` instead.
        zone, name, context, sparkle_back: as for ``ttTimerCalendar``.
    """

    def __init__(
        self,
        day: int | str = 1,
        hour: int | None = None,
        minute: int | None = None,
        second: int | None = None,
        time_str: str | None = None,
        *,
        zone: Zone = None,
        name: str | None = None,
        context: ttEssence | int | None = None,
        sparkle_back: SparkleBack | None = None,
    ) -> None:
        self._begin_with(
            lambda: OnWeekday(second_of_day(hour, minute, second, time_str), weekday_of(day)),
            zone, name, context, sparkle_back,
        )  # fmt: skip

    def change_time(
        self,
        day: int | str = 1,
        hour: int | None = None,
        minute: int | None = None,
        second: int | None = None,
        time_str: str | None = None,
    ) -> Self:
        """Fire at another time from now on; what is left out is as when it is created. Starts nothing. Any thread."""
        return self._change_to(lambda: OnWeekday(second_of_day(hour, minute, second, time_str), weekday_of(day)))


class ttTimerEveryDay(ttTimerCalendar):
    """Fires once a day.

    Args:
        hour, minute, second: the time of day; what is left out is 0.
        time_str: the time of day as ``'hh:mm:ss'`` or ``'hh:mm'`` instead.
        zone, name, context, sparkle_back: as for ``ttTimerCalendar``.

    >>> class Keeper(ttTonic):
    ...     def ttse__on_start(self):
    ...         lamp = self.bind(ttTimerEveryDay, time_str="18:30", zone="UTC", name="lamp")
    ...         print(lamp.name, f"{lamp.next_time:%H:%M}", lamp.is_running)
    ...         self.finish()
    ...
    ...     def ttse__on_lamp(self, info):
    ...         self.log("light the lamp")
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Keeper()
    >>> app = App()
    lamp 18:30 True
    """

    def __init__(
        self,
        hour: int | None = None,
        minute: int | None = None,
        second: int | None = None,
        time_str: str | None = None,
        *,
        zone: Zone = None,
        name: str | None = None,
        context: ttEssence | int | None = None,
        sparkle_back: SparkleBack | None = None,
    ) -> None:
        self._begin_with(
            lambda: OnDays(second_of_day(hour, minute, second, time_str)), zone, name, context, sparkle_back
        )

    def change_time(
        self,
        hour: int | None = None,
        minute: int | None = None,
        second: int | None = None,
        time_str: str | None = None,
    ) -> Self:
        """Fire at another time from now on; what is left out is as when it is created. Starts nothing. Any thread."""
        return self._change_to(lambda: OnDays(second_of_day(hour, minute, second, time_str)))


class ttTimerEveryHour(ttTimerCalendar):
    """Fires in every hour that goes by, when the clock shows this minute and second.

    In the night in which an hour is repeated it fires in both, and an hour that is left out is not made up for: it is
    always an hour from one firing to the next. Only where the clock is changed by less than an hour (Lord Howe Island), a
    time that is jumped over is the first moment after, and one that is shown twice the first of the two.

    Args:
        minute, second: what is left out is 0.
        zone, name, context, sparkle_back: as for ``ttTimerCalendar``. The zone matters where it is not whole hours off.
    """

    def __init__(
        self,
        minute: int | None = None,
        second: int | None = None,
        *,
        zone: Zone = None,
        name: str | None = None,
        context: ttEssence | int | None = None,
        sparkle_back: SparkleBack | None = None,
    ) -> None:
        self._begin_with(lambda: OnMark(HOUR_S, second_of_hour(minute, second)), zone, name, context, sparkle_back)

    def change_time(self, minute: int | None = None, second: int | None = None) -> Self:
        """Fire at another time from now on; what is left out is as when it is created. Starts nothing. Any thread."""
        return self._change_to(lambda: OnMark(HOUR_S, second_of_hour(minute, second)))


class ttTimerEveryMinute(ttTimerCalendar):
    """Fires in every minute that goes by, when the clock shows this second.

    Args:
        second: left out it is 0.
        zone, name, context, sparkle_back: as for ``ttTimerCalendar``.
    """

    def __init__(
        self,
        second: int | None = None,
        *,
        zone: Zone = None,
        name: str | None = None,
        context: ttEssence | int | None = None,
        sparkle_back: SparkleBack | None = None,
    ) -> None:
        self._begin_with(lambda: OnMark(MINUTE_S, second_of_minute(second)), zone, name, context, sparkle_back)

    def change_time(self, second: int | None = None) -> Self:
        """Fire at another second from now on; left out it is 0. Starts nothing. Any thread."""
        return self._change_to(lambda: OnMark(MINUTE_S, second_of_minute(second)))


def _in_year(month: int | str | None, week: int | None, day: int | str | None, in_week: int | None, at: int) -> Rule:
    if week is None:
        if month is None and (day is not None or in_week is not None):
            raise ttTimerError(
                f"day={day!r}, in_week={in_week!r}: they do not say in which month. Add month=… or week=…."
            )
        return _in_month(1 if month is None else month_of(month), day, in_week, at)
    if month is not None:
        raise ttTimerError(f"month={month!r} and week={week!r}: both say when in the year. Give one of them.")
    if in_week is not None:
        raise ttTimerError(
            f"week={week!r} and in_week={in_week!r}: in_week picks one of the weekdays of a month. Leave it out, or give a month "
            "instead of a week."
        )
    return OnWeekOfYear(at, week_of(week), weekday_of(1 if day is None else day))


def _in_month(month: int | None, day: int | str | None, in_week: int | None, at: int) -> Rule:
    if in_week is None:
        return OnDayOfMonth(at, day_of_month(1 if day is None else day, month), month)
    if day is None:
        raise ttTimerError(f"in_week={in_week!r}: it does not say which weekday. Add day='monday', or another weekday.")
    return OnWeekdayOfMonth(at, weekday_of(day), nth_of(in_week), month)
