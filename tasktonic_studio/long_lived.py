"""What has come to stay is left out when garbage is looked for.

What is known of a run is hundreds of thousands of objects, none of them garbage and few of them in circles: when a run is let go
of, so are they. A look through all of it finds nothing and holds up the window for some hundredths of a second, and for some tenths
when it is much. So only what is new is looked through, a little at a time, and everything once more when nobody looks on.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

_FULL_ROUNDS_APART: Final = 10
"""A full round comes so many times less often than usual; it finds what has not been through a middle one yet."""
MUCH: Final = 5_000
"""When so many objects were made since the last round it is time for one: a millisecond or two."""
_MIDDLE_EVERY: Final = 3
"""Each so many of those rounds are also about what the others have left."""
AWAY_MS: Final = 2_000
"""So long the person uses another program before everything is looked through."""


class LongLived(QObject):
    """Has the collector leave out all that has outlived two rounds. Made once the window is whole; in the Qt thread.

    Only one may be at work at a time: it is about the whole process.

    Args:
        stays: whether what is made at the moment will be there for long, as while a recorded run is read.
        parent: as in Qt.
    """

    def __init__(self, stays: Callable[[], bool] = lambda: False, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stays = stays
        self._thresholds: tuple[int, int, int] | None = None
        self._rounds = 0
        self._away = QTimer(self)
        self._away.setSingleShot(True)
        self._away.setInterval(AWAY_MS)
        self._away.timeout.connect(self.look_through_all)

    def begin(self) -> None:
        """What there is by now stays: the window."""
        young, middle, full = self._thresholds = gc.get_threshold()
        gc.set_threshold(young, middle, full * _FULL_ROUNDS_APART)
        gc.freeze()
        gc.callbacks.append(self._on_round)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._on_state)

    def end(self) -> None:
        """The collector does as it did before."""
        if self._thresholds is None:
            return
        self._away.stop()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.disconnect(self._on_state)
        gc.callbacks.remove(self._on_round)
        gc.unfreeze()
        gc.set_threshold(*self._thresholds)
        self._thresholds = None

    def look_at_new(self) -> None:
        """Look through what was made since the last time, if it is much: whoever makes much asks for that again and again.

        The Qt loop looks twice a second. In a flood that would be some hundred thousand objects at a time, which hold up the window for
        some hundredths of a second. What stays is left out without a look; so is the little garbage that comes with it, until everything
        is looked through. Nothing happens where the collector itself is on.
        """
        if self._thresholds is None or gc.isenabled() or gc.get_count()[0] < MUCH:
            return
        if self._stays():
            gc.freeze()
            return
        self._rounds += 1
        gc.collect(1 if self._rounds % _MIDDLE_EVERY == 0 else 0)

    def look_through_all(self) -> None:
        """Find the garbage among what was left out, too: windows and dialogs that have gone, a few kilobytes each."""
        gc.unfreeze()
        gc.collect()

    def _on_round(self, phase: str, info: dict[str, Any]) -> None:
        """The collector has made a round: what has outlived two of them stays. In the thread that collected."""
        if phase == "stop" and info["generation"] >= 1:
            gc.freeze()

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self._away.stop()
        else:
            self._away.start()
