"""A recorder that writes a trace file while the app runs."""

from __future__ import annotations

import contextlib
import os
import threading
import time
import weakref
from types import TracebackType
from typing import Any, Final

from tasktonic.clock import system_ns
from tasktonic.ledger import ttLedger
from tasktonic.observation import ENOUGH_ROWS, MOST_ROWS, SECOND, Beats, Intake, hide_secrets
from tasktonic.recorder.about import about_process, say
from tasktonic.snapshot import take_snapshot, ttSnapshotError
from tasktonic.stream import Level, stream
from tasktonic.trace import TraceWriter, ttTraceFileError
from tasktonic.trace.encoder import ROWS_PER_BLOCK
from tasktonic.trace.file import MOST_EVENTS

FLUSH_S: Final = 0.25
"""What has happened is in the file after this long, or after 4,096 events, whichever comes first."""
LATE_NS: Final = 30 * SECOND // 1_000
"""When the file is behind by so much, threads that make many rows wait for it: a kill must not lose more than we say."""
BEHIND_NS: Final = 150 * SECOND // 1_000
"""When it is behind by so much all the same, the flow of what comes is left out."""
MOST_WAITING: Final = 50_000
"""The same by the number of rows that wait to be written."""
LONGEST_WAIT_S: Final = 1.0
"""No thread waits longer at a time. When nothing at all was written meanwhile, none waits until something was."""
STOP_S: Final = 10.0
"""How long ``stop`` waits for the last events to be written."""
_FAR_TOO_MANY: Final = 10 * MOST_ROWS
_BEAT_S: Final = FLUSH_S * 0.4
"""The rest is for the writing, and for a machine that has other things to do as well."""
_LOOK_AGAIN_S: Final = 0.02

_all: Final[weakref.WeakSet[Recorder]] = weakref.WeakSet()


