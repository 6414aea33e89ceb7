"""The playback service: a trace file as a target like any other. Its blocks take the way that those of a live app take."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, Final

from tasktonic import ttTonic
from tasktonic.errors import ttError
from tasktonic.trace import TraceReader
from tasktonic.trace.file import Kind, Span
from tasktonic_studio.services.asides import item_of
from tasktonic_studio.services.connection import Connection
from tasktonic_studio.services.feed import Feed
from tasktonic_studio.services.reading_ahead import EndedEarly, ReadingAhead
from tasktonic_studio.session.inbox import (
    BlockArrived,
    DistilledRead,
    InboxItem,
    MarksRead,
    Notice,
    SourceText,
    TargetBegan,
    TargetStatus,
)
from tasktonic_studio.session.session import LONG_RUN

MOST_EVENTS: Final = 12_000_000
"""Of a longer trace the end is shown: what is known of so many events has room in memory."""
LONG_EVENTS: Final = LONG_RUN
"""Of a file with so many most is read by another process."""
FRONT_EVENTS: Final = 262_144
"""That one needs a while to begin; by then so many are on the way."""
FRONT_BYTES: Final = 1024 * 1024
"""No more than that of them waits for the window. It has just come on screen, and whatever it does needs the interpreter, too.
Of a file that is read here to its end it may be more: there each wait would be a part of the whole time."""
PAUSE_S: Final = 0.01
END_S: Final = 2.0


class Playback(ttTonic):
    """Opens trace files. A file that cannot be opened leaves what is shown as it is. One file at a time.

    Made by `app.py` on the catalyst of the services; all its sparkles run there. A thread reads the file and puts its blocks
    straight into the inbox, as fast as the window takes them.

    Args:
        connection: gives the way into the inbox, and takes it away when another target begins.
        on_problem: called with a sentence when a file could not be opened; on this catalyst.
    """

    _tt_is_service = "playback"

    def __init__(self, connection: Connection, on_problem: Callable[[str], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._connection = connection
        self._on_problem = on_problem
        self._reading: _Reading | None = None
        self._number = 0

    def _init_service(self, *_args: Any, **_kwargs: Any) -> None:
        """Nobody has anything to say at an access."""

    @property
    def is_reading(self) -> bool:
        """Whether a file is being read at the moment. Any thread."""
        reading = self._reading
        return reading is not None and reading.is_alive

    def ttsc__open(self, file: str) -> None:
        """Show the run in this file in the place of the present target."""
        self._stop()
        self._number += 1
        number = self._number
        self._reading = _Reading(
            file,
            lambda began: self.ttse__on_file_opened(number, began),
            lambda sentence: self.ttse__on_no_file(number, sentence),
        )
        self._reading.start()

    def ttse__on_file_opened(self, number: int, began: TargetBegan) -> None:
        """The file is a trace: from now on it is the target."""
        if number != self._number or self._reading is None:
            return
        if self._connection.before_begin is not None:
            self._connection.before_begin()
        self._reading.play(self._connection.begin(began))

    def ttse__on_no_file(self, number: int, sentence: str) -> None:
        """It could not be opened."""
        if number == self._number:
            self._on_problem(sentence)

    def ttse__on_finished(self) -> None:
        self._stop()

    def _stop(self) -> None:
        if self._reading is not None:
            self._reading.stop()
            self._reading = None


class _Reading:
    """The thread that reads one file.

    Args:
        file: its path.
        on_opened: called in the thread with what is known of the target; the blocks follow after `play`.
        on_failed: called in the thread with a sentence.
    """

    def __init__(self, file: str, on_opened: Callable[[TargetBegan], None], on_failed: Callable[[str], None]) -> None:
        self._file = file
        self._on_opened = on_opened
        self._on_failed = on_failed
        self._feed: Feed | None = None
        self._go = threading.Event()
        self._stopped = threading.Event()
        self._ahead: ReadingAhead | None = None
        self._ahead_lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="trace reader", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it still reads."""
        return self._thread.is_alive()

    def play(self, feed: Feed) -> None:
        """Let the blocks come."""
        self._feed = feed
        self._go.set()

    def stop(self) -> None:
        """Read no further; returns when the file is closed, or soon."""
        self._stopped.set()
        self._go.set()
        with self._ahead_lock:
            if self._ahead is not None:
                self._ahead.stop()
        self._thread.join(END_S)

    def _run(self) -> None:
        try:
            with TraceReader(self._file) as reader:
                self._on_opened(_target_of(reader, self._file))
                self._go.wait()
                if self._feed is not None and not self._stopped.is_set():
                    self._put_all(reader, self._feed)
        except ttError as error:
            self._on_failed(str(error))
        except OSError as error:
            self._on_failed(f"{self._file} could not be read: {error.strerror or error}.")
        except Exception as error:  # a fault of ours must not look like a file that never opens
            self._on_failed(
                f"{self._file} could not be shown. It failed inside the Studio, {type(error).__name__}: {error}."
            )

    def _put_all(self, reader: TraceReader, feed: Feed) -> None:
        begin = max(reader.events - MOST_EVENTS, 0)
        problem, damage = self._put_contents(reader, feed, begin)
        if self._is_over(feed):
            return
        if problem:
            feed.put(Notice(f"{self._file} could not be read to its end: {problem}."))
        for sentence in _remarks(reader, begin, damage):
            feed.put(Notice(sentence))  # without a time: the run's clock is another one than ours
        feed.put(_status_of(reader, damage))

    def _put_contents(self, reader: TraceReader, feed: Feed, begin: int) -> tuple[str, str]:
        """Marks, sources and all that happened. Returns why that ended early, and what turned out to be wrong with the file; empty for nothing."""
        handover = _handover(reader, begin)
        ahead = None
        try:
            if handover is not None:
                ahead = ReadingAhead(self._file, handover.first, reader.events - handover.first)
            with self._ahead_lock:
                self._ahead = ahead
            if self._is_over(feed):
                return "", ""  # who stopped it had no process to stop yet
            feed.put(MarksRead(tuple(reader.marks())))
            if calls := reader.distilled():
                feed.put(DistilledRead(tuple(calls)))
            for source in reader.sources():
                feed.put(SourceText(source.file, source.text))
            self._put(feed, _items(reader, begin, handover), FRONT_BYTES if ahead is not None else math.inf)
            if ahead is not None and reader.damage is None:
                self._put(feed, ahead.items())
                return "", str(ahead.damage or "")
        except OSError as error:
            return error.strerror or str(error), ""
        except EndedEarly:
            return "the process that reads it has ended", ""
        except (
            Exception
        ) as error:  # a fault of ours: what came is shown, and the file does not stay "starting" for ever
            return f"it failed inside the Studio, {type(error).__name__}: {error}", ""
        finally:
            with self._ahead_lock:
                self._ahead = None
            if ahead is not None:
                ahead.close()
        return "", ""

    def _put(self, feed: Feed, items: Iterator[InboxItem], most_bytes: float = math.inf) -> None:
        """Put items as fast as the window takes them, until it is over."""
        for item in items:
            while (feed.is_full or feed.waiting_bytes > most_bytes) and not self._is_over(feed):
                self._stopped.wait(PAUSE_S)
            if self._is_over(feed):
                return
            feed.put(item)

    def _is_over(self, feed: Feed) -> bool:
        return self._stopped.is_set() or feed.is_closed


