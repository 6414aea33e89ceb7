"""The chain of a call: what caused it, back to the outside, and all that came of it, piece by piece so that it blocks nobody."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session.calls import MOST_CALLS, Hooks, Numbers
from tasktonic_studio.session.knowledge import Knowledge

Mask = npt.NDArray[np.bool_]

MOST_CAUSES: Final = 1_000
"""So many steps back are gone."""
PIECE_ROWS: Final = 65_536
_HOPS: Final = 100
"""Steps back in one `step`."""


class CallChain:
    """Which calls belong to the chain of one. Made for each question; brought forward by `step` while the app lives on.

    Args:
        known: what is known now.
        number: of an order, or of a run (a hook stands for the order that caused it).
    """

    def __init__(self, known: Knowledge, number: int, hooks: Hooks) -> None:
        self._hooks = hooks
        hooks.take(known)
        self._hooks_seen = len(hooks)
        run = known.run_of(number)
        self.order = run.order if run is not None else number
        """The order that all is about; its own row may be lost."""
        self._causes: list[int] = []
        self._next_cause = self.order
        order = known.order_of(self.order)
        self._effects: list[Numbers] = []
        self._members = np.array([self.order], np.int64)
        self._begin = order.row + 1 if order is not None else _first_in(known, run.begin_ns if run is not None else 0)
        self._next = self._begin
        self.count = 0
        self.is_cut = False
        """There are more effects than `MOST_CALLS`."""
        self.has_more_causes = False
        """It goes back further than `MOST_CAUSES`."""
        self.is_cause_lost = False
        """What caused the first one is not known any more."""

    def share(self, known: Knowledge) -> float:
        """How much of what is known was looked at, 0 to 1."""
        reach = len(known.orders) - self._begin
        return (self._next - self._begin) / reach if reach > 0 and not self.is_cut else 1.0

    def is_done(self, known: Knowledge) -> bool:
        """Whether all that is known was looked at."""
        return not self._next_cause and (self.is_cut or self._next >= len(known.orders))

    def step(self, known: Knowledge) -> None:
        """Look at one more piece; a few milliseconds."""
        if self._next_cause:
            self._go_back(known)
            return
        self._learn_hooks(known)
        stop = min(self._next + PIECE_ROWS, len(known.orders))
        start = max(self._next, known.orders.first)
        if start < stop and not self.is_cut:
            self._take_piece(known, start, stop)
            self._next = stop

    def rows(self) -> Numbers:
        """Rows of `Knowledge.orders`, ascending: the causes, the call itself, the effects found so far."""
        causes = np.array(self._causes[::-1], np.int64)
        # Parts ascend, so sorting them is merging. Pieces that were looked at twice gave no row twice.
        rows: Numbers = np.sort(np.concatenate([causes, *self._effects]), kind="stable")
        return rows

    # ---- back

    def _go_back(self, known: Knowledge) -> None:
        for _ in range(_HOPS):
            order = known.order_of(self._next_cause)
            if order is None:
                self.is_cause_lost = True
                self._next_cause = 0
                return
            self._causes.append(order.row)
            if len(self._causes) > MOST_CAUSES and order.run > 0:
                self.has_more_causes = True
                self._next_cause = 0
                return
            caller = int(self._hooks.orders_of(np.array([order.run], np.int64))[0]) if order.run > 0 else 0
            # A damaged stream may have a call that caused itself.
            self._next_cause = caller if caller < order.order else 0
            if not self._next_cause:
                return

    # ---- forth

    def _learn_hooks(self, known: Knowledge) -> None:
        """Hooks that have ended meanwhile may have called before: then look at those calls again."""
        self._hooks.take(known)
        new = self._hooks.since(self._hooks_seen)
        self._hooks_seen = len(self._hooks)
        if not len(new):
            return
        mine = new[np.isin(self._hooks.orders_of(new), self._members)]
        for hook in mine.tolist():
            rows = known.orders.find("run", hook, self._begin)
            if len(rows) and int(rows[0]) < self._next:
                self._next = int(rows[0])

    def _take_piece(self, known: Knowledge, start: int, stop: int) -> None:
        number = known.orders.column("order", start, stop)
        caller = self._hooks.orders_of(known.orders.column("run", start, stop))
        reached = _are_among(self._members, caller) & (caller > 0)
        if not reached.any():
            return
        reached = _reached_through(number, caller, reached) & ~_are_among(self._members, number)
        found = np.flatnonzero(reached)
        room = MOST_CALLS - self.count
        if len(found) > room:
            self.is_cut = True
            found = found[:room]
        self.count += len(found)
        self._effects.append(found + start)
        # Each stands there once; two sorted parts are merged, not sorted.
        self._members = np.sort(np.concatenate([self._members, np.sort(number[found])]), kind="stable")


def _are_among(members: Numbers, numbers: Numbers) -> Mask:
    """Which of these numbers are among the members, which ascend."""
    hits: Mask = (numbers >= members[0]) & (numbers <= members[-1])
    near = np.flatnonzero(hits)
    wanted = numbers[near]
    hits[near] = members[np.searchsorted(members, wanted)] == wanted
    return hits


def _reached_through(number: Numbers, caller: Numbers, reached: Mask) -> Mask:
    """Which calls of a piece come of one that was reached, over any number of others in the piece.

    A cause stands before its effect, so this could be a loop; taking twice as long a step each time is a hundred times faster.
    """
    by_number = np.argsort(number, kind="stable")
    placed = number[by_number]
    at = np.minimum(np.searchsorted(placed, caller), len(placed) - 1)
    itself = np.arange(len(number))
    up = np.where((placed[at] == caller) & (by_number[at] < itself), by_number[at], itself)
    reached = reached.copy()
    while True:
        reached |= reached[up]
        further = up[up]
        if np.array_equal(further, up):
            return reached
        up = further


def _first_in(known: Knowledge, t_ns: int) -> int:
    """The first order that was made at a time or later."""
    found = known.orders.where(lambda it: it["t_ns"] >= t_ns, known.orders.count_at(known.app.first_n))
    return int(found[0]) if len(found) else len(known.orders)
