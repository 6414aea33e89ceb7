"""The editor on Qt's own text widget: what there is when Scintilla cannot be imported.

It does the same for whoever types, less the guides, and is slower on long files. Qt counts in UTF-16 units, see
``on_qt.places``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from tasktonic_studio.ui.panels.editor.code_editor import FOREIGN_KEYS, CodeEditor
from tasktonic_studio.ui.panels.editor.hints import LineNote, Underline
from tasktonic_studio.ui.panels.editor.indentation import UNIT, uses_tabs
from tasktonic_studio.ui.panels.editor.marks import Mark, MarkKind
from tasktonic_studio.ui.panels.editor.on_qt.extras import Extras
from tasktonic_studio.ui.panels.editor.on_qt.folds import Folds
from tasktonic_studio.ui.panels.editor.on_qt.highlighter import Colours
from tasktonic_studio.ui.panels.editor.on_qt.margin import Margin
from tasktonic_studio.ui.panels.editor.on_qt.places import PARAGRAPH, Places
from tasktonic_studio.ui.panels.editor.on_qt.text_edit import TextEdit
from tasktonic_studio.ui.panels.editor.searching import Span
from tasktonic_studio.ui.panels.editor.text_widget import Change, Look, TextWidget
from tasktonic_studio.ui.widgets.in_portions import InPortions

_NOT_KEPT: Final = (PARAGRAPH, "\ufdd0", "\ufdd1", "\ufeff", "\ufffe")
"""Characters that do not come back: Qt takes three for its own ends of lines, and a byte order mark is eaten on the way."""
_MOST_ZOOM, _LEAST_ZOOM = 20, -6


class PlainEditor(CodeEditor):
    """The fallback: the same keys and colours on Qt's own widget."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loading = False
        self._look: Look | None = None
        self._zoom = 0
        self._marked: list[tuple[QTextCursor, MarkKind]] = []
        self._edit = TextEdit(self)
        self._places = Places(self._edit.document())
        self._margin = Margin(self._edit)
        self._folds = Folds(self._edit)
        self._folding = InPortions(self)
        self._extras = Extras(self._edit, self._places)
        self._colours: Colours | None = Colours(self._edit.document())
        self._hold(self._edit)
        self._edit.textChanged.connect(self._on_changed)
        self._edit.modificationChanged.connect(self._on_modification)
        self._edit.cursorPositionChanged.connect(self._on_caret)
        self._edit.updateRequest.connect(self._on_update_request)
        self._edit.blockCountChanged.connect(self._margin.fit)
        self._edit.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._edit.horizontalScrollBar().valueChanged.connect(self._on_scrolled)
        self._margin.clicked.connect(self.margin_clicked)
        self._margin.fold_clicked.connect(self.toggle_fold)

    def _take_text_of(self, other: TextWidget) -> None:
        assert isinstance(other, PlainEditor)
        # The other one colours the words of both.
        self._colours = None
        self._edit.setDocument(other._document())
        self._places = other._places
        self._extras = Extras(self._edit, self._places)
        self._edit.set_notes(other._edit.notes())
        if self._look is not None:
            self.apply_look(self._look)

    def _take_language(self) -> None:
        if self._colours is not None:
            self._colours.set_language(self.language)

    # ---- text -----------------------------------------------------------------------------------------------------

    def input_widget(self) -> QAbstractScrollArea:
        return self._edit

    def can_hold(self, text: str) -> bool:
        return not any(character in text for character in _NOT_KEPT)

    def text(self) -> str:
        # Not toPlainText: that would turn every no-break space into a space.
        return self._document().toRawText().replace(PARAGRAPH, "\n")

    def set_text(self, text: str) -> None:
        self.unit = "\t" if uses_tabs(text) else UNIT
        self._loading = True
        try:
            document = self._document()
            if self._colours is not None:
                self._colours.make_way_for(text)
            self._edit.setPlainText(text)
            if self._colours is not None:
                self._colours.take_up(document)
            document.setModified(False)
        finally:
            self._loading = False
        self._margin.fit()
        self._extras.paint()

    def selection(self) -> Span:
        cursor = self._edit.textCursor()
        return self._places.character(cursor.selectionStart()), self._places.character(cursor.selectionEnd())

    def caret(self) -> int:
        return self._places.character(self._edit.textCursor().position())

    def select(self, start: int, end: int) -> None:
        cursor = self._edit.textCursor()
        cursor.setPosition(self._places.unit(start))
        cursor.setPosition(self._places.unit(end), QTextCursor.MoveMode.KeepAnchor)
        self._edit.setTextCursor(cursor)
        self._edit.ensureCursorVisible()

    def replace(self, start: int, end: int, text: str) -> None:
        if self.is_read_only():
            return
        cursor = self._edit.textCursor()
        cursor.setPosition(self._places.unit(start))
        cursor.setPosition(self._places.unit(end), QTextCursor.MoveMode.KeepAnchor)
        cursor.beginEditBlock()
        cursor.insertText(text)
        cursor.endEditBlock()
        self._edit.setTextCursor(cursor)
        self._edit.ensureCursorVisible()

    def replace_many(self, changes: Sequence[Change]) -> None:
        if self.is_read_only() or not changes:
            return
        unit = self._places.unit
        # From the last to the first, so that no change moves the place of another.
        places = [(unit(start), unit(end), text) for start, end, text in sorted(changes, reverse=True)]
        # One cursor makes all changes, for that is what makes them one step.
        cursor = QTextCursor(self._document())
        cursor.beginEditBlock()
        for start, end, text in places:
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(text)
        cursor.endEditBlock()

    def line_count(self) -> int:
        return self._edit.blockCount()

    def line_of(self, position: int) -> int:
        return self._document().findBlock(self._places.unit(position)).blockNumber() + 1

    def line_start(self, line: int) -> int:
        return self._places.character(self._document().findBlockByNumber(line - 1).position())

    def line_text(self, line: int) -> str:
        return self._document().findBlockByNumber(line - 1).text()

    def _document(self) -> QTextDocument:
        return self._edit.document()

    # ---- editing --------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        self._edit.undo()

    def redo(self) -> None:
        self._edit.redo()

    def can_undo(self) -> bool:
        return self._document().isUndoAvailable()

    def can_redo(self) -> bool:
        return self._document().isRedoAvailable()

    def cut(self) -> None:
        self._edit.cut()

    def copy(self) -> None:
        self._edit.copy()

    def paste(self) -> None:
        self._edit.paste()

    def select_all(self) -> None:
        self._edit.selectAll()

    def mark_saved(self) -> None:
        self._document().setModified(False)

    def is_dirty(self) -> bool:
        return self._document().isModified()

    def set_read_only(self, read_only: bool) -> None:
        self._edit.setReadOnly(read_only)
        if read_only:
            # Reading goes by keyboard too; Qt takes the caret away with the right to write.
            self._edit.setTextInteractionFlags(
                self._edit.textInteractionFlags() | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )

    def is_read_only(self) -> bool:
        return self._edit.isReadOnly()

    def _took_key(self, event: QKeyEvent) -> bool:
        if super()._took_key(event):
            return True
        if self.is_read_only():
            return False
        key, modifiers = event.key(), event.modifiers()
        if modifiers == Qt.KeyboardModifier.ControlModifier and key < 128 and chr(key) in FOREIGN_KEYS:
            return True
        if key == Qt.Key.Key_Backtab:
            self.move_out()
        elif key == Qt.Key.Key_Tab and modifiers == Qt.KeyboardModifier.NoModifier:
            self.move_in()
        elif key == Qt.Key.Key_Backspace and modifiers == Qt.KeyboardModifier.NoModifier and self._in_indent():
            self._step_back()
        else:
            return False
        return True

    def _in_indent(self) -> bool:
        start, end = self.selection()
        before = self.line_text(self.line_of(start))[: self.column() - 1]
        return start == end and before != "" and not before.strip(" ")

    def _step_back(self) -> None:
        caret = self.caret()
        self.replace(caret - ((self.column() - 2) % len(UNIT) + 1), caret, "")

    # ---- folds ----------------------------------------------------------------------------------------------------

    def toggle_fold(self, line: int) -> None:
        self._folds.toggle(line)

    def fold_all(self, folded: bool) -> None:
        self._folding.start(self._in_sight(self._folds.folding_all(folded)))

    def is_hidden(self, line: int) -> bool:
        return not self._document().findBlockByNumber(line - 1).isVisible()

    def show_line(self, line: int) -> None:
        self._folds.reveal(self._document().findBlockByNumber(line - 1))

    # ---- marks and colours ----------------------------------------------------------------------------------------

    def _show_marks(self, marks: Sequence[Mark]) -> None:
        document = self._document()
        # A cursor moves with its line when others come or go before it.
        self._marked = [(QTextCursor(document.findBlockByNumber(mark.line - 1)), mark.kind) for mark in marks]
        self._extras.show_marks(marks)
        self._margin.show_marks(marks)

    def marked_lines(self, kind: MarkKind) -> list[int]:
        return sorted({cursor.blockNumber() + 1 for cursor, its in self._marked if its is kind})

    def set_hits(self, hits: Sequence[Span]) -> None:
        self._extras.show_hits(hits)

    def _show_underlines(self, underlines: Sequence[Underline]) -> None:
        self._extras.show_underlines(underlines)

    def underlines_at(self, position: int) -> list[Underline]:
        return self._extras.underlines_at(position)

    def _show_line_notes(self, notes: Mapping[int, LineNote]) -> None:
        self._edit.set_notes(notes)

    def line_note(self, line: int) -> LineNote | None:
        return self._edit.notes().get(line)

    def color_at(self, position: int) -> QColor:
        unit = self._places.unit(position)
        block = self._document().findBlock(unit)
        into = unit - block.position()
        for found in block.layout().formats():
            if found.start <= into < found.start + found.length:
                return found.format.foreground().color()
        return self._look.color("editor_text") if self._look is not None else self.palette().text().color()

    def apply_look(self, look: Look) -> None:
        self._look = look
        self._pinned.dress(look)
        if self._colours is not None:
            self._colours.set_look(look)
        palette = self._edit.palette()
        palette.setColor(palette.ColorRole.Base, look.color("editor_back"))
        palette.setColor(palette.ColorRole.Text, look.color("editor_text"))
        palette.setColor(palette.ColorRole.Highlight, look.color("editor_selection_back"))
        palette.setColor(palette.ColorRole.HighlightedText, look.color("editor_text"))
        self._edit.setPalette(palette)
        self._edit.setCursorWidth(2)
        self._edit.set_note_color(look.color("editor_line_number"))
        self._margin.dress(look)
        self._fit_font()
        self._extras.dress(look)

    def _fit_font(self) -> None:
        if self._look is None:
            return
        font = QFont(self._look.font)
        font.setPointSizeF(max(4.0, font.pointSizeF() + self._zoom))
        document = self._document()
        if document.defaultFont() != font:
            document.setDefaultFont(font)
        self._edit.setTabStopDistance(QFontMetricsF(font).horizontalAdvance(" ") * len(UNIT))
        self._margin.fit()

    # ---- view -----------------------------------------------------------------------------------------------------

    def zoom_level(self) -> int:
        return self._zoom

    def set_zoom(self, points: int) -> None:
        points = min(_MOST_ZOOM, max(_LEAST_ZOOM, points))
        if points != self._zoom:
            self._zoom = points
            self._fit_font()

    def _zoom_by(self, step: int) -> None:
        self.set_zoom(self._zoom + step)
        self.zoomed.emit(self._zoom)

    def first_visible_line(self) -> int:
        return self._edit.firstVisibleBlock().blockNumber() + 1

    def visible_line_count(self) -> int:
        height = self._edit.blockBoundingRect(self._edit.firstVisibleBlock()).height()
        return int(self._edit.viewport().height() / height) if height > 0 else 0

    def scroll_to(self, first_line: int) -> None:
        # Counted in lines that are shown.
        self._edit.verticalScrollBar().setValue(self._document().findBlockByNumber(first_line - 1).firstLineNumber())

    def place_of(self, position: int) -> QRect:
        cursor = self._places.cursor(position, position)
        place = self._edit.cursorRect(cursor)
        return QRect(place.left(), place.top(), 1, place.height())

    def position_at(self, point: QPoint) -> int | None:
        row = self._edit.row_at(point.y())
        layout = row.block.layout() if row is not None else None
        if row is None or layout is None or not layout.lineCount():
            return None
        line = layout.lineAt(0)
        x = point.x() - row.box.left()
        if not 0 <= x < line.naturalTextRect().right():
            return None
        into = line.xToCursor(x, line.CursorPosition.CursorOnCharacter)
        return self._places.character(row.block.position() + int(into))

    def line_at(self, point: QPoint) -> int | None:
        row = self._edit.row_at(point.y())
        return row.line if row is not None else None

    # ---- what the widget tells ------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        if not self._loading:
            self._folds.follow_edit()
            self.changed.emit()

    def _on_modification(self, dirty: bool) -> None:
        self.dirty_changed.emit(dirty)

    def _on_caret(self) -> None:
        self._folds.reveal(self._edit.textCursor().block())
        self._extras.paint()
        self.caret_moved.emit()

    def _on_update_request(self, area: QRect, scrolled: int) -> None:
        if scrolled:
            self._margin.scroll(0, scrolled)
        else:
            self._margin.update(0, area.top(), self._margin.width(), area.height())

    def _on_scrolled(self) -> None:
        self._extras.follow_scrolling()
        self.scrolled.emit()

    def _on_resized(self) -> None:
        self._margin.fit()
        self._extras.follow_scrolling()
        self._centre()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 100)
