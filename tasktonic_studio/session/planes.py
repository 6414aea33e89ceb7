"""A block of a trace file as a batch, straight from the order in which its bytes lie in the file.

A file keeps a block of flow by planes: the first bytes of all words of eight, then their second bytes, and so on (`shuffled` in
`tasktonic/trace/file.py`). A column of numbers is then a stretch in each of eight planes, and in most of them all its bytes are
alike: upper bytes that are zero, the begin of a time. Those are filled in at once, and the upper bytes of a column that the session
keeps in two bytes a row are not looked at. That takes a fifth of putting all bytes back in order and taking the columns out of them.

Facts are few, and blocks that are odd in any way are seldom: both are left to `decode_block`, which says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic import events
from tasktonic.blocks import COLUMNS, StringTable, decode_block
from tasktonic.blocks.decoding import texts_of
from tasktonic.blocks.layout import FORMAT, HEADER, MAGIC, SECTION, ttBlockError
from tasktonic.blocks.thinning import rows_of_kinds
from tasktonic.events import type_by_code
from tasktonic.trace.file import unshuffled
from tasktonic_studio.session.batch import (
    VECTOR_KINDS,
    Batch,
    FactColumns,
    Words,
    batch_of_block,
    fact_columns_of,
    no_rows,
)
from tasktonic_studio.session.columns import Column
from tasktonic_studio.session.timeline import ORDER_COLUMNS, RUN_COLUMNS, TRANSITION_COLUMNS

_HEADER_WORDS: Final = HEADER.size // 8
_SECTION_WORDS: Final = SECTION.size // 8
_SMALL: Final = np.dtype("<u4")
_FEW_WORDS: Final = 32
"""So many are put in order by one call; of more, plane by plane is quicker."""
_DTYPES: Final[dict[type, Mapping[str, npt.DTypeLike]]] = {
    events.Ran: RUN_COLUMNS,
    events.Ordered: ORDER_COLUMNS,
    events.StateChanged: TRANSITION_COLUMNS,
}


class ReadBlock(NamedTuple):
    """What is in a block, and which events of the stream these are. Of the facts the columns: the batch is without them."""

    batch: Batch
    facts: list[FactColumns]
    first: int
    count: int  # type: ignore[assignment]  # hides a method of tuple that nobody calls here


Room = Callable[[type, int], Mapping[str, Column] | None]
"""Gives for so many rows of a kind of flow the columns to write them into, as wide as the session keeps them. None for no room."""


def _no_room(_kind: type, _rows: int) -> None:
    return None


class _Odd(ValueError):
    """A block is not as those are that can be read here."""


def read_block(data: bytes, strings: StringTable, *, is_shuffled: bool, room: Room = _no_room) -> ReadBlock:
    """Read a block as it lies in a file; its additions go into `strings`, as of `decode_block`. Any thread.

    Columns come as wide as the session keeps them, wider numbers cut to that, or in four bytes where all upper ones are zero. With
    `room` most are written there and are the arrays that it gave; those of a block that is odd are new ones all the same.

    Raises:
        ttBlockError: the bytes are not a whole and sound block.
    """
    if is_shuffled:
        try:
            return _Planes(data, room).read(strings)
        except (_Odd, ttBlockError):
            data = unshuffled(data)
    block = decode_block(data, strings)
    return ReadBlock(batch_of_block(block)._replace(facts=[]), fact_columns_of(block), block.first, block.count)


def first_and_rows(data: bytes, *, is_shuffled: bool) -> tuple[int, dict[type, int]]:
    """The number of the first event of a block, and how many rows of each known kind it has, without looking into them.

    Of a block that is none it raises ValueError, struct.error or IndexError.
    """
    if is_shuffled:
        return _Planes(data).first_and_rows()
    return HEADER.unpack_from(data)[3], dict(rows_of_kinds(data))


class _Section(NamedTuple):
    """Where a section begins and ends, and what its header says; the kind is None for one that is not known here."""

    kind: type | None
    begin: int
    end: int
    column_count: int
    rows: int


class _Flow(NamedTuple):
    """The rows of one kind of flow: their columns, and those that are numbers of strings or texts."""

    columns: dict[str, Column]
    names: dict[str, npt.NDArray[np.uint32]]
    texts: dict[str, Words]


class _Planes:
    """The eight planes of a block. Places in it are numbers of words; all parts of a block begin at one."""

    def __init__(self, data: bytes, room: Room = _no_room) -> None:
        self._room = room
        if len(data) % 8 or len(data) < HEADER.size:
            raise _Odd
        self._words = len(data) // 8
        self._planes = np.frombuffer(data, np.uint8).reshape(8, self._words)

    def read(self, strings: StringTable) -> ReadBlock:
        """The whole block. Raises _Odd, or ttBlockError."""
        header = self._header()
        magic, layout, section_count, first, count, _, base, added_count = header
        if magic != MAGIC or layout != FORMAT:
            raise _Odd
        at = self._after_texts(_HEADER_WORDS, added_count)
        others = [(_HEADER_WORDS, at)]
        flows: dict[type, _Flow] = {}
        for section in self._sections(at, section_count):
            kind, at = section.kind, section.end
            if kind is not None and kind in VECTOR_KINDS:
                if kind in flows:
                    raise _Odd
                flows[kind] = self._flow(kind, section)
            else:
                others.append((section.begin, section.end))
        if at != self._words:
            raise _Odd
        front = HEADER.pack(magic, layout, len(others) - 1, *header[3:])
        rest = decode_block(b"".join((front, *(self._plain(*part) for part in others))), strings)
        places = [flow.columns["n"] for flow in flows.values()]
        places += [np.frombuffer(rest.positions(kind), "<u4") for kind in rest.kinds()]
        _check_places(places, count)
        for flow in flows.values():
            if any(int(numbers.max()) >= base + added_count for numbers in flow.names.values()):
                raise _Odd
        orders = flows.get(events.Ordered)
        batch = Batch(
            count,
            [],
            _columns(flows, events.Ran),
            _columns(flows, events.Ordered),
            _columns(flows, events.StateChanged),
            Words.of([]) if orders is None else Words.of_names(orders.names["cause"], rest.strings),
            Words.of([]) if orders is None else orders.texts["arguments"],
        )
        return ReadBlock(batch, fact_columns_of(rest), first, count)

    def first_and_rows(self) -> tuple[int, dict[type, int]]:
        """See the function of that name. Raises _Odd."""
        _, _, section_count, first, _, _, _, added_count = self._header()
        sections = self._sections(self._after_texts(_HEADER_WORDS, added_count), section_count)
        return first, {section.kind: section.rows for section in sections if section.kind is not None}

    def _header(self) -> tuple[Any, ...]:
        return HEADER.unpack(self._plain(0, _HEADER_WORDS))

    def _sections(self, at: int, count: int) -> Iterator[_Section]:
        """So many sections, the first of which begins at a place."""
        for _ in range(count):
            code, column_count, rows, size = SECTION.unpack(self._plain(at, at + _SECTION_WORDS))
            end = at + _SECTION_WORDS + -(-size // 8)
            if size % 8 or end > self._words:
                raise _Odd
            yield _Section(type_by_code.get(code), at, end, column_count, rows)
            at = end

    def _flow(self, kind: type, section: _Section) -> _Flow:
        types = "".join(column_type for _, column_type in COLUMNS[kind]).encode()
        rows, end, at = section.rows, section.end, section.begin + _SECTION_WORDS
        after = at + -(-section.column_count // 8)
        if not rows or after > end or not self._plain(at, after)[: section.column_count].startswith(types):
            raise _Odd
        at, after = after, after + -(-4 * rows // 8)
        if after > end:
            raise _Odd
        columns: dict[str, Column] = {"n": self._numbers(at, after, rows)}
        flow = _Flow(columns, {}, {})
        at = after
        integers = [field for field, column_type in COLUMNS[kind] if column_type == "q"]
        after = at + rows * len(integers)
        if after > end:
            raise _Odd
        room = self._room(kind, rows) or {}
        columns |= self._integers(at, rows, [(field, np.dtype(_DTYPES[kind][field])) for field in integers], room)
        at = after
        for field, column_type in COLUMNS[kind][len(integers) :]:
            if column_type == "T":
                after = self._after_texts(at, rows)
                flow.texts[field] = self._texts(at, after, rows)
            else:
                assert column_type == "N", "columns of flow are integers, and after those names and texts"
                after = at + -(-4 * rows // 8)
                if after > end:
                    raise _Odd
                flow.names[field] = self._numbers(at, after, rows)
            at = after
        if at > end:
            raise _Odd
        return flow

    # ---- parts of it

    def _bytes(self, begin: int, end: int) -> npt.NDArray[np.uint8]:
        """The words from `begin` to `end`, their bytes in order."""
        if end > self._words:
            raise _Odd
        part = np.empty((end - begin, 8), np.uint8)
        for number in range(8):
            part[:, number] = self._planes[number, begin:end]
        return part

    def _plain(self, begin: int, end: int) -> bytes:
        if begin + _FEW_WORDS >= end <= self._words:
            return self._planes[:, begin:end].T.tobytes()
        return self._bytes(begin, end).tobytes()

    def _numbers(self, begin: int, end: int, rows: int) -> npt.NDArray[np.uint32]:
        """A column of numbers of four bytes."""
        numbers: npt.NDArray[np.uint32] = self._bytes(begin, end).reshape(-1).view("<u4")[:rows]
        return numbers

    def _integers(
        self, begin: int, rows: int, fields: list[tuple[str, np.dtype[Any]]], room: Mapping[str, Column]
    ) -> dict[str, Column]:
        """Columns of numbers of eight bytes that follow each other, of each number the lower bytes that its type has."""
        planes = self._planes[:, begin : begin + rows * len(fields)].reshape(8, len(fields), rows)
        differ = planes.max(axis=2) != planes.min(axis=2)
        firsts = planes[:, :, 0].T.tobytes()
        found = {}
        # Numbers of runs and orders have room in four bytes for as long as they are small: less to hand over.
        is_small = [not any(firsts[at + 4 : at + 8]) for at in range(0, 8 * len(fields), 8)] & ~differ[4:].any(axis=0)
        for number, (field, dtype) in enumerate(fields):
            if field in room:
                column = room[field]
            else:
                column = np.empty(rows, _SMALL if is_small[number] and dtype.itemsize == 8 else dtype.newbyteorder("<"))
            column.fill(np.frombuffer(firsts, column.dtype, 1, 8 * number)[0])
            plain = column.view(np.uint8).reshape(rows, column.itemsize)
            for plane in differ[: column.itemsize, number].nonzero()[0].tolist():
                plain[:, plane] = planes[plane, number]
            found[field] = column
        return found

    def _after_texts(self, at: int, count: int) -> int:
        """Where a column of texts ends."""
        size = int.from_bytes(self._plain(at, at + 1), "little")
        if size > 8 * self._words:
            raise _Odd
        return at + 1 + -(-(4 * count + size) // 8)

    def _texts(self, begin: int, end: int, rows: int) -> Words:
        if end > self._words:
            raise _Odd
        if not self._planes[:, begin:end].any():
            return Words.of_empty(rows)
        return Words.of(texts_of(self._plain(begin, end), rows))


def _columns(flows: dict[type, _Flow], kind: type) -> dict[str, Column]:
    flow = flows.get(kind)
    return no_rows(kind) if flow is None else flow.columns


def _check_places(places: list[Column], count: int) -> None:
    """Events have places of their own within their block, and those of a kind ascend. Raises _Odd."""
    taken = np.zeros(count, np.bool_)
    for of_kind in places:
        if int(of_kind[-1]) >= count or (of_kind[1:] <= of_kind[:-1]).any():
            raise _Odd
        taken[of_kind.astype(np.intp)] = True  # by other integers numpy takes four times as long
    if np.count_nonzero(taken) != sum(map(len, places)):
        raise _Odd
