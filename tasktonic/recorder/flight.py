"""The flight recorder: keeps the last of what happened in memory, and writes it into a trace file when something goes wrong.

``start(path)`` switches it on, ``write()`` has it write now. The settings ``tasktonic/flight/…`` do so for one app, the environment
variable ``TASKTONIC_FLIGHT`` for a process. Written is, unless ``on`` says otherwise,

* ``error``: when a sparkle raised and nobody took it (no ``ttse__on_error``);
* ``thread``: when a thread ended by an error, a catalyst's or any other;
* ``signal``: when SIGUSR2 came, where there is one and nobody else uses it;
* ``fatal``: when an app or the program ended by an error.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from tasktonic.errors import ttSettingError
from tasktonic.events import AppEnded, Raised
from tasktonic.ledger import ttLedger
from tasktonic.observation import Beats, Meter, hide_secrets
from tasktonic.recorder.about import about_process, how_it_ended, say
from tasktonic.recorder.ring import Ring
from tasktonic.snapshot import take_snapshot, ttSnapshotError
from tasktonic.stream import Level, stream
from tasktonic.trace.file import ttTraceFileError
from tasktonic.trace.writer import save_trace

ERROR: Final = "error"
THREAD: Final = "thread"
SIGNAL: Final = "signal"
FATAL: Final = "fatal"
OCCASIONS: Final = (ERROR, THREAD, SIGNAL, FATAL)

SECONDS: Final = 60.0
MEGABYTES: Final = 8.0
MOST_FILES: Final = 10
"""A process writes no more by itself: a sparkle that raises every time must not fill the disk."""
BETWEEN_FILES_S: Final = 5.0
"""What goes wrong shortly after a file was written gives no other one."""
BEAT_S: Final = 0.25
CEILING_PERCENT: Final = 3.0
STOP_S: Final = 10.0

_NUMBER: Final = getattr(signal, "SIGUSR2", None)


class FlightRecorder:
    """One flight recorder. Made and owned by ``start``; ends with ``stop``, or with the process.

    Args:
        path: the file to write, or a folder; an older file is never replaced, the new one gets a number.
        seconds: how far back it reaches.
        megabytes: how much memory the packed events may take.
        on: the occasions on which it writes by itself.
        with_sources: whether the text of files that define classes goes along.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        seconds: float = SECONDS,
        megabytes: float = MEGABYTES,
        on: Iterable[str] = OCCASIONS,
        with_sources: bool = True,
    ) -> None:
        self.level = Level.FLOW
        self.path = Path(path)
        self.on = frozenset(on)
        self.files: list[Path] = []
        """What has been written so far."""
        self._with_sources = with_sources
        self._ring = Ring(round(megabytes * 1_000_000), seconds, self._look_at)
        self._beats = Beats()
        self._news = threading.Event()
        self._wish: tuple[str, str, str] | None = None
        """Occasion, reason and error of a file to be written. A signal handler sets it, so nothing is locked for it."""
        self._written_error = ""
        """The error that the last file was written for, while no other has come."""
        self._may_write_at_s = 0.0
        self._stopping = False
        self._write_lock = threading.Lock()
        self._pid = os.getpid()
        self._undo: list[Callable[[], None]] = []
        self._thread = threading.Thread(target=self._run, name="tasktonic-flight", daemon=True)

    def __repr__(self) -> str:
        return "the flight recorder"

    def start(self) -> None:
        """Keep what happens from here on; of an app that lives already everything is told first. Any thread."""
        hide_secrets()
        if THREAD in self.on:
            self._undo.append(_watch_threads(self._wish_for))
        if SIGNAL in self.on:
            self._undo.append(_watch_signal(self._wish_for))
        stream.attach(self)
        if ttLedger().essences:
            with contextlib.suppress(ttSnapshotError):  # some of what lives could not be told: the rest was
                take_snapshot()
        self._thread.start()

    def stop(self) -> None:
        """Write what is still to be written, and keep nothing more. Any thread; harmless when it has ended."""
        if self._pid != os.getpid() or self._stopping:
            return
        self._stopping = True
        self._news.set()
        if threading.current_thread() is not self._thread and self._thread.ident is not None:
            self._thread.join(STOP_S)
        stream.detach(self)
        for undo in self._undo:
            undo()

    def on_rows(self, first: int, rows: list[Any]) -> None:
        """Take rows of the stream. Any thread, one at a time."""
        self._ring.put(first, rows)
        # A report of an error is handed over at once, so it is the last row, unless other threads were busy meanwhile.
        if type(rows[-1]) is Raised:
            self._news.set()

    def write(self, reason: str = "") -> Path:
        """Write what there is now. Any thread.

        Args:
            reason: why, as a sentence; it is kept in the file.

        Returns:
            The file.

        Raises:
            ttTraceFileError: it cannot be written; the message is a sentence.
        """
        self._beats.tell()
        stream.hand_over()
        with self._write_lock:
            data, events = self._ring.trace(about_process("flight"), reason, with_sources=self._with_sources)
            path = _free_place(self.path)
            save_trace(path, data)
            self.files.append(path)
        say(f"{events:,} events were written to {path}. {reason}".rstrip())
        return path

    # ---- what goes wrong

    def _wish_for(self, occasion: str, reason: str, error: str = "") -> None:
        """Have a file written soon. Any thread, and signal handlers.

        Args:
            occasion: why, in a word.
            reason: why, as a sentence.
            error: what went wrong, as type and text: one that is raised further ends up here more than once.
        """
        if occasion in self.on and self._pid == os.getpid() and self._wish is None:
            self._wish = (occasion, reason, error)

    def _look_at(self, facts: list[Any]) -> None:
        """See whether something went wrong. In whatever thread packs."""
        for fact in facts:
            if type(fact) is Raised and fact.taken_by < 0:
                self._written_error = ""
                error = f"{fact.type}: {fact.text}"
                self._wish_for(ERROR, f"A sparkle raised: {fact.sparkle}, {error}", error)
            elif type(fact) is AppEnded and fact.problem:
                self._wish_for(FATAL, f"The app ended by {fact.problem}", fact.problem)

    # ---- the thread

    def _run(self) -> None:
        try:
            meter = Meter(CEILING_PERCENT)
            while not self._stopping:
                self._news.wait(BEAT_S)
                self._news.clear()
                self._beats.tell_news()
                stream.hand_over()
                self._ring.pack(meter.may_spend)
                self._grant()
            stream.hand_over()
            self._ring.pack(lambda: True)
            self._grant(at_once=True)
        except Exception as error:  # a fault of ours: the app must not notice
            stream.detach(self)
            say(f"The flight recorder failed ({type(error).__name__}: {error}). It is off; the app runs on.")

    def _grant(self, at_once: bool = False) -> None:
        """Write a file that is wished for, unless there have been enough."""
        wish = self._wish
        if wish is None:
            return
        if wish[0] == FATAL and wish[2] and wish[2] == self._written_error:
            self._wish = None  # the same error once more, on its way out
            return
        now = time.monotonic()
        asked_by_hand = wish[0] == SIGNAL
        if not asked_by_hand and (len(self.files) >= MOST_FILES or (now < self._may_write_at_s and not at_once)):
            if len(self.files) >= MOST_FILES or wish[0] != FATAL:
                self._wish = None
            return
        self._wish = None
        self._may_write_at_s = now + BETWEEN_FILES_S
        try:
            self.write(wish[1])
            self._written_error = wish[2]
        except ttTraceFileError as error:
            say(f"{error} What happened is still in memory; the app runs on.")

    def forget_in_child(self) -> None:
        """In a forked child: the parent writes, not the child."""
        self._stopping = True
        for undo in self._undo:
            undo()


