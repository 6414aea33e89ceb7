"""Time to pixels and back, and where the lines of a ruler stand. Pure arithmetic, no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic_studio.ui.widgets import figures

FINEST_NS: Final = 0.1
"""Nanoseconds per pixel at the most: then a nanosecond is ten pixels wide."""
COARSEST_NS: Final = 1e15
TICK_PX: Final = 90
_STEPS: Final = (1, 2, 5)
_SECOND: Final = 1_000_000_000
_DAY_S: Final = 86_400
_LONG_STEPS_S: Final = (30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 43_200, _DAY_S)


@dataclass(frozen=True, slots=True)
class TimeScale:
    """The time at the left edge and how much a pixel is. Replaced, never changed."""

    from_ns: float = 0.0
    ns_per_px: float = 1_000_000.0

    def x_of(self, t_ns: float) -> float:
        """Where a time is, in pixels from the left edge."""
        return (t_ns - self.from_ns) / self.ns_per_px

    def xs_of(self, t_ns: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """The same for many."""
        # Taken off before the division: a float does not hold nanoseconds of days.
        offset = round(self.from_ns)
        return ((t_ns - offset).astype(np.float64) + (offset - self.from_ns)) / self.ns_per_px

    def t_at(self, x: float) -> int:
        """The time at a pixel."""
        return round(self.from_ns + x * self.ns_per_px)

    def until_ns(self, width: float) -> int:
        """The time at the right edge of so many pixels."""
        return self.t_at(width)

    def edges(self, width: int) -> npt.NDArray[np.int64]:
        """The times of the left edges of all pixels, and of the right edge of the last.

        Where the left edge is that of a whole pixel (see `ending_at`) a pixel has the same edges wherever it is on screen.
        """
        pixels = np.arange(width + 1)
        first = round(self.from_ns / self.ns_per_px)
        if first * self.ns_per_px == self.from_ns:
            return np.round((first + pixels) * self.ns_per_px).astype(np.int64)
        return np.round(self.from_ns + pixels * self.ns_per_px).astype(np.int64)

    def zoomed(self, factor: float, at_x: float) -> TimeScale:
        """Finer (above 1) or coarser, keeping the time under a pixel where it is."""
        ns_per_px = min(max(self.ns_per_px / factor, FINEST_NS), COARSEST_NS)
        return TimeScale(self.from_ns + at_x * (self.ns_per_px - ns_per_px), ns_per_px)

    def moved(self, px: float) -> TimeScale:
        """So many pixels later (or earlier, below 0)."""
        return TimeScale(self.from_ns + px * self.ns_per_px, self.ns_per_px)

    def ending_at(self, t_ns: int, x: float) -> TimeScale:
        """As fine as now, with a time at a pixel. Moves by whole pixels, so that columns do not shimmer while time goes on."""
        pixels = math.ceil(t_ns / self.ns_per_px) - round(x)
        return TimeScale(pixels * self.ns_per_px, self.ns_per_px)


def fitting(from_ns: int, until_ns: int, width: int, margin_px: int = 0) -> TimeScale:
    """The scale that shows a stretch of time on so many pixels, with some room at both ends."""
    room = max(width - 2 * margin_px, 1)
    ns_per_px = min(max((until_ns - from_ns) / room, FINEST_NS), COARSEST_NS)
    middle = from_ns + (until_ns - from_ns) / 2
    return TimeScale(middle - ns_per_px * width / 2, ns_per_px)


class Tick(NamedTuple):
    """A line of the ruler; ``text`` is empty for one between those with words."""

    x: float
    text: str


def ticks(scale: TimeScale, width: int, began_ns: int, tick_px: int = TICK_PX) -> list[Tick]:
    """The lines of a ruler, in round steps from when the app began."""
    step = step_ns(scale.ns_per_px * tick_px)
    small = max(step // 5, 1) if step >= 5 else step
    first = math.floor((scale.from_ns - began_ns) / small)
    last = math.ceil((scale.until_ns(width) - began_ns) / small)
    found = []
    for number in range(first, last + 1):
        t_ns = number * small
        x = scale.x_of(began_ns + t_ns)
        if -tick_px <= x <= width + tick_px:
            found.append(Tick(x, label(t_ns, step) if t_ns % step == 0 else ""))
    return found


def step_ns(least_ns: float) -> int:
    """The smallest round step that is not less: 1, 2, 5, 10, … nanoseconds, above 20 s half minutes, minutes, hours, days."""
    for seconds in _LONG_STEPS_S:
        if 20 * _SECOND < least_ns <= seconds * _SECOND:
            return seconds * _SECOND
    unit = _DAY_S * _SECOND if least_ns > _LONG_STEPS_S[-1] * _SECOND else 1
    power = 1
    while True:
        for factor in _STEPS:
            if factor * power * unit >= least_ns:
                return factor * power * unit
        power *= 10


def label(t_ns: int, step: int) -> str:
    """A time since the begin of the app, with as many decimals as steps of this length need: ``1.250 s``.

    From a minute on as ``12:07.5``, from an hour on as ``8:38:07.5``.
    """
    decimals = max(0, 9 - len(str(step)) + 1) if step < _SECOND else 0
    sign = "−" if t_ns < 0 else ""
    seconds, rest = divmod(abs(t_ns), _SECOND)
    digits = f"{rest:09d}"[:decimals]
    fraction = "." + figures.NARROW_SPACE.join(digits[at : at + 3] for at in range(0, decimals, 3)) if decimals else ""
    if seconds < 60:
        return f"{sign}{seconds}{fraction}{figures.NARROW_SPACE}s"
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:
        return f"{sign}{minutes}:{seconds:02d}{fraction}"
    return f"{sign}{figures.grouped(minutes // 60)}:{minutes % 60:02d}:{seconds:02d}{fraction}"
