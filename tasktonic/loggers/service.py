"""What every log target is: a reader of the stream with a thread that writes, so that no sparkle waits for a terminal.

    stream ──▶ on_rows: what is logged, as plain values ──▶ waiting ──▶ thread: write, write, …, flush
               (in whichever thread hands over)             (bounded)

Rows of the stream hold tonics and arguments. They are taken apart where they arrive, and what nobody logs is left out
there, so that a target that stalls keeps nothing alive but short texts. What comes while too much waits is counted.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from .. import clock
from ..events import ERROR, HOOK, IGNORED, AppBegan, Born, Ended, LogLine, LogModeSet, Raised
from ..ledger import ttLedger
from ..log_levels import ttLog
from ..stream import Level, Row, stream
from .last_words import tell, what_went_wrong
from .record import CREATED, DROPPED, FINISHED, ITSELF, RAISED, RAN, SAID, LogRecord

MOST_WAITING: Final = 100_000
"""What may wait to be written, in lines of a usual length; beyond that it is dropped, counted, and said."""

USUAL_LENGTH: Final = 256
"""A text counts as a line more for each so many characters."""

AT_ONCE: Final = 512
"""Lines after which a target flushes at the latest."""

MOST_ENDED: Final = 1_000
"""So many names of essences that ended last are remembered, for what is said by or about them afterwards."""

CLOSE_S: Final = 2.0
"""How long the end of an app waits for a target that takes nothing."""

LONGEST_CLOSE_S: Final = 10.0
"""How long it waits for one that takes its last lines slowly."""

FULL: Final = int(ttLog.FULL)

Entry = tuple[Any, ...]
"""``(event, t_ns, id, name, …)``: what will be a ``LogRecord``, before anybody spends time on making one."""


class _Batch(NamedTuple):
    """What was taken at once."""

    entries: list[Entry]
    weight: int
    taken_ns: int
    wall_offset_ns: int
    """From the clock of events to that of the wall; the app may go by clocks of its own."""

    def records(self) -> list[LogRecord]:
        """The entries for people, each with a time.

        Runs have none, as nobody reads the clock for a log alone: they get that of what comes next.
        """
        records = []
        t_ns = self.taken_ns
        for entry in reversed(self.entries):
            t_ns = entry[1] or t_ns
            records.append(_record(entry, (t_ns + self.wall_offset_ns) / 1e9))
        records.reverse()
        return records


class ttLogService:
    """A place where the log is written. Subclass it for one of your own, and register it in the formula.

    Override ``write``; it gets one ``LogRecord`` after the other, with ``time``, ``event``, ``name``, ``text`` and more, and
    ``record.line`` is all that in words. Override ``flush`` if you gather lines: it is called when nothing more waits, and
    after every few hundred records. Override ``close`` to let go of what you hold. All three run in a thread of the
    target's own, so they may take their time, and need no locks.

    >>> class Diary(ttLogService):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.lines = []
    ...
    ...     def write(self, record):
    ...         self.lines.append(f"{record.name}: {record.line}")
    ...
    ...     def close(self):
    ...         print("Dear diary", *self.lines, sep="; ")
    ...
    >>> class Guest(ttTonic):
    ...     def ttse__on_start(self):
    ...         self.log("what a nice place")
    ...         self.finish()
    ...
    >>> class Hotel(ttFormula):
    ...     def creating_formula(self):
    ...         return (
    ...             ("tasktonic/log/service#", Diary),
    ...             ("tasktonic/log/to", "Diary"),
    ...             ("tasktonic/log/default", "quiet"),
    ...         )
    ...
    ...     def creating_starting_tonics(self):
    ...         Guest(name="guest")
    ...
    >>> app = Hotel()
    Dear diary; main_catalyst: created; guest: created; guest: what a nice place; guest: finished; main_catalyst: finished

    It is made when the app begins, from the class or from a function without arguments that gives an instance, and closed
    when the app has ended, several in the order in which they are named. What reaches it is decided by the log modes; errors of sparkles always do. If it raises, that is
    said once on stderr and it gets nothing more; the app goes on. If it is too slow, records are left out, and one with the
    event ``dropped`` says how many.
    """

    def __init__(self) -> None:
        self.level = Level.FACTS
        self.follows_log_modes = True
        """Tells the stream to raise ``level`` when a tonic is logged in full."""
        self._tt_called = type(self).__name__
        self._tt_siblings: list[Any] = []
        """All log targets of the app, this one too."""
        self._tt_has_failed = False
        self._tt_is_given_up = False
        self._tt_closing = False
        # Changed under the stream's lock, by the thread that hands over.
        self._tt_known: dict[int, tuple[str, int]] = {}
        self._tt_ended: dict[int, tuple[str, int]] = {}
        self._tt_taken = 0
        # Changed by the writer's thread.
        self._tt_written = 0
        self._tt_at_work: list[LogRecord] = []
        """What has been written, but perhaps not flushed."""
        self._tt_writes = 0
        """Grows with each record; shows that it gets on."""
        self._tt_waiting: deque[_Batch] = deque()
        self._tt_dropped = 0
        self._tt_dropped_lock = threading.Lock()
        self._tt_news = threading.Event()
        self._tt_writer: threading.Thread | None = None

    # -- what a target overrides; all of it runs in the writer's thread ------------------------------------------------

    def write(self, record: LogRecord) -> None:
        """Log one thing, ``record``. In the target's own thread."""

    def flush(self) -> None:
        """Nothing more waits for now."""

    def close(self) -> None:
        """Nothing more comes: the app has ended, or ``write`` or ``flush`` raised. Not called if nothing ever came."""

    # -- reader of the stream: in whichever thread hands over, under the stream's lock -----------------------------------

    def on_rows(self, first: int, rows: list[Row]) -> None:
        """Take what is to be logged out of rows of the stream."""
        entries: list[Entry] = []
        look_up = self._tt_known.get
        for row in rows:
            if type(row) is not tuple:
                if type(row) in _takers:
                    _takers[type(row)](self, row, entries)
                continue
            order = row[0]
            if type(order) is not tuple:
                continue  # an order that waits
            tonic = order[0]
            one = look_up(tonic._tt_id) or (tonic.name, tonic._tt_log_mode)
            if one[1] >= FULL and not tonic._tt_class.sparkles[order[1]].is_system:
                _, _, end_ns, before, after, flags, _ = row
                entries.append((RAN, end_ns, tonic._tt_id, one[0], tonic._tt_class, order[1], before, after, flags))
        if entries:
            self._tt_take(entries)

    def _tt_take(self, entries: list[Entry]) -> None:
        waiting = self._tt_taken - self._tt_written
        if waiting > MOST_WAITING or self._tt_has_failed:
            # Errors never vanish; but nothing may pile up without end.
            kept = [entry for entry in entries if entry[0] is RAISED] if waiting <= 2 * MOST_WAITING else []
            with self._tt_dropped_lock:
                self._tt_dropped += len(entries) - len(kept)
            entries = kept
        elif self._tt_dropped:
            entries.insert(0, self._tt_say_dropped())
        if not entries:
            return
        weight = sum(_weight(entry) for entry in entries)
        self._tt_taken += weight
        now = clock.now_ns()
        self._tt_waiting.append(_Batch(entries, weight, now, clock.wall_ns() - now))
        if self._tt_writer is None:
            name = f"tasktonic log {self._tt_called}"
            self._tt_writer = threading.Thread(target=self._tt_write_all, name=name, daemon=True)
            self._tt_writer.start()
        self._tt_news.set()

    def _tt_say_dropped(self) -> Entry:
        with self._tt_dropped_lock:
            count, self._tt_dropped = self._tt_dropped, 0
        return (
            DROPPED,
            clock.now_ns(),
            -1,
            ITSELF,
            f"{count} events came faster than they could be logged and are not shown.",
        )

    def _tt_take_born(self, row: Born, entries: list[Entry]) -> None:
        seen = row.essence in self._tt_known
        self._tt_known[row.essence] = row.name, row.log_mode
        if not seen and row.t_ns and row.log_mode >= ttLog.OFF:  # else a snapshot tells of it
            entries.append((CREATED, row.t_ns, row.essence, row.name))

    def _tt_take_ended(self, row: Ended, entries: list[Entry]) -> None:
        one = self._tt_known.pop(row.essence, None)
        if one is None:
            return
        self._tt_ended[row.essence] = one
        if len(self._tt_ended) > MOST_ENDED:
            del self._tt_ended[next(iter(self._tt_ended))]
        if one[1] >= ttLog.OFF:
            entries.append((FINISHED, row.t_ns, row.essence, one[0]))

    def _tt_take_mode(self, row: LogModeSet, entries: list[Entry]) -> None:
        self._tt_known[row.essence] = self._tt_name(row.essence), row.log_mode

    def _tt_take_line(self, row: LogLine, entries: list[Entry]) -> None:
        entries.append((SAID, row.t_ns, row.essence, self._tt_name(row.essence), row.text))

    def _tt_take_error(self, row: Raised, entries: list[Entry]) -> None:
        entries.append((RAISED, row.t_ns, row.essence, self._tt_name(row.essence), row.text, row))

    def _tt_take_begin(self, row: AppBegan, entries: list[Entry]) -> None:
        self._tt_known.clear()  # ids of another app mean nothing from here on
        self._tt_ended.clear()

    def _tt_name(self, essence_id: int) -> str:
        one = self._tt_known.get(essence_id) or self._tt_ended.get(essence_id)
        if one is not None:
            return one[0]
        if essence_id < 0:
            return ITSELF
        essence = ttLedger().get_essence_by_id(essence_id)  # it lived before we came
        return f"{essence_id:02d}" if essence is None else essence.name

    # -- in the writer's thread ---------------------------------------------------------------------------------------

    def _tt_write_all(self) -> None:
        while not self._tt_closing or self._tt_waiting:
            self._tt_news.wait()
            self._tt_news.clear()
            while self._tt_waiting:
                self._tt_write_some()
            if self._tt_dropped and not self._tt_has_failed:
                self._tt_write([_record(self._tt_say_dropped(), clock.wall_ns() / 1e9)])
        if not self._tt_has_failed:
            self._tt_let_go()

    def _tt_write_some(self) -> None:
        weight, records = 0, list[LogRecord]()
        while self._tt_waiting and len(records) < AT_ONCE:
            batch = self._tt_waiting.popleft()
            weight += batch.weight
            records += batch.records()
        self._tt_write(records)
        self._tt_written += weight

    def _tt_write(self, records: list[LogRecord]) -> None:
        if not self._tt_has_failed:
            self._tt_at_work = records
            try:
                for record in records:
                    self.write(record)
                    self._tt_writes += 1
                self.flush()
            except BaseException as error:  # SystemExit too: it would end this thread and let the errors vanish
                self._tt_fail(f"{what_went_wrong(error)}. It writes no more; the app goes on.")
            else:
                self._tt_at_work = []
                return
        self._tt_tell_errors(records)

    def _tt_fail(self, why: str) -> None:
        """Be of no use from here on: all it does is to bring errors to stderr when no other target works."""
        self._tt_has_failed = True
        self.level, self.follows_log_modes = Level.FACTS, False
        stream.relevel(self)
        tell(f"tasktonic: the log target {self._tt_called} failed: {why}\n")
        self._tt_let_go()

    def _tt_let_go(self) -> None:
        try:
            self.close()
        except Exception as error:
            if not self._tt_has_failed:
                tell(f"tasktonic: closing the log target {self._tt_called} failed: {what_went_wrong(error)}.\n")

    def _tt_tell_errors(self, records: list[LogRecord]) -> None:
        if any(not target._tt_has_failed for target in self._tt_siblings):
            return
        for record in records:
            if record.event == RAISED:
                tell(f"{record.name}.{record.sparkle} raised:\n{record.traceback.rstrip() or record.text}\n")

    # -- the end, in the formula's thread --------------------------------------------------------------------------------

    def _tt_close(self) -> None:
        """Let it write what is left, and end."""
        self._tt_closing = True
        self._tt_news.set()

    def _tt_wait(self, without_progress_s: float = CLOSE_S, longest_s: float = LONGEST_CLOSE_S) -> None:
        """Wait until it has ended, or until it gets on no more."""
        if self._tt_writer is None:
            return
        until_s = time.monotonic() + longest_s
        seen = -1
        while self._tt_writer.is_alive() and self._tt_writes > seen:
            seen = self._tt_writes
            left_s = until_s - time.monotonic()
            self._tt_writer.join(max(0.0, min(without_progress_s, left_s)))
            if left_s <= without_progress_s:
                break
        if self._tt_writer.is_alive():
            self._tt_give_up()

    def _tt_give_up(self) -> None:
        self._tt_has_failed = True
        left = [*self._tt_at_work, *(record for batch in self._tt_waiting.copy() for record in batch.records())]
        self._tt_waiting.clear()
        tell(
            f"tasktonic: the log target {self._tt_called} did not take its last {len(left)} lines in time after the end of the "
            "app; they are lost.\n"
        )
        self._tt_tell_errors(left)


