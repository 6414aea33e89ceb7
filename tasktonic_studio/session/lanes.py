"""Runs by lane, in the order of time: what a timeline asks again and again, answered by binary search.

The session's table has runs in the order of the stream, all catalysts together. A `LaneIndex` sorts them into lanes (one per
catalyst, or one per tonic) and keeps six small columns for each run, so that "how many, how busy, how many errors between
these pixels" costs by the number of pixels and not of runs. It takes what is new in the table, never all of it again.

In a lane runs stand by when they began. Mostly they come so; the hooks of a state change come before the run that they
are a part of, which began earlier, so the end of a lane is sorted anew for a few rows. A clock that jumps back (virtual
time, a made-up file) would have all rows sorted again with each batch: then a new *part* begins, which overlaps the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic.events import ERROR
from tasktonic_studio.session.columns import Column
from tasktonic_studio.session.density import Density
from tasktonic_studio.session.sorted_runs import Mask, Slices, SortedRuns, Strip, Times
from tasktonic_studio.session.timeline import Runs

MOST_PARTS: Final = 8
PIECE_ROWS: Final = 65_536
_FARTHEST_NS: Final = 1 << 61
_AFTER_ALL: Final = np.iinfo(np.int64).max
_HALF_FULL: Final = 0.5


class Lane:
    """The runs of one catalyst or tonic: one part, or several where the clock jumped back."""

    __slots__ = ("_edges", "_kept", "_settled_ns", "parts")

    def __init__(self) -> None:
        self.parts: list[SortedRuns] = []
        self._edges: Times | None = None
        """The times that were asked for last, and what was found between them. At a live edge most are asked for again."""
        self._kept = Strip(*(np.empty(0, np.int64) for _ in range(3)))
        self._settled_ns = _AFTER_ALL
        """Nothing has come since then that began before this."""

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @property
    def began_ns(self) -> int:
        return min(part.began_ns for part in self.parts)

    @property
    def reach_ns(self) -> int:
        """The latest end of a run in it."""
        return max(part.reach_ns for part in self.parts)

    def take(self, begin: Times, end: Times, row: Times, errors: Mask) -> None:
        """Put runs in. Costs by how many these are, as long as time goes forward."""
        earliest = int(begin.min())
        self._settled_ns = min(self._settled_ns, earliest)
        # The newest part last: there it belongs unless the clock has just caught up with an older one.
        for part in reversed(self.parts):
            if part.can_take(earliest):
                part.take(begin, end, row, errors)
                return
        part = SortedRuns()
        part.take(begin, end, row, errors)
        self.parts.append(part)
        if len(self.parts) > MOST_PARTS:
            self._join_the_smallest()

    def _join_the_smallest(self) -> None:
        one, other = sorted(self.parts, key=len)[:2]
        joined = SortedRuns()
        joined.take(*(np.concatenate(both) for both in zip(one.all_rows(), other.all_rows(), strict=True)))
        at = self.parts.index(other)
        self.parts[at] = joined
        self.parts.remove(one)

    def strip(self, edges: Times) -> Strip:
        """What happened between these times (ascending), of all parts together. Of the last ones that were asked for, what cannot have changed is remembered."""
        first, alike = self._alike(edges)
        fresh = self._strip(edges[alike:])
        strip = fresh
        if alike:
            strip = Strip(
                *(
                    np.concatenate([kept[first : first + alike], new])
                    for kept, new in zip(self._kept, fresh, strict=True)
                )
            )
        self._edges, self._kept, self._settled_ns = edges, strip, _AFTER_ALL
        return strip

    def _alike(self, edges: Times) -> tuple[int, int]:
        """From where on what was found last holds for these times, and for how many columns from their begin."""
        if self._edges is None or not len(edges):
            return 0, 0
        first = int(np.searchsorted(self._edges, edges[0]))
        before = self._edges[first : first + len(edges)]
        if not np.array_equal(before, edges[: len(before)]):
            return 0, 0
        settled = int(np.searchsorted(before, self._settled_ns, "right"))
        return first, max(settled - 1, 0)

    def _strip(self, edges: Times) -> Strip:
        strips = [part.strip(edges) for part in self.parts]
        if len(strips) == 1:
            return strips[0]
        return Strip(*(np.add.reduce(np.stack(columns)) for columns in zip(*strips, strict=True)))

    def forget_strip(self) -> None:
        """What was asked for last will not be asked for again soon: it needs no room."""
        self._edges = None

    def runs_between(self, from_ns: int, until_ns: int) -> int:
        """How many runs at most touch this time."""
        return sum(stop - start for start, stop in (part.window(from_ns, until_ns) for part in self.parts))

    def slices(self, from_ns: int, until_ns: int) -> Slices:
        """The runs that touch this time, by their begin within each part."""
        found = [part.slices(*part.window(from_ns, until_ns)) for part in self.parts]
        merged = found[0] if len(found) == 1 else Slices(*(np.concatenate(it) for it in zip(*found, strict=True)))
        touching = (merged.end_ns >= from_ns) & (merged.begin_ns < until_ns)
        return merged if bool(touching.all()) else Slices(*(column[touching] for column in merged))

    def pieces(self, from_ns: int, until_ns: int, most: int) -> Iterator[Slices]:
        """The same, at most so many runs at a time."""
        for part in self.parts:
            start, stop = part.window(from_ns, until_ns)
            for at in range(start, stop, most):
                found = part.slices(at, min(at + most, stop))
                touching = (found.end_ns >= from_ns) & (found.begin_ns < until_ns)
                yield Slices(*(column[touching] for column in found))

    def row_at_end(self, from_ns: int, until_ns: int, *, first: bool) -> int:
        """The row of the first or last run that touches this time, -1 for none."""
        for part in self.parts:
            start, stop = part.window(from_ns, until_ns)
            at = start if first else stop - 1
            found = part.slices(at, at + 1).row
            if start < stop and len(found):
                return int(found[0])
        return -1

    def last_row_ended_by(self, t_ns: int) -> int:
        """The latest row that had ended at a time, with all before it; -1 for none."""
        return max(part.last_row_ended_by(t_ns) for part in self.parts)

    def neighbour(self, begin_ns: int, row: int, steps: int) -> int:
        """The row of the next (1) or previous (-1) run on this lane, -1 when there is none."""
        for part in self.parts:
            at = part.place_of(begin_ns, row)
            if at >= 0:
                found = part.slices(at + steps, at + steps + 1).row
                return int(found[0]) if len(found) else -1
        return -1

    def forget_before(self, first_row: int) -> None:
        for part in self.parts:
            if part.forget_before(first_row):
                self.forget_strip()


class LaneIndex:
    """The lanes of one app, by ``catalyst`` or ``essence``. Owned by who shows them; `extend` it, then ask its lanes.

    Args:
        key: the column of the table that tells runs of different lanes apart.
        first: the first row of the table that belongs to the app.
        accepts: which rows (columns of `Runs.chunks`) are taken; all when None.
    """

    def __init__(
        self, key: str, first: int = 0, accepts: Callable[[dict[str, Column]], npt.NDArray[np.bool_]] | None = None
    ) -> None:
        self.lanes: dict[int, Lane] = {}
        self.density = Density()
        """When how much began, in all lanes together."""
        self.seen = first
        """Rows before this one were looked at."""
        self.taken = 0
        """Runs that are in lanes, or were."""
        self._key = key
        self._accepts = accepts

    def extend(self, runs: Runs, stop: int, most_rows: int = PIECE_ROWS) -> bool:
        """Look at rows up to ``stop``, at most so many of them. Returns whether all of them have been looked at."""
        stop = min(stop, len(runs))
        until = min(stop, max(self.seen, runs.first) + most_rows)
        for first, rows, columns in runs.chunks(self.seen, until):
            self._take(first, rows, columns)
        self.seen = max(self.seen, until)
        return self.seen >= stop

    def forget_before(self, first_row: int) -> None:
        """The table lost its oldest rows."""
        for lane in self.lanes.values():
            lane.forget_before(first_row)

    def _take(self, first: int, rows: int, columns: dict[str, Column]) -> None:
        index = np.arange(first, first + rows, dtype=np.int64)
        keys, begin, end = columns[self._key], columns["begin_ns"], columns["end_ns"]
        errors = (columns["flags"] & ERROR) != 0
        if self._accepts is not None:
            wanted = self._accepts(columns)
            if not bool(wanted.all()):
                index, keys, begin, end, errors = (it[wanted] for it in (index, keys, begin, end, errors))
        self.taken += len(index)
        # Times beyond a century, or an end before its begin, can only come from a stream that was made up.
        begin = np.clip(begin, -_FARTHEST_NS, _FARTHEST_NS)
        end = np.clip(end, begin, _FARTHEST_NS)
        self.density.take(begin, errors)
        fullest: SortedRuns | None = None
        fullness = _HALF_FULL
        for key, chosen in _groups(keys):
            lane = self.lanes.get(key)
            if lane is None:
                lane = self.lanes[key] = Lane()
            lane.take(begin[chosen], end[chosen], index[chosen], errors[chosen])
            if lane.parts[-1].fullness > fullness:
                fullest, fullness = lane.parts[-1], lane.parts[-1].fullness
        if fullest is not None:
            # Lanes that are alike would all need room at the same moment: so each time one of them gets it before that.
            fullest.grow()


def _groups(keys: Column) -> Iterator[tuple[int, npt.NDArray[np.int64] | slice]]:
    """(key, which rows) of each different key."""
    if not len(keys):
        return
    least, most = int(keys.min()), int(keys.max())
    if least == most:
        yield least, slice(None)
        return
    # Numbers of 16 bits are sorted by radix, ten times as fast.
    small = keys.astype(np.int16) if least >= -32_768 and most < 32_768 else keys
    order = np.argsort(small, kind="stable")
    in_order = keys[order]
    cuts = np.flatnonzero(in_order[1:] != in_order[:-1]) + 1
    bounds = [0, *cuts.tolist(), len(keys)]
    for low, high in pairwise(bounds):
        yield int(in_order[low]), order[low:high]
