"""One stretch of the stream, sorted into facts (a Python loop each) and flow (numpy columns, all at once)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate, chain, pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic import events
from tasktonic.blocks import COLUMNS, Block
from tasktonic.events import code_by_type, type_by_code
from tasktonic_studio.session.columns import Ahead, Column
from tasktonic_studio.session.lookup import different_in
from tasktonic_studio.session.timeline import ORDER_COLUMNS, RUN_COLUMNS, TRANSITION_COLUMNS

Numbers = npt.NDArray[np.int64]
Event = tuple[Any, ...]
"""A record of `tasktonic.events`."""

VECTOR_KINDS: Final = (events.Ran, events.Ordered, events.StateChanged)

_RUN_FIELDS: Final = [name for name in RUN_COLUMNS if name != "n"]
_ORDER_FIELDS: Final = [name for name in ORDER_COLUMNS if name not in ("n", "cause", "arguments")]
_TRANSITION_FIELDS: Final = [name for name in TRANSITION_COLUMNS if name != "n"]
_FIELDS: Final[dict[type[Event], list[str]]] = {
    events.Ran: _RUN_FIELDS,
    events.Ordered: _ORDER_FIELDS,
    events.StateChanged: _TRANSITION_FIELDS,
}


class Words(NamedTuple):
    """A column of texts: different ones, and for each row which of them. There are few, or one is a text of its own."""

    different: list[str]
    which: npt.NDArray[np.int32]

    @classmethod
    def of(cls, texts: list[str]) -> Words:
        """From the texts of all rows."""
        if not any(texts):
            return cls.of_empty(len(texts))
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        return cls(list(places), np.fromiter(map(places.__getitem__, texts), np.int32, len(texts)))

    @classmethod
    def of_empty(cls, rows: int) -> Words:
        """So many empty texts."""
        return cls([""], np.zeros(rows, np.int32))

    @classmethod
    def of_names(cls, numbers: npt.NDArray[np.uint32], strings: Sequence[str]) -> Words:
        """From the numbers that the texts of all rows have in a table; there is at least one row."""
        if bool((numbers == numbers[0]).all()):
            return cls([strings[int(numbers[0])]], np.zeros(len(numbers), np.int32))
        different, which = different_in(numbers)
        return cls([strings[number] for number in different.tolist()], which.astype(np.int32))

    def numbers(self, number: Callable[[str], int]) -> npt.NDArray[np.int32]:
        """A number for each row; `number` is asked for those that occur."""
        if len(self.different) == 1:
            return np.full(len(self.which), number(self.different[0]), np.int32)
        return np.array([number(text) for text in self.different], np.int32)[self.which]


class Batch(NamedTuple):
    """Events of the stream in the order of their offsets. `facts` are (offset, event); each table has a column `n`, offsets too.

    `length` is how many numbers the stretch takes up, those of lost events included. `causes` and `arguments` are of the orders.
    `ahead` says of tables by name where their rows lie, if they are in memory that another process has filled.
    """

    length: int
    facts: list[tuple[int, Event]]
    runs: dict[str, Column]
    orders: dict[str, Column]
    transitions: dict[str, Column]
    causes: Words
    arguments: Words
    ahead: Mapping[str, Ahead] | None = None


def batch_of_events(rows: Iterable[Event]) -> Batch:
    """A batch from records, such as tests make."""
    listed = list(rows)
    kinds: dict[type, list[tuple[int, Event]]] = {kind: [] for kind in VECTOR_KINDS}
    facts: list[tuple[int, Event]] = []
    for offset, event in enumerate(listed):
        kinds.get(type(event), facts).append((offset, event))
    orders = [event for _, event in kinds[events.Ordered]]
    return Batch(
        len(listed),
        facts,
        _columns(kinds[events.Ran], _RUN_FIELDS),
        _columns(kinds[events.Ordered], _ORDER_FIELDS),
        _columns(kinds[events.StateChanged], _TRANSITION_FIELDS),
        Words.of([event.cause for event in orders]),  # type: ignore[attr-defined]
        Words.of([event.arguments for event in orders]),  # type: ignore[attr-defined]
    )


def _columns(rows: list[tuple[int, Event]], fields: list[str]) -> dict[str, Column]:
    columns: dict[str, Column] = {"n": np.array([offset for offset, _ in rows], np.int64)}
    for field in fields:
        columns[field] = np.array([getattr(event, field) for _, event in rows], np.int64)
    return columns


def batch_of_block(block: Block) -> Batch:
    """A batch from a decoded block, without a loop over runs, orders or transitions."""
    return Batch(
        block.count,
        facts_of_block(block),
        _block_columns(block, events.Ran, _RUN_FIELDS),
        _block_columns(block, events.Ordered, _ORDER_FIELDS),
        _block_columns(block, events.StateChanged, _TRANSITION_FIELDS),
        _names(block, events.Ordered, "cause"),
        _texts(block, events.Ordered, "arguments"),
    )


def facts_of_block(block: Block) -> list[tuple[int, Event]]:
    """What is no flow, in order, with its offsets."""
    facts: list[tuple[int, Event]] = []
    for kind in block.kinds():
        if kind not in VECTOR_KINDS:
            facts.extend(zip(block.positions(kind).tolist(), block.of(kind), strict=True))
    facts.sort(key=_offset)
    return facts


class FactColumns(NamedTuple):
    """Facts of one kind, ascending: its code, their offsets, and a column for each of their fields, texts as a list.

    So they are handed from process to process: as events they would take four times as long.
    """

    code: int
    offsets: Column
    fields: list[Column | list[str]]


def fact_columns_of(block: Block) -> list[FactColumns]:
    """What is no flow, kind by kind."""
    found = []
    for kind in block.kinds():
        if kind not in VECTOR_KINDS:
            fields = [_fact_column(block, kind, field, column_type) for field, column_type in COLUMNS[kind]]
            found.append(FactColumns(code_by_type[kind], np.frombuffer(block.positions(kind), "<u4"), fields))
    return found


_FACT_TYPES: Final = {"q": "<i8", "b": "?"}


def _fact_column(block: Block, kind: type[Event], field: str, column_type: str) -> Column | list[str]:
    if column_type == "N":
        return block.names(kind, field)
    column = block.column(kind, field)
    return column if isinstance(column, list) else np.frombuffer(column, _FACT_TYPES[column_type])


def joined_facts(parts: list[tuple[int, list[FactColumns]]]) -> list[FactColumns]:
    """Those of stretches that follow each other, each with the offset at which it begins."""
    by_code: dict[int, list[tuple[int, FactColumns]]] = {}
    for begin, facts in parts:
        for alike in facts:
            by_code.setdefault(alike.code, []).append((begin, alike))
    return [
        FactColumns(
            code,
            np.concatenate([alike.offsets + np.uint32(begin) for begin, alike in found]),
            [_joined_fields(columns) for columns in zip(*(alike.fields for _, alike in found), strict=True)],
        )
        for code, found in by_code.items()
    ]


def _joined_fields(columns: tuple[Any, ...]) -> Column | list[str]:
    return list(chain.from_iterable(columns)) if isinstance(columns[0], list) else np.concatenate(columns)


def facts_of_columns(columns: Sequence[FactColumns]) -> list[tuple[int, Event]]:
    """The facts as events, in order, with their offsets."""
    facts: list[tuple[int, Event]] = []
    for code, offsets, fields in columns:
        kind: Any = type_by_code[code]
        rows = zip(*(it if isinstance(it, list) else it.tolist() for it in fields), strict=True)
        facts += zip(offsets.tolist(), map(kind._make, rows), strict=True)
    facts.sort(key=_offset)
    return facts


def no_rows(kind: type[Event]) -> dict[str, Column]:
    """The columns of a kind of flow of which there is nothing."""
    return {name: np.empty(0, np.int64) for name in ("n", *_FIELDS[kind])}


def joined(batches: list[Batch]) -> Batch:
    """Stretches that follow each other as one. What is done for each stretch then takes much less time."""
    if len(batches) == 1:
        return batches[0]
    begins = [0, *accumulate(batch.length for batch in batches)]
    facts = [
        (begin + offset, fact) for begin, batch in zip(begins, batches, strict=False) for offset, fact in batch.facts
    ]
    return Batch(
        begins[-1],
        facts,
        _joined_columns([batch.runs for batch in batches], begins),
        _joined_columns([batch.orders for batch in batches], begins),
        _joined_columns([batch.transitions for batch in batches], begins),
        _joined_words([batch.causes for batch in batches]),
        _joined_words([batch.arguments for batch in batches]),
    )


def cut(batch: Batch, most_facts: int) -> list[Batch]:
    """The same stretch in pieces that follow each other, each with at most so many facts: those are folded one by one."""
    edges = [0, *(batch.facts[at][0] for at in range(most_facts, len(batch.facts), most_facts)), batch.length]
    if len(edges) == 2:
        return [batch]
    return [_piece(batch, begin, end) for begin, end in pairwise(edges)]


def _piece(batch: Batch, begin: int, end: int) -> Batch:
    """What has offsets from `begin` to before `end`."""
    first, last = (bisect_left(batch.facts, at, key=_offset) for at in (begin, end))
    rows = {name: _rows_between(getattr(batch, name), begin, end) for name in ("runs", "orders", "transitions")}
    return Batch(
        end - begin,
        [(offset - begin, fact) for offset, fact in batch.facts[first:last]],
        _part(batch.runs, rows["runs"], begin),
        _part(batch.orders, rows["orders"], begin),
        _part(batch.transitions, rows["transitions"], begin),
        Words(batch.causes.different, batch.causes.which[rows["orders"]]),
        Words(batch.arguments.different, batch.arguments.which[rows["orders"]]),
        {name: ahead.after(rows[name].start) for name, ahead in (batch.ahead or {}).items()},
    )


def _rows_between(table: dict[str, Column], begin: int, end: int) -> slice:
    first, last = np.searchsorted(table["n"], (begin, end)).tolist()
    return slice(first, last)


def _part(table: dict[str, Column], rows: slice, begin: int) -> dict[str, Column]:
    return {name: column[rows] for name, column in table.items()} | {"n": table["n"][rows] - begin}


def _joined_columns(tables: list[dict[str, Column]], begins: list[int]) -> dict[str, Column]:
    found = {name: np.concatenate([table[name] for table in tables]) for name in tables[0] if name != "n"}
    found["n"] = np.concatenate([table["n"] + begin for table, begin in zip(tables, begins, strict=False)])
    return found


def _joined_words(words: list[Words]) -> Words:
    first = words[0].different
    if all(part.different == first for part in words):
        return Words(first, np.concatenate([part.which for part in words]))
    begins = accumulate((len(part.different) for part in words), initial=0)  # of one stretch: far below 2**31
    which = np.concatenate([part.which + begin for part, begin in zip(words, begins, strict=False)])
    return Words(list(chain.from_iterable(part.different for part in words)), which)


def _offset(placed: tuple[int, Event]) -> int:
    return placed[0]


def _block_columns(block: Block, kind: type[Event], fields: list[str]) -> dict[str, Column]:
    if not block.rows(kind):
        return no_rows(kind)
    columns: dict[str, Column] = {"n": np.frombuffer(block.positions(kind), "<u4").astype(np.int64)}
    for field in fields:
        columns[field] = np.frombuffer(_buffer(block, kind, field), np.int64)
    return columns


def _buffer(block: Block, kind: type[Event], field: str) -> memoryview:
    column = block.column(kind, field)
    assert isinstance(column, memoryview), f"{kind.__name__}.{field} is a column of numbers"
    return column


def _names(block: Block, kind: type[Event], field: str) -> Words:
    """A column of names, of which the table of the block has the texts."""
    if not block.rows(kind):
        return Words.of([])
    return Words.of_names(np.frombuffer(_buffer(block, kind, field), np.uint32), block.strings)


def _texts(block: Block, kind: type[Event], field: str) -> Words:
    if not block.rows(kind):
        return Words.of([])
    column = block.column(kind, field)
    assert isinstance(column, list), f"{kind.__name__}.{field} is a column of texts"
    return Words.of(column)
