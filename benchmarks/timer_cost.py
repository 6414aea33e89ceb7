"""What timers cost: to start, to fire and to cancel one of 10,000 and one of 100,000, and asyncio's for comparison.

Starting is making a ``ttTimerSingleShot`` that is due within an hour, in a shuffled order. Cancelling is ``finish()``, in
another shuffled order, until the timer is out of the ledger too. Firing begins when all are due and ends when the sparkle of
the last one has run. A single shot is gone then, from the ledger too: its ending is in the figure. A repeating one is
entered anew when it fires, and so is asyncio's in its row: there the callback calls ``call_later`` again, which is how one
repeats on asyncio. asyncio's timers have the same delays in the same order; what it calls are plain functions.
Times are of the thread that does it, by its own processor clock.
"""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

from side_by_side import Case, Comparison, Row, at_least, at_most, scaled

from tasktonic import ttFormula, ttTimerRepeat, ttTimerSingleShot, ttTonic

REPEATS_S = 2.0
"""How long a repeating timer lasts at least: longer than it takes to start all and to fire them."""


def shuffled(count: int) -> list[int]:
    numbers = list(range(count))
    random.Random(count).shuffle(numbers)
    return numbers


class Timed(ttTonic):
    """Times what a subclass does with ``count`` timers; the seconds are in ``found``."""

    found = 0.0

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.left = count

    def ttse__on_timer(self, info: dict[str, Any]) -> None:
        raise AssertionError("no timer is due within half an hour")

    def far(self) -> list[ttTimerSingleShot]:
        """So many timers, due in half an hour or later."""
        return [ttTimerSingleShot(minutes=30, seconds=number / 100) for number in shuffled(self.count)]

    def found_since(self, began: float) -> None:
        Timed.found = time.thread_time() - began
        self.finish()


class Starting(Timed):
    """Makes them."""

    def ttse__on_start(self) -> None:
        order = shuffled(self.count)
        began = time.thread_time()
        for number in order:
            ttTimerSingleShot(minutes=30, seconds=number / 100)
        self.found_since(began)


class Cancelling(Timed):
    """Finishes them."""

    def ttse__on_start(self) -> None:
        timers = self.far()
        random.Random(1).shuffle(timers)
        began = time.thread_time()
        for timer in timers:
            timer.finish()
        assert len(self.ledger.essences) < 100
        self.found_since(began)


class Restarting(Timed):
    """What happens to a timeout that is always renewed: each is taken out and entered anew."""

    def ttse__on_start(self) -> None:
        timers = self.far()
        random.Random(1).shuffle(timers)
        began = time.thread_time()
        for timer in timers:
            timer.restart()
        self.found_since(began)


class Firing(Timed):
    """Starts them all within a tenth of a second, and keeps the catalyst until all are due."""

    timer: type[ttTimerSingleShot | ttTimerRepeat] = ttTimerSingleShot
    least_seconds = 0.0

    def ttse__on_start(self) -> None:
        for number in shuffled(self.count):
            self.timer(self.least_seconds + 0.1 * number / self.count)
        time.sleep(self.least_seconds + 0.1)  # tasktonic: ignore[blocking-call]
        self.began = time.thread_time()

    def ttse__on_timer(self, info: dict[str, Any]) -> None:
        self.left -= 1
        if not self.left:
            self.found_since(self.began)


class FiringAgain(Firing):
    """The same with timers that go on: they are due again when the last one has long fired."""

    timer = ttTimerRepeat
    least_seconds = REPEATS_S


class TimedApp(ttFormula):
    """An app of one of these."""

    kind: type[Timed] = Timed
    count = 0

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self) -> None:
        self.kind(self.count)


def timed(kind: type[Timed], count: int) -> float:
    TimedApp.kind, TimedApp.count = kind, count
    TimedApp()
    return Timed.found


def start(count: int) -> float:
    return timed(Starting, count)


def cancel(count: int) -> float:
    return timed(Cancelling, count)


def restart(count: int) -> float:
    return timed(Restarting, count)


def fire(count: int) -> float:
    return timed(Firing, count)


def fire_repeating(count: int) -> float:
    return timed(FiringAgain, count)


def asyncio_fire(count: int) -> float:
    """The same on asyncio."""
    return on_asyncio(count, repeats=False)


def asyncio_fire_repeating(count: int) -> float:
    """The same on asyncio, where each callback asks to be called again."""
    return on_asyncio(count, repeats=True)


def on_asyncio(count: int, repeats: bool) -> float:
    loop = asyncio.new_event_loop()
    left = count
    began = seconds = 0.0
    least_seconds = REPEATS_S if repeats else 0.0

    def fired() -> None:
        nonlocal left, seconds
        left -= 1
        if not left:
            seconds = time.thread_time() - began
            loop.stop()

    def fired_again() -> None:
        loop.call_later(least_seconds, fired_again)
        fired()

    def enter_all() -> None:
        nonlocal began
        callback = fired_again if repeats else fired
        for number in shuffled(count):
            loop.call_later(least_seconds + 0.1 * number / count, callback)
        time.sleep(least_seconds + 0.1)
        began = time.thread_time()

    loop.call_soon(enter_all)
    loop.run_forever()
    loop.close()
    return seconds


def few_and_many(scale: float) -> dict[str, Case]:
    few, many = scaled(10_000, scale), scaled(100_000, scale)
    cases: dict[str, Case] = {}
    for run in (fire_repeating, asyncio_fire_repeating):
        cases[run.__name__] = Case(run, few)
    for run in (start, fire, cancel, restart, asyncio_fire):
        cases[run.__name__] = Case(run, few)
        cases[f"{run.__name__} of many"] = Case(run, many)
    return cases


_FEW = "of 10,000"
_CALL_LATER = "asyncio `call_later`"

COMPARISONS = (
    Comparison(
        "timers",
        few_and_many,
        (
            Row("timers: start one of 100,000", "start of many", "start", at_most(2), _FEW),
            Row("timers: fire one of 100,000", "fire of many", "fire", at_most(2), _FEW),
            Row("timers: cancel one of 100,000", "cancel of many", "cancel", at_most(2), _FEW),
            Row("timers: restart one of 100,000", "restart of many", "restart", at_most(2), _FEW),
            Row("timers: fire one of 10,000", "fire", "asyncio_fire", at_least(0.8), _CALL_LATER),
            Row("timers: fire one of 100,000", "fire of many", "asyncio_fire of many", at_least(0.8), _CALL_LATER),
            Row(
                "timers: fire a repeating one of 10,000",
                "fire_repeating",
                "asyncio_fire_repeating",
                at_least(0.8),
                f"{_CALL_LATER} again and again",
            ),
        ),
    ),
)
