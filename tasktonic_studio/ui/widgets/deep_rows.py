"""Rows so deep in a tree that their indent would push their name out of the column: the indent ends, and a number says how deep."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from tasktonic_studio.ui.guard import report_once

_NAME_SIGNS: Final = 20
"""A name has room for so many signs, or for half of its column where that is narrower."""
_BESIDE_PX: Final = 4


class DeepRows(QStyledItemDelegate):
    """Draws the first column of a tree, and knows where its rows begin. Made by the tree, for itself.

    Args:
        tree: is read from left to right.
    """

    def __init__(self, tree: QTreeView) -> None:
        super().__init__(tree)
        self._tree = tree

    def most_px(self) -> int:
        """The widest indent, a whole number of steps."""
        tree, width = self._tree, self._tree.columnWidth(0)
        step = max(1, tree.indentation())
        name = tree.iconSize().width() + _NAME_SIGNS * tree.fontMetrics().averageCharWidth()
        return max(1, (width - min(name, width // 2)) // step) * step

    def branch(self, whole: QRect) -> QRect:
        """What is left of the name, out of what there would be without an end to indents."""
        return QRect(whole.left(), whole.top(), min(whole.width(), self.most_px()), whole.height())

    def mark_at(self, x: int, index: QModelIndex) -> bool:
        """Whether the fold mark of a row whose indent has ended is at this place across the tree."""
        begin = self._tree.header().sectionViewportPosition(0)
        end = begin + self.most_px()
        is_deep = self._tree.visualRect(index.siblingAtColumn(0)).left() > end
        return is_deep and end - self._tree.indentation() <= x < end

    def beside_mark(self, event: QMouseEvent) -> QMouseEvent:
        """The event, moved off where Qt takes it for one on a fold mark: without an end to indents there would be one, under the name."""
        at, step = event.position(), self._tree.indentation()
        left = self._tree.visualRect(self._tree.indexAt(at.toPoint()).siblingAtColumn(0)).left()
        is_deep = left > self._tree.header().sectionViewportPosition(0) + self.most_px()
        if not is_deep or not left - step <= at.x() < left:
            return event
        beside = QPointF(left - step - 1, at.y())
        pressed = event.button(), event.buttons(), event.modifiers(), event.pointingDevice()
        return QMouseEvent(event.type(), beside, event.globalPosition(), *pressed)

    def paint_depth(self, painter: QPainter, whole: QRect, colour: QColor) -> None:
        """Write how many rows a deep one is below, where there is room for it before the fold mark."""
        branch, step = self.branch(whole), self._tree.indentation()
        if branch.width() == whole.width():
            return
        words = str(whole.width() // step - 1)
        room = branch.adjusted(_BESIDE_PX, 0, -step, 0)
        if painter.fontMetrics().horizontalAdvance(words) <= room.width():
            painter.setPen(colour)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        try:
            end = self._tree.header().sectionViewportPosition(0) + self.most_px()
            if option.rect.left() > end:
                option = QStyleOptionViewItem(option)
                option.rect.setLeft(end)
        except Exception as problem:
            report_once("DeepRows.paint", problem)
        super().paint(painter, option, index)