# ---- the one of this process

_flight: FlightRecorder | None = None
_flight_lock = threading.Lock()
_prepared = False


def start(
    path: str | os.PathLike[str],
    *,
    seconds: float = SECONDS,
    megabytes: float = MEGABYTES,
    on: Iterable[str] = OCCASIONS,
    with_sources: bool = True,
) -> FlightRecorder:
    """Switch the flight recorder of this process on. Any thread; one that is on already is replaced.

    Args:
        path: the file to write, or a folder; an older file is never replaced, the new one gets a number.
        seconds: how far back it reaches.
        megabytes: how much memory the packed events may take.
        on: the occasions on which it writes by itself: ``error``, ``thread``, ``signal``, ``fatal``.
        with_sources: whether the text of files that define classes goes along.

    Raises:
        ValueError: there is no such occasion.
    """
    global _flight, _prepared
    occasions = tuple(on)
    for occasion in occasions:
        if occasion not in OCCASIONS:
            raise ttSettingError(
                f"There is no occasion {occasion!r} for a flight recording; there are {', '.join(OCCASIONS)}."
            )
    stop()
    flight = FlightRecorder(path, seconds=seconds, megabytes=megabytes, on=occasions, with_sources=with_sources)
    with _flight_lock:
        if not _prepared:
            _prepared = True
            atexit.register(_process_ends)
            if hasattr(os, "register_at_fork"):
                os.register_at_fork(after_in_child=_forget_in_child)
        _flight = flight
    flight.start()
    return flight


