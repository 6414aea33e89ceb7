"""The only heartbeat: once per frame, empties the inbox and hands out Changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from tasktonic_studio.session.changes import Changes

FRAME_MS: Final = 33
"""The least time between two frames. Trees and tables gain nothing from more than thirty a second."""

SETTLE_MS: Final = 500
"""After the last arrival the clock beats a few times more at this pace, so that rates fall to zero on screen."""

SETTLE_BEATS: Final = 6


class FrameClock(QObject):
    """Brings the session up to date and tells those who show it.

    Made by the window, lives in the Qt thread. ``wake`` may be called from any thread; a frame follows soon. When
    nothing arrives any more it beats a few times slowly and then stands still: an idle Studio does nothing at all.

    Args:
        take_all: gives what has arrived, and forgets it.
        apply: folds that into the session and says what changed.
        parent: as in Qt.
    """

    settled = Signal()
    """One of the slow beats after the last arrival: rates are to be shown anew."""

    _woken = Signal()

    def __init__(
        self,
        take_all: Callable[[], Sequence[Any]],
        apply: Callable[[Sequence[Any]], Changes],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._take_all = take_all
        self._apply = apply
        self._watchers: list[Callable[[Changes], None]] = []
        self._last_ns = 0
        self._beats_left = 0
        self.longest_ms = 0.0
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.timeout.connect(self.tick)
        self._slow = QTimer(self)
        self._slow.setInterval(SETTLE_MS)
        self._slow.timeout.connect(self._on_slow_beat)
        self._woken.connect(self._schedule, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is scheduled: no frame, no slow beat."""
        return not self._frame.isActive() and not self._slow.isActive()

    def wake(self) -> None:
        """Something has arrived. Any thread; costs one posted event."""
        self._woken.emit()

    def watch(self, callback: Callable[[Changes], None]) -> Callable[[], None]:
        """Be told what changed, once per frame in which anything did.

        Returns:
            A function that ends it.
        """
        self._watchers.append(callback)

        def undo() -> None:
            if callback in self._watchers:
                self._watchers.remove(callback)

        return undo

    def tick(self) -> Changes:
        """Bring the session up to date. Qt thread, once per frame; tests call it directly."""
        self._frame.stop()
        began_ns = time.perf_counter_ns()
        self._last_ns = began_ns
        arrived = self._take_all()
        changes = self._apply(arrived) if arrived else Changes()
        if changes:
            for callback in list(self._watchers):
                callback(changes)
        if arrived:
            self._beats_left = SETTLE_BEATS
            self._slow.start()
        self.longest_ms = max(self.longest_ms, (time.perf_counter_ns() - began_ns) / 1e6)
        return changes

    def stop(self) -> None:
        """Stand still for good: the window closes."""
        self._frame.stop()
        self._slow.stop()
        self._watchers.clear()

    def _schedule(self) -> None:
        if not self._frame.isActive():
            passed_ms = (time.perf_counter_ns() - self._last_ns) // 1_000_000
            self._frame.start(int(max(0, FRAME_MS - passed_ms)))

    def _on_slow_beat(self) -> None:
        self._beats_left -= 1
        if self._beats_left <= 0:
            self._slow.stop()
        self.settled.emit()
