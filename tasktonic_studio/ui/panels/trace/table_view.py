"""The table of the trace: as any table that follows its end, with hatched rows where flow was lost."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QFont, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from tasktonic_studio.ui.guard import report_once
from tasktonic_studio.ui.panels.trace.fast_rows import FastRows
from tasktonic_studio.ui.panels.trace.model import COLUMNS, TraceModel
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.tail_table import TailTable


class TraceTable(TailTable):
    """Shows a `TraceModel`."""

    def __init__(self, model: TraceModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(COLUMNS, "new run", "new runs", parent)
        self._runs = model
        self._theme = theme
        self.setModel(model)
        self._fast = FastRows(self, model)

    def set_fonts(self, font: QFont, mono: QFont) -> None:
        super().set_fonts(font, mono)
        self._fast.retheme()

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = [row for row in self.rows_on_screen() if event.region().intersects(self._area_of(row))]
        plain = self._plain_of(shown)
        others = QRegion()
        for row in shown if len(plain) < len(shown) else ():
            if row not in plain:
                others |= self._area_of(row)
        super().paintEvent(QPaintEvent(others & event.region()))
        painter = QPainter(self.viewport())
        try:
            self._fast.paint(painter, plain)
            for row in shown:
                item = self._runs.item(row)
                if item is not None and item < 0:
                    self._paint_gap(painter, row, self._runs.entry(item).gap)
        except Exception as problem:
            report_once("TraceTable.paintEvent", problem)
        finally:
            painter.end()

    def _plain_of(self, shown: Sequence[int]) -> list[int]:
        """The rows that need no Qt. One that cannot be read is none of them: the others are painted, and `data` reports it."""
        plain = []
        for row in shown:
            with suppress(Exception):
                if not self.is_special(row) and self._fast.is_plain(row):
                    plain.append(row)
        return plain

    def _area_of(self, row: int) -> QRect:
        return QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))

    def _paint_gap(self, painter: QPainter, row: int, sentence: str) -> None:
        area = QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row) - 1)
        painter.fillRect(area, self._theme.color("selection_back" if self._is_selected(row) else "panel"))
        painter.fillRect(area, QBrush(self._theme.color("border"), Qt.BrushStyle.BDiagPattern))
        painter.setFont(self._theme.font("ui", 0.95))
        words = painter.fontMetrics().elidedText(
            sentence, Qt.TextElideMode.ElideRight, area.width() - 4 * tokens.SPACE_PX
        )
        # The words stand on plain ground: hatching behind letters cannot be read.
        width = painter.fontMetrics().horizontalAdvance(words) + 2 * tokens.SPACE_PX
        box = QRect(tokens.SPACE_PX, area.top() + 2, width, area.height() - 4)
        painter.fillRect(box, self._theme.color("panel"))
        painter.setPen(self._theme.color("warning"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _is_selected(self, row: int) -> bool:
        return self.selectionModel().isRowSelected(row, self.rootIndex())
