"""Alt+click: ask why of what was clicked, in every panel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QMenuBar, QTabBar, QWidget

from tasktonic_studio.ui.guard import guarded


class AltClick(QObject):
    """Hears what comes to the window as a whole, before its widgets do: a few events instead of those of every widget.

    Args:
        window: which window.
        asks: called once the click has selected what is under it.
    """

    def __init__(self, window: QWidget, asks: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._asks = asks
        self._heard: QObject | None = None
        window.installEventFilter(self)

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window:
            if event.type() == QEvent.Type.Show:
                self._hear()
        elif isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            is_click = event.button() == Qt.MouseButton.LeftButton
            if is_click and event.modifiers() == Qt.KeyboardModifier.AltModifier and self._is_thing(event):
                QTimer.singleShot(0, self, self._ask)
        return False

    def _hear(self) -> None:
        handle = self._window.windowHandle()
        if handle is not self._heard:
            self._heard = handle
            handle.installEventFilter(self)

    def _is_thing(self, event: QMouseEvent) -> bool:
        """Whether the click was on something that can be selected, and on no control. Alt selects columns in an editor."""
        at: QPoint = event.position().toPoint()
        clicked = self._window.childAt(at)
        return not any(_keeps_its_click(widget) for widget in _with_parents(clicked, self._window))

    def _ask(self) -> None:
        self._asks()


def _with_parents(widget: Any, window: QWidget) -> Iterator[QWidget]:
    """A widget and all around it in the window; nothing for none."""
    while isinstance(widget, QWidget) and widget is not window:
        yield widget
        widget = widget.parentWidget()


def _keeps_its_click(widget: QWidget) -> bool:
    is_editor = widget.inherits("ScintillaEditBase") or widget.inherits("QPlainTextEdit")
    return is_editor or isinstance(widget, (QAbstractButton, QLineEdit, QMenuBar, QTabBar))
