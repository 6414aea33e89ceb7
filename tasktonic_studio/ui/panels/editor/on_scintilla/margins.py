"""What stands beside the lines in Scintilla: marks, numbers and folds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tasktonic_studio.ui.panels.editor.marks import Mark, MarkKind
from tasktonic_studio.ui.panels.editor.on_scintilla import numbers
from tasktonic_studio.ui.panels.editor.on_scintilla.colours import bgr
from tasktonic_studio.ui.panels.editor.text_widget import Look

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.scintilla import Edit

_SYMBOLS_WIDTH_PX, _FOLDS_WIDTH_PX = 16, 20
# Markers of each kind: the symbol in the margin, and the one that colours the line if there is one.
_MARKERS: Final[dict[MarkKind, tuple[int, ...]]] = {
    MarkKind.PLACE: (1, 2),
    MarkKind.BREAKPOINT: (3,),
    MarkKind.BREAKPOINT_OFF: (4,),
    MarkKind.LINE_BREAK: (5,),
    MarkKind.STANDS: (6, 7),
    MarkKind.RUNS: (8,),
}
LINE_COLOURS: Final = 1 << 2 | 1 << 7
"""The markers that colour their line."""
_SYMBOL_SHAPES: Final = {
    # Its line has a colour and no more: an arrow would say that the program stands there.
    MarkKind.PLACE: numbers.EMPTY,
    MarkKind.BREAKPOINT: numbers.CIRCLE,
    MarkKind.BREAKPOINT_OFF: numbers.CIRCLE,
    MarkKind.LINE_BREAK: numbers.ROUND_RECT,
    MarkKind.STANDS: numbers.ARROW,
    MarkKind.RUNS: numbers.ARROWS,
}
_FOLD_MASK: Final = 0xFE000000
_FOLD_SYMBOLS: Final = {25: 13, 26: 15, 27: 11, 28: 10, 29: 9, 30: 12, 31: 14}
"""Boxes with lines between them, as SC_MARKNUM_FOLDER* to SC_MARK_BOXPLUS and relatives."""


class Margins:
    """Made by the editor with its widget."""

    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        edit.setMarginTypeN(numbers.SYMBOLS_MARGIN, 0)
        edit.setMarginTypeN(numbers.NUMBERS_MARGIN, 1)
        edit.setMarginTypeN(numbers.FOLDS_MARGIN, 0)
        edit.setMarginMaskN(numbers.SYMBOLS_MARGIN, sum(1 << markers[0] for markers in _MARKERS.values()))
        edit.setMarginMaskN(numbers.NUMBERS_MARGIN, 0)
        edit.setMarginMaskN(numbers.FOLDS_MARGIN, _FOLD_MASK)
        for margin in (numbers.SYMBOLS_MARGIN, numbers.NUMBERS_MARGIN, numbers.FOLDS_MARGIN):
            edit.setMarginSensitiveN(margin, True)
        edit.setAutomaticFold(numbers.AUTOMATIC_FOLD)
        for marker, symbol in _FOLD_SYMBOLS.items():
            edit.markerDefine(marker, symbol)
        for kind, markers in _MARKERS.items():
            edit.markerDefine(markers[0], _SYMBOL_SHAPES[kind])
            for line in markers[1:]:
                edit.markerDefine(line, numbers.BACKGROUND)

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show these marks and no others."""
        for markers in _MARKERS.values():
            for marker in markers:
                self._edit.markerDeleteAll(marker)
        for mark in marks:
            for marker in _MARKERS[mark.kind]:
                self._edit.markerAdd(mark.line - 1, marker)

    def lines_of(self, kind: MarkKind) -> list[int]:
        """Where marks of a kind are, from 1; Scintilla moves them with their lines."""
        found: list[int] = []
        line = -1
        while (line := self._edit.markerNext(line + 1, 1 << _MARKERS[kind][0])) >= 0:
            found.append(int(line) + 1)
        return found

    def width(self) -> int:
        """Of all of them, in pixels."""
        margins = (numbers.SYMBOLS_MARGIN, numbers.NUMBERS_MARGIN, numbers.FOLDS_MARGIN)
        return sum(int(self._edit.marginWidthN(margin)) for margin in margins)

    def dress(self, look: Look) -> None:
        """Take on the colours of a theme."""
        edit = self._edit
        back = look.color("editor_back")
        edit.setFoldMarginColour(True, bgr(back))
        edit.setFoldMarginHiColour(True, bgr(back))
        for marker in _FOLD_SYMBOLS:
            edit.markerSetFore(marker, bgr(back))
            edit.markerSetBack(marker, bgr(look.color("border_strong")))
        for mark, markers in _MARKERS.items():
            role = {MarkKind.STANDS: "warning", MarkKind.RUNS: "running"}.get(mark, "error")
            inside = "editor_back" if mark is MarkKind.BREAKPOINT_OFF else role
            edit.markerSetFore(markers[0], bgr(look.color(role)))
            edit.markerSetBack(markers[0], bgr(look.color(inside)))
            for line in markers[1:]:
                edit.markerSetBack(line, bgr(look.color("editor_selection_back")))
        self.fit()

    def fit(self) -> None:
        """Make the margins as wide as what stands in them."""
        edit = self._edit
        digits = max(3, len(str(edit.lineCount())))
        # As wide as high: a mark is drawn as large as its line.
        edit.setMarginWidthN(numbers.SYMBOLS_MARGIN, max(_SYMBOLS_WIDTH_PX, edit.textHeight(0) - 3))
        edit.setMarginWidthN(numbers.NUMBERS_MARGIN, edit.textWidth(numbers.LINE_NUMBER, "9" * digits + "_"))
        edit.setMarginWidthN(numbers.FOLDS_MARGIN, _FOLDS_WIDTH_PX)
        edit.setMarginLeft(6)
