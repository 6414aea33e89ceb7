"""One stretch of the stream, sorted into facts (a Python loop each) and flow (numpy columns, all at once)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic import events
from tasktonic.blocks import Block
from tasktonic_studio.session.columns import Column
from tasktonic_studio.session.timeline import ORDER_COLUMNS, RUN_COLUMNS, TRANSITION_COLUMNS

Event = tuple[Any, ...]
"""A record of `tasktonic.events`."""

VECTOR_KINDS: Final = (events.Ran, events.Ordered, events.StateChanged)

_RUN_FIELDS: Final = [name for name in RUN_COLUMNS if name != "n"]
_ORDER_FIELDS: Final = [name for name in ORDER_COLUMNS if name not in ("n", "cause", "arguments")]
_TRANSITION_FIELDS: Final = [name for name in TRANSITION_COLUMNS if name != "n"]


class Batch(NamedTuple):
    """Events of the stream in the order of their offsets. `facts` are (offset, event); each table has a column `n`, offsets too.

    `length` is how many numbers the stretch takes up, those of lost events included.
    """

    length: int
    facts: list[tuple[int, Event]]
    runs: dict[str, Column]
    orders: dict[str, Column]
    transitions: dict[str, Column]


def batch_of_events(rows: Iterable[Event]) -> Batch:
    """A batch from records, such as tests make."""
    listed = list(rows)
    kinds: dict[type, list[tuple[int, Event]]] = {kind: [] for kind in VECTOR_KINDS}
    facts: list[tuple[int, Event]] = []
    for offset, event in enumerate(listed):
        kinds.get(type(event), facts).append((offset, event))
    return Batch(
        len(listed),
        facts,
        _columns(kinds[events.Ran], _RUN_FIELDS),
        _columns(kinds[events.Ordered], [*_ORDER_FIELDS, "cause", "arguments"]),
        _columns(kinds[events.StateChanged], _TRANSITION_FIELDS),
    )


def _columns(rows: list[tuple[int, Event]], fields: list[str]) -> dict[str, Column]:
    columns: dict[str, Column] = {"n": np.array([offset for offset, _ in rows], np.int64)}
    for field in fields:
        values = [getattr(event, field) for _, event in rows]
        columns[field] = np.array(values, object if field in ("cause", "arguments") else np.int64)
    return columns


def batch_of_block(block: Block) -> Batch:
    """A batch from a decoded block, without a loop over runs, orders or transitions."""
    facts: list[tuple[int, Event]] = []
    for kind in block.kinds():
        if kind not in VECTOR_KINDS:
            facts.extend(zip(block.positions(kind).tolist(), block.of(kind), strict=True))
    facts.sort(key=_offset)
    orders = _block_columns(block, events.Ordered, _ORDER_FIELDS)
    orders["cause"] = _names(block, events.Ordered, "cause")
    orders["arguments"] = _texts(block, events.Ordered, "arguments")
    return Batch(
        block.count,
        facts,
        _block_columns(block, events.Ran, _RUN_FIELDS),
        orders,
        _block_columns(block, events.StateChanged, _TRANSITION_FIELDS),
    )


def _offset(placed: tuple[int, Event]) -> int:
    return placed[0]


def _block_columns(block: Block, kind: type[Event], fields: list[str]) -> dict[str, Column]:
    if not block.rows(kind):
        return {name: np.empty(0, np.int64) for name in ["n", *fields]}
    columns: dict[str, Column] = {"n": np.frombuffer(block.positions(kind), "<u4").astype(np.int64)}
    for field in fields:
        columns[field] = np.frombuffer(_buffer(block, kind, field), np.int64)
    return columns


def _buffer(block: Block, kind: type[Event], field: str) -> memoryview:
    column = block.column(kind, field)
    assert isinstance(column, memoryview), f"{kind.__name__}.{field} is a column of numbers"
    return column


def _names(block: Block, kind: type[Event], field: str) -> Column:
    """A column of names as an object array; each different name is looked up once."""
    if not block.rows(kind):
        return np.empty(0, object)
    numbers = np.frombuffer(_buffer(block, kind, field), np.uint32)
    different, inverse = np.unique(numbers, return_inverse=True)
    texts = np.array([block.strings[number] for number in different.tolist()], object)
    return texts[inverse]


def _texts(block: Block, kind: type[Event], field: str) -> Column:
    if not block.rows(kind):
        return np.empty(0, object)
    column = block.column(kind, field)
    assert isinstance(column, list), f"{kind.__name__}.{field} is a column of texts"
    texts = np.empty(len(column), object)
    texts[:] = column
    return texts


def numbers_of(texts: Column, number: Callable[[str], int]) -> npt.NDArray[np.int32]:
    """An object array of strings as numbers; `number` is asked once per different string."""
    if not len(texts):
        return np.empty(0, np.int32)
    listed: list[str] = texts.tolist()
    known = {text: number(text) for text in set(listed)}
    return np.fromiter(map(known.__getitem__, listed), np.int32, len(listed))
