"""What a held app shows in its own windows: a strip at the top, and a word in the title, so that nobody thinks it hangs."""

from __future__ import annotations

import contextlib
from typing import Final

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

TITLE: Final = "❚❚ held — "
WORDS: Final = "❚❚  Held by TaskTonic Studio: what you do here waits until it is let go"
SHORT: Final = "❚❚  Held by TaskTonic Studio"
# Its own colours, dark on amber: it has to stand out in any program, whatever that has put on.
_FILL: Final = QColor("#e69f00")
_TEXT: Final = QColor("#1b1f26")
_PADDING_PX: Final = 4


class HeldSign(QObject):
    """Signs all top windows of the program while its catalyst is held, those that open meanwhile too.

    Made by the driver when the catalyst is held, closed when it is let go. In the thread of the Qt loop. It touches nothing of
    the app but the titles, and of these it takes away no more than it has put there.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        self._signed: dict[QWidget, _Strip] = {}
        app.installEventFilter(self)
        for window in app.topLevelWidgets():
            self._sign(window)

    def close(self) -> None:
        """Take the signs away. In the thread of the loop."""
        self._app.removeEventFilter(self)
        for window, strip in self._signed.items():
            if shiboken6.isValid(window):
                title = window.windowTitle()
                if title.startswith(TITLE):  # the app may have put something behind it meanwhile
                    window.setWindowTitle(title.removeprefix(TITLE))
                strip.hide()
                strip.deleteLater()
        self._signed.clear()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sign a window that opens; keep the strip at the top of one that changes its size."""
        with contextlib.suppress(RuntimeError):  # being deleted
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                self._sign(watched)
            elif event.type() == QEvent.Type.Resize and watched in self._signed:
                self._signed[watched].place()
        return False

    def _sign(self, window: QWidget) -> None:
        if window in self._signed or not window.isVisible() or not _is_window_of_its_own(window):
            return
        window.setWindowTitle(TITLE + window.windowTitle())
        self._signed[window] = _Strip(window)


def _is_window_of_its_own(window: QWidget) -> bool:
    """A window or a dialog; no menu, tool tip or splash screen."""
    return window.windowType() in (Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Tool, Qt.WindowType.Widget)


class _Strip(QWidget):
    """The strip in one window. Lies over what is there, takes no clicks and no focus."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("tasktonic_held_sign")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(SHORT)
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """At the top, as wide as the window."""
        self.setGeometry(QRect(0, 0, self._window.width(), self.fontMetrics().height() + 2 * _PADDING_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say it; with fewer words where there is little room."""
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), _FILL)
            painter.setPen(_TEXT)
            room = self.width() - 4 * _PADDING_PX
            words = next(
                (text for text in (WORDS, SHORT, "❚❚  Held") if self.fontMetrics().horizontalAdvance(text) <= room),
                "❚❚",
            )
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
        finally:
            painter.end()
