"""Plain rows of a long list, painted in a third of the time that Qt takes, with its style sheet and a call for each cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QTableView

from tasktonic_studio.ui.item_models.roles import DECORATION, DISPLAY, FONT, FOREGROUND
from tasktonic_studio.ui.item_models.table import TableModel

MARGIN_PX: Final = 9
"""As the style sheet has it: its padding and the margin that a table adds."""
_REMEMBERED: Final = 4_000


class FastRows:
    """Paints the texts of rows that have no icon and are neither selected nor under the pointer nor current; Qt paints the others.

    A screen of a hundred cells is painted ten times a second while an app is busy. By Qt that means a call for each cell, in
    which it asks the model eight questions, and looks through a style sheet. Owned by the table.

    Args:
        table: where they are shown.
        model: what the table shows; asked directly, without an index in between.
    """

    def __init__(self, table: QTableView, model: TableModel[Any]) -> None:
        self._table = table
        self._model = model
        self._metrics: dict[int, tuple[QFont, QFontMetrics]] = {}
        self._elided: dict[tuple[str, int, int], str] = {}

    def retheme(self) -> None:
        """Fonts are others now."""
        self._metrics.clear()
        self._elided.clear()

    def is_plain(self, row: int) -> bool:
        """Whether a row has texts and no icon."""
        item = self._model.item(row)
        if item is None:
            return False
        entry, cell = self._model.entry(item), self._model.cell
        return not any(it.icon and cell(entry, it, DECORATION) is not None for it in self._model.columns)

    def paint(self, painter: QPainter, rows: Sequence[int]) -> None:
        """Paint these rows: column by column, so that fonts and colours are seldom set."""
        model, table = self._model, self._table
        items = [(row, model.item(row)) for row in rows]
        entries = [(table.rowViewportPosition(row), model.entry(item)) for row, item in items if item is not None]
        height = table.rowHeight(rows[0]) if rows else 0
        for number, column in enumerate(model.columns):
            if table.isColumnHidden(number):
                continue
            left = table.columnViewportPosition(number) + MARGIN_PX
            width = table.columnWidth(number) - 2 * MARGIN_PX
            was: Any = None, None
            for top, entry in entries:
                text = model.cell(entry, column, DISPLAY)
                if not text:
                    continue
                font, pen = model.cell(entry, column, FONT), model.cell(entry, column, FOREGROUND)
                if font is not was[0]:
                    painter.setFont(font)
                if pen is not was[1]:
                    painter.setPen(pen)
                was = font, pen
                painter.drawText(QRect(left, top, width, height), column.alignment, self._fitting(text, font, width))

    def _fitting(self, text: str, font: QFont, width: int) -> str:
        """The text, or so much of it as there is room for."""
        key = (text, id(font), width)
        known = self._elided.get(key)
        if known is None:
            # The font is kept as well, so that no other one gets its id.
            _, metrics = self._metrics.setdefault(id(font), (font, QFontMetrics(font)))
            if len(self._elided) >= _REMEMBERED:
                self._elided.clear()
            known = self._elided[key] = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
        return known
