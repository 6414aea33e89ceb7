"""Plain cells of a long list, painted in a third of the time that a style sheet takes."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tasktonic_studio.ui.guard import report_once
from tasktonic_studio.ui.item_models.roles import DECORATION, DISPLAY, FONT, FOREGROUND
from tasktonic_studio.ui.item_models.table import TableModel

MARGIN_PX: Final = 9
"""As the style sheet has it: its padding and the margin that a table adds."""
_SPECIAL: Final = QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus
_REMEMBERED: Final = 4_000


class FastCells(QStyledItemDelegate):
    """Paints the text of cells that are neither selected nor under the pointer and have no icon; all others as usual.

    A screen of a hundred cells is painted ten times a second while an app is busy. As usual means eight questions to the
    model for each, and a style sheet that is looked through for each.

    Args:
        model: what the view shows; asked directly, without an index in between.
    """

    def __init__(self, model: TableModel[Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._metrics: dict[int, tuple[QFont, QFontMetrics]] = {}
        self._elided: dict[tuple[str, int, int], str] = {}

    def retheme(self) -> None:
        """Fonts are others now."""
        self._metrics.clear()
        self._elided.clear()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        try:
            is_done = not option.state & _SPECIAL and self._paint_text(painter, option.rect, index)
        except Exception as problem:
            report_once("FastCells.paint", problem)
            return
        if not is_done:
            super().paint(painter, option, index)

    def _paint_text(self, painter: QPainter, area: QRect, index: QModelIndex | QPersistentModelIndex) -> bool:
        """Paint the cell if it is a plain one."""
        model = self._model
        item = model.item(index.row())
        if item is None:
            return False
        row, column = model.entry(item), model.columns[index.column()]
        if column.icon and model.cell(row, column, DECORATION) is not None:
            return False
        text = model.cell(row, column, DISPLAY)
        if text:
            font = model.cell(row, column, FONT)
            place = area.adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
            painter.setFont(font)
            painter.setPen(model.cell(row, column, FOREGROUND))
            painter.drawText(place, column.alignment, self._fitting(text, font, place.width()))
        return True

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
