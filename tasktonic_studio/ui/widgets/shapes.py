"""The shapes that go with the words for a status, drawn in the colours of the theme.

They are drawn and not written as characters: the fonts of a bare machine lack two of them.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPainterPath, QPen, QPixmap

from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme

ROLES: Final = {
    "ok": "ok",
    "idle": "text_muted",
    "waiting": "waiting",
    "running": "running",
    "paused": "warning",
    "finishing": "warning",
    "finished": "text_muted",
    "dead": "error",
    "error": "error",
    "warning": "warning",
    "notice": "accent",
    "hand": "accent",
    "output": "text_muted",
    "ignored": "text_muted",
    "dropped": "warning",
    "line": "text_muted",
    "same": "text_muted",
    "differs": "warning",
    "only_here": "running",
    "only_there": "waiting",
}
"""Each status with the colour role it is drawn in."""

_SCALES: Final = (1, 2, 3)


class Shapes(QObject):
    """Icons of statuses by name. Made by a panel; forgets what it drew when the theme changes."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawn: dict[str, QIcon] = {}
        theme.changed.connect(self._drawn.clear)

    def icon(self, status: str) -> QIcon:
        """The shape of a status, in its colour; an empty icon for an unknown one."""
        found = self._drawn.get(status)
        if found is None:
            found = self._drawn[status] = self._draw(status) if status in ROLES else QIcon()
        return found

    def pixmap(self, status: str) -> QPixmap:
        """The same for a label, as large as beside text; empty for an unknown one."""
        size = self._theme.icon_px()
        return self.icon(status).pixmap(size, size)

    def _draw(self, status: str) -> QIcon:
        icon = QIcon()
        size = self._theme.icon_px()
        for scale in _SCALES:
            pixmap = QPixmap(size * scale, size * scale)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            try:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.scale(pixmap.width() / tokens.ICON_PX, pixmap.height() / tokens.ICON_PX)
                self._paint(painter, status)
            finally:
                painter.end()
            pixmap.setDevicePixelRatio(scale)
            # The same picture on a selected row: an icon without one for that mode is washed out by the style.
            icon.addPixmap(pixmap, QIcon.Mode.Normal)
            icon.addPixmap(pixmap, QIcon.Mode.Selected)
        return icon

    def _paint(self, painter: QPainter, status: str) -> None:
        colour = self._theme.color(ROLES[status])
        pen = QPen(colour, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        circle = QRectF(4, 4, 8, 8)
        if status == "ok":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(circle)
        elif status == "idle":
            painter.drawEllipse(circle)
            painter.setBrush(colour)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QRectF(6.3, 6.3, 3.4, 3.4))
        elif status == "finished":
            painter.drawEllipse(circle)
        elif status in ("waiting", "finishing"):
            painter.drawEllipse(circle)
            painter.setBrush(colour)
            painter.setPen(Qt.PenStyle.NoPen)
            # A quarter is left to wait; three quarters are done.
            painter.drawPie(circle, 90 * 16, -90 * 16 if status == "waiting" else 270 * 16)
        elif status == "running":
            painter.setBrush(colour)
            painter.drawPolygon([QPointF(5.5, 4), QPointF(12, 8), QPointF(5.5, 12)])
        elif status == "paused":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRect(QRectF(4.5, 4, 2.6, 8))
            painter.drawRect(QRectF(8.9, 4, 2.6, 8))
        elif status == "dead":
            painter.setPen(QPen(colour, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(4.8, 4.8), QPointF(11.2, 11.2))
            painter.drawLine(QPointF(11.2, 4.8), QPointF(4.8, 11.2))
        elif status == "error":
            self._mark(painter, _octagon(), ROLES[status])
        elif status == "warning":
            self._mark(painter, _triangle(), ROLES[status])
        elif status == "notice":
            painter.drawRoundedRect(QRectF(3.5, 4.5, 9, 7), 2, 2)
            painter.drawLine(QPointF(6, 8), QPointF(10, 8))
        elif status == "hand":
            # A pencil: somebody wrote here.
            painter.drawPolygon([QPointF(10.5, 3.5), QPointF(12.5, 5.5), QPointF(6.5, 11.5), QPointF(4.5, 9.5)])
            painter.drawPolyline([QPointF(4.5, 9.5), QPointF(3.5, 12.5), QPointF(6.5, 11.5)])
        elif status == "output":
            painter.drawPolyline([QPointF(4, 5), QPointF(7, 8), QPointF(4, 11)])
            painter.drawLine(QPointF(8.5, 11.2), QPointF(12, 11.2))
        elif status == "ignored":
            painter.drawEllipse(circle)
            painter.drawLine(QPointF(4, 12), QPointF(12, 4))
        elif status == "dropped":
            painter.drawLine(QPointF(4, 4), QPointF(12, 12))
            painter.drawPolyline([QPointF(12, 8.5), QPointF(12, 12), QPointF(8.5, 12)])
            painter.drawLine(QPointF(11, 4.5), QPointF(4.5, 11))
        elif status in ("same", "differs"):
            # An equals sign, struck through where it is not so.
            painter.drawLine(QPointF(4, 6.2), QPointF(12, 6.2))
            painter.drawLine(QPointF(4, 9.8), QPointF(12, 9.8))
            if status == "differs":
                painter.drawLine(QPointF(5, 13), QPointF(11, 3))
        elif status in ("only_here", "only_there"):
            tip, back = (4.0, 10.5) if status == "only_here" else (12.0, 5.5)
            if status == "only_here":
                painter.setBrush(colour)
            painter.drawPolygon([QPointF(tip, 8), QPointF(back, 4), QPointF(back, 12)])
        else:
            painter.drawLine(QPointF(5, 6), QPointF(11, 6))
            painter.drawLine(QPointF(5, 10), QPointF(9, 10))

    def _mark(self, painter: QPainter, outline: QPainterPath, role: str) -> None:
        """A filled shape with an exclamation mark in it."""
        painter.fillPath(outline, self._theme.color(role))
        painter.setPen(QPen(self._theme.color("panel"), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(QPointF(8, 5.8), QPointF(8, 8.4))
        painter.drawPoint(QPointF(8, 10.8))


def _octagon() -> QPainterPath:
    path = QPainterPath(QPointF(5.6, 2.4))
    for x, y in ((10.4, 2.4), (13.6, 5.6), (13.6, 10.4), (10.4, 13.6), (5.6, 13.6), (2.4, 10.4), (2.4, 5.6)):
        path.lineTo(x, y)
    path.closeSubpath()
    return path


def _triangle() -> QPainterPath:
    path = QPainterPath(QPointF(8, 2))
    path.lineTo(14.4, 13.4)
    path.lineTo(1.6, 13.4)
    path.closeSubpath()
    return path
