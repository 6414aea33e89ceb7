"""The map above the ruler: the whole time of the app in one strip, with errors, gaps, and the part that is on screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QLine, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from tasktonic.trace.marks import Mark
from tasktonic_studio.ui.guard import report_once
from tasktonic_studio.ui.panels.timeline.flags import paint_flags
from tasktonic_studio.ui.panels.timeline.inks import mixed
from tasktonic_studio.ui.panels.timeline.model import TimelineModel
from tasktonic_studio.ui.panels.timeline.painting import MARK_PX, hatch, image_of
from tasktonic_studio.ui.panels.timeline.time_scale import TimeScale
from tasktonic_studio.ui.panels.timeline.viewport import Viewport
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import accessible

HEIGHT_PX: Final = 38
_LEAST_WINDOW_PX: Final = 8
_GRIP_PX: Final = 3
_KEY_PX: Final = 4
_MARK: Final = QPolygonF([QPointF(-4, 0), QPointF(4, 0), QPointF(0, MARK_PX)])


class Minimap(QWidget):
    """How much happened when; a press or drag moves what is on screen. Painted anew when asked, not with every frame.

    With Shift it looks at moments, as the ruler does (`scrubbed`); so does a drag that begins on the line of the shown moment.
    """

    scrubbed = Signal(object)
    """A time in nanoseconds to look at. (An object: Qt's int has 32 bits.)"""
    live_wanted = Signal()

    def __init__(self, model: TimelineModel, time: Viewport, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._time = time
        self._theme = theme
        self.gutter_px = 120
        self.cursor_ns: int | None = None
        self.marks: Sequence[Mark] = ()
        self._picture: QPixmap | None = None
        self._held_at = 0.0
        self._scrubs = False
        self.setFixedHeight(HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(
            "The whole run. Press or drag to go there, with Shift to look at that moment in all panels; turn the wheel to zoom"
        )
        accessible.name(
            self,
            "Map of the whole run",
            "Left and Right move what is on screen, with Shift the moment that is shown; Up and Down zoom, End goes live",
        )
        time.changed.connect(self.update)

    def renew(self) -> None:
        """Count anew with the next frame."""
        self._picture = None
        self.update()

    def retheme(self) -> None:
        """Take on colours."""
        self.renew()

    def minimumSizeHint(self) -> QSize:
        return QSize(60, HEIGHT_PX)

    @property
    def scale(self) -> TimeScale:
        """The whole time on the width there is."""
        begin, now = self._time.span
        return TimeScale(begin, max(now - begin, 1) / max(self._time.width, 1))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            if self._picture is None or self._picture.deviceIndependentSize() != self.size().toSizeF():
                self._picture = self._painted()
            painter.drawPixmap(0, 0, self._picture)
            self._paint_window(painter)
        except Exception as problem:
            report_once("Minimap.paintEvent", problem)
        finally:
            painter.end()

    def _painted(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1))
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._theme.color("raised"))
        painter = QPainter(picture)
        try:
            painter.setClipRect(self.gutter_px, 0, self._time.width, self.height())
            painter.translate(self.gutter_px, 0)
            self._paint_density(painter)
        finally:
            painter.end()
        return picture

    def _paint_density(self, painter: QPainter) -> None:
        begin, now = self._time.span
        width, bottom = self._time.width, self.height() - 2
        runs, errors = self._model.density.over(begin, now, width)
        most = float(runs.max()) if len(runs) else 0.0
        if most > 0:
            # Logarithmic: one run beside ten thousand is still to be seen.
            heights = np.where(runs > 0, 2 + np.log1p(runs) / np.log1p(most) * (bottom - MARK_PX - 4), -1)
            ink = np.uint32(mixed(self._theme.color("running"), self._theme.color("raised"), 0.7).rgba())
            pixels = np.where(np.arange(bottom, -1, -1)[:, np.newaxis] <= np.round(heights), ink, np.uint32(0))
            painter.drawImage(0, 0, image_of(pixels))
        failed = np.flatnonzero(errors).tolist()
        painter.setPen(self._theme.color("error"))
        if failed:
            painter.drawLines([QLine(x, MARK_PX, x, bottom) for x in failed])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("error"))
        last = -MARK_PX
        for x in failed:
            if x - last >= MARK_PX:
                last = x
                painter.drawPolygon(_MARK.translated(x, 0))
        lost = self._model.lost(self.scale, width)
        for left, right in zip(lost.left.tolist(), lost.right.tolist(), strict=True):
            hatch(painter, QRect(round(left), 0, round(right - left), bottom), self._theme.color("warning"))

    def _paint_window(self, painter: QPainter) -> None:
        painter.setClipRect(self.gutter_px, 0, self._time.width, self.height())
        painter.translate(self.gutter_px, 0)
        box = self.on_screen()
        veil = QColor(self._theme.color("raised"))
        veil.setAlphaF(0.55)
        painter.fillRect(QRectF(0, 0, max(box.left(), 0), self.height()), veil)
        painter.fillRect(QRectF(box.right(), 0, max(self._time.width - box.right(), 0), self.height()), veil)
        flags = [self.scale.x_of(mark.t_ns) for mark in self.marks]
        paint_flags(painter, self._theme, flags, self._time.width, self.height())
        painter.setPen(QPen(self._theme.color("accent"), 2 if self.hasFocus() else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -1.5))
        if self.cursor_ns is not None:
            painter.setPen(QPen(self._theme.color("past"), 2))
            x = self.scale.x_of(self.cursor_ns)
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def on_screen(self) -> QRectF:
        """Where on the map is what the lanes show."""
        left, right = self.scale.x_of(self._time.from_ns), self.scale.x_of(self._time.until_ns)
        left, right = min(max(left, 0), self._time.width), min(max(right, 0), self._time.width)
        if right - left < _LEAST_WINDOW_PX:
            middle = (left + right) / 2
            left, right = middle - _LEAST_WINDOW_PX / 2, middle + _LEAST_WINDOW_PX / 2
        return QRectF(left, 0, right - left, self.height())

    # ---- what the user does

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x() - self.gutter_px
        on_line = self.cursor_ns is not None and abs(self.scale.x_of(self.cursor_ns) - x) <= _GRIP_PX
        self._scrubs = on_line or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._scrubs:
            self._scrub(x)
            return
        box = self.on_screen()
        # A press inside takes hold of it where it is; outside it jumps there.
        self._held_at = x - box.left() if box.left() <= x <= box.right() else box.width() / 2
        self._go(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            x = event.position().x() - self.gutter_px
            if self._scrubs:
                self._scrub(x)
            else:
                self._go(x)

    def _scrub(self, x: float) -> None:
        self._time.stop_following()
        self.scrubbed.emit(self.scale.t_at(min(max(x, 0), self._time.width)))

    def _go(self, x: float) -> None:
        self._time.show(TimeScale(self.scale.t_at(x - self._held_at), self._time.scale.ns_per_px))

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
        at = self._time.scale.x_of(self.scale.t_at(event.position().x() - self.gutter_px))
        self._time.zoom(1.5**notches, min(max(at, 0), self._time.width))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._time.width * 0.2
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers():
            self._time.pan(step if event.key() == Qt.Key.Key_Right else -step)
        elif (
            event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            and event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        ):
            at = self._model.now_ns if self.cursor_ns is None else self.cursor_ns
            self._scrub(self.scale.x_of(at) + (_KEY_PX if event.key() == Qt.Key.Key_Right else -_KEY_PX))
        elif event.key() == Qt.Key.Key_End:
            self.live_wanted.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._time.zoom(1.5 if event.key() == Qt.Key.Key_Up else 1 / 1.5, self._time.width / 2)
        else:
            super().keyPressEvent(event)