def _handover(reader: TraceReader, begin: int) -> Span | None:
    """From where on another process reads: a keyframe some way from the begin. None for a file that is not long."""
    if reader.events - begin < LONG_EVENTS:
        return None
    return next((it for it in reader.keyframes if it.first >= begin + FRONT_EVENTS), None)


def _items(reader: TraceReader, begin: int, until: Span | None) -> Iterator[InboxItem]:
    """What is in a file, as the session takes it."""
    for kind, data in reader.parts(begin, until=until):
        item = item_of(data) if kind == Kind.ASIDE else BlockArrived(data)
        if item is not None:
            yield item


def _target_of(reader: TraceReader, file: str) -> TargetBegan:
    meta = reader.meta
    arguments = meta.get("argv")
    pid = meta.get("pid")
    return TargetBegan(
        "file",
        script=_script_of(meta),
        arguments=tuple(str(each) for each in arguments) if isinstance(arguments, list) else (),
        pid=pid if isinstance(pid, int) else 0,
        sentence=f"reading {PurePath(file).name}",
        file=file,
        python=_text(meta, "python"),
        framework=_text(meta, "framework"),
        events=min(reader.events, MOST_EVENTS),
    )


def _script_of(meta: dict[str, Any]) -> str:
    script, folder = _text(meta, "script"), _text(meta, "cwd")
    return str(PurePath(folder) / script) if script and folder else script


def _text(meta: dict[str, Any], name: str) -> str:
    value = meta.get(name)
    return value if isinstance(value, str) else ""


def _status_of(reader: TraceReader, damage: str) -> TargetStatus:
    """How it ended, and what is wrong with the file; of a process that a Studio watched its exit code is known, too."""
    how = reader.meta.get("exit")
    how = how if isinstance(how, dict) else {}
    code = how.get("exit_code")
    return TargetStatus(
        "ended",
        _ending_of(reader),
        code if type(code) is int and abs(code) < 1 << 31 else None,
        died=how.get("died") is True,
        damage=damage or reader.condition,
    )


def _ending_of(reader: TraceReader) -> str:
    """When it was recorded and how that ended, as far as the file says so."""
    end = reader.meta.get("end")
    end = end if isinstance(end, dict) else {}
    words = ["recorded"]
    wall_ns = end.get("wall_ns", reader.meta.get("wall_ns"))
    if reader.meta.get("kind") == "distiller":
        words.append("in virtual time")  # its clock begins at a day that says nothing
    elif isinstance(wall_ns, int) and 0 < wall_ns < 2**63:
        words.append(f"{datetime.fromtimestamp(wall_ns / 1e9, UTC).astimezone():%Y-%m-%d %H:%M}")
    reason = _text(end, "reason").rstrip(".")
    return " ".join(words) + (f": {reason}" if reason else "")


def _remarks(reader: TraceReader, begin: int, damage: str) -> list[str]:
    """What people should know of what they see."""
    found = []
    if begin:
        found.append(
            f"This trace has {reader.events:,} events; the last {reader.events - begin:,} are shown. "
            "tasktonic trace show has them all."
        )
    if reader.not_kept:
        found.append(
            f"This run begins later than what was watched: {reader.not_kept:,} events that came before had been dropped when "
            "it was saved."
        )
    if reader.notice:
        found.append(reader.notice)
    if damage or reader.condition:
        found.append(damage or reader.condition)
    return found
