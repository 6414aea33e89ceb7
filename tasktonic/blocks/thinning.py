"""Leaving flow out: of rows that nobody has time to encode, and of blocks that nobody takes in time.

Facts stay, and where flow was, a ``Gap`` says how much of it is gone. It takes the place of the first event that is gone,
so the numbers of all others stay what they were. These functions are for the writer of blocks: they trust the bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from tasktonic.blocks.encoding import make_section
from tasktonic.blocks.layout import HEADER, SECTION, SIZE, Kind, Row, padding
from tasktonic.blocks.strings import StringTable
from tasktonic.events import FLOW, Gap, Ordered, Ran, code_by_type, type_by_code

_FLOW_CODES = frozenset(code_by_type[kind] for kind in FLOW)
_GAP, _ORDERED, _RAN = code_by_type[Gap], code_by_type[Ordered], code_by_type[Ran]


class Thinned(NamedTuple):
    """A block from which something was left out; how many orders and runs that were."""

    data: bytes
    orders: int
    runs: int


class _Part(NamedTuple):
    """One section of a block: code, number of rows, all its bytes, and where its positions begin in them."""

    code: int
    rows: int
    data: memoryview
    positions_at: int

    def positions(self) -> memoryview:
        return self.data[self.positions_at : self.positions_at + 4 * self.rows].cast("I")

    def integers(self, index: int) -> memoryview:
        """Column ``index``, when it and all before it are integers."""
        start = self.positions_at + 4 * self.rows + -4 * self.rows % 8 + 8 * self.rows * index
        return self.data[start : start + 8 * self.rows].cast("q")


def shed_flow(rows: Sequence[Row]) -> list[Row | None]:
    """The same rows with ``None`` for every order and run, but for a ``Gap`` in the place of the first of them."""
    facts = [index for index, row in enumerate(rows) if type(row) is not tuple]
    if len(facts) == len(rows):
        return list(rows)
    kept: list[Row | None] = [None] * len(rows)
    for index in facts:
        kept[index] = rows[index]
    first = next(index for index, row in enumerate(rows) if type(row) is tuple)
    last = next(index for index in range(len(rows) - 1, -1, -1) if type(rows[index]) is tuple)
    runs = len([None for row in rows if type(row[0]) is tuple])
    begin, end = _time_of(rows[first], 1), _time_of(rows[last], 2)
    kept[first] = Gap(begin, max(begin, end), len(rows) - len(facts) - runs, runs)
    return kept


def _time_of(row: Row, run_field: int) -> int:
    time_ns: int = row[run_field] if type(row[0]) is tuple else row[8]
    return time_ns


def without_flow(data: bytes) -> Thinned:
    """The block without its flow; where orders or runs were, it has a ``Gap``."""
    head, parts = _take_apart(data)
    flow = [part for part in parts if part.code in (_ORDERED, _RAN)]
    kept = [part.data for part in parts if part.code not in _FLOW_CODES and part.code != _GAP]
    gaps = [
        (position, *values)
        for part in parts
        if part.code == _GAP
        for position, *values in zip(part.positions(), *map(part.integers, range(4)), strict=True)
    ]
    orders = sum(part.rows for part in flow if part.code == _ORDERED)
    runs = sum(part.rows for part in flow if part.code == _RAN)
    if flow:
        begin = min(min(part.integers(0)) for part in flow)
        end = max(max(part.integers(1 if part.code == _RAN else 0)) for part in flow)
        gaps.append((min(part.positions()[0] for part in flow), begin, end, orders, runs))
    if gaps:
        gaps.sort()
        positions, *columns = zip(*gaps, strict=True)
        kept.append(memoryview(b"".join(make_section(Gap, positions, columns, StringTable()))))
    return Thinned(_put_together(head, kept), orders, runs)


def without_kinds(data: bytes, kinds: Collection[Kind]) -> bytes:
    """The block without these kinds, for a reader that did not ask for them: no ``Gap`` is left."""
    codes = {code_by_type[kind] for kind in kinds}
    head, parts = _take_apart(data)
    kept = [part.data for part in parts if part.code not in codes]
    return data if len(kept) == len(parts) else _put_together(head, kept)


def has_flow(data: bytes) -> bool:
    """Whether leaving out flow would make the block smaller."""
    return any(part.code in _FLOW_CODES for part in _take_apart(data)[1])


def rows_of_kinds(data: bytes) -> dict[Kind, int]:
    """How many rows of each known kind a block has, without looking into them."""
    parts = _take_apart(data)[1]
    return {type_by_code[part.code]: part.rows for part in parts if part.code in type_by_code}


def is_empty(data: bytes) -> bool:
    """Whether the block brings neither events nor strings."""
    fields = HEADER.unpack_from(data)
    return bool(fields[2] == 0 and fields[7] == 0)


def joined_gaps(earlier: bytes, later: bytes) -> bytes | None:
    """One block for two that follow each other and bring nothing but a ``Gap`` each; ``None`` when they bring more."""
    spans = []
    gaps = []
    for data in (earlier, later):
        head, parts = _take_apart(data)
        fields = HEADER.unpack_from(head)
        if len(parts) != 1 or parts[0].code != _GAP or parts[0].rows != 1 or fields[7]:
            return None
        spans.append((fields[3], fields[3] + fields[4], parts[0].positions()[0]))
        gaps.append([parts[0].integers(index)[0] for index in range(4)])
    (first, _, position), (_, end, _) = spans
    begin, until, orders, runs = (list(pair) for pair in zip(*gaps, strict=True))
    columns = [[min(begin)], [max(until)], [sum(orders)], [sum(runs)]]
    section = make_section(Gap, [position], columns, StringTable())
    magic, layout, _, _, _, generation, base, _ = HEADER.unpack_from(earlier)
    header = HEADER.pack(magic, layout, 1, first, end - first, generation, base, 0)
    return b"".join((header, bytes(SIZE.size), *section))


def _take_apart(data: bytes) -> tuple[memoryview, list[_Part]]:
    """Header with strings, and the sections."""
    view = memoryview(data)
    fields = HEADER.unpack_from(data)
    at = HEADER.size
    (text_size,) = SIZE.unpack_from(data, at)
    at += SIZE.size + 4 * fields[7] + text_size
    at += len(padding(at))
    head = view[:at]
    parts = []
    for _ in range(fields[2]):
        code, columns, rows, size = SECTION.unpack_from(data, at)
        whole = SECTION.size + size
        parts.append(_Part(code, rows, view[at : at + whole], SECTION.size + columns + -columns % 8))
        at += whole + -size % 8
    return head, parts


def _put_together(head: memoryview, sections: Sequence[memoryview]) -> bytes:
    magic, layout, _, *rest = HEADER.unpack_from(head)
    return b"".join((HEADER.pack(magic, layout, len(sections), *rest), head[HEADER.size :], *sections))
