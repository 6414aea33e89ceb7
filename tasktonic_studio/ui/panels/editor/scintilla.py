"""The editor on Scintilla. The only file that imports the binding and its lexers, which is why it is long.

Scintilla counts in UTF-8 bytes; characters are converted with its own index of lines (`allocateLineCharacterIndex`), so a
conversion costs the length of one line. Three habits of the binding shape this file: texts are passed as ``str`` (bytes
give a misleading NameError), the lexer's wrapper is dropped at once (kept until exit, it is reported as leaked), and some
of QWidget's methods are shadowed by Scintilla's of the same name, hence calls such as ``QWidget.setFont(widget, ...)``.
"""

from __future__ import annotations

import keyword
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

import lexilla
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QWidget
from pyside6_scintilla import Scintilla, ScintillaEdit

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.code_editor import FOREIGN_KEYS, CodeEditor, Look
from tasktonic_studio.ui.panels.editor.indentation import uses_tabs
from tasktonic_studio.ui.panels.editor.marks import Mark, MarkKind, SparkleKind, sparkle_names
from tasktonic_studio.ui.panels.editor.searching import Span

# Styles of the Python lexer; the roles they take their colours from. Numbers: SciLexer.h, SCE_P_*.
_STYLE_ROLES: Final = {
    0: "editor_text",
    1: "editor_comment",
    2: "editor_number",
    3: "editor_string",
    4: "editor_string",
    5: "editor_keyword",
    6: "editor_string",
    7: "editor_string",
    8: "editor_class",
    9: "editor_def",
    10: "editor_text",
    11: "editor_text",
    12: "editor_comment",
    13: "editor_string",
    14: "editor_keyword",
    15: "editor_decorator",
    16: "editor_string",
    17: "editor_string",
    18: "editor_string",
    19: "editor_string",
    20: "editor_text",
}
_QUIET_STYLES: Final = frozenset({1, 3, 4, 6, 7, 12, 13, 16, 17, 18, 19})
"""Comments and strings: a sparkle's name in them is prose, or belongs to them."""
_BOLD_STYLES: Final = (8, 9)
_OPERATOR: Final = 10
_DEFAULT, _LINE_NUMBER, _BRACE, _BAD_BRACE, _GUIDE = 32, 33, 34, 35, 37

_HIT: Final = 8
_SPARKLE: Final = {kind: 9 + index for index, kind in enumerate(SparkleKind)}
_TEXT_COLOUR: Final = int(Scintilla.IndicatorStyle.TextFore)

_SYMBOLS, _NUMBERS, _FOLDS = 0, 1, 2
_SYMBOLS_WIDTH_PX, _FOLDS_WIDTH_PX = 16, 20
# Markers of each kind: the symbol in the margin, and the one that colours the line if there is one.
_MARKERS: Final[dict[MarkKind, tuple[int, ...]]] = {
    MarkKind.PLACE: (1, 2),
    MarkKind.BREAKPOINT: (3,),
    MarkKind.BREAKPOINT_OFF: (4,),
    MarkKind.LINE_BREAK: (5,),
    MarkKind.STANDS: (6, 7),
}
_LINE_MASK: Final = 1 << 2 | 1 << 7
_SYMBOL_SHAPES: Final = {
    MarkKind.PLACE: Scintilla.MarkerSymbol.ShortArrow,
    MarkKind.BREAKPOINT: Scintilla.MarkerSymbol.Circle,
    MarkKind.BREAKPOINT_OFF: Scintilla.MarkerSymbol.Circle,
    MarkKind.LINE_BREAK: Scintilla.MarkerSymbol.RoundRect,
    MarkKind.STANDS: Scintilla.MarkerSymbol.Arrow,
}
_FOLD_MASK: Final = 0xFE000000
_FOLD_SYMBOLS: Final = {25: 13, 26: 15, 27: 11, 28: 10, 29: 9, 30: 12, 31: 14}
"""Boxes with lines between them, as SC_MARKNUM_FOLDER* to SC_MARK_BOXPLUS and relatives."""

