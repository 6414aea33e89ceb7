"""Rows of the stream to the bytes of a trace file, wherever these go. The layout is described in ``file.py``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tasktonic import clock
from tasktonic.blocks import Row, StringTable, encode_blocks
from tasktonic.blocks.layout import HEADER as BLOCK_HEADER
from tasktonic.events import CODE_CHANGES, AppBegan, AppEnded, ByHand, ClassDefined, Gap, HandlerDefined, type_by_code
from tasktonic.trace.facts import Facts
from tasktonic.trace.file import (
    KEYFRAME_BEGINS,
    KEYFRAME_ENDS,
    PLACE,
    Kind,
    Summary,
    file_header,
    make_frame,
)
from tasktonic.trace.index import Index
from tasktonic.trace.marks import Mark, pack_marks
from tasktonic.trace.sources import Sources

KEYFRAME_EVENTS: Final = 65_536
"""So many events after a keyframe comes the next one, later when much lives: keyframes stay a small part of the file."""
_EVENTS_PER_FACT: Final = 20
ROWS_PER_BLOCK: Final = 8_192
"""More than on the wire: each block that is packed makes the writing thread wait for its turn again, in a busy app 5 ms."""
_MOST_APPS: Final = 100


class TraceEncoder:
    """Makes the bytes of one trace. A subclass takes them in ``_emit``. One thread at a time.

    Args:
        meta: what was recorded, by whom, when; anything that JSON knows.
        with_sources: whether the text of files that define classes goes along.
        keyframe_events: see ``KEYFRAME_EVENTS``.
    """

    def __init__(
        self, meta: Mapping[str, Any], *, with_sources: bool = True, keyframe_events: int = KEYFRAME_EVENTS
    ) -> None:
        self.events = 0
        """Rows taken, without those of keyframes."""
        self.lost_orders = 0
        self.lost_runs = 0
        self.size = 0
        """Bytes made."""
        self._facts = Facts()
        self._strings = StringTable()
        self._index = Index()
        self._sources = Sources() if with_sources else None
        self._keyframe_events = keyframe_events
        self._since_keyframe = 0
        self._apps: list[dict[str, Any]] = []
        self._waiting: list[bytes] = []
        self._put(file_header())
        self.add_meta(meta)

    def _emit(self, data: bytes) -> None:
        """Take bytes, in their order."""
        raise NotImplementedError

    # ---- what goes in

    def add_meta(self, meta: Mapping[str, Any]) -> None:
        """Add to what is said about the whole file."""
        self._put_meta(meta)
        self._hand_out()

    def add_rows(
        self, first: int, rows: Sequence[Row | None], *, previews: bool = False, per_block: int = ROWS_PER_BLOCK
    ) -> None:
        """Add rows of the stream.

        Args:
            first: the number of the first of them.
            rows: ``None`` is one that was left out.
            previews: whether arguments are described.
            per_block: so many go into a block; few that are not ``None`` may take more.
        """
        facts = [row for row in rows if row is not None and type(row) is not tuple]
        self._note(facts)
        for start in range(0, len(rows), per_block):
            part = rows[start : start + per_block]
            for summary, block in blocks_of(first + start, part, self._strings, previews=previews, per_block=per_block):
                self._put_block(summary, make_frame(Kind.BLOCK, block, summary=summary))
        self.events += len(rows)
        self._since_keyframe += len(rows)
        if self._is_keyframe_due():
            self._put_keyframe(first + len(rows))
        self._hand_out()

    def add_frames(
        self, frames: Iterable[tuple[Summary, bytes]], facts: Iterable[Row], *, begins_table: bool = True
    ) -> None:
        """Add frames of blocks made elsewhere.

        Args:
            frames: with their summaries.
            facts: those in the blocks, in their order.
            begins_table: whether the first of them begins a string table; the others continue it.
        """
        for at, (summary, frame) in enumerate(frames):
            if at == 0 and begins_table and self._is_keyframe_due():
                self._put_keyframe(summary.first)
            self._put_block(summary, frame)
            self.events += summary.count
            self._since_keyframe += summary.count
        self._note(list(facts))
        self._hand_out()

    def add_keyframe(self, first: int, facts: Iterable[Row] = ()) -> None:
        """State all that is so at event number ``first``, with ``facts`` that came before it and are in no block."""
        self._note(list(facts))
        self._put_keyframe(first)
        self._hand_out()

    def add_aside(self, aside: Mapping[str, Any]) -> None:
        """Add what was told besides the events, at the place where it came; anything that JSON knows."""
        self._put(_aside_frame(aside))
        self._hand_out()

    def add_marks(self, marks: Iterable[Mark]) -> None:
        """Add marks; they override earlier ones of the same ids."""
        self._index.add_place(self._index.marks, self.size)
        self._put(make_frame(Kind.MARKS, pack_marks(marks)))
        self._hand_out()

    def tail(self, reason: str, asides: Iterable[Mapping[str, Any]] = ()) -> bytes:
        """What closes the trace as it is now: last asides, why it ended, the index, the end. Nothing may follow it."""
        end = {"reason": reason, "wall_ns": clock.wall_ns(), "monotonic_ns": clock.now_ns(), "events": self.events}
        meta = _meta_frame({"end": {**end, "lost_orders": self.lost_orders, "lost_runs": self.lost_runs}})
        told = b"".join(_aside_frame(aside) for aside in asides)
        meta_place = self.size + len(told)
        place = meta_place + len(meta)
        index = make_frame(Kind.INDEX, self._index.pack([meta_place]))
        return told + meta + index + make_frame(Kind.END, PLACE.pack(place))

    # ---- inside

    def _is_keyframe_due(self) -> bool:
        return self._since_keyframe >= max(self._keyframe_events, _EVENTS_PER_FACT * len(self._facts))

    def _note(self, facts: Sequence[Row]) -> None:
        self._facts.take(facts)
        for fact in facts:
            kind = type(fact)
            if kind is Gap:
                self.lost_orders += fact[2]
                self.lost_runs += fact[3]
            elif kind is ClassDefined or kind is HandlerDefined:
                self._put_source(fact.file)  # type: ignore[attr-defined]
            elif kind is ByHand:
                if fact[2] in CODE_CHANGES and self._sources is not None:
                    self._sources.look_again()
            elif kind is AppBegan or kind is AppEnded:
                self._note_app(fact)

    def _note_app(self, fact: Any) -> None:
        app: dict[str, Any] = {"app": fact.app, "name": ""}
        if self._apps and self._apps[-1]["app"] == fact.app:
            app = self._apps.pop()
        before = dict(app)
        if type(fact) is AppBegan:
            app.update(name=fact.name, wall_ns=fact.wall_ns, pid=fact.pid, began_ns=fact.t_ns)
        else:
            app.update(ended_ns=fact.t_ns, problem=fact.problem)
        self._apps.append(app)
        del self._apps[:-_MOST_APPS]
        if app != before:
            self._put_meta({"apps": self._apps})

    def _put_source(self, file: str) -> None:
        source = self._sources.new(file) if self._sources is not None else None
        if source is not None:
            self._index.add_place(self._index.sources, self.size)
            self._put(make_frame(Kind.SOURCE, source.pack()))

    def _put_meta(self, meta: Mapping[str, Any]) -> None:
        self._index.add_place(self._index.metas, self.size)
        self._put(_meta_frame(meta))

    def _put_block(self, summary: Summary, frame: bytes) -> None:
        self._index.add_block(self.size, summary)
        self._put(frame)

    def _put_keyframe(self, first: int) -> None:
        """It has strings of its own, and what follows begins anew with them: a keyframe can be read alone, or left out."""
        facts = self._facts.present(clock.now_ns())
        self._strings.begin_generation()
        blocks = [
            block
            for start in range(0, len(facts), ROWS_PER_BLOCK)
            for block in encode_blocks(first, facts[start : start + ROWS_PER_BLOCK], self._strings)
        ]
        summary = Summary(first, 0, 0, 0, 0, 0, self._strings.generation)
        self._index.add_keyframe(self.size, summary)
        for at, block in enumerate(blocks):
            flags = (KEYFRAME_BEGINS if at == 0 else 0) | (KEYFRAME_ENDS if at == len(blocks) - 1 else 0)
            self._put(make_frame(Kind.KEYFRAME, block, summary=summary, flags=flags))
        self._strings.begin_generation()
        self._since_keyframe = 0

    def _put(self, data: bytes) -> None:
        self._waiting.append(data)
        self.size += len(data)

    def _hand_out(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._emit(b"".join(waiting))


class TraceBytes(TraceEncoder):
    """A trace in memory: the same bytes as in a file."""

    def __init__(
        self, meta: Mapping[str, Any], *, with_sources: bool = True, keyframe_events: int = KEYFRAME_EVENTS
    ) -> None:
        self.parts: list[bytes] = []
        super().__init__(meta, with_sources=with_sources, keyframe_events=keyframe_events)

    def _emit(self, data: bytes) -> None:
        self.parts.append(data)

    def data(self, reason: str = "", asides: Iterable[Mapping[str, Any]] = ()) -> bytes:
        """The whole file so far, with these asides at its end."""
        return b"".join((*self.parts, self.tail(reason, asides)))


def blocks_of(
    first: int,
    rows: Sequence[Row | None],
    strings: StringTable,
    *,
    previews: bool = False,
    per_block: int = ROWS_PER_BLOCK,
) -> list[tuple[Summary, bytes]]:
    """Rows as blocks of so many, each with its summary; more of them when a block would be very long."""
    blocks = []
    for block in encode_blocks(first, rows, strings, previews=previews, per_block=per_block):
        _, _, _, begins, count, generation, _, _ = BLOCK_HEADER.unpack_from(block)
        part = rows[begins - first : begins - first + count]
        blocks.append((_summary(begins, part, generation), block))
    return blocks


def _summary(first: int, rows: Sequence[Row | None], generation: int) -> Summary:
    flow = [row for row in rows if type(row) is tuple]
    runs = len([None for row in flow if type(row[0]) is tuple])
    begin_ns, end_ns = _first_time(rows, 1), _first_time(reversed(rows), 2)
    return Summary(first, begin_ns, end_ns, len(rows), len(flow) - runs, runs, generation)


_T_NS_AT: Final[dict[type, int]] = {
    kind: kind._fields.index("t_ns")  # type: ignore[attr-defined]
    for kind in type_by_code.values()
    if "t_ns" in kind._fields  # type: ignore[attr-defined]
}


def _first_time(rows: Iterable[Row | None], run_field: int) -> int:
    """The time of the first of these rows that has one, 0 without any."""
    for row in rows:
        if row is None:
            continue
        if type(row) is not tuple:
            at = _T_NS_AT.get(type(row), -1)
            time_ns = row[at] if at >= 0 else 0
        elif type(row[0]) is tuple:
            time_ns = row[run_field]
        else:
            time_ns = row[8]
        if time_ns > 0:
            return int(time_ns)
    return 0


def _aside_frame(aside: Mapping[str, Any]) -> bytes:
    return make_frame(Kind.ASIDE, json.dumps(aside, default=str).encode())


def _meta_frame(meta: Mapping[str, Any]) -> bytes:
    return make_frame(Kind.META, json.dumps(meta, default=str).encode())
