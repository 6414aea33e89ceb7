r"""What Scintilla's widget and the plain one must each do themselves, in the same terms.

Positions are counted in characters from 0, lines from 1, and line ends are ``\n``: that a widget counts bytes or UTF-16
units is its own affair. What follows from this is written once, in ``code_editor``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractScrollArea, QVBoxLayout, QWidget

from tasktonic_studio.ui.panels.editor import indentation
from tasktonic_studio.ui.panels.editor.hints import LineNote, Underline
from tasktonic_studio.ui.panels.editor.languages import Language
from tasktonic_studio.ui.panels.editor.marks import Mark, MarkKind
from tasktonic_studio.ui.panels.editor.searching import Span

Change = tuple[int, int, str]
"""From, to, and what comes in its place."""


class Look(NamedTuple):
    """Colours and font of an editor, taken from the theme."""

    color: Callable[[str], QColor]
    """The colour of a role."""
    font: QFont


class TooManyPlaces(Exception):
    """So many carets cannot be typed with; the message is a sentence for the screen."""


class TextWidget(QWidget):
    """The part of an editor that differs between the two widgets."""

    changed = Signal()
    """The text was changed, by whatever means but ``set_text``."""
    dirty_changed = Signal(bool)
    """The text became another one than at ``mark_saved``, or that one again."""
    caret_moved = Signal()
    scrolled = Signal()
    """Other lines are on screen."""
    zoomed = Signal(int)
    """The user made the text larger or smaller; points above or below the theme's size."""
    menu_wanted = Signal(QPoint)
    """The context menu is wanted at this place of the screen."""
    focus_entered = Signal()
    focus_left = Signal()
    margin_clicked = Signal(int)
    """Somebody clicked beside this line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.unit = indentation.UNIT
        self.language = Language.PYTHON
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)

    def _hold(self, widget: QWidget) -> None:
        """Take in the widget that edits."""
        layout = self.layout()
        if layout is not None:
            layout.addWidget(widget)
        self.setFocusProxy(widget)

    def input_widget(self) -> QAbstractScrollArea:
        """The widget that takes the keys."""
        raise NotImplementedError

    def set_language(self, language: Language) -> None:
        """What the text is written in from now on: its colours, comments and indentation."""
        if language is not self.language:
            self.language = language
            self._take_language()

    def _take_language(self) -> None:
        """Colour the text as its language asks for."""
        raise NotImplementedError

    # ---- text -----------------------------------------------------------------------------------------------------

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

    def replace_many(self, changes: Sequence[Change]) -> None:
        """Put texts in the place of others as one step to undo; the caret stays at its word.

        Args:
            changes: in any order; they may touch, but not overlap.
        """
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

    # ---- editing --------------------------------------------------------------------------------------------------

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

    # ---- several carets -------------------------------------------------------------------------------------------

    has_carets = False
    """Whether there can be more than one caret."""

    def selections(self) -> list[Span]:
        """What each caret has selected, the main one last."""
        return [self.selection()]

    def select_spans(self, spans: Sequence[Span]) -> None:
        """Have a caret at the end of each of these and no others; only where there can be several."""
        raise NotImplementedError

    def add_caret_beside(self, lines: int) -> None:
        """One more caret so many lines below the main one (above, when negative), in its column."""
        raise NotImplementedError

    def add_next_hit(self) -> None:
        """Select the word at the caret, then also the next place where the selected text stands."""
        raise NotImplementedError

    def add_all_hits(self) -> None:
        """Select every place where the word at the caret, or the selected text, stands.

        Raises:
            TooManyPlaces: it is selected in one place then.
        """
        raise NotImplementedError

    # ---- folds ----------------------------------------------------------------------------------------------------

    def toggle_fold(self, line: int) -> None:
        """Fold the block that a line begins, or is in; unfold it when it is folded."""
        raise NotImplementedError

    def fold_all(self, folded: bool) -> None:
        """Fold every block, or none; in a long text between what the user does."""
        raise NotImplementedError

    def is_hidden(self, line: int) -> bool:
        """Whether a line is in a block that is folded."""
        raise NotImplementedError

    # ---- two views ------------------------------------------------------------------------------------------------

    def _take_text_of(self, other: TextWidget) -> None:
        """Show the very text of another widget of the same kind: one text, one undo, one unsaved state."""
        raise NotImplementedError

    # ---- what is shown with the text ------------------------------------------------------------------------------

    def _show_marks(self, marks: Sequence[Mark]) -> None:
        """Show these marks beside their lines, and no others."""
        raise NotImplementedError

    def marked_lines(self, kind: MarkKind) -> list[int]:
        """Where the marks of a kind are now, from top to bottom: they go with their lines. Those in one line count once."""
        raise NotImplementedError

    def set_hits(self, hits: Sequence[Span]) -> None:
        """Show where the text that is looked for stands."""
        raise NotImplementedError

    def _show_underlines(self, underlines: Sequence[Underline]) -> None:
        """Underline these parts of the text, which are inside it and not empty, and no others."""
        raise NotImplementedError

    def underlines_at(self, position: int) -> list[Underline]:
        """The underlines of a character, the worst first; their places are those at which they were set."""
        raise NotImplementedError

    def _show_line_notes(self, notes: Mapping[int, LineNote]) -> None:
        """Show these notes behind their lines, and no others. They move with their lines until the next ones are set."""
        raise NotImplementedError

    def line_note(self, line: int) -> LineNote | None:
        """The note behind a line."""
        raise NotImplementedError

    def color_at(self, position: int) -> QColor:
        """The colour in which a character is drawn; for tests and for whoever describes the text."""
        raise NotImplementedError

    def apply_look(self, look: Look) -> None:
        """Take over the colours and the font of the theme."""
        raise NotImplementedError

    # ---- view -----------------------------------------------------------------------------------------------------

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

    def place_of(self, position: int) -> QRect:
        """Where a character stands, in the viewport of the input widget; as high as its line, one pixel wide."""
        raise NotImplementedError

    def position_at(self, point: QPoint) -> int | None:
        """The character at a point of the viewport, None where there is none."""
        raise NotImplementedError

    def line_at(self, point: QPoint) -> int | None:
        """The line at a point of the viewport, also beyond its end; None below the last one."""
        raise NotImplementedError
