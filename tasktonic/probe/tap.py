"""Between the stream and the connections: takes rows from the catalysts, makes blocks of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from tasktonic.blocks import StringTable, encode_blocks, encode_table, shed_flow
from tasktonic.events import Gap
from tasktonic.observation import Intake
from tasktonic.stream import Level, stream

FEW_ROWS: Final = 256
"""So many cost little to encode: leaving out their flow would save nothing."""


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
        self._intake = Intake()

    def __repr__(self) -> str:
        return "the probe"

    def on_rows(self, first: int, rows: list[Any]) -> None:
        """Take rows of the stream. Any thread."""
        self._intake.put(first, rows)
        if len(self._intake) == 1:
            # Only the first: the probe sends what has come until then when its time is there.
            self._wake()

    @property
    def has_rows(self) -> bool:
        """Whether there is something to encode."""
        return len(self._intake) > 0

    def attach(self) -> None:
        """Have everything from here on."""
        self._strings = StringTable()
        self._intake.clear()
        self.attached = True
        stream.attach(self)

    def detach(self) -> None:
        """Have nothing more. Harmless when not attached."""
        stream.detach(self)
        self.attached = False
        self._intake.clear()

    def set_level(self, level: Level) -> None:
        """Ask the stream for more or less flow."""
        if level != self.level:
            self.level = level
            stream.relevel(self)

    def table(self) -> bytes:
        """A block with all strings so far, for a studio that joins others."""
        return encode_table(self._next_n, self._strings)

    def take_blocks(self, may_spend: Callable[[], bool], most_rows: int = 0) -> tuple[list[bytes], Shed]:
        """What has come since the last time, as blocks; without its flow where there is no processor time left for it.

        What comes meanwhile is for the next time: an app may make rows faster than they are encoded, for ever.

        Args:
            may_spend: whether there is processor time left for flow.
            most_rows: the rest can wait when so many have been taken; 0 to take all that had come.
        """
        blocks: list[bytes] = []
        orders = runs = 0
        previews = self.level is Level.PREVIEWS
        end = self._intake.end
        if most_rows and len(self._intake):
            end = min(end, self._intake.begin + most_rows)
        while len(self._intake) and self._intake.begin < end:
            first, rows, shed = self._intake.take()
            self.is_calm = len(rows) <= FEW_ROWS
            if not shed and len(rows) > FEW_ROWS and not may_spend():
                rows, shed = shed_flow(rows), True
            if shed:
                gaps = [row for row in rows if type(row) is Gap]
                orders += sum(gap.orders for gap in gaps)
                runs += sum(gap.runs for gap in gaps)
            blocks += encode_blocks(first, rows, self._strings, previews=previews)
            self._next_n = first + len(rows)
        return blocks, Shed(orders, runs)
