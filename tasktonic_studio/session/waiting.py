"""Waiting orders: queued, and neither run nor dropped. What a catalyst's queue holds, as far as the stream tells.

An order that is queued is an event, and so are its run and its drop; what lies between is the queue. Two things blur it. Of an
order that runs at the moment there is no event until it has ended: `Knowledge.waiting_of` takes it out by the beat that says
what the catalyst is inside of. And where flow was lost nobody knows what ran: all orders before such a gap are given up, so
that the list is short rather than wrong; the depth in the beat says how many there really are.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic.events import HOOK
from tasktonic_studio.session.columns import Column
from tasktonic_studio.session.lookup import places_of
from tasktonic_studio.session.timeline import Orders, Runs

Ints = npt.NDArray[np.int64]

_FIELDS: Final = ("number", "row", "n", "catalyst")
_NONE: Final[Ints] = np.empty(0, np.int64)


class Waiting:
    """The open orders of the present app at a moment. A fold: `take` after each stretch. Copies share their arrays.

    However a stretch is cut into batches, the result is the same: an end counts for the orders before it, by the numbers of
    their events.
    """

    __slots__ = ("_ended", "_gap_n", "_open")

    def __init__(self) -> None:
        self._open: dict[str, Ints] = dict.fromkeys(_FIELDS, _NONE)
        self._ended: list[tuple[int, int]] = []
        self._gap_n = 0

    def __len__(self) -> int:
        return len(self._open["row"])

    def rows(self, catalyst: int) -> Ints:
        """Rows (of `Knowledge.orders`) of the orders that wait for a catalyst, in the order they were queued."""
        return np.sort(self._open["row"][self._open["catalyst"] == catalyst])

    def all_rows(self) -> Ints:
        """The same for all catalysts, in no order."""
        return self._open["row"]

    def fork(self) -> Waiting:
        other = Waiting()
        other._open = self._open
        other._ended = list(self._ended)
        other._gap_n = self._gap_n
        return other

    # ---- the fold

    def dropped(self, n: int, order: int) -> None:
        """The order with this number will not run; event `n` says so."""
        if order > 0:
            self._ended.append((order, n))

    def lost_runs(self, n: int) -> None:
        """Runs were lost before event `n`: what was open then may have run."""
        self._gap_n = max(self._gap_n, n)

    def take(self, orders: Orders, orders_from: int, runs: Runs, runs_from: int) -> None:
        """Take the rows from these on, and the drops and gaps that were told in the same stretch."""
        self._add(orders, orders_from)
        ends = [(columns["order"], columns["n"]) for columns in _ordinary(runs, runs_from)]
        if self._ended:
            told = np.array(self._ended, np.int64)
            ends.append((told[:, 0], told[:, 1]))
            self._ended = []
        keep = self._open["n"] >= self._gap_n
        for number, n in ends:
            self._end(number, n, keep)
        if not keep.all():
            self._open = {name: column[keep] for name, column in self._open.items()}

    def _add(self, orders: Orders, start: int) -> None:
        for base, count, columns in orders.chunks(start):
            new = {
                "number": columns["order"],
                "row": np.arange(base, base + count, dtype=np.int64),
                "n": columns["n"],
                "catalyst": columns["catalyst"].astype(np.int64),
            }
            self._open = {name: np.concatenate([self._open[name], new[name]]) for name in _FIELDS}
            number = self._open["number"]
            if (number[1:] < number[:-1]).any():
                # Threads number and queue at once, so that numbers nearly ascend: a stable sort is quick then.
                order = np.argsort(number, kind="stable")
                self._open = {name: column[order] for name, column in self._open.items()}

    def _end(self, numbers: Column, n: Column, keep: npt.NDArray[np.bool_]) -> None:
        """Take orders with these numbers off that were queued before; looked up among the open ones, which are sorted."""
        known = self._open["number"]
        at = places_of(numbers, known)
        found = at >= 0
        if not (known[1:] == known[:-1]).any():
            at = at[found]
            keep[at[self._open["n"][at] < n[found]]] = False
            return
        for number, before_n in zip(numbers[found].tolist(), n[found].tolist(), strict=True):
            # Only a hostile sender numbers two orders alike.
            same = slice(int(np.searchsorted(known, number, "left")), int(np.searchsorted(known, number, "right")))
            keep[same] &= self._open["n"][same] > before_n


def _ordinary(runs: Runs, start: int) -> list[dict[str, Column]]:
    """Columns of the runs that came from an order of their own: a hook runs within that of another."""
    found = []
    for _, _, columns in runs.chunks(start):
        own = (columns["flags"] & HOOK) == 0
        found.append({"order": columns["order"][own], "n": columns["n"][own]})
    return found
