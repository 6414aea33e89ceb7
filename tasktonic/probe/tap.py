"""Between the stream and the connections: takes rows from the catalysts, makes blocks of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from tasktonic import clock
from tasktonic.blocks import StringTable, encode_blocks, encode_table, shed_flow
from tasktonic.events import Beat, Gap
from tasktonic.ledger import ttLedger
from tasktonic.stream import Level, stream

MOST_ROWS: Final = 200_000
"""Rows that may wait for the probe's thread; of more only the facts are kept."""

FEW_ROWS: Final = 256
"""So many cost little to encode: leaving out their flow would save nothing."""
_ENOUGH_ROWS: Final = 4_096


class Shed(NamedTuple):
    """Flow that was left out before it was encoded."""

    orders: int
    runs: int


class Tap:
    """The reader of the stream. Made by the agent; attached while somebody watches.

    ``on_rows`` is called by any thread and does nothing but store; all else is for the probe's thread.

    Args:
        wake: called when there are rows to take; any thread.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.level = Level.FLOW
        self.attached = False
        self.is_calm = True
        """Whether little has come lately."""
        self._wake = wake
        self._strings = StringTable()
        self._next_n = 0
        # The stream calls one at a time, so `_rows_in` has one writer, and `_rows_out` is the probe's.
        self._batches: deque[tuple[int, list[Any], bool]] = deque()
        self._rows_in = 0
        self._rows_out = 0

    def __repr__(self) -> str:
        return "the probe"

    def on_rows(self, first: int, rows: list[Any]) -> None:
        """Take rows of the stream. Any thread."""
        too_many = self._rows_in - self._rows_out > MOST_ROWS
        self._batches.append((first, shed_flow(rows) if too_many else rows, too_many))
        self._rows_in += len(rows)
        if len(self._batches) == 1:
            # Only the first: the probe sends what has come until then when its time is there.
            self._wake()

    @property
    def has_rows(self) -> bool:
        """Whether there is something to encode."""
        return bool(self._batches)

    def attach(self) -> None:
        """Have everything from here on."""
        self._strings = StringTable()
        self._batches.clear()
        self._rows_in = self._rows_out = 0
        self.attached = True
        stream.attach(self)

    def detach(self) -> None:
        """Have nothing more. Harmless when not attached."""
        stream.detach(self)
        self.attached = False
        self._batches.clear()

    def set_level(self, level: Level) -> None:
        """Ask the stream for more or less flow."""
        if level != self.level:
            self.level = level
            stream.relevel(self)

    def table(self) -> bytes:
        """A block with all strings so far, for a studio that joins others."""
        return encode_table(self._next_n, self._strings)

    def take_blocks(self, may_spend: Callable[[], bool]) -> tuple[list[bytes], Shed]:
        """What has come since the last time, as blocks; without its flow where there is no processor time left for it."""
        blocks: list[bytes] = []
        orders = runs = 0
        previews = self.level is Level.PREVIEWS
        while self._batches:
            first, rows, shed = self._next_batch()
            if not shed and len(rows) > FEW_ROWS and not may_spend():
                rows, shed = shed_flow(rows), True
            if shed:
                gaps = [row for row in rows if type(row) is Gap]
                orders += sum(gap.orders for gap in gaps)
                runs += sum(gap.runs for gap in gaps)
            blocks += encode_blocks(first, rows, self._strings, previews=previews)
            self._next_n = first + len(rows)
        return blocks, Shed(orders, runs)

    def _next_batch(self) -> tuple[int, list[Any], bool]:
        """What was handed over, small pieces joined: each piece costs as much as a hundred rows."""
        first, rows, shed = self._batches.popleft()
        if len(rows) < _ENOUGH_ROWS:
            rows = list(rows)  # other readers have the same list
            while self._batches and len(rows) < _ENOUGH_ROWS and self._batches[0][2] is shed:
                rows += self._batches.popleft()[1]
        self._rows_out += len(rows)
        self.is_calm = len(rows) <= FEW_ROWS
        return first, rows, shed


def emit_beats() -> None:
    """Say in the stream what each catalyst is inside of."""
    for catalyst in ttLedger().catalysts:
        if catalyst.has_ended:
            continue
        try:
            depth, inside, sparkle, since_ns, sparkles, busy_ns = catalyst.heartbeat()
        except AttributeError:  # it was looked at in the middle of a switch: the next beat will tell
            continue
        if inside < 0:
            since_ns = -1
        stream.emit(Beat(clock.now_ns(), catalyst._tt_id, depth, inside, sparkle, since_ns, sparkles, busy_ns))
