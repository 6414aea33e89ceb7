"""Reads a trace file, whatever became of it: killed while it was written, cut off, damaged, or made to do harm.

Nothing in the file is believed, see ``file.py``. Memory stays in proportion to the index and to one frame.
"""

from __future__ import annotations

import json
import os
import stat
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from tasktonic.blocks import Block, StringTable, decode_block, ttBlockError
from tasktonic.events import Gap
from tasktonic.trace.distilled import Distilled, unpack_distilled
from tasktonic.trace.facts import Facts, facts_of
from tasktonic.trace.file import (
    FORMAT,
    FRAME,
    HEADER,
    KEYFRAME_BEGINS,
    KEYFRAME_ENDS,
    MAGIC,
    MINOR,
    PLACE,
    Kind,
    Span,
    check_frame,
    read_head,
    read_summary,
    ttFrameDamage,
    ttTraceError,
    ttTraceFileError,
)
from tasktonic.trace.frames import Frame, Part, checked, part_of
from tasktonic.trace.index import Index
from tasktonic.trace.marks import MAX_BYTES as MAX_MARK_BYTES
from tasktonic.trace.marks import Mark, latest, marks_beside, unpack_marks
from tasktonic.trace.sources import Source
from tasktonic.trace.writer import why

_BUFFER: Final = 1024 * 1024
_END_BYTES: Final = FRAME.size + PLACE.size
_MOST_META: Final = 1_000
_MOST_MARK_FRAMES: Final = 100_000
_DECODED_BYTES: Final = 16 * 1024 * 1024
_MAX_META_BYTES: Final = 1024 * 1024
_MAX_ALL_META_BYTES: Final = 4 * 1024 * 1024
_REPEATS: Final = "a block repeats numbers of events that were there before"


class Damage(NamedTuple):
    """From byte ``place`` on, ``lost_bytes`` of the file cannot be read; ``reason`` is a part of a sentence.

    >>> print(Damage(4096, 120, "the rest was never written"))
    From byte 4,096 on, 120 bytes are lost: the rest was never written.
    """

    place: int
    lost_bytes: int
    reason: str

    def __str__(self) -> str:
        return f"From byte {self.place:,} on, {self.lost_bytes:,} bytes are lost: {self.reason}."


