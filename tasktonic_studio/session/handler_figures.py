"""How often each handler ran, and how long it took the last time: counted once, also for moments of the past."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic.events import ERROR, IGNORED
from tasktonic_studio.session.columns import CHUNK_ROWS
from tasktonic_studio.session.knowledge import Knowledge

_CHUNKS_AT_ONCE: Final = 16
"""So much is counted before the caller gets a turn; a run that was opened may have many times that."""
_STATES: Final = 1 << 15
"""States of one class are told apart up to here; the state before a run is -1 for none."""

Ints = npt.NDArray[np.int64]


class Figures(NamedTuple):
    """Of one sparkle of one class while its tonic was in one state."""

    runs: int
    errors: int
    last_begin_ns: int
    last_end_ns: int

    def with_(self, other: Figures) -> Figures:
        """Of both together; the last run is the later one."""
        later = max(self, other, key=lambda it: it.last_begin_ns)
        return Figures(self.runs + other.runs, self.errors + other.errors, later.last_begin_ns, later.last_end_ns)


class _Counts(NamedTuple):
    """By key, ascending; a key is a sparkle and the state in which it began."""

    keys: Ints
    runs: Ints
    errors: Ints
    last_row: Ints


_NONE: Final = _Counts(*(np.empty(0, np.int64) for _ in range(4)))


class Counted:
    """The figures of a moment. A key is a sparkle and the index of the state before it, -1 for none.

    `is_all` is false while a long run is being counted: ask again soon.
    """

    def __init__(self, known: Knowledge, sums: _Counts, *, is_all: bool) -> None:
        self._known = known
        self._sums = sums
        self.is_all = is_all

    def keys(self) -> list[tuple[int, int]]:
        """All there are, in the order of their sparkles."""
        return [(key // _STATES, key % _STATES - 1) for key in self._sums.keys.tolist()]

    def __getitem__(self, key: tuple[int, int]) -> Figures:
        at = int(np.searchsorted(self._sums.keys, key[0] * _STATES + key[1] + 1))
        row = int(self._sums.last_row[at])
        last = self._known.runs.row(row) if row >= self._known.runs.first else None
        begin_ns, end_ns = (last.begin_ns, last.end_ns) if last is not None else (0, 0)
        return Figures(int(self._sums.runs[at]), int(self._sums.errors[at]), begin_ns, end_ns)


class HandlerFigures:
    """Counts the runs of the present app. Owned by who shows them; the thread of the session.

    Sums are kept for every full chunk of rows, so that a moment of the past costs one chunk, as the present does.
    """

    def __init__(self) -> None:
        self._basis: Knowledge | None = None
        self._first_n = 0
        self._start = 0
        """The row of the first run of the app."""
        self._sums: list[_Counts] = []
        """Up to the end of each full chunk, from that of the first run on."""
        self._newest: tuple[int, _Counts] | None = None
        """Up to a row of the chunk that is being filled."""

    def at(self, known: Knowledge) -> Counted:
        """What is counted of the runs that are known."""
        # The present knowledge is one object through all apps, so that the number of its app's first event counts as well.
        is_same = self._basis is not None and known.is_of_app_of(self._basis) and known.app.first_n == self._first_n
        self._basis, self._first_n = known, known.app.first_n
        if not is_same:
            self._start = known.runs.count_at(known.app.first_n)
            self._sums, self._newest = [], None
        count = max(len(known.runs), self._start)
        first_chunk = self._start // CHUNK_ROWS
        wanted = count // CHUNK_ROWS - first_chunk
        for number in range(len(self._sums), min(wanted, len(self._sums) + _CHUNKS_AT_ONCE)):
            begin = max(self._start, (first_chunk + number) * CHUNK_ROWS)
            before = self._sums[-1] if self._sums else _NONE
            self._sums.append(_added(before, known, begin, (first_chunk + number + 1) * CHUNK_ROWS))
        if len(self._sums) < wanted:
            return Counted(known, self._sums[-1], is_all=False)
        sums = self._sums[wanted - 1] if wanted else _NONE
        begin = max(self._start, (first_chunk + wanted) * CHUNK_ROWS)
        if self._newest is not None and begin <= self._newest[0] <= count:
            begin, sums = self._newest
        sums = _added(sums, known, begin, count)
        self._newest = (count, sums)
        return Counted(known, sums, is_all=True)


def _added(sums: _Counts, known: Knowledge, begin: int, end: int) -> _Counts:
    """The same with the rows from `begin` to `end`."""
    begin = max(begin, known.runs.first)
    if begin >= end:
        return sums
    flags = known.runs.column("flags", begin, end)
    # What no handler was there for ran none.
    rows = np.flatnonzero((flags & IGNORED) == 0)
    states = np.clip(known.runs.column("before", begin, end)[rows].astype(np.int64) + 1, 0, _STATES - 1)
    keys = known.runs.column("sparkle", begin, end)[rows].astype(np.int64) * _STATES + states
    errors = (flags[rows] & ERROR) != 0
    different, inverse = np.unique(keys, return_inverse=True)
    last = np.zeros(len(different), np.int64)
    # Of several values for one place the last one stays.
    last[inverse] = rows + begin
    new = _Counts(
        different,
        np.bincount(inverse, minlength=len(different)),
        np.bincount(inverse[errors], minlength=len(different)),
        last,
    )
    return _merged(sums, new) if len(sums.keys) else new


def _merged(old: _Counts, new: _Counts) -> _Counts:
    keys = np.union1d(old.keys, new.keys)
    runs, errors, last = (np.zeros(len(keys), np.int64) for _ in range(3))
    for part in (old, new):
        at = np.searchsorted(keys, part.keys)
        runs[at] += part.runs
        errors[at] += part.errors
        last[at] = part.last_row
    return _Counts(keys, runs, errors, last)
