"""What the strokes and marks of the diagram mean, on one line below it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tasktonic_studio.ui.guard import report_once
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme

ENTRIES: Final = (
    ("seen", "seen"),
    ("source", "in source, not seen"),
    ("computed", "computed"),
    ("unknown", "no such state"),
    ("tonics", "tonics in it"),
    ("way", "the way it came"),
)
_MARK_PX: Final = 24
_DASHES: Final = {"source": [4.0, 3.0], "computed": [1.0, 2.5], "unknown": [4.0, 3.0]}


class Legend(QWidget):
    """Shows as many entries as there is room for; all of them are in its tool tip."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        words = (
            "A thick stroke was gone along often. Dashed: the source has it, and it was not seen. Dotted: the source computes "
            "where it leads. Crossed: there is no such state. Dots: the tonics that are in a state. Green: the way by which the "
            "selected tonic came."
        )
        self.setToolTip(words)
        self.setAccessibleName("Legend")
        self.setAccessibleDescription(words)

    def sizeHint(self) -> QSize:
        return QSize(200, QFontMetrics(self._theme.font("ui", 0.85)).height() + tokens.SPACE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self._paint(painter)
        except Exception as problem:
            report_once("Legend.paintEvent", problem)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font("ui", 0.85))
        metrics = painter.fontMetrics()
        x, middle = tokens.SPACE_PX, self.height() / 2
        for kind, words in ENTRIES:
            width = _MARK_PX + 6 + metrics.horizontalAdvance(words)
            if x + width > self.width() - tokens.SPACE_PX:
                break
            self._mark(painter, kind, x, middle)
            painter.setPen(self._theme.color("text_muted"))
            painter.drawText(
                QRectF(x + _MARK_PX + 6, 0, width, self.height()),
                Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                words,
            )
            x += width + 2 * tokens.SPACE_PX

    def _mark(self, painter: QPainter, kind: str, x: int, y: float) -> None:
        theme = self._theme
        role = {"unknown": "error", "way": "state_change"}.get(kind, "text_muted")
        pen = QPen(theme.color(role), 3.0 if kind == "way" else 1.8)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if kind in _DASHES:
            pen.setDashPattern(_DASHES[kind])
        painter.setPen(pen)
        if kind == "tonics":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("ok"))
            for number in range(3):
                painter.drawEllipse(QPointF(x + 5 + 7 * number, y), 2.5, 2.5)
            return
        painter.drawLine(QPointF(x, y), QPointF(x + _MARK_PX - (9 if kind == "unknown" else 0), y))
        if kind == "unknown":
            painter.setPen(QPen(theme.color(role), 1.6))
            painter.drawLine(QPointF(x + _MARK_PX - 7, y - 4), QPointF(x + _MARK_PX, y + 4))
            painter.drawLine(QPointF(x + _MARK_PX - 7, y + 4), QPointF(x + _MARK_PX, y - 4))
