"""Runs added up: how many, how long together, the longest, the median and the 95th of a hundred, by tonic and sparkle."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic.events import ERROR
from tasktonic_studio.session.columns import CHUNK_ROWS
from tasktonic_studio.session.timeline import Runs

Rows = npt.NDArray[np.int64]


class Total(NamedTuple):
    """The runs of one sparkle of one tonic. Durations in nanoseconds; hooks count as runs of their own."""

    essence: int
    sparkle: int
    runs: int
    total_ns: int
    longest_ns: int
    median_ns: int
    p95_ns: int
    errors: int
    longest_row: int
    """The row of the longest one in the table of runs."""


class Totals:
    """Adds up rows of the table of runs, piece by piece, so that millions of them block nobody. Made for each question.

    Args:
        rows: which ones, ascending.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._done = 0
        self._kept: dict[tuple[int, int], list[tuple[Rows, Rows, int]]] = {}

    @property
    def is_done(self) -> bool:
        """Whether all were looked at."""
        return self._done >= len(self._rows)

    @property
    def share(self) -> float:
        """How many were, 0 to 1."""
        return self._done / len(self._rows) if len(self._rows) else 1.0

    @property
    def count(self) -> int:
        """How many runs these are."""
        return len(self._rows)

    def step(self, runs: Runs) -> None:
        """Look at the rows of one more chunk of the table."""
        rows = self._rows
        if self._done >= len(rows):
            return
        base = int(rows[self._done]) // CHUNK_ROWS * CHUNK_ROWS
        stop = int(np.searchsorted(rows, base + CHUNK_ROWS, "left"))
        chosen = rows[self._done : stop]
        self._done = stop
        for first, _, columns in runs.chunks(base, base + CHUNK_ROWS):
            at = chosen[chosen >= first] - first
            self._add(
                at + first, *(columns[name][at] for name in ("essence", "sparkle", "begin_ns", "end_ns", "flags"))
            )

    def _add(self, rows: Rows, essence: Rows, sparkle: Rows, begin: Rows, end: Rows, flags: Rows) -> None:
        if not len(rows):
            return
        both = (essence.astype(np.int64) << 32) | (sparkle.astype(np.int64) & 0xFFFFFFFF)
        order = np.argsort(both, kind="stable")
        took = np.maximum(end - begin, 0)[order]
        both, rows, failed = both[order], rows[order], (flags[order] & ERROR) != 0
        cuts = np.flatnonzero(both[1:] != both[:-1]) + 1
        bounds = [0, *cuts.tolist(), len(both)]
        for low, high in pairwise(bounds):
            key = int(both[low]) >> 32, int(np.int64(both[low]).astype(np.int32))
            kept = self._kept.setdefault(key, [])
            kept.append((took[low:high], rows[low:high], int(failed[low:high].sum())))

    def result(self) -> list[Total]:
        """The sums so far, those that took longest together first."""
        totals = [_total(essence, sparkle, kept) for (essence, sparkle), kept in self._kept.items()]
        return sorted(totals, key=lambda it: (-it.total_ns, it.essence, it.sparkle))


def _total(essence: int, sparkle: int, kept: list[tuple[Rows, Rows, int]]) -> Total:
    took = np.concatenate([part[0] for part in kept])
    rows = np.concatenate([part[1] for part in kept])
    longest = int(np.argmax(took))
    return Total(
        essence,
        sparkle,
        len(took),
        int(took.sum()),
        int(took[longest]),
        nearest_rank(took, 50),
        nearest_rank(took, 95),
        sum(part[2] for part in kept),
        int(rows[longest]),
    )


def nearest_rank(values: Rows, percent: int) -> int:
    """The smallest value such that so many of a hundred are not above it: one that really occurred, not one between two."""
    at = max(-(-len(values) * percent // 100) - 1, 0)
    return int(np.partition(values, at)[at])
