"""Where things are in a trace file: kept while it is written or walked, and written as its last but one frame."""

from __future__ import annotations

import json
import struct
from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

from tasktonic.trace.file import SPAN, Span, Summary

MOST_SPANS: Final = 65_536
"""When there are more, each two neighbours become one: a recording of a week must not fill the memory."""
MOST_KEYFRAMES: Final = 16_384
"""When there are more, every other one is left out of the index; a reader then walks a little further."""
MOST_PLACES: Final = 10_000
_MAX_ABOUT_BYTES: Final = 1024 * 1024

_SIZE: Final = struct.Struct("<I")
_COUNTS: Final = struct.Struct("<II")


class Index:
    """The spans and keyframes of one file, and the places of its META, SOURCE and MARKS frames. Not safe for two threads at once."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.keyframes: list[Span] = []
        self.metas: list[int] = []
        self.sources: list[int] = []
        self.marks: list[int] = []

    @property
    def events(self) -> int:
        """How many numbers of events the blocks cover, those included whose row was lost."""
        return sum(span.count for span in self.spans)

    def add_block(self, place: int, summary: Summary) -> None:
        """Note a block."""
        self.spans.append(_span(place, summary))
        if len(self.spans) > MOST_SPANS:
            self.spans = [_joined(self.spans[at : at + 2]) for at in range(0, len(self.spans), 2)]

    def add_keyframe(self, place: int, summary: Summary) -> None:
        """Note where a keyframe begins."""
        self.keyframes.append(_span(place, summary)._replace(count=0, orders=0, runs=0))
        if len(self.keyframes) > MOST_KEYFRAMES:
            del self.keyframes[1::2]

    def add_place(self, places: list[int], place: int) -> None:
        """Note a META, SOURCE or MARKS frame."""
        if len(places) < MOST_PLACES:
            places.append(place)

    def keyframe_before(self, event: int) -> Span | None:
        """The last keyframe that states what was so at this event or before; ``None`` when there is none."""
        at = bisect_right(self.keyframes, event, key=lambda keyframe: keyframe.first)
        return self.keyframes[at - 1] if at else None

    # ---- as bytes

    def pack(self, last_metas: Iterable[int] = ()) -> bytes:
        """The payload of an INDEX frame, with the places of META frames that come last."""
        places = {"metas": [*self.metas, *last_metas], "sources": self.sources, "marks": self.marks}
        about = json.dumps(places).encode()
        counts = _COUNTS.pack(len(self.spans), len(self.keyframes))
        spans = (SPAN.pack(*span) for span in (*self.spans, *self.keyframes))
        return b"".join((_SIZE.pack(len(about)), about, counts, *spans))

    @classmethod
    def unpack(cls, payload: bytes, end: int) -> Index:
        """An index from its payload.

        Args:
            payload: what the frame holds.
            end: where the frame lies; all places must be before it.

        Raises:
            ValueError: it is no index of such a file.
        """
        index = cls()
        try:
            (size,) = _SIZE.unpack_from(payload)
            if size > _MAX_ABOUT_BYTES:
                raise ValueError("it says too much about itself")
            about = json.loads(payload[_SIZE.size : _SIZE.size + size])
            index.metas, index.sources = _places(about, "metas", end), _places(about, "sources", end)
            index.marks = _places({"marks": [], **about}, "marks", end)  # older writers knew of none
            at = _SIZE.size + size
            spans, keyframes = _COUNTS.unpack_from(payload, at)
            at += _COUNTS.size
            if spans > MOST_SPANS or keyframes > MOST_KEYFRAMES or len(payload) - at != (spans + keyframes) * SPAN.size:
                raise ValueError("its size is wrong")
            both = [Span(*fields) for fields in SPAN.iter_unpack(payload[at:])]
        except (struct.error, RecursionError, KeyError, TypeError) as error:
            raise ValueError(str(error)) from None
        index.spans, index.keyframes = both[:spans], both[spans:]
        _check(index.spans, end)
        _check(index.keyframes, end)
        return index


def _places(about: dict[str, Any], name: str, end: int) -> list[int]:
    places = about[name]
    if not isinstance(places, list) or len(places) > MOST_PLACES + 1:
        raise ValueError("its places are no list")
    if not all(type(place) is int and 0 < place < end for place in places):
        raise ValueError("a place is outside of the file")
    return places


def _check(spans: Iterable[Span], end: int) -> None:
    spans = list(spans)
    if not all(0 < span.place < end and span.first >= 0 for span in spans):
        raise ValueError("a place is outside of the file")
    if not all(one.place < other.place and one.until <= other.first for one, other in pairwise(spans)):
        raise ValueError("its parts do not follow each other")


def _span(place: int, summary: Summary) -> Span:
    return Span(
        place, summary.first, summary.begin_ns, summary.end_ns, summary.count, summary.orders, summary.runs
    )  # fmt: skip


def _joined(spans: list[Span]) -> Span:
    """One span for neighbours; numbers that are missing between them count as theirs."""
    first, last = spans[0], spans[-1]
    times = [time for span in spans for time in (span.begin_ns, span.end_ns) if time]
    return Span(
        first.place,
        first.first,
        times[0] if times else 0,
        times[-1] if times else 0,
        last.until - first.first,
        sum(span.orders for span in spans),
        sum(span.runs for span in spans),
    )
