"""Packing: blocks as they come from an app, made into frames of a trace file."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from tasktonic.blocks import Block, StringTable, decode_block, ttBlockError
from tasktonic.blocks.encoding import assemble
from tasktonic.blocks.joining import can_follow, join_blocks
from tasktonic.blocks.layout import COLUMNS, HEADER
from tasktonic.events import Ordered, Ran
from tasktonic.trace.facts import Fact, facts_of
from tasktonic.trace.file import MOST_EVENTS, Kind, Summary, make_frame

ROWS_PER_FRAME: Final = 8_192
BYTES_PER_FRAME: Final = 1024 * 1024
ROWS_PER_SEGMENT: Final = 65_536
"""A segment begins a string table of its own: what came before it can be dropped, and a keyframe can stand in front of it."""
BYTES_PER_SEGMENT: Final = 16 * 1024 * 1024
"""So does it, when its rows are long: what is dropped with a segment is a small part of what is kept."""
_FIRST_GENERATION: Final = 1 << 16
"""Numbers of string tables below are those of keyframes."""
_COUNT_AT: Final = 16
_COUNT: Final = struct.Struct("<I")


class Piece(NamedTuple):
    """One frame of events. ``begins`` says that a segment begins with it."""

    summary: Summary
    frame: bytes
    facts: list[Fact]
    begins: bool


class Packer:
    """Takes the blocks of one target in their order. One thread.

    Blocks of a wire are small; several are joined into one frame, so that a file is as small as one that a recorder writes.
    ``problem`` is a sentence when a block could not be read: as the session shows nothing of what follows, nothing is kept.
    """

    def __init__(self) -> None:
        self.problem = ""
        self._strings = StringTable()
        self._generation = _FIRST_GENERATION
        self._rows = ROWS_PER_SEGMENT
        self._bytes = 0
        self._next = 0
        self._waiting: list[Block] = []
        self._waiting_rows = 0
        self._waiting_bytes = 0

    @property
    def waits(self) -> bool:
        """Whether blocks wait to become a frame."""
        return bool(self._waiting)

    def take(self, data: bytes) -> Iterator[Piece]:
        """Take a block; gives frames when enough has come."""
        if self.problem:
            return
        try:
            block = decode_block(_fitting(data), self._strings)
            if block.count > MOST_EVENTS or block.first < self._next:
                raise ttBlockError("A block tells of events that came before, or of too many at once.")
        except ttBlockError as error:
            yield from self.flush()
            self.problem = f"What follows could not be kept. {error}"
            return
        self._next = block.first + block.count
        if self._waiting and not self._fits(block):
            yield from self.flush()
        self._waiting.append(block)
        self._waiting_rows += sum(map(block.rows, block.kinds()))
        self._waiting_bytes += len(data)
        if self._waiting_rows >= ROWS_PER_FRAME or self._waiting_bytes >= BYTES_PER_FRAME:
            yield from self.flush()

    def flush(self) -> Iterator[Piece]:
        """Make a frame of what waits, and of the strings that it needs."""
        blocks, self._waiting = self._waiting, []
        rows, self._waiting_rows = self._waiting_rows, 0
        size, self._waiting_bytes = self._waiting_bytes, 0
        if not blocks:
            return
        begins = self._rows >= ROWS_PER_SEGMENT or self._bytes >= BYTES_PER_SEGMENT
        first = blocks[0]
        if begins or first.base == 0:
            self._generation += 1
        if begins:
            self._rows = self._bytes = 0
            if first.base:
                strings = first.strings[: first.base]
                table = assemble(first.first, 0, [], self._generation, 0, strings)
                yield self._piece(Summary(first.first, 0, 0, 0, 0, 0, self._generation), table, [], begins=True)
                begins = False
        self._rows += rows
        self._bytes += size
        facts = [fact for block in blocks for fact in facts_of(block)]
        summary = _summary(blocks, self._generation)
        yield self._piece(summary, join_blocks(blocks, self._generation), facts, begins=begins)

    def _fits(self, block: Block) -> bool:
        return (
            can_follow(self._waiting[-1], block) and block.first + block.count - self._waiting[0].first <= MOST_EVENTS
        )

    @staticmethod
    def _piece(summary: Summary, data: bytes, facts: list[Fact], *, begins: bool) -> Piece:
        return Piece(summary, make_frame(Kind.BLOCK, data, summary=summary), facts, begins)


def _fitting(data: bytes) -> bytes:
    """A block that says how much of a flood is lost may cover more events than one of a file: the rest is a hole behind it."""
    if len(data) < HEADER.size or _COUNT.unpack_from(data, _COUNT_AT)[0] <= MOST_EVENTS:
        return data
    return data[:_COUNT_AT] + _COUNT.pack(MOST_EVENTS) + data[_COUNT_AT + _COUNT.size :]


_TIMES: Final[dict[Any, tuple[str, str]]] = {
    kind: ("begin_ns", "end_ns") if kind is Ran else ("t_ns", "t_ns")
    for kind, columns in COLUMNS.items()
    if kind is Ran or "t_ns" in dict(columns)
}


def _summary(blocks: list[Block], generation: int) -> Summary:
    first, last = blocks[0], blocks[-1]
    begin_ns = next((time for time in map(_begin, blocks) if time), 0)
    end_ns = next((time for time in map(_end, reversed(blocks)) if time), 0)
    orders, runs = (sum(block.rows(kind) for block in blocks) for kind in (Ordered, Ran))
    return Summary(first.first, begin_ns, end_ns, last.first + last.count - first.first, orders, runs, generation)


def _begin(block: Block) -> int:
    """The time of the first row that has one; 0 without any."""
    found = [
        (block.positions(kind)[0], block.column(kind, _TIMES[kind][0])[0]) for kind in block.kinds() if kind in _TIMES
    ]
    return int(min(found)[1]) if found else 0


def _end(block: Block) -> int:
    found = [
        (block.positions(kind)[-1], block.column(kind, _TIMES[kind][1])[-1]) for kind in block.kinds() if kind in _TIMES
    ]
    return int(max(found)[1]) if found else 0
