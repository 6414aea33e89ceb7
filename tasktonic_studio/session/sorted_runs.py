"""The runs of one lane in the order of their begin: sorted columns in blocks, asked by binary search."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

BLOCK_ROWS: Final = 262_144
"""A question costs a little for each block: few large ones. Rows that are not there yet take no memory."""
REACH_BACK: Final = 4_096
"""So many rows at the end are sorted again for a run that began before them; for more a new part begins."""

Times = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_SMALL: Final = 256
_LARGE: Final = 16_384
"""What has room for so many rows takes a while to be copied when it grows."""
_BEFORE_ALL: Final = np.iinfo(np.int64).min


class Strip(NamedTuple):
    """What happened between each two of some times: runs that began, nanoseconds that something ran, errors."""

    counts: Times
    busy_ns: Times
    errors: Times


class Slices(NamedTuple):
    """Runs of a lane: when they began and ended, and their rows in the table of runs."""

    begin_ns: Times
    end_ns: Times
    row: Times


class _Block:
    """Up to `BLOCK_ROWS` runs. ``reach`` is the latest end so far, ``busy`` and ``errors`` are sums from the part's begin."""

    __slots__ = ("begin", "busy", "busy_before", "end", "errors", "errors_before", "last_row", "reach", "row", "rows")

    def __init__(self, capacity: int, busy_before: int, errors_before: int) -> None:
        self.rows = 0
        self.last_row = -1
        self.busy_before, self.errors_before = busy_before, errors_before
        self.begin, self.end, self.reach, self.busy = (np.empty(capacity, np.int64) for _ in range(4))
        self.row = np.empty(capacity, np.int64)
        self.errors = np.empty(capacity, np.int32)

    def make_room(self, rows: int) -> None:
        """Grow to hold so many, at most `BLOCK_ROWS`."""
        capacity = len(self.begin)
        if rows <= capacity:
            return
        while capacity < rows:
            capacity *= 2
        for name in ("begin", "end", "reach", "busy", "row", "errors"):
            column = getattr(self, name)
            grown = np.empty(min(capacity, BLOCK_ROWS), column.dtype)
            grown[: self.rows] = column[: self.rows]
            setattr(self, name, grown)

    @property
    def fullness(self) -> float:
        """How much of the room is taken where it is large and can grow, else 0."""
        capacity = len(self.begin)
        return self.rows / capacity if _LARGE <= capacity < BLOCK_ROWS else 0.0


