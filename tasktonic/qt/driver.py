"""A catalyst turned by the Qt loop, in slices that leave the window responsive."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QSocketNotifier, Qt, QThread, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from .. import clock, shutdown, toolkit
from ..current import here
from ..work_order import Order
from .garbage import GarbageRound
from .held_sign import HeldSign
from .host import HostThread
from .loop_calls import loop_calls
from .showing import QtShowing

if TYPE_CHECKING:
    from ..catalyst import ttCatalyst

SLICE_NS: Final = 6_000_000
"""How long sparkles may run before the loop gets its turn: at 60 frames a second, more than half of a frame is Qt's."""


_LOOK_AGAIN_MS: Final = 20
"""How soon to look for the next dialog that keeps a sparkle from its end."""


class QtDriver:
    """Turns a catalyst on the Qt loop: of the thread that runs the app, or one that the program turns in another thread.

    While a slice runs, calls from the catalyst's own thread append and nothing else; between slices, such a call (from a Qt
    slot) asks the loop for the next slice. Wake-ups are posted events of low priority, so input and painting come first.
    """

    name = "qt"
    needs_outside_world = True

    def __init__(self) -> None:
        existing = QCoreApplication.instance()
        self._is_guest = existing is not None
        self.app = existing if existing is not None else QApplication(sys.argv[:1])
        self._calls = loop_calls()
        toolkit.enter(QtShowing())
        self._timer: QTimer | None = None
        """Made by the thread that turns the loop."""
        self._catalyst: ttCatalyst | None = None
        self._is_woken = False
        self._in_slice = False
        self._interrupt: KeyboardInterrupt | None = None
        self._host: HostThread | None = None
        """Stands for the thread of a loop that others turn, for a catalyst beside the main one."""
        self._is_started = False
        """Whether the catalyst may begin on the loop that others turn."""
        self._host_is_leaving = False
        self._modal_before: QWidget | None = None
        """A dialog of the program that was open before: not ours to answer."""
        self._before: Any = None
        self._garbage = GarbageRound()
        self._sign: HeldSign | None = None
        """In the windows, while the catalyst is held."""
        self._leave: Callable[[], None] = _nothing
        """Leaves the loop that this driver runs."""

    def attach(self, catalyst: ttCatalyst) -> None:
        """Take over a catalyst's queue, before anything is queued from the loop."""
        self._catalyst = catalyst
        catalyst.put = self._put_between_slices
        catalyst.sleeping = True
        if not catalyst.is_main:
            self._host = HostThread(catalyst.name, self.app, self._host_quits)

    def start(self, catalyst: ttCatalyst) -> None:
        """Turn it on a loop that others turn, in the thread of the ``QApplication``. Any thread."""
        self._is_started = True
        self.wake()

    def run(self, catalyst: ttCatalyst) -> None:
        self._begin(catalyst)
        interrupts = _Interrupts(self.interrupted)
        quits_by_itself = isinstance(self.app, QApplication) and self.app.quitOnLastWindowClosed()
        if isinstance(self.app, QApplication):
            # Tonics decide when the app ends: the last window to close may be reopened by one of them.
            self.app.setQuitOnLastWindowClosed(False)
        try:
            self.wake()
            while not catalyst.has_ended:
                self._turn_loop()
                if self._interrupt is not None:
                    raise self._interrupt
                if not catalyst.has_ended:
                    catalyst.finish()  # somebody quit the Qt loop: the app ends in order
        finally:
            if isinstance(self.app, QApplication) and self._is_guest:
                self.app.setQuitOnLastWindowClosed(quits_by_itself)
            interrupts.close()
            self._end(catalyst)
            # What the last tonics left to be deleted must go while the application object still lives.
            QCoreApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))

    def _turn_loop(self) -> None:
        """Turn Qt's loop until it is left. Inside a loop that turns already (the app is run by a slot) it is one of its own."""
        if not QThread.currentThread().loopLevel():
            self._leave = self.app.quit
            self.app.exec()
            return
        loop = QEventLoop()
        self._leave = loop.quit
        # -1 at once: the program has quit, and Qt opens no loops any more. What is left to do is done without.
        if loop.exec() < 0:
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def _begin(self, catalyst: ttCatalyst) -> None:
        """Turn from here on. In the thread of the loop."""
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.slice)
        self._modal_before = QApplication.activeModalWidget()
        self._before = here.catalyst
        here.catalyst = catalyst
        self._garbage.start()
        catalyst.began(threading.get_ident(), self.name)

    def _end(self, catalyst: ttCatalyst) -> None:
        """Turn no more. In the thread of the loop."""
        assert self._timer is not None
        self._timer.stop()
        self._timer = None
        self._show_whether_held(False)
        here.catalyst = self._before
        self._garbage.stop()
        catalyst.stopped_turning()

    def _end_as_guest(self, catalyst: ttCatalyst) -> None:
        assert self._host is not None
        self._end(catalyst)
        self._host.left()

    def _host_quits(self) -> None:
        """The program leaves its loop: the app ends in order first, also when it has not begun yet. In the thread of the loop."""
        catalyst = self._catalyst
        assert catalyst is not None
        shutdown.end_app(catalyst.ledger)
        self._host_is_leaving = True
        if not self._in_slice:
            self._turn_to_the_end()

    def _turn_to_the_end(self) -> None:
        """Turn though the program's loop is being left.

        It ends by itself, also when something hangs: the main catalyst gives up in time, and everybody else then.
        """
        self._host_is_leaving = False
        looking = QTimer()
        looking.start(_LOOK_AGAIN_MS)  # the formula may give up before this has begun, and nothing on the loop tells so
        while self._timer is not None or self._may_begin():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def _may_begin(self) -> bool:
        catalyst, host = self._catalyst, self._host
        assert catalyst is not None
        assert host is not None
        return catalyst.ledger.running and not host.has_ended.is_set()

    def _leave_dialogs(self) -> None:
        """The app ends while a sparkle waits for a dialog or a menu: it is answered as by Escape, and so is the next one."""
        assert self._timer is not None
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None:
            popup.close()
        elif modal is not None and modal is not self._modal_before:
            modal.reject() if isinstance(modal, QDialog) else modal.close()
        self._timer.start(_LOOK_AGAIN_MS)

    def wake(self) -> None:
        if not self._is_woken:
            self._is_woken = True
            self._calls.soon(self.slice)

    def interrupted(self, interrupt: KeyboardInterrupt) -> None:
        """Ctrl+C came a second time: leave the loop with it. Qt would swallow it where it was raised."""
        self._interrupt = interrupt
        self._leave()

    def thread(self) -> threading.Thread | None:
        return self._host

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
        if catalyst is None:
            return
        if self._in_slice:
            if catalyst.ledger.ending_since_ns:
                self._leave_dialogs()
            return
        if self._timer is None:
            if not self._is_started or self._host is None or self._host.has_ended.is_set():
                return  # not started yet, or over
            self._begin(catalyst)
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
        self._show_whether_held(catalyst.is_held)
        if self._has_ended():
            if self._host is None:
                while (modal := QApplication.activeModalWidget()) not in (None, self._modal_before):
                    modal.hide()  # a slot has opened it: its loop lies on top of this one
                self._leave()
            else:
                self._end_as_guest(catalyst)
        elif not idle or catalyst.has_work():
            self.wake()
        else:
            self._wait_for_timer(catalyst)
        self._garbage.look()
        if self._host_is_leaving:
            self._turn_to_the_end()  # a sparkle has quit the program

    def _show_whether_held(self, is_held: bool) -> None:
        if is_held and self._sign is None and isinstance(self.app, QApplication):
            self._sign = HeldSign(self.app)
        elif not is_held and self._sign is not None:
            sign, self._sign = self._sign, None
            sign.close()

    def _has_ended(self) -> bool:
        return self._catalyst is None or self._catalyst.has_ended

    def _wait_for_timer(self, catalyst: ttCatalyst) -> None:
        due_ns = catalyst.next_due_ns()
        assert self._timer is not None
        if due_ns is None:
            self._timer.stop()
        else:
            wait_ms = -(-(due_ns - clock.now_ns()) // 1_000_000)
            self._timer.start(int(min(max(wait_ms, 0), 3_600_000)))


def _nothing() -> None:
    """There is no loop to leave."""


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
