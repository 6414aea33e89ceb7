"""Rows of the stream to the bytes of a block.

Orders and runs come by the hundred thousand, as the raw rows that the catalysts wrote. They are never turned into
events here, but taken field by field into columns, and those packed as a whole. Facts are few. A value that does not fit its column is replaced by one that does: the reader of a stream must not
fail because of what is in it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache
from itertools import chain, takewhile
from typing import Any, Final

from tasktonic.blocks.layout import (
    COLUMNS,
    FORMAT,
    HEADER,
    MAGIC,
    MAX_BLOCK_BYTES,
    MAX_TEXT,
    SECTION,
    SIZE,
    Bytes,
    Kind,
    Row,
    padding,
)
from tasktonic.blocks.strings import StringTable, cut
from tasktonic.events import Ordered, Ran, code_by_type
from tasktonic.values import preview_arguments

ROWS_PER_BLOCK: Final = 2_048
_FEW_ROWS: Final = 32
_LARGE: Final = MAX_BLOCK_BYTES // 4
_INT_MIN: Final = -(1 << 63)
_INT_MAX: Final = (1 << 63) - 1

_ONE_INTEGER: Final = struct.Struct("<q")
_ONE_NUMBER: Final = struct.Struct("<I")

_ORDER: Final = 9
_RUN: Final = 7
"""Lengths of the rows, see ``work_order.py`` and ``stream.py``."""


def encode_blocks(
    first: int,
    rows: Sequence[Row | None],
    strings: StringTable,
    *,
    previews: bool = False,
    per_block: int = ROWS_PER_BLOCK,
) -> list[bytes]:
    """Turn rows of the stream into blocks of ``per_block`` rows and a few megabytes at most."""
    blocks: list[bytes] = []
    for start in range(0, len(rows), per_block):
        part = rows[start : start + per_block]
        _encode_halving(first + start, part, strings, previews, blocks)
    return blocks


def _encode_halving(
    first: int, rows: Sequence[Row | None], strings: StringTable, previews: bool, blocks: list[bytes]
) -> None:
    generation, base = strings.generation, len(strings.sent())
    block = encode_block(first, rows, strings, previews=previews)
    if len(block) <= _LARGE or len(rows) == 1:
        blocks.append(block)
        return
    strings.forget_from(base if strings.generation == generation else 0)
    half = len(rows) // 2
    _encode_halving(first, rows[:half], strings, previews, blocks)
    _encode_halving(first + half, rows[half:], strings, previews, blocks)


def encode_block(first: int, rows: Sequence[Row | None], strings: StringTable, *, previews: bool = False) -> bytes:
    """Turn rows of the stream into one block; row ``i`` is event number ``first + i``, ``None`` is a row that was shed.

    ``strings`` is the table of the writer; what no block has carried yet goes along. With ``previews`` the arguments of
    orders are described.
    """
    if strings.is_full:
        strings.begin_generation()
    orders: list[Row] = []
    runs: list[Row] = []
    order_positions: list[int] = []
    run_positions: list[int] = []
    facts: dict[Kind, tuple[list[int], list[Row]]] = {}
    for position, row in enumerate(rows):
        if type(row) is tuple:
            if type(row[0]) is tuple:
                runs.append(row)
                run_positions.append(position)
            else:
                orders.append(row)
                order_positions.append(position)
        elif row is not None:
            of_kind = facts.get(type(row))
            if of_kind is None:
                of_kind = facts[type(row)] = ([], [])
            of_kind[0].append(position)
            of_kind[1].append(row)
    sections: list[Sequence[Bytes]] = []
    for kind, (positions, events) in facts.items():
        if kind in COLUMNS:
            sections.append(make_section(kind, positions, list(zip(*events, strict=True)), strings))
    if orders:
        sections.append(make_section(Ordered, order_positions, _columns_of_orders(orders, previews), strings))
    if runs:
        sections.append(make_section(Ran, run_positions, _columns_of_runs(runs), strings))
    return assemble(first, len(rows), sections, strings.generation, *strings.take_unsent())


def encode_table(first: int, strings: StringTable) -> bytes:
    """A block without events that brings all strings so far, for a reader that joins; the blocks after it continue."""
    return assemble(first, 0, [], strings.generation, 0, strings.sent())


def assemble(
    first: int, count: int, sections: Sequence[Sequence[Bytes]], generation: int, base: int, added: Sequence[str]
) -> bytes:
    """Put a block together from sections in parts."""
    header = HEADER.pack(MAGIC, FORMAT, len(sections), first, count, generation, base, len(added))
    return b"".join((header, *_texts(added), *chain.from_iterable(sections)))


def make_section(
    kind: Kind, positions: Sequence[int], columns: Sequence[Sequence[Any]], strings: StringTable
) -> list[Bytes]:
    """All rows of one kind, given as one sequence per field, in parts: a block is copied together once."""
    types, padded_types, leading, rest = _shape_of(kind)
    rows = len(positions)
    parts: list[Bytes] = [b"", padded_types, *_small_integers(positions)]
    if rows <= _FEW_ROWS:
        # Blocks of a few rows are sent all the time: packing the integers of many columns at once saves most of their cost.
        parts.append(_integers([*chain.from_iterable(columns[:leading])]))
    else:
        parts += map(_integers, columns[:leading])
    for column_type, column in zip(rest, columns[leading:], strict=True):
        if column_type == "q":
            parts.append(_integers(column))
        elif column_type == "N":
            parts += _names(column, strings)
        elif column_type == "T":
            parts += _texts(column)
        else:
            parts += (bytes(map(bool, column)), padding(len(column)))
    parts[0] = SECTION.pack(code_by_type[kind], len(types), rows, sum(map(len, parts)))
    return parts


@cache
def _shape_of(kind: Kind) -> tuple[bytes, bytes, int, tuple[str, ...]]:
    """The column types as bytes, the same padded, how many integers come first, and the types of the others."""
    column_types = tuple(column_type for _, column_type in COLUMNS[kind])
    leading = len(list(takewhile("q".__eq__, column_types)))
    types = "".join(column_types).encode()
    return types, types + padding(len(types)), leading, column_types[leading:]


# ---- columns --------------------------------------------------------------------------------------------------------


def _small_integers(column: Sequence[int]) -> tuple[bytes, bytes]:
    return struct.pack(f"<{len(column)}I", *column), padding(4 * len(column))


def _integers(column: Sequence[Any]) -> bytes:
    count = len(column)
    if not count:
        return b""
    try:
        if column[0] == column[-1] and column.count(column[0]) == count:
            return _ONE_INTEGER.pack(column[0]) * count
        # Twice as fast as array("q", column).
        return struct.pack(f"<{count}q", *column)
    except (TypeError, struct.error):
        return struct.pack(f"<{count}q", *map(_fitting_integer, column))


def _fitting_integer(value: object) -> int:
    return min(max(int(value), _INT_MIN), _INT_MAX) if isinstance(value, int) else -1


def _names(column: Sequence[Any], strings: StringTable) -> tuple[bytes, bytes]:
    try:
        if column[0] == column[-1] and column.count(column[0]) == len(column):
            return _ONE_NUMBER.pack(*strings.numbers(column[:1])) * len(column), padding(4 * len(column))
        return _small_integers(strings.numbers(column))
    except TypeError:
        return _small_integers(strings.numbers([_plain_string(value) for value in column]))


def _plain_string(value: object) -> str:
    return str.__str__(value) if isinstance(value, str) else ""


def _texts(column: Sequence[Any]) -> list[bytes]:
    count = len(column)
    if not any(column):
        return [bytes(SIZE.size + 4 * count), padding(4 * count)]
    try:
        joined = "".join(column)
        if len(joined) <= MAX_TEXT and joined.isascii():
            sizes = struct.pack(f"<Q{count}I", len(joined), *map(len, column))
            return [sizes, joined.encode(), padding(len(sizes) + len(joined))]
    except TypeError:
        column = [_plain_string(value) for value in column]
    # Lone surrogates (file names that are no text) travel as their escapes: what arrives is always sound UTF-8.
    encoded = [cut(text, MAX_TEXT).encode("utf-8", "backslashreplace") for text in column]
    lengths = list(map(len, encoded))
    size = sum(lengths)
    return [struct.pack(f"<Q{count}I", size, *lengths), *encoded, padding(4 * count + size)]


# The fields of orders are those of work_order.py. Rows are laid end to end and the columns sliced out of that: a third of
# the cost of taking them field by field, and zip(*rows) costs twice that: it makes an iterator and an argument per row.


def _columns_of_orders(rows: list[Row], previews: bool) -> list[Sequence[Any]]:
    """The columns of ``Ordered`` from raw order rows."""
    flat = list(chain.from_iterable(rows))
    vias = flat[5::_ORDER]
    if str not in set(map(type, vias)):
        causes: Sequence[str] = [""] * len(rows)
    else:
        causes = [via if type(via) is str else "" for via in vias]
    return [
        flat[8::_ORDER],
        flat[7::_ORDER],
        *_whose(flat[0::_ORDER], flat[1::_ORDER]),
        [-1 if source is None else source._tt_id for source in flat[4::_ORDER]],
        flat[6::_ORDER],
        causes,
        [preview_arguments(row) for row in rows] if previews else [""] * len(rows),
    ]


def _columns_of_runs(rows: list[Row]) -> list[Sequence[Any]]:
    """The columns of ``Ran`` from raw run rows."""
    flat = list(chain.from_iterable(rows))
    orders = flat[0::_RUN]
    try:
        numbers = [order[7] for order in orders]
    except IndexError:  # orders that were queued while nobody counted are shorter
        numbers = [order[7] if len(order) > 7 else 0 for order in orders]
    return [
        flat[1::_RUN],
        flat[2::_RUN],
        flat[6::_RUN],
        numbers,
        *_whose([order[0] for order in orders], [order[1] for order in orders]),
        flat[3::_RUN],
        flat[4::_RUN],
        flat[5::_RUN],
    ]


def _whose(tonics: list[Any], slots: list[Any]) -> tuple[list[int], list[int], list[int]]:
    """The ids of catalyst, essence and sparkle for each order."""
    try:
        return (
            [tonic._tt_catalyst._tt_id for tonic in tonics],
            [tonic._tt_id for tonic in tonics],
            [tonic._tt_class.sparkles[slot].id for tonic, slot in zip(tonics, slots, strict=True)],
        )
    except (AttributeError, IndexError, TypeError):
        return (
            [getattr(getattr(tonic, "_tt_catalyst", None), "_tt_id", -1) for tonic in tonics],
            [getattr(tonic, "_tt_id", -1) for tonic in tonics],
            [_sparkle_or_none(tonic, slot) for tonic, slot in zip(tonics, slots, strict=True)],
        )


def _sparkle_or_none(tonic: Any, slot: int) -> int:
    try:
        return int(tonic._tt_class.sparkles[slot].id)
    except (AttributeError, IndexError, TypeError):
        return -1
