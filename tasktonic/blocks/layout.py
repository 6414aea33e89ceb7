"""How a block of events is laid out in bytes.

A block holds a stretch of the stream: for each kind of event its rows as columns, made from the annotations in
``events.py``, and the position of each row in the stretch, so that the exact order across kinds can be had back. All
numbers are little-endian and every part is padded to 8 bytes, so that numpy reads a column where it lies::

    header   magic 4s 'ttB1' · format u16 · sections u16 · first i64 · count u32 · generation u32 · base u32 · added u32
             then the additions to the string table, numbered from `base` on, as a column of type 'T' with `added` rows
    section  code u16 · columns u16 · rows u32 · size u64 of all that follows in this section
             type 1s[columns] · position u32[rows] · the columns
    column   'q' i64[rows]   'b' u8[rows]   'N' u32[rows], numbers of strings   'T' size u64 · length u32[rows] · utf-8

Rows that nobody could take in time are missing: positions may have holes, and a ``Gap`` stands in the first of them.
A table of a new ``generation`` begins empty with ``base`` 0, and a reader can join there. Sections of unknown kinds and
columns beyond the known ones are skipped; columns that an older writer did not have are zero or empty.
"""

from __future__ import annotations

import struct
from typing import Any, Final, TypeAlias, get_type_hints

from tasktonic.errors import ttError
from tasktonic.events import Name, Text, code_by_type

Row: TypeAlias = tuple[Any, ...]
"""A row of the stream: an event, a queued order, or a run (see ``stream.py``)."""
Kind: TypeAlias = type[tuple[object, ...]]
"""A class of ``events.py``."""
Bytes: TypeAlias = bytes | memoryview

MAX_BLOCK_BYTES: Final = 16 * 1024 * 1024
"""No block is larger; a decoder refuses one that is."""
MAX_TEXT: Final = 32_768
"""Characters of one ``Text`` that travel; the rest is cut off and counted."""
MAX_NAME: Final = 1_024
"""The same for one ``Name``."""
MAX_STRINGS: Final = 1 << 20
"""A reader's string table holds no more."""
FULL_STRINGS: Final = 1 << 17
"""When the table of a writer is this long, its next block begins a new generation."""
FULL_CHARACTERS: Final = 1 << 21
"""The same for the characters in it: at four bytes each they fit in one block, with what one more block may add."""

MAX_CHARACTERS: Final = FULL_CHARACTERS + MAX_BLOCK_BYTES
"""What a table may have by then: a reader's table never grows beyond, whatever a writer of ill will sends."""

FORMAT: Final = 1
MAGIC: Final = b"ttB1"
HEADER: Final = struct.Struct("<4sHHqIIII")
SECTION: Final = struct.Struct("<HHIQ")
SIZE: Final = struct.Struct("<Q")


class ttBlockError(ttError, ValueError):
    """Bytes that should be a block of events are not a whole and sound one."""


def _columns_of(kind: Kind) -> tuple[tuple[str, str], ...]:
    types: dict[object, str] = {int: "q", bool: "b", Name: "N", Text: "T"}
    return tuple((field, types[annotation]) for field, annotation in get_type_hints(kind).items())


COLUMNS: Final[dict[Kind, tuple[tuple[str, str], ...]]] = {kind: _columns_of(kind) for kind in code_by_type}
"""Fields of each kind with their column types: ``q`` int, ``b`` bool, ``N`` Name, ``T`` Text."""


def padding(size: int) -> bytes:
    """What makes ``size`` bytes a multiple of eight."""
    return bytes(-size % 8)
