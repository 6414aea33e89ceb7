r"""The layout of a trace file, ``NAME.ttt``: what a recorder appends and a reader walks.

All numbers are little-endian. A file is a header and frames behind each other::

    header   magic 8s '\x89ttt\r\n\x1a\n' · format u16 · minor u16 · zero u32
    frame    kind u8 · flags u8 · zero u16 · stored u32 · size u32 · crc u32 · ``stored`` bytes of payload

``crc`` is zlib's crc32 of the twelve bytes before it and the payload. With flag 1 the payload (behind the summary, for
kinds that have one) is compressed by zlib and has ``size`` bytes when unpacked; without it ``size`` is what is there. With flag 8
the bytes of what was unpacked lie in another order (``shuffled``).

==== ========== ======================================================================================================
kind name       payload
==== ========== ======================================================================================================
1    META       JSON object: what was recorded, by whom, when; a later one adds to and overrides an earlier one
2    BLOCK      summary, then a block of events as on the wire (``tasktonic/blocks/layout.py``)
3    KEYFRAME   the same, but its block states what is so at event ``first`` of the stream: what lives, states, store,
                timers, as the facts that told it. One keyframe is one or several frames: flag 2 on its first, 4 on its
                last. It has a string table of its own, and the next block begins one, so a reader can begin there, and one
                that comes from before skips it
4    SOURCE     u32 size of the name · sha256 32s of the text · name · text, both UTF-8: a file in which classes are defined
5    INDEX      u32 size of a JSON object · that object · spans · keyframes: where things are
6    END        i64 place of the INDEX frame: the last frame of a file that was closed
7    MARKS      JSON object: moments that a person has marked, see ``marks.py``; a later one overrides an earlier one. In a closed
                file more may be appended, each with an END of the same INDEX behind it
8    ASIDE      JSON object: what whoever recorded was told besides the events, such as what the process printed. It stands
                between the blocks where it came
==== ========== ======================================================================================================

The summary tells what is in a block without unpacking it::

    summary  first i64 · begin_ns i64 · end_ns i64 · count u32 · orders u32 · runs u32 · generation u32
    span     place i64 · first i64 · begin_ns i64 · end_ns i64 · count u64 · orders u64 · runs u64

``begin_ns`` and ``end_ns`` are the times of the first and the last row in it that has one, 0 without any; a run stands where
it ended, so it may have begun before. A span of the index is one block, or in a long recording several that follow each
other.

Frames of unknown kinds are skipped; a larger ``minor`` means that there may be some, a larger ``format`` that nothing can be
read. Nothing in a file is believed: lengths are limited and checked before anything is made from them, unpacking stops at
the announced size, and nothing is unpickled or evaluated.
"""

from __future__ import annotations

import struct
import zlib
from enum import IntEnum
from typing import Final, NamedTuple

from tasktonic.blocks import MAX_BLOCK_BYTES
from tasktonic.errors import ttError

MAGIC: Final = b"\x89ttt\r\n\x1a\n"
"""As in PNG: a file that went through a conversion of line ends, or lost its eighth bits, is not taken for a sound one."""
FORMAT: Final = 1
MINOR: Final = 1
"""1: there may be MARKS and ASIDE frames."""

HEADER: Final = struct.Struct("<8sHHI")
FRAME: Final = struct.Struct("<BBHIII")
SUMMARY: Final = struct.Struct("<qqqIIII")
SPAN: Final = struct.Struct("<qqqqQQQ")
PLACE: Final = struct.Struct("<q")
_CHECKED: Final = struct.Struct("<BBHII")

COMPRESSED: Final = 1
"""Flag of a frame: the payload is compressed."""
SHUFFLED: Final = 8
"""Flag of a frame: its bytes lie in another order, see ``shuffled``."""
KEYFRAME_BEGINS: Final = 2
KEYFRAME_ENDS: Final = 4

MOST_EVENTS: Final = 65_536
"""No block of a trace covers more: what a reader makes of one stays small."""
MAX_PAYLOAD: Final = MAX_BLOCK_BYTES + SUMMARY.size
"""No frame is longer, neither as it lies in the file nor unpacked."""

_LEVEL: Final = 1
_BYTES_PER_ROW: Final = 70
"""About as much of a block are the numbers of one order or run."""
_CRC_BYTES: Final = 4_096


class Kind(IntEnum):
    """What a frame holds."""

    META = 1
    BLOCK = 2
    KEYFRAME = 3
    SOURCE = 4
    INDEX = 5
    END = 6
    MARKS = 7
    ASIDE = 8


WITH_SUMMARY: Final = frozenset({Kind.BLOCK, Kind.KEYFRAME})


class ttTraceError(ttError, ValueError):
    """What should be a trace file is none, or one that cannot be read here."""


class ttTraceFileError(ttError, OSError):
    """A trace file cannot be opened or written."""


class ttFrameDamage(ttError, ValueError):
    """A frame is not whole and sound; a reader goes no further."""


class Summary(NamedTuple):
    """What is in a block."""

    first: int
    begin_ns: int
    end_ns: int
    count: int  # type: ignore[assignment]  # hides a method of tuple that nobody calls here
    orders: int
    runs: int
    generation: int


class Span(NamedTuple):
    """A stretch of the stream and the place in the file where it begins."""

    place: int
    first: int
    begin_ns: int
    end_ns: int
    count: int  # type: ignore[assignment]
    orders: int
    runs: int

    @property
    def until(self) -> int:
        """The number of the event after its last."""
        return self.first + self.count


class FrameHead(NamedTuple):
    """The front of a frame, in range."""

    kind: int
    flags: int
    stored: int
    size: int
    crc: int


