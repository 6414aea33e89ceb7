"""The window as a tonic: it holds the workbench and asks before it closes; no other logic."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent

from tasktonic.qt import ttPysideWindow
from tasktonic_studio.ui.opening import LESSON_SUFFIX, RUN_SUFFIX
from tasktonic_studio.ui.parts import Parts
from tasktonic_studio.ui.workbench import Workbench

USUAL_SIZE: Final = QSize(1440, 900)
LEAST_SIZE: Final = QSize(720, 460)


class MainWindow(ttPysideWindow):
    """The Studio's one window. Made by the root tonic of `app.py`; lives on the Qt catalyst.

    Args:
        parts: what the window is made from.
        on_closed: called when the user has closed it, before it goes.
    """

    def __init__(self, parts: Parts, on_closed: Callable[[], None], **kwargs: Any) -> None:
        self._parts = parts
        self._on_closed = on_closed
        super().__init__(**kwargs)

    def setup_ui(self) -> None:
        self.setWindowTitle("TaskTonic Studio")
        self.setMinimumSize(LEAST_SIZE)
        self.resize(USUAL_SIZE)
        self.bench = Workbench(self, self._parts)
        self.setWindowIcon(self.bench.icons.icon("app", "accent"))
        self.setAcceptDrops(True)
        geometry = self._parts.layouts.window
        if geometry is not None:
            self.restoreGeometry(geometry)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Traces, scripts and lessons may be dropped anywhere on the window."""
        if any(file.endswith((RUN_SUFFIX, LESSON_SUFFIX, ".py")) for file in _files(event)):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.bench.open_dropped(_files(event)):
            event.acceptProposedAction()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Where Tab leads, from anywhere in the window."""
        return self.bench.area.tab_in_sight(partial(super().focusNextPrevChild, forward))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask what has to be asked; then let the inside go, and the app after it."""
        if not self.bench.may_close():
            event.ignore()
            return
        self.bench.shut()
        self._on_closed()
        event.accept()

    def ttse__on_finished(self) -> None:
        """The app ends by another way than the window's button: keep what is to be kept all the same."""
        self.bench.shut()


def _files(event: QDropEvent) -> list[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
