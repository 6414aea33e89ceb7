"""What Scintilla lays over the text by its indicators: names of sparkles, hits, and lines under the text.

An indicator is a value for each byte, kept and moved by Scintilla; number 8 is the first that is no lexer's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QColor

from tasktonic_studio.ui.panels.editor.hints import UNDERLINE_ROLES, Underline
from tasktonic_studio.ui.panels.editor.marks import STATE_ROLE, SparkleKind, sparkle_names, state_names
from tasktonic_studio.ui.panels.editor.on_scintilla import numbers
from tasktonic_studio.ui.panels.editor.on_scintilla.colours import bgr, color_of
from tasktonic_studio.ui.panels.editor.on_scintilla.places import Places
from tasktonic_studio.ui.panels.editor.on_scintilla.styles import QUIET_STYLES
from tasktonic_studio.ui.panels.editor.searching import Span
from tasktonic_studio.ui.panels.editor.text_widget import Look

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.scintilla import Edit

_HIT: Final = 8
_SPARKLE: Final = {kind: 9 + index for index, kind in enumerate(SparkleKind)}
_STATE: Final = 13
_UNDERLINE: Final = {kind: 20 + index for index, kind in enumerate(UNDERLINE_ROLES)}
_OVERLAID: Final = (*_SPARKLE.values(), _STATE)
_MOST_COLOURED: Final = 200_000
"""Bytes in the lines on screen."""
_COMMENTS: Final = frozenset({1, 12})
_QUOTES: Final = frozenset({"'", '"'})
_LINK: Final = "link"


class SparkleColours:
    """The names of sparkles in the colours of their kinds, and of states in theirs. Made by the editor with its widget."""

    def __init__(self, edit: Edit, places: Places) -> None:
        self._edit = edit
        self._places = places
        self.is_python = True
        """In other texts they are names of nothing."""
        for indicator in _OVERLAID:
            edit.indicSetStyle(indicator, numbers.TEXT_FORE)

    def clear(self) -> None:
        """Colour no name, until lines are coloured anew."""
        for indicator in _OVERLAID:
            self._edit.setIndicatorCurrent(indicator)
            self._edit.indicatorClearRange(0, self._edit.length())

    def dress(self, look: Look) -> None:
        """Take on the colours of a theme."""
        for kind, indicator in _SPARKLE.items():
            self._edit.indicSetFore(indicator, bgr(look.color(kind.value)))
        self._edit.indicSetFore(_STATE, bgr(look.color(STATE_ROLE)))

    def color_lines(self, first: int, last: int) -> None:
        """Colour the names in these lines, which count from 0."""
        edit = self._edit
        begin, end = edit.positionFromLine(first), edit.lineEndPosition(last)
        if end - begin > _MOST_COLOURED:
            # Such lines are data, and looking for names in them would make each key press wait.
            return
        if edit.endStyled() < end:
            # With the end of the line, at which some lexers decide what its last word is.
            edit.colourise(edit.endStyled(), min(end + 1, edit.length()))
        if not self.is_python:
            return
        text = self._places.bytes_text(begin, end)
        for indicator in _OVERLAID:
            edit.setIndicatorCurrent(indicator)
            edit.indicatorClearRange(begin, end - begin)
        at_character, at_byte = 0, begin
        for found in sparkle_names(text):
            at_byte += len(text[at_character : found.start].encode())
            at_character = found.start
            if edit.styleAt(at_byte) & 0xFF not in QUIET_STYLES:
                edit.setIndicatorCurrent(_SPARKLE[found.kind])
                edit.indicatorFillRange(at_byte, len(text[found.start : found.end].encode()))
        self._color_states(text, begin)

    def _color_states(self, text: str, begin: int) -> None:
        edit = self._edit
        at_character, at_byte = 0, begin
        for start, stop in state_names(text):
            at_byte += len(text[at_character:start].encode())
            at_character = start
            length = len(text[start:stop].encode())
            style = edit.styleAt(at_byte) & 0xFF
            if style in _COMMENTS or (style in QUIET_STYLES and text[start - 1] not in _QUOTES):
                continue
            for indicator in _SPARKLE.values():
                edit.setIndicatorCurrent(indicator)
                edit.indicatorClearRange(at_byte, length)
            edit.setIndicatorCurrent(_STATE)
            edit.indicatorFillRange(at_byte, length)

    def color_at(self, byte: int) -> QColor | None:
        """The colour that is laid over a character, if one is."""
        for indicator in _OVERLAID:
            if self._edit.indicatorValueAt(indicator, byte):
                return color_of(self._edit.indicFore(indicator))
        return None


class Hits:
    """Where the text that is looked for stands. Made by the editor with its widget."""

    def __init__(self, edit: Edit, places: Places) -> None:
        self._edit = edit
        self._places = places
        self._hits: tuple[Span, ...] = ()
        edit.indicSetStyle(_HIT, numbers.STRAIGHT_BOX)
        edit.indicSetUnder(_HIT, True)

    def dress(self, look: Look) -> None:
        """Take on the colours of a theme."""
        self._edit.indicSetFore(_HIT, bgr(look.color("hit")))
        # Half seen through at most: the text above keeps its contrast on the light and on the dark ground.
        self._edit.indicSetAlpha(_HIT, 110 if look.color("editor_back").lightnessF() > 0.5 else 50)
        self._edit.indicSetOutlineAlpha(_HIT, 255)

    def show(self, hits: Sequence[Span]) -> None:
        """Mark these and no others."""
        self._hits = tuple(hits)
        self._edit.setIndicatorCurrent(_HIT)
        self._edit.indicatorClearRange(0, self._edit.length())
        self.mark_lines(*self._places.lines_on_screen())

    def mark_lines(self, first: int, last: int) -> None:
        """Mark the hits in these lines, from 0; thousands at once would make each key press wait."""
        if not self._hits:
            return
        edit, places = self._edit, self._places
        edit.setIndicatorCurrent(_HIT)
        begin, end = places.line_start(first + 1), places.character(edit.lineEndPosition(last))
        for start, stop in self._hits[bisect_left(self._hits, (begin, 0)) : bisect_left(self._hits, (end + 1, 0))]:
            at = places.byte(start)
            edit.indicatorFillRange(at, places.byte(stop) - at)


class Underlines:
    """Wavy lines under the text. Made by the editor with its widget.

    The value of an indicator is the number of its underline: so Scintilla knows also after an edit which one is where.
    """

    def __init__(self, edit: Edit, places: Places) -> None:
        self._edit = edit
        self._places = places
        self._shown: tuple[Underline, ...] = ()
        for kind, indicator in _UNDERLINE.items():
            edit.indicSetStyle(indicator, numbers.COMPOSITION_THIN if kind == _LINK else numbers.SQUIGGLE)

    def dress(self, look: Look) -> None:
        """Take on the colours of a theme."""
        for kind, role in UNDERLINE_ROLES.items():
            self._edit.indicSetFore(_UNDERLINE[kind], bgr(look.color(role)))

    def show(self, underlines: Sequence[Underline]) -> None:
        """Underline these and no others."""
        edit, places = self._edit, self._places
        self._shown = tuple(underlines)
        length = edit.length()
        for indicator in _UNDERLINE.values():
            edit.setIndicatorCurrent(indicator)
            edit.indicatorClearRange(0, length)
        for number, underline in enumerate(self._shown, start=1):
            begin, end = places.byte(underline.start), places.byte(underline.end)
            edit.setIndicatorCurrent(_UNDERLINE[underline.kind])
            edit.setIndicatorValue(number)
            edit.indicatorFillRange(begin, end - begin)
        edit.setIndicatorValue(1)

    def at(self, byte: int) -> list[Underline]:
        """Those of a character, the worst first."""
        values = (self._edit.indicatorValueAt(indicator, byte) for indicator in _UNDERLINE.values())
        return [self._shown[value - 1] for value in values if 0 < value <= len(self._shown)]
