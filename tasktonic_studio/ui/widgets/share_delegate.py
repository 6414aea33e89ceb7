"""A cell with a thin bar below its figure: how much, at a glance, and without moving anything."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from tasktonic_studio.ui.guard import report_once
from tasktonic_studio.ui.theme.theme import Theme


class ShareDelegate(QStyledItemDelegate):
    """Draws the usual cell, then a bar from its right edge whose length is the number in ``role``, from 0 to 1."""

    def __init__(self, theme: Theme, role: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._role = role

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        painter.save()
        try:
            share = index.data(self._role)
            if share:
                area = QRectF(option.rect).adjusted(6, 0, -6, -2)
                colour = QColor(self._theme.color("accent"))
                colour.setAlpha(160)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                width = area.width() * min(1.0, float(share))
                painter.drawRect(QRectF(area.right() - width, area.bottom() - 2, width, 2))
        except Exception as problem:
            report_once("ShareDelegate.paint", problem)
        finally:
            painter.restore()
