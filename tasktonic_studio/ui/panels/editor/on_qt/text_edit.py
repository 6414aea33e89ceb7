"""Qt's text widget, with the keys, menus and notes that are the Studio's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.hints import LineNote

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.plain import PlainEditor

_NOTE_GAP_PX: Final = 24


class Row(NamedTuple):
    """One line on screen."""

    block: QTextBlock
    box: QRectF
    """In the viewport."""

    @property
    def line(self) -> int:
        """From 1."""
        return self.block.blockNumber() + 1


class TextEdit(QPlainTextEdit):
    """Made by the plain editor, which it tells what happens."""

    def __init__(self, owner: PlainEditor) -> None:
        super().__init__(owner)
        self._owner = owner
        self._notes: list[tuple[QTextCursor, LineNote]] = []
        self._found: tuple[int, dict[int, LineNote]] | None = None
        """The notes by their lines, for a revision of the text."""
        self._note_color = QColor()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "code")
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)

    def rows(self) -> Iterator[Row]:
        """The lines on screen, from top to bottom."""
        block = self.firstVisibleBlock()
        bottom = self.viewport().height()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if box.top() > bottom:
                return
            if block.isVisible():
                yield Row(block, box)
            block = block.next()

    def row_at(self, y: float) -> Row | None:
        """The line at this height of the viewport."""
        return next((row for row in self.rows() if row.box.top() <= y < row.box.bottom()), None)

    def set_left_margin(self, width: int) -> None:
        self.setViewportMargins(width, 0, 0, 0)

    # ---- notes ----------------------------------------------------------------------------------------------------

    def set_notes(self, notes: Mapping[int, LineNote]) -> None:
        """Draw these behind their lines, which count from 1."""
        if notes != self.notes():
            document = self.document()
            blocks = ((document.findBlockByNumber(line - 1), note) for line, note in notes.items())
            # A cursor moves with its line when others come or go before it.
            self._notes = [(QTextCursor(block), note) for block, note in blocks if block.isValid()]
            self._found = None
            self.viewport().update()

    def notes(self) -> dict[int, LineNote]:
        """By the lines where they are now."""
        revision = self.document().revision()
        if self._found is None or self._found[0] != revision:
            # Asked for with each blink of the caret.
            self._found = revision, {cursor.blockNumber() + 1: note for cursor, note in self._notes}
        return self._found[1]

    def set_note_color(self, color: QColor) -> None:
        self._note_color = color
        self.viewport().update()

    @guarded(None)
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._notes:
            painter = QPainter(self.viewport())
            try:
                self._paint_notes(painter)
            finally:
                painter.end()
            self._owner._pinned.paint()

    def _paint_notes(self, painter: QPainter) -> None:
        notes = self.notes()
        font = self.document().defaultFont()
        font.setItalic(True)
        painter.setFont(font)
        painter.setPen(self._note_color)
        metrics = QFontMetricsF(font)
        for row in self.rows():
            note = notes.get(row.line)
            layout = row.block.layout()
            if note is not None and layout.lineCount():
                left = row.box.left() + layout.lineAt(0).naturalTextRect().right() + _NOTE_GAP_PX
                painter.drawText(QPointF(left, row.box.top() + metrics.ascent()), note.text)

    # ---- what happens ---------------------------------------------------------------------------------------------

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._owner._took_key(event):
            super().keyPressEvent(event)
            self._owner._after_key(event)

    @guarded(None)
    def insertFromMimeData(self, source: QMimeData) -> None:
        """What is pasted or dropped. A zero, which no source may have in it, becomes a space: so it does in the other editor."""
        if "\0" in source.text():
            clean = QMimeData()
            clean.setText(source.text().replace("\0", " "))
            super().insertFromMimeData(clean)
        else:
            super().insertFromMimeData(source)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._owner._want_menu(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._owner.focus_entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._owner.focus_left.emit()

    @guarded(None)
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = event.angleDelta().y()
            self._owner._zoom_by((turned > 0) - (turned < 0))
            event.accept()
        else:
            super().wheelEvent(event)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._owner._on_resized()

    @guarded(None)
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # The style sheet of the window sets a size for every widget, and with it the font of the text.
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._owner._fit_font()
