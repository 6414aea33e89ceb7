r"""The one class behind which an editing widget stands: what Scintilla and the plain fallback both can do.

Positions are counted in characters from 0, lines from 1, and line ends are ``\n``: that a widget counts bytes or UTF-16
units is its own affair. Everything that can be said in these terms is written once, here; what a widget must do itself
raises ``NotImplementedError``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tasktonic_studio.ui.panels.editor import indentation
from tasktonic_studio.ui.panels.editor.marks import Mark
from tasktonic_studio.ui.panels.editor.searching import Span

FOREIGN_KEYS: Final = "LTUDEKJGH"
"""With Ctrl these cut, swap, double or delete text, or put a control character into it: nobody expects that."""


class Look(NamedTuple):
    """Colours and font of an editor, taken from the theme."""

    color: Callable[[str], QColor]
    """The colour of a role."""
    font: QFont


class CodeEditor(QWidget):
    """A text with Python colours, in one of the two widgets.

    Made by the editor's view, one for each open file; ends with its tab.
    """

    changed = Signal()
    """The text was changed, by whatever means but ``set_text``."""
    dirty_changed = Signal(bool)
    """The text became another one than at ``mark_saved``, or that one again."""
    caret_moved = Signal()
    zoomed = Signal(int)
    """The user made the text larger or smaller; points above or below the theme's size."""
    escaped = Signal()
    menu_wanted = Signal(QPoint)
    """The context menu is wanted at this place of the screen."""
    focus_left = Signal()
    margin_clicked = Signal(int)
    """Somebody clicked beside this line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.unit = indentation.UNIT
        self._centred_line = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)

    def _hold(self, widget: QWidget) -> None:
        """Take in the widget that edits."""
        layout = self.layout()
        if layout is not None:
            layout.addWidget(widget)
        self.setFocusProxy(widget)

    # ---- what a widget must do itself -----------------------------------------------------------------------------

    def input_widget(self) -> QWidget:
        """The widget that takes the keys."""
        raise NotImplementedError

    def text(self) -> str:
        raise NotImplementedError

    def can_hold(self, text: str) -> bool:
        """Whether every character of a text would come back from the widget."""
        return True

    def set_text(self, text: str) -> None:
        """Show another text: unchanged, with nothing to undo, the caret at its beginning."""
        raise NotImplementedError

    def selection(self) -> Span:
        """Begin and end of the selected text; twice the caret when nothing is selected."""
        raise NotImplementedError

    def caret(self) -> int:
        raise NotImplementedError

    def select(self, start: int, end: int) -> None:
        """Select, with the caret at ``end``, and bring it into view."""
        raise NotImplementedError

    def replace(self, start: int, end: int, text: str) -> None:
        """Put a text in the place of another as one step to undo; the caret goes behind it."""
        raise NotImplementedError

    def line_count(self) -> int:
        raise NotImplementedError

    def line_of(self, position: int) -> int:
        raise NotImplementedError

    def line_start(self, line: int) -> int:
        raise NotImplementedError

    def line_text(self, line: int) -> str:
        """The line without its end."""
        raise NotImplementedError

    def undo(self) -> None:
        raise NotImplementedError

    def redo(self) -> None:
        raise NotImplementedError

    def can_undo(self) -> bool:
        raise NotImplementedError

    def can_redo(self) -> bool:
        raise NotImplementedError

    def cut(self) -> None:
        raise NotImplementedError

    def copy(self) -> None:
        raise NotImplementedError

    def paste(self) -> None:
        raise NotImplementedError

    def select_all(self) -> None:
        raise NotImplementedError

    def mark_saved(self) -> None:
        """The text is the one on disk from now on."""
        raise NotImplementedError

    def is_dirty(self) -> bool:
        raise NotImplementedError

    def set_read_only(self, read_only: bool) -> None:
        raise NotImplementedError

    def is_read_only(self) -> bool:
        raise NotImplementedError

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show these marks beside their lines, and no others."""
        raise NotImplementedError

    def set_hits(self, hits: Sequence[Span]) -> None:
        """Show where the text that is looked for stands."""
        raise NotImplementedError

    def color_at(self, position: int) -> QColor:
        """The colour in which a character is drawn; for tests and for whoever describes the text."""
        raise NotImplementedError

    def apply_look(self, look: Look) -> None:
        """Take over the colours and the font of the theme."""
        raise NotImplementedError

    def zoom_level(self) -> int:
        raise NotImplementedError

    def set_zoom(self, points: int) -> None:
        raise NotImplementedError

    def first_visible_line(self) -> int:
        raise NotImplementedError

    def visible_line_count(self) -> int:
        raise NotImplementedError

    def scroll_to(self, first_line: int) -> None:
        """Make this line the first one on screen, as far as the text is long enough."""
        raise NotImplementedError

    def show_line(self, line: int) -> None:
        """Unfold what hides a line, if anything does."""

    # ---- what follows from that -----------------------------------------------------------------------------------

    def selected_text(self) -> str:
        start, end = self.selection()
        return self.text()[start:end] if end > start else ""

    def column(self) -> int:
        """Of the caret, from 1."""
        caret = self.caret()
        return caret - self.line_start(self.line_of(caret)) + 1

    def go_to(self, line: int, column: int = 1) -> None:
        """Put the caret into a line, as near as there is one, and that line into the middle of the screen."""
        line = max(1, min(line, self.line_count()))
        self.show_line(line)
        position = self.line_start(line) + max(0, min(column - 1, len(self.line_text(line))))
        self.select(position, position)
        self._centred_line = line
        self._centre()

    def _centre(self) -> None:
        """Bring the line that was jumped to into the middle; again when the size changes before the caret has moved."""
        line = self._centred_line
        if line and self.line_of(self.caret()) == line:
            self.scroll_to(max(1, line - self.visible_line_count() // 2))
        else:
            self._centred_line = 0

    def replace_all(self, spans: Sequence[Span], text: str) -> None:
        """Put one text in the place of several, as one step to undo."""
        if not spans:
            return
        first, last = spans[0][0], spans[-1][1]
        old = self.text()
        parts: list[str] = []
        at = first
        for start, end in spans:
            parts += (old[at:start], text)
            at = end
        self.replace(first, last, "".join(parts))

    def set_unsaved_text(self, text: str) -> None:
        """Put another text in the place of all, as a change that can be undone."""
        caret_line = self.line_of(self.caret())
        self.replace(0, len(self.text()), text)
        self.go_to(caret_line)

    def new_line(self) -> None:
        """What Enter does: the next line goes in as far as its place in the code asks for."""
        start, end = self.selection()
        line = self.line_of(start)
        before = self.line_text(line)[: start - self.line_start(line)]
        self.replace(start, end, "\n" + indentation.indent_after(before, self.unit))

    def toggle_comment(self) -> None:
        """Make the selected lines comments, or code again."""
        self._change_lines(indentation.toggled_comment)

    def move_in(self) -> None:
        """Move the selected lines one step in; without a selection, the caret to the next stop."""
        start, end = self.selection()
        if start == end or "\n" not in self.text()[start:end]:
            stop = len(self.unit) if self.unit != "\t" else 1
            self.replace(start, end, "\t" if self.unit == "\t" else " " * (stop - (self.column() - 1) % stop))
        else:
            self._change_lines(lambda lines: indentation.moved_in(lines, self.unit))

    def move_out(self) -> None:
        """Move the lines of the selection one step out."""
        self._change_lines(lambda lines: indentation.moved_out(lines, self.unit))

    def _change_lines(self, change: Callable[[Sequence[str]], list[str]]) -> None:
        if self.is_read_only():
            return
        start, end = self.selection()
        first, last = self.line_of(start), self.line_of(end)
        if last > first and self.line_start(last) == end:
            last -= 1
        old = [self.line_text(line) for line in range(first, last + 1)]
        new = change(old)
        if new == old:
            return
        begin = self.line_start(first)
        self.replace(begin, self.line_start(last) + len(old[-1]), "\n".join(new))
        if start == end:
            caret = max(begin, start + len(new[0]) - len(old[0]))
            self.select(caret, caret)
        else:
            self.select(begin, begin + len("\n".join(new)))

    def _took_key(self, event: QKeyEvent) -> bool:
        """Handle the keys that mean the same in every editor; False leaves them to the widget."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.is_read_only():
            self.new_line()
            return True
        if plain and event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        return False
