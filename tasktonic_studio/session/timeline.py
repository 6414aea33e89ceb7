"""Runs, orders and state transitions in stream order, as numpy columns; row and number look-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session.columns import Column, Columns, ColumnStore

_TEXTS_FOR_EVER: Final = 1_000

RUN_COLUMNS: Final = {
    "n": np.int64,
    "begin_ns": np.int64,
    "end_ns": np.int64,
    "run": np.int64,
    "order": np.int64,
    "catalyst": np.int32,
    "essence": np.int32,
    "sparkle": np.int32,
    "before": np.int16,
    "after": np.int16,
    "flags": np.uint8,
}
ORDER_COLUMNS: Final = {
    "n": np.int64,
    "t_ns": np.int64,
    "order": np.int64,
    "catalyst": np.int32,
    "essence": np.int32,
    "sparkle": np.int32,
    "source": np.int32,
    "run": np.int64,
    "cause": np.int32,
    "arguments": np.int32,
}
TRANSITION_COLUMNS: Final = {
    "n": np.int64,
    "t_ns": np.int64,
    "essence": np.int32,
    "old": np.int16,
    "new": np.int16,
    "run": np.int64,
}


class RunRow(NamedTuple):
    """One sparkle that ran; `row` is its index, `n` its event's number. Other fields as in `tasktonic.events.Ran`."""

    row: int
    n: int
    begin_ns: int
    end_ns: int
    run: int
    order: int
    catalyst: int
    essence: int
    sparkle: int
    before: int
    after: int
    flags: int


class OrderRow(NamedTuple):
    """One order that was queued; `row` is its index, `n` its event's number. Other fields as in `tasktonic.events.Ordered`."""

    row: int
    n: int
    t_ns: int
    order: int
    catalyst: int
    essence: int
    sparkle: int
    source: int
    run: int
    cause: str
    arguments: str


class TransitionRow(NamedTuple):
    """One change of state; fields as in `tasktonic.events.StateChanged`."""

    row: int
    n: int
    t_ns: int
    essence: int
    old: int
    new: int
    run: int


RowT = TypeVar("RowT")


