"""The Python stack of a catalyst as a table, the call that runs at the bottom as in a traceback."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import PurePath
from typing import Any, Final

import numpy as np

from tasktonic.protocol.messages import StackLine
from tasktonic_studio.session.knowledge import StackFacts
from tasktonic_studio.session.names import Place
from tasktonic_studio.ui.item_models.roles import ACCESSIBLE_TEXT, DISPLAY, FONT, FOREGROUND, TOOL_TIP, Column
from tasktonic_studio.ui.item_models.table import TableModel
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures

COLUMNS: Final = (
    Column("function", "Call", "The function that has not returned.", "Pump.ttse__on_tick", stretch=True, mono=True),
    Column("place", "Where", "The line it is at.", "watch_me.py:188", stretch=True),
)
_FRAMEWORK: Final = "tasktonic"


class StackModel(TableModel[StackLine]):
    """The lines of the last answer. An item is the number of a line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(COLUMNS)
        self._theme = theme
        self._lines: tuple[StackLine, ...] = ()

    def show(self, stack: StackFacts | None) -> bool:
        """Show an answer; true when it says something else than before."""
        lines = stack.lines if stack is not None else ()
        if lines == self._lines:
            return False
        self._lines = lines
        self.replace(np.arange(len(lines), dtype=np.int64))
        return True

    def place_at(self, row: int) -> Place | None:
        """Where the line in a row stands, when there is a file to open."""
        line = self._lines[row] if 0 <= row < len(self._lines) else None
        return Place(line.file, line.line) if line is not None and line.line > 0 and "<" not in line.file else None

    @property
    def text(self) -> str:
        """All lines as text, as they are copied."""
        return "\n".join(f'File "{line.file}", line {line.line}, in {line.function}' for line in self._lines)

    def read(self, item: int) -> StackLine:
        return self._lines[item]

    def key(self, row: StackLine) -> Hashable:
        return (row.file, row.line, row.function)

    def cell(self, row: StackLine, column: Column, role: int) -> Any:
        if role in (DISPLAY, ACCESSIBLE_TEXT):
            words = row.function if column.id == "function" else f"{PurePath(row.file).name}:{row.line}"
            return figures.short(words)
        if role == FOREGROUND:
            return self._theme.color("text_muted" if is_of_framework(row) or column.id == "place" else "text")
        if role == FONT:
            return self._theme.font("mono") if column.mono else None
        return f"{row.file}, line {row.line}" if role == TOOL_TIP else None


def is_of_framework(line: StackLine) -> bool:
    """Whether a call is one of the framework's or of the language's own, as far as its file tells."""
    parts = PurePath(line.file).parts
    return _FRAMEWORK in parts[:-1] or "<" in line.file or any(part.startswith("python3.") for part in parts[:-1])
