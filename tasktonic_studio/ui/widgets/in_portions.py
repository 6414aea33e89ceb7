"""Do long work a portion at a time, between what the user does."""

from __future__ import annotations

import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer


class InPortions(QObject):
    """Takes one step of a work at each turn of the loop; the first at once, so that small work is done when `start` returns.

    Owned by the object whose work it is. In the Qt thread: keys, clicks and drawing come between two portions, and what a
    portion sees is what they have left. Not a thread: pure Python on one takes the interpreter from the window for
    milliseconds at a time, whenever the window wants it back.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._work: Iterator[None] | None = None
        self.took_s = 0.0
        """What the portions of the last work took, without what came between."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._step)

    @property
    def is_busy(self) -> bool:
        """Whether there is work left."""
        return self._work is not None

    def start(self, work: Iterator[None]) -> None:
        """Do this, each step a portion. What was being done is left where it is."""
        self._work, self.took_s = work, 0.0
        self._step()

    def finish(self) -> None:
        """Do all that is left, now."""
        while self._work is not None:
            self._step()

    def stop(self) -> None:
        """Leave it where it is."""
        self._timer.stop()
        self._work = None

    def _step(self) -> None:
        work, began_s = self._work, time.perf_counter()
        if work is None:
            return
        self._timer.stop()
        is_done = True
        try:
            is_done = next(work, self) is self
        finally:
            # A portion may have begun another work, which counts for itself.
            if work is self._work:
                self.took_s += time.perf_counter() - began_s
                if is_done:
                    self._work = None
                else:
                    self._timer.start()
