"""The editor on Qt's own text widget: what there is when Scintilla cannot be imported.

It does the same for whoever types, less the folds and the guides, and is slower on long files. Qt counts in UTF-16 units;
they differ from characters only in a text with characters beyond U+FFFF, and are converted only there. The file is long
because it is the whole of one widget, method by method the same as Scintilla's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.code_editor import FOREIGN_KEYS, CodeEditor, Look
from tasktonic_studio.ui.panels.editor.indentation import UNIT, uses_tabs
from tasktonic_studio.ui.panels.editor.marks import Mark, MarkKind
from tasktonic_studio.ui.panels.editor.python_tokens import IN_CODE, tokens
from tasktonic_studio.ui.panels.editor.searching import Span

MOST_COLOURED: Final = 200_000
"""Characters; a longer text stays without colours, because giving them would make the window wait."""

_LONG_LINE: Final = 5_000
"""Characters; a longer line is data, and stays without colours."""

_PARAGRAPH: Final = "\u2029"
_NOT_KEPT: Final = (_PARAGRAPH, "\ufdd0", "\ufdd1", "\ufeff", "\ufffe")
"""Characters that do not come back: Qt takes three for its own ends of lines, and a byte order mark is eaten on the way."""
_BEYOND: Final = re.compile("[\U00010000-\U0010ffff]")
_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
_FARTHEST_BRACE: Final = 20_000
_SYMBOLS_WIDTH_PX: Final = 16
_MOST_ZOOM, _LEAST_ZOOM = 20, -6


class _Colours(QSyntaxHighlighter):
    """Colours the words as ``python_tokens`` finds them."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[tuple[str, bool], QTextCharFormat] = {}
        self._look: Look | None = None

    def set_look(self, look: Look) -> None:
        self._look = look
        self._formats.clear()
        self.rehighlight()

    @guarded(None)
    def highlightBlock(self, line: str) -> None:
        if len(line) > _LONG_LINE:
            self.setCurrentBlockState(max(IN_CODE, self.previousBlockState()))
            return
        found, state = tokens(line, max(IN_CODE, self.previousBlockState()))
        self.setCurrentBlockState(state)
        wide = len(line) != len(line.encode("utf-16-le", "surrogatepass")) // 2
        for start, end, role, defined in found:
            if wide:
                start, end = _units(line, start), _units(line, end)
            self.setFormat(start, end - start, self._format(role, defined))

    def _format(self, role: str, bold: bool) -> QTextCharFormat:
        found = self._formats.get((role, bold))
        if found is None:
            found = self._formats[role, bold] = QTextCharFormat()
            if self._look is not None:
                found.setForeground(self._look.color(role))
            if bold:
                found.setFontWeight(QFont.Weight.Bold)
        return found


class _Edit(QPlainTextEdit):
    """Qt's widget, with the keys and menus that are the Studio's own."""

    def __init__(self, owner: PlainEditor) -> None:
        super().__init__(owner)
        self._owner = owner

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._owner._took_key(event):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._owner.menu_wanted.emit(event.globalPos())

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

    def set_left_margin(self, width: int) -> None:
        self.setViewportMargins(width, 0, 0, 0)


class _Margin(QWidget):
    """Marks and line numbers, left of the text."""

    def __init__(self, owner: PlainEditor, edit: QPlainTextEdit) -> None:
        super().__init__(edit)
        self._owner = owner

    @guarded(None)
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self._owner._paint_margin(painter, event.rect())
        finally:
            painter.end()

    @guarded(None)
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            line = self._owner._line_at(event.position().y())
            if line:
                self._owner.margin_clicked.emit(line)


