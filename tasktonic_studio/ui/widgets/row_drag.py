"""Rows of a table that are put in another place with the mouse."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from tasktonic_studio.ui.guard import guarded

_LINE_PX = 2


class RowDrag(QObject):
    """Watches the mouse over a table; a line shows where the row would go. Esc, or letting go where it was, leaves it there.

    What is dragged is known by its number and not by its row: rows may come and go on the way.

    Args:
        table: its rows are of one height; the table owns this.
        number_at: the number of what may be dragged in a row, 0 for what may not.
        numbers: that of every row, to find where it was let go.
    """

    dropped = Signal(object, object)
    """The number of what was dragged, and of what it was put before; 0 for the end."""

    def __init__(self, table: QTableView, number_at: Callable[[int], int], numbers: Callable[[int], int]) -> None:
        super().__init__(table)
        self._table = table
        self._number_at = number_at
        self._numbers = numbers
        self._pressed: QPoint | None = None
        self._number = 0
        self.line = QWidget(table.viewport())
        self.line.setAutoFillBackground(True)
        self.line.setBackgroundRole(QPalette.ColorRole.Highlight)
        self.line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.line.hide()
        table.viewport().installEventFilter(self)
        table.installEventFilter(self)

    @property
    def is_dragging(self) -> bool:
        """Whether a row is on its way."""
        return not self.line.isHidden()

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The mouse over the rows, and Esc."""
        kind = event.type()
        if isinstance(event, QKeyEvent):
            is_esc = self.is_dragging and event.key() == Qt.Key.Key_Escape
            if is_esc and kind == QEvent.Type.ShortcutOverride:
                event.accept()
            elif is_esc and kind == QEvent.Type.KeyPress:
                self._stop()
            return is_esc
        if not isinstance(event, QMouseEvent) or watched is not self._table.viewport():
            return False
        if kind == QEvent.Type.MouseButtonPress:
            self._press(event)
        elif kind == QEvent.Type.MouseMove and self._pressed is not None:
            self._move(event.position().toPoint())
            return True  # the table would choose all rows on the way
        elif kind == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            self._release(event.position().toPoint())
        return False

    def _press(self, event: QMouseEvent) -> None:
        self._stop()
        is_plain = event.button() == Qt.MouseButton.LeftButton and event.modifiers() == Qt.KeyboardModifier.NoModifier
        at = event.position().toPoint()
        number = self._number_at(self._table.rowAt(at.y())) if is_plain else 0
        if number:
            self._pressed, self._number = at, number

    def _move(self, at: QPoint) -> None:
        assert self._pressed is not None
        if not self.is_dragging and (at - self._pressed).manhattanLength() < QApplication.startDragDistance():
            return
        bar = self._table.verticalScrollBar()
        if at.y() < 0:
            bar.setValue(bar.value() - 1)
        elif at.y() >= self._table.viewport().height():
            bar.setValue(bar.value() + 1)
        row = self._place_at(at)
        model = self._table.model()
        last = row == model.rowCount()
        rect = self._table.visualRect(model.index(row - last, 0))
        y = rect.bottom() + 1 if last else rect.top()
        self.line.setGeometry(0, max(0, y - _LINE_PX // 2), self._table.viewport().width(), _LINE_PX)
        self.line.show()
        self.line.raise_()

    def _release(self, at: QPoint) -> None:
        was_dragging, number = self.is_dragging, self._number
        self._stop()
        if not was_dragging:
            return
        row, count = self._place_at(at), self._table.model().rowCount()
        before = self._numbers(row) if row < count else 0
        above = self._numbers(row - 1) if row else 0
        if number not in (before, above):
            self.dropped.emit(number, before)

    def _place_at(self, at: QPoint) -> int:
        """The row before which something would stand that is let go here."""
        count = self._table.model().rowCount()
        row = self._table.rowAt(max(0, min(at.y(), self._table.viewport().height() - 1)))
        if row < 0:
            return count
        middle = self._table.visualRect(self._table.model().index(row, 0)).center().y()
        return row + (at.y() > middle)

    def _stop(self) -> None:
        self._pressed, self._number = None, 0
        self.line.hide()
