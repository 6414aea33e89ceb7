"""Folding in Scintilla, by the levels that its lexer gives. Lines from 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.scintilla import Edit

_HEADER: Final = 0x2000
_CONTRACT, _EXPAND, _TOGGLE = 0, 1, 2
_EVERY_LEVEL: Final = 1 << 2


def toggle(edit: Edit, line: int) -> None:
    """The block that a line begins, or is in."""
    edit.colourise(0, edit.lineEndPosition(min(line + 1, edit.lineCount() - 1)))
    header = line if edit.foldLevel(line) & _HEADER else edit.foldParent(line)
    if header >= 0:
        edit.foldLine(header, _TOGGLE)
        if not edit.lineVisible(edit.lineFromPosition(edit.currentPos())):
            edit.gotoPos(edit.lineEndPosition(header))


def fold_all(edit: Edit, folded: bool) -> None:
    """Every block, of every depth, or none."""
    edit.colourise(0, -1)
    edit.foldAll(_CONTRACT | _EVERY_LEVEL if folded else _EXPAND)
    line = edit.lineFromPosition(edit.currentPos())
    if folded and not edit.lineVisible(line):
        while not edit.lineVisible(line):
            line = edit.foldParent(line)
        edit.gotoPos(edit.lineEndPosition(line))
