"""Numbers looked up among numbers, many at once: those of orders and runs lie close together, so a table answers."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session.columns import Column

Ints = npt.NDArray[np.int64]

_MOST_SPREAD: Final = 8
"""A table has at most so many places for each number that is asked for; else each is searched for, which takes fifty times as long."""
_CLOSE: Final = 65_536
"""Numbers that lie no further apart are counted rather than sorted."""


def places_of(asked: Column, known: Ints) -> Ints:
    """Where each number that is asked for stands among the known ones, which ascend; -1 for one that is not there.

    Of known ones that are equal it is one of their places.
    """
    if not len(asked) or not len(known):
        return np.full(len(asked), -1, np.int64)
    low, high = int(asked.min()), int(asked.max())
    if high - low >= _MOST_SPREAD * len(asked):
        at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
        return np.where(known[at] == asked, at, -1)
    first, end = np.searchsorted(known, low, "left"), np.searchsorted(known, high, "right")
    table = np.full(high - low + 1, -1, np.int64)
    table[known[first:end] - low] = np.arange(first, end)
    found: Ints = table[asked - low]
    return found


def different_in(column: Column) -> tuple[Ints, Ints]:
    """The different numbers of a column, ascending, and for each row which of them it has.

    As `numpy.unique`, but without sorting where the numbers lie close together, as ids do.
    """
    if not len(column):
        none = np.empty(0, np.int64)
        return none, none
    low, high = int(column.min()), int(column.max())
    if high - low > 4 * len(column) + _CLOSE:
        different, inverse = np.unique(column, return_inverse=True)
        return different, inverse
    shifted = column - low
    is_there = np.zeros(high - low + 1, np.bool_)
    is_there[shifted] = True
    return np.flatnonzero(is_there) + low, (np.cumsum(is_there) - 1)[shifted]


def distinct(column: Column) -> Ints:
    """The different numbers of a column, ascending: `numpy.unique`, which at its first call loads a part of numpy that takes a frame."""
    if not len(column):
        return np.empty(0, np.int64)
    low, high = int(column.min()), int(column.max())
    if high - low > 4 * len(column) + _CLOSE:
        ordered = np.sort(column).astype(np.int64, copy=False)
        return ordered[np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))]
    is_there = np.zeros(high - low + 1, np.bool_)
    is_there[column - low] = True
    return np.flatnonzero(is_there) + low
