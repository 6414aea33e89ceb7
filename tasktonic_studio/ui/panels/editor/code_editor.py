"""The one class behind which an editing widget stands: what follows, for both widgets alike, from what each can do.

What a widget must do itself is in ``text_widget``; the lists and tips that stand over the text are in ``hint_windows``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from tasktonic_studio.ui.panels.editor.differing import differing
from tasktonic_studio.ui.panels.editor.hint_windows import HintWindows
from tasktonic_studio.ui.panels.editor.hints import Completion, LineNote, Underline
from tasktonic_studio.ui.panels.editor.languages import Language
from tasktonic_studio.ui.panels.editor.line_editing import LineEditing
from tasktonic_studio.ui.panels.editor.marks import Mark
from tasktonic_studio.ui.panels.editor.pinned_notes import PinnedNotes
from tasktonic_studio.ui.panels.editor.pointing import Pointing
from tasktonic_studio.ui.panels.editor.searching import Span

FOREIGN_KEYS: Final = "LTUDEKJGH"
"""With Ctrl these cut, swap, double or delete text, or put a control character into it: nobody expects that."""


_WORD: Final = re.compile(r"\w+")


class CodeEditor(LineEditing):
    """A text with Python colours, in one of the two widgets.

    Made by the editor's view, one for each open file; ends with its tab.
    """

    escaped = Signal()
    completion_wanted = Signal()
    """Words to go on with are wanted at the caret: asked for by key, or a letter or a dot was typed."""
    completion_chosen = Signal(str)
    """This word was put in."""
    hovered = Signal(int, QPoint)
    """The mouse rests on this character, at this place of the screen."""
    hover_left = Signal()
    """It moved on."""
    place_clicked = Signal(int, object)
    """This character was clicked with Ctrl (and these ``Qt.KeyboardModifiers``)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._centred_line = 0
        self._views: list[CodeEditor] = [self]
        self._underlined: Sequence[Underline] = ()
        self._pinned = PinnedNotes(self)
        self.pointing: Pointing | None = None
        self.hint_windows = HintWindows(self)

    def _hold(self, widget: QWidget) -> None:
        super()._hold(widget)
        self.pointing = Pointing(self)
        self.caret_moved.connect(self.hint_windows.follow_caret)
        self.scrolled.connect(self.hint_windows.close_all)
        self.scrolled.connect(self._pinned.update)
        self.focus_left.connect(self.hint_windows.close_all)
        self.input_widget().verticalScrollBar().actionTriggered.connect(self._stay)

    # ---- two views of one text ------------------------------------------------------------------------------------

    def share_text_of(self, other: CodeEditor) -> None:
        """Show the text of another editor: what is changed, undone or marked in one of them is so in both."""
        self.unit, self.language = other.unit, other.language
        self._take_text_of(other)
        self._views = other._views
        self._views.append(self)
        self._pinned.are_there = other._pinned.are_there
        self._show_underlines(other._underlined)

    def leave_text(self) -> None:
        """This view is about to end; the others stay."""
        self._views.remove(self)
        self._views = [self]

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show these marks beside their lines, and no others."""
        for view in self._views:
            view._show_marks(marks)

    def set_line_notes(self, notes: Mapping[int, LineNote]) -> None:
        """Show these notes behind their lines, and no others. They move with their lines until the next ones are set."""
        for view in self._views:
            view._show_line_notes(notes)
            view._pinned.are_there = bool(notes)
            view._pinned.update()

    def note_at(self, point: QPoint) -> int | None:
        """The line whose note is at a point of the viewport: behind its end, or at the right edge over the text."""
        line = self.line_at(point)
        note = self.line_note(line) if line is not None else None
        if line is None or note is None:
            return None
        pinned = self._pinned.place_of(line)
        if pinned is not None:
            return line if pinned.contains(point) else None
        end = self.place_of(self.line_start(line) + len(self.line_text(line)))
        return line if point.x() > end.left() and self.position_at(point) is None else None

    # ---- over the text --------------------------------------------------------------------------------------------

    def set_underlines(self, underlines: Sequence[Underline]) -> None:
        """Underline these parts of the text, and no others. They move with the text until the next ones are set.

        An empty one takes the character behind it, or before it at the end of a line; what is beyond the text is drawn in.
        """
        length = len(self.text()) if underlines else 0
        drawn = [self._drawn_in(line, length) for line in underlines] if length else []
        for view in self._views:
            view._underlined = drawn
            view._show_underlines(drawn)

    def _drawn_in(self, line: Underline, length: int) -> Underline:
        start = max(0, min(line.start, length - 1))
        end = min(line.end, length)
        if end <= start:
            own = self.line_of(start)
            at_end = start > self.line_start(own) and start >= self.line_start(own) + len(self.line_text(own))
            start, end = (start - 1, start) if at_end else (start, start + 1)
        return line._replace(start=start, end=end)

    def offer_completions(self, typed: int, items: Sequence[Completion]) -> None:
        """Let the user choose how to go on; no items take an open list away.

        Args:
            typed: how many characters before the caret are the beginning of each item.
            items: in the order in which they are shown.
        """
        self.hint_windows.offer(typed, items)

    def show_tip(self, position: int, text: str, highlight: Span | None = None) -> None:
        """Show a text at a character until the caret or the mouse goes elsewhere.

        Args:
            position: where; for what the mouse rests on, the position of ``hovered``.
            text: plain, of several lines if need be.
            highlight: the part of the text that is meant just now, such as an argument.
        """
        self.hint_windows.show_tip(position, text, highlight)

    def hide_tip(self) -> None:
        """Take the tip away."""
        self.hint_windows.hide_tip()

    # ---- text -----------------------------------------------------------------------------------------------------

    def selected_text(self) -> str:
        start, end = self.selection()
        return self.text()[start:end] if end > start else ""

    def text_between(self, start: int, end: int) -> str:
        """A part of the text. Within one line it costs no more than that line."""
        line = self.line_of(start)
        begin = self.line_start(line)
        own = self.line_text(line)
        return own[start - begin : end - begin] if end <= begin + len(own) else self.text()[start:end]

    def word_at(self, position: int) -> Span:
        """The name or number that a character belongs to; the character alone when it is none of them."""
        line = self.line_of(position)
        begin, text = self.line_start(line), self.line_text(line)
        first = position - begin
        after = _WORD.match(text, first)
        if after is None:
            return position, position + 1
        while first and (text[first - 1].isalnum() or text[first - 1] == "_"):
            first -= 1
        return begin + first, begin + after.end()

    def place_on_screen(self, position: int) -> QRect:
        """Where a character stands on the screen, as high as its line."""
        place = self.place_of(position)
        return QRect(self.input_widget().viewport().mapToGlobal(place.topLeft()), place.size())

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the caret into a line, as near as there is one, and that line into the middle of the screen."""
        line = max(1, min(line, self.line_count()))
        self.show_line(line)
        position = self.line_start(line) + max(0, min(column - 1, len(self.line_text(line))))
        self.select(position, position)
        self._centred_line = line
        self._centre()

    def _stay(self, _action: int = 0) -> None:
        """The user scrolled: another size of the window does not lead back to where one had jumped to."""
        self._centred_line = 0

    def _centre(self) -> None:
        """Bring the line that was jumped to into the middle; again when the size changes before the caret has moved."""
        line = self._centred_line
        if line and self.line_of(self.caret()) == line:
            self.scroll_to(max(1, line - self.visible_line_count() // 2))
        else:
            self._centred_line = 0

    def _in_sight(self, folding: Iterator[None]) -> Iterator[None]:
        """Fold, and keep what is looked at: the caret in its row of the screen, or the first line there when it is elsewhere."""
        first, row = self.first_visible_line(), self._row_of_caret()
        yield from folding
        line = self.line_of(self.caret()) if row >= 0 else first
        while row > 0 and line > 1:
            line -= 1
            row -= not self.is_hidden(line)
        self.scroll_to(line)

    def _row_of_caret(self) -> int:
        """How many lines that are shown stand above it on the screen; -1 when it is not there."""
        line, caret, row = self.first_visible_line(), self.line_of(self.caret()), 0
        while line < caret and row < self.visible_line_count():
            row += not self.is_hidden(line)
            line += 1
        return row if line == caret and row < self.visible_line_count() else -1

    def replace_all(self, spans: Sequence[Span], by: Sequence[str]) -> None:
        """Put texts in the places of others as one step to undo. Caret, folds and marks stay: nothing between is touched."""
        self.replace_many([(*span, text) for span, text in zip(spans, by, strict=True)])

    def set_unsaved_text(self, text: str) -> None:
        """Put another text in the place of all, as a change that can be undone. What is the same in both is not touched."""
        caret_line, old = self.line_of(self.caret()), self.text()
        begin, end_of_old, end_of_new = differing(old, text)
        if old != text:
            self.replace(begin, end_of_old, text[begin:end_of_new])
        self.go_to(caret_line)

    def _want_menu(self, event: QContextMenuEvent) -> None:
        """The menu is wanted: where the mouse is, or for the key at the caret."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        # A point further, to be over the character whatever was rounded.
        at_caret = self.place_on_screen(self.caret()).bottomLeft() + QPoint(1, 0)
        self.menu_wanted.emit(at_caret if by_key else event.globalPos())

    def _took_key(self, event: QKeyEvent) -> bool:
        """Handle the keys that mean the same in every editor; False leaves them to the widget."""
        if self.hint_windows.took_key(event):
            return True
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.is_read_only():
            self.new_line()
            return True
        if plain and event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        if event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            if not self.is_read_only() and self.language is Language.PYTHON:
                self.completion_wanted.emit()
            return True
        return False

    def _after_key(self, event: QKeyEvent) -> None:
        """The widget has taken a key: somebody who writes a word may want it finished."""
        self.hint_windows.follow_caret()
        typed, is_python = event.text(), self.language is Language.PYTHON
        if is_python and typed and (typed.isalnum() or typed in "._") and not self.is_read_only():
            self.completion_wanted.emit()
