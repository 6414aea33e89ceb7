"""Runs added up: how many, how long together, the longest, the median and the 95th of a hundred, by tonic and sparkle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic.events import ERROR
from tasktonic_studio.session.timeline import Runs

Rows = npt.NDArray[np.int64]

_SUMS_PER_STEP: Final = 100


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
        pieces: which rows, some thousands at a time; taken as they are needed.
        expected: about how many these are together, for `share`.
    """

    def __init__(self, pieces: Iterable[Rows], expected: int) -> None:
        self._pieces: Iterator[Rows] | None = iter(pieces)
        self._expected = max(expected, 1)
        self._kept: dict[tuple[int, int], list[tuple[Rows, Rows, int]]] = {}
        self._sums: list[Total] = []
        self.runs = 0
        """How many were looked at."""

    @property
    def is_done(self) -> bool:
        """Whether all were looked at and added up."""
        return self._pieces is None and not self._kept

    @property
    def share(self) -> float:
        """How many were looked at, 0 to 1."""
        return min(self.runs / self._expected, 1.0) if self._pieces is not None else 1.0

    def step(self, runs: Runs) -> None:
        """Look at one more piece; when there is none any more, add up some of what was found."""
        if self._pieces is None:
            for key in list(islice(self._kept, _SUMS_PER_STEP)):
                self._sums.append(_total(*key, self._kept.pop(key)))
            return
        rows = next(self._pieces, None)
        if rows is None:
            self._pieces = None
            return
        rows = rows[(rows >= runs.first) & (rows < len(runs))]
        self.runs += len(rows)
        columns = runs.take(("essence", "sparkle", "begin_ns", "end_ns", "flags"), rows)
        self._add(rows, *columns.values())

    def _add(self, rows: Rows, essence: Rows, sparkle: Rows, begin: Rows, end: Rows, flags: Rows) -> None:
        if not len(rows):
            return
        both = (essence.astype(np.int64) << 32) | (sparkle.astype(np.int64) & 0xFFFFFFFF)
        order = np.argsort(both, kind="stable")
        took = np.maximum(end - begin, 0)[order]
        both, rows, failed = both[order], rows[order], (flags[order] & ERROR) != 0
        cuts = np.flatnonzero(both[1:] != both[:-1]) + 1
        errors = np.add.reduceat(failed.astype(np.int64), np.concatenate([[0], cuts])).tolist()
        bounds = [0, *cuts.tolist(), len(both)]
        for (low, high), raised in zip(pairwise(bounds), errors, strict=True):
            key = int(both[low]) >> 32, int(both[low].astype(np.int32))
            self._kept.setdefault(key, []).append((took[low:high], rows[low:high], raised))

    def result(self) -> list[Total]:
        """The sums, those that took longest together first."""
        return sorted(self._sums, key=lambda it: (-it.total_ns, it.essence, it.sparkle))


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
