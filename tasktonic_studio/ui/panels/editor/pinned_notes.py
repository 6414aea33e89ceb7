"""Notes for which there is no room behind their lines: they stand at the right edge, over the text. The same for both widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter

from tasktonic_studio.ui.panels.editor.text_widget import Look

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor

_GAP_PX: Final = 24
"""Between the end of a line and its note."""
_PAD_PX: Final = 6


class PinnedNotes:
    """Made and owned by the editor, whose widget has them painted over what it has painted itself."""

    def __init__(self, editor: CodeEditor) -> None:
        self._editor = editor
        self._look: Look | None = None
        self.are_there = False
        """Whether any line has a note."""

    def dress(self, look: Look) -> None:
        """Take on the colours of a theme."""
        self._look = look

    def place_of(self, line: int) -> QRect | None:
        """Where the note of a line stands in the viewport, if it is pinned. The line with the caret is left to who writes in it."""
        editor = self._editor
        note = editor.line_note(line)
        if note is None or editor.line_of(editor.caret()) == line:
            return None
        end = editor.place_of(editor.line_start(line) + len(editor.line_text(line)))
        width = QFontMetrics(self._font()).horizontalAdvance(note.text) + 2 * _PAD_PX
        edge = editor.input_widget().viewport().width()
        if end.left() + _GAP_PX + width <= edge or width > edge // 2:
            # Where it would lie over more than half of the text, that counts more: a note of which one cannot see whose it is.
            return None
        return QRect(edge - width, end.top(), width, end.height())

    def update(self) -> None:
        """Text moved below what stands still."""
        if self.are_there:
            self._editor.input_widget().viewport().update()

    def paint(self) -> None:
        """Paint those of the lines on screen; to be called while the viewport is painted."""
        if not self.are_there or self._look is None:
            return
        editor = self._editor
        painter = QPainter(editor.input_widget().viewport())
        try:
            painter.setFont(self._font())
            first = editor.first_visible_line()
            for line in range(first, min(editor.line_count(), first + 4 * editor.visible_line_count()) + 1):
                if editor.is_hidden(line):
                    continue
                place = self.place_of(line)
                if place is not None:
                    self._paint(painter, place, line, self._look)
        finally:
            painter.end()

    def _paint(self, painter: QPainter, place: QRect, line: int, look: Look) -> None:
        note = self._editor.line_note(line)
        painter.fillRect(place, look.color("editor_back"))
        painter.setPen(look.color("border"))
        painter.drawLine(place.topLeft(), place.bottomLeft())
        painter.setPen(look.color("editor_line_number"))
        words = place.adjusted(_PAD_PX, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, note.text if note else "")

    def _font(self) -> QFont:
        if self._look is None:
            return self._editor.font()
        font = QFont(self._look.font)
        font.setPointSizeF(max(4.0, font.pointSizeF() + self._editor.zoom_level()))
        font.setItalic(True)
        return font
