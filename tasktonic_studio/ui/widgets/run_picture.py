"""A small picture of a recorded run: how much happened when, with its errors."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from tasktonic_studio.session.run_summary import FULL, RunSummary
from tasktonic_studio.ui.guard import report_once
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures

WIDTH_PX: Final = 132
HEIGHT_PX: Final = 30
_MARK_PX: Final = 6


class RunPicture(QWidget):
    """Bars for what ran, triangles for errors. Everything in it is in words beside it, too. Owned by the row that shows it."""

    def __init__(self, summary: RunSummary, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary = summary
        self._theme = theme
        self.setFixedSize(WIDTH_PX, HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(f"How much happened when: {summary_words(summary)}")

    def sizeHint(self) -> QSize:
        return QSize(WIDTH_PX, HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self._paint(painter)
        except Exception as problem:
            report_once("RunPicture.paintEvent", problem)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self._theme.color("raised"))
        density = self._summary.density
        if not density:
            return
        step = self.width() / len(density)
        room = self.height() - _MARK_PX - 3
        for place, value in enumerate(density):
            if value:
                height = 2 + value / FULL * room
                painter.fillRect(
                    QRectF(place * step, self.height() - 1 - height, max(step, 1.0), height),
                    self._theme.color("running"),
                )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("error"))
        for place in self._summary.error_at:
            x = (place + 0.5) * step
            painter.drawPolygon(QPolygonF([QPointF(x - 3, 0), QPointF(x + 3, 0), QPointF(x, _MARK_PX)]))


def summary_words(summary: RunSummary) -> str:
    """The same in words: ``12.4 s · 3 210 runs · 2 errors``."""
    words = [
        figures.duration(summary.duration_ns),
        f"{figures.grouped(summary.runs)} run{'s' * (summary.runs != 1)}",
        f"{figures.grouped(summary.errors)} error{'s' * (summary.errors != 1)}" if summary.errors else "no errors",
    ]
    if summary.damaged:
        words.append("damaged")
    return " · ".join(words)
