"""The last of what happened, in bounded memory, from which a whole trace can be made at any moment.

Newest first: rows as the catalysts wrote them; behind them, packed in *segments* of frames, what is older than a second or
so; behind these, no events any more but the ``Facts`` that they left. A segment begins a string table of its own, so the
oldest can be dropped at any time: its facts go into those, and what follows can still be read.

When more happens than may be packed, the flow of the oldest rows is left out, with a ``Gap``, and never a fact. Whoever hands
rows over does that by the way: letting rows pile up for a thread that has to wait for its turn costs a sparkle three times
as much, in memory that is never warm.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from tasktonic.blocks import Row, StringTable, decode_block
from tasktonic.clock import system_ns
from tasktonic.events import Gap
from tasktonic.observation import SECOND, Batch, Intake
from tasktonic.trace.encoder import ROWS_PER_BLOCK, TraceBytes, blocks_of
from tasktonic.trace.facts import Facts, facts_of
from tasktonic.trace.file import FRAME, MOST_EVENTS, Kind, Summary, make_frame, read_head, unpack_payload

MOST_ROWS: Final = 16_384
"""Rows that may wait to be packed; of more the flow is left out."""
FEW_ROWS: Final = 1_024
"""So many are packed whatever it costs: it is little."""
ROWS_PER_SEGMENT: Final = 16_384
SEGMENT_NS: Final = 5 * SECOND
"""After this long a segment is full, however little is in it: what is dropped at once is never much."""
_FIRST_GENERATION: Final = 1 << 16
"""Numbers of string tables below are those of the keyframes."""
_NEVER_TOO_MANY: Final = 1 << 62

RUN_FIELDS: Final = 7
"""Fields of the row of a run; that of an order has six or nine."""


class Segment:
    """Frames that belong together: they are kept and dropped together."""

    def __init__(self, began_ns: int) -> None:
        self.began_ns = began_ns
        self.frames: list[tuple[Summary, bytes]] = []
        self.rows = 0
        self.size = 0

    def facts(self) -> list[Row]:
        """The facts in it, in their order."""
        strings = StringTable()
        facts: list[Row] = []
        for _, frame in self.frames:
            head = read_head(frame[: FRAME.size])
            facts += facts_of(decode_block(unpack_payload(head, frame[FRAME.size :]), strings))
        return facts


class _Thinned:
    """A stretch of rows from which the flow was left out, and what is known of it."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.count = 0
        self.facts: list[tuple[int, Row]] = []
        self.orders = 0
        self.runs = 0
        self.begin_ns = 0
        self.end_ns = 0

    def add(self, rows: list[Row]) -> None:
        """Take rows in that follow. A handful of calls for a whole batch: this is done in the middle of a flood."""
        facts = [row for row in rows if row.__class__ is not tuple]
        if facts:
            self.facts += [
                (self.first + self.count + at, row) for at, row in enumerate(rows) if row.__class__ is not tuple
            ]
            flow = [row for row in rows if row.__class__ is tuple]
        else:
            flow = rows
        self.count += len(rows)
        if flow:
            runs = list(map(len, flow)).count(RUN_FIELDS)
            self.runs += runs
            self.orders += len(flow) - runs
            self.begin_ns = self.begin_ns or _time_of(flow[0], 1)
            self.end_ns = _time_of(flow[-1], 2)

    def pieces(self) -> Iterator[tuple[int, list[Row | None]]]:
        """The same as rows, a ``Gap`` in front of them, in pieces that fit into a block each."""
        rows: list[Row | None] = [None] * self.count
        for number, fact in self.facts:
            rows[number - self.first] = fact
        if self.orders or self.runs:
            # The first row that is gone; its place is free.
            rows[rows.index(None)] = Gap(self.begin_ns, max(self.begin_ns, self.end_ns), self.orders, self.runs)
        for start in range(0, self.count, MOST_EVENTS):
            yield self.first + start, rows[start : start + MOST_EVENTS]


