"""Where rows and lifelines of a sequence diagram stand, in pixels. Pure arithmetic, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session.sequence import SequenceDiagram

Pixels = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

MOST_DRAWN: Final = 400
"""So many rows are drawn in one frame; only to scale there can be more of them on screen."""
_DENSE_PX: Final = 3
"""Where there are more, one arrow in so many pixels is drawn: more of them are one block."""
_LONGEST_PX: Final = 500_000_000
"""Scroll bars count in 32 bits."""
_NEAR_PX: Final = 6.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """Measures that depend on fonts and on the width of the view: of a row, a line of text, the heads, the times at the left."""

    row: int
    line: int
    head: int
    gutter: int
    lane: float
    top: int
    margin: int
    """Beyond the last lane, for a state on it."""

    def width(self, lanes: int) -> int:
        """How wide it is with so many lanes."""
        return int(self.gutter + self.lane * lanes) + self.margin

    def x(self, lane: int | float) -> float:
        """The middle of a lane."""
        return self.gutter + (lane + 0.5) * self.lane


def sizes_for(width: int, lanes: int, line: int, letter: int, gutter: int) -> Sizes:
    """The measures of a view so wide, for text of this height and usual width of a letter, with so much room for times."""
    least, margin = 11 * letter, 4 * letter
    lane = min(max((width - gutter - margin) / max(lanes, 1), least), 34 * letter)
    # Room for a label above its arrow, and for half a state on the arrow's level.
    return Sizes(line + line // 2 + 10, line, 2 * line + 14, gutter, lane, line + 10, margin)


class Places:
    """The vertical places of all rows: one below the other, or where their time is.

    `sent` is where an arrow leaves, `came` where it arrives, `bar_until` where the bar ends that begins there. To scale these
    are the times of call, begin and end.
    """

    def __init__(self, diagram: SequenceDiagram, sizes: Sizes, ns_per_px: float = 0.0) -> None:
        self.ns_per_px = ns_per_px
        steps, calls = diagram.steps, diagram.calls
        count = len(steps)
        if ns_per_px <= 0:
            self.began_ns = 0
            arrow = sizes.line + 6
            one_below_the_other: Pixels = np.arange(count, dtype=np.float64) * sizes.row + sizes.top + arrow
            self.sent = self.came = one_below_the_other
            self.bar_until = self.sent[diagram.bar_end] + sizes.line // 2 + 2
            self.height = count * sizes.row + sizes.top + sizes.row // 2
            return
        first = np.minimum(steps.first, max(len(calls) - 1, 0))
        if not len(calls):
            first = np.empty(0, np.int64)
        sent_ns, begin_ns, end_ns = (column[first] for column in (calls.sent_ns, calls.begin_ns, calls.end_ns))
        has_run = begin_ns >= 0
        self.began_ns = int(calls.sent_ns.min()) if len(calls) else 0
        # Clocks of two threads may differ by a little: nothing arrives before it was sent.
        came_ns = np.where(has_run, np.maximum(begin_ns, sent_ns), sent_ns)
        end_ns = np.where(has_run, np.maximum(end_ns, came_ns), came_ns)
        self.sent = self.y_of(sent_ns, sizes)
        self.came = self.y_of(came_ns, sizes)
        self.bar_until = self.y_of(end_ns, sizes)
        self.height = int(self.bar_until.max(initial=0.0)) + sizes.row

    @property
    def is_to_scale(self) -> bool:
        return self.ns_per_px > 0

    def y_of(self, t_ns: Rows, sizes: Sizes) -> Pixels:
        """Where a time is."""
        y: Pixels = (t_ns - self.began_ns) / self.ns_per_px + sizes.top + sizes.line
        return y

    def t_at(self, y: float, sizes: Sizes) -> int:
        """Which time is at a place."""
        return self.began_ns + round((y - sizes.top - sizes.line) * self.ns_per_px)

    def between(self, top: float, bottom: float) -> tuple[Rows, int]:
        """The rows whose arrows can be seen between two places, thinned out when they are too many, and how many there are."""
        seen = np.flatnonzero((np.maximum(self.sent, self.came) >= top) & (np.minimum(self.sent, self.came) <= bottom))
        return _thinned(seen, self.came), len(seen)

    def bars_between(self, top: float, bottom: float) -> Rows:
        """The rows whose bars can be seen, thinned out."""
        return _thinned(np.flatnonzero((self.bar_until >= top) & (self.came <= bottom)), self.came)

    def row_at(self, y: float) -> int:
        """The row at a place, -1 for none."""
        if not len(self.came):
            return -1
        if not self.is_to_scale:
            step = self.came[1] - self.came[0] if len(self.came) > 1 else max(self.height, 1)
            row = int(np.floor((y - self.came[0]) / step + 0.75))
            return row if 0 <= row < len(self.came) else -1
        distance = np.minimum(np.abs(self.came - y), np.abs(self.sent - y))
        nearest = int(np.argmin(distance))
        return nearest if distance[nearest] <= _NEAR_PX else -1


def _thinned(rows: Rows, places: Pixels) -> Rows:
    """At most so many, evenly over the screen: the first on each few pixels, then each so-manieth."""
    if len(rows) <= MOST_DRAWN:
        return rows
    _, first = np.unique(places[rows].astype(np.int64) // _DENSE_PX, return_index=True)
    kept = rows[np.sort(first)]
    return kept[:: -(-len(kept) // MOST_DRAWN)]


def fitting_scale(diagram: SequenceDiagram, height: int) -> float:
    """Nanoseconds per pixel so that all of it fits into a height."""
    calls = diagram.calls
    if not len(calls):
        return 1_000.0
    span = int(max(calls.end_ns.max(), calls.sent_ns.max()) - calls.sent_ns.min())
    return max(span / max(height, 50), 1.0)


def kept_in_bounds(ns_per_px: float, diagram: SequenceDiagram, height: int) -> float:
    """No coarser than all of it in the height, no finer than scroll bars can count or a nanosecond is worth."""
    coarsest = fitting_scale(diagram, height)
    finest = max(coarsest * max(height, 50) / _LONGEST_PX, 0.01)
    return min(max(ns_per_px, finest), coarsest)
