"""Making one block of several that follow each other: on a wire they are small, as nobody likes to wait; in a file that costs."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain

from tasktonic.blocks.decoding import Block
from tasktonic.blocks.encoding import assemble
from tasktonic.blocks.layout import COLUMNS, SECTION, Bytes, Kind, padding
from tasktonic.events import code_by_type


def can_follow(block: Block, other: Block) -> bool:
    """Whether ``other`` can be joined to ``block``: it comes later and has the same string table."""
    return other.first >= block.first + block.count and other.generation == block.generation and other.base > 0


def join_blocks(blocks: Sequence[Block], generation: int | None = None) -> bytes:
    """One block with the events and strings of all of them. Columns are put behind each other: no event is made on the way.

    Args:
        blocks: each must be able to follow the one before, see ``can_follow``.
        generation: the number of the string table; that of the blocks when none is given.
    """
    first, last = blocks[0], blocks[-1]
    kinds = dict.fromkeys(chain.from_iterable(block.kinds() for block in blocks))
    sections = [_section(kind, [block for block in blocks if block.rows(kind)], first.first) for kind in kinds]
    return assemble(
        first.first,
        last.first + last.count - first.first,
        sections,
        first.generation if generation is None else generation,
        first.base,
        list(chain.from_iterable(block.added for block in blocks)),
    )


def _section(kind: Kind, blocks: Sequence[Block], first: int) -> list[Bytes]:
    rows = sum(block.rows(kind) for block in blocks)
    types = "".join(column_type for _, column_type in COLUMNS[kind]).encode()
    parts: list[Bytes] = [
        b"",
        types + padding(len(types)),
        *_padded(_positions(kind, block, first) for block in blocks),
    ]
    for field, column_type in COLUMNS[kind]:
        columns = [block.column(kind, field) for block in blocks]
        if column_type == "T":
            parts += _texts([text for column in columns for text in column])  # type: ignore[misc]
        else:
            parts += _padded(_little(column) for column in columns if isinstance(column, memoryview))
    parts[0] = SECTION.pack(code_by_type[kind], len(types), rows, sum(map(len, parts)))
    return parts


def _positions(kind: Kind, block: Block, first: int) -> bytes:
    positions = block.positions(kind)
    shift = block.first - first
    if not shift:
        return _little(positions)
    return struct.pack(f"<{len(positions)}I", *[position + shift for position in positions.tolist()])


def _little(column: memoryview) -> bytes:
    """A column as it goes into a block."""
    if sys.byteorder == "big" and column.itemsize > 1:
        numbers = array(column.format, column.tobytes())
        numbers.byteswap()
        return numbers.tobytes()
    return column.tobytes()


def _padded(columns: Iterable[bytes]) -> tuple[bytes, bytes]:
    joined = b"".join(columns)
    return joined, padding(len(joined))


def _texts(texts: Sequence[str]) -> list[Bytes]:
    # These were cut when they were encoded first, and must not be once more.
    encoded = [text.encode() for text in texts]
    sizes = struct.pack(f"<Q{len(encoded)}I", sum(map(len, encoded)), *map(len, encoded))
    return [sizes, *encoded, padding(len(sizes) + sum(map(len, encoded)))]
