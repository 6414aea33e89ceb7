"""Garbage that holds Qt objects dies in the thread of the Qt loop.

Python's collector of cycles runs in whichever thread happens to make the object that sets it off. In a program with other
catalysts that is a thread of theirs, and when the cycle holds a ``QObject`` (a widget whose slot is a lambda that names it, a
timer, a model) its C++ side is destroyed there, while the loop may be just about to hand it an event: the process ends with a
segmentation fault, at some other place, once in a thousand runs. The collector cannot be told to keep to a thread. So it is
switched off while a Qt catalyst turns, and the loop does its work, by the same rules.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QTimer

LOOK_EVERY_MS: Final = 500
"""How often to look while no sparkles run: windows make garbage too, when they are painted and clicked."""

_FULL_WHEN_GROWN_BY: Final = 0.25
"""As CPython: looking at everything pays when this share of it is new."""


class GarbageRound:
    """Collects cycles in the thread that calls it, as seldom as the collector itself would.

    Nothing happens between ``start`` and ``stop`` when the collector was off already: then somebody else decides.
    """

    def __init__(self) -> None:
        self._is_ours = False
        self._since_middle = 0
        self._since_full = 0
        self._known = 0
        """How many objects the last full round left."""
        self._timer: QTimer | None = None

    def start(self) -> None:
        """Take over from the collector. In the thread of the loop."""
        if not gc.isenabled():
            return
        gc.disable()
        self._is_ours = True
        self._known = len(gc.get_objects())
        self._timer = QTimer()
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def stop(self) -> None:
        """Give it back, with nothing left that the loop should have seen to. In the thread of the loop."""
        if not self._is_ours:
            return
        assert self._timer is not None
        self._timer.stop()
        self._timer = None
        self._is_ours = False
        gc.collect()
        gc.enable()

    def look(self) -> None:
        """Collect what is due. In the thread of the loop; half a microsecond when nothing is.

        The counter tells how many objects were made and not yet dropped, since the last time. CPython takes the middle
        generation after so many rounds of the young one; here rounds come by the clock, so objects are counted instead.
        """
        made = gc.get_count()[0]
        young, middle, full = gc.get_threshold()
        if not self._is_ours or not young or made <= young:
            return
        self._since_middle += made
        self._since_full += made
        if self._since_full > max(young * middle * full, self._known * _FULL_WHEN_GROWN_BY):
            self._since_middle = self._since_full = 0
            gc.collect()
            self._known = len(gc.get_objects())
        elif self._since_middle > young * middle:
            self._since_middle = 0
            gc.collect(1)
        else:
            gc.collect(0)
