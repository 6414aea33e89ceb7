"""Go to a line by its number."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from tasktonic_studio.ui.theme import tokens


def parse_place(words: str) -> tuple[int, int] | None:
    """Line and column from what somebody typed: ``120`` or ``120:8``; None when it is neither."""
    line, _, column = words.strip().partition(":")
    if not (line.isdecimal() and (column.isdecimal() or not column)):
        return None
    return int(line), int(column or 1)


class LineBar(QWidget):
    """A line to type a number in. Owned by the editor's view."""

    chosen = Signal(int, int)
    """Line and column, both from 1."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = 0
        self.number = QLineEdit(self)
        self.number.setAccessibleName("Go to line")
        self.number.setMaxLength(12)
        self.hint = QLabel(self)
        self.hint.setProperty("role", "muted")
        row = QHBoxLayout(self)
        space = tokens.SMALL_SPACE_PX
        row.setContentsMargins(2 * space, space, 2 * space, space)
        row.addWidget(self.number)
        row.addWidget(self.hint, 1)
        self.number.returnPressed.connect(self._on_enter)
        self.hide()

    def open(self, line: int, lines: int) -> None:
        """Ask for a line of a text with so many lines, the caret being in one of them."""
        self._lines = lines
        self.number.setText(str(line))
        self.number.setPlaceholderText("Line")
        self.hint.setText(f"Line 1 to {lines}, or line:column; Enter goes there")
        self.show()
        self.number.selectAll()
        self.number.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _on_enter(self) -> None:
        place = parse_place(self.number.text())
        if place is None:
            self.hint.setText(
                f"“{self.number.text()}” is no line. Type a number from 1 to {self._lines}, such as 12 or 12:5."
            )
            return
        self.hide()
        self.chosen.emit(*place)
