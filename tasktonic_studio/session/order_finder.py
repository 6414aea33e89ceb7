"""Orders by their numbers, many at once: where a timeline needs to know how long each of some thousand runs had waited."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session.columns import CHUNK_ROWS, Column
from tasktonic_studio.session.timeline import Orders

_REMEMBERED: Final = 24

Numbers = npt.NDArray[np.int64]


class _Sorted(NamedTuple):
    """The orders of one chunk, by number."""

    rows: int
    order: Numbers
    t_ns: Numbers


class OrderFinder:
    """Finds when orders were queued. Keeps the range of numbers of every chunk, and those chunks that it sorted last.

    Make a new one for another session or app.

    Args:
        first: the first row of the table of orders that belongs to the app: numbers begin anew with each.
    """

    def __init__(self, first: int = 0) -> None:
        self._first = first
        self._chunks: dict[int, _Sorted] = {}
        self._bases: list[int] = []
        self._least_and_most: Numbers = np.empty((0, 2), np.int64)
        """Of the chunks that are full."""

    def queued_ns(self, orders: Orders, numbers: Numbers) -> Numbers:
        """When the orders with these numbers were queued; -1 for those that are not known (or were lost)."""
        found = np.full(len(numbers), -1, np.int64)
        if not len(numbers):
            return found
        start = max(self._first, orders.first)
        for base in self._bases_with(orders, start, int(numbers.min()), int(numbers.max())):
            chunk = self._sorted(orders, base, max(base, start))
            at = np.minimum(np.searchsorted(chunk.order, numbers), chunk.rows - 1)
            hits = chunk.order[at] == numbers
            found[hits] = chunk.t_ns[at[hits]]
        return found

    def _bases_with(self, orders: Orders, start: int, least: int, most: int) -> list[int]:
        """Where the chunks begin in which numbers of this range may be."""
        first_base = start - start % CHUNK_ROWS
        next_base = max(self._bases[-1] + CHUNK_ROWS, first_base) if self._bases else first_base
        while next_base + CHUNK_ROWS <= len(orders):
            order = orders.column("order", max(next_base, start), next_base + CHUNK_ROWS)
            both = np.array([[order.min(), order.max()]], np.int64)
            self._least_and_most = np.concatenate([self._least_and_most, both])
            self._bases.append(next_base)
            next_base += CHUNK_ROWS
        may = (self._least_and_most[:, 0] <= most) & (self._least_and_most[:, 1] >= least)
        found = [self._bases[number] for number in np.flatnonzero(may).tolist()]
        if next_base < len(orders):
            found.append(next_base)
        return [base for base in found if base >= first_base]

    def _sorted(self, orders: Orders, base: int, start: int) -> _Sorted:
        stop = min(base + CHUNK_ROWS, len(orders))
        known = self._chunks.get(base)
        if known is not None and known.rows == stop - start:
            return known
        order: Column = orders.column("order", start, stop)
        t_ns: Column = orders.column("t_ns", start, stop)
        by_number = np.argsort(order, kind="stable")
        made = self._chunks[base] = _Sorted(stop - start, order[by_number], t_ns[by_number])
        if len(self._chunks) > _REMEMBERED:
            del self._chunks[next(iter(self._chunks))]
        return made
