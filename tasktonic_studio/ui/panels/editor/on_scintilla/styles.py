"""Fonts and colours of a text in Scintilla: what its lexer tells apart, and the elements of its screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from tasktonic_studio.ui.panels.editor.on_scintilla import numbers
from tasktonic_studio.ui.panels.editor.on_scintilla.colours import bgr, bgra
from tasktonic_studio.ui.panels.editor.on_scintilla.lexers import Lexer
from tasktonic_studio.ui.panels.editor.text_widget import Look

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.scintilla import Edit

QUIET_STYLES: Final = frozenset({1, 3, 4, 6, 7, 12, 13, 16, 17, 18, 19})
"""Comments and strings of Python: a sparkle's name in them is prose, or belongs to them."""
_ELEMENT_ROLES: Final = (
    (numbers.SELECTION_BACK, "editor_selection_back"),
    (numbers.SELECTION_ADDITIONAL_BACK, "editor_selection_back"),
    (numbers.SELECTION_INACTIVE_BACK, "editor_selection_back"),
    (numbers.CARET, "editor_text"),
    (numbers.CARET_ADDITIONAL, "editor_text"),
    (numbers.FOLD_LINE, "border"),
)


def dress(edit: Edit, look: Look, lexer: Lexer) -> None:
    """Take on a font and the colours of words."""
    # Scintilla has a method of this name too.
    QWidget.setFont(edit, look.font)
    back = look.color("editor_back")
    edit.styleSetFont(numbers.DEFAULT, look.font.family())
    edit.styleSetSizeFractional(numbers.DEFAULT, round(look.font.pointSizeF() * 100))
    edit.styleSetFore(numbers.DEFAULT, bgr(look.color("editor_text")))
    edit.styleSetBack(numbers.DEFAULT, bgr(back))
    edit.styleClearAll()
    for style, role in lexer.roles.items():
        edit.styleSetFore(style, bgr(look.color(role)))
    for style in lexer.bold:
        edit.styleSetBold(style, True)
    edit.styleSetFore(numbers.LINE_NUMBER, bgr(look.color("editor_line_number")))
    edit.styleSetBack(numbers.LINE_NUMBER, bgr(back))
    edit.styleSetFore(numbers.GUIDE, bgr(look.color("border")))
    for style, role in ((numbers.BRACE, "editor_brace"), (numbers.BAD_BRACE, "error")):
        edit.styleSetFore(style, bgr(look.color(role)))
        edit.styleSetBack(style, bgr(look.color("editor_selection_back")))
        edit.styleSetBold(style, True)
    for element, role in _ELEMENT_ROLES:
        edit.setElementColour(element, bgra(look.color(role)))
    edit.setCaretWidth(2)


class CaretLine:
    """The ground of the line with the caret, which makes way for the colour of a mark."""

    def __init__(self, edit: Edit, marked: int) -> None:
        self._edit = edit
        self._marked = marked
        self._color: QColor | None = None

    def dress(self, look: Look) -> None:
        """Take on the colours of a theme."""
        self._color = look.color("editor_caret_line")
        self.show()

    def show(self) -> None:
        """Where the caret is now."""
        # The colour of the caret's line would hide that of a mark, just where one has jumped to.
        edit = self._edit
        # Not by `setCaretLineVisible`: that forgets the colour.
        if edit.markerGet(edit.lineFromPosition(edit.currentPos())) & self._marked:
            edit.resetElementColour(numbers.CARET_LINE_BACK)
        elif self._color is not None:
            edit.setElementColour(numbers.CARET_LINE_BACK, bgra(self._color))


def match_brace(edit: Edit, lexer: Lexer) -> None:
    """Show the brace that belongs to the one at the caret."""
    caret = edit.currentPos()
    for position in (caret - 1, caret):
        is_brace = position >= 0 and chr(edit.charAt(position) & 0xFF) in "()[]{}"
        if is_brace and edit.styleAt(position) & 0xFF == lexer.operator:
            other = edit.braceMatch(position, 0)
            if other >= 0:
                edit.braceHighlight(position, other)
            else:
                edit.braceBadLight(position)
            return
    edit.braceHighlight(-1, -1)
