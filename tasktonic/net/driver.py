"""A catalyst turned by an asyncio loop, in slices that leave the loop to its sockets."""

from __future__ import annotations

import asyncio
import itertools
import signal
import socket
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from .. import clock
from ..current import here
from ..errors import ttRunningError, ttSettingError
from ..failures import report_failure
from ..work_order import Order

if TYPE_CHECKING:
    from ..catalyst import ttCatalyst

SLICE_NS: Final = 3_000_000
"""How long sparkles may run before the sockets are looked at."""
MOST_WAITING_ORDERS: Final = 2_000
MOST_WAITING_BYTES: Final = 4_000_000
"""What may wait for its sparkle: a connection that brings more is not read until the queue is empty."""
LAST_WORDS_S: Final = 1.0
"""How long coroutines that were cancelled, and connections with something left to send, may take at the end."""
MOMENT_S: Final = 0.01

LOOPS: Final = ("auto", "asyncio", "uvloop")


def loop_maker(wanted: str | Callable[[], asyncio.AbstractEventLoop]) -> Callable[[], asyncio.AbstractEventLoop]:
    """What makes the loop that was asked for.

    Raises:
        ttSettingError: there is no such loop.
        ttRunningError: it is uvloop, and that is not installed.
    """
    if callable(wanted):
        return wanted
    if wanted not in LOOPS:
        raise ttSettingError(f"loop={wanted!r}: no such loop; there are {', '.join(LOOPS)}, or pass what makes one.")
    if wanted != "asyncio":
        try:
            import uvloop
        except ImportError as error:
            if wanted == "uvloop":
                raise ttRunningError(
                    f"loop='uvloop': uvloop cannot be loaded here: {error}. Install it with: pip install uvloop (or the extra "
                    "'net' of tasktonic-studio), or take loop='auto', which does without."
                ) from error
        else:
            return uvloop.new_event_loop
    return asyncio.new_event_loop


