"""Scintilla's places, which are UTF-8 bytes, and ours, which are characters.

They are converted with Scintilla's own index of lines, so that a conversion costs the length of one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tasktonic_studio.ui.panels.editor.on_scintilla.numbers import BY_CHARACTERS
from tasktonic_studio.ui.panels.editor.text_widget import Change

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.scintilla import Edit


class Places:
    """Made by the editor with its widget."""

    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        edit.allocateLineCharacterIndex(BY_CHARACTERS)

    def byte(self, position: int) -> int:
        """Of a character."""
        edit = self._edit
        line = edit.lineFromIndexPosition(position, BY_CHARACTERS)
        into = position - edit.indexPositionFromLine(line, BY_CHARACTERS)
        begin = edit.positionFromLine(line)
        return int(edit.positionRelative(begin, into)) if into > 0 else int(begin)

    def character(self, byte: int) -> int:
        """At a byte."""
        edit = self._edit
        line = edit.lineFromPosition(byte)
        before = edit.countCharacters(edit.positionFromLine(line), byte)
        return int(edit.indexPositionFromLine(line, BY_CHARACTERS) + before)

    def in_bytes(self, changes: Sequence[Change]) -> list[Change]:
        """Of changes in order, in one pass: asking for each of thousands would take a second."""
        text = self.bytes_text(0, self._edit.length())
        found: list[Change] = []
        at_character = at_byte = 0
        for start, end, by in changes:
            first = at_byte + len(text[at_character:start].encode("utf-8", "replace"))
            at_character, at_byte = end, first + len(text[start:end].encode("utf-8", "replace"))
            found.append((first, at_byte, by.encode("utf-8", "replace").decode("utf-8")))
        return found

    def line_of(self, position: int) -> int:
        """From 1."""
        return int(self._edit.lineFromIndexPosition(position, BY_CHARACTERS)) + 1

    def line_start(self, line: int) -> int:
        """The first character of a line, which counts from 1."""
        return int(self._edit.indexPositionFromLine(line - 1, BY_CHARACTERS))

    def bytes_text(self, begin: int, end: int) -> str:
        """What stands between two bytes."""
        data: object = self._edit.get_text_range(begin, end)
        return bytes(data.data()).decode("utf-8", "replace")  # type: ignore[attr-defined]

    def lines_on_screen(self) -> tuple[int, int]:
        """The first and the last of them, from 0."""
        edit = self._edit
        top = edit.firstVisibleLine()
        last = min(edit.docLineFromVisible(top + edit.linesOnScreen() + 1), edit.lineCount() - 1)
        return int(edit.docLineFromVisible(top)), int(last)
