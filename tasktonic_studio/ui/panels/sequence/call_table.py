"""The table twin of the diagram: its rows as rows, for those who read rather than look."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final, NamedTuple

import numpy as np
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from tasktonic_studio.session.calls import RAN
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
from tasktonic_studio.ui.panels.sequence.model import SequenceModel
from tasktonic_studio.ui.panels.sequence.words import gap_words, marks_of, sentence
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.tail_table import TailTable

COLUMNS: Final = (
    Column("time", "Called", "When it was called, counted from the begin of the app.", "23:59:59.999", right=True),
    Column("sender", "From", "Who called: a lifeline of the diagram.", "conveyor 12", stretch=True),
    Column("receiver", "To", "Whose sparkle it is: a lifeline of the diagram.", "conveyor 12", stretch=True),
    Column("sparkle", "Sparkle", "What was called.", "ttse__on_stroke", stretch=True, mono=True, rank=1),
    Column("calls", "Calls", "For how many calls the row stands.", "99 999", right=True, rank=3),
    Column("state", "State", "The state that the call led to.", "running", rank=4),
    Column("took", "Took", "How long the first of its runs took.", "99.9 ms", right=True, rank=5),
    Column("marks", "Special", "What was special: raised, ignored, waiting.", "2 ignored", icon=True, rank=2),
)
_NUMBER: Final = {column.id: number for number, column in enumerate(COLUMNS)}
_SHAPES: Final = ("error", "ignored", "waiting", "dropped")


class CallWords(NamedTuple):
    """What one row shows. ``order`` is the number of its first order, 0 where something is missing."""

    order: int
    texts: tuple[str, ...]
    shape: str
    tip: str


class CallTableModel(TableModel[CallWords]):
    """Rows of a diagram, by their numbers."""

    def __init__(self, model: SequenceModel, theme: Theme, shapes: Shapes) -> None:
        super().__init__(COLUMNS)
        self._model = model
        self._theme = theme
        self._shapes = shapes
        self.retheme()

    def retheme(self) -> None:
        """Take fonts from the theme."""
        self._plain = tabular(self._theme.font("ui"))
        self._mono = self._theme.font("mono")

    def read(self, item: int) -> CallWords:
        diagram, known = self._model.diagram, self._model.known
        row = diagram.row(item)
        tip = sentence(diagram, row)
        if row.gap is not None:
            texts = ["", "", "", gap_words(row.gap), "", "", "", "lost"]
            return CallWords(0, tuple(texts), "warning", tip)
        calls, at = diagram.calls, row.call
        has_run = calls.fate[at] == RAN
        texts = [
            figures.moment(int(calls.sent_ns[at]), known.app.began_ns),
            figures.short(diagram.lines[row.sender].words),
            figures.short(diagram.lines[row.receiver].words),
            figures.short(row.name),
            figures.grouped(row.calls),
            figures.short(row.state),
            figures.duration(int(calls.end_ns[at] - calls.begin_ns[at])) if has_run else "",
            marks_of(row),
        ]
        counts = (row.errors, row.ignored, row.waiting, row.not_seen)
        shape = next((shape for shape, count in zip(_SHAPES, counts, strict=True) if count), "")
        return CallWords(diagram.order_at(item), tuple(texts), shape, tip)

    def key(self, row: CallWords) -> Hashable:
        return row.order

    def cell(self, row: CallWords, column: Column, role: int) -> Any:
        if role in (DISPLAY, ACCESSIBLE_TEXT):
            return row.texts[_NUMBER[column.id]]
        if role == FOREGROUND:
            is_error = row.shape == "error" and column.id in ("marks", "sparkle")
            quiet = column.id in ("time", "calls", "took")
            return self._theme.color("error" if is_error else "text_muted" if quiet else "text")
        if role == FONT:
            return self._mono if column.mono else self._plain
        if role == DECORATION:
            return self._shapes.icon(row.shape) if column.id == "marks" and row.shape else None
        return row.tip if role == TOOL_TIP else None

    def text_of(self, rows: list[int]) -> str:
        """These rows as text with tabs, as they are copied."""
        return "\n".join("\t".join(self.entry(row).texts) for row in rows).replace(figures.NARROW_SPACE, " ")


class CallTable(TailTable):
    """Lists the rows of the diagram. Owned by the sequence panel's view."""

    row_chosen = Signal(int)
    row_opened = Signal(int)

    def __init__(self, model: SequenceModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(COLUMNS, "new row", "new rows", parent)
        self._model = model
        self._theme = theme
        self.calls = CallTableModel(model, theme, Shapes(theme, self))
        self.calls.setParent(self)
        self.stop_following()
        self.setModel(self.calls)
        accessible.name(self, "Calls", "One row per row of the diagram: who called whom")
        self.chosen.connect(self._on_chosen)
        self.opened.connect(self._on_opened)
        self.copied.connect(self.copy_rows)

    def retheme(self) -> None:
        """Take on fonts and colours."""
        self.calls.retheme()
        self.set_fonts(self._theme.font("ui"), self._theme.font("mono"))
        self.viewport().update()

    def renew(self) -> None:
        """The diagram is another one."""
        top = self.top_row()
        self.calls.replace(np.arange(len(self._model.diagram), dtype=np.int64))
        self.rows_replaced(top)

    def mark(self, row: int) -> None:
        """Select the row that is selected elsewhere; none for -1."""
        if row < 0:
            self.show_none()
        elif self.selected_rows() != [row]:
            self.show_row(row)

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard."""
        rows = self.selected_rows()
        if rows:
            QGuiApplication.clipboard().setText(self.calls.text_of(rows))

    def _on_chosen(self, index: QModelIndex) -> None:
        self.row_chosen.emit(index.row())

    def _on_opened(self, index: QModelIndex) -> None:
        self.row_opened.emit(index.row())
