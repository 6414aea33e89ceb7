"""The bytes of a block to columns and events.

Nothing in the bytes is believed: every size is checked against what is there before anything is made from it, so that
memory stays in proportion to the bytes, and what a checked block hands out is in range.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from operator import itemgetter
from typing import Any, TypeVar, cast

from tasktonic.blocks.layout import (
    COLUMNS,
    FORMAT,
    HEADER,
    MAGIC,
    MAX_BLOCK_BYTES,
    MAX_STRINGS,
    SECTION,
    SIZE,
    Kind,
    ttBlockError,
)
from tasktonic.blocks.strings import StringTable
from tasktonic.events import type_by_code

E = TypeVar("E", bound=tuple[Any, ...])


class Section:
    """The rows of one kind in a block: their positions and columns, checked."""

    __slots__ = ("columns", "positions", "rows")

    def __init__(self, rows: int, positions: memoryview, columns: dict[str, memoryview | list[str]]) -> None:
        self.rows = rows
        self.positions = positions
        self.columns = columns


class Block:
    """A decoded block: events ``first`` to ``first + count - 1`` of the stream, as far as they were not lost.

    Made by ``decode_block``. Columns are views into the bytes of the block: ``numpy.frombuffer(column, "<i8")`` and so
    on reads them without a copy. Immutable, any thread.
    """

    __slots__ = ("_sections", "added", "base", "count", "first", "generation", "strings")

    def __init__(
        self,
        first: int,
        count: int,
        generation: int,
        base: int,
        added: list[str],
        strings: list[str],
        sections: dict[Kind, Section],
    ) -> None:
        self.first = first
        self.count = count
        self.generation = generation
        self.base = base
        """Number of the first string this block adds; 0 when it begins a table, and a reader can join here."""
        self.added = added
        """The strings it adds."""
        self.strings = strings
        """The table that the numbers in ``Name`` columns refer to; it may grow after this block."""
        self._sections = sections

    def kinds(self) -> list[Kind]:
        """The kinds of events in this block that are known here."""
        return list(self._sections)

    def rows(self, kind: Kind) -> int:
        """How many events of a kind there are."""
        section = self._sections.get(kind)
        return section.rows if section else 0

    def positions(self, kind: Kind) -> memoryview:
        """u32 per row, ascending: the event's number is ``first`` plus its position."""
        section = self._sections.get(kind)
        return section.positions if section else memoryview(b"").cast("I")

    def column(self, kind: Kind, field: str) -> memoryview | list[str]:
        """One field of all rows of a kind: i64 for int, u32 (see ``strings``) for Name, u8 for bool, list for Text.

        Raises:
            KeyError: this block has no event of that kind, or the kind no such field.
        """
        return self._sections[kind].columns[field]

    def names(self, kind: Kind, field: str) -> list[str]:
        """A ``Name`` column as strings. Raises KeyError like ``column``."""
        return list(map(self.strings.__getitem__, cast(Sequence[int], self.column(kind, field))))

    def of(self, kind: type[E]) -> list[E]:
        """All events of a kind, in order."""
        section = self._sections.get(kind)
        if section is None:
            return []
        columns: list[Sequence[Any]] = []
        for field, column_type in COLUMNS[kind]:
            column = section.columns[field]
            if column_type == "N":
                columns.append(self.names(kind, field))
            elif column_type == "b":
                columns.append(list(map(bool, column)))
            else:
                columns.append(column if isinstance(column, list) else column.tolist())
        make = cast(Any, kind)._make
        return list(map(make, zip(*columns, strict=True)))

    def events(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """All events with their numbers, in the order in which they happened."""
        first = self.first
        placed = [zip(section.positions.tolist(), self.of(kind)) for kind, section in self._sections.items()]  # noqa: B905
        for position, event in sorted(chain.from_iterable(placed), key=itemgetter(0)):
            yield first + position, event


def decode_block(data: bytes | bytearray | memoryview, strings: StringTable) -> Block:
    """Read a block; its additions go into ``strings``, the reader's table.

    Blocks of one writer are decoded in their order, each pass over them with a table of its own.

    Raises:
        ttBlockError: the bytes are not a whole and sound block; ``strings`` is as before.
    """
    if len(data) > MAX_BLOCK_BYTES:
        raise ttBlockError(f"A block has {len(data):,} bytes; at most {MAX_BLOCK_BYTES:,} are read.")
    view = memoryview(data).toreadonly()
    if view.format != "B" or not view.c_contiguous:
        view = memoryview(bytes(view))
    parts = _Parts(view)
    magic, layout, section_count, first, count, generation, base, added_count = HEADER.unpack(parts.take(HEADER.size))
    if magic != MAGIC:
        raise ttBlockError(f"A block begins with {bytes(magic)!r}; blocks of events begin with {MAGIC!r}.")
    if layout != FORMAT:
        raise ttBlockError(f"A block has layout {layout}; this version reads layout {FORMAT}. A newer one may read it.")
    if first < 0:
        raise ttBlockError(f"A block begins at event number {first}.")
    if base + added_count > MAX_STRINGS:
        raise ttBlockError(f"A block adds {added_count:,} strings to {base:,}; at most {MAX_STRINGS:,} are kept.")
    added = parts.texts(added_count)
    table_size = base + added_count
    sections: dict[Kind, Section] = {}
    taken: set[int] = set()
    for _ in range(section_count):
        _read_section(parts, count, table_size, sections, taken)
    if parts.left:
        raise ttBlockError(f"A block has {parts.left:,} bytes after its end.")
    strings.learn(generation, base, added)
    return Block(first, count, generation, base, added, strings.strings, sections)


class _Parts:
    """Takes parts from the front of some bytes and never more than there are."""

    __slots__ = ("_at", "_view")

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._view) - self._at

    def take(self, size: int) -> memoryview:
        """The next ``size`` bytes; the padding after them is skipped."""
        padded = size + -size % 8
        if padded > self.left:
            raise ttBlockError(f"A block ends early: {padded:,} bytes should follow, {self.left:,} are there.")
        part = self._view[self._at : self._at + size]
        self._at += padded
        return part

    def texts(self, count: int) -> list[str]:
        """The next column of texts."""
        (size,) = SIZE.unpack(self.take(SIZE.size))
        if size > self.left or 4 * count > self.left:
            raise ttBlockError(f"A block ends early: {count:,} texts of {size:,} bytes do not fit in {self.left:,}.")
        both = self.take(4 * count + size)
        lengths = _numbers(both[: 4 * count], "I")
        if sum(lengths) != size:
            raise ttBlockError(f"Texts of {sum(lengths):,} bytes are announced, {size:,} are there.")
        return _split(both[4 * count :], lengths)