_BY_CHARACTERS: Final = int(Scintilla.LineCharacterIndexType.Utf32)
_TEXT_CHANGES: Final = 0x1 | 0x2
_ZOOM_LEVEL: Final = int(Scintilla.Message.GetZoom)
_CONTROL: Final = 2 << 16


_MOVING_KEYS: Final = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Insert,
    }
)
_CONTROL_KEYS: Final = _MOVING_KEYS - {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown} | {
    Qt.Key.Key_A,
    Qt.Key.Key_C,
    Qt.Key.Key_V,
    Qt.Key.Key_X,
    Qt.Key.Key_Backspace,
}
"""With Ctrl these edit the text. Undo and redo are commands of the panel, with the same effect."""


class _Edit(ScintillaEdit):
    """Scintilla's widget, with the keys and menus that are the Studio's own."""

    def __init__(self, owner: ScintillaEditor) -> None:
        super().__init__(owner)
        self._owner = owner

    @guarded(False)
    def event(self, event: QEvent) -> bool:
        # Scintilla does not claim the keys of somebody who types, so a command on a bare letter would take them.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_typing(event):
            event.accept()
            return True
        return bool(super().event(event))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._owner._took_key(event):
            super().keyPressEvent(event)

    @guarded(None)
    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scintilla zooms as well, but by the keys held when it looks and not by those of the event.
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y() > 0:
                self.zoomIn()
            elif event.angleDelta().y() < 0:
                self.zoomOut()
            event.accept()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._owner.menu_wanted.emit(event.globalPos())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._owner.focus_left.emit()


