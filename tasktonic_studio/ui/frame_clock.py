"""The only heartbeat: once per frame, empties the inbox and hands out Changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.inbox import PORTION_BYTES, Portions
from tasktonic_studio.watchers import Watchers

FRAME_MS: Final = 33
"""The least time between two frames. Trees and tables gain nothing from more than thirty a second."""

BUSY_MS: Final = 30
"""When a frame has taken so long to bring the session up to date, the rest of what arrived is left to the next one."""

GATHER_MS: Final = 100
"""While the clock is behind, what changed is handed on this often: showing it takes time from those who wait for the end."""

HASTE_MS: Final = 200
"""And while a long recorded run is read: everybody waits for its end."""

HASTE_BUSY_MS: Final = 15
"""Frames follow each other without a pause then: each is shorter, since what it painted comes on top."""

_LEAST_BYTES: Final = 100_000
_FIRST_BYTES: Final = 200_000
"""A run begins with births, which take longest: its first portions are small, and larger ones follow while there is time."""

HURRY_MS: Final = 250
"""After something was asked of the app, what arrives is shown at once for so long: a person waits for the answer."""

SETTLE_MS: Final = 500
"""After the last arrival the clock beats a few times more at this pace, so that rates fall to zero on screen."""

SETTLE_BEATS: Final = 6


class FrameClock(QObject):
    """Brings the session up to date and tells those who show it.

    Made by the window, lives in the Qt thread. ``wake`` may be called from any thread; a frame follows soon. When
    nothing arrives any more it beats a few times slowly and then stands still: an idle Studio does nothing at all. When more
    arrives than a frame has time for, frames follow each other at once, and the window answers between them; what changed in them
    is then handed on ten times a second.

    Args:
        take_all: gives what has arrived, and forgets it.
        apply: folds that into the session and says what changed.
        opened: what an item is to `apply`, in pieces if it takes long; see `Session.opened`.
        is_in_haste: whether what comes is to be there soon rather than to be shown while it comes.
        is_showing: whether some of those who were told still wait for their turn of the loop: nothing is done in it then.
        parent: as in Qt.
    """

    settled = Signal()
    """One of the slow beats after the last arrival: rates are to be shown anew."""

    has_taken = Signal()
    """A frame took something that had arrived, and ends."""

    _woken = Signal()

    def __init__(
        self,
        take_all: Callable[[], Sequence[Any]],
        apply: Callable[[Sequence[Any]], Changes],
        opened: Callable[[Any], Sequence[Any]] | None = None,
        is_in_haste: Callable[[], bool] = lambda: False,
        is_showing: Callable[[], bool] = lambda: False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_in_haste = is_in_haste
        self._is_showing = is_showing
        self._take_all = take_all
        self._apply = apply
        self._opened = opened
        self._watchers = Watchers[Changes]()
        self._portions = Portions()
        """What is left of what was taken: the clock is behind when there is any."""
        self._portion_bytes = PORTION_BYTES
        self._untold = Changes()
        """What changed and was not handed on yet."""
        self._told_ns = 0
        self._last_ns = 0
        self._beats_left = 0
        self._hurries_until_ns = 0
        self.longest_ms = 0.0
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.timeout.connect(self._on_frame)
        self._slow = QTimer(self)
        self._slow.setInterval(SETTLE_MS)
        self._slow.timeout.connect(self._on_slow_beat)
        self._woken_lock = threading.Lock()
        self._is_stopped = False
        self._woken.connect(self._schedule, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is scheduled: no frame, no slow beat."""
        return not self._frame.isActive() and not self._slow.isActive()

    @property
    def has_told_all(self) -> bool:
        """Whether those who show the session have been told of all that it knows: while the clock is behind it is ahead of them."""
        return not self._untold

    def wake(self) -> None:
        """Something has arrived. Any thread, also after the window has gone; costs one posted event."""
        with self._woken_lock:
            if not self._is_stopped:
                self._woken.emit()

    def hurry(self) -> None:
        """Something was asked of the app: for a moment what arrives is shown at once, and not with the next frame. Qt thread."""
        self._hurries_until_ns = time.perf_counter_ns() + HURRY_MS * 1_000_000
        if self._frame.isActive():
            self._frame.start(0)

    def watch(self, callback: Callable[[Changes], None]) -> Callable[[], None]:
        """Be told what changed, once per frame in which anything did.

        Returns:
            A function that ends it.
        """
        return self._watchers.add(callback)

    def tick(self) -> Changes:
        """Bring the session up to date. Qt thread, once per frame; tests call it directly.

        Returns:
            What was handed on.
        """
        self._frame.stop()
        began_ns = time.perf_counter_ns()
        self._last_ns = began_ns
        was_behind, was_in_haste = bool(self._portions), self._is_in_haste()
        took = False
        only_tells = (was_behind or was_in_haste) and self._is_telling_due(began_ns)
        if only_tells:
            # Nothing is taken in the same frame: both together would hold up the window for twice as long.
            told = self._tell()
        else:
            if not was_behind:
                # Not before: who sends pauses while much waits in the inbox.
                self._portions = Portions(self._take_all(), self._opened)
            took = self._take_some(began_ns, HASTE_BUSY_MS if was_in_haste else BUSY_MS)
            if took or was_behind:
                self._beats_left = SETTLE_BEATS
                self._slow.start()
            waits = bool(self._portions) or was_in_haste or (took and self._is_in_haste())
            told = Changes() if waits else self._tell()
        goes_on = took and self._is_in_haste()  # who reads ahead may have waited for room: there is more
        if self._portions or only_tells or goes_on or self._is_telling_due(began_ns):
            self._frame.start(0)
        elif was_behind or self._untold:
            # Once more also after the last of it: who woke the clock meanwhile found it about to beat anyway.
            self._frame.start(FRAME_MS)
        if took:
            self.has_taken.emit()
        self.longest_ms = max(self.longest_ms, (time.perf_counter_ns() - began_ns) / 1e6)
        return told

    def catch_up(self) -> Changes:
        """Tick until nothing is left of what had arrived: for a picture, and for tests. Returns all that was handed on."""
        told = self.tick()
        while self._portions:
            told.merge(self.tick())
        told.merge(self._tell())
        return told

    def _is_telling_due(self, now_ns: int) -> bool:
        """Whether what was gathered while the clock is behind is to be handed on now."""
        untold = self._untold
        is_urgent = untold.everything or untold.target
        apart_ms = HASTE_MS if self._is_in_haste() else GATHER_MS
        return is_urgent or (bool(untold) and now_ns - self._told_ns >= apart_ms * 1_000_000)

    def _tell(self) -> Changes:
        """Hand on what changed since the last time."""
        told, self._untold = self._untold, Changes()
        self._told_ns = time.perf_counter_ns()
        if told:
            self._watchers.tell(told)
        return told

    def _take_some(self, began_ns: int, busy_ms: int) -> bool:
        """Bring the session up to date for about so long. Returns whether there was anything to take."""
        until_ns = began_ns + busy_ms * 1_000_000
        has_arrived = bool(self._portions)
        while self._portions:
            portion = self._portions.take(self._portion_bytes)
            changes = self._apply(portion)
            self._untold.merge(changes)
            now_ns = time.perf_counter_ns()
            took_ns, began_ns = now_ns - began_ns, now_ns
            self._suit_portions(took_ns / 1e6, busy_ms)
            if changes.new_target:
                self._portion_bytes = _FIRST_BYTES
            # The next one takes about as long: it is left out when most of it would be too late. After a new target as well: the
            # panels come on screen by it, which is enough for one turn without something in them.
            if changes.new_target or now_ns + took_ns // 2 >= until_ns:
                break
        return has_arrived

    def _suit_portions(self, took_ms: float, busy_ms: int) -> None:
        """The next portions are smaller when this one took too long, and larger again when it took little."""
        if took_ms > busy_ms:
            self._portion_bytes = max(self._portion_bytes // 2, min(self._portion_bytes, _LEAST_BYTES))
        elif took_ms < busy_ms / 4:
            self._portion_bytes = min(self._portion_bytes * 2, PORTION_BYTES)

    def stop(self) -> None:
        """Stand still for good: the window closes. Nobody is inside of ``wake`` afterwards, so this may be destroyed."""
        with self._woken_lock:
            self._is_stopped = True
        self._frame.stop()
        self._slow.stop()
        self._watchers.clear()

    def _schedule(self) -> None:
        is_in_haste = self._is_in_haste()
        if is_in_haste or not self._frame.isActive():
            now_ns = time.perf_counter_ns()
            apart_ms = 0 if is_in_haste or now_ns < self._hurries_until_ns else FRAME_MS
            self._frame.start(int(max(0, apart_ms - (now_ns - self._last_ns) // 1_000_000)))

    def _on_frame(self) -> None:
        if self._is_showing():
            self._frame.start(0)
        else:
            self.tick()

    def _on_slow_beat(self) -> None:
        self._beats_left -= 1
        if self._beats_left <= 0:
            self._slow.stop()
        self.settled.emit()