class Table(Generic[RowT]):
    """The rows of a shared `ColumnStore` that were known at a moment.

    `len(table)` counts from the very first row; rows before `table.first` were dropped to bound memory. All indices are
    absolute. Reading a whole column of a long table copies it: filter by `where`, show by `row`.
    """

    __slots__ = ("_count", "_store")

    def __init__(self, store: ColumnStore, count: int = 0) -> None:
        self._store = store
        self._count = count

    def __len__(self) -> int:
        return self._count

    @property
    def first(self) -> int:
        """The oldest index that is still here."""
        return min(self._store.first, self._count)

    def column(self, name: str, start: int = 0, stop: int | None = None) -> Column:
        """Column `name` of rows `start` to `stop` (those that are here); no copy when they lie in one chunk."""
        return self._store.column(name, start, self._count if stop is None else min(stop, self._count))

    def chunks(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, int, dict[str, Column]]]:
        """(index of the first row, rows, columns) of successive stretches, without copying."""
        return self._store.chunks(start, self._count if stop is None else min(stop, self._count))

    def where(
        self, test: Callable[[dict[str, Column]], npt.NDArray[np.bool_]], start: int = 0, stop: int | None = None
    ) -> npt.NDArray[np.int64]:
        """Indices of the rows for which `test` (columns to booleans) holds, ascending."""
        hits = [np.nonzero(test(columns))[0] + base for base, _, columns in self.chunks(start, stop)]
        return np.concatenate(hits) if hits else np.empty(0, np.int64)

    def find(self, name: str, value: int, start: int = 0) -> npt.NDArray[np.int64]:
        """Indices of the rows from `start` whose column `name` is `value`, ascending."""
        return self._store.find(name, value, start, self._count)

    def take(self, names: Iterable[str], rows: npt.NDArray[np.int64]) -> dict[str, Column]:
        """Columns of single rows, in their order; all of them must be here."""
        return self._store.take(names, rows)

    def count_at(self, n: int) -> int:
        """How many of the rows come from the first `n` events."""
        return min(self._store.count_at(n), self._count)

    def counts_at(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The same for many."""
        return np.minimum(self._store.counts_at(numbers), self._count)

    def row(self, index: int) -> RowT:
        """Row `index` as plain values; IndexError when it is not here."""
        if not self.first <= index < self._count:
            raise IndexError(f"row {index}: only rows {self.first} to {self._count - 1} are here")
        return self._row(index)

    def rows(self, start: int, stop: int) -> list[RowT]:
        """Rows `start` to `stop`, those that are here."""
        return [self._row(index) for index in range(max(start, self.first), min(stop, self._count))]

    def _row(self, index: int) -> RowT:
        raise NotImplementedError

    def append(self, columns: Columns, rows: int) -> None:
        """Add rows, or pass over them when the store has them already (the past is looked up)."""
        if self._count == self._store.total:
            self._store.append(columns, rows)
        self._count += rows

    def advance_to(self, n: int) -> None:
        """Know the rows of the first `n` events; they are in the store."""
        self._count = max(self._count, self._store.count_at(n))


class Runs(Table[RunRow]):
    """Every sparkle that ran, in stream order."""

    __slots__ = ()

    def fork(self) -> Runs:
        return Runs(self._store, self._count)

    def _row(self, index: int) -> RunRow:
        return RunRow(row=index, **self._store.row(index))

    @property
    def begin_ns(self) -> Column:
        return self.column("begin_ns")

    @property
    def end_ns(self) -> Column:
        return self.column("end_ns")

    @property
    def essence(self) -> Column:
        return self.column("essence")

    @property
    def sparkle(self) -> Column:
        return self.column("sparkle")

    @property
    def catalyst(self) -> Column:
        return self.column("catalyst")

    @property
    def flags(self) -> Column:
        return self.column("flags")


class Texts:
    """Strings by small numbers for the orders' causes and arguments; number 0 is the empty string. Shared.

    Arguments seldom repeat: past `limit` different ones the oldest are forgotten and read as `…`, but for the first few,
    which have the words for causes among them.
    """

    __slots__ = ("_by_text", "_forgotten", "_limit", "_texts")

    def __init__(self, limit: int = 500_000) -> None:
        self._texts: list[str] = ["", "…"]
        self._by_text: dict[str, int] = {"": 0, "…": 1}
        self._limit = limit
        self._forgotten = 0
        """How many there were between the first few and the oldest of the others."""

    def number(self, text: str) -> int:
        """The number of `text`, a new one for a new text."""
        known = self._by_text.get(text)
        if known is None:
            if len(self._texts) >= self._limit:
                self._forget()
            known = self._by_text[text] = len(self._texts) + self._forgotten
            self._texts.append(text)
        return known

    def find(self, text: str) -> int:
        """The number of a text that is known, -1 for one that is not."""
        return self._by_text.get(text, -1)

    def text(self, number: int) -> str:
        if number >= _TEXTS_FOR_EVER:
            number -= self._forgotten
            if number < _TEXTS_FOR_EVER:
                return "…"
        return self._texts[number] if 0 <= number < len(self._texts) else ""

    def copy(self) -> Texts:
        """The same, to be read by another thread while this one goes on."""
        other = Texts(self._limit)
        other._texts, other._forgotten = list(self._texts), self._forgotten
        return other

    def _forget(self) -> None:
        """Make room for as many again as a quarter of the limit."""
        until = _TEXTS_FOR_EVER + self._limit // 4
        for text in self._texts[_TEXTS_FOR_EVER:until]:
            del self._by_text[text]
        self._forgotten += len(self._texts[_TEXTS_FOR_EVER:until])
        del self._texts[_TEXTS_FOR_EVER:until]


class Orders(Table[OrderRow]):
    """Every order that was queued, in stream order. Columns `cause` and `arguments` hold numbers of `texts`."""

    __slots__ = ("texts",)

    def __init__(self, store: ColumnStore, texts: Texts, count: int = 0) -> None:
        super().__init__(store, count)
        self.texts = texts

    def fork(self) -> Orders:
        return Orders(self._store, self.texts, self._count)

    def _row(self, index: int) -> OrderRow:
        row = self._store.row(index)
        cause = self.texts.text(row.pop("cause"))
        arguments = self.texts.text(row.pop("arguments"))
        return OrderRow(row=index, cause=cause, arguments=arguments, **row)

    @property
    def t_ns(self) -> Column:
        return self.column("t_ns")

    @property
    def order(self) -> Column:
        return self.column("order")

    @property
    def essence(self) -> Column:
        return self.column("essence")


class Transitions(Table[TransitionRow]):
    """Every change of state, in stream order."""

    __slots__ = ()

    def fork(self) -> Transitions:
        return Transitions(self._store, self._count)

    def _row(self, index: int) -> TransitionRow:
        return TransitionRow(row=index, **self._store.row(index))
