"""Two lines to type in, to find and to replace, with their switches: what a search in a file and one in a project have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from tasktonic_studio.analysis.text_search import Query
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.line_buttons import LineButton
from tasktonic_studio.ui.theme import tokens

_NARROWEST_PX: Final = 120
_LINE_PX: Final = 90
"""A line to type in is at least so wide."""


class SearchLine(QLineEdit):
    """A line that tells with which modifiers Enter was pressed."""

    entered = Signal(bool)
    """Enter; True with Shift."""
    left = Signal()
    """Escape."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class SearchLines(QWidget):
    """Buttons stand beside the lines, or below them where there is no room. A subclass says in ``arrange`` where, and calls `fold` once.

    Args:
        hint: stands in the empty line to find.
        name: what that line is called aloud.
        parent: as in Qt.
    """

    def __init__(self, hint: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.query = SearchLine(self)
        self.query.setPlaceholderText(hint)
        self.query.setClearButtonEnabled(True)
        self.query.setAccessibleName(name)
        self.query.setMinimumWidth(_LINE_PX)
        self.replacement = SearchLine(self)
        self.replacement.setPlaceholderText("Replace with")
        self.replacement.setAccessibleName("Replace with")
        self.match_case = LineButton("Aa", "Match upper and lower case", self, toggles=True)
        self.whole_word = LineButton("Word", "Whole words only", self, toggles=True)
        self.is_pattern = LineButton(".*", "The text is a regular expression, such as on_\\w+", self, toggles=True)
        self.switches = (self.match_case, self.whole_word, self.is_pattern)
        self.grid = QGridLayout()
        self.grid.setSpacing(tokens.SMALL_SPACE_PX)
        self.grid.setColumnStretch(0, 1)
        self._beside: tuple[QWidget, ...] = ()
        self._room_px = 0
        self._is_narrow: bool | None = None

    def asked(self) -> Query:
        """What is looked for."""
        return Query(self.query.text(), *(switch.isChecked() for switch in self.switches))

    def row(self, widgets: Sequence[QWidget], gap_px: int) -> QWidget:
        """These side by side, at the left of what room there is."""
        holder = QWidget(self)
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(gap_px)
        for widget in widgets:
            layout.addWidget(widget)
        layout.addStretch()
        return holder

    def fold(self, beside: Sequence[QWidget], room_px: int) -> None:
        """Put all in its place, and again whenever the width wants it otherwise.

        Args:
            beside: what stands beside the lines where there is room.
            room_px: what a line needs besides.
        """
        self._beside, self._room_px = tuple(beside), room_px
        self._fold(narrow=False)

    def arrange(self, *, narrow: bool) -> None:
        """Put the buttons beside the lines, or below them."""
        raise NotImplementedError

    def _fold(self, *, narrow: bool) -> None:
        if narrow != self._is_narrow:
            self._is_narrow = narrow
            self.arrange(narrow=narrow)

    def minimumSizeHint(self) -> QSize:
        # The arrangement follows the width, and not the other way round.
        return QSize(_NARROWEST_PX, super().minimumSizeHint().height())

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = max(widget.sizeHint().width() for widget in self._beside) + self._room_px
        self._fold(narrow=event.size().width() < room)
