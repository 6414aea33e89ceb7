"""The one stream of observation.

Everything that happens is appended to one list, by whichever thread it happens on. Appending is atomic, so the place in
the list is the exact causal order over all threads: whatever an effect is, its cause stands before it. Rows are taken off
the front in blocks and given to the readers; catalysts do that when they have nothing else to do and every few thousand
rows, a reader with a beat of its own may do it at any time. Three shapes of row exist, see ``Row``.

With no reader there is no list to append to: facts are not even built (``stream.active``), and catalysts run a loop that
knows nothing of observation. The level of the readers says which loop they run: see ``Level``.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable
from enum import IntEnum
from typing import Any, Final, Protocol

from . import clock
from .events import LevelSet

Row = Any
"""A fact (an event record), an order (the queued tuple itself) or a run ``(order, begin_ns, end_ns, before, after, flags,
run)``. Plain tuples are orders and runs; a run's first element is a tuple."""

BLOCK: Final = 256
"""Rows after which whoever notices hands over."""


class Level(IntEnum):
    """How much of the flow a reader needs. Facts always come."""

    FACTS = 0
    """Births, ends, state changes, log lines, errors, the store, timers."""
    RUNS = 1
    """Also a row per run, without times and without orders."""
    FLOW = 2
    """Also a row per order, numbers and times: exact causes."""
    PREVIEWS = 3
    """Also a short description of the arguments."""


class Reader(Protocol):
    """Someone who wants to know what happens. ``stream.attach`` lets it have everything from then on.

    >>> from tasktonic.events import LogLine
    >>> class Ear:
    ...     level = Level.FACTS
    ...
    ...     def on_rows(self, first, rows):
    ...         for row in rows:
    ...             if isinstance(row, LogLine):
    ...                 print("heard", row.text)
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
    >>> ear = Ear()
    >>> stream.attach(ear)
    >>> app = App()
    heard open
    >>> stream.detach(ear)
    """

    level: Level
    """How much it wants. Who changes it calls ``stream.relevel``."""

    def on_rows(self, first: int, rows: list[Row]) -> None:
        """``rows`` number ``first``, ``first + 1``, … of the stream. Any thread: store them and return. One that raises is removed."""


class PatientReader(Reader, Protocol):
    """A reader for whom a flood may be slowed down. It is asked while it is attached."""

    def hold_back(self) -> None:
        """Keep a thread that makes many rows waiting while this reader is behind, not for long. Any thread but its own."""


class Stream:
    """The stream of this process; there is one, ``stream``."""

    def __init__(self) -> None:
        self.active = False
        """Whether anyone reads: test this before building a fact."""
        self.level = Level.FACTS
        self.epoch = 0
        """Grows with each reader that comes, so that class facts are told again to whoever came late."""
        self.rows: list[Row] = []
        self._first = 0
        self._readers: tuple[Reader, ...] = ()
        self._patient: tuple[Callable[[], None], ...] = ()
        self._hand_over_lock = threading.RLock()
        self._is_delivering = False
        self._on_level: list[Callable[[Level], None]] = []

    @property
    def count(self) -> int:
        """How many rows have come so far: the number of the next one, while no other thread appends."""
        return self._first + len(self.rows)

    def on_level(self, told: Callable[[Level], None]) -> None:
        """Catalysts are told here which loop to run."""
        self._on_level.append(told)

    def attach(self, reader: Reader) -> None:
        """Let a reader have everything from here on. Any thread."""
        with self._hand_over_lock:
            self._deliver()
            self._readers = (*self._readers, reader)
            self.epoch += 1
            self._settle()
        self.hand_over()

    def detach(self, reader: Reader) -> None:
        """Give a reader what there is, then nothing more. Any thread; harmless when it is not attached."""
        with self._hand_over_lock:
            self._deliver()
            self._readers = tuple(r for r in self._readers if r is not reader)
            self._settle()
        self.hand_over()

    def relevel(self, reader: Reader) -> None:
        """Take notice that a reader's ``level`` has changed."""
        with self._hand_over_lock:
            self._settle()
        self.hand_over()  # a line that another thread wanted to hand over meanwhile

    def log_fully(self) -> None:
        """A tonic is logged in full from now on: readers that write logs need runs."""
        for reader in self._readers:
            if getattr(reader, "follows_log_modes", False) and reader.level < Level.RUNS:
                reader.level = Level.RUNS
                self.relevel(reader)

    def emit(self, fact: Row) -> None:
        """Append a fact. Any thread. Test ``active`` first: building the fact is what costs."""
        rows = self.rows
        rows.append(fact)
        if len(rows) > BLOCK:
            self.make_room()

    def emit_now(self, fact: Row) -> None:
        """Append a fact that a person waits for (a log line, an error), and hand over at once."""
        self.rows.append(fact)
        self.make_room()

    def make_room(self) -> None:
        """Hand over, and wait for readers that are behind and ask for it. For a thread that fills blocks, any but a reader's."""
        self.hand_over()
        for hold_back in self._patient:
            hold_back()

    def hand_over(self) -> None:
        """Give the readers all rows there are. Any thread. Returns at once when another thread is doing so."""
        # Looked at again after letting go: a row that came while we delivered must not be left lying by both of us.
        while self.rows and self._hand_over_lock.acquire(blocking=False):
            try:
                if self._is_delivering:
                    return
                self._deliver()
            finally:
                self._hand_over_lock.release()

    def settle(self) -> None:
        """Give the readers all rows there are, and wait for another thread that is doing so. Not from a reader."""
        with self._hand_over_lock:
            self._deliver()
        self.hand_over()

    def _deliver(self) -> None:
        """Only under the lock. Others may append meanwhile, at the end: the front is ours."""
        if self._is_delivering:
            return  # a reader causes rows while it reads: they are next
        self._is_delivering = True
        try:
            self._deliver_all()
        finally:
            self._is_delivering = False

    def _deliver_all(self) -> None:
        rows = self.rows
        while count := len(rows):
            count = min(count, BLOCK)
            block = rows[:count]
            del rows[:count]
            first = self._first
            self._first += count
            for reader in self._readers:
                try:
                    reader.on_rows(first, block)
                except Exception:
                    self._readers = tuple(r for r in self._readers if r is not reader)
                    self._settle()
                    print(f"tasktonic: {reader!r} failed as a reader of events and was removed:", file=sys.stderr)
                    traceback.print_exc()

    def _settle(self) -> None:
        was_active, self.active = self.active, bool(self._readers)
        self._patient = tuple(reader.hold_back for reader in self._readers if hasattr(reader, "hold_back"))
        level = max((reader.level for reader in self._readers), default=Level.FACTS)
        if not self.active:
            self.rows.clear()
        if level != self.level:
            # Said before anything can be missing, or after nothing is any more: what lies between two of these is all
            # there. The first reader hears it with the begin of the app, or in a snapshot of one that lives.
            is_told, rises = was_active and self.active, level > self.level
            if is_told and not rises:
                self.rows.append(LevelSet(clock.now_ns(), int(level)))
            self.level = level
            for told in self._on_level:
                told(level)
            if is_told and rises:
                self.rows.append(LevelSet(clock.now_ns(), int(level)))

    def _begin_anew(self) -> None:
        """In a forked child: the threads of the readers, and whoever handed over at the fork, do not exist here."""
        self._hand_over_lock = threading.RLock()
        self._is_delivering = False
        self._readers = self._patient = ()
        self.active, self.level = False, Level.FACTS
        self.rows.clear()


stream: Final = Stream()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=stream._begin_anew)
