"""Which lanes there are, one below the other, and how high. Pure: no Qt, no events."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class LaneRow(NamedTuple):
    """One lane on screen: a catalyst's, or (``tonic`` not -1) that of a tonic below its catalyst's."""

    catalyst: int
    tonic: int
    top: int
    height: int

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def is_tonic(self) -> bool:
        return self.tonic >= 0


class LaneRows:
    """All lanes from the top down."""

    def __init__(self, rows: Sequence[LaneRow] = ()) -> None:
        self._rows = rows
        self._tops = [row.top for row in rows]
        self._numbers = {(row.catalyst, row.tonic): number for number, row in enumerate(rows)}

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, number: int) -> LaneRow:
        return self._rows[number]

    @property
    def height(self) -> int:
        """Of all together."""
        return self._rows[-1].bottom if self._rows else 0

    def between(self, top: int, bottom: int) -> Sequence[LaneRow]:
        """The lanes of which something lies between two heights."""
        first = max(bisect_right(self._tops, top) - 1, 0)
        return self._rows[first : bisect_right(self._tops, bottom)]

    def at(self, y: int) -> int:
        """The number of the lane at a height, -1 for none."""
        if not self._rows or not 0 <= y < self.height:
            return -1
        return bisect_right(self._tops, y) - 1

    def number_of(self, catalyst: int, tonic: int = -1) -> int:
        """The number of a lane, -1 when it is not there."""
        return self._numbers.get((catalyst, tonic), -1)


def arrange(catalysts: Iterable[int], tonics: Mapping[int, Sequence[int]], lane_px: int, tonic_px: int) -> LaneRows:
    """Lanes of catalysts, each followed by those of its tonics, where ``tonics`` (catalyst to tonics) has some."""
    rows: list[LaneRow] = []
    top = 0
    for catalyst in catalysts:
        rows.append(LaneRow(catalyst, -1, top, lane_px))
        top += lane_px
        for tonic in tonics.get(catalyst, ()):
            rows.append(LaneRow(catalyst, tonic, top, tonic_px))
            top += tonic_px
    return LaneRows(rows)
