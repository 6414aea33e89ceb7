"""Fold marks of trees, as large as the text: the style's own stay at eight pixels."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

_SHARE: Final = 0.45
"""How wide a mark is, of the icons beside it."""


def paint_fold_mark(
    painter: QPainter, branch: QRect, indent_px: int, icon_px: int, colour: QColor, *, is_open: bool
) -> None:
    """Paint the mark of a row that has others below it, in the last step of its indent.

    Args:
        painter: on the tree.
        branch: what is left of the row, as `QTreeView.drawBranches` is given it.
        indent_px: the width of one step.
        icon_px: the size of icons in the rows.
        colour: of the mark.
        is_open: whether the rows below are shown.
    """
    half = icon_px * _SHARE / 2
    middle = QRectF(branch.right() + 1 - indent_px, branch.top(), indent_px, branch.height()).center()
    points = [QPointF(-half, -half / 2), QPointF(0, half / 2), QPointF(half, -half / 2)]
    if not is_open:
        points = [QPointF(point.y(), point.x()) for point in points]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, icon_px / 10, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPolyline([middle + point for point in points])
    painter.restore()
