"""A small map in the corner of a diagram that does not fit: where its states are, and which part is on screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from tasktonic_studio.ui.guard import guarded, report_once
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import accessible

SIZE_PX: Final = QSize(150, 110)
"""At the most; it has the shape of the diagram."""
LEAST_ROOM: Final = QSize(240, 180)
"""In a smaller view it would be in the way."""
_MOST_OF_A_SIDE: Final = 0.3
"""It takes no more of a view's width or height than this."""
_MARGIN_PX: Final = 8
_INSIDE_PX: Final = 4


class Overview(QWidget):
    """Owned by the diagram's view, above its viewport. By keyboard one goes through the states themselves."""

    wanted = Signal(QPointF)
    """This place of the drawing is to be in the middle."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._whole = QRectF()
        self._seen = QRectF()
        self._boxes: list[QRectF] = []
        self._here = QRectF()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip("The whole diagram; the frame is what is on screen. Press or drag to go elsewhere")
        accessible.name(self, "Overview of the diagram", self.toolTip())
        self.hide()

    def show_boxes(self, whole: QRectF, boxes: Iterable[QRectF], here: QRectF) -> None:
        """What there is: the whole drawing, its states, and the one that is lit (empty for none)."""
        self._whole, self._boxes, self._here = whole, list(boxes), here
        self.update()

    def show_seen(self, seen: QRectF, viewport: QRect) -> None:
        """Which part is on screen, of a viewport of this size; all of it needs no map."""
        self._seen = seen
        has_room = viewport.width() >= LEAST_ROOM.width() and viewport.height() >= LEAST_ROOM.height()
        is_part = not self._whole.isEmpty() and not seen.adjusted(-1, -1, 1, 1).contains(self._whole)
        self.setVisible(has_room and is_part)
        if has_room and is_part:
            room = SIZE_PX.boundedTo(viewport.size() * _MOST_OF_A_SIDE)
            size = self._whole.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio).toSize()
            self.resize(size.expandedTo(QSize(40, 40)))
            corner = viewport.bottomRight()
            self.move(corner.x() - self.width() - _MARGIN_PX, corner.y() - self.height() - _MARGIN_PX)
            self.update()

    def place_of(self, point: QPointF) -> QPointF:
        """Where a place of the drawing is in here."""
        scale = self._scale()
        return (point - self._whole.center()) * scale + QPointF(self.rect().center())

    def _scale(self) -> float:
        room = self.size() - QSize(2 * _INSIDE_PX, 2 * _INSIDE_PX)
        return min(room.width() / max(self._whole.width(), 1), room.height() / max(self._whole.height(), 1))

    def _mapped(self, rect: QRectF) -> QRectF:
        return QRectF(self.place_of(rect.topLeft()), self.place_of(rect.bottomRight()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self._paint(painter)
        except Exception as problem:
            report_once("Overview.paintEvent", problem)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        theme = self._theme
        painter.fillRect(self.rect(), theme.color("raised"))
        painter.setPen(Qt.PenStyle.NoPen)
        for box in self._boxes:
            painter.setBrush(theme.color("running" if box == self._here else "border_strong"))
            painter.drawRect(self._mapped(box).adjusted(0, 0, 1, 1))
        painter.setPen(QPen(theme.color("border_strong"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        frame = self._mapped(self._seen).intersected(QRectF(self.rect()).adjusted(1, 1, -2, -2))
        fill = QColor(theme.color("accent"))
        fill.setAlphaF(0.15)
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.setBrush(fill)
        painter.drawRect(frame)

    @guarded(None)
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    @guarded(None)
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def _go(self, event: QMouseEvent) -> None:
        away = event.position() - QPointF(self.rect().center())
        self.wanted.emit(self._whole.center() + away / self._scale())
        event.accept()