def file_header() -> bytes:
    """What a file begins with."""
    return HEADER.pack(MAGIC, FORMAT, MINOR, 0)


def make_frame(kind: Kind, payload: bytes, *, summary: Summary | None = None, flags: int = 0) -> bytes:
    """One frame, its payload compressed where that makes it smaller.

    Raises:
        ttTraceError: the payload is longer than any frame may be.
    """
    if len(payload) > MAX_BLOCK_BYTES:
        raise ttTraceError(f"A frame of {len(payload):,} bytes; at most {MAX_BLOCK_BYTES:,} can be written.")
    front = b"" if summary is None else SUMMARY.pack(*summary)
    is_flow = summary is not None and 2 * _BYTES_PER_ROW * (summary.orders + summary.runs) > len(payload)
    packed = zlib.compress(shuffled(payload) if is_flow else payload, _LEVEL)
    if len(packed) < len(payload):
        flags |= COMPRESSED | (SHUFFLED if is_flow else 0)
    else:
        packed = payload
    checked = _CHECKED.pack(kind, flags, 0, len(front) + len(packed), len(front) + len(payload))
    crc = _crc(packed, zlib.crc32(front, zlib.crc32(checked)))
    return b"".join((checked, crc.to_bytes(4, "little"), front, packed))


def shuffled(data: bytes) -> bytes:
    """The first bytes of all words of eight, then their second ones, and so on; at the end what is no whole word.

    A block of flow is columns of 64-bit numbers, of which the upper bytes seldom change: this way they are long runs, a file
    takes half the room, and compressing half the time. Texts get longer by it.
    """
    whole = len(data) & ~7
    return b"".join((*(data[at:whole:8] for at in range(8)), data[whole:]))


def unshuffled(data: bytes) -> bytes:
    """What ``shuffled`` was given."""
    words = len(data) >> 3
    plain = bytearray(data)
    for at in range(8):
        plain[at : words << 3 : 8] = data[at * words : (at + 1) * words]
    return bytes(plain)


def unshuffled_front(data: bytes, size: int) -> bytes:
    """The first so many bytes of what ``unshuffled`` gives, a multiple of eight; fewer where there are not so many."""
    words = len(data) >> 3
    if 8 * words < size:
        return unshuffled(data)
    return b"".join(data[word : 8 * words : words] for word in range(size >> 3))


def _crc(data: bytes, crc: int) -> int:
    """The checksum, in pieces so small that zlib does not let go of the interpreter lock: in a busy app it takes 5 ms to get
    that back, and the sum a few microseconds.
    """
    view = memoryview(data)
    for start in range(0, len(view), _CRC_BYTES):
        crc = zlib.crc32(view[start : start + _CRC_BYTES], crc)
    return crc


def read_head(data: bytes) -> FrameHead:
    """The front of a frame.

    Raises:
        ttFrameDamage: it is announced longer than any frame may be, or is no frame.
    """
    kind, flags, zero, stored, size, crc = FRAME.unpack(data)
    if zero or not kind:
        raise ttFrameDamage("what follows is no frame")
    if stored > MAX_PAYLOAD or size > MAX_PAYLOAD:
        raise ttFrameDamage(f"a frame announces {max(stored, size):,} bytes; at most {MAX_PAYLOAD:,} are read")
    return FrameHead(kind, flags, stored, size, crc)


def check_frame(head: FrameHead, payload: bytes) -> None:
    """See whether a frame is as it was written.

    Raises:
        ttFrameDamage: it is not.
    """
    checked = _CHECKED.pack(head.kind, head.flags, 0, head.stored, head.size)
    if zlib.crc32(payload, zlib.crc32(checked)) != head.crc:
        raise ttFrameDamage("a frame is not as it was written: its checksum is wrong")


def read_summary(payload: bytes) -> Summary:
    """The summary in front of a block.

    Raises:
        ttFrameDamage: it is not there, or not in range.
    """
    if len(payload) < SUMMARY.size:
        raise ttFrameDamage("a frame of events is too short to hold any")
    summary = Summary(*SUMMARY.unpack_from(payload))
    if not 0 <= summary.first < (1 << 63) - MOST_EVENTS:
        raise ttFrameDamage(f"a frame of events begins at event number {summary.first}")
    if summary.count > MOST_EVENTS:
        raise ttFrameDamage(f"a frame holds {summary.count:,} events; at most {MOST_EVENTS:,} are read")
    return summary


def unpack_payload(head: FrameHead, payload: bytes) -> bytes:
    """What a frame holds, without the summary; never more than it announced.

    Raises:
        ttFrameDamage: it is not what it announced.
    """
    plain = unpack_as_it_lies(head, payload)
    return unshuffled(plain) if head.flags & SHUFFLED else plain


def unpack_as_it_lies(head: FrameHead, payload: bytes) -> bytes:
    """The same, but what was ``shuffled`` (flag 8) still is. Raises ttFrameDamage."""
    front = SUMMARY.size if head.kind in WITH_SUMMARY else 0
    size = head.size - front
    if size < 0:
        raise ttFrameDamage("a frame of events is too short to hold any")
    if not head.flags & COMPRESSED:
        plain = payload[front:]
    else:
        unpacking = zlib.decompressobj()
        try:
            # One byte more than announced tells a frame that holds more from one that does not.
            plain = unpacking.decompress(payload[front:], size + 1)
        except zlib.error as error:
            raise ttFrameDamage(f"a frame cannot be unpacked ({error})") from None
        if len(plain) == size and not unpacking.eof:
            raise ttFrameDamage("a frame holds more or less than it announced")
    if len(plain) != size:
        raise ttFrameDamage("a frame holds more or less than it announced")
    return plain
