"""What Qt lays over a text without changing it: the caret's line, marked lines, hits, braces, underlines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QTextEdit

from tasktonic_studio.ui.panels.editor.hints import UNDERLINE_ROLES, Underline
from tasktonic_studio.ui.panels.editor.marks import Mark, MarkKind
from tasktonic_studio.ui.panels.editor.on_qt.braces import BRACES, FARTHEST, partner
from tasktonic_studio.ui.panels.editor.on_qt.places import Places
from tasktonic_studio.ui.panels.editor.on_qt.text_edit import TextEdit
from tasktonic_studio.ui.panels.editor.searching import Span
from tasktonic_studio.ui.panels.editor.text_widget import Look

_LINE_MARKS: Final = (MarkKind.PLACE, MarkKind.STANDS)
_KINDS: Final = tuple(UNDERLINE_ROLES)
_WAVE: Final = QTextCharFormat.UnderlineStyle.SpellCheckUnderline
_STRAIGHT: Final = QTextCharFormat.UnderlineStyle.SingleUnderline

_WIDE: Final = re.compile("[\U00010000-\U0010ffff]")
"""What Qt counts twice."""

_Extra = QTextEdit.ExtraSelection


class Extras:
    """Made by the plain editor with its widget.

    Qt lays out every line with an extra: those out of sight would make each key press wait, so they are left out.
    """

    def __init__(self, edit: TextEdit, places: Places) -> None:
        self._edit = edit
        self._places = places
        self._look: Look | None = None
        self._marks: tuple[Mark, ...] = ()
        self._hits: tuple[Span, ...] = ()
        # Cursors move with the text, as the lines under it should.
        self._underlines: list[tuple[QTextCursor, Underline]] = []

    def dress(self, look: Look) -> None:
        """Take on the colours of a theme."""
        self._look = look
        self.paint()

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Colour the lines of these marks."""
        self._marks = tuple(marks)
        self.paint()

    def show_hits(self, hits: Sequence[Span]) -> None:
        """Mark these hits and no others."""
        self._hits = tuple(hits)
        self.paint()

    def show_underlines(self, underlines: Sequence[Underline]) -> None:
        """Underline these and no others."""
        self._underlines = [(self._places.cursor(line.start, line.end), line) for line in underlines]
        self.paint()

    def underlines_at(self, position: int) -> list[Underline]:
        """Those of a character, the worst first."""
        unit = self._places.unit(position)
        found = [line for cursor, line in self._underlines if cursor.selectionStart() <= unit < cursor.selectionEnd()]
        return sorted(found, key=lambda line: _KINDS.index(line.kind))

    def follow_scrolling(self) -> None:
        """Other lines are on screen."""
        if self._hits or self._underlines:
            self.paint()

    def paint(self) -> None:
        """Lay all of it over the text anew."""
        if self._look is None:
            return
        look = self._look
        extras = [_whole_line(self._edit.textCursor(), look.color("editor_caret_line"))]
        for mark in (each for each in self._marks if each.kind in _LINE_MARKS):
            block = self._edit.document().findBlockByNumber(mark.line - 1)
            extras.append(_whole_line(QTextCursor(block), look.color("editor_selection_back")))
        extras += self._hit_extras(look)
        extras += self._brace_extras(look)
        extras += self._underline_extras(look)
        self._edit.setExtraSelections(extras)

    def _on_screen(self) -> tuple[int, int]:
        """The units from the first line on screen to the end of the last one."""
        rows = list(self._edit.rows())
        if not rows:
            return 0, 0
        return rows[0].block.position(), rows[-1].block.position() + rows[-1].block.length() - 1

    def _hit_extras(self, look: Look) -> Iterator[_Extra]:
        if self._hits:
            fill = _blend(look.color("hit"), look.color("editor_back"))
            begin, end = map(self._places.character, self._on_screen())
            for span in self._hits[bisect_left(self._hits, (begin, 0)) : bisect_left(self._hits, (end + 1, 0))]:
                yield self._back(span, fill)

    def _underline_extras(self, look: Look) -> Iterator[_Extra]:
        begin, end = self._on_screen() if self._underlines else (0, 0)
        for cursor, line in self._underlines:
            if cursor.selectionStart() <= end and cursor.selectionEnd() >= begin:
                extra = _Extra()
                extra.cursor = QTextCursor(cursor)
                extra.format.setUnderlineStyle(_STRAIGHT if line.kind == "link" else _WAVE)
                extra.format.setUnderlineColor(look.color(UNDERLINE_ROLES[line.kind]))
                yield extra

    def _brace_extras(self, look: Look) -> Iterator[_Extra]:
        for position, matched in self.braces():
            extra = self._back((position, position + 1), look.color("editor_selection_back"))
            extra.format.setForeground(look.color("editor_brace" if matched else "error"))
            extra.format.setFontWeight(QFont.Weight.Bold)
            yield extra

    def braces(self) -> list[tuple[int, bool]]:
        """The brace at the caret and the one that belongs to it, with whether they belong together."""
        cursor = self._edit.textCursor()
        column = cursor.positionInBlock()
        near = cursor.block().text().encode("utf-16-le", "surrogatepass")[max(0, 2 * column - 2) : 2 * column + 2]
        if not any(sign in BRACES for sign in near.decode("utf-16-le", "replace")):
            return []
        text, begin = self._text_around(cursor)
        at = cursor.position() - begin
        for index in (at - 1, at):
            if 0 <= index < len(text) and text[index] in BRACES:
                other = partner(text, index)
                found = [(begin + index, other >= 0)] + ([(begin + other, True)] if other >= 0 else [])
                return [(self._places.character(unit), matched) for unit, matched in found]
        return []

    def _text_around(self, cursor: QTextCursor) -> tuple[str, int]:
        """The text as far as a brace is looked for, one sign for each unit, and where it begins."""
        first = last = cursor.block()
        while first.previous().isValid() and cursor.position() - first.position() < FARTHEST:
            first = first.previous()
        while last.next().isValid() and last.position() - cursor.position() < FARTHEST:
            last = last.next()
        parts, block = [], first
        while block.isValid():
            parts.append(_WIDE.sub("  ", block.text()))
            if block == last:
                break
            block = block.next()
        return "\n".join(parts), first.position()

    def _back(self, span: Span, back: QColor) -> _Extra:
        extra = _Extra()
        extra.cursor = self._places.cursor(*span)
        extra.format.setBackground(back)
        return extra


def _whole_line(cursor: QTextCursor, back: QColor) -> _Extra:
    extra = _Extra()
    cursor.clearSelection()
    extra.cursor = cursor
    extra.format.setBackground(back)
    extra.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
    return extra


def _blend(over: QColor, under: QColor) -> QColor:
    """A fill under text: quieter on a dark ground, where the text is light."""
    share = 0.45 if under.lightnessF() > 0.5 else 0.25

    def mix(one: int, other: int) -> int:
        return round(one * share + other * (1 - share))

    return QColor(mix(over.red(), under.red()), mix(over.green(), under.green()), mix(over.blue(), under.blue()))