class Recorder:
    """Writes what happens into a trace file, in a thread of its own. What was killed misses its last 250 ms at most.

    Made by ``record``. Ends with ``stop``, or by itself when the file cannot be written any more: then it says so in one
    sentence on stderr, and the app goes on. When more happens than can be written, the threads that do it are held back for
    some milliseconds at a time. Where that is not enough, such as with a disk that hangs, flow is left out in whole batches,
    with a ``Gap`` that says how much; facts are kept.

    Args:
        path: the file; an older trace there is replaced, anything else is not.
        level: how much of the flow is written.
        with_sources: whether the text of files that define classes goes along.

    Raises:
        ttTraceFileError: the file cannot be written; the message is a sentence.

    >>> import tempfile
    >>> from tasktonic.events import LogLine
    >>> from tasktonic.trace import TraceReader
    >>> class Door(ttTonic):
    ...     def ttse__on_start(self):
    ...         self.log("open")
    ...         self.finish()
    >>> class App(ttFormula):
    ...     def creating_formula(self):
    ...         return {"tasktonic/log/to": "off"}
    ...
    ...     def creating_starting_tonics(self):
    ...         Door(name="door")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with record(f"{folder}/run.ttt"):
    ...         app = App()
    ...     with TraceReader(f"{folder}/run.ttt") as trace:
    ...         print([event.text for _, event in trace.happened() if isinstance(event, LogLine)])
    ['open']
    """

    def __init__(
        self, path: str | os.PathLike[str], *, level: Level = Level.PREVIEWS, with_sources: bool = True
    ) -> None:
        self.level = level
        self.problem = ""
        """Why nothing more is written, as a sentence; empty while all is well."""
        self._intake = Intake(MOST_WAITING, BEHIND_NS)
        self._beats = Beats()
        self._writer = TraceWriter(path, about_process("recording"), with_sources=with_sources)
        self._news = threading.Event()
        self._written = threading.Event()
        self._pieces = 0
        """How many pieces have been written."""
        self._stuck_at = -1
        """As many as there were when a thread waited for the next in vain."""
        self._stopping = False
        self._reason = ""
        self._pid = os.getpid()
        self._thread = threading.Thread(target=self._run, name="tasktonic-recorder", daemon=True)
        _all.add(self)

    def __repr__(self) -> str:
        return f"the recorder of {self._writer.path}"

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop("" if error is None else f"The recording ended by {type(error).__name__}: {error}")

    @property
    def path(self) -> str:
        """The file."""
        return str(self._writer.path)

    @property
    def is_of_this_process(self) -> bool:
        """Whether this process writes the file, and not one that it was forked from."""
        return self._pid == os.getpid()

    @property
    def events(self) -> int:
        """How many events have been written; those that were left out do not count."""
        return self._writer.events - sum(self.lost)

    @property
    def lost(self) -> tuple[int, int]:
        """How many orders and runs were left out because too much happened."""
        return self._writer.lost_orders, self._writer.lost_runs

    def start(self) -> None:
        """Write all that happens from here on. Of an app that lives already everything is told first. Any thread."""
        hide_secrets()
        stream.attach(self)
        if ttLedger().essences:
            with contextlib.suppress(ttSnapshotError):  # some of what lives could not be told: the rest was
                take_snapshot()
        self._thread.start()

    def stop(self, reason: str = "") -> None:
        """Write what there is and close the file. Any thread; harmless when it has ended.

        Args:
            reason: why the recording ends, as a sentence; it is kept in the file.
        """
        if self._pid != os.getpid():
            return
        stream.detach(self)
        self._reason = self._reason or reason
        self._stopping = True
        self._news.set()
        if threading.current_thread() is not self._thread and self._thread.ident is not None:
            self._thread.join(STOP_S)

    def on_rows(self, first: int, rows: list[Any]) -> None:
        """Take rows of the stream. Any thread, one at a time."""
        if self.problem:
            return
        if self._intake.rows > _FAR_TOO_MANY:
            # Even the facts alone are more than the disk can take.
            self._give_up(
                f"{self.path} is written too slowly: {self._intake.rows:,} events wait for the disk, and more would fill the "
                "memory. What came before them is in the file. Choose a file on a faster disk for the next recording."
            )
            return
        self._intake.put(first, rows)
        if self._intake.rows >= ENOUGH_ROWS:
            self._news.set()

    def hold_back(self) -> None:
        """Keep a thread that makes many rows waiting until the file is no longer behind. Any thread but the recorder's.

        Here it is decided what a kill can lose: who floods makes no more rows while the oldest that is not in the file is
        older than ``LATE_NS``, however slow the machine. A disk that hangs must not stop an app, though.
        """
        if not self._is_late() or self._stuck_at == self._pieces or not self._thread.is_alive():
            return
        before, until = self._pieces, time.monotonic() + LONGEST_WAIT_S
        while self._is_late():
            left_s = until - time.monotonic()
            if left_s <= 0:
                if self._pieces == before:
                    self._stuck_at = before
                return
            self._written.clear()
            # Another thread may clear it before this one sees it: then the next look comes a little later.
            self._written.wait(min(left_s, _LOOK_AGAIN_S))

    def _is_late(self) -> bool:
        intake, now = self._intake, system_ns()
        # Few rows lie until the next beat. On a machine that has no time for us they would lie for longer.
        is_late = intake.late_ns(now, LATE_NS // 2) > LATE_NS or intake.age_ns(now) > BEHIND_NS
        return is_late and not self.problem

    # ---- the thread

    def _run(self) -> None:
        try:
            while not self._stopping and not self.problem:
                self._news.wait(_BEAT_S)
                self._news.clear()
                self._beats.tell_news()
                stream.hand_over()
                self._write()
            self._write()
            self._writer.close(self._reason)
        except ttTraceFileError as error:
            self._give_up(str(error))
        except Exception as error:  # a fault of ours: the app must not notice
            self._give_up(f"The recorder failed ({type(error).__name__}: {error}).")
        finally:
            stream.detach(self)
            self._intake.clear()
            self._writer.abandon()

    def _write(self) -> None:
        while len(self._intake) and not self.problem:
            first, rows, shed = self._intake.take(ROWS_PER_BLOCK)
            per_block = MOST_EVENTS if shed else ROWS_PER_BLOCK
            self._writer.add_rows(first, rows, previews=self.level is Level.PREVIEWS, per_block=per_block)
            self._intake.rest()
            self._pieces += 1
            self._written.set()

    def _give_up(self, problem: str) -> None:
        self.problem = problem
        say(f"{problem} Recording has ended; the app runs on.")

    def forget_in_child(self) -> None:
        """In a forked child: the file is the parent's, and nobody records the child."""
        self._writer.abandon()
        self._intake.clear()


def record(path: str | os.PathLike[str], *, level: Level = Level.PREVIEWS, with_sources: bool = True) -> Recorder:
    """Write a trace file of all that happens in this process from here on. Any thread, before an app or while one runs.

    Args:
        path: the file; an older trace there is replaced, anything else is not.
        level: how much of the flow is written.
        with_sources: whether the text of files that define classes goes along.

    Returns:
        The recorder: ``stop()`` it, or use it in a ``with`` statement.

    Raises:
        ttTraceFileError: the file cannot be written; the message is a sentence.
    """
    recorder = Recorder(path, level=level, with_sources=with_sources)
    recorder.start()
    return recorder


def _forget_in_child() -> None:
    for recorder in list(_all):
        recorder.forget_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
