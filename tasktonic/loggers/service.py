"""What every log target is: a reader of the stream with a thread that writes, so that no sparkle waits for a terminal."""

from __future__ import annotations

import sys
import threading
import traceback
from collections import deque
from typing import Any, ClassVar, Final

from ..events import Born, Ended, LogLine, LogModeSet, Raised
from ..log_levels import ttLog
from ..stream import Level, Row, stream

MOST_ROWS: Final = 200_000
"""Rows that may wait to be written; beyond that they are dropped, counted, and said."""

_KEPT: Final = frozenset({Born, Ended, LogModeSet, Raised})
"""What is dropped only when twice as much waits."""

CLOSE_S: Final = 2.0
"""How long the end of an app waits for the last lines to be written."""


class ttLogService:
    """Base of log targets. A subclass overrides ``write`` and the like; all of it runs in the writer's thread.

    One is made per app and entry in ``tasktonic/log/to`` when the app begins, and closed when it has ended.
    """

    follows_log_modes: ClassVar = True
    """Tells the stream to raise ``level`` when a tonic is logged in full."""

    def __init__(self) -> None:
        self.level = Level.FACTS
        self._blocks: deque[list[Row]] = deque()
        # Each number has one writer, so none is lost: the stream calls one at a time, and the writer's thread is one.
        self._rows_in = self._rows_out = 0
        self._dropped = self._dropped_said = 0
        self._closing = False
        self._has_failed = False
        self._known: dict[int, tuple[str, int, int]] = {}
        self._news = threading.Event()
        self._writer = threading.Thread(target=self._write_all, name=f"tasktonic {type(self).__name__}", daemon=True)
        self._writer.start()

    # -- reader of the stream -----------------------------------------------------------------------------------------

    def on_rows(self, first: int, rows: list[Row]) -> None:
        if self._has_failed:
            return
        waiting = self._rows_in - self._rows_out
        if waiting > MOST_ROWS:
            # Errors never vanish, and names are needed later; but nothing may pile up without end.
            kept = [row for row in rows if type(row) in _KEPT] if waiting <= 2 * MOST_ROWS else []
            self._dropped += len(rows) - len(kept)
            if not kept:
                return
            rows = kept
        self._rows_in += len(rows)
        self._blocks.append(rows)
        self._news.set()

    def close(self) -> None:
        """Write what is left and end. In the formula's thread."""
        self._closing = True
        self._news.set()
        self._writer.join(CLOSE_S)

    # -- in the writer's thread ---------------------------------------------------------------------------------------

    def _write_all(self) -> None:
        try:
            while not (self._closing and not self._blocks):
                self._news.wait()
                self._news.clear()
                self._write_waiting()
        except Exception as error:
            self._has_failed = True
            self._blocks.clear()
            stream.detach(self)
            if not isinstance(error, OSError):  # else whoever read our lines is gone, and nobody is left to tell
                sys.stderr.write(f"tasktonic: the log target {type(self).__name__} failed and writes no more:\n")
                traceback.print_exc()

    def _write_waiting(self) -> None:
        while self._blocks:
            rows = self._blocks.popleft()
            for row in rows:
                self._write_row(row)
            self._rows_out += len(rows)
        dropped = self._dropped - self._dropped_said
        if dropped:
            self._dropped_said += dropped
            self.said(0, "tasktonic", f"{dropped} events came faster than they could be logged and are not shown.")
        self.flush()

    def _write_row(self, row: Row) -> None:
        kind = type(row)
        if kind is tuple:
            if type(row[0]) is tuple:
                self._write_run(row)
        elif kind is LogLine:
            name, mode, _ = self._known.get(row.essence, (f"{row.essence:02d}", ttLog.QUIET, 0))
            if mode >= ttLog.QUIET:
                self.said(row.t_ns, name, row.text)
        elif kind is Born:
            new = row.essence not in self._known
            self._known[row.essence] = (row.name, row.log_mode, row.cls)
            if new and row.log_mode >= ttLog.OFF:
                self.born(row.t_ns, row.name)
        elif kind is Ended:
            name, mode, _ = self._known.pop(row.essence, ("", ttLog.STEALTH, 0))
            if mode >= ttLog.OFF:
                self.ended(row.t_ns, name)
        elif kind is LogModeSet:
            name, _, cls = self._known.get(row.essence, (f"{row.essence:02d}", 0, 0))
            self._known[row.essence] = (name, row.log_mode, cls)
        elif kind is Raised:
            name = self._known.get(row.essence, (f"{row.essence:02d}", 0, 0))[0]
            self.raised(row, name)

    def _write_run(self, row: Any) -> None:
        order, begin_ns, _end_ns, before, after, flags, _run = row
        tonic = order[0]
        if tonic._tt_log_mode < ttLog.FULL:
            return
        table = tonic._tt_class
        sparkle = table.sparkles[order[1]]
        if not sparkle.is_system:
            self.ran(begin_ns, tonic.name, sparkle.called, table.state_name(before), table.state_name(after), flags)

    # -- what a target overrides ----------------------------------------------------------------------------------------

    def said(self, t_ns: int, name: str, text: str) -> None:
        """``self.log(text)``."""

    def born(self, t_ns: int, name: str) -> None:
        """An essence lives."""

    def ended(self, t_ns: int, name: str) -> None:
        """An essence has finished."""

    def ran(self, t_ns: int, name: str, sparkle: str, before: str, after: str, flags: int) -> None:
        """A sparkle ran, with the states before and after by name. ``t_ns`` is 0 when nobody takes the time."""

    def raised(self, error: Raised, name: str) -> None:
        """A sparkle raised."""

    def flush(self) -> None:
        """Nothing more waits for now."""


class Elsewhere(ttLogService):
    """Writes nothing: what it would write is shown by somebody else."""

    follows_log_modes = False

    def on_rows(self, first: int, rows: list[Row]) -> None:
        return