class AsyncioDriver:
    """Turns a catalyst on an asyncio loop of its own, in the thread of the formula or in one of its own.

    Between two slices the catalyst ``sleeps``: what is queued then, by a callback of the loop or from another thread, asks for
    the next slice, once. While a slice runs, queueing is ``deque.append`` and nothing else. What a socket brings is run in
    the very callback that brings it.
    """

    name = "asyncio"
    needs_outside_world = True

    def __init__(self, make_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop) -> None:
        self._make_loop = make_loop
        self._thread: threading.Thread | None = None
        self._catalyst: Any = None
        self._loop: Any = None
        self._put_later = self._put_between_slices
        self._timer: asyncio.TimerHandle | None = None
        self._timer_ns = 0
        self._is_over = False
        self._interrupt: KeyboardInterrupt | None = None
        self._paused: list[Callable[[], None]] = []
        self._waiting_bytes = 0
        self.lingering: set[Any] = set()
        """What still has something to send though its tonic has gone; whoever is done takes itself out."""
        self._last_words: set[asyncio.Task[None]] = set()

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The loop, once it turns."""
        loop: asyncio.AbstractEventLoop | None = self._loop
        if loop is None:
            raise ttRunningError("the asyncio loop of this catalyst does not turn yet: use it from a sparkle on.")
        return loop

    # -- a driver -----------------------------------------------------------------------------------------------------

    def start(self, catalyst: ttCatalyst) -> None:
        self._thread = threading.Thread(target=self.run, args=(catalyst,), name=catalyst.name, daemon=True)
        self._thread.start()

    def run(self, catalyst: ttCatalyst) -> None:
        before = here.catalyst
        here.catalyst = catalyst
        self._catalyst = catalyst
        loop = self._loop = self._make_loop()
        workers = ThreadPoolExecutor(thread_name_prefix=f"{catalyst.name} worker")
        loop.set_default_executor(workers)
        loop.set_exception_handler(self._callback_failed)
        asyncio.set_event_loop(loop)
        interrupts = _Interrupts(loop)
        catalyst.began(threading.get_ident(), self.name)
        in_order = False
        try:
            loop.call_soon(self.slice)
            self._turn_loop(catalyst, loop)
            in_order = True
        finally:
            self._is_over = True
            try:
                self._end_what_is_left(loop, LAST_WORDS_S if in_order else 0.0)
            finally:
                interrupts.close()
                here.catalyst = before
                catalyst.stopped_turning()
                asyncio.set_event_loop(None)
                workers.shutdown(wait=False, cancel_futures=True)
                loop.close()

    def _turn_loop(self, catalyst: ttCatalyst, loop: asyncio.AbstractEventLoop) -> None:
        while not catalyst.has_ended:  # somebody's coroutine may stop the loop
            try:
                loop.run_forever()
            except SystemExit as error:  # of a callback or coroutine: it goes through asyncio, and must not end the app
                report_failure(catalyst.ledger, (None, "asyncio", 0, None, None, "asyncio"), error)
                loop.call_soon(self.slice)
            if self._interrupt is not None:
                raise self._interrupt

    def wake(self) -> None:
        catalyst, loop = self._catalyst, self._loop
        if catalyst is None or loop is None:
            return
        # Rung once is enough until the slice has run.
        catalyst.sleeping = False
        if catalyst.has_ended:
            catalyst.sleeping = True
        try:
            loop.call_soon_threadsafe(self.slice)
        except RuntimeError:
            return  # it has been closed

    def thread(self) -> threading.Thread | None:
        return self._thread

    # -- slices -------------------------------------------------------------------------------------------------------

    def _put_between_slices(self, order: Order) -> None:
        catalyst = self._catalyst
        catalyst.orders.append(order)
        if catalyst.sleeping and not self._is_over:
            catalyst.sleeping = False
            self._loop.call_soon(self.slice)

    def slice(self) -> None:
        """Run sparkles for a few milliseconds. Called by the loop, or by a callback of it that has just queued something.

        In the callback itself, because a slice of its own would come in the next round of the loop, after one more look at
        all sockets: that look costs as much as answering a peer does. Only while the catalyst sleeps.
        """
        catalyst = self._catalyst
        if self._is_over:
            return
        catalyst.sleeping = False
        catalyst.put = catalyst.orders.append
        try:
            idle = catalyst.turn() or not catalyst.orders
            if not idle:
                idle = self._turn_on(catalyst)
        except KeyboardInterrupt as interrupt:
            # Of a callback of a socket the loop would think it a fault of the connection. Another slice may be on its way in the
            # same round of the loop: it would still call hooks of the end.
            self._interrupt, self._is_over = interrupt, True
            self._loop.stop()
            return
        catalyst.put = self._put_later
        if catalyst.has_ended:
            self._is_over = True  # another slice may be on its way, and uvloop counts how often it is stopped
            self._loop.stop()
        elif not idle:
            self._loop.call_soon(self.slice)
        else:
            self._rest(catalyst)

    def _turn_on(self, catalyst: Any) -> bool:
        """Turn until nothing is left to run, or the slice is over; true for the first."""
        end_ns = clock.system_ns() + SLICE_NS
        while not catalyst.has_ended:
            if catalyst.turn():
                return True
            if clock.system_ns() >= end_ns:
                return False
        return True

    def _rest(self, catalyst: Any) -> None:
        """Nothing is left to run: sleep until something is queued or a timer is due."""
        if self._waiting_bytes and not catalyst.orders:
            self._waiting_bytes = 0
            paused, self._paused = self._paused, []
            for resume in paused:
                resume()
        catalyst.sleeping = True
        if (catalyst.orders or catalyst.errands) and catalyst.has_work():
            catalyst.sleeping = False
            self._loop.call_soon(self.slice)
        elif catalyst.timers.pending:
            self._wait_for_timer(catalyst)

    def _wait_for_timer(self, catalyst: Any) -> None:
        due_ns = catalyst.next_due_ns()
        if due_ns is None:
            return
        if self._timer is not None:
            if self._timer_ns <= due_ns:
                return  # it rings earlier, and then we look again: cheaper than to set it anew after each slice
            self._timer.cancel()
        self._timer_ns = due_ns
        wait_ms = -(-(due_ns - clock.now_ns()) // 1_000_000)
        self._timer = self._loop.call_later(min(max(wait_ms, 0), 3_600_000) / 1000, self._timer_rang)

    def _timer_rang(self) -> None:
        self._timer = None
        self.slice()

    # -- what the network brings ----------------------------------------------------------------------------------------

    def brings_too_much(self, count: int) -> bool:
        """So many bytes have come and are queued: whether whoever brought them is to be paused. In the loop's thread."""
        self._waiting_bytes += count
        catalyst = self._catalyst
        return self._waiting_bytes > MOST_WAITING_BYTES or len(catalyst.orders) > MOST_WAITING_ORDERS

    def resume_when_idle(self, resume: Callable[[], None]) -> None:
        """Have ``resume`` called when all that waits has run. In the loop's thread."""
        self._paused.append(resume)

    def see_out(self, last_words: Coroutine[Any, Any, None]) -> None:
        """Run something to its end that outlives its tonic, also when the loop is about to end. In the loop's thread."""
        task = self.loop.create_task(last_words)
        self._last_words.add(task)
        task.add_done_callback(self._last_words.discard)

    # -- errors and the end -------------------------------------------------------------------------------------------

    def _callback_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Something in the loop raised that is no sparkle: it is said like every error."""
        error = context.get("exception") or RuntimeError(context.get("message", "asyncio reported an error"))
        report_failure(self._catalyst.ledger, (None, "asyncio", 0, None, None, "asyncio"), error)

    def _end_what_is_left(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        """Cancel the coroutines, and let them and the connections finish, but not for ever."""
        if self._timer is not None:
            self._timer.cancel()
        until_ns = clock.system_ns() + round(seconds * 1e9)
        if self._last_words and seconds:
            loop.run_until_complete(asyncio.wait(list(self._last_words), timeout=seconds))
        for round_number in itertools.count():
            tasks = asyncio.all_tasks(loop)
            for task in tasks:
                task.cancel()
            if not tasks and not self.lingering:
                break
            loop.run_until_complete(_a_moment(tasks, MOMENT_S if round_number > 3 else 0.0))
            if clock.system_ns() >= until_ns:
                break
        left = [_name_of(task) for task in asyncio.all_tasks(loop)]
        if left and seconds:
            problem = ttRunningError(
                f"{self._catalyst.name}: {', '.join(left)} did not end within {seconds:g} s after being cancelled. Let a coroutine end "
                "at asyncio.CancelledError, after its own 'finally'."
            )
            report_failure(self._catalyst.ledger, (None, "asyncio", 0, None, None, "asyncio"), problem)
        for task in asyncio.all_tasks(loop):
            task._log_destroy_pending = False  # type: ignore[attr-defined]  # said above, in words
        for wire in list(self.lingering):
            wire.abort()
        loop.run_until_complete(loop.shutdown_asyncgens())


async def _a_moment(tasks: set[asyncio.Task[Any]], seconds: float) -> None:
    if tasks:
        await asyncio.wait(tasks, timeout=MOMENT_S)
    else:
        await asyncio.sleep(seconds)


def _name_of(task: asyncio.Task[Any]) -> str:
    coroutine: Any = task.get_coro()
    return f"coroutine {getattr(coroutine, '__qualname__', None) or task.get_name()}"


class _Interrupts:
    """Lets the loop see signals while it waits in C: each one writes a byte that wakes it. uvloop does so by itself."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        if threading.current_thread() is not threading.main_thread() or type(loop).__module__.startswith("uvloop"):
            return
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        try:
            loop.add_reader(self._reader, self._read)
        except NotImplementedError:  # the loop of Windows looks for Ctrl+C by itself
            self._close_sockets()
            return
        self._loop = loop

    def _read(self) -> None:
        try:
            self._reader.recv(512)
        except BlockingIOError:
            return

    def close(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self._reader)
            self._loop = None
            self._close_sockets()

    def _close_sockets(self) -> None:
        signal.set_wakeup_fd(self._before)
        self._reader.close()
        self._writer.close()
