"""Where two texts, or two lists, differ. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def differing(old: Sequence[object], new: Sequence[object]) -> tuple[int, int, int]:
    """The part between the longest same begin and the longest same end: its begin, and its end in each of them."""
    begin = _same(old, new, min(len(old), len(new)))
    room = min(len(old), len(new)) - begin
    end = bisect_left(range(room), True, key=lambda size: old[len(old) - size - 1 :] != new[len(new) - size - 1 :])
    return begin, len(old) - end, len(new) - end


def _same(one: Sequence[object], other: Sequence[object], most: int) -> int:
    """How many at the begin are the same. Halving lets whole texts be compared at once."""
    return bisect_left(range(most), True, key=lambda size: one[: size + 1] != other[: size + 1])
