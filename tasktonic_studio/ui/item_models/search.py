"""A search through a long list, from its end, in pieces: the newest hits are there at once and nothing blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from tasktonic_studio.ui.item_models.table import Items

Look = Callable[[int, int], Items]
"""Which of the entries from a first to (not with) a last one fit, as ascending indices."""

_NONE: Final[Items] = np.zeros(0, np.int64)


class BackwardSearch:
    """Looks at the entries ``first`` to ``stop`` piece by piece, the newest first. Made anew for every filter.

    The owner calls `step` as long as it has time and shows `items` at the beginning and at the end: rows that kept coming
    in above what is on screen could not be read.
    """

    def __init__(self, first: int, stop: int, look: Look) -> None:
        self._first = first
        self._at = stop
        self._length = max(1, stop - first)
        self._look = look
        self._found: list[Items] = []

    @property
    def is_done(self) -> bool:
        """Whether all entries were looked at."""
        return self._at <= self._first

    @property
    def has_begun(self) -> bool:
        """Whether some were."""
        return bool(self._found)

    @property
    def share(self) -> float:
        """How many were, 0 to 1."""
        return 1.0 - max(0, self._at - self._first) / self._length

    def step(self, entries: int) -> None:
        """Look at so many more entries, older than those before."""
        start = max(self._first, self._at - entries)
        self._found.append(self._look(start, self._at))
        self._at = start

    def items(self) -> Items:
        """The indices found so far, ascending."""
        return np.concatenate(self._found[::-1]) if self._found else _NONE
