"""Numbers looked up among numbers, many at once: those of orders and runs lie close together, so a table answers."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session.columns import Column

Ints = npt.NDArray[np.int64]

_MOST_SPREAD: Final = 8
"""A table has at most so many places for each number that is asked for; else each is searched for, which takes fifty times as long."""


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
