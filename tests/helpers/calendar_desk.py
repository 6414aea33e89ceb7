"""Calendar timers by a clock that stands still until a test lets it go on."""

from __future__ import annotations

from typing import Any

from tasktonic import (
    ttTimerEveryDay,
    ttTimerEveryHour,
    ttTimerEveryMinute,
    ttTimerEveryMonth,
    ttTimerEveryWeek,
    ttTimerEveryYear,
    ttTonic,
)
from tests.helpers.apps import run_app
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
