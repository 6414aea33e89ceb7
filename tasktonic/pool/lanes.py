"""Lanes: the queues of the pool, each with the threads that take from it. What work comes to in them is handed back here.

In the lane ``process`` each thread has a worker process and waits for it, so that both kinds are ruled by the same lines.
"""

from __future__ import annotations

import pickle
import sys
import threading
import time
import traceback
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from ..current import outside
from ..errors import ttPoolFullError
from ..tonic import _real
from .performing import perform
from .work import CANCELLED, Task, carried

if TYPE_CHECKING:
    from .pool import Pool
    from .process import WorkerProcess

THREAD: Final = "thread"
PROCESS: Final = "process"

KILLED_WITHIN_S: Final = 5.0
"""How long the thread of a process that was killed may take to notice."""


class Lane:
    """A queue and the threads that take from it, started as they are needed."""

    def __init__(self, pool: Pool, kind: str, most_threads: int, most_waiting: int) -> None:
        self._pool = pool
        self._kind = kind
        self._most_threads = most_threads
        self._most_waiting = most_waiting
        self.waiting: OrderedDict[Task, None] = OrderedDict()
        self._bell = threading.Condition(pool.lock)
        self._idle = 0
        self._hands: list[WorkerThread] = []

    def put(self, work: Task, where: str) -> None:
        """Queue work. Under the lock of the pool.

        Raises:
            ttPoolFullError: too much waits already.
            RuntimeError: the system gives no thread.
        """
        self._check_room(where)
        self.waiting[work] = None
        if self._idle >= len(self.waiting):
            self._bell.notify()
        elif len(self._hands) < self._most_threads:
            self._add_hand(work)
        elif self._idle:
            self._bell.notify()

    def _add_hand(self, work: Task) -> None:
        hand = WorkerThread(self._pool, self, f"pool {self._kind} {len(self._hands) + 1}")
        try:
            hand.start()
        except RuntimeError:  # the system gives no more threads: those that there are take it, if there are any
            if not self._hands:
                del self.waiting[work]
                raise
        else:
            self._hands.append(hand)

    def _check_room(self, where: str) -> None:
        if len(self.waiting) >= self._most_waiting:
            raise ttPoolFullError(
                f"{where}: {len(self.waiting)} pieces of work wait for a {self._kind} already (tasktonic/pool/queue). Offer more "
                "when results have come, hand over larger pieces, or raise the setting."
            )

    def take(self) -> Task | None:
        """The next work, waiting for it; ``None`` when there will be none. In a thread of this lane."""
        with self._bell:
            while not self.waiting:
                if self._pool.is_closed:
                    return None
                self._idle += 1
                self._bell.wait()
                self._idle -= 1
            return self.waiting.popitem(last=False)[0]

    def close(self, until_s: float) -> list[str]:
        """Wait for the threads until then; tells of those that still worked."""
        with self._bell:
            self._bell.notify_all()
        for hand in self._hands:
            # Not by join: interrupted by Ctrl+C, it takes a thread that runs for one that has ended (before Python 3.13).
            if hand.has_ended.wait(max(0.0, until_s - time.monotonic())):
                hand.join()
        stuck = [text for hand in self._hands if not hand.has_ended.is_set() and (text := hand.tell())]
        for hand in self._hands:
            hand.kill_process()
        return stuck


class HandLane(Lane):
    """For an app that is turned by hand: work is done by the thread that turns, between two sparkles."""

    def put(self, work: Task, where: str) -> None:
        self._check_room(where)
        self.waiting[work] = None
        catalyst = _real(work.owner._tt_catalyst)  # type: ignore[union-attr]
        catalyst.at_boundary(lambda: self._do(work, catalyst))

    def _do(self, work: Task, catalyst: Any) -> None:
        with self._pool.lock:
            self.waiting.pop(work, None)
        if self._pool.begins(work, ""):
            catalyst.via = work.via
            if self._kind == PROCESS:
                do_in_process(work, None)
            else:
                do_in_thread(work, own_thread=True)
            catalyst.via = catalyst.idle_via


