"""The flags of marks, on ruler and map alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from tasktonic_studio.ui.theme.theme import Theme

FLAG_PX: Final = 9
"""Width of a flag; it waves to the right of its moment."""
_APART_PX: Final = 1.0


def paint_flags(painter: QPainter, theme: Theme, places: Iterable[float], width: float, height: float) -> None:
    """Flags on poles as high as that: a shape of their own, as errors are triangles and the shown moment is a box.

    Of those that would lie on each other one is painted.
    """
    last = -2.0 * FLAG_PX
    for x in sorted(places):
        if -FLAG_PX <= x <= width and x - last >= _APART_PX:
            _paint_flag(painter, theme, x, height)
            last = x


def _paint_flag(painter: QPainter, theme: Theme, x: float, height: float) -> None:
    painter.setPen(QPen(theme.color("accent"), 1))
    painter.drawLine(QPointF(x, 0), QPointF(x, height))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("accent"))
    points = [(0.0, 0.0), (FLAG_PX, 0.0), (FLAG_PX * 0.65, 4.0), (FLAG_PX, 8.0), (0.0, 8.0)]
    painter.drawPolygon(QPolygonF([QPointF(x + across, down) for across, down in points]))
