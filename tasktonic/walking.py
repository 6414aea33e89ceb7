"""A walk: held catalysts run some of their orders, up to a certain one or to the end of what comes of it, and stand again.

Time stands still meanwhile, as always while they are held: no timer fires. Nothing runs but what has to: each catalyst runs only
while an order that is walked to waits in its queue, and what stands before that. Orders are known by their numbers; what comes of
which is read from the stream, where every effect stands before the run that caused it has ended.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .events import HOOK, Dropped
from .held_queue import is_system, number_of, number_the_next, numbers_among
from .loops import EndOfBatch, Stopped
from .stream import Level, Row, stream
from .work_order import NUMBER, SOURCE_RUN, TONIC, Order

if TYPE_CHECKING:
    from .catalyst import ttCatalyst

STEPS: Final = "steps"
"""So many orders of one catalyst; those of the framework itself are not counted."""
BEFORE: Final = "before"
"""Until one of the given orders is the next."""
RUN: Final = "run"
"""Until one of the given orders has run."""
CASCADE: Final = "cascade"
"""Until the given orders have run, and all that came of them, wherever that ran."""

WAYS: Final = (STEPS, BEFORE, RUN, CASCADE)

REACHED: Final = "reached"
GONE: Final = "gone"
"""None of the orders waited any longer when it began."""
BREAKPOINT: Final = "breakpoint"
"""A breakpoint was hit before that."""
STOPPED: Final = "stopped"
"""Held, released, stepped by hand or walked elsewhere meanwhile."""

_MANY: Final = 1 << 60


class Outcome(NamedTuple):
    """How a walk ended: one of the words above, and the number of the order that ran last of those that count, 0 for none."""

    how: str
    order: int


class Walk:
    """One walk. ``begin`` starts it; it ends by itself, once, or by ``end``. A reader of the stream while it goes on.

    Args:
        until: one of ``WAYS``.
        orders: numbers of the orders that it is about; none for ``STEPS``.
        count: how many ``STEPS``.
        on_end: told how it ended, once, in whatever thread.
    """

    level = Level.FLOW

    def __init__(
        self, until: str, orders: Collection[int] = (), count: int = 1, on_end: Callable[[Outcome], object] = print
    ) -> None:
        self.until = until
        self.has_ended = False
        self._wanted = frozenset(orders)
        self._left = count
        self._on_end = on_end
        self._lock = threading.RLock()
        self._to_join = 0
        self._open: dict[int, ttCatalyst] = {}
        """Whom the orders wait for that it goes on for."""
        self._open_of: Counter[ttCatalyst] = Counter()
        self._members = set(orders)
        """Runs that are part of the cascade."""
        self._orphans: dict[int, list[tuple[int, ttCatalyst]]] = {}
        """Orders by the run that caused them, of which it is not known yet whether it is part of it: a hook tells afterwards."""
        self._last = 0

    def begin(self, catalysts: Sequence[ttCatalyst]) -> None:
        """Begin, on these held catalysts. Any thread."""
        self._to_join = len(catalysts)
        if self.until != STEPS:
            stream.attach(self)
        for catalyst in catalysts:
            catalyst.at_boundary(partial(self._join, catalyst))

    def end(self, how: str, order: int = 0) -> None:
        """Stop here; harmless when it has ended. Any thread: each catalyst notices before its next order."""
        with self._lock:
            if self.has_ended:
                return
            self.has_ended = True
        stream.detach(self)
        self._on_end(Outcome(how, order))

    # ---- in the thread of a catalyst

    def turn(self, catalyst: ttCatalyst, run_one: Callable[[ttCatalyst], object]) -> bool:
        """Run the next order of a catalyst that is held, if it may; true when nothing may run."""
        order = number_the_next(catalyst)
        if order is None:
            return False
        if not self._may_run(catalyst, order):
            return True
        if self.until == STEPS:
            catalyst.steps = self._left - 1  # a breakpoint lets the one order run that is asked for
        try:
            run_one(catalyst)
        except EndOfBatch as stop:
            # A mark that was put since we looked, or a breakpoint: before this order, or after it.
            if not catalyst.orders or catalyst.orders[0] is not order:
                self._has_run(order)
            if isinstance(stop, Stopped):
                self.end(BREAKPOINT, self._last)
            raise
        except BaseException:
            self._has_run(order)
            raise
        self._has_run(order)
        if self.until == STEPS:
            catalyst.steps = self._left
        return False

    def _may_run(self, catalyst: ttCatalyst, order: Order) -> bool:
        """Whether a catalyst may run what is next in its queue."""
        if not self.has_ended and self.until == BEFORE and number_of(order) in self._wanted:
            self.end(REACHED, number_of(order))
        if self.has_ended:
            catalyst.steps, catalyst.walk = 0, None
            return False
        with self._lock:
            may = self.until == STEPS or self._open_of[catalyst] > 0
            if not may:
                catalyst.steps = 0  # an order of the walk that is queued here sets it going again
        return may

    def _has_run(self, order: Order) -> None:
        """An order has run in this thread."""
        if self.until == STEPS:
            if not is_system(order):
                self._left -= 1
                if self._left <= 0:
                    self.end(REACHED, number_of(order))
        elif self.until == RUN and number_of(order) in self._wanted:
            self.end(REACHED, number_of(order))
        elif not self.has_ended:
            stream.settle()

    def _join(self, catalyst: ttCatalyst) -> None:
        found = numbers_among(catalyst, self._wanted)
        # Also when this one has ended meanwhile, on another catalyst: it was begun after that one.
        if catalyst.walk is not None:
            catalyst.walk.end(STOPPED)
        if self.has_ended:
            return
        with self._lock:
            for number in found:
                self._wait_for(number, catalyst)
            self._to_join -= 1
        if catalyst.is_held:
            catalyst.walk = self
            catalyst.steps = _MANY if self.until == STEPS or found else 0
        self._look_whether_it_is_over()

    def _set_going(self, catalyst: ttCatalyst) -> None:
        if catalyst.is_held and not self.has_ended:
            catalyst.walk = self
            catalyst.steps = _MANY

    # ---- what the stream tells

    def on_rows(self, first: int, rows: list[Row]) -> None:
        """Take what happened. In whatever thread."""
        with self._lock:
            for row in rows:
                if type(row) is Dropped:
                    self._is_over(row.order)
                elif type(row) is tuple:
                    self._take(row)
        self._look_whether_it_is_over()

    def _take(self, row: Row) -> None:
        if type(row[0]) is not tuple:
            self._was_queued(row)
            return
        order, number = row[0], row[-1]
        if row[-2] & HOOK:
            if order[NUMBER] in self._members:
                self._is_member(number)
        elif number in self._open:
            self._last = number
            self._is_over(number)
        self._orphans.pop(number, None)

    def _was_queued(self, order: Order) -> None:
        cause, number = order[SOURCE_RUN], order[NUMBER]
        if self.until != CASCADE or not cause:
            return
        catalyst = _home_of(order[TONIC])
        if cause in self._members:
            self._belongs(number, catalyst)
        else:
            self._orphans.setdefault(cause, []).append((number, catalyst))

    def _is_member(self, run: int) -> None:
        """A hook was part of it, and so is what it has called."""
        self._members.add(run)
        for number, catalyst in self._orphans.get(run, ()):
            self._belongs(number, catalyst)

    def _belongs(self, number: int, catalyst: ttCatalyst) -> None:
        self._members.add(number)
        if not self._open_of[catalyst]:
            catalyst.at_boundary(partial(self._set_going, catalyst))
        self._wait_for(number, catalyst)

    def _wait_for(self, number: int, catalyst: ttCatalyst) -> None:
        if number not in self._open:
            self._open[number] = catalyst
            self._open_of[catalyst] += 1

    def _is_over(self, number: int) -> None:
        catalyst = self._open.pop(number, None)
        if catalyst is not None:
            self._open_of[catalyst] -= 1

    def _look_whether_it_is_over(self) -> None:
        with self._lock:
            is_over = self.until != STEPS and not self._to_join and not self._open
        if is_over:
            self.end(REACHED if self._last else GONE, self._last)


def _home_of(tonic: Any) -> ttCatalyst:
    catalyst = tonic._tt_catalyst
    home: ttCatalyst = getattr(catalyst, "catalyst", catalyst)
    return home
