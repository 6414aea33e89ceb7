"""What a row of the Studio's table is, and how frames are timed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Row(NamedTuple):
    """A figure beside its goal. ``goal`` is the most it may be, None where there is none; ``spread`` says what else was seen."""

    what: str
    goal: float | None
    unit: str
    figure: float
    spread: str = ""
    note: str = ""

    @property
    def is_met(self) -> bool:
        return self.goal is None or self.figure <= self.goal


class Frames(NamedTuple):
    """How long frames took, in milliseconds."""

    median: float
    p95: float
    longest: float
    count: int

    def row(self, what: str, goal_ms: float = 16.7) -> Row:
        """The row of the table: the 95th of a hundred against the goal."""
        spread = f"median {self.median:.1f}, longest {self.longest:.1f}, {self.count} frames"
        return Row(what, goal_ms, "ms", self.p95, spread)


def timed(draw: Callable[[int], object], count: int, clock: Callable[[], float] = time.perf_counter) -> Frames:
    """Draw so many frames (``draw`` gets their number) after three that nobody counts."""
    took = []
    for number in range(-3, count):
        began = clock()
        draw(number)
        if number >= 0:
            took.append((clock() - began) * 1e3)
    return frames_of(took)


def frames_of(took_ms: Sequence[float]) -> Frames:
    """The figures of frames."""
    ordered = sorted(took_ms)
    p95 = ordered[max(-(-len(ordered) * 95 // 100) - 1, 0)]
    return Frames(statistics.median(ordered), p95, ordered[-1], len(ordered))
