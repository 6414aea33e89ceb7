"""The program whose loop turns a Qt catalyst that is not the main one: its thread, and the moment at which it quits."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject


class HostThread(threading.Thread):
    """Stands for the thread of a loop that others turn: never started, and joined by waiting for the catalyst's end.

    Made with the catalyst, and listens from then on: the program may quit before its loop has turned the catalyst once.

    Args:
        name: that of the catalyst.
        app: the application object of the program.
        quits: called in the thread of the loop when the program quits.
    """

    def __init__(self, name: str, app: QCoreApplication, quits: Callable[[], None]) -> None:
        super().__init__(name=name, daemon=True)
        self.has_ended = threading.Event()
        self._leaving = _Leaving(app, quits)

    def join(self, timeout: float | None = None) -> None:
        self.has_ended.wait(timeout)

    def left(self) -> None:
        """The catalyst has ended. In the thread of the loop."""
        self._leaving.close()
        self.has_ended.set()


class _Leaving(QObject):
    """Hears in the thread of the loop that it is left, whichever thread made this: a plain function would be called in none."""

    def __init__(self, app: QCoreApplication, quits: Callable[[], None]) -> None:
        super().__init__()
        self._app = app
        self._quits = quits
        self.moveToThread(app.thread())
        app.aboutToQuit.connect(self.about_to_quit)

    def about_to_quit(self) -> None:
        self._quits()

    def close(self) -> None:
        """Hear no more. In the thread of the loop."""
        self._app.aboutToQuit.disconnect(self.about_to_quit)
        self.deleteLater()