class Elsewhere(ttLogService):
    """Writes nothing: what it would write is shown by somebody else."""

    def __init__(self) -> None:
        super().__init__()
        self.follows_log_modes = False

    def on_rows(self, first: int, rows: list[Row]) -> None:
        return


_takers: Final[dict[type, Callable[[ttLogService, Any, list[Entry]], None]]] = {
    AppBegan: ttLogService._tt_take_begin,
    Born: ttLogService._tt_take_born,
    Ended: ttLogService._tt_take_ended,
    LogLine: ttLogService._tt_take_line,
    LogModeSet: ttLogService._tt_take_mode,
    Raised: ttLogService._tt_take_error,
}


def _weight(entry: Entry) -> int:
    if entry[0] is SAID:
        return 1 + len(entry[4]) // USUAL_LENGTH
    if entry[0] is RAISED:
        return 1 + (len(entry[4]) + len(entry[5].traceback)) // USUAL_LENGTH
    return 1


def _record(entry: Entry, seconds: float) -> LogRecord:
    event, _, essence_id, name, *more = entry
    if event is RAN:
        table, slot, before, after, flags = more
        return LogRecord(
            seconds, event, essence_id, name, "", table.sparkles[slot].called, table.state_name(before), table.state_name(after),
            bool(flags & HOOK), bool(flags & IGNORED), bool(flags & ERROR),
        )  # fmt: skip
    if event is RAISED:
        error: Raised = more[1]
        return LogRecord(
            seconds, event, essence_id, name, error.text, error.sparkle, error=error.type, traceback=error.traceback
        )
    return LogRecord(seconds, event, essence_id, name, more[0] if more else "")