class TraceReader:
    """One trace file, opened for reading. Made by whoever wants to read it, who closes it. One thread at a time.

    A file that was closed has an index and is open in a moment, however long it is. Else its frames are walked to the first
    one that is not sound: ``damage`` says what is lost then. A file that is being written can be read up to its end as it
    is now.

    Args:
        path: the file.

    Raises:
        ttTraceFileError: there is no such file, or it cannot be read.
        ttTraceError: it is no trace, or a version of it that cannot be read here. Both messages are sentences.

    >>> try:
    ...     TraceReader("nothing.ttt")
    ... except ttTraceFileError as error:
    ...     print(error)
    There is no file nothing.ttt.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.meta: dict[str, Any] = {}
        """What was recorded, by whom, when; see ``docs/trace-file.md``. Nothing in it has been checked."""
        self.damage: Damage | None = None
        """What cannot be read, as far as that has turned out; ``blocks`` may find more."""
        self.is_closed = False
        """Whether the recording was brought to its end; a killed app's was not, nor one that still runs."""
        self.notice = ""
        """A sentence when a newer version wrote the file and may have put more into it than is understood here."""
        self._meta_bytes = 0
        self._index_place = -1
        self._file = self._open()
        try:
            self.size = os.fstat(self._file.fileno()).st_size
            self._check_header()
            self._index = self._read_index() or self._walk()
        except OSError as error:
            self.close()
            raise ttTraceFileError(f"{self.path} cannot be read: {why(error)}.") from None
        except ttTraceError:
            self.close()
            raise

    def __enter__(self) -> TraceReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Harmless when it is closed."""
        self._file.close()

    # ---- what is in it

    @property
    def spans(self) -> list[Span]:
        """The stretches of the stream in the file, in order; between two that do not meet, events are missing."""
        return self._index.spans

    @property
    def keyframes(self) -> list[Span]:
        """Where reading can begin, besides the begin of the file."""
        return self._index.keyframes

    @property
    def events(self) -> int:
        """How many events the file covers, those included whose row was lost on the way into it."""
        return self._index.events

    @property
    def not_kept(self) -> int:
        """How many events came before the file begins and had been dropped when it was saved."""
        before = self.meta.get("not_kept")
        return before if type(before) is int and before > 0 else 0

    @property
    def condition(self) -> str:
        """A sentence about what is wrong with the file; empty for a sound one that was closed."""
        if self.damage is not None:
            return str(self.damage)
        if not self.is_closed:
            return "The recording was not closed: the app was killed, or still runs. What was written can be read."
        return ""

    def sources(self) -> Iterator[Source]:
        """The source texts in the file; what cannot be read is passed over."""
        for place in self._index.sources:
            try:
                frame = self._frame_at(place)
                if frame.kind == Kind.SOURCE:
                    yield Source.unpack(frame.plain())
            except (ttFrameDamage, ValueError):
                continue

    def marks(self) -> list[Mark]:
        """The moments that people have marked in this run, in the order of time: those in the file and those beside it.

        Of more than can be read those that were said last count.
        """
        newest: deque[Frame] = deque()
        left = MAX_MARK_BYTES
        for frame in self._mark_frames():
            newest.append(frame)
            left -= frame.head.size
            while left < 0:
                left += newest.popleft().head.size
        found: list[Mark] = []
        for frame in newest:
            try:
                found += unpack_marks(frame.plain())
            except ttFrameDamage:
                break
        return latest([*found, *marks_beside(self.path)])

    def _mark_frames(self) -> Iterator[Frame]:
        for place in self._index.marks:
            try:
                frame = self._frame_at(place)
            except ttFrameDamage:
                return
            if frame.kind == Kind.MARKS:
                yield frame
        if self._index_place >= 0:
            # Behind the index of a closed file stands what was appended later, and nothing else.
            later = (frame for frame in self._frames_from(self._index_place) if frame.kind in (Kind.MARKS, Kind.END))
            yield from (frame for frame in islice(later, 2 * _MOST_MARK_FRAMES) if frame.kind == Kind.MARKS)

    def distilled(self) -> list[Distilled]:
        """What a distiller was asked for, call by call; empty for a file that none has written."""
        if self.meta.get("kind") != "distiller":
            return []  # a long recording need not be walked for it
        return unpack_distilled(self._asides())

    def _asides(self) -> Iterator[bytes]:
        for frame in self._frames_from(HEADER.size):
            if frame.kind == Kind.ASIDE:
                try:
                    yield frame.plain()
                except ttFrameDamage as damage:
                    self._is_damaged(frame.place, str(damage))
                    return

    def parts(self, event: int = 0, *, until: Span | None = None) -> Iterator[tuple[Kind, bytes]]:
        """What is in the file from the last keyframe at or before an event on, as it lies there.

        Like ``data``, with each ``Kind.ASIDE`` between the blocks where it came. With a keyframe as ``until`` that is as far as
        it goes: another reader may begin there.
        """
        for part in self.parts_as_they_lie(event):
            if until is not None and part.place >= until.place:
                return
            yield part.kind, part.plain()

    def parts_as_they_lie(self, event: int = 0) -> Iterator[Part]:
        """The same from ``event`` on to the end, with blocks whose bytes lie in another order left so.

        Who has numpy reads those faster as they are.
        """
        begin = self._index.keyframe_before(event)
        return self._parts_from(HEADER.size if begin is None else begin.place)

    def data(self, event: int = 0) -> Iterator[tuple[bool, bytes]]:
        """The bytes of all blocks from the last keyframe at or before an event on, in their order.

        Each comes with whether it belongs to a keyframe. A keyframe comes first, when there is one so early; the others
        are left out, as who has read what is before them knows what they state. Ends where the file is damaged, and
        ``damage`` says so.
        """
        begin = self._index.keyframe_before(event)
        yield from self._data_from(HEADER.size if begin is None else begin.place)

    def blocks(self, event: int = 0) -> Iterator[tuple[bool, Block]]:
        """The same as ``data``, from the same ``event`` on, decoded."""
        strings = StringTable()
        begin = self._index.keyframe_before(event)
        start = HEADER.size if begin is None else begin.place
        for place, is_keyframe, data in self._places_from(start):
            try:
                block = decode_block(data, strings)
            except ttBlockError as error:
                self._is_damaged(place, str(error).rstrip("."))
                return
            yield is_keyframe, block

    def happened(self, event: int = 0) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """All events from number ``event`` on, with their numbers; those of keyframes are left out."""
        for is_keyframe, block in self.blocks(event):
            if not is_keyframe and block.first + block.count > event:
                yield from ((n, row) for n, row in block.events() if n >= event)

    def facts_at(self, event: int) -> Facts:
        """What was so before event number ``event`` happened."""
        facts = Facts()
        for is_keyframe, block in self.blocks(event):
            if is_keyframe:
                facts.take(facts_of(block))
            elif block.first >= event:
                break
            elif block.first + block.count <= event:
                facts.take(facts_of(block))
            else:
                facts.take(row for n, row in block.events() if n < event)
        return facts

    def gaps(self) -> Iterator[tuple[int, Gap]]:
        """Where flow was lost while recording, with the number of the event in whose place the gap stands."""
        for is_keyframe, block in self.blocks():
            if not is_keyframe:
                for position, gap in zip(block.positions(Gap), block.of(Gap), strict=True):
                    yield block.first + position, gap

    def check(self) -> None:
        """See whether all of it can be read: ``damage`` says so then. Of a long file only the frames are looked at."""
        if self.size <= _DECODED_BYTES:
            for _ in self.blocks():
                pass
        else:
            for _ in self._frames_from(HEADER.size):
                pass

    # ---- opening

    def _open(self) -> BinaryIO:
        try:
            # Looked at before it is opened: opening a pipe would wait for somebody to write into it.
            if not stat.S_ISREG(self.path.stat().st_mode):
                what = "a folder" if self.path.is_dir() else "no file"
                raise ttTraceFileError(f"{self.path} is {what}; a trace is a file NAME.ttt.")
            return self.path.open("rb", buffering=_BUFFER)
        except FileNotFoundError:
            raise ttTraceFileError(f"There is no file {self.path}.") from None
        except OSError as error:
            if isinstance(error, ttTraceFileError):
                raise
            raise ttTraceFileError(f"{self.path} cannot be read: {why(error)}.") from None
        except ValueError as error:
            raise ttTraceFileError(f"{str(self.path)!r} is no name of a file: {error}.") from None

    def _check_header(self) -> None:
        data = self._file.read(HEADER.size)
        if not data:
            raise ttTraceError(f"{self.path} is empty: nothing was recorded in it.")
        if not MAGIC.startswith(data[: len(MAGIC)]) or len(data) < HEADER.size:
            if MAGIC.startswith(data[: len(MAGIC)]) or data.startswith(MAGIC):
                raise ttTraceError(f"{self.path} has {len(data)} bytes: even the first of a trace are not all there.")
            raise ttTraceError(f"{self.path} is no trace: it does not begin like one.")
        _, version, minor, _ = HEADER.unpack(data)
        if version != FORMAT:
            raise ttTraceError(
                f"{self.path} has format {version}; this version reads format {FORMAT}. A newer tasktonic may read it."
            )
        if minor > MINOR:
            self.notice = "A newer version wrote this trace; what it has put into it that is new is not shown."

    def _read_index(self) -> Index | None:
        """The index, when the file was closed and it is sound."""
        place = self.size - _END_BYTES
        if place < HEADER.size:
            return None
        try:
            end = self._frame_at(place)
            if end.kind != Kind.END or end.head.stored != PLACE.size:
                return None
            (index_place,) = PLACE.unpack(end.payload)
            if not HEADER.size <= index_place < place:
                return None
            frame = self._frame_at(index_place)
            if frame.kind != Kind.INDEX:
                return None
            index = Index.unpack(frame.plain(), index_place)
            self._index_place = index_place
            # The first says what was recorded, the last ones how it ended.
            for meta_place in index.metas[:1] + index.metas[1:][-_MOST_META:]:
                self._take_meta(self._frame_at(meta_place))
        except (ttFrameDamage, ValueError):
            self.meta = {}
            self._meta_bytes = 0
            self._index_place = -1
            return None
        self.is_closed = True
        return index

    def _walk(self) -> Index:
        """Make the index anew from the frames."""
        index = Index()
        keyframe: Span | None = None
        for frame in self._frames_from(HEADER.size):
            try:
                if frame.kind == Kind.BLOCK:
                    summary = read_summary(frame.payload)
                    if index.spans and summary.first < index.spans[-1].until:
                        raise ttFrameDamage(_REPEATS)
                    index.add_block(frame.place, summary)
                elif frame.kind == Kind.KEYFRAME:
                    summary = read_summary(frame.payload)
                    if frame.head.flags & KEYFRAME_BEGINS:
                        keyframe = Span(frame.place, summary.first, 0, 0, 0, 0, 0)
                    if frame.head.flags & KEYFRAME_ENDS and keyframe is not None:
                        # One that is cut off is of no use.
                        index.add_keyframe(keyframe.place, summary)
                        keyframe = None
                elif frame.kind == Kind.SOURCE:
                    index.add_place(index.sources, frame.place)
                elif frame.kind == Kind.MARKS:
                    index.add_place(index.marks, frame.place)
                elif frame.kind == Kind.META:
                    self._take_meta(frame)
                elif frame.kind == Kind.END:
                    self.is_closed = True
            except ttFrameDamage as damage:
                self._is_damaged(frame.place, str(damage))
                break
        return index

    def _take_meta(self, frame: Frame) -> None:
        self._meta_bytes += frame.head.size
        if frame.kind != Kind.META or frame.head.size > _MAX_META_BYTES or self._meta_bytes > _MAX_ALL_META_BYTES:
            return
        try:
            meta = json.loads(frame.plain())
        except (ValueError, RecursionError):
            raise ttFrameDamage("what it says about itself is not readable") from None
        if isinstance(meta, dict):
            self.meta.update(meta)

    # ---- frames

    def _data_from(self, place: int) -> Iterator[tuple[bool, bytes]]:
        for _, is_keyframe, data in self._places_from(place):
            yield is_keyframe, data

    def _places_from(self, place: int) -> Iterator[tuple[int, bool, bytes]]:
        """The blocks from a place on, with their places: the keyframe that lies there, then those that are no keyframes."""
        for part in self._parts_from(place):
            if part.kind != Kind.ASIDE:
                yield part.place, part.kind == Kind.KEYFRAME, part.plain()

    def _parts_from(self, place: int) -> Iterator[Part]:
        """The same with what was told between the blocks."""
        in_front = True
        until = -1
        for frame in self._frames_from(place):
            try:
                if frame.kind == Kind.BLOCK:
                    in_front = False
                    summary = read_summary(frame.payload)
                    if summary.first < until:
                        raise ttFrameDamage(_REPEATS)
                    until = summary.first + summary.count
                    yield checked(part_of(frame, Kind.BLOCK), summary)
                elif frame.kind == Kind.KEYFRAME and in_front:
                    yield checked(part_of(frame, Kind.KEYFRAME), None)
                elif frame.kind == Kind.ASIDE:
                    yield part_of(frame, Kind.ASIDE)
            except ttFrameDamage as damage:
                self._is_damaged(frame.place, str(damage))
                return

    def _frames_from(self, place: int) -> Iterator[Frame]:
        """All frames from a place on, to the end or the first that is not sound."""
        while place < self.size:
            try:
                frame = self._frame_at(place)
            except ttFrameDamage as damage:
                self._is_damaged(place, str(damage))
                return
            yield frame
            place += FRAME.size + frame.head.stored

    def _frame_at(self, place: int) -> Frame:
        """One frame. Raises ttFrameDamage."""
        self._file.seek(place)
        front = self._file.read(min(FRAME.size, self.size - place))
        if len(front) < FRAME.size:
            raise ttFrameDamage("the file ends in the middle of a frame")
        head = read_head(front)
        payload = self._file.read(head.stored) if place + FRAME.size + head.stored <= self.size else b""
        if len(payload) < head.stored:
            raise ttFrameDamage("the file ends in the middle of a frame")
        check_frame(head, payload)
        return Frame(place, head, payload)

    def _is_damaged(self, place: int, reason: str) -> None:
        if self.damage is None or place < self.damage.place:
            self.damage = Damage(place, self.size - place, reason)
