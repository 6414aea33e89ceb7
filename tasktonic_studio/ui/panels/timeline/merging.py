"""Which runs are drawn by themselves and which together, when there are more than pixels. Pure numpy."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

ALONE_PX: Final = 3.0
"""A run as wide as this is drawn by itself."""
APART_PX: Final = 1.0
"""Narrow runs nearer to each other than this are drawn as one block."""

GAP_PX: Final = 4.0

Places = npt.NDArray[np.float64]
Which = npt.NDArray[np.int64]


class Blocks(NamedTuple):
    """Narrow runs that are drawn together, from the left: where, how many, whether one raised, and which is the first."""

    left: Places
    right: Places
    runs: Which
    failed: npt.NDArray[np.bool_]
    first: Which


def wide_ones(left: Places, right: Places) -> Which:
    """The numbers of the runs that are wide enough to be drawn alone."""
    return np.flatnonzero(right - left >= ALONE_PX)


def blocks_of(left: Places, right: Places, failed: npt.NDArray[np.bool_]) -> Blocks:
    """Join the narrow runs that lie within a pixel of each other. Runs come by their left edge."""
    narrow = np.flatnonzero(right - left < ALONE_PX)
    if not narrow.size:
        none = np.empty(0, np.float64)
        return Blocks(none, none, np.empty(0, np.int64), np.empty(0, np.bool_), np.empty(0, np.int64))
    begins = begins_of(left[narrow], right[narrow])
    # A wide run between two narrow ones keeps them apart.
    begins[1:] |= np.diff(narrow) > 1
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(narrow)) - 1
    raised = np.add.reduceat(failed[narrow].astype(np.int64), first) > 0
    return Blocks(
        left[narrow][first], np.maximum.reduceat(right[narrow], first), last - first + 1, raised, narrow[first]
    )


def begins_of(left: Places, right: Places) -> npt.NDArray[np.bool_]:
    """Which of these stretches (by their left edge) does not touch any before it, so that something new begins."""
    begins = np.ones(len(left), np.bool_)
    begins[1:] = left[1:] > np.maximum.accumulate(right)[:-1] + APART_PX
    return begins


class Lost(NamedTuple):
    """Stretches of pixels of which nothing is known: where, and how many runs are missing in each."""

    left: Places
    right: Places
    runs: Which


def lost_of(left: Places, right: Places, runs: Which) -> Lost:
    """Join gaps that cannot be told apart; a gap is at least a few pixels wide, else nobody would see it."""
    order = np.argsort(left, kind="stable")
    left, right, runs = left[order], np.maximum(right[order], left[order] + GAP_PX), runs[order]
    first = np.flatnonzero(begins_of(left, right))
    if not first.size:
        return Lost(left, right, runs)
    return Lost(left[first], np.maximum.reduceat(right, first), np.add.reduceat(runs, first))
