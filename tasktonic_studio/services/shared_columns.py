"""Columns of flow in memory that two processes share: one writes rows, the other takes them over where they lie.

A long trace is some hundred megabytes of columns. Through a pipe each of them would be copied four times, into it, out of it and
into the tables of the session, and whoever takes them out waits at each for the interpreter. Here a process says only how far it has
come.

The memory has no name and lies in no folder: it is gone with the last who has it open, however those end. Room is set aside for
as many rows of each kind as there may be at most; what is not written takes none. Where a system knows no such memory there is
none to be had, and columns go through the pipe.
"""

from __future__ import annotations

import mmap
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session.columns import CHUNK_ROWS, Column
from tasktonic_studio.session.timeline import ORDER_COLUMNS, RUN_COLUMNS, TRANSITION_COLUMNS

TABLES: Final[Mapping[str, Mapping[str, npt.DTypeLike]]] = {
    "runs": RUN_COLUMNS,
    "orders": ORDER_COLUMNS,
    "transitions": TRANSITION_COLUMNS,
}
_ELSEWHERE: Final = ("n", "cause", "arguments")
"""Of these the session knows the numbers only when it takes a row."""
_OFFSET: Final = "offset"
_POPULATE_WRITE: Final = 23
"""Of Linux, since 5.14: have memory behind these pages, as if each had been written."""


class SharedColumns:
    """The columns of each table by name, each as long as `rows`, and of each table in which place of their piece its rows stand.

    Both processes make one of the same memory and the same `events`. Any thread.

    Args:
        descriptor: of the memory; whoever opened it closes it, when both have made theirs.
        events: so many events there are at most, of whatever kind they are.
        is_ours: whether rows are written here.
    """

    def __init__(self, descriptor: int, events: int, *, is_ours: bool) -> None:
        # A table takes whole chunks over, also the last one, of which there may be one row.
        self.rows = events + CHUNK_ROWS
        columns = [(table, field, np.dtype(dtype)) for table, field, dtype in _columns()]
        size = sum(_whole_pages(self.rows * dtype.itemsize) for _, _, dtype in columns)
        os.ftruncate(descriptor, size)  # of both the same size: whoever comes first
        self._memory = mmap.mmap(descriptor, size, access=mmap.ACCESS_WRITE if is_ours else mmap.ACCESS_READ)
        self.tables: dict[str, dict[str, Column]] = {table: {} for table in TABLES}
        self._offsets: dict[str, Column] = {}
        self._places: dict[str, list[tuple[int, int]]] = {table: [] for table in TABLES}
        """Of each table where its columns begin, and how many bytes a row has in them."""
        self._with_pages = dict.fromkeys(TABLES, 0)
        """So many of their rows have memory behind them."""
        at = 0
        for table, field, dtype in columns:
            column: npt.NDArray[Any] = np.frombuffer(self._memory, dtype, self.rows, at)
            self._places[table].append((at, dtype.itemsize))
            at += _whole_pages(self.rows * dtype.itemsize)
            if field == _OFFSET:
                self._offsets[table] = column
            else:
                self.tables[table][field] = column

    def room(self, table: str, begin: int, rows: int) -> dict[str, Column] | None:
        """So many rows of a table, from this one on, to be written. None where there is no room for them."""
        until = begin + rows
        if until > self.rows:
            return None
        self._make_pages(table, until)
        return {field: column[begin:until] for field, column in self.tables[table].items()}

    def write(self, table: str, begin: int, columns: Mapping[str, Column], offset: int) -> None:
        """Rows of a table, from this one on; there is room. Their column `n` counts from a place that has this offset in their piece.

        Columns that were written into `room` are those that stand there: they are passed over.
        """
        until = begin + len(columns["n"])
        for field, column in self.tables[table].items():
            if columns[field].base is not column:
                column[begin:until] = columns[field].astype(column.dtype, copy=False)
        np.add(columns["n"], offset, out=self._offsets[table][begin:until], casting="unsafe")

    def part(self, table: str, begin: int, rows: int) -> dict[str, Column]:
        """So many rows of a table as they were written, `n` being their offsets; no copy."""
        end = begin + rows
        found = {field: column[begin:end] for field, column in self.tables[table].items()}
        found["n"] = self._offsets[table][begin:end]
        return found

    def _make_pages(self, table: str, until: int) -> None:
        """Have memory behind the rows of a table up to this one: many pages at once take less time than each when it is written."""
        made = self._with_pages[table]
        if made >= until:
            return
        make = self._with_pages[table] = min(-(-until // CHUNK_ROWS) * CHUNK_ROWS, self.rows)
        for at, size in self._places[table]:
            with suppress(OSError):  # an older kernel: page by page then
                self._memory.madvise(_POPULATE_WRITE, at + made * size, (make - made) * size)


def new_memory() -> int | None:
    """A descriptor of shared memory, None where there is none. It belongs to the caller, and is not inherited by itself."""
    if sys.platform != "linux" or sys.byteorder != "little":  # in which order numbers lie in a file
        return None
    try:
        return os.memfd_create("trace")
    except OSError:  # an old kernel, or as many files are open as may be
        return None


def _columns() -> list[tuple[str, str, npt.DTypeLike]]:
    found: list[tuple[str, str, npt.DTypeLike]] = []
    for table, dtypes in TABLES.items():
        found.append((table, _OFFSET, np.uint32))
        found += [(table, field, dtype) for field, dtype in dtypes.items() if field not in _ELSEWHERE]
    return found


def _whole_pages(size: int) -> int:
    return -(-size // mmap.PAGESIZE) * mmap.PAGESIZE
