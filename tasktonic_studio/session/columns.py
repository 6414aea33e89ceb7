"""Append-only tables shared by the present and the past.

A `ColumnStore` holds rows as numpy columns in chunks, a `RowStore` as Python objects. They only grow at the end (and lose
whole chunks at the front past their budget). What is known at a moment is a *view*: the store and a count. Appending to
a view whose count is behind the store's end only advances the count, since by construction the very same rows are
there already: so the same fold runs forward live and again when the past is looked up, and writes each row once.

Indices are absolute: row 7 stays row 7 after older rows were dropped.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]
Columns = Mapping[str, Column]

CHUNK_ROWS: Final = 65_536
STRETCH_ROWS: Final = 1_024
"""So many rows remember the smallest and the largest of their values together; a chunk is a whole number of stretches."""
_FEW_STRETCHES: Final = 4
"""So many are looked through sooner than sorted out."""
_BEYOND: Final = 1 << 63
"""No column holds a number that is so large."""

T = TypeVar("T")


class Ahead(NamedTuple):
    """Columns that another process writes, further and further, and the row in them with which some rows begin.

    They have the types that the table has, and nobody writes a row again that was told of. A `ColumnStore` takes such rows over
    where they lie.
    """

    columns: Columns
    start: int

    def after(self, rows: int) -> Ahead:
        """What follows so many rows."""
        return self._replace(start=self.start + rows)

    def is_at(self, other: Ahead) -> bool:
        """Whether it is the same row of the same columns."""
        return self.columns is other.columns and self.start == other.start


class ColumnStore:
    """Rows as numpy columns in chunks of `CHUNK_ROWS`; every table has a column `n`, ascending: the event's number."""

    __slots__ = ("_ahead", "_chunks", "_dtypes", "_ranges", "budget_rows", "first", "total")

    def __init__(self, dtypes: Mapping[str, npt.DTypeLike], budget_rows: int) -> None:
        self._dtypes = {name: np.dtype(dtype) for name, dtype in dtypes.items()}
        self._chunks: list[dict[str, Column]] = []
        self._ahead: Ahead | None = None
        """Where the last chunk lies, while it does not lie in memory of its own."""
        self._ranges: dict[str, _Ranges] = {}
        self.budget_rows = max(budget_rows, CHUNK_ROWS)
        self.first = 0
        """Index of the oldest row that is still here; a multiple of `CHUNK_ROWS`."""
        self.total = 0
        """Rows ever appended."""

    def append(self, columns: Columns, rows: int, ahead: Ahead | None = None) -> None:
        """Add `rows` rows. Wider integers are cut to the column's type: only a hostile sender has such ids.

        With `ahead`, where they lie: a chunk that begins with one of them stays there, and only the columns that are not there are copied.
        """
        done = 0
        while done < rows:
            at = self.total % CHUNK_ROWS
            lies = None if ahead is None else ahead.after(done)
            if at == 0 and self.total - self.first == len(self._chunks) * CHUNK_ROWS:
                self._begin_chunk(lies)
            elif self._ahead is not None and (lies is None or not lies.is_at(self._ahead.after(at))):
                # They come from elsewhere: what follows where the chunk lies is something else, or not for us to write.
                self._chunks[-1] = {name: column.copy() for name, column in self._chunks[-1].items()}
                self._ahead = None
            there: Columns = {} if self._ahead is None else self._ahead.columns
            take = min(rows - done, CHUNK_ROWS - at)
            for name, target in self._chunks[-1].items():
                if name not in there:
                    target[at : at + take] = columns[name][done : done + take].astype(target.dtype, copy=False)
            done += take
            self.total += take
        while self.total - self.first > self.budget_rows and len(self._chunks) > 1:
            del self._chunks[0]
            self.first += CHUNK_ROWS

    def _begin_chunk(self, ahead: Ahead | None) -> None:
        if ahead is not None and any(len(column) < ahead.start + CHUNK_ROWS for column in ahead.columns.values()):
            ahead = None  # there is no room for a whole one
        self._ahead = ahead
        there: Columns = {} if ahead is None else ahead.columns
        begin = 0 if ahead is None else ahead.start
        self._chunks.append(
            {
                name: there[name][begin : begin + CHUNK_ROWS] if name in there else np.empty(CHUNK_ROWS, dtype)
                for name, dtype in self._dtypes.items()
            }
        )

    def chunks(self, start: int, stop: int) -> Iterator[tuple[int, int, dict[str, Column]]]:
        """(index of the first row, rows, columns cut to them) for rows `start` to `stop`, oldest first, without copying."""
        start = max(start, self.first)
        while start < stop:
            number = (start - self.first) // CHUNK_ROWS
            low = start % CHUNK_ROWS
            high = min(CHUNK_ROWS, low + stop - start)
            chunk = self._chunks[number]
            yield start, high - low, {name: column[low:high] for name, column in chunk.items()}
            start += high - low

    def column(self, name: str, start: int, stop: int) -> Column:
        """Values of one column; no copy when the rows lie in one chunk."""
        parts = []
        start = max(start, self.first)
        while start < stop:
            low = start % CHUNK_ROWS
            high = min(CHUNK_ROWS, low + stop - start)
            parts.append(self._chunks[(start - self.first) // CHUNK_ROWS][name][low:high])
            start += high - low
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else np.empty(0, self._dtypes[name])

    def take(self, names: Iterable[str], rows: npt.NDArray[np.int64]) -> dict[str, Column]:
        """Columns of single rows, in their order. All of them must be here."""
        wanted = {name: np.empty(len(rows), self._dtypes[name]) for name in names}
        numbers = (rows - self.first) // CHUNK_ROWS
        # Stretches of rows that lie in one chunk: few, as rows mostly ascend.
        ends = [*(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(rows)] if len(rows) else []
        start = 0
        for end in ends:
            chunk, at = self._chunks[int(numbers[start])], rows[start:end] % CHUNK_ROWS
            for name, column in wanted.items():
                column[start:end] = chunk[name][at]
            start = end
        return wanted

    def value(self, name: str, index: int) -> int:
        """One value. The row must be here."""
        return int(self._chunks[(index - self.first) // CHUNK_ROWS][name][index % CHUNK_ROWS])

    def row(self, index: int) -> dict[str, int]:
        """All values of one row. The row must be here."""
        chunk = self._chunks[(index - self.first) // CHUNK_ROWS]
        at = index % CHUNK_ROWS
        return {name: int(column[at]) for name, column in chunk.items()}

    def count_at(self, n: int) -> int:
        """How many rows come from the first `n` events."""
        low, high = self.first, self.total
        if low == high:
            return low
        number = bisect_right(self._chunks, n - 1, key=_first_n) - 1
        if number < 0:
            return low
        start = low + number * CHUNK_ROWS
        stop = min(start + CHUNK_ROWS, high)
        return start + int(np.searchsorted(self.column("n", start, stop), n, side="left"))

    def counts_at(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The same for many numbers of events, at once."""
        found = np.full(len(numbers), self.first, np.int64)
        if not self._chunks:
            return found
        chunks = np.searchsorted([_first_n(chunk) for chunk in self._chunks], numbers, side="left") - 1
        for chunk in np.flatnonzero(np.bincount(chunks[chunks >= 0])).tolist():
            mine, start = chunks == chunk, self.first + chunk * CHUNK_ROWS
            stop = min(start + CHUNK_ROWS, self.total)
            found[mine] = start + np.searchsorted(self.column("n", start, stop), numbers[mine], side="left")
        return found

    def find(self, name: str, value: int, start: int, stop: int) -> npt.NDArray[np.int64]:
        """Indices of the rows between `start` and `stop` whose column `name` is `value`, ascending.

        Stretches of rows remember their smallest and largest value, so numbers, which nearly ascend, are found in one or two.
        """
        start = max(start, self.first)
        if start >= stop:
            return np.empty(0, np.int64)
        hits: list[npt.NDArray[np.int64]] = []
        known = self._ranges_of(name)
        for low, high in [*known.may_hold(value, start, min(stop, known.until)), (max(known.until, start), stop)]:
            if low < high:
                hits.append((self.column(name, low, high) == value).nonzero()[0] + low)
        return np.concatenate(hits) if hits else np.empty(0, np.int64)

    def _ranges_of(self, name: str) -> _Ranges:
        """The smallest and largest values of a column, brought up to date: what an append leaves to do is done by who asks."""
        known = self._ranges.get(name)
        if known is None:
            known = self._ranges[name] = _Ranges(self.first)
        known.forget_before(self.first)
        while known.until + STRETCH_ROWS <= self.total:
            # Not across chunks: there is nothing to be copied together then.
            stop = min(self.total, known.until - known.until % CHUNK_ROWS + CHUNK_ROWS)
            stop -= stop % STRETCH_ROWS
            known.add(self.column(name, known.until, stop))
        return known


class _Ranges:
    """The smallest and the largest value of each full stretch of one column, the first of which begins at row `first`."""

    __slots__ = ("_ahead", "_count", "_least", "_most", "_so_far", "first")

    def __init__(self, first: int) -> None:
        self.first = first
        self._count = 0
        self._least = np.empty(64, np.int64)
        self._most = np.empty(64, np.int64)
        self._so_far = self._ahead = np.empty(0, np.int64)
        """For each stretch the largest value till its end, and the smallest from its begin on: both ascend."""

    @property
    def until(self) -> int:
        """The row after the last stretch."""
        return self.first + self._count * STRETCH_ROWS

    def add(self, column: Column) -> None:
        """The next stretches, whole ones."""
        parts = column.reshape(-1, STRETCH_ROWS)
        count = self._count + len(parts)
        if count > len(self._least):
            self._least = np.concatenate([self._least, np.empty(count, np.int64)])
            self._most = np.concatenate([self._most, np.empty(count, np.int64)])
        self._least[self._count : count] = parts.min(axis=1)
        self._most[self._count : count] = parts.max(axis=1)
        self._count = count
        self._bound()

    def _bound(self) -> None:
        self._so_far = np.maximum.accumulate(self._most[: self._count])
        self._ahead = np.minimum.accumulate(self._least[: self._count][::-1])[::-1]

    def forget_before(self, first: int) -> None:
        """The table begins with this row now."""
        gone = min((first - self.first) // STRETCH_ROWS, self._count)
        if gone > 0:
            self._least, self._most = self._least[gone:].copy(), self._most[gone:].copy()
            self._count -= gone
            self._bound()
        self.first = max(first, self.first)

    def may_hold(self, value: int, start: int, stop: int) -> list[tuple[int, int]]:
        """The rows from `start` to `stop` among which the value may be, as (begin, end); stretches side by side are one."""
        low = max(max(start - self.first, 0) // STRETCH_ROWS, int(self._so_far.searchsorted(value)))
        high = min(-(-(stop - self.first) // STRETCH_ROWS), int(self._ahead.searchsorted(value, "right")))
        if low >= high or abs(value) >= _BEYOND:
            return []
        parts = [(low, high)]
        if high - low > _FEW_STRETCHES:
            found = low + np.flatnonzero((self._least[low:high] <= value) & (self._most[low:high] >= value))
            cuts = np.flatnonzero(np.diff(found) > 1) + 1
            parts = [(int(part[0]), int(part[-1]) + 1) for part in np.split(found, cuts) if part.size]
        at = self.first
        return [(max(at + begin * STRETCH_ROWS, start), min(at + end * STRETCH_ROWS, stop)) for begin, end in parts]


def _first_n(chunk: dict[str, Column]) -> int:
    return int(chunk["n"][0])


class RowStore(Generic[T]):
    """Rows as plain tuples; the oldest tenth goes when there are more than the budget.

    They are made into records when somebody looks. A plain tuple of texts and numbers is nothing that Python's garbage
    collector has to look at again and again, while half a million records would make it stop the window for a tenth of a
    second each time.
    """

    __slots__ = ("_make", "_rows", "budget_rows", "first")

    def __init__(self, budget_rows: int, make: Callable[[Iterable[Any]], T]) -> None:
        self._rows: list[tuple[Any, ...]] = []
        self._make = make
        self.budget_rows = budget_rows
        self.first = 0

    @property
    def total(self) -> int:
        return self.first + len(self._rows)

    def append(self, row: tuple[Any, ...]) -> None:
        """Add the fields of a record."""
        self._rows.append(row)
        if len(self._rows) > self.budget_rows:
            self.keep(self.budget_rows * 9 // 10)

    def take(self, index: int, row: tuple[Any, ...]) -> bool:
        """Add the fields of a record, if it is the one with this index; else, as it is here already, nothing (then false)."""
        rows = self._rows
        if index != self.first + len(rows):
            return False
        rows.append(row)
        if len(rows) > self.budget_rows:
            self.keep(self.budget_rows * 9 // 10)
        return True

    def extend(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """The same for many, one after the other."""
        done = 0
        while done < len(rows):
            room = self.budget_rows + 1 - len(self._rows)
            self._rows += rows[done : done + room]
            done += room
            if len(self._rows) > self.budget_rows:
                self.keep(self.budget_rows * 9 // 10)

    def keep(self, rows: int) -> None:
        """Drop the oldest, so that at most so many stay."""
        gone = max(len(self._rows) - rows, 0)
        del self._rows[:gone]
        self.first += gone

    def get(self, index: int) -> T:
        return self._make(self._rows[index - self.first])

    def slice(self, start: int, stop: int) -> list[T]:
        return list(map(self._make, self.fields(start, stop)))

    def fields(self, start: int, stop: int) -> list[tuple[Any, ...]]:
        """The same as plain tuples: a copy that another thread may read."""
        return self._rows[max(start - self.first, 0) : max(stop - self.first, 0)]


class RowView(Generic[T]):
    """The rows of a `RowStore` that were known at a moment.

    `len(view)` counts from the very first row; rows before `view.first` are gone. `view[i]` takes absolute indices.
    """

    __slots__ = ("_count", "_store")

    def __init__(self, store: RowStore[T], count: int = 0) -> None:
        self._store = store
        self._count = count

    def __len__(self) -> int:
        return self._count

    @property
    def first(self) -> int:
        """The oldest index that is still here."""
        return min(self._store.first, self._count)

    def __getitem__(self, index: int) -> T:
        if index < 0:
            index += self._count
        if not self.first <= index < self._count:
            raise IndexError(f"row {index}: only rows {self.first} to {self._count - 1} are here")
        return self._store.get(index)

    def __iter__(self) -> Iterator[T]:
        return iter(self.slice(self.first, self._count))

    def slice(self, start: int, stop: int) -> list[T]:
        """Rows `start` to `stop`, without those that are gone or were not known yet."""
        return self._store.slice(start, min(stop, self._count))

    def fields(self) -> list[tuple[Any, ...]]:
        """All rows as plain tuples: a copy that another thread may read."""
        return self._store.fields(self.first, self._count)

    def fork(self) -> RowView[T]:
        return type(self)(self._store, self._count)

    def append(self, row: tuple[Any, ...]) -> bool:
        """Add the fields of a record, or pass over them when the store has them already (then false)."""
        is_new = self._count == self._store.total
        if is_new:
            self._store.append(row)
        self._count += 1
        return is_new

    def extend(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """The same for many."""
        self._store.extend(rows[self._store.total - self._count :])
        self._count += len(rows)
