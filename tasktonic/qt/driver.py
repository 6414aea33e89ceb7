"""A catalyst turned by the Qt loop, in slices that leave the window responsive."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtWidgets import QApplication

from .. import clock
from ..current import here
from ..work_order import Order

if TYPE_CHECKING:
    from ..catalyst import ttCatalyst

SLICE_NS: Final = 6_000_000
"""How long sparkles may run before the loop gets its turn: at 60 frames a second, more than half of a frame is Qt's."""

_WAKE: Final = QEvent.Type(QEvent.registerEventType())


class _Receiver(QObject):
    """Gets the wake-up events, in the thread of the loop."""

    def __init__(self, driver: QtDriver) -> None:
        super().__init__()
        self._driver = driver

    def event(self, event: QEvent) -> bool:
        if event.type() == _WAKE:
            self._driver.slice()
            return True
        return super().event(event)


class QtDriver:
    """Turns a catalyst on the Qt loop of the thread that runs it.

    While a slice runs, calls from the catalyst's own thread append and nothing else; between slices, such a call (from a Qt
    slot) asks the loop for the next slice. Wake-ups are posted events of low priority, so input and painting come first.
    """

    name = "qt"
    needs_outside_world = True

    def __init__(self) -> None:
        existing = QCoreApplication.instance()
        self.app = existing if existing is not None else QApplication(sys.argv[:1])
        if isinstance(self.app, QApplication):
            # Tonics decide when the app ends: the last window to close may be reopened by one of them.
            self.app.setQuitOnLastWindowClosed(False)
        self._receiver = _Receiver(self)
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.slice)
        self._catalyst: ttCatalyst | None = None
        self._is_woken = False
        self._in_slice = False
        self._interrupt: KeyboardInterrupt | None = None

    def attach(self, catalyst: ttCatalyst) -> None:
        """Take over a catalyst's queue, before anything is queued from the loop."""
        self._catalyst = catalyst
        catalyst.put = self._put_between_slices
        catalyst.sleeping = True

    def start(self, catalyst: ttCatalyst) -> None:
        raise RuntimeError("a Qt catalyst has no thread of its own: make it the main catalyst.")

    def run(self, catalyst: ttCatalyst) -> None:
        before = here.catalyst
        here.catalyst = catalyst
        catalyst.began(threading.get_ident(), self.name)
        interrupts = _Interrupts(self.interrupted)
        try:
            self.wake()
            while not catalyst.has_ended:
                self.app.exec()
                if self._interrupt is not None:
                    raise self._interrupt
                if not catalyst.has_ended:
                    catalyst.finish()  # somebody quit the Qt loop: the app ends in order
        finally:
            interrupts.close()
            self._timer.stop()
            here.catalyst = before
            catalyst.stopped_turning()
            # What the last tonics left to be deleted must go while the application object still lives.
            QCoreApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))

    def wake(self) -> None:
        if not self._is_woken:
            self._is_woken = True
            QCoreApplication.postEvent(self._receiver, QEvent(_WAKE), Qt.EventPriority.LowEventPriority.value)

    def interrupted(self, interrupt: KeyboardInterrupt) -> None:
        """Ctrl+C came a second time: leave the loop with it. Qt would swallow it where it was raised."""
        self._interrupt = interrupt
        self.app.quit()

    def thread(self) -> threading.Thread | None:
        return None

    def _put_between_slices(self, order: Order) -> None:
        catalyst = self._catalyst
        assert catalyst is not None
        catalyst.orders.append(order)
        self.wake()

    def slice(self) -> None:
        """Run sparkles for a few milliseconds. In the thread of the loop."""
        self._is_woken = False
        catalyst = self._catalyst
        # A sparkle that opens a modal dialog turns the loop inside itself; sparkles run one by one, so the next ones wait.
        if self._in_slice or catalyst is None or self._has_ended():
            return
        self._in_slice = True
        catalyst.sleeping = False
        catalyst.put = catalyst.orders.append
        end_ns = clock.system_ns() + SLICE_NS
        idle = False
        try:
            while not idle and not self._has_ended() and clock.system_ns() < end_ns:
                idle = catalyst.turn()
        except KeyboardInterrupt as interrupt:
            self.interrupted(interrupt)
            return
        finally:
            catalyst.put = self._put_between_slices
            catalyst.sleeping = True
            self._in_slice = False
        if self._has_ended():
            self.app.quit()
        elif not idle or catalyst.has_work():
            self.wake()
        else:
            self._wait_for_timer(catalyst)

    def _has_ended(self) -> bool:
        return self._catalyst is None or self._catalyst.has_ended

    def _wait_for_timer(self, catalyst: ttCatalyst) -> None:
        due_ns = catalyst.next_due_ns()
        if due_ns is None:
            self._timer.stop()
        else:
            wait_ms = -(-(due_ns - clock.now_ns()) // 1_000_000)
            self._timer.start(int(min(max(wait_ms, 0), 3_600_000)))


class _Interrupts:
    """Lets Python see signals while the loop waits in C: each one writes a byte that wakes the loop."""

    def __init__(self, interrupted: Callable[[KeyboardInterrupt], None]) -> None:
        self._interrupted = interrupted
        self._notifier: QSocketNotifier | None = None
        if threading.current_thread() is not threading.main_thread():
            return
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._before = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)

    def _read(self) -> None:
        try:
            self._reader.recv(512)
        except BlockingIOError:
            return
        except KeyboardInterrupt as interrupt:
            self._interrupted(interrupt)

    def close(self) -> None:
        if self._notifier is None:
            return
        signal.set_wakeup_fd(self._before)
        self._notifier.setEnabled(False)
        self._notifier = None
        self._reader.close()
        self._writer.close()
