"""A clock that a test moves, and the timers of a catalyst that fire by it."""

from __future__ import annotations

import datetime
import itertools
import time
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tasktonic import clock, ttCatalyst
from tasktonic.loops import fire_due_timers

SECOND_NS = 1_000_000_000


class MovableClock:
    """What the app goes by while a test moves it: time that goes by, and a wall clock that can be set.

    Begins with the machine's own count, so that what is left behind is not due long since.
    """

    def __init__(self, wall: str = "2026-01-01T00:00", zone: str = "UTC") -> None:
        self.now = time.monotonic_ns()
        self.wall = 0
        self.zone = zone
        self.set_wall(wall)

    def set_wall(self, shows: str) -> None:
        """Set the wall clock; the time that goes by does not notice."""
        wanted = datetime.datetime.fromisoformat(shows)
        if wanted.tzinfo is None:
            wanted = wanted.replace(tzinfo=zoneinfo.ZoneInfo(self.zone))
        self.wall = round(wanted.timestamp()) * SECOND_NS

    def shows(self) -> str:
        """What the wall clock shows, to the second."""
        moment = self.wall // SECOND_NS
        return datetime.datetime.fromtimestamp(moment, zoneinfo.ZoneInfo(self.zone)).strftime("%Y-%m-%d %H:%M:%S")

    def move(self, by_ns: int) -> None:
        """Let time go by, and nothing fire."""
        self.now += by_ns
        self.wall += by_ns

    def pass_ns(self, catalyst: ttCatalyst, by_ns: int) -> None:
        """Let time go by, and fire what comes due meanwhile, each at its time. In the catalyst's thread."""
        end = self.now + by_ns
        while (due := catalyst.timers.next_due_ns()) is not None and due <= end:
            self.move(max(0, due - self.now))
            self.fire_due(catalyst)
        self.move(end - self.now)

    def pass_s(self, catalyst: ttCatalyst, seconds: float) -> None:
        """The same in seconds."""
        self.pass_ns(catalyst, round(seconds * SECOND_NS))

    def fire_due(self, catalyst: ttCatalyst) -> None:
        """Have the catalyst fire what is due now, as it would between two batches; the sparkle that runs goes on then."""
        inside = catalyst.running, catalyst.via
        catalyst._batch_began_ns = self.now
        fire_due_timers(catalyst)
        catalyst.running, catalyst.via = inside


@contextmanager
def movable_clock(wall: str = "2026-01-01T00:00", zone: str = "UTC") -> Iterator[Any]:
    """Have the app go by a clock that only the test moves."""
    moved = MovableClock(wall, zone)
    clock.install(lambda: moved.now, lambda: moved.wall)
    try:
        yield moved
    finally:
        clock.uninstall()


@contextmanager
def clock_of_looks() -> Iterator[None]:
    """Have the app go by a clock that is a microsecond later each time somebody looks: on no machine does anything take long.

    For apps that wait for no timer. A clock that a test has put there already stays.
    """
    if clock.now_ns is not time.monotonic_ns:
        yield
        return
    looks = itertools.count(time.monotonic_ns(), 1_000)
    clock.install(lambda: next(looks), time.time_ns)
    try:
        yield
    finally:
        clock.uninstall()
