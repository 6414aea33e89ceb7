"""What a row of the Studio's table is, and how frames and gaps are timed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """A figure beside its goal. ``goal`` is the most it may be, None where there is none; ``more`` says what else was seen."""

    what: str
    goal: float | None
    unit: str
    figure: float
    more: str = ""

    @property
    def is_met(self) -> bool:
        return self.goal is None or self.figure <= self.goal


class Times(NamedTuple):
    """How long something took, again and again, in milliseconds."""

    median: float
    p95: float
    longest: float
    count: int
    processor: float = 0.0
    """The 95th of a hundred by the processor time of this thread: what other programs do is not in it."""

    def row(self, what: str, goal_ms: float, times: str = "frames") -> Row:
        """The row of the table: the 95th of a hundred against the goal."""
        more = f"median {self.median:.1f}, longest {self.longest:.1f}, {self.count} {times}"
        more += f"; processor p95 {self.processor:.1f}" if self.processor else ""
        return Row(what, goal_ms, "ms", self.p95, more)


class Stopwatch:
    """Times the same thing again and again."""

    def __init__(self) -> None:
        self._wall_ms: list[float] = []
        self._processor_ms: list[float] = []

    def time(self, do: Callable[[], object]) -> None:
        """Do it once."""
        wall, processor = time.perf_counter(), time.thread_time()
        do()
        self._processor_ms.append((time.thread_time() - processor) * 1e3)
        self._wall_ms.append((time.perf_counter() - wall) * 1e3)

    def times(self) -> Times:
        """The figures of all times."""
        wall = self._wall_ms
        return Times(statistics.median(wall), _p95(wall), max(wall), len(wall), _p95(self._processor_ms))


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[max(-(-len(values) * 95 // 100) - 1, 0)]


def times_at(scale: float, usual: int) -> int:
    """How often a thing is done: as usual, or a few times where the scale is so small that only the way is tried out."""
    return usual if scale >= 0.05 else min(usual, 5)


def timed(do: Callable[[int], object], count: int) -> Times:
    """Do something so many times (``do`` gets the number), after three that nobody counts."""
    watch = Stopwatch()
    for number in range(-3, count):
        if number < 0:
            do(number)
        else:
            watch.time(lambda number=number: do(number))  # type: ignore[misc]
    return watch.times()


class Gaps:
    """How long the loop of the window was away at a time, while something goes on in it: pass by pass."""

    def __init__(self, turn: Callable[[], object]) -> None:
        self._turn = turn
        self.took_ms: list[float] = []

    def until(self, is_done: Callable[[], bool]) -> float:
        """Turn the loop until something is done. Returns the seconds that took."""
        first = time.perf_counter()
        while not is_done():
            began = time.perf_counter()
            self._turn()
            self.took_ms.append((time.perf_counter() - began) * 1e3)
        return time.perf_counter() - first

    def row(self, what: str, goal_ms: float = 100) -> Row:
        """The longest of them."""
        return Row(what, goal_ms, "ms", max(self.took_ms, default=0.0), f"{len(self.took_ms)} turns of the loop")


def resident_mb() -> float:
    """Memory of this process, in megabytes; 0 where nobody tells."""
    try:
        import psutil
    except ImportError:
        return 0.0
    return float(psutil.Process().memory_info().rss) / 1e6
