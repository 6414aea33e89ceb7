"""What the readers that record everything have in common: probe, recorder, flight recorder."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from . import clock
from .blocks import shed_flow
from .clock import system_ns
from .events import Beat
from .ledger import ttLedger
from .stream import stream
from .values import DEFAULT_SECRETS, hide_names

MOST_ROWS: Final = 200_000
"""Rows that may wait for the thread that encodes them; of more only the facts are kept."""
ENOUGH_ROWS: Final = 4_096

SECOND: Final = 1_000_000_000
CEILING_PERCENT: Final = 3.0
_SAVINGS_NS: Final = SECOND // 4
"""Processor time that may be saved up, for bursts: about half a million events."""


class Batch(NamedTuple):
    """Rows as they were handed over; ``shed`` tells whether their flow was left out."""

    first: int
    rows: list[Any]
    shed: bool

    @property
    def weight(self) -> int:
        """How many rows are there to be encoded."""
        return len(self.rows) - self.rows.count(None) if self.shed else len(self.rows)


class Intake:
    """Between the stream and the one thread that takes rows off: stores and counts, and keeps facts only of too much.

    Args:
        most_rows: see ``MOST_ROWS``.
        most_ns: the same for how long the first of them may have waited already; 0 for any time. While few rows wait
            (``ENOUGH_ROWS``) nothing is late: the taking thread lets them lie for its next turn. When there are enough it
            has a quarter of that time to come; see ``late_ns``.
    """

    def __init__(self, most_rows: int = MOST_ROWS, most_ns: int = 0) -> None:
        self._most_rows = most_rows
        self._most_ns = most_ns
        # The stream calls one at a time, so `_rows_in` has one writer; `_rows_out` is the taking thread's.
        self._batches: deque[Batch] = deque()
        self._came_ns: deque[int] = deque()
        self._enough_since_ns = 0
        self._in_hand = 0
        self._in_hand_since_ns = 0
        self._rows_in = 0
        self._rows_out = 0

    def __len__(self) -> int:
        """How many batches wait."""
        return len(self._batches)

    @property
    def rows(self) -> int:
        """How many rows wait, without those that were left out."""
        return self._rows_in - self._rows_out

    @property
    def begin(self) -> int:
        """The number of the first row that waits; there must be one. The taking thread's."""
        return self._batches[0].first

    @property
    def end(self) -> int:
        """The number after that of the last row that waits; 0 when none does. The taking thread's."""
        try:
            last = self._batches[-1]
        except IndexError:
            return 0
        return last.first + len(last.rows)

    def put(self, first: int, rows: list[Any]) -> None:
        """Store rows of the stream. Any thread, one at a time."""
        too_many = self._rows_in - self._rows_out > self._most_rows
        if self._most_ns:
            now = system_ns()
            too_many = too_many or self.late_ns(now, self._most_ns * 3 // 4) > self._most_ns
            self._came_ns.append(now)
        batch = Batch(first, shed_flow(rows) if too_many else rows, too_many)
        self._batches.append(batch)
        self._rows_in += batch.weight

    def take(self, enough_rows: int = ENOUGH_ROWS) -> Batch:
        """What was handed over first, small pieces joined: each piece costs as much as a hundred rows.

        Args:
            enough_rows: how many are worth a piece of their own.

        Raises:
            IndexError: there is nothing.
        """
        since_ns = self._came_ns[0] if self._came_ns else 0
        first, rows, shed = self._popleft()
        if len(rows) < enough_rows:
            rows = list(rows)  # other readers have the same list
            while self._batches and len(rows) < enough_rows:
                following = self._batches[0]
                if following.shed is not shed or following.first != first + len(rows):
                    break
                rows += self._popleft().rows
        batch = Batch(first, rows, shed)
        self._in_hand, self._in_hand_since_ns = batch.weight, since_ns
        self._rows_out += batch.weight
        return batch

    def rest(self) -> None:
        """Say that what was taken is done with: until the next ``take`` it is in hand."""
        self._in_hand = 0

    def take_one(self) -> Batch:
        """One batch as it was handed over, when what matters is that it costs little. Raises IndexError."""
        batch = self._popleft()
        self._rows_out += batch.weight
        return batch

    def _popleft(self) -> Batch:
        batch = self._batches.popleft()
        if self._most_ns:
            self._came_ns.popleft()
        return batch

    def late_ns(self, now: int, grace_ns: int = 0) -> int:
        """How long ago the first row came of those that wait and are in hand; 0 while these are few. Any thread.

        Args:
            now: the time.
            grace_ns: when these have just become enough, none of them counts as older than this.
        """
        if self._rows_in - self._rows_out + self._in_hand < ENOUGH_ROWS:
            self._enough_since_ns = 0
            return 0
        self._enough_since_ns = self._enough_since_ns or now
        return min(self.age_ns(now), now - self._enough_since_ns + grace_ns)

    def age_ns(self, now: int) -> int:
        """The same however few there are. Any thread."""
        try:
            return now - (self._in_hand_since_ns if self._in_hand else self._came_ns[0])
        except IndexError:
            return 0

    def clear(self) -> None:
        """Forget what waits."""
        self._batches.clear()
        self._came_ns.clear()
        self._rows_in = self._rows_out = 0


class Beats:
    """Says in the stream what each catalyst is inside of. Made by whoever wants to know; called in one thread."""

    def __init__(self) -> None:
        self._told: dict[int, tuple[int, ...]] = {}

    def tell(self) -> None:
        """Tell of every catalyst."""
        _emit_beats(lambda catalyst, beat: True)

    def tell_news(self) -> None:
        """Tell of those that have run something, or wait or hang differently, since the last time."""
        _emit_beats(self._is_news)

    def _is_news(self, catalyst: int, beat: tuple[int, ...]) -> bool:
        is_news = self._told.get(catalyst) != beat
        self._told[catalyst] = beat
        return is_news


def _emit_beats(wanted: Callable[[int, tuple[int, ...]], bool]) -> None:
    for catalyst in ttLedger().catalysts:
        if catalyst.has_ended:
            continue
        try:
            depth, inside, sparkle, since_ns, sparkles, busy_ns = catalyst.heartbeat()
        except AttributeError:  # it was looked at in the middle of a switch: the next beat will tell
            continue
        if inside < 0:
            since_ns = -1
        beat = (depth, inside, sparkle, since_ns, sparkles, busy_ns)
        if wanted(catalyst._tt_id, beat):
            # Not by `emit`: this is a reader's thread, and must not wait for another reader.
            stream.rows.append(Beat(clock.now_ns(), catalyst._tt_id, *beat))


class Meter:
    """Measures the processor time of a thread, and says whether it may spend more. In that thread only.

    Args:
        ceiling_percent: share of one core that it may take.
    """

    def __init__(self, ceiling_percent: float = CEILING_PERCENT) -> None:
        self.ceiling_percent = ceiling_percent
        self._budget_ns: float = _SAVINGS_NS
        self._wall_ns = system_ns()
        self._thread_ns = time.thread_time_ns()
        self._since = (self._wall_ns, self._thread_ns, time.process_time_ns())

    def may_spend(self) -> bool:
        """Whether there is budget left now."""
        wall, thread = system_ns(), time.thread_time_ns()
        self._budget_ns += (wall - self._wall_ns) * self.ceiling_percent / 100 - (thread - self._thread_ns)
        self._budget_ns = min(self._budget_ns, _SAVINGS_NS)
        self._wall_ns, self._thread_ns = wall, thread
        return self._budget_ns > 0

    def percentages(self) -> tuple[float, float]:
        """Share of one core that the thread and the process took since the last call."""
        now = (system_ns(), time.thread_time_ns(), time.process_time_ns())
        wall, thread, process = (after - before for after, before in zip(now, self._since, strict=True))
        self._since = now
        wall = max(wall, 1)
        return 100 * thread / wall, 100 * process / wall


def hide_secrets() -> None:
    """Have previews hide what the setting ``tasktonic/probe/hide`` names: a list, or a text with commas; else the usual."""
    given = ttLedger().formula.get("tasktonic/probe/hide")
    if isinstance(given, str):
        given = given.split(",")
    if not isinstance(given, (list, tuple, set)):
        hide_names(DEFAULT_SECRETS)
    else:
        hide_names(tuple(pattern.strip() for pattern in given if isinstance(pattern, str) and pattern.strip()))