class WorkerThread(threading.Thread):
    """A thread of the pool; in the lane ``process`` it has a process, from the first work on."""

    def __init__(self, pool: Pool, lane: Lane, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self._pool = pool
        self._lane = lane
        self._process: WorkerProcess | None = None
        self._work: Task | None = None
        self.has_ended = threading.Event()

    def run(self) -> None:
        try:
            while (work := self._lane.take()) is not None:
                if self._pool.begins(work, self.name):
                    self._work = work
                    self._do(work)
                self._work = work = None
        finally:
            if self._process is not None:
                self._process.close()
            self.has_ended.set()

    def _do(self, work: Task) -> None:
        outside().via = work.via
        if work.kind == THREAD:
            do_in_thread(work, own_thread=False)
            return
        try:
            if self._process is None or not self._process.is_alive:
                self._drop_process()
                from .process import WorkerProcess

                self._process = WorkerProcess()
            if work.state == CANCELLED:
                return  # the app may have ended while it started
        except OSError as error:
            work.hand_back_error(error, None, own_thread=False)
            return
        do_in_process(work, self._process)
        if not self._process.is_alive:
            self._drop_process()

    def _drop_process(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def kill_process(self) -> None:
        """End its process at once, and then the thread ends too. Any thread."""
        process = self._process
        if process is not None and not self.has_ended.is_set():
            process.kill()
            if self.has_ended.wait(KILLED_WITHIN_S):
                self.join()

    def tell(self) -> str:
        """What it works at, in a line, with the stack of a thread; empty when it works at nothing. Any thread."""
        work, process = self._work, self._process
        if work is None:
            return ""
        who = f"{work.name}({work.previews}) for {work.waited_for_by}"
        if process is not None:
            return f"{who}, in process {process.pid}, which was killed"
        frame = sys._current_frames().get(self.ident or -1)
        return f"{who}, in thread {self.name}:\n{''.join(traceback.format_stack(frame)) if frame is not None else ''}"


def do_in_thread(work: Task, *, own_thread: bool) -> None:
    """Do work in this thread, and hand back what comes of it. Never raises."""

    def report(*values: Any) -> None:
        """Hand progress on."""
        way_out = "Report plain data."
        work.report(
            tuple(carried(work.name, f"report: value {n}", v, way_out) for n, v in enumerate(values, 1)), own_thread
        )

    function, arguments, reports = work.function, work.arguments, "on_progress" in work.callbacks
    try:
        if function is None:
            return  # cancelled just now
        result = function(*arguments, **({"report": report} if reports else {}))
        way_out = "Return plain data, or ttShared(value) to hand it over by reference on purpose."
        result = carried(work.name, "its result", result, way_out)
    except BaseException as error:
        work.hand_back_error(error, None, own_thread)
    else:
        work.hand_back(result, own_thread)


def do_in_process(work: Task, process: WorkerProcess | None) -> None:
    """Do work in a process, and hand back what comes of it; without a process do the same here. Never raises."""
    own_thread = process is None
    failed: list[BaseException] = []
    name, packed, reports = work.name, work.packed, "on_progress" in work.callbacks

    def heard(values: tuple[Any, ...]) -> None:
        try:
            if not failed:
                work.report(values, own_thread)
        except Exception as error:
            failed.append(error)

    def heard_here(message: bytes) -> None:
        heard(pickle.loads(message)[1])
        if failed:
            raise failed[0]

    def is_wanted() -> bool:
        return not failed and work.state != CANCELLED

    try:
        if process is None:
            kind, *rest = pickle.loads(perform(name, packed, reports, heard_here))
        else:
            kind, *rest = process.work(name, packed, reports, heard, is_wanted)
    except Exception as error:
        work.hand_back_error(error, str(error), own_thread)
        return
    if failed:
        work.hand_back_error(failed[0], None, own_thread)
    elif kind == "result":
        work.hand_back(rest[0], own_thread)
    else:
        work.hand_back_error(rest[0], rest[1], own_thread)
