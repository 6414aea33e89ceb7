"""The last of what a target told, packed, in bounded memory: from it a whole trace file can be made at any moment.

Newest last: segments of frames and of what was told between them. When there is too much the oldest segment goes, and only the
facts that it left stay, so that a file can state at its begin what was so then.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from typing import Any

from tasktonic.blocks import StringTable, decode_block
from tasktonic.clock import system_ns
from tasktonic.trace.encoder import TraceEncoder
from tasktonic.trace.facts import Fact, Facts, facts_of
from tasktonic.trace.file import FRAME, Summary, read_head, unpack_payload
from tasktonic_studio.services.run_packing import Piece


class _Segment:
    """Frames and asides that are kept and dropped together, in the order in which they came."""

    def __init__(self) -> None:
        self.entries: list[tuple[Summary, bytes] | bytes] = []
        self.size = 0
        self.told = 0
        """Of it the asides."""
        self.count = 0

    @property
    def first(self) -> int:
        """The number of its first event; -1 without any."""
        return next((entry[0].first for entry in self.entries if isinstance(entry, tuple)), -1)

    def facts(self) -> list[list[Fact]]:
        """The facts of each frame, in their order."""
        strings = StringTable()
        return [_facts_in(entry[1], strings) for entry in self.entries if isinstance(entry, tuple)]

    def drop_asides(self, most_bytes: int) -> int:
        """Keep the newest asides that take no more than this. Returns how many bytes are gone."""
        before, kept = self.told, []
        for entry in self.entries:
            if isinstance(entry, bytes) and self.told > most_bytes:
                self.told -= len(entry)
            else:
                kept.append(entry)
        self.entries = kept
        gone = before - self.told
        self.size -= gone
        return gone


class RunRing:
    """See above. Owned by a `KeptRun`, in whose thread everything happens.

    Args:
        most_bytes: what the segments may take. The events of the newest are kept whatever they take.
    """

    def __init__(self, most_bytes: int) -> None:
        self.dropped = 0
        """How many events are gone."""
        self.size = 0
        self._most_bytes = most_bytes
        self._facts = Facts()
        self._segments: deque[_Segment] = deque()

    @property
    def events(self) -> int:
        """How many events there are."""
        return sum(segment.count for segment in self._segments)

    def add(self, piece: Piece) -> None:
        """Add a frame."""
        if piece.begins or not self._segments:
            self._segments.append(_Segment())
        segment = self._segments[-1]
        segment.entries.append((piece.summary, piece.frame))
        segment.count += piece.summary.count
        self._grow(segment, len(piece.frame))

    def add_aside(self, aside: Mapping[str, Any]) -> None:
        """Add what was told besides the events."""
        if not self._segments:
            self._segments.append(_Segment())
        data = json.dumps(aside).encode()
        self._segments[-1].entries.append(data)
        self._segments[-1].told += len(data)
        self._grow(self._segments[-1], len(data))

    def _grow(self, segment: _Segment, size: int) -> None:
        segment.size += size
        self.size += size
        while self.size > self._most_bytes and len(self._segments) > 1:
            oldest = self._segments.popleft()
            self.size -= oldest.size
            self.dropped += oldest.count
            for facts in oldest.facts():
                self._facts.take(facts)
        newest = self._segments[0]
        if self.size > self._most_bytes and newest.told > self._most_bytes // 2:
            self.size -= newest.drop_asides(self._most_bytes // 4)

    def write(self, trace: TraceEncoder) -> None:
        """Put all there is into a trace that has nothing yet."""
        first = next((segment.first for segment in self._segments if segment.first >= 0), 0)
        if self.dropped:
            trace.add_keyframe(first, self._facts.present(system_ns()))
        for segment in self._segments:
            facts = iter(segment.facts())
            begins = True
            for entry in segment.entries:
                if isinstance(entry, bytes):
                    trace.add_aside(json.loads(entry))
                else:
                    trace.add_frames([entry], next(facts), begins_table=begins)
                    begins = False


def _facts_in(frame: bytes, strings: StringTable) -> list[Fact]:
    head = read_head(frame[: FRAME.size])
    return facts_of(decode_block(unpack_payload(head, frame[FRAME.size :]), strings))
