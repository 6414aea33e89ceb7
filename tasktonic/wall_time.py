"""From moments to what a wall clock shows, and back. Pure functions; nothing here knows of timers.

A *moment* is a number of seconds since 1970 in UTC; moments only ever grow. A *wall time* is what a clock on the wall of a
zone shows, as seconds since 1970-01-01 00:00 of that clock; it jumps forward and back when the clock is changed. All are whole
seconds, as the changes of all zones are.
"""

from __future__ import annotations

import datetime
import difflib
import time
from collections.abc import Callable

from .errors import ttTimerError

DAY_S = 86_400

Offset = Callable[[int], int]
"""How many seconds the wall clock of a zone is ahead of UTC at a moment."""

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_EPOCH_ORDINAL = _EPOCH.toordinal()


def offset_of(zone: str | datetime.tzinfo | None) -> Offset:
    """The zone of that name, a ``tzinfo``, or for None the zone of this machine as it is set when it is asked.

    Raises:
        ttTimerError: there is no such zone, or this machine has no database of zones.
    """
    if zone is None:
        return lambda moment: time.localtime(moment).tm_gmtoff
    if isinstance(zone, str):
        zone = _zone_named(zone)
    if not isinstance(zone, datetime.tzinfo):
        raise ttTimerError(
            f"zone={zone!r}: a zone is a name such as 'Europe/Amsterdam', a tzinfo, or None for the local one."
        )
    if _EPOCH.astimezone(zone).utcoffset() is None:
        raise ttTimerError(f"zone={zone!r}: its utcoffset() gives None. Pass a tzinfo that knows its offset.")
    known: datetime.tzinfo = zone

    def offset(moment: int) -> int:
        ahead = (_EPOCH + datetime.timedelta(seconds=moment)).astimezone(known).utcoffset()
        assert ahead is not None
        return ahead // datetime.timedelta(seconds=1)

    return offset


def _zone_named(name: str) -> datetime.tzinfo:
    # Imported when somebody names a zone: it would be a tenth of the time that importing the framework may take.
    import zoneinfo

    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        if name == "UTC":
            return datetime.UTC
        known = zoneinfo.available_timezones()
    if not known:
        raise ttTimerError(
            f"zone={name!r}: this machine has no database of time zones. Install the one of the system (the package is mostly "
            "called tzdata), or pip install tzdata; 'UTC' and the local zone need none."
        )
    short = {zone.rpartition("/")[2].lower(): zone for zone in sorted(known, reverse=True)}
    wanted = name.strip().replace(" ", "_")
    near = difflib.get_close_matches(wanted, known, 1)
    meant = short.get(wanted.lower().rpartition("/")[2]) or (near[0] if near else "")
    raise ttTimerError(
        f"zone={name!r}: there is no time zone of this name."
        + (f" Did you mean {meant!r}?" if meant else "")
        + " Zones are named like 'Europe/Amsterdam' or 'UTC'; None is the local one."
    )


def wall_time(moment: int, offset: Offset) -> int:
    """What the clock on the wall shows at a moment."""
    return moment + offset(moment)


def first_moment(wall: int, offset: Offset) -> int:
    """The first moment at which the clock on the wall shows ``wall`` or, when it jumps over it, more.

    So a wall time that occurs twice means the first, and one that does not occur means the first moment after the jump.
    No zone is more than a day off UTC, and none changes its clock twice within two days.
    """
    before, after = offset(wall - DAY_S), offset(wall + DAY_S)
    shown = [moment for moment in sorted({wall - before, wall - after}) if wall_time(moment, offset) == wall]
    return shown[0] if shown else change_between(wall - after, wall - before, offset)


def change_between(early: int, late: int, offset: Offset) -> int:
    """The first moment after a change of the clock, which is after ``early`` and not after ``late``."""
    old = offset(early)
    while late - early > 1:
        middle = (early + late) // 2
        if offset(middle) == old:
            early = middle
        else:
            late = middle
    return late


def day_of(wall: int) -> datetime.date:
    """The date that goes with a wall time.

    Raises:
        OverflowError, ValueError: it is not within the years 1 to 9999.
    """
    return datetime.date.fromordinal(wall // DAY_S + _EPOCH_ORDINAL)


def start_of(day: datetime.date) -> int:
    """The wall time at which a day starts."""
    return (day.toordinal() - _EPOCH_ORDINAL) * DAY_S