class SortedRuns:
    """Runs of one lane by their begin. A position counts from the first run ever taken and stays so when the oldest go."""

    __slots__ = ("_blocks", "_dropped", "_first_row", "_firsts")

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._firsts: Times = np.empty(0, np.int64)
        self._dropped = 0
        self._first_row = 0

    # ---- questions ---------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """Runs that are here."""
        return self.stop - self._dropped

    @property
    def stop(self) -> int:
        """Position after the last."""
        return self._dropped + (len(self._blocks) - 1) * BLOCK_ROWS + self._blocks[-1].rows if self._blocks else 0

    @property
    def began_ns(self) -> int:
        """When the first one began; there must be one."""
        return int(self._blocks[0].begin[0])

    @property
    def reach_ns(self) -> int:
        """The latest end; there must be a run."""
        block = self._blocks[-1]
        return int(block.reach[block.rows - 1])

    def position(self, t_ns: int) -> int:
        """How many runs, those that are gone included, began before this time."""
        if not self._blocks:
            return 0
        number = max(int(np.searchsorted(self._firsts, t_ns, "left")) - 1, 0)
        block = self._blocks[number]
        found = int(np.searchsorted(block.begin[: block.rows], t_ns, "left"))
        return self._dropped + number * BLOCK_ROWS + found

    def window(self, from_ns: int, until_ns: int) -> tuple[int, int]:
        """Positions from the first to after the last run that may touch this time; between them some may not."""
        stop = self.position(until_ns)
        if not self._blocks:
            return stop, stop
        ends = [int(block.reach[block.rows - 1]) for block in self._blocks]
        number = int(np.searchsorted(ends, from_ns, "left"))
        if number == len(ends):
            return stop, stop
        block = self._blocks[number]
        start = int(np.searchsorted(block.reach[: block.rows], from_ns, "left"))
        return min(self._dropped + number * BLOCK_ROWS + start, stop), stop

    def slices(self, start: int, stop: int) -> Slices:
        """The runs at these positions, those that are here."""
        parts = [
            (block.begin[low:high], block.end[low:high], block.row[low:high])
            for block, low, high in self._pieces(start, stop)
        ]
        if len(parts) == 1:
            found = Slices(*parts[0])
        elif parts:
            found = Slices(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        else:
            found = Slices(*(np.empty(0, np.int64) for _ in range(3)))
        if len(found.row) and self._first_row > int(found.row.min()):
            here = found.row >= self._first_row
            found = Slices(*(column[here] for column in found))
        return found

    def strip(self, edges: Times) -> Strip:
        """What happened between these times (ascending); by the number of times, not of runs."""
        positions = np.zeros(len(edges), np.int64)
        busy = np.zeros(len(edges), np.int64)
        errors = np.zeros(len(edges), np.int64)
        if self._blocks:
            owners = np.maximum(np.searchsorted(self._firsts, edges, "left") - 1, 0)
            cuts = np.flatnonzero(owners[1:] != owners[:-1]) + 1
            bounds = [0, *cuts.tolist(), len(edges)]
            for low, high in pairwise(bounds):
                if low < high:
                    self._sums(int(owners[low]), edges[low:high], positions[low:high], busy[low:high], errors[low:high])
        return Strip(np.diff(positions), np.diff(busy), np.diff(errors))

    def _sums(self, number: int, times: Times, positions: Times, busy: Times, errors: Times) -> None:
        block = self._blocks[number]
        found = np.searchsorted(block.begin[: block.rows], times, "left")
        positions[:] = found + (self._dropped + number * BLOCK_ROWS)
        last = np.maximum(found - 1, 0)
        # Of what was counted until then a part lies after the time: it is one stretch up to the latest end.
        ran = block.busy[last] - np.maximum(block.reach[last] - times, 0)
        none = found == 0
        busy[:] = np.where(none, block.busy_before, ran)
        errors[:] = np.where(none, block.errors_before, block.errors[last])

    def last_row_ended_by(self, t_ns: int) -> int:
        """The latest row of the table of which this and everything before it in the lane had ended; -1 for none."""
        for number in range(len(self._blocks) - 1, -1, -1):
            block = self._blocks[number]
            ended = int(np.searchsorted(block.reach[: block.rows], t_ns, "right"))
            if ended:
                # A run stands before its hooks here and after them in the table.
                stop = self._dropped + number * BLOCK_ROWS + ended
                return max(int(piece.row[low:high].max()) for piece, low, high in self._pieces(stop - 64, stop))
        return -1

    def place_of(self, begin_ns: int, row: int) -> int:
        """The position of a run of which begin and row are known, -1 when it is not here."""
        at, stop = self.position(begin_ns), self.position(begin_ns + 1)
        hits = np.flatnonzero(self.slices(at, stop).row == row)
        return at + int(hits[0]) if hits.size else -1

    def _pieces(self, start: int, stop: int) -> Iterator[tuple[_Block, int, int]]:
        start = max(start, self._dropped)
        while start < min(stop, self.stop):
            number, low = divmod(start - self._dropped, BLOCK_ROWS)
            high = min(low + stop - start, self._blocks[number].rows)
            yield self._blocks[number], low, high
            start += high - low

    # ---- taking rows -------------------------------------------------------------------------------------------

    def can_take(self, begin_ns: int) -> bool:
        """Whether a run that began then can be put in without sorting much again."""
        return self.stop - self.position(begin_ns + 1) <= REACH_BACK

    @property
    def fullness(self) -> float:
        """How soon room will have to be made that takes a while, 0 to 1."""
        return self._blocks[-1].fullness if self._blocks else 0.0

    def grow(self) -> None:
        """Make that room now."""
        block = self._blocks[-1]
        block.make_room(len(block.begin) + 1)

    def take(self, begin: Times, end: Times, row: Times, errors: Mask) -> None:
        """Put runs in, in any order among themselves."""
        if not len(begin):
            return
        if len(begin) > 1 and bool((begin[1:] < begin[:-1]).any()):
            order = np.argsort(begin, kind="stable")
            begin, end, row, errors = begin[order], end[order], row[order], errors[order]
        at = self.position(int(begin[0]) + 1)
        if at < self.stop:
            begin, end, row, errors = self._with_tail(max(at, self._dropped), begin, end, row, errors)
        self._append(begin, end, row, errors)

    def _with_tail(
        self, at: int, begin: Times, end: Times, row: Times, errors: Mask
    ) -> tuple[Times, Times, Times, Mask]:
        """Take the last runs out again, from a position on, and give them back sorted together with new ones."""
        tail = [(block, low, high) for block, low, high in self._pieces(at, self.stop)]
        begins = np.concatenate([*(block.begin[low:high] for block, low, high in tail), begin])
        ends = np.concatenate([*(block.end[low:high] for block, low, high in tail), end])
        rows = np.concatenate([*(block.row[low:high] for block, low, high in tail), row])
        marks = [np.diff(block.errors[:high], prepend=block.errors_before)[low:] > 0 for block, low, high in tail]
        failed = np.concatenate([*marks, errors])
        keep_blocks, keep_rows = divmod(at - self._dropped, BLOCK_ROWS)
        del self._blocks[keep_blocks + (keep_rows > 0) :]
        if keep_rows:
            self._blocks[-1].rows = keep_rows
        self._firsts = self._firsts[: len(self._blocks)]
        order = np.argsort(begins, kind="stable")
        return begins[order], ends[order], rows[order], failed[order]

    def _append(self, begin: Times, end: Times, row: Times, errors: Mask) -> None:
        done = 0
        while done < len(begin):
            block = self._open_block(int(begin[done]))
            low = block.rows
            take = min(len(begin) - done, BLOCK_ROWS - low)
            block.make_room(low + take)
            part = slice(done, done + take)
            self._fill(block, slice(low, low + take), begin[part], end[part], row[part], errors[part])
            done += take

    def _open_block(self, begin_ns: int) -> _Block:
        blocks = self._blocks
        if not blocks or blocks[-1].rows == BLOCK_ROWS:
            last = blocks[-1] if blocks else None
            busy = int(last.busy[last.rows - 1]) if last else 0
            errors = int(last.errors[last.rows - 1]) if last else 0
            blocks.append(_Block(BLOCK_ROWS if last else min(_SMALL, BLOCK_ROWS), busy, errors))
            self._firsts = np.append(self._firsts, begin_ns)
        return blocks[-1]

    def _fill(self, block: _Block, to: slice, begin: Times, end: Times, row: Times, errors: Mask) -> None:
        before = self._reach_before(block)
        reach = np.maximum(np.maximum.accumulate(end), before)
        shifted = np.empty_like(reach)
        shifted[0], shifted[1:] = before, reach[:-1]
        # What nothing before covers already: hooks lie inside the run that they are a part of.
        fresh = np.maximum(end - np.maximum(begin, shifted), 0)
        busy_before = int(block.busy[block.rows - 1]) if block.rows else block.busy_before
        errors_before = int(block.errors[block.rows - 1]) if block.rows else block.errors_before
        block.begin[to], block.end[to], block.row[to], block.reach[to] = begin, end, row, reach
        block.busy[to] = np.cumsum(fresh) + busy_before
        block.errors[to] = np.cumsum(errors) + errors_before
        block.rows = to.stop
        block.last_row = max(block.last_row, int(row.max()))

    def _reach_before(self, block: _Block) -> int:
        if block.rows:
            return int(block.reach[block.rows - 1])
        number = len(self._blocks) - 1
        return int(self._blocks[number - 1].reach[-1]) if number else _BEFORE_ALL

    def forget_before(self, first_row: int) -> bool:
        """Rows below this one left the table: whole blocks of them go, single ones are not given out any more.

        Returns:
            Whether blocks have gone.
        """
        self._first_row = first_row
        gone = 0
        while gone < len(self._blocks) - 1 and self._blocks[gone].last_row < first_row:
            gone += 1
        if gone:
            del self._blocks[:gone]
            self._firsts = self._firsts[gone:]
            self._dropped += gone * BLOCK_ROWS
        return gone > 0

    def all_rows(self) -> tuple[Times, Times, Times, Mask]:
        """Everything, to be put into another part."""
        pieces = list(self._pieces(self._dropped, self.stop))
        columns = [
            np.concatenate([getattr(block, name)[:high] for block, _, high in pieces])
            for name in ("begin", "end", "row")
        ]
        marks = [np.diff(block.errors[:high], prepend=block.errors_before) > 0 for block, _, high in pieces]
        return columns[0], columns[1], columns[2], np.concatenate(marks)
