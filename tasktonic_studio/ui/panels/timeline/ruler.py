"""The ruler above the lanes: what time is where; a click on it looks at that moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from tasktonic.trace.marks import Mark
from tasktonic_studio.ui.guard import guarded, report_once
from tasktonic_studio.ui.panels.timeline.flags import FLAG_PX, paint_flags
from tasktonic_studio.ui.panels.timeline.model import TimelineModel
from tasktonic_studio.ui.panels.timeline.time_scale import TICK_PX, Tick, label, step_ns, ticks
from tasktonic_studio.ui.panels.timeline.viewport import Viewport
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible, figures

_KEY_PX: Final = 10
_TIP: Final = "Press or drag to look at a moment in all panels; End goes back to live"


class Ruler(QWidget):
    """Times in round steps. Pressing and dragging asks for moments (`scrubbed`), End for the present."""

    scrubbed = Signal(object)
    """A time in nanoseconds to look at. (An object: Qt's int has 32 bits.)"""
    live_wanted = Signal()
    mark_wanted = Signal(str)
    """The id of a mark whose flag was pressed."""

    def __init__(self, model: TimelineModel, time: Viewport, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._time = time
        self._theme = theme
        self.gutter_px = 120
        self.cursor_ns: int | None = None
        self.marks: Sequence[Mark] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setToolTip(_TIP)
        accessible.name(self, "Time", "Left and Right look at earlier and later moments, End goes live")
        time.changed.connect(self.update)
        self.retheme()

    def retheme(self) -> None:
        """Take on colours and fonts."""
        self._font = self._theme.font("ui", 0.85)
        self._metrics = QFontMetrics(self._font)
        self.setFixedHeight(max(24, self._metrics.height() + 8))
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.height())

    def show_cursor(self, cursor_ns: int | None) -> None:
        """The moment that is shown, None while live."""
        self.cursor_ns = cursor_ns
        moment = "live" if cursor_ns is None else figures.moment(cursor_ns, self._model.began_ns)
        self.setAccessibleDescription(f"Shown is {moment}. Left and Right look earlier and later, End goes live.")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self.paint(painter, self.width())
            if self.hasFocus():
                painter.setPen(QPen(self._theme.color("accent"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
        except Exception as problem:
            report_once("Ruler.paintEvent", problem)
        finally:
            painter.end()

    def paint(self, painter: QPainter, width: int) -> None:
        """Paint it as wide as that; also for a picture in a file."""
        scale, height = self._time.scale, self.height()
        painter.fillRect(0, 0, width, height, self._theme.color("raised"))
        painter.setFont(self._font)
        began = self._model.began_ns
        painter.save()
        painter.setClipRect(self.gutter_px, 0, width - self.gutter_px, height)
        painter.translate(self.gutter_px, 0)
        for tick in self.ticks():
            painter.setPen(self._theme.color("border_strong" if tick.text else "border"))
            painter.drawLine(QPointF(tick.x, height - (8 if tick.text else 4)), QPointF(tick.x, height))
            if self.has_words(tick):
                painter.setPen(self._theme.color("text_muted"))
                painter.drawText(QPointF(tick.x + 4, self._metrics.ascent() + 3), tick.text)
        paint_flags(painter, self._theme, [scale.x_of(mark.t_ns) for mark in self.marks], self._time.width, height)
        if self.cursor_ns is not None:
            finer = max(step_ns(scale.ns_per_px * TICK_PX) // 10, 1)
            self._paint_cursor(painter, scale.x_of(self.cursor_ns), label(self.cursor_ns - began, finer))
        painter.restore()
        painter.setPen(self._theme.color("text_muted"))
        words = f"{figures.duration(max(self._time.until_ns - self._time.from_ns, 0))} wide"
        room = self.gutter_px - 8
        elided = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(6, 0, room, height), int(Qt.AlignmentFlag.AlignVCenter), elided)

    def ticks(self) -> list[Tick]:
        """The lines for the time on screen."""
        return ticks(self._time.scale, self._time.width, self._model.began_ns, self._tick_px())

    def has_words(self, tick: Tick) -> bool:
        """Whether words stand beside a line, whole: half a number at an edge is another number."""
        return (
            bool(tick.text)
            and tick.x >= -4
            and tick.x + 4 + self._metrics.horizontalAdvance(tick.text) <= self._time.width
        )

    def _tick_px(self) -> int:
        """How far apart lines with words have to be, for these words to have room."""
        began, tick_px = self._model.began_ns, TICK_PX
        for _ in range(2):
            # Farther apart they need fewer decimals, perhaps.
            step = step_ns(self._time.scale.ns_per_px * tick_px)
            words = [label(t_ns - began, step) for t_ns in (self._time.from_ns, self._time.until_ns)]
            tick_px = max(TICK_PX, *(self._metrics.horizontalAdvance(it) + 16 for it in words))
        return tick_px

    def _paint_cursor(self, painter: QPainter, x: float, words: str) -> None:
        """The moment that is shown: an amber flag with its time."""
        if not -200 <= x <= self._time.width + 200:
            return
        height = self.height()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("past"))
        painter.drawPolygon(QPolygonF([QPointF(x - 6, height - 8), QPointF(x + 6, height - 8), QPointF(x, height)]))
        width = self._metrics.horizontalAdvance(words) + 12
        left = min(max(x - width / 2, 0), max(self._time.width - width, 0))
        box = QRectF(left, 1, width, height - 9)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(self._theme.color("on_past"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    @guarded(False)
    def event(self, event: QEvent) -> bool:
        """The tool tip of a flag is the note of its mark."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            mark = self.mark_at(event.pos().x())
            self.setToolTip(_TIP if mark is None else plain_tip(mark.note) or "A mark without a note")
        return super().event(event)

    def mark_at(self, x: float) -> Mark | None:
        """The mark whose flag is there; the latest of several."""
        scale = self._time.scale
        near = [mark for mark in self.marks if -2 <= x - self.gutter_px - scale.x_of(mark.t_ns) <= FLAG_PX]
        return near[-1] if near else None

    # ---- what the user does

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        mark = self.mark_at(event.position().x())
        if mark is not None and event.position().y() <= FLAG_PX:
            self.mark_wanted.emit(mark.id)
        else:
            self._scrub(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._scrub(event)

    def _scrub(self, event: QMouseEvent) -> None:
        x = min(max(event.position().x() - self.gutter_px, 0), self._time.width)
        self._time.stop_following()
        self.scrubbed.emit(self._time.scale.t_at(x))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            at = self._model.now_ns if self.cursor_ns is None else self.cursor_ns
            step = _KEY_PX * self._time.scale.ns_per_px * (1 if event.key() == Qt.Key.Key_Right else -1)
            self._time.stop_following()
            self.scrubbed.emit(round(at + step))
        elif event.key() == Qt.Key.Key_End:
            self.live_wanted.emit()
        else:
            super().keyPressEvent(event)