def texts_of(data: bytes, count: int) -> list[str]:
    """A column of so many texts, which is the front of some bytes. Raises ttBlockError."""
    return _Parts(memoryview(data)).texts(count)


def _numbers(part: memoryview, code: str) -> memoryview:
    """Little-endian numbers where they lie."""
    if sys.byteorder == "big":
        numbers = array(code, part.tobytes())
        numbers.byteswap()
        return memoryview(numbers).toreadonly()
    return part.cast(cast(Any, code))


def _split(utf8: memoryview, lengths: memoryview) -> list[str]:
    """The texts that lie behind each other in ``utf8``."""
    if len(utf8) == 0:
        return [""] * len(lengths)
    ends = list(accumulate(lengths))
    starts = [0, *ends[:-1]]
    data = utf8.tobytes()
    try:
        if data.isascii():
            text = data.decode("ascii")
            return [text[start:end] for start, end in zip(starts, ends, strict=True)]
        return [data[start:end].decode("utf-8") for start, end in zip(starts, ends, strict=True)]
    except UnicodeDecodeError as error:
        raise ttBlockError(f"A text in a block is not UTF-8: {error.reason}.") from None


def _read_section(parts: _Parts, count: int, table_size: int, sections: dict[Kind, Section], taken: set[int]) -> None:
    """Read one section; what is of no known kind is skipped. ``taken``: the positions of those before it; its own are added."""
    header = parts.take(SECTION.size)
    code, column_count, rows, size = SECTION.unpack(header)
    body = parts.take(size)
    kind = type_by_code.get(code)
    if kind is None:
        return
    name = kind.__name__
    if kind in sections:
        raise ttBlockError(f"A block has two sections of {name}.")
    inner = _Parts(body)
    types = inner.take(column_count).tobytes().decode("latin-1")
    positions = _numbers(inner.take(4 * rows), "I")
    if rows == 0:
        raise ttBlockError(f"A block has a section of {name} without rows.")
    in_order = positions.tolist()
    different = set(in_order)
    # To sort what is sorted is to look at it once, in C.
    if positions[-1] >= count or len(different) != rows or in_order != sorted(in_order):
        raise ttBlockError(f"The positions of {name} do not ascend within the {count:,} events of their block.")
    if not taken.isdisjoint(different):
        raise ttBlockError("Two events of a block have the same number.")
    taken |= different
    columns: dict[str, memoryview | list[str]] = {}
    for index, (field, column_type) in enumerate(COLUMNS[kind]):
        if index >= column_count:
            columns[field] = _missing_column(column_type, rows, f"{name}.{field}", table_size)
        elif types[index] != column_type:
            raise ttBlockError(
                f"{name}.{field} came as a column of type {types[index]!r}; {column_type!r} is expected."
            )
        else:
            columns[field] = _read_column(inner, column_type, rows, table_size, f"{name}.{field}")
    sections[kind] = Section(rows, positions, columns)


def _read_column(parts: _Parts, column_type: str, rows: int, table_size: int, what: str) -> memoryview | list[str]:
    if column_type == "T":
        return parts.texts(rows)
    if column_type == "q":
        return _numbers(parts.take(8 * rows), "q")
    if column_type == "N":
        numbers = _numbers(parts.take(4 * rows), "I")
        if max(numbers) >= table_size:
            raise ttBlockError(f"{what} refers to string {max(numbers):,} of {table_size:,}.")
        return numbers
    flags = parts.take(rows)
    if max(flags) > 1:
        raise ttBlockError(f"{what} has a value of {max(flags)} where 0 or 1 is expected.")
    return flags


def _missing_column(column_type: str, rows: int, what: str, table_size: int) -> memoryview | list[str]:
    """What stands for a column that the writer did not have: zeros, and string number 0 is empty in every table."""
    if column_type == "T":
        return [""] * rows
    if column_type == "q":
        return memoryview(bytes(8 * rows)).cast("q")
    if column_type == "b":
        return memoryview(bytes(rows))
    if table_size == 0:
        raise ttBlockError(f"{what} is missing, and there is no string table that it could be empty in.")
    return memoryview(bytes(4 * rows)).cast("I")
