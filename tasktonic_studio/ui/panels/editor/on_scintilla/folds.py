"""Folding in Scintilla, by the levels that its lexer gives. Lines from 0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.scintilla import Edit

_HEADER: Final = 0x2000
_CONTRACT, _EXPAND, _TOGGLE = 0, 1, 2
_EVERY_LEVEL: Final = 1 << 2
_PORTION: Final = 5_000
"""Lines of which the lexer says at a time where blocks begin; some milliseconds."""


def toggle(edit: Edit, line: int) -> None:
    """The block that a line begins, or is in."""
    _know_blocks(edit, edit.lineEndPosition(min(line + 1, edit.lineCount() - 1)))
    header = line if edit.foldLevel(line) & _HEADER else edit.foldParent(line)
    if header >= 0:
        edit.foldLine(header, _TOGGLE)
        if not edit.lineVisible(edit.lineFromPosition(edit.currentPos())):
            edit.gotoPos(edit.lineEndPosition(header))


def folding_all(edit: Edit, folded: bool) -> Iterator[None]:
    """Fold every block, of every depth, or none: at once, when in portions it is known where they begin."""
    while (known := edit.endStyled()) < edit.length():
        line = edit.lineFromPosition(known) + _PORTION
        _know_blocks(edit, edit.positionFromLine(line) if line < edit.lineCount() else edit.length())
        if edit.endStyled() <= known:
            break  # there is no lexer that could say more
        if edit.endStyled() < edit.length():
            yield
    edit.foldAll(_CONTRACT | _EVERY_LEVEL if folded else _EXPAND)
    line = edit.lineFromPosition(edit.currentPos())
    if folded and not edit.lineVisible(line):
        while not edit.lineVisible(line):
            line = edit.foldParent(line)
        edit.gotoPos(edit.lineEndPosition(line))


def _know_blocks(edit: Edit, end: int) -> None:
    """Have the lexer say where blocks begin, as far as it has not done so."""
    if edit.endStyled() < end:
        edit.colourise(edit.endStyled(), end)