def stop() -> None:
    """Switch it off, after what is still to be written. Any thread; harmless when it is off."""
    global _flight
    with _flight_lock:
        flight, _flight = _flight, None
    if flight is not None:
        flight.stop()


def current() -> FlightRecorder | None:
    """The one that is on."""
    return _flight


def write(reason: str = "") -> Path | None:
    """Write the last of what happened into a file now. Any thread.

    Args:
        reason: why, as a sentence; it is kept in the file.

    Returns:
        The file; ``None`` when the flight recorder is off.

    Raises:
        ttTraceFileError: it cannot be written; the message is a sentence.
    """
    flight = _flight
    return None if flight is None else flight.write(reason)


def _process_ends() -> None:
    flight = _flight
    if flight is not None:
        problem = how_it_ended()
        if problem:
            flight._wish_for(FATAL, f"The program ended by {problem}", problem)
        stop()


def _forget_in_child() -> None:
    global _flight, _flight_lock
    _flight_lock = threading.Lock()
    flight, _flight = _flight, None
    if flight is not None:
        flight.forget_in_child()


def _free_place(path: Path) -> Path:
    """A name that is not taken: that of the path, or with a number. In a folder, one made of the process id."""
    if path.is_dir():
        path = path / f"flight-{os.getpid()}.ttt"
    number = 1
    place = path
    while place.exists():
        number += 1
        place = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return place


def _watch_threads(wish_for: Callable[[str, str], None]) -> Callable[[], None]:
    """Hear of threads that end by an error; what heard of them before still does. Returns what undoes it."""
    before = threading.excepthook

    def ended(arguments: Any) -> None:
        if arguments.exc_type is not SystemExit:
            name = arguments.thread.name if arguments.thread is not None else "a thread"
            wish_for(THREAD, f"The thread {name} ended by {arguments.exc_type.__name__}: {arguments.exc_value}")
        before(arguments)

    def undo() -> None:
        if threading.excepthook is ended:
            threading.excepthook = before

    threading.excepthook = ended
    return undo


def _watch_signal(wish_for: Callable[[str, str], None]) -> Callable[[], None]:
    """Hear of the signal, where that can be done and nobody else does. Returns what undoes it."""

    def nothing() -> None:
        return None

    if (
        _NUMBER is None
        or threading.current_thread() is not threading.main_thread()
        or signal.getsignal(_NUMBER) is not signal.SIG_DFL
    ):
        return nothing

    def came(number: int, frame: object) -> None:
        wish_for(SIGNAL, f"The signal {signal.Signals(number).name} came.")

    def undo() -> None:
        # From another thread it cannot be done: the handler stays, and does nothing any more.
        if threading.current_thread() is threading.main_thread() and signal.getsignal(_NUMBER) is came:
            signal.signal(_NUMBER, signal.SIG_DFL)

    signal.signal(_NUMBER, came)
    return undo
