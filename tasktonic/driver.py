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
FIRST_NAP_S = 0.05


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
        self._hears_signals = False
        """Whether it turns in the thread in which Python runs signal handlers."""

    def start(self, catalyst: ttCatalyst) -> None:
        self._thread = threading.Thread(target=self.run, args=(catalyst,), name=catalyst.name, daemon=True)
        self._thread.start()

    def run(self, catalyst: ttCatalyst) -> None:
        before = here.catalyst
        here.catalyst = catalyst
        self._catalyst = catalyst
        self._hears_signals = threading.current_thread() is threading.main_thread()
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
            if due_ns is None and not self._hears_signals:
                self._bell.acquire()
            else:
                self._sleep(due_ns)
        catalyst.sleeping = False
        catalyst.put = catalyst.orders.append

    def _sleep(self, due_ns: int | None) -> None:
        """Wait for the bell, at most until a timer is due.

        A signal that comes between the interpreter's last look and the sleep itself does not end the sleep, and Python calls
        its handler only afterwards. So the thread that hears signals naps for a moment first, then for twice as long, and
        so on: what came at the wrong moment is heard soon, and a long idle time costs a few looks.
        """
        nap_s = FIRST_NAP_S if self._hears_signals else LONGEST_WAIT_S
        while True:
            left_s = nap_s if due_ns is None else min(nap_s, (due_ns - clock.now_ns()) / 1e9)
            if left_s <= 0 or self._bell.acquire(timeout=left_s):
                return
            nap_s = min(2 * nap_s, LONGEST_WAIT_S)

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