class ScintillaEditor(CodeEditor):
    """The editor as it should be: fast on long files, with folds and margins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loading = False
        self._edits = 0
        self._coloured: tuple[int, int, int] | None = None
        self._caret_line: QColor | None = None
        self._hits: tuple[Span, ...] = ()
        self._edit = _Edit(self)
        self._hold(self._edit)
        self._set_up()
        # Named methods, and no lambdas: a lambda would keep the widget alive.
        self._edit.notifyChange.connect(self._on_changed)
        self._edit.savePointChanged.connect(self._on_save_point)
        self._edit.updateUi.connect(self._on_update)
        self._edit.resized.connect(self._centre)
        self._edit.marginClicked.connect(self._on_margin)
        # A signal that the stub takes for the method which it hides.
        self._edit.zoom.connect(self._on_zoom)  # type: ignore[attr-defined]

    def _set_up(self) -> None:
        edit = self._edit
        edit.setFrameShape(QFrame.Shape.NoFrame)
        edit.setCodePage(Scintilla.CpUtf8)
        edit.setModEventMask(_TEXT_CHANGES)
        edit.allocateLineCharacterIndex(_BY_CHARACTERS)
        edit.usePopUp(0)
        edit.setEOLMode(int(Scintilla.EndOfLine.Lf))
        edit.setPasteConvertEndings(True)
        edit.setTabWidth(4)
        edit.setIndent(4)
        edit.setUseTabs(False)
        edit.setTabIndents(True)
        edit.setBackSpaceUnIndents(True)
        edit.setScrollWidth(1)
        edit.setScrollWidthTracking(True)
        edit.setMultipleSelection(True)
        edit.setAdditionalSelectionTyping(True)
        edit.setMultiPaste(1)
        edit.setExtraAscent(1)
        edit.setExtraDescent(2)
        edit.setIndentationGuides(int(Scintilla.IndentView.LookBoth))
        edit.setCaretLineVisibleAlways(True)
        for letter in FOREIGN_KEYS:
            edit.clearCmdKey(ord(letter) | _CONTROL)
        # The wrapper of the lexer lives only for this line: see the head of this file.
        edit.setILexer(lexilla.create_lexer("python").detach())
        edit.setKeyWords(0, " ".join(keyword.kwlist))
        for name, value in (
            ("fold", "1"),
            ("fold.compact", "0"),
            ("fold.quotes.python", "1"),
            ("lexer.python.decorator.attributes", "1"),
        ):
            ScintillaEdit.setProperty(edit, name, value)
        edit.setMarginTypeN(_SYMBOLS, 0)
        edit.setMarginTypeN(_NUMBERS, 1)
        edit.setMarginTypeN(_FOLDS, 0)
        edit.setMarginMaskN(_SYMBOLS, sum(1 << markers[0] for markers in _MARKERS.values()))
        edit.setMarginMaskN(_NUMBERS, 0)
        edit.setMarginMaskN(_FOLDS, _FOLD_MASK)
        for margin in (_SYMBOLS, _NUMBERS, _FOLDS):
            edit.setMarginSensitiveN(margin, True)
        edit.setAutomaticFold(7)
        for marker, symbol in _FOLD_SYMBOLS.items():
            edit.markerDefine(marker, symbol)
        for kind, markers in _MARKERS.items():
            edit.markerDefine(markers[0], int(_SYMBOL_SHAPES[kind]))
            for line in markers[1:]:
                edit.markerDefine(line, int(Scintilla.MarkerSymbol.Background))
        for indicator in _SPARKLE.values():
            edit.indicSetStyle(indicator, _TEXT_COLOUR)
        edit.indicSetStyle(_HIT, int(Scintilla.IndicatorStyle.StraightBox))
        edit.indicSetUnder(_HIT, True)

    # ---- text -----------------------------------------------------------------------------------------------------

    def input_widget(self) -> QWidget:
        return self._edit

    def text(self) -> str:
        return _decoded(self._edit.get_text_range(0, self._edit.length()))

    def set_text(self, text: str) -> None:
        edit = self._edit
        self.unit = "\t" if uses_tabs(text) else "    "
        edit.setUseTabs(self.unit == "\t")
        self._loading = True
        try:
            read_only = edit.readOnly()
            edit.setReadOnly(False)
            edit.clearAll()
            self._add(text)
            edit.setReadOnly(read_only)
            edit.emptyUndoBuffer()
            edit.setSavePoint()
            edit.gotoPos(0)
        finally:
            self._loading = False
        self._edits += 1
        self._fit_numbers()

    def _add(self, text: str) -> None:
        # By its length, because `setText` would stop at a zero.
        clean = text.encode("utf-8", "replace")
        self._edit.addText(len(clean), clean.decode("utf-8"))

    def selection(self) -> Span:
        return self._character(self._edit.selectionStart()), self._character(self._edit.selectionEnd())

    def caret(self) -> int:
        return self._character(self._edit.currentPos())

    def select(self, start: int, end: int) -> None:
        self._edit.setSel(self._byte(start), self._byte(end))

    def replace(self, start: int, end: int, text: str) -> None:
        edit = self._edit
        if edit.readOnly():
            return
        clean = text.encode("utf-8", "replace")
        first = self._byte(start)
        edit.beginUndoAction()
        try:
            edit.setTargetRange(first, self._byte(end))
            edit.replaceTarget(len(clean), clean.decode("utf-8"))
        finally:
            edit.endUndoAction()
        edit.setSel(first + len(clean), first + len(clean))

    def line_count(self) -> int:
        return int(self._edit.lineCount())

    def line_of(self, position: int) -> int:
        return int(self._edit.lineFromIndexPosition(position, _BY_CHARACTERS)) + 1

    def line_start(self, line: int) -> int:
        return int(self._edit.indexPositionFromLine(line - 1, _BY_CHARACTERS))

    def line_text(self, line: int) -> str:
        edit = self._edit
        return _decoded(edit.get_text_range(edit.positionFromLine(line - 1), edit.lineEndPosition(line - 1)))

    def _byte(self, position: int) -> int:
        edit = self._edit
        line = edit.lineFromIndexPosition(position, _BY_CHARACTERS)
        into = position - edit.indexPositionFromLine(line, _BY_CHARACTERS)
        begin = edit.positionFromLine(line)
        return int(edit.positionRelative(begin, into)) if into > 0 else int(begin)

    def _character(self, byte: int) -> int:
        edit = self._edit
        line = edit.lineFromPosition(byte)
        return int(
            edit.indexPositionFromLine(line, _BY_CHARACTERS) + edit.countCharacters(edit.positionFromLine(line), byte)
        )

    # ---- editing --------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        self._edit.undo()

    def redo(self) -> None:
        self._edit.redo()

    def can_undo(self) -> bool:
        return bool(self._edit.canUndo())

    def can_redo(self) -> bool:
        return bool(self._edit.canRedo())

    def cut(self) -> None:
        self._edit.cut()

    def copy(self) -> None:
        self._edit.copy()

    def paste(self) -> None:
        self._edit.paste()

    def select_all(self) -> None:
        self._edit.selectAll()

    def move_in(self) -> None:
        self._edit.tab()

    def move_out(self) -> None:
        self._edit.backTab()

    def new_line(self) -> None:
        if self._edit.selections() > 1:
            self._edit.newLine()
        else:
            super().new_line()
            self._edit.scrollCaret()

    def mark_saved(self) -> None:
        self._edit.setSavePoint()

    def is_dirty(self) -> bool:
        return bool(self._edit.modify())

    def set_read_only(self, read_only: bool) -> None:
        self._edit.setReadOnly(read_only)

    def is_read_only(self) -> bool:
        return bool(self._edit.readOnly())

    # ---- marks and colours ----------------------------------------------------------------------------------------

    def set_marks(self, marks: Sequence[Mark]) -> None:
        for markers in _MARKERS.values():
            for marker in markers:
                self._edit.markerDeleteAll(marker)
        for mark in marks:
            for marker in _MARKERS[mark.kind]:
                self._edit.markerAdd(mark.line - 1, marker)
        self._show_caret_line()

    def _on_margin(self, position: int, _modifiers: object, margin: int) -> None:
        if margin in (_SYMBOLS, _NUMBERS):
            self.margin_clicked.emit(int(self._edit.lineFromPosition(position)) + 1)

    def set_hits(self, hits: Sequence[Span]) -> None:
        self._hits = tuple(hits)
        self._edit.setIndicatorCurrent(_HIT)
        self._edit.indicatorClearRange(0, self._edit.length())
        self._show_hits(*self._lines_on_screen())

    def _show_hits(self, first: int, last: int) -> None:
        """Mark the hits in these lines; thousands at once would make each key press wait. Lines from 0."""
        if not self._hits:
            return
        edit = self._edit
        edit.setIndicatorCurrent(_HIT)
        begin, end = self.line_start(first + 1), self._character(edit.lineEndPosition(last))
        for start, stop in self._hits[bisect_left(self._hits, (begin, 0)) : bisect_left(self._hits, (end + 1, 0))]:
            at = self._byte(start)
            edit.indicatorFillRange(at, self._byte(stop) - at)

    def _lines_on_screen(self) -> tuple[int, int]:
        edit = self._edit
        top = edit.firstVisibleLine()
        last = min(edit.docLineFromVisible(top + edit.linesOnScreen() + 1), edit.lineCount() - 1)
        return int(edit.docLineFromVisible(top)), int(last)

    def color_at(self, position: int) -> QColor:
        edit = self._edit
        line = self.line_of(position) - 1
        self._colour_lines(line, line)
        byte = self._byte(position)
        for indicator in _SPARKLE.values():
            if edit.indicatorValueAt(indicator, byte):
                return _color(edit.indicFore(indicator))
        return _color(edit.styleFore(edit.styleAt(byte) & 0xFF))

    def _colour_lines(self, first: int, last: int) -> None:
        """Give the names of sparkles in these lines their colours; lines from 0."""
        edit = self._edit
        begin, end = edit.positionFromLine(first), edit.lineEndPosition(last)
        if edit.endStyled() < end:
            edit.colourise(edit.endStyled(), end)
        text = _decoded(edit.get_text_range(begin, end))
        for indicator in _SPARKLE.values():
            edit.setIndicatorCurrent(indicator)
            edit.indicatorClearRange(begin, end - begin)
        at_character, at_byte = 0, begin
        for found in sparkle_names(text):
            at_byte += len(text[at_character : found.start].encode())
            at_character = found.start
            if edit.styleAt(at_byte) & 0xFF not in _QUIET_STYLES:
                edit.setIndicatorCurrent(_SPARKLE[found.kind])
                edit.indicatorFillRange(at_byte, len(text[found.start : found.end].encode()))

    def apply_look(self, look: Look) -> None:
        edit = self._edit
        QWidget.setFont(edit, look.font)
        back, text = look.color("editor_back"), look.color("editor_text")
        edit.styleSetFont(_DEFAULT, look.font.family())
        edit.styleSetSizeFractional(_DEFAULT, round(look.font.pointSizeF() * 100))
        edit.styleSetFore(_DEFAULT, _bgr(text))
        edit.styleSetBack(_DEFAULT, _bgr(back))
        edit.styleClearAll()
        for style, role in _STYLE_ROLES.items():
            edit.styleSetFore(style, _bgr(look.color(role)))
        for style in _BOLD_STYLES:
            edit.styleSetBold(style, True)
        edit.styleSetFore(_LINE_NUMBER, _bgr(look.color("editor_line_number")))
        edit.styleSetBack(_LINE_NUMBER, _bgr(back))
        edit.styleSetFore(_GUIDE, _bgr(look.color("border")))
        for style, role in ((_BRACE, "editor_brace"), (_BAD_BRACE, "error")):
            edit.styleSetFore(style, _bgr(look.color(role)))
            edit.styleSetBack(style, _bgr(look.color("editor_selection_back")))
            edit.styleSetBold(style, True)
        for kind, indicator in _SPARKLE.items():
            edit.indicSetFore(indicator, _bgr(look.color(kind.value)))
        edit.indicSetFore(_HIT, _bgr(look.color("hit")))
        # Half seen through at most: the text above keeps its contrast on the light and on the dark ground.
        edit.indicSetAlpha(_HIT, 110 if back.lightnessF() > 0.5 else 50)
        edit.indicSetOutlineAlpha(_HIT, 255)
        for element, role in (
            (Scintilla.Element.SelectionBack, "editor_selection_back"),
            (Scintilla.Element.SelectionAdditionalBack, "editor_selection_back"),
            (Scintilla.Element.SelectionInactiveBack, "editor_selection_back"),
            (Scintilla.Element.Caret, "editor_text"),
            (Scintilla.Element.CaretAdditional, "editor_text"),
            (Scintilla.Element.FoldLine, "border"),
        ):
            edit.setElementColour(int(element), _bgra(look.color(role)))
        edit.setCaretWidth(2)
        edit.setFoldMarginColour(True, _bgr(back))
        edit.setFoldMarginHiColour(True, _bgr(back))
        for marker in _FOLD_SYMBOLS:
            edit.markerSetFore(marker, _bgr(back))
            edit.markerSetBack(marker, _bgr(look.color("border_strong")))
        for mark, markers in _MARKERS.items():
            role = {MarkKind.PLACE: "accent", MarkKind.STANDS: "warning"}.get(mark, "error")
            inside = "editor_back" if mark is MarkKind.BREAKPOINT_OFF else role
            edit.markerSetFore(markers[0], _bgr(look.color(role)))
            edit.markerSetBack(markers[0], _bgr(look.color(inside)))
            for line in markers[1:]:
                edit.markerSetBack(line, _bgr(look.color("editor_selection_back")))
        self._caret_line = look.color("editor_caret_line")
        self._show_caret_line()
        self._coloured = None
        self._fit_numbers()

    def _fit_numbers(self) -> None:
        """Make the margins as wide as what stands in them."""
        edit = self._edit
        digits = max(3, len(str(edit.lineCount())))
        edit.setMarginWidthN(_SYMBOLS, _SYMBOLS_WIDTH_PX)
        edit.setMarginWidthN(_NUMBERS, edit.textWidth(_LINE_NUMBER, "9" * digits + "_"))
        edit.setMarginWidthN(_FOLDS, _FOLDS_WIDTH_PX)
        edit.setMarginLeft(6)

    # ---- view -----------------------------------------------------------------------------------------------------

    def zoom_level(self) -> int:
        # `zoom()` is hidden by the signal of the same name.
        return int(self._edit.send(_ZOOM_LEVEL))

    def set_zoom(self, points: int) -> None:
        if points != self.zoom_level():
            self._edit.setZoom(points)
            self._fit_numbers()

    def first_visible_line(self) -> int:
        return int(self._edit.docLineFromVisible(self._edit.firstVisibleLine())) + 1

    def visible_line_count(self) -> int:
        return int(self._edit.linesOnScreen())

    def scroll_to(self, first_line: int) -> None:
        self._edit.setFirstVisibleLine(self._edit.visibleFromDocLine(first_line - 1))

    def show_line(self, line: int) -> None:
        self._edit.ensureVisible(line - 1)

    # ---- what the widget tells ------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        self._edits += 1
        if not self._loading:
            self._fit_numbers()
            self.changed.emit()

    def _on_save_point(self, dirty: bool) -> None:
        self.dirty_changed.emit(dirty)

    def _on_zoom(self, points: int) -> None:
        self._fit_numbers()
        self.zoomed.emit(points)

    def _on_update(self, _what: int) -> None:
        first, last = self._lines_on_screen()
        # Colouring is itself a change of what is shown: without this it would call for itself for ever.
        if self._coloured != (self._edits, first, last):
            self._coloured = (self._edits, first, last)
            self._colour_lines(first, last)
            self._show_hits(first, last)
        self._match_brace()
        self._show_caret_line()
        self.caret_moved.emit()

    def _show_caret_line(self) -> None:
        # The colour of the caret's line would hide that of a mark, just where one has jumped to.
        edit = self._edit
        marked = edit.markerGet(edit.lineFromPosition(edit.currentPos())) & _LINE_MASK
        # Not by `setCaretLineVisible`: that forgets the colour.
        if marked:
            edit.resetElementColour(int(Scintilla.Element.CaretLineBack))
        elif self._caret_line is not None:
            edit.setElementColour(int(Scintilla.Element.CaretLineBack), _bgra(self._caret_line))

    def _match_brace(self) -> None:
        edit = self._edit
        caret = edit.currentPos()
        for position in (caret - 1, caret):
            if (
                position >= 0
                and chr(edit.charAt(position) & 0xFF) in "()[]{}"
                and edit.styleAt(position) & 0xFF == _OPERATOR
            ):
                other = edit.braceMatch(position, 0)
                if other >= 0:
                    edit.braceHighlight(position, other)
                else:
                    edit.braceBadLight(position)
                return
        edit.braceHighlight(-1, -1)


def _is_typing(event: QKeyEvent) -> bool:
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        return event.text() != "" or event.key() in _MOVING_KEYS
    held = modifiers & ~Qt.KeyboardModifier.ShiftModifier
    return held == Qt.KeyboardModifier.ControlModifier and event.key() in _CONTROL_KEYS


def _decoded(data: object) -> str:
    return bytes(data.data()).decode("utf-8", "replace")  # type: ignore[attr-defined]


def _bgr(color: QColor) -> int:
    return color.red() | color.green() << 8 | color.blue() << 16


def _bgra(color: QColor) -> int:
    return _bgr(color) | 0xFF000000


def _color(bgr: int) -> QColor:
    return QColor(bgr & 0xFF, bgr >> 8 & 0xFF, bgr >> 16 & 0xFF)
