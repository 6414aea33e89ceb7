"""The pool of an app: bounded threads and processes that do heavy work beside the catalysts.

Each kind of work has its lane, see ``lanes.py``. In an app that a distiller turns by hand there is neither: the
work runs between two sparkles, at a fixed place and in no time (docs/decisions/0018-heavy-work.md).
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time
from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from ..current import current_run, turning
from ..endings import ASKED
from ..errors import ttArgumentError, ttRunningError, ttSettingError
from ..failures import source_name
from ..stream import BLOCK, stream
from ..tonic import ttTonic
from ..values import preview
from .lanes import PROCESS, THREAD, HandLane, Lane
from .performing import pack
from .work import (
    CANCELLED,
    QUEUED,
    RUNNING,
    Task,
    Work,
    carried,
    check_callbacks,
    check_function,
    name_of,
    tell_cancelled,
)

if TYPE_CHECKING:
    from ..ledger import ttLedger

DAY_S: Final = 86_400.0


def open_pool(ledger: ttLedger) -> Pool:
    """The pool of an app, made if there is none. Any thread."""
    with ledger.lock:
        if ledger.pool is None:
            ledger.pool = Pool(ledger)
        pool: Pool = ledger.pool
        return pool


class Pool:
    """Does the heavy work of one app. Made at the first ``offload``, owned by the ledger, closed by the formula.

    Raises:
        ttSettingError: a setting below ``tasktonic/pool`` is no whole number from 1 on.
    """

    def __init__(self, ledger: ttLedger) -> None:
        self._ledger = ledger
        self.lock = threading.Lock()
        """Protects the lanes and the states of all work, and the order in which they are told. Nobody's code runs under it."""
        self.numbers = itertools.count(1)
        self.is_closed = False
        self._of_owner: dict[int, set[Task]] = {}
        """What each living tonic waits for, by its id."""
        lane = HandLane if ledger.hand is not None else Lane
        most = self._setting("tasktonic/pool/queue", 10_000)
        self._lanes = {
            THREAD: lane(self, THREAD, self._setting("tasktonic/pool/threads", 8), most),
            PROCESS: lane(self, PROCESS, self._setting("tasktonic/pool/processes", _processors()), most),
        }

    def _setting(self, path: str, default: int) -> int:
        value = self._ledger.formula.get(path, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ttSettingError(f"{path} = {value!r}: it must be a whole number, 1 or more.")
        return value

    # -- coming in --------------------------------------------------------------------------------------------------

    def offload(
        self,
        owner: ttTonic,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        callbacks: dict[str, Callable[..., Any]],
        kind: str,
    ) -> Work:
        """Take in work of a tonic. Any thread.

        Raises:
            ttArgumentError: something does not fit, or cannot go to where it is to run.
            ttPoolFullError: too much waits already.
            ttRunningError: the app has ended.
        """
        where = f"{owner.name}.offload({name_of(function)})"
        if kind not in self._lanes:
            raise ttArgumentError(f"{where}: where={kind!r}: there are 'thread' and 'process'.")
        if kind == PROCESS and sys.platform == "win32":
            raise ttRunningError(f"{where}: where='process' works on Linux and macOS only; use where='thread'.")
        check_callbacks(where, callbacks)
        check_function(where, function, arguments, reports="on_progress" in callbacks)
        work = Task(self, owner, function, kind, current_run())
        work.callbacks = callbacks
        work.previews = ", ".join(map(preview, arguments))
        at = turning.get(threading.get_ident())
        if at is not None and at.running is not None:
            work.source = source_name((None, 0, 0, None, at.running, at.via))
        if kind == PROCESS:
            work.packed = pack(where, function, arguments)
        else:
            way_out = "Pass plain data, or ttShared(value) to hand it over by reference on purpose."
            work.arguments = tuple(
                carried(where, f"argument {n}", value, way_out) for n, value in enumerate(arguments, 1)
            )
        self._enter(work, owner, where)
        return work

    def _enter(self, work: Task, owner: ttTonic, where: str) -> None:
        with self.lock:
            if self.is_closed:
                raise ttRunningError(f"{where}: the app has ended, and with it its pool.")
            works = self._of_owner.get(owner._tt_id)
            is_first = works is None
            if works is None:
                works = self._of_owner[owner._tt_id] = set()
            self._lanes[work.kind].put(work, where)
            works.add(work)
            if stream.active:
                stream.rows.append(work.offloaded)
        if len(stream.rows) > BLOCK:
            stream.hand_over()
        if is_first:
            owner_id = owner._tt_id
            owner._tt_on_ending(lambda: self._owner_ended(owner_id))
        elif owner.id < 0:
            self._owner_ended(owner._tt_id)

    def _owner_ended(self, owner_id: int) -> None:
        with self.lock:
            works = sorted(self._of_owner.pop(owner_id, ()), key=attrgetter("number"))
        for work in works:
            self.cancel(work)

    # -- going out --------------------------------------------------------------------------------------------------

    def begins(self, work: Task, worker: str) -> bool:
        """Whether work may begin now, and note that it does. In the worker's thread."""
        owner = work.owner
        if owner is None or owner._tt_stage >= ASKED:
            self.cancel(work)  # what it gave would be dropped
        with self.lock:
            if work.state != QUEUED:
                return False
            work.begin(worker)
        stream.hand_over()
        return True

    def is_over(
        self, work: Task, outcome: str, error: str = ""
    ) -> tuple[ttTonic, dict[str, Callable[..., Any]]] | None:
        """Task has come to its end: who waits for it with which sparkles, ``None`` if nobody does any more."""
        with self.lock:
            owner = work.owner
            if work.state != RUNNING or owner is None:
                return None
            self._of_owner.get(owner._tt_id, set()).discard(work)
            _, callbacks = work.end(outcome, error)
        stream.hand_over()
        return owner, callbacks

    def cancel(self, work: Any) -> None:
        """Nobody waits for it any more. Any thread."""
        with self.lock:
            if work.state not in (QUEUED, RUNNING):
                return
            if work.state == QUEUED:
                self._lanes[work.kind].waiting.pop(work, None)
            owner, callbacks = work.end(CANCELLED)
            if owner is not None:
                self._of_owner.get(owner._tt_id, set()).discard(work)
        tell_cancelled(callbacks)

    def tell_present(self, owner_id: int) -> None:
        """Tell a reader that comes late what a tonic waits for. Any thread."""
        with self.lock:
            for work in sorted(self._of_owner.get(owner_id, ()), key=attrgetter("number")):
                stream.rows.append(work.offloaded)
                if work.began is not None:
                    stream.rows.append(work.began)

    def close(self, seconds: float) -> str:
        """The app has ended: cancel what is left and wait so long for what runs. In the formula's thread.

        Returns:
            A sentence and the stacks of what still ran, else an empty text. Processes are killed, threads left to themselves.
        """
        with self.lock:
            self.is_closed = True
            left = [work for works in self._of_owner.values() for work in works]
        for work in left:
            self.cancel(work)
        until_s = time.monotonic() + min(seconds, DAY_S)
        stuck = [text for lane in self._lanes.values() for text in lane.close(until_s)]
        if not stuck:
            return ""
        timeout = self._ledger.formula.get("tasktonic/shutdown/timeout", 5.0)
        return (
            f"offloaded work did not end within {timeout} seconds (tasktonic/shutdown/timeout): "
            + "\n".join(stuck)
            + "\n"
            "Let a long function call report(…) now and then: it raises when nobody waits any more."
        )


def _processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