class PlainEditor(CodeEditor):
    """The fallback: the same keys and colours on Qt's own widget."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loading = False
        self._look: Look | None = None
        self._zoom = 0
        self._wide: list[int] | None = None
        self._marks: tuple[Mark, ...] = ()
        self._hits: tuple[Span, ...] = ()
        self._edit = _Edit(self)
        self._edit.setFrameShape(QFrame.Shape.NoFrame)
        self._edit.setProperty("role", "code")
        self._edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._margin = _Margin(self, self._edit)
        self._colours = _Colours(self._edit.document())
        self._hold(self._edit)
        self._edit.textChanged.connect(self._on_changed)
        self._edit.modificationChanged.connect(self._on_modification)
        self._edit.cursorPositionChanged.connect(self._on_caret)
        self._edit.updateRequest.connect(self._on_update_request)
        self._edit.blockCountChanged.connect(self._fit_margin)
        self._edit.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    # ---- text -----------------------------------------------------------------------------------------------------

    def input_widget(self) -> QWidget:
        return self._edit

    def can_hold(self, text: str) -> bool:
        return not any(character in text for character in _NOT_KEPT)

    def text(self) -> str:
        # Not toPlainText: that would turn every no-break space into a space.
        return self._document().toRawText().replace(_PARAGRAPH, "\n")

    def set_text(self, text: str) -> None:
        self.unit = "\t" if uses_tabs(text) else UNIT
        self._loading = True
        try:
            document = self._document()
            coloured = len(text) <= MOST_COLOURED
            attached = self._colours.document() is not None
            if attached and not coloured:
                self._colours.setDocument(None)
            self._edit.setPlainText(text)
            if coloured and not attached:
                self._colours.setDocument(document)
                # Qt would put this off to the next turn of its loop.
                self._colours.rehighlight()
            document.setModified(False)
        finally:
            self._loading = False
        self._wide = None
        self._fit_margin()

    def selection(self) -> Span:
        cursor = self._edit.textCursor()
        return self._character(cursor.selectionStart()), self._character(cursor.selectionEnd())

    def caret(self) -> int:
        return self._character(self._edit.textCursor().position())

    def select(self, start: int, end: int) -> None:
        cursor = self._edit.textCursor()
        cursor.setPosition(self._unit(start))
        cursor.setPosition(self._unit(end), QTextCursor.MoveMode.KeepAnchor)
        self._edit.setTextCursor(cursor)
        self._edit.ensureCursorVisible()

    def replace(self, start: int, end: int, text: str) -> None:
        if self.is_read_only():
            return
        cursor = self._edit.textCursor()
        cursor.setPosition(self._unit(start))
        cursor.setPosition(self._unit(end), QTextCursor.MoveMode.KeepAnchor)
        cursor.beginEditBlock()
        cursor.insertText(text)
        cursor.endEditBlock()
        self._edit.setTextCursor(cursor)
        self._edit.ensureCursorVisible()

    def line_count(self) -> int:
        return self._edit.blockCount()

    def line_of(self, position: int) -> int:
        return self._document().findBlock(self._unit(position)).blockNumber() + 1

    def line_start(self, line: int) -> int:
        return self._character(self._document().findBlockByNumber(line - 1).position())

    def line_text(self, line: int) -> str:
        return self._document().findBlockByNumber(line - 1).text()

    def _document(self) -> QTextDocument:
        return self._edit.document()

    def _wide_ones(self) -> list[int]:
        """Where the characters stand that Qt counts twice."""
        if self._wide is None:
            document = self._document()
            text = document.toRawText()
            # The usual text has none, and is not searched for them.
            pairs = document.characterCount() - 1 - len(text)
            self._wide = [found.start() for found in _BEYOND.finditer(text)] if pairs else []
        return self._wide

    def _unit(self, position: int) -> int:
        units = position + bisect_left(self._wide_ones(), position)
        return min(units, self._document().characterCount() - 1)

    def _character(self, unit: int) -> int:
        wide = self._wide_ones()
        # The nth of them, counted from 0, begins at unit wide[n] + n.
        low, high = 0, len(wide)
        while low < high:
            middle = (low + high) // 2
            if wide[middle] + middle < unit:
                low = middle + 1
            else:
                high = middle
        return unit - low

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

    # ---- marks and colours ----------------------------------------------------------------------------------------

    def set_marks(self, marks: Sequence[Mark]) -> None:
        self._marks = tuple(marks)
        self._paint_extras()
        self._margin.update()

    def set_hits(self, hits: Sequence[Span]) -> None:
        self._hits = tuple(hits)
        self._paint_extras()

    def color_at(self, position: int) -> QColor:
        unit = self._unit(position)
        block = self._document().findBlock(unit)
        into = unit - block.position()
        for found in block.layout().formats():
            if found.start <= into < found.start + found.length:
                return found.format.foreground().color()
        return self._color("editor_text")

    def _color(self, role: str) -> QColor:
        return self._look.color(role) if self._look is not None else self.palette().text().color()

    def _paint_extras(self) -> None:
        """Current line, marked lines, hits and braces: what Qt lays over a text without changing it."""
        if self._look is None:
            return
        extras = [self._whole_line(self._edit.textCursor(), self._color("editor_caret_line"))]
        for mark in (each for each in self._marks if each.kind in (MarkKind.PLACE, MarkKind.STANDS)):
            block = self._document().findBlockByNumber(mark.line - 1)
            extras.append(self._whole_line(QTextCursor(block), self._color("editor_selection_back")))
        hit = _blend(self._color("hit"), self._color("editor_back"))
        extras += [self._extra(span, hit) for span in self._hits_on_screen()]
        for position, matched in self._braces():
            extra = self._extra((position, position + 1), self._color("editor_selection_back"))
            extra.format.setForeground(self._color("editor_brace" if matched else "error"))
            extra.format.setFontWeight(QFont.Weight.Bold)
            extras.append(extra)
        self._edit.setExtraSelections(extras)

    def _hits_on_screen(self) -> Sequence[Span]:
        """Qt lays out every line with an extra: those out of sight would make each key press wait."""
        if not self._hits:
            return ()
        first = self.first_visible_line()
        last = min(self.line_count(), first + self.visible_line_count() + 1)
        begin, end = self.line_start(first), self.line_start(last) + len(self.line_text(last))
        return self._hits[bisect_left(self._hits, (begin, 0)) : bisect_left(self._hits, (end + 1, 0))]

    def _whole_line(self, cursor: QTextCursor, back: QColor) -> QTextEdit.ExtraSelection:
        extra = QTextEdit.ExtraSelection()
        cursor.clearSelection()
        extra.cursor = cursor
        extra.format.setBackground(back)
        extra.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        return extra

    def _extra(self, span: Span, back: QColor) -> QTextEdit.ExtraSelection:
        extra = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self._document())
        cursor.setPosition(self._unit(span[0]))
        cursor.setPosition(self._unit(span[1]), QTextCursor.MoveMode.KeepAnchor)
        extra.cursor = cursor
        extra.format.setBackground(back)
        return extra

    def _braces(self) -> list[tuple[int, bool]]:
        """The brace at the caret and the one that belongs to it, with whether they belong together."""
        caret = self.caret()
        line = self.line_text(self.line_of(caret))
        near = line[max(0, self.column() - 2) : self.column()]
        if not any(sign in "()[]{}" for sign in near):
            return []
        text = self.text()
        for position in (caret - 1, caret):
            if 0 <= position < len(text) and text[position] in "()[]{}":
                other = _partner(text, position)
                return [(position, other >= 0)] + ([(other, True)] if other >= 0 else [])
        return []

    def apply_look(self, look: Look) -> None:
        self._look = look
        self._colours.set_look(look)
        palette = self._edit.palette()
        palette.setColor(palette.ColorRole.Base, look.color("editor_back"))
        palette.setColor(palette.ColorRole.Text, look.color("editor_text"))
        palette.setColor(palette.ColorRole.Highlight, look.color("editor_selection_back"))
        palette.setColor(palette.ColorRole.HighlightedText, look.color("editor_text"))
        self._edit.setPalette(palette)
        self._edit.setCursorWidth(2)
        self._fit_font()
        self._paint_extras()

    def _fit_font(self) -> None:
        if self._look is None:
            return
        font = QFont(self._look.font)
        font.setPointSizeF(max(4.0, font.pointSizeF() + self._zoom))
        document = self._document()
        if document.defaultFont() != font:
            document.setDefaultFont(font)
        self._edit.setTabStopDistance(QFontMetricsF(font).horizontalAdvance(" ") * len(UNIT))
        self._fit_margin()

    def _fit_margin(self) -> None:
        """Make the margin as wide as what stands in it."""
        digits = max(3, len(str(self._edit.blockCount())))
        width = _SYMBOLS_WIDTH_PX + QFontMetricsF(self._document().defaultFont()).horizontalAdvance("9" * digits) + 12
        self._edit.set_left_margin(round(width))
        inside = self._edit.contentsRect()
        self._margin.setGeometry(QRect(inside.left(), inside.top(), round(width), inside.height()))

    def _paint_margin(self, painter: QPainter, area: QRect) -> None:
        painter.fillRect(area, self._color("editor_back"))
        painter.setFont(self._document().defaultFont())
        marked = {(mark.line, mark.kind) for mark in self._marks}
        block = self._edit.firstVisibleBlock()
        while block.isValid():
            box = self._edit.blockBoundingGeometry(block).translated(self._edit.contentOffset())
            if box.top() > area.bottom():
                return
            number = block.blockNumber() + 1
            where = QRectF(0, box.top(), self._margin.width() - 8, box.height())
            painter.setPen(self._color("editor_line_number"))
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number))
            middle, left = box.center().y(), 3.0
            for kind in (MarkKind.BREAKPOINT, MarkKind.BREAKPOINT_OFF):
                if (number, kind) in marked:
                    is_on = kind is MarkKind.BREAKPOINT
                    painter.setPen(self._color("error"))
                    painter.setBrush(self._color("error" if is_on else "editor_back"))
                    painter.drawEllipse(QPointF(left + 5, middle), 4.5, 4.5)
            if (number, MarkKind.LINE_BREAK) in marked:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._color("error"))
                painter.drawRect(QRectF(left + 1, middle - 4, 8, 8))
            arrow = MarkKind.STANDS if (number, MarkKind.STANDS) in marked else MarkKind.PLACE
            if (number, arrow) in marked:
                painter.setBrush(self._color("warning" if arrow is MarkKind.STANDS else "accent"))
                painter.setPen(Qt.PenStyle.NoPen)
                corners = (QPointF(left, middle - 5), QPointF(left + 8, middle), QPointF(left, middle + 5))
                painter.drawPolygon(QPolygonF(corners))
            block = block.next()

    def _line_at(self, y: float) -> int:
        """The line at this height of the margin, 0 below the last one."""
        block = self._edit.firstVisibleBlock()
        while block.isValid():
            box = self._edit.blockBoundingGeometry(block).translated(self._edit.contentOffset())
            if box.top() <= y < box.bottom():
                return int(block.blockNumber()) + 1
            if box.top() > y:
                return 0
            block = block.next()
        return 0

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
        self._edit.verticalScrollBar().setValue(first_line - 1)

    # ---- what the widget tells ------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        self._wide = None
        if not self._loading:
            self.changed.emit()

    def _on_modification(self, dirty: bool) -> None:
        self.dirty_changed.emit(dirty)

    def _on_caret(self) -> None:
        self._paint_extras()
        self.caret_moved.emit()

    def _on_update_request(self, area: QRect, scrolled: int) -> None:
        if scrolled:
            self._margin.scroll(0, scrolled)
        else:
            self._margin.update(0, area.top(), self._margin.width(), area.height())

    def _on_scrolled(self) -> None:
        if self._hits:
            self._paint_extras()

    def _on_resized(self) -> None:
        self._fit_margin()
        self._on_scrolled()
        self._centre()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 100)


def _units(text: str, position: int) -> int:
    return len(text[:position].encode("utf-16-le", "surrogatepass")) // 2


def _blend(over: QColor, under: QColor) -> QColor:
    """A fill under text: quieter on a dark ground, where the text is light."""
    share = 0.45 if under.lightnessF() > 0.5 else 0.25

    def mix(one: int, other: int) -> int:
        return round(one * share + other * (1 - share))

    return QColor(mix(over.red(), under.red()), mix(over.green(), under.green()), mix(over.blue(), under.blue()))


def _partner(text: str, position: int) -> int:
    """Where the brace that belongs to the one here stands, or -1; strings are not told from code."""
    sign = text[position]
    forward = sign in _PAIRS
    other = _PAIRS[sign] if forward else next(opening for opening, closing in _PAIRS.items() if closing == sign)
    depth = 0
    last = min(len(text), position + _FARTHEST_BRACE) if forward else max(-1, position - _FARTHEST_BRACE)
    for at in range(position, last, 1 if forward else -1):
        if text[at] == sign:
            depth += 1
        elif text[at] == other:
            depth -= 1
            if depth == 0:
                return at
    return -1
