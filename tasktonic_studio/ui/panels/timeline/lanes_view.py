"""The lanes on screen: names at the left, what ran at the right; mouse and keys.

It paints the lanes once per change into a picture and lays over it what follows the pointer and the selection, so that a
moving mouse costs a copy of pixels and nothing else.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from tasktonic.events import HOOK
from tasktonic_studio.session.timeline import RunRow
from tasktonic_studio.ui.guard import report_once
from tasktonic_studio.ui.panels.timeline.model import TimelineModel
from tasktonic_studio.ui.panels.timeline.overlays import Area, Over, paint_over
from tasktonic_studio.ui.panels.timeline.painting import Frame, LanePainter
from tasktonic_studio.ui.panels.timeline.rows import LaneRow, LaneRows, arrange
from tasktonic_studio.ui.panels.timeline.viewport import Viewport
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets.fold_marks import paint_fold_mark
from tasktonic_studio.ui.widgets.scroll_bars import keep_place

DRAG_PX: Final = 5
NEAR_PX: Final = 4
ZOOM: Final = 1.5
PAN_SHARE: Final = 0.2
ROOMY_PX: Final = 14
"""Few lanes are so much higher, where there is room."""

Key = Qt.Key


class LanesView(QAbstractScrollArea):
    """Paints the lanes of a model in the time of a viewport, and says what the user does. Owned by the timeline's view."""

    run_chosen = Signal(int)
    """The row of the run that was clicked; -1 for none."""
    run_opened = Signal(int)
    run_pointed = Signal(int)
    """The row of the run under the pointer; -1 for none."""
    lane_chosen = Signal(int, int)
    """(catalyst, tonic) of the lane whose name was clicked."""
    fold_wanted = Signal(int)
    """The catalyst to be folded or unfolded."""
    area_changed = Signal(object)
    """An `Area`, or None; while it is being marked, too."""
    area_marked = Signal()
    """The mouse was let go: now it is worth adding up."""
    step_wanted = Signal(int)
    menu_wanted = Signal(QPoint)
    live_wanted = Signal()
    selection_fit_wanted = Signal()

    def __init__(self, model: TimelineModel, time: Viewport, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._time = time
        self._theme = theme
        self.lanes = LaneRows()
        self.over = Over()
        self.lane_painter = LanePainter(model, theme)
        self.gutter_px = 120
        self.current = 0
        """The number of the lane that keys are about."""
        self.frames = 0
        """How often lanes were painted anew; for measuring and tests."""
        self._picture: QPixmap | None = None
        self._pressed: QPoint | None = None
        self._pressed_row = -1
        self._is_marking = False
        self._panned_from: int | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        keep_place(self)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        time.changed.connect(self.renew)
        self.verticalScrollBar().valueChanged.connect(self.renew)

    # ---- for the owner

    def show_lanes(self) -> None:
        """Lay out the lanes of the model anew: there are others, or some were folded."""
        height = self.fontMetrics().height()
        lane_px, tonic_px = max(30, height + 14), max(tokens.ROW_HEIGHT_PX, height + 6)
        catalysts = self._model.catalysts
        tonics = {catalyst: self._model.tonics_of(catalyst) for catalyst in self._model.of_tonics}
        if not tonics and len(catalysts) * (lane_px + ROOMY_PX) <= self.viewport().height():
            lane_px += ROOMY_PX
        self.lanes = arrange(catalysts, tonics, lane_px, tonic_px)
        self.current = min(self.current, max(len(self.lanes) - 1, 0))
        self._set_scroll_range()
        self.renew()

    def renew(self) -> None:
        """Paint the lanes anew with the next frame."""
        self._picture = None
        self.viewport().update()

    def lay_over(self) -> None:
        """Only what lies over the lanes has changed."""
        self.viewport().update()

    def retheme(self) -> None:
        """Take on colours and fonts."""
        self.lane_painter.retheme()
        self.setFont(self._theme.font("ui", 0.95))
        self.show_lanes()

    def show_lane(self, number: int) -> None:
        """Make a lane the current one and scroll it into view."""
        if not 0 <= number < len(self.lanes):
            return
        self.current = number
        row, bar = self.lanes[number], self.verticalScrollBar()
        if row.top < bar.value():
            bar.setValue(row.top)
        elif row.bottom > bar.value() + self.viewport().height():
            bar.setValue(row.bottom - self.viewport().height())
        self.viewport().update()

    def set_gutter(self, gutter_px: int) -> None:
        """How wide the names are."""
        self.gutter_px = gutter_px
        self.renew()

    def frame(self) -> Frame:
        """What is on screen now."""
        top, height = self.verticalScrollBar().value(), self.viewport().height()
        return Frame(self._time.scale, self._time.width, height, self.lanes.between(top, top + height), top)

    def row_at(self, at: QPoint) -> int:
        """The number of the lane at a point of the viewport, -1 for none."""
        return self.lanes.at(at.y() + self.verticalScrollBar().value())

    def point_of(self, run: RunRow) -> QPoint:
        """Where a run is drawn on the lane of its catalyst: the middle of what can be seen of it."""
        row = self.lanes[self.lanes.number_of(run.catalyst)]
        left = max(self._time.scale.x_of(run.begin_ns), 0.0)
        right = min(self._time.scale.x_of(run.end_ns), float(self._time.width))
        share = 0.75 if run.flags & HOOK else 0.3
        y = row.top - self.verticalScrollBar().value() + int(row.height * share)
        return QPoint(self.gutter_px + int((left + right) / 2), y)

    def run_at(self, at: QPoint) -> int:
        """The row of the run at a point: the one under it, else the longest within a few pixels; -1 for none."""
        number = self.row_at(at)
        x = at.x() - self.gutter_px
        lane = self._model.lane(self.lanes[number]) if number >= 0 and x >= 0 else None
        if lane is None or not lane.parts:
            return -1
        scale = self._time.scale
        found = lane.slices(scale.t_at(x - NEAR_PX), scale.t_at(x + NEAR_PX + 1))
        if not len(found.row):
            return -1
        is_hook = (self._model.columns(("flags",), found.row)["flags"] & HOOK) != 0
        row = self.lanes[number]
        in_lower_half = at.y() + self.verticalScrollBar().value() > row.top + row.height / 2
        t_ns = scale.t_at(x)
        under = (found.begin_ns <= t_ns) & (found.end_ns >= t_ns)
        if bool((under & is_hook).any()) and in_lower_half:
            under &= is_hook
        elif bool((under & ~is_hook).any()):
            under &= ~is_hook
        if not bool(under.any()):
            under[:] = True
        took = np.where(under, found.end_ns - found.begin_ns, -1)
        return int(found.row[int(np.argmax(took))])

    # ---- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            self._paint(painter)
        except Exception as problem:
            report_once("LanesView.paintEvent", problem)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        if self._picture is None:
            self._picture = self._painted()
        painter.drawPixmap(0, 0, self._picture)
        frame = self.frame()
        painter.save()
        painter.setClipRect(self.gutter_px, 0, frame.width, frame.height)
        painter.translate(self.gutter_px, 0)
        paint_over(painter, self._theme, self.over, frame, self.lanes, self.lane_painter.drawn)
        painter.restore()
        if self.hasFocus() and len(self.lanes):
            row = self.lanes[self.current]
            painter.setPen(QPen(self._theme.color("accent"), 2))
            painter.drawRect(1, row.top - frame.offset + 1, self.gutter_px - 3, row.height - 3)

    def _painted(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = self.viewport().size()
        picture = QPixmap(max(int(size.width() * ratio), 1), max(int(size.height() * ratio), 1))
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._theme.color("panel"))
        painter = QPainter(picture)
        try:
            self.paint_lanes(painter, self.frame())
        finally:
            painter.end()
        self.frames += 1
        return picture

    def paint_lanes(self, painter: QPainter, frame: Frame) -> None:
        """Paint names and lanes; also for a picture in a file."""
        painter.save()
        painter.setClipRect(self.gutter_px, 0, frame.width, frame.height)
        painter.translate(self.gutter_px, 0)
        self.lane_painter.paint(painter, frame)
        painter.restore()
        painter.fillRect(0, 0, self.gutter_px, frame.height, self._theme.color("raised"))
        for row in frame.rows:
            self._paint_name(painter, row, row.top - frame.offset)
        painter.setPen(self._theme.color("border_strong"))
        painter.drawLine(self.gutter_px - 1, 0, self.gutter_px - 1, frame.height)

    def _paint_name(self, painter: QPainter, row: LaneRow, top: int) -> None:
        painter.setPen(self._theme.color("border"))
        painter.drawLine(0, top + row.height - 1, self.gutter_px, top + row.height - 1)
        indent = self._fold_px + (tokens.SPACE_PX if row.is_tonic else 0)
        if not row.is_tonic:
            place, is_open = QRect(0, top, self._fold_px, row.height), row.catalyst in self._model.of_tonics
            paint_fold_mark(
                painter, place, self._fold_px, self._fold_px, self._theme.color("text_muted"), is_open=is_open
            )
        painter.setFont(self._theme.font("ui", 0.9 if row.is_tonic else 0.95, bold=not row.is_tonic))
        painter.setPen(self._theme.color("text_muted" if row.is_tonic else "text"))
        room = self.gutter_px - indent - tokens.SMALL_SPACE_PX
        # Two tonics whose names begin alike are told apart by how they end.
        words = painter.fontMetrics().elidedText(self._model.lane_name(row), Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRect(indent, top, room, row.height), int(Qt.AlignmentFlag.AlignVCenter), words)

    @property
    def _fold_px(self) -> int:
        """How wide the place of the fold marks is."""
        return self._theme.icon_px()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_lanes()
        self._time.set_width(self.viewport().width() - self.gutter_px)
        self.renew()

    def _set_scroll_range(self) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(self.lanes.height - height, 0))
        bar.setPageStep(height)
        bar.setSingleStep(tokens.ROW_HEIGHT_PX)

    # ---- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned_from = at.x()
            return
        number = self.row_at(at)
        if number >= 0:
            self.current = number
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if at.x() < self.gutter_px:
            self._on_name(at, number)
            return
        self._pressed, self._pressed_row = at, number
        self.viewport().update()

    def _on_name(self, at: QPoint, number: int) -> None:
        if number < 0:
            return
        row = self.lanes[number]
        if at.x() < self._fold_px and not row.is_tonic:
            self.fold_wanted.emit(row.catalyst)
        else:
            self.lane_chosen.emit(row.catalyst, row.tonic)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._panned_from is not None:
            self._time.pan(self._panned_from - at.x())
            self._panned_from = at.x()
        elif self._pressed is not None:
            if self._is_marking or abs(at.x() - self._pressed.x()) >= DRAG_PX:
                self._is_marking = True
                self.area_changed.emit(self._area_to(at))
        else:
            self.run_pointed.emit(self.run_at(at))

    def _area_to(self, at: QPoint) -> Area | None:
        """What lies between where the mouse was pressed and where it is now."""
        if self._pressed is None or not len(self.lanes):
            return None
        scale = self._time.scale
        xs = sorted((self._pressed.x() - self.gutter_px, min(max(at.x() - self.gutter_px, 0), self._time.width)))
        last = self.row_at(QPoint(at.x(), min(max(at.y(), 0), self.viewport().height() - 1)))
        numbers = sorted(number if number >= 0 else len(self.lanes) - 1 for number in (self._pressed_row, last))
        lanes = tuple((self.lanes[it].catalyst, self.lanes[it].tonic) for it in range(numbers[0], numbers[1] + 1))
        return Area(scale.t_at(xs[0]), scale.t_at(xs[1]), lanes)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned_from = None
        elif event.button() == Qt.MouseButton.LeftButton and self._pressed is not None:
            was_marking, self._is_marking, self._pressed = self._is_marking, False, None
            if was_marking:
                self.area_marked.emit()
            else:
                self.run_chosen.emit(self.run_at(event.position().toPoint()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        number = self.row_at(at)
        if event.button() != Qt.MouseButton.LeftButton or number < 0:
            return
        if at.x() < self.gutter_px:
            if not self.lanes[number].is_tonic and at.x() >= self._fold_px:
                self.fold_wanted.emit(self.lanes[number].catalyst)
        elif (row := self.run_at(at)) >= 0:
            self.run_opened.emit(row)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            notches = (delta.y() or delta.x()) / 120
            self._time.zoom(ZOOM**notches, max(event.position().x() - self.gutter_px, 0))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or abs(delta.x()) > abs(delta.y()):
            self._time.pan(-(delta.x() or delta.y()) / 120 * self._time.width * PAN_SHARE / 2)
        else:
            super().wheelEvent(event)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.run_pointed.emit(-1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            row = self.run_at(event.pos())
            if row >= 0:
                self.run_chosen.emit(row)
            self.menu_wanted.emit(event.globalPos())
        else:
            # By key: at the selected run, else at the current lane.
            chain = self.over.chain
            has_run = chain is not None and self.lanes.number_of(chain.run.catalyst) >= 0
            at = self.point_of(chain.run) if chain is not None and has_run else QPoint(self.gutter_px + 20, 20)
            self.menu_wanted.emit(self.viewport().mapToGlobal(at))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            try:
                QToolTip.showText(event.globalPos(), plain_tip(self.tip_at(event.pos())), self.viewport())
            except Exception as problem:
                report_once("LanesView.viewportEvent", problem)
            return True
        return super().viewportEvent(event)

    def tip_at(self, at: QPoint) -> str:
        """What is said about what is under the pointer."""
        number = self.row_at(at)
        if number < 0:
            return ""
        if at.x() < self.gutter_px:
            return self._model.lane_name(self.lanes[number])
        run = self._model.run(self.run_at(at))
        if run is None:
            return ""
        words = "\n".join(f"{name} {value}" for name, value in self._model.describe(run))
        return f"{self._model.words(run.essence, run.sparkle)}\n{words}"

    # ---- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        has_modifier = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        )
        if has_modifier or not self._on_key(event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)):
            event.ignore()

    def _on_key(self, key: int, is_shifted: bool) -> bool:
        """Do what a key means; False when it means nothing here."""
        middle, step = self._time.width / 2, self._time.width * PAN_SHARE
        if key in (Key.Key_W, Key.Key_Plus):
            self._time.zoom(ZOOM, middle)
        elif key in (Key.Key_S, Key.Key_Minus):
            self._time.zoom(1 / ZOOM, middle)
        elif key in (Key.Key_A, Key.Key_D):
            self._time.pan(step if key == Key.Key_D else -step)
        elif key == Key.Key_F:
            self._time.fit_all() if is_shifted else self.selection_fit_wanted.emit()
        elif key in (Key.Key_Left, Key.Key_Right):
            self.step_wanted.emit(1 if key == Key.Key_Right else -1)
        elif key in (Key.Key_Up, Key.Key_Down):
            self.show_lane(self.current + (1 if key == Key.Key_Down else -1))
        elif key == Key.Key_Space and len(self.lanes):
            self.fold_wanted.emit(self.lanes[self.current].catalyst)
        elif key == Key.Key_Home:
            self._time.show(self._time.scale.moved(self._time.scale.x_of(self._time.span[0])))
        elif key == Key.Key_End:
            self.live_wanted.emit()
        elif key in (Key.Key_PageUp, Key.Key_PageDown):
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + (1 if key == Key.Key_PageDown else -1) * bar.pageStep())
        elif key in (Key.Key_Return, Key.Key_Enter) and self.over.chain is not None:
            self.run_opened.emit(self.over.chain.run.row)
        elif key == Key.Key_Escape and self.over.area is not None:
            self.area_changed.emit(None)
            self.area_marked.emit()
        else:
            return False
        return True
