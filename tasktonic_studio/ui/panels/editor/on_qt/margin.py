"""Marks and line numbers, left of the text of Qt's widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.marks import Mark, MarkKind
from tasktonic_studio.ui.panels.editor.on_qt.folds import can_fold, is_folded
from tasktonic_studio.ui.panels.editor.on_qt.text_edit import Row, TextEdit
from tasktonic_studio.ui.panels.editor.text_widget import Look

_SYMBOLS_WIDTH_PX: Final = 16
_FOLDS_WIDTH_PX: Final = 14
_BOX_PX: Final = 8
_USUAL_LINE_PX: Final = 17


class Margin(QWidget):
    """Made by the plain editor, inside its text widget."""

    clicked = Signal(int)
    """Beside this line."""
    fold_clicked = Signal(int)
    """The box of this line."""

    def __init__(self, edit: TextEdit) -> None:
        super().__init__(edit)
        self._edit = edit
        self._look: Look | None = None
        self._marks: dict[int, set[MarkKind]] = {}

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show these and no others."""
        self._marks = {}
        for mark in marks:
            self._marks.setdefault(mark.line, set()).add(mark.kind)
        self.update()

    def dress(self, look: Look) -> None:
        """Take on the colours of a theme."""
        self._look = look
        self.update()

    def fit(self) -> None:
        """Become as wide as what stands here."""
        digits = max(3, len(str(self._edit.blockCount())))
        metrics = QFontMetricsF(self._edit.document().defaultFont())
        width = round(
            _SYMBOLS_WIDTH_PX * self._scale() + metrics.horizontalAdvance("9" * digits) + 12 + _FOLDS_WIDTH_PX
        )
        self._edit.set_left_margin(width)
        inside = self._edit.contentsRect()
        self.setGeometry(QRect(inside.left(), inside.top(), width, inside.height()))

    def _scale(self) -> float:
        """Marks grow with the text."""
        return max(1.0, QFontMetricsF(self._edit.document().defaultFont()).height() / _USUAL_LINE_PX)

    @guarded(None)
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._look is None:
            return
        painter = QPainter(self)
        try:
            self._paint(painter, event.rect(), self._look)
        finally:
            painter.end()

    def _paint(self, painter: QPainter, area: QRect, look: Look) -> None:
        painter.fillRect(area, look.color("editor_back"))
        painter.setFont(self._edit.document().defaultFont())
        for row in self._edit.rows():
            where = QRectF(0, row.box.top(), self.width() - 8 - _FOLDS_WIDTH_PX, row.box.height())
            painter.setPen(look.color("editor_line_number"))
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(row.line))
            kinds = self._marks.get(row.line)
            if can_fold(row.block):
                box = self._fold_box(row)
                painter.setPen(look.color("border_strong"))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(box)
                middle = box.center()
                painter.drawLine(box.left() + 2, middle.y(), box.right() - 1, middle.y())
                if is_folded(row.block):
                    painter.drawLine(middle.x(), box.top() + 2, middle.x(), box.bottom() - 1)
            if kinds:
                painter.save()
                painter.translate(0, row.box.center().y())
                painter.scale(self._scale(), self._scale())
                _paint_marks(painter, 0, kinds, look)
                painter.restore()

    @guarded(None)
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            row = self._edit.row_at(event.position().y())
            if row is None:
                return
            if event.position().x() >= self.width() - _FOLDS_WIDTH_PX - 4 and can_fold(row.block):
                self.fold_clicked.emit(row.line)
            else:
                self.clicked.emit(row.line)

    def _fold_box(self, row: Row) -> QRect:
        return QRect(self.width() - _FOLDS_WIDTH_PX, round(row.box.center().y()) - _BOX_PX // 2, _BOX_PX, _BOX_PX)


def _paint_marks(painter: QPainter, middle: float, kinds: set[MarkKind], look: Look) -> None:
    left = 3.0
    error = look.color("error")
    for kind in (MarkKind.BREAKPOINT, MarkKind.BREAKPOINT_OFF):
        if kind in kinds:
            painter.setPen(error)
            painter.setBrush(error if kind is MarkKind.BREAKPOINT else look.color("editor_back"))
            painter.drawEllipse(QPointF(left + 5, middle), 4.5, 4.5)
    painter.setPen(Qt.PenStyle.NoPen)
    if MarkKind.LINE_BREAK in kinds:
        painter.setBrush(error)
        painter.drawRect(QRectF(left + 1, middle - 4, 8, 8))
    if MarkKind.RUNS in kinds:
        painter.setBrush(look.color("running"))
        for shift in (0, 5):
            tip = QPointF(left + shift + 5, middle)
            corners = (QPointF(left + shift, middle - 4), tip, QPointF(left + shift, middle + 4))
            painter.drawPolygon(QPolygonF(corners))
    if MarkKind.STANDS in kinds:
        painter.setBrush(look.color("warning"))
        corners = (QPointF(left, middle - 5), QPointF(left + 8, middle), QPointF(left, middle + 5))
        painter.drawPolygon(QPolygonF(corners))
