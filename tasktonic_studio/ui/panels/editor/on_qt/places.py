"""Qt's places, which are UTF-16 units, and ours, which are characters.

They differ only in a text with characters beyond U+FFFF, and are converted only there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

from PySide6.QtGui import QTextCursor, QTextDocument

PARAGRAPH: Final = "\u2029"
_FEW: Final = 4_096
_BEYOND: Final = re.compile("[\U00010000-\U0010ffff]")


class Places:
    """Made by the editor with its document."""

    def __init__(self, document: QTextDocument) -> None:
        self._document = document
        self._wide: list[int] | None = None
        document.contentsChange.connect(self._on_change)

    def _on_change(self, position: int, _removed: int, added: int) -> None:
        # A long text is not read anew for each key: what is typed is seldom wide.
        is_plain = self._wide == [] and added <= _FEW
        if not is_plain or any(
            0xD800 <= ord(self._document.characterAt(at)) < 0xE000 for at in range(position, position + added)
        ):
            self._wide = None

    def _wide_ones(self) -> list[int]:
        """Where the characters stand that Qt counts twice."""
        if self._wide is None:
            text = self._document.toRawText()
            # The usual text has none, and is not searched for them.
            pairs = self._document.characterCount() - 1 - len(text)
            self._wide = [found.start() for found in _BEYOND.finditer(text)] if pairs else []
        return self._wide

    def unit(self, position: int) -> int:
        """Of a character."""
        units = position + bisect_left(self._wide_ones(), position)
        return min(units, self._document.characterCount() - 1)

    def character(self, unit: int) -> int:
        """At a unit."""
        wide = self._wide_ones()
        # The nth of them, counted from 0, begins at unit wide[n] + n.
        low, high = 0, len(wide)
        while low < high:
            middle = (low + high) // 2
            if wide[middle] + middle < unit:
                low = middle + 1
            else:
                high = middle
        return unit - low

    def cursor(self, start: int, end: int) -> QTextCursor:
        """One that has selected these characters."""
        cursor = QTextCursor(self._document)
        cursor.setPosition(self.unit(start))
        cursor.setPosition(self.unit(end), QTextCursor.MoveMode.KeepAnchor)
        return cursor
