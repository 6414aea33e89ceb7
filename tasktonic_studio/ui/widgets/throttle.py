"""Do something at once, but not again too soon; what came meanwhile is done when the time is up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Throttle(QObject):
    """Calls ``action`` at most once per ``interval_ms``: the first `ask` at once, later ones together at the end.

    Owned by the widget whose work it spares. Nothing is scheduled unless something was asked for.
    """

    def __init__(self, interval_ms: int, action: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._action = action
        self._asked = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._on_timeout)

    def ask(self) -> None:
        """It should be done: now when it was not done lately, else soon."""
        if self._timer.isActive():
            self._asked = True
        else:
            self._do()

    def set_interval(self, interval_ms: int) -> None:
        """Wait so long from the next time on: for an action whose cost varies."""
        self._timer.setInterval(interval_ms)

    def flush(self) -> None:
        """Do now what was asked for."""
        if self._asked:
            self._do()

    def stop(self) -> None:
        """Forget what was asked for."""
        self._timer.stop()
        self._asked = False

    def _on_timeout(self) -> None:
        self.flush()

    def _do(self) -> None:
        self._asked = False
        self._timer.start()
        self._action()
