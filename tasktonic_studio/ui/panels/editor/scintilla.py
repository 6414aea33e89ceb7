"""The editor on Scintilla. The only file that imports the binding and its lexers; its parts take the widget.

Scintilla counts in UTF-8 bytes, see ``on_scintilla.places``. Three habits of the binding shape these files: texts are
passed as ``str`` (bytes give a misleading NameError), the lexer's wrapper is dropped at once (kept until exit, it is
reported as leaked), and some of QWidget's methods are shadowed by Scintilla's of the same name, hence calls such as
``QWidget.setFont(widget, ...)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import lexilla
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from pyside6_scintilla import ScintillaEdit

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.hints import LineNote, Underline
from tasktonic_studio.ui.panels.editor.indentation import uses_tabs
from tasktonic_studio.ui.panels.editor.languages import Language
from tasktonic_studio.ui.panels.editor.marks import Mark, MarkKind
from tasktonic_studio.ui.panels.editor.on_scintilla import folds, numbers, styles
from tasktonic_studio.ui.panels.editor.on_scintilla.carets import Carets
from tasktonic_studio.ui.panels.editor.on_scintilla.colours import color_of
from tasktonic_studio.ui.panels.editor.on_scintilla.input import ANY_TIME, counted_within, is_typing
from tasktonic_studio.ui.panels.editor.on_scintilla.lexers import LEXERS, Lexer
from tasktonic_studio.ui.panels.editor.on_scintilla.margins import LINE_COLOURS, Margins
from tasktonic_studio.ui.panels.editor.on_scintilla.notes import Notes
from tasktonic_studio.ui.panels.editor.on_scintilla.overlays import Hits, SparkleColours, Underlines
from tasktonic_studio.ui.panels.editor.on_scintilla.places import Places
from tasktonic_studio.ui.panels.editor.on_scintilla.setting_up import set_up
from tasktonic_studio.ui.panels.editor.searching import Span
from tasktonic_studio.ui.panels.editor.text_widget import Change, Look, TextWidget
from tasktonic_studio.ui.widgets.in_portions import InPortions


class Edit(ScintillaEdit):
    """Scintilla's widget, with the keys and menus that are the Studio's own."""

    def __init__(self, owner: ScintillaEditor) -> None:
        super().__init__(owner)
        self._owner = owner
        self._second_click: tuple[int, QPoint] | None = None
        """When and where the last double click was."""

    @guarded(False)
    def event(self, event: QEvent) -> bool:
        # Scintilla does not claim the keys of somebody who types, so a command on a bare letter would take them.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and is_typing(event):
            event.accept()
            return True
        return bool(super().event(event))

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._owner._took_key(event):
            super().keyPressEvent(event)
            self._owner._after_key(event)

    @guarded(None)
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._owner._pinned.paint()

    # Scintilla counts clicks by its own clock, at the time when it gets to them: a window that was busy for a moment made two
    # single clicks of a double one, and a click just before one made three of two. Qt has counted by the clock of the mouse.

    @guarded(None)
    def mousePressEvent(self, event: QMouseEvent) -> None:
        with counted_within(ANY_TIME if self._is_third(event) else 0):
            super().mousePressEvent(event)
        self._second_click = None

    @guarded(None)
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        is_plain = event.button() == Qt.MouseButton.LeftButton and event.modifiers() == Qt.KeyboardModifier.NoModifier
        if not is_plain or event.position().x() < self._owner._margins.width():
            super().mouseDoubleClickEvent(event)  # there it is a press as any other
            return
        # A press on what is selected would begin to drag it, and not count.
        self.setEmptySelection(self.currentPos())
        with counted_within(0):
            super().mousePressEvent(event)
        with counted_within(ANY_TIME):
            super().mousePressEvent(event)
        self._second_click = event.timestamp(), event.position().toPoint()

    def _is_third(self, event: QMouseEvent) -> bool:
        if self._second_click is None:
            return False
        when, where = self._second_click
        is_near = (event.position().toPoint() - where).manhattanLength() < QApplication.startDragDistance()
        return is_near and event.timestamp() - when <= QApplication.doubleClickInterval()

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
        self._owner._want_menu(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._owner.focus_entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._owner.focus_left.emit()


class ScintillaEditor(CodeEditor):
    """The editor as it should be: fast on long files, with folds and margins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loading = False
        self._edits = 0
        self._scrolled_to = (0, 0)
        self._look: Look | None = None
        self._coloured: tuple[int, int, int] | None = None
        self._edit = Edit(self)
        self._places = Places(self._edit)
        set_up(self._edit)
        self._take_lexer()
        self._margins = Margins(self._edit)
        self._caret_line = styles.CaretLine(self._edit, LINE_COLOURS)
        self._sparkles = SparkleColours(self._edit, self._places)
        self._hits = Hits(self._edit, self._places)
        self._underlines = Underlines(self._edit, self._places)
        self._notes = Notes(self._edit)
        self._carets = Carets(self._edit, self._places)
        self._folding = InPortions(self)
        self._hold(self._edit)
        # Named methods, and no lambdas: a lambda would keep the widget alive.
        self._edit.notifyChange.connect(self._on_changed)
        self._edit.savePointChanged.connect(self._on_save_point)
        self._edit.updateUi.connect(self._on_update)
        self._edit.resized.connect(self._centre)
        self._edit.marginClicked.connect(self._on_margin)
        self._edit.verticalScrolled.connect(self._on_scrolled)
        self._edit.horizontalScrolled.connect(self._on_scrolled)
        # A signal that the stub takes for the method which it hides.
        self._edit.zoom.connect(self._on_zoom)  # type: ignore[attr-defined]

    def _take_lexer(self) -> None:
        edit, lexer = self._edit, self._lexer
        # The wrapper of the lexer lives only for this line: see the head of this file.
        edit.setILexer(lexilla.create_lexer(lexer.name).detach())
        edit.setKeyWords(0, lexer.words)
        for name, value in (("fold", "1"), ("fold.compact", "0"), *lexer.properties.items()):
            ScintillaEdit.setProperty(edit, name, value)

    @property
    def _lexer(self) -> Lexer:
        return LEXERS[self.language]

    def _take_language(self) -> None:
        self._sparkles.is_python = self.language is Language.PYTHON
        self._sparkles.clear()
        self._take_lexer()
        if self._look is not None:
            self.apply_look(self._look)

    def _take_text_of(self, other: TextWidget) -> None:
        assert isinstance(other, ScintillaEditor)
        self._edit.setUseTabs(self.unit == "\t")
        self._edit.setDocPointer(other._edit.docPointer())
        # The lexer belongs to the text, the colours to each view.
        self._sparkles.is_python = self.language is Language.PYTHON
        if self._look is not None:
            self.apply_look(self._look)
        self._coloured = None
        self._margins.fit()

    # ---- text -----------------------------------------------------------------------------------------------------

    def input_widget(self) -> QAbstractScrollArea:
        return self._edit

    def text(self) -> str:
        return self._places.bytes_text(0, self._edit.length())

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
        self._margins.fit()

    def _add(self, text: str) -> None:
        # By its length, because `setText` would stop at a zero.
        clean = text.encode("utf-8", "replace")
        self._edit.addText(len(clean), clean.decode("utf-8"))

    def selection(self) -> Span:
        return self._places.character(self._edit.selectionStart()), self._places.character(self._edit.selectionEnd())

    def caret(self) -> int:
        return self._places.character(self._edit.currentPos())

    def select(self, start: int, end: int) -> None:
        self._edit.setSel(self._places.byte(start), self._places.byte(end))

    def replace(self, start: int, end: int, text: str) -> None:
        edit = self._edit
        if edit.readOnly():
            return
        clean = text.encode("utf-8", "replace")
        first = self._places.byte(start)
        edit.beginUndoAction()
        try:
            edit.setTargetRange(first, self._places.byte(end))
            edit.replaceTarget(len(clean), clean.decode("utf-8"))
        finally:
            edit.endUndoAction()
        edit.setSel(first + len(clean), first + len(clean))

    def replace_many(self, changes: Sequence[Change]) -> None:
        edit = self._edit
        if edit.readOnly() or not changes:
            return
        with self._told_once():
            edit.beginUndoAction()
            try:
                for start, end, text in reversed(self._places.in_bytes(sorted(changes))):
                    edit.setTargetRange(start, end)
                    edit.replaceTarget(len(text.encode()), text)
            finally:
                edit.endUndoAction()

    def line_count(self) -> int:
        return int(self._edit.lineCount())

    def line_of(self, position: int) -> int:
        return self._places.line_of(position)

    def line_start(self, line: int) -> int:
        return self._places.line_start(line)

    def line_text(self, line: int) -> str:
        edit = self._edit
        return self._places.bytes_text(edit.positionFromLine(line - 1), edit.lineEndPosition(line - 1))

    # ---- editing --------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        if self.can_undo():
            with self._told_once():
                self._edit.undo()

    def redo(self) -> None:
        if self.can_redo():
            with self._told_once():
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

    # ---- several carets -------------------------------------------------------------------------------------------

    has_carets = True

    def selections(self) -> list[Span]:
        return self._carets.spans()

    def select_spans(self, spans: Sequence[Span]) -> None:
        self._carets.have(spans)

    def add_caret_beside(self, lines: int) -> None:
        self._carets.add_beside(lines)

    def add_next_hit(self) -> None:
        self._carets.add_next()

    def add_all_hits(self) -> None:
        self._carets.add_all()

    # ---- folds ----------------------------------------------------------------------------------------------------

    def toggle_fold(self, line: int) -> None:
        folds.toggle(self._edit, line - 1)

    def fold_all(self, folded: bool) -> None:
        self._folding.start(self._in_sight(folds.folding_all(self._edit, folded)))

    def is_hidden(self, line: int) -> bool:
        return not self._edit.lineVisible(line - 1)

    # ---- marks and colours ----------------------------------------------------------------------------------------

    def _show_marks(self, marks: Sequence[Mark]) -> None:
        self._margins.show_marks(marks)
        self._caret_line.show()

    def marked_lines(self, kind: MarkKind) -> list[int]:
        return self._margins.lines_of(kind)

    def set_hits(self, hits: Sequence[Span]) -> None:
        self._hits.show(hits)

    def _show_underlines(self, underlines: Sequence[Underline]) -> None:
        self._underlines.show(underlines)

    def underlines_at(self, position: int) -> list[Underline]:
        return self._underlines.at(self._places.byte(position))

    def _show_line_notes(self, notes: Mapping[int, LineNote]) -> None:
        self._notes.show(notes)

    def line_note(self, line: int) -> LineNote | None:
        return self._notes.at(line)

    def color_at(self, position: int) -> QColor:
        edit = self._edit
        line = self.line_of(position) - 1
        self._sparkles.color_lines(line, line)
        byte = self._places.byte(position)
        return self._sparkles.color_at(byte) or color_of(edit.styleFore(edit.styleAt(byte) & 0xFF))

    def apply_look(self, look: Look) -> None:
        self._look = look
        self._pinned.dress(look)
        styles.dress(self._edit, look, self._lexer)
        for part in (self._sparkles, self._hits, self._underlines, self._notes, self._caret_line, self._margins):
            part.dress(look)
        self._coloured = None

    # ---- view -----------------------------------------------------------------------------------------------------

    def zoom_level(self) -> int:
        # `zoom()` is hidden by the signal of the same name.
        return int(self._edit.send(numbers.GET_ZOOM))

    def set_zoom(self, points: int) -> None:
        if points != self.zoom_level():
            self._edit.setZoom(points)
            self._margins.fit()

    def first_visible_line(self) -> int:
        return int(self._edit.docLineFromVisible(self._edit.firstVisibleLine())) + 1

    def visible_line_count(self) -> int:
        return int(self._edit.linesOnScreen())

    def scroll_to(self, first_line: int) -> None:
        self._edit.setFirstVisibleLine(self._edit.visibleFromDocLine(first_line - 1))

    def show_line(self, line: int) -> None:
        self._edit.ensureVisible(line - 1)

    def place_of(self, position: int) -> QRect:
        edit = self._edit
        byte = self._places.byte(position)
        height = edit.textHeight(edit.lineFromPosition(byte))
        return QRect(edit.pointXFromPosition(byte), edit.pointYFromPosition(byte), 1, height)

    def position_at(self, point: QPoint) -> int | None:
        byte = self._edit.charPositionFromPointClose(point.x(), point.y())
        if byte < 0 or self._edit.lineEndPosition(self._edit.lineFromPosition(byte)) == byte:
            return None
        return self._places.character(byte)

    def line_at(self, point: QPoint) -> int | None:
        edit = self._edit
        line = edit.lineFromPosition(edit.positionFromPoint(point.x(), point.y()))
        top = edit.pointYFromPosition(edit.positionFromLine(line))
        return int(line) + 1 if top <= point.y() < top + edit.textHeight(line) else None

    # ---- what the widget tells ------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        self._edits += 1
        self._notes.moved()
        if not self._loading:
            self._margins.fit()
            self.changed.emit()

    @contextmanager
    def _told_once(self) -> Iterator[None]:
        """For a change: Scintilla tells each of thousands that are one step; who hears of it looks at the text once."""
        views = [view for view in self._views if isinstance(view, ScintillaEditor)]
        for view in views:
            view._edit.setCommandEvents(False)
        try:
            yield
        finally:
            for view in views:
                view._edit.setCommandEvents(True)
            for view in views:
                view._on_changed()

    def _on_save_point(self, dirty: bool) -> None:
        self.dirty_changed.emit(dirty)

    def _on_margin(self, position: int, _modifiers: object, margin: int) -> None:
        if margin in (numbers.SYMBOLS_MARGIN, numbers.NUMBERS_MARGIN):
            self.margin_clicked.emit(int(self._edit.lineFromPosition(position)) + 1)

    def _on_zoom(self, points: int) -> None:
        self._margins.fit()
        self.zoomed.emit(points)

    def _on_scrolled(self, _where: int) -> None:
        # Told also when the bars are only set anew; whatever stands over the text may stay then.
        at = (int(self._edit.firstVisibleLine()), int(self._edit.xOffset()))
        if at != self._scrolled_to:
            self._scrolled_to = at
            self.scrolled.emit()

    def _on_update(self, _what: int) -> None:
        first, last = self._places.lines_on_screen()
        # Colouring is itself a change of what is shown: without this it would call for itself for ever.
        if self._coloured != (self._edits, first, last):
            self._coloured = (self._edits, first, last)
            self._sparkles.color_lines(first, last)
            self._hits.mark_lines(first, last)
        styles.match_brace(self._edit, self._lexer)
        self._caret_line.show()
        self.caret_moved.emit()
