"""Tables whose rows are words worked out once: the twins of what is painted, for those who read rather than look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from tasktonic_studio.ui.item_models.roles import (
    ACCESSIBLE_TEXT,
    DECORATION,
    DISPLAY,
    FONT,
    FOREGROUND,
    TOOL_TIP,
    Column,
)
from tasktonic_studio.ui.item_models.table import TableModel
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.tail_table import TailTable


class Words(Protocol):
    """What one row shows: a text for each column, and the shape of what is special about it, or none."""

    @property
    def texts(self) -> tuple[str, ...]: ...
    @property
    def shape(self) -> str: ...


W = TypeVar("W", bound=Words)


class WordsModel(TableModel[W], Generic[W]):
    """Rows of words. A subclass reads one row, and says which columns are quiet and where its shape stands."""

    SPECIAL: ClassVar[str]
    """The column of the shape; its words and the sparkle's are red where something was raised."""
    QUIET: ClassVar[frozenset[str]]

    def __init__(self, columns: Sequence[Column], theme: Theme, shapes: Shapes) -> None:
        super().__init__(columns)
        self._number = {column.id: number for number, column in enumerate(columns)}
        self._theme = theme
        self._shapes = shapes
        self.retheme()

    def retheme(self) -> None:
        """Take fonts from the theme."""
        self._plain = tabular(self._theme.font("ui"))
        self._mono = self._theme.font("mono")

    def is_aside(self, row: W) -> bool:
        """Whether all of a row is quiet."""
        return False

    def tip(self, row: W, column: Column) -> str:
        """What the tool tip of a cell says."""
        return row.texts[self._number[column.id]]

    def cell(self, row: W, column: Column, role: int) -> Any:
        if role in (DISPLAY, ACCESSIBLE_TEXT):
            return row.texts[self._number[column.id]]
        if role == FOREGROUND:
            is_error = row.shape == "error" and column.id in (self.SPECIAL, "sparkle")
            is_quiet = self.is_aside(row) or column.id in self.QUIET
            return self._theme.color("error" if is_error else "text_muted" if is_quiet else "text")
        if role == FONT:
            return self._mono if column.mono else self._plain
        if role == DECORATION:
            return self._shapes.icon(row.shape) if column.id == self.SPECIAL and row.shape else None
        return self.tip(row, column) if role == TOOL_TIP else None

    def text_of(self, items: Iterable[int]) -> str:
        """These rows as text with tabs, as they are copied."""
        return "\n".join(figures.tabbed(self.entry(item).texts) for item in items)


class WordsTable(TailTable):
    """Lists a `WordsModel`. Its signals name items of the model, -1 for none."""

    item_chosen = Signal(int)
    item_opened = Signal(int)
    item_pointed = Signal(int)

    def __init__(
        self, words: WordsModel[Any], theme: Theme, one: str, name: str, about: str, parent: QWidget | None = None
    ) -> None:
        """``one`` of the rows is called so; ``name`` and ``about`` are for a screen reader."""
        super().__init__(words.columns, f"new {one}", f"new {one}s", parent)
        self._twin = words
        self._theme = theme
        words.setParent(self)
        self.stop_following()
        self.setModel(words)
        accessible.name(self, name, about)
        self.chosen.connect(self._on_chosen)
        self.opened.connect(self._on_opened)
        self.pointed.connect(self._on_pointed)
        self.copied.connect(self.copy_rows)

    def retheme(self) -> None:
        """Take on fonts and colours."""
        self._twin.retheme()
        self.set_fonts(self._theme.font("ui"), self._theme.font("mono"))
        self.viewport().update()

    def mark(self, item: int) -> None:
        """Select what is selected elsewhere; none for -1 or what is not listed."""
        row = self._twin.row_of(item) if item >= 0 else -1
        if row < 0:
            self.show_none()
        elif self.selected_rows() != [row]:
            self.show_row(row)

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard."""
        items = [item for item in map(self._twin.item, self.selected_rows()) if item is not None]
        if items:
            QGuiApplication.clipboard().setText(self._twin.text_of(items))

    def _item(self, row: int) -> int:
        item = self._twin.item(row)
        return -1 if item is None else item

    def _on_chosen(self, index: QModelIndex) -> None:
        self.item_chosen.emit(self._item(index.row()))

    def _on_opened(self, index: QModelIndex) -> None:
        self.item_opened.emit(self._item(index.row()))

    def _on_pointed(self, row: int) -> None:
        self.item_pointed.emit(self._item(row))
