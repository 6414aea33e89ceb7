"""What a reader has of a trace file: whole frames, and the blocks in them, which are not believed before they are checked."""

from __future__ import annotations

from typing import NamedTuple

from tasktonic.blocks.layout import HEADER as BLOCK_HEADER
from tasktonic.trace.file import (
    MOST_EVENTS,
    SHUFFLED,
    FrameHead,
    Kind,
    Summary,
    ttFrameDamage,
    unpack_as_it_lies,
    unpack_payload,
    unshuffled,
    unshuffled_front,
)


class Frame(NamedTuple):
    """One whole frame and where it begins."""

    place: int
    head: FrameHead
    payload: bytes

    @property
    def kind(self) -> int:
        """One of ``Kind``, or a number that is not known here."""
        return self.head.kind

    def plain(self) -> bytes:
        """What it holds. Raises ttFrameDamage."""
        return unpack_payload(self.head, self.payload)


class Part(NamedTuple):
    """A block, or what was told between two, unpacked. Of one that is shuffled the bytes lie in the order of ``file.shuffled``."""

    place: int
    kind: Kind
    data: bytes
    is_shuffled: bool

    def plain(self) -> bytes:
        """Its bytes in their order."""
        return unshuffled(self.data) if self.is_shuffled else self.data


def part_of(frame: Frame, kind: Kind) -> Part:
    """What a frame holds, unpacked as it lies. Raises ttFrameDamage."""
    data = unpack_as_it_lies(frame.head, frame.payload)
    return Part(frame.place, kind, data, bool(frame.head.flags & SHUFFLED))


def checked(block: Part, summary: Summary | None) -> Part:
    """The block, when its own header says what the summary does. Raises ttFrameDamage."""
    data = block.data
    if len(data) < BLOCK_HEADER.size:
        raise ttFrameDamage("a block is too short to be one")
    front = unshuffled_front(data, BLOCK_HEADER.size) if block.is_shuffled else data
    _, _, _, first, count, _, _, _ = BLOCK_HEADER.unpack_from(front)
    if count > MOST_EVENTS:
        raise ttFrameDamage(f"a block holds {count:,} events; at most {MOST_EVENTS:,} are read")
    if summary is not None and (first, count) != (summary.first, summary.count):
        raise ttFrameDamage("a block is not the one that its summary tells of")
    return block
