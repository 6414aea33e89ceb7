"""Draws the depth of a queue over the last minute into a cell."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from tasktonic_studio.ui.guard import report_once
from tasktonic_studio.ui.panels.catalysts.model import TREND
from tasktonic_studio.ui.panels.catalysts.rows import Trend
from tasktonic_studio.ui.theme.theme import Theme


class TrendDelegate(QStyledItemDelegate):
    """The usual cell, and in it a line: the newest at the right edge, the deepest at the top, filled below."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        painter.save()
        try:
            trend = index.data(TREND)
            if isinstance(trend, Trend) and len(trend.depths):
                self._draw(painter, QRectF(option.rect).adjusted(4, 4, -4, -4), trend)
        except Exception as problem:
            report_once("TrendDelegate.paint", problem)
        finally:
            painter.restore()

    def _draw(self, painter: QPainter, area: QRectF, trend: Trend) -> None:
        tops = peaks(trend, max(int(area.width()), 1))
        most = max(int(tops.max()), 1)
        line = QPolygonF()
        for x, depth in enumerate(tops.tolist()):
            if depth >= 0:
                line.append(QPointF(area.left() + x, area.bottom() - area.height() * depth / most))
        if line.isEmpty():
            return
        colour = self._theme.color("waiting")
        ground = QColor(colour)
        ground.setAlpha(60)
        fill = QPolygonF(line)
        fill.append(QPointF(line.last().x(), area.bottom()))
        fill.append(QPointF(line.first().x(), area.bottom()))
        painter.setPen(QPen(ground, 0))
        painter.setBrush(ground)
        painter.drawPolygon(fill)
        painter.setPen(QPen(colour, 1))
        painter.drawPolyline(line)


def peaks(trend: Trend, width_px: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The deepest per pixel; between beats the last depth holds, before the first one it is -1."""
    tops = np.full(width_px, -1, np.int64)
    pixels = np.clip((trend.places * width_px).astype(np.int64), 0, width_px - 1)
    np.maximum.at(tops, pixels, trend.depths)
    last = np.maximum.accumulate(np.where(tops >= 0, np.arange(width_px), -1))
    return np.where(last >= 0, tops[np.maximum(last, 0)], -1)
