"""Where orders wait for a tonic that one thread is still constructing and another one will run."""

from __future__ import annotations

import threading
from typing import Any

from .threads import NOBODYS
from .work_order import Order


class Nursery:
    """Stands in for the catalyst of a tonic while its ``__init__`` runs on a foreign thread."""

    claim = NOBODYS
    is_open = False
    has_ended = False

    def __init__(self, catalyst: Any) -> None:
        self.catalyst = catalyst
        self.running, self.via, self.run_number = None, "outside", 0
        self._orders: list[Order] | None = []
        self._orders_lock = threading.Lock()

    @property
    def _tt_id(self) -> int:
        return int(self.catalyst._tt_id)

    def is_own_thread(self) -> bool:
        return False

    def accept(self, order: Order, own: bool) -> None:
        with self._orders_lock:
            if self._orders is not None:
                self._orders.append(order)
                return
        self.catalyst.accept(order, False)

    def release(self, tonic: Any) -> None:
        """The tonic is made: its orders go to the catalyst, in their order.

        The catalyst takes the tonic over in its own thread, before the first of them: until then calls go on coming through
        here, so that none overtakes ``ttse__on_start``. Who found the tonic in the ledger may have called even before that was
        queued; it comes first all the same.
        """
        start = tonic._tt_class.on_start

        def take_over() -> None:
            with self._orders_lock:  # not before all of them are queued
                tonic._tt_catalyst = self.catalyst

        with self._orders_lock:
            self.catalyst.at_boundary(take_over)
            for order in sorted(self._orders or (), key=lambda order: order[1] != start):
                self.catalyst.accept(order, False)
            self._orders = None

    def discard(self) -> None:
        """The tonic's ``__init__`` raised: nothing of it will run."""
        with self._orders_lock:
            self._orders = []
