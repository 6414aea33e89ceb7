"""What turns a catalyst: the small interface, and the driver that owns a thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from . import clock
from .current import here
from .work_order import Order

if TYPE_CHECKING:
    from .catalyst import ttCatalyst

LONGEST_WAIT_S = 3600.0


class Driver(Protocol):
    """Calls ``catalyst.turn()`` again and again, always in one thread, until ``catalyst.has_ended``.

    ``turn`` runs a batch of orders and says whether it found nothing more; then the driver waits until ``wake`` is called
    or ``catalyst.seconds_to_next_timer()`` have passed.
    """

    name: str
    """Short word for the stream: ``thread``, ``qt``."""
    needs_outside_world: bool
    """Whether it waits for things that no virtual clock can move. Then a distiller leaves it its thread."""

    def start(self, catalyst: ttCatalyst) -> None:
        """Turn the catalyst in a thread of its own, from now on."""

    def run(self, catalyst: ttCatalyst) -> None:
        """Turn the catalyst in this thread, and return when it has ended."""

    def wake(self) -> None:
        """Something was queued. Any thread."""

    def thread(self) -> threading.Thread | None:
        """The thread that was started, if one was."""


class ThreadDriver:
    """A catalyst in a plain thread: its own, or that of the formula for the main one. Waiting costs nothing.

    Waiting is: raise the flag ``sleeping``, look once more at the queue, sleep on a lock. Who queues from another thread
    looks at the flag after queueing. One of the two always sees the other: this leans on the interpreter keeping the order
    of these steps, which it does with and without the global lock, since deque and attribute accesses are sequentially
    consistent there.
    """

    name = "thread"
    needs_outside_world = False

    def __init__(self) -> None:
        self._bell = threading.Lock()
        self._bell.acquire()
        self._thread: threading.Thread | None = None
        self._catalyst: ttCatalyst | None = None

    def start(self, catalyst: ttCatalyst) -> None:
        self._thread = threading.Thread(target=self.run, args=(catalyst,), name=catalyst.name, daemon=True)
        self._thread.start()

    def run(self, catalyst: ttCatalyst) -> None:
        before = here.catalyst
        here.catalyst = catalyst
        self._catalyst = catalyst
        catalyst.began(threading.get_ident(), self.name)
        try:
            while not catalyst.has_ended:
                if catalyst.turn() and not catalyst.has_ended:
                    self._wait(catalyst)
        finally:
            here.catalyst = before
            catalyst.stopped_turning()

    def _wait(self, catalyst: ttCatalyst) -> None:
        due_ns = catalyst.next_due_ns() if catalyst.timers.pending else None
        # A signal handler runs on this thread in the middle of the sleep: what it calls must end it.
        catalyst.put = self._put_and_ring
        catalyst.sleeping = True
        if not (catalyst.orders or catalyst.errands) or not catalyst.has_work():
            if due_ns is None:
                self._bell.acquire()
            elif (left_ns := due_ns - clock.now_ns()) > 0:
                self._bell.acquire(timeout=min(left_ns / 1e9, LONGEST_WAIT_S))
        catalyst.sleeping = False
        catalyst.put = catalyst.orders.append

    def _put_and_ring(self, order: Order) -> None:
        assert self._catalyst is not None
        self._catalyst.orders.append(order)
        self.wake()

    def wake(self) -> None:
        catalyst = self._catalyst
        if catalyst is not None:
            # Rung once is enough: the sleeper may need a while to get going, and who queues meanwhile need not ring again.
            catalyst.sleeping = False
            if catalyst.has_ended:
                catalyst.sleeping = True
        try:
            self._bell.release()
        except RuntimeError:
            return  # it has been rung already

    def thread(self) -> threading.Thread | None:
        return self._thread