class Ring:
    """See above. ``put`` is called by any thread, one at a time; all else takes a lock that ``put`` does not need.

    Args:
        most_bytes: what the segments may take.
        seconds: how far back they may reach.
        seen: told of the facts that are packed, in their order.
    """

    def __init__(self, most_bytes: int, seconds: float, seen: Callable[[list[Row]], None] = lambda facts: None) -> None:
        self.intake = Intake(_NEVER_TOO_MANY)
        self._most_bytes = most_bytes
        self._reach_ns = round(seconds * SECOND)
        self._seen = seen
        self._strings = StringTable()
        self._strings.generation = _FIRST_GENERATION
        # Protects what follows: the thread that packs, and whoever wants a trace.
        self._ring_lock = threading.RLock()
        self._facts = Facts()
        self._segments: deque[Segment] = deque()
        self._size = 0
        self._next_first = 0
        self._thinned: _Thinned | None = None

    @property
    def size(self) -> int:
        """Bytes in the segments."""
        return self._size

    def put(self, first: int, rows: list[Row]) -> None:
        """Take rows of the stream."""
        intake = self.intake
        intake.put(first, rows)
        # When the thread is packing, the next to come has more to leave out.
        if intake.rows > MOST_ROWS and self._ring_lock.acquire(blocking=False):
            try:
                while intake.rows > MOST_ROWS:
                    self._leave_out(intake.take_one())
            finally:
                self._ring_lock.release()

    def pack(self, may_spend: Callable[[], bool]) -> None:
        """Pack the rows that wait, as far as that may cost; then drop what is too old or too much."""
        while True:
            with self._ring_lock:
                self._pack_thinned()
                if not len(self.intake) or (self.intake.rows > FEW_ROWS and not may_spend()):
                    self._drop_old(system_ns())
                    return
                self._pack(self.intake.take())

    def trace(self, meta: Mapping[str, Any], reason: str, *, with_sources: bool = True) -> tuple[bytes, int]:
        """A whole trace file of what there is, and how many events are in it."""
        with self._ring_lock:
            self._pack_thinned()
            while len(self.intake):
                self._pack(self.intake.take())
            self._drop_old(system_ns())
            trace = TraceBytes(meta, with_sources=with_sources)
            first = self._segments[0].frames[0][0].first if self._segments else self._next_first
            trace.add_keyframe(first, self._facts.present(0))
            for segment in self._segments:
                trace.add_frames(segment.frames, segment.facts())
        return trace.data(reason), trace.events

    # ---- under the lock

    def _leave_out(self, batch: Batch) -> None:
        thinned = self._thinned
        if thinned is None or batch.first != thinned.first + thinned.count:
            self._pack_thinned()
            thinned = self._thinned = _Thinned(batch.first)
        thinned.add(batch.rows)

    def _pack_thinned(self) -> None:
        thinned, self._thinned = self._thinned, None
        if thinned is not None:
            for first, rows in thinned.pieces():
                self._pack_rows(first, rows, len(rows))

    def _pack(self, batch: Batch) -> None:
        self._pack_rows(batch.first, batch.rows, ROWS_PER_BLOCK)

    def _pack_rows(self, first: int, rows: Sequence[Row | None], per_block: int) -> None:
        segment = self._segment()
        facts = [row for row in rows if row is not None and type(row) is not tuple]
        if facts:
            self._seen(facts)
        for start in range(0, len(rows), per_block):
            part = rows[start : start + per_block]
            for summary, block in blocks_of(first + start, part, self._strings, previews=True, per_block=per_block):
                frame = make_frame(Kind.BLOCK, block, summary=summary)
                segment.frames.append((summary, frame))
                segment.size += len(frame)
                self._size += len(frame)
        segment.rows += len(rows) - rows.count(None)
        self._next_first = first + len(rows)

    def _segment(self) -> Segment:
        now = system_ns()
        last = self._segments[-1] if self._segments else None
        if last is None or last.rows >= ROWS_PER_SEGMENT or now - last.began_ns > SEGMENT_NS:
            last = Segment(now)
            self._segments.append(last)
            self._strings.begin_generation()
        return last

    def _drop_old(self, now: int) -> None:
        while len(self._segments) > 1 and (
            self._size > self._most_bytes or now - self._segments[1].began_ns > self._reach_ns
        ):
            segment = self._segments.popleft()
            self._size -= segment.size
            self._facts.take(segment.facts())


def _time_of(row: Row, run_field: int) -> int:
    if row[0].__class__ is tuple:
        return int(row[run_field])
    return int(row[8]) if len(row) > 8 else 0
