"""The painted sequence diagram: heads that stay, rows that scroll, mouse, keys. It tells what was done; the view acts."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from tasktonic_studio.diagrams.steps import Frame
from tasktonic_studio.session.sequence import SequenceDiagram
from tasktonic_studio.ui.guard import report_once
from tasktonic_studio.ui.panels.sequence.geometry import Places, fitting_scale, kept_in_bounds, sizes_for
from tasktonic_studio.ui.panels.sequence.model import SequenceModel
from tasktonic_studio.ui.panels.sequence.painting import Lit, Picture, SequencePainter
from tasktonic_studio.ui.panels.sequence.words import line_tip, sentence, told
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip

ZOOM: Final = 1.25
_NARROW_LETTERS: Final = 56
_NEAR_PX: Final = 5
_LONGEST_TIME: Final = "23:59:59.999"

Key = Qt.Key


class Spot(NamedTuple):
    """What is at a point: a row, a lifeline (by its head or its line), the corner of a frame; -1 or None where there is none."""

    row: int = -1
    lane: int = -1
    in_head: bool = False
    on_sign: bool = False
    frame: Frame | None = None


class DiagramView(QAbstractScrollArea):
    """Shows the diagram of a model. Made by the panel's view, which owns it; call `renew` after the diagram changed."""

    row_chosen = Signal(int)
    row_opened = Signal(int)
    row_unfolded = Signal(int)
    frame_unfolded = Signal(int)
    """With the first call of the frame, by its index in the diagram."""
    line_chosen = Signal(int)
    line_opened = Signal(int)
    line_unfolded = Signal(int)
    pointed = Signal(int, int)
    """The pointer is over this row and this lifeline; -1 for none."""
    menu_wanted = Signal(QPoint)
    followed = Signal(bool)
    """The end came on screen, or left it, because the user scrolled."""

    def __init__(self, model: SequenceModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme
        self.painter = SequencePainter(theme)
        self.lit = Lit()
        self.is_following = False
        """Whether the end is kept on screen."""
        self.ns_per_px = 0.0
        """How fine the scale of time is; 0 until it was looked at."""
        self._own_scroll = False
        self._diagram: SequenceDiagram | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)
        self.retheme()

    # ---- for the owner -----------------------------------------------------------------------------------------

    def retheme(self) -> None:
        """Take on colours and fonts."""
        self.painter.retheme()
        self.setFont(self.painter.font)
        self.renew()

    def renew(self) -> None:
        """The diagram, the width or the scale is another one."""
        diagram = self._model.diagram
        line, letter = self.painter.metrics.height(), self.painter.metrics.averageCharWidth()
        width = self.viewport().width()
        has_times = width >= _NARROW_LETTERS * letter
        gutter = QFontMetrics(self.painter.mono).horizontalAdvance(_LONGEST_TIME) + 10 if has_times else 0
        self.sizes = sizes_for(width, len(diagram.lines), line, letter, gutter)
        scale = 0.0
        if self._model.is_to_scale:
            body = self.viewport().height() - self.sizes.head - self.sizes.row
            wanted = self.ns_per_px or fitting_scale(diagram, body)
            scale = kept_in_bounds(wanted, diagram, body)
            self.ns_per_px = scale if self.ns_per_px else 0.0
        self._keep_place(diagram)
        self.places = Places(diagram, self.sizes, scale)
        self._set_scroll_ranges(diagram)
        self._diagram = diagram
        self.viewport().update()

    def _keep_place(self, diagram: SequenceDiagram) -> None:
        """Rows may have come above: the first one on screen stays where it is."""
        before = self._diagram
        self._kept = 0, 0.0
        if before is None or before is diagram or self.is_following or not len(before):
            return
        top = self.verticalScrollBar().value()
        row = max(self.places.row_at(top + self.sizes.line + self.sizes.row / 2), 0)
        self._kept = before.order_at(row), float(self.places.came[row]) - top

    def _set_scroll_ranges(self, diagram: SequenceDiagram) -> None:
        vertical, across = self.verticalScrollBar(), self.horizontalScrollBar()
        body = max(self.viewport().height() - self.sizes.head, 1)
        self._own_scroll = True
        vertical.setRange(0, max(self.places.height - body, 0))
        vertical.setPageStep(max(body - self.sizes.row, self.sizes.row))
        vertical.setSingleStep(self.sizes.row)
        wide = self.sizes.width(len(diagram.lines))
        across.setRange(0, max(wide - self.viewport().width(), 0))
        across.setPageStep(self.viewport().width())
        across.setSingleStep(int(self.sizes.lane / 2))
        order, above = self._kept
        row = diagram.row_of_order(order) if order else -1
        if self.is_following:
            vertical.setValue(vertical.maximum())
        elif row >= 0:
            vertical.setValue(int(float(self.places.came[row]) - above))
        self._own_scroll = False

    def set_following(self, following: bool) -> None:
        """Keep the end on screen from now on, or stay."""
        self.is_following = following
        if following:
            self._own_scroll = True
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
            self._own_scroll = False

    def picture(self) -> Picture:
        """What is on screen now; the part with the rows begins below the heads."""
        body = self.viewport().height() - self.sizes.head
        left, top = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return Picture(self._model.diagram, self.places, self.sizes, left, top, self.viewport().width(), max(body, 0))

    def show_row(self, row: int) -> None:
        """Scroll a row into view."""
        if not 0 <= row < len(self.places.came):
            return
        y, bar = float(self.places.came[row]), self.verticalScrollBar()
        body = self.viewport().height() - self.sizes.head
        if not bar.value() + self.sizes.row <= y <= bar.value() + body - self.sizes.row // 2:
            self._own_scroll = True
            bar.setValue(int(y - body / 2))
            self._own_scroll = False
        row_now = self._model.diagram.row(row)
        if row_now.gap is None:
            self.show_lane(row_now.receiver)

    def show_lane(self, lane: int) -> None:
        """Scroll a lifeline into view."""
        across = self.horizontalScrollBar()
        left = self.sizes.lane * lane
        room = self.viewport().width() - self.sizes.gutter
        if left < across.value():
            across.setValue(int(left))
        elif left + self.sizes.lane > across.value() + room:
            across.setValue(int(left + self.sizes.lane - room))

    def zoom(self, factor: float, at_y: float | None = None) -> None:
        """Show time larger (above 1) or smaller around a place; only to scale."""
        if not self._model.is_to_scale or not len(self._model.diagram):
            return
        body = self.viewport().height() - self.sizes.head
        y = body / 2 if at_y is None else max(at_y - self.sizes.head, 0.0)
        t_ns = self.places.t_at(self.verticalScrollBar().value() + y, self.sizes)
        self.ns_per_px = self.places.ns_per_px / factor
        self.renew()
        place = (t_ns - self.places.began_ns) / self.places.ns_per_px + self.sizes.top + self.sizes.line
        self.verticalScrollBar().setValue(int(place - y))

    def fit(self) -> None:
        """Show all the time there is."""
        self.ns_per_px = 0.0
        self.renew()

    # ---- what is where -----------------------------------------------------------------------------------------

    def spot_at(self, at: QPoint) -> Spot:
        """What is at a point of the viewport."""
        picture = self.picture()
        lane = self._lane_at(at.x(), picture)
        if at.y() < self.sizes.head:
            if lane < 0:
                return Spot()
            head = self.painter.head_box(picture, lane)
            line = picture.diagram.lines[lane]
            on_sign = line.kind == "box" and self.painter.sign_box(head).adjusted(-5, -5, 5, 5).contains(QPointF(at))
            return Spot(lane=lane, in_head=True, on_sign=on_sign)
        body = QPointF(at.x(), at.y() - self.sizes.head)
        for frame in self.painter.frames_in(picture):
            if self.painter.tab_box(picture, frame).contains(body):
                return Spot(row=frame.top, frame=frame)
        row = self.places.row_at(body.y() + picture.top)
        is_near = lane >= 0 and abs(self.sizes.x(lane) - picture.left - at.x()) <= _NEAR_PX
        if row >= 0 and picture.diagram.row(row).gap is None:
            found = picture.diagram.row(row)
            ends = sorted((self.sizes.x(found.sender) - picture.left, self.sizes.x(found.receiver) - picture.left))
            is_in_row = ends[0] - self.sizes.lane / 2 <= at.x() <= ends[1] + self.sizes.lane / 2
            return Spot(row=row, lane=lane if is_near and not is_in_row else -1)
        return Spot(row=row, lane=lane if is_near else -1)

    def _lane_at(self, x: int, picture: Picture) -> int:
        lane = int((x + picture.left - self.sizes.gutter) // self.sizes.lane)
        return lane if x >= self.sizes.gutter and 0 <= lane < len(picture.diagram.lines) else -1

    # ---- painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint(painter)
        except Exception as problem:
            report_once("DiagramView.paintEvent", problem)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        picture = self.picture()
        self.lit.has_focus = self.hasFocus()
        self.painter.began_ns = self._model.known.app.began_ns
        painter.save()
        painter.translate(0, self.sizes.head)
        painter.setClipRect(0, 0, picture.width, picture.height)
        self.painter.paint_body(painter, picture, self.lit)
        painter.restore()
        self.painter.paint_heads(painter, picture, self.lit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.renew()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            try:
                QToolTip.showText(event.globalPos(), plain_tip(self.tip_at(event.pos())), self.viewport())
            except Exception as problem:
                report_once("DiagramView.viewportEvent", problem)
            return True
        return super().viewportEvent(event)

    def tip_at(self, at: QPoint) -> str:
        """What is said about what is under the pointer."""
        spot, diagram = self.spot_at(at), self._model.diagram
        if spot.lane >= 0:
            return line_tip(diagram.lines[spot.lane])
        if spot.frame is not None:
            return f"These rows come {spot.frame.times} times. Press to see each of them."
        if spot.row < 0:
            return ""
        row = diagram.row(spot.row)
        return "\n".join([row.name, *(f"{name} {value}" for name, value in told(self._model.known, diagram, row))])

    # ---- mouse -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        spot = self.spot_at(event.position().toPoint())
        if spot.on_sign:
            self.line_unfolded.emit(spot.lane)
        elif spot.frame is not None:
            self.frame_unfolded.emit(spot.frame.first)
        elif spot.lane >= 0:
            self.line_chosen.emit(spot.lane)
        elif spot.row >= 0:
            self.row_chosen.emit(spot.row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        spot = self.spot_at(event.position().toPoint())
        if spot.lane >= 0 and not spot.on_sign:
            self.line_opened.emit(spot.lane)
        elif spot.row >= 0 and spot.frame is None:
            self.row_opened.emit(spot.row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = self.spot_at(event.position().toPoint())
        row = spot.row if spot.lane < 0 else -1
        if row != self.lit.hovered:
            self.lit.hovered = row
            self.viewport().update()
        self.pointed.emit(row, spot.lane)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.lit.hovered = -1
        self.viewport().update()
        self.pointed.emit(-1, -1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._model.is_to_scale:
            self.zoom(ZOOM ** ((delta.y() or delta.x()) / 120), event.position().y())
            event.accept()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            spot = self.spot_at(event.pos())
            if spot.lane >= 0:
                self.line_chosen.emit(spot.lane)
            elif spot.row >= 0:
                self.row_chosen.emit(spot.row)
            self.menu_wanted.emit(event.globalPos())
            return
        at = QPoint(self.sizes.gutter + 20, self.sizes.head + 20)
        if 0 <= self.lit.row < len(self._model.diagram):
            band = self.painter.band_of(self.picture(), self.lit.row)
            at = QPoint(at.x(), self.sizes.head + min(max(int(band.center().y()), 10), self.viewport().height() - 20))
        self.menu_wanted.emit(self.viewport().mapToGlobal(at))

    def _on_scrolled(self, value: int) -> None:
        self.viewport().update()
        if not self._own_scroll:
            self.is_following = value >= self.verticalScrollBar().maximum()
            self.followed.emit(self.is_following)

    # ---- keys --------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_shifted = modifiers == Qt.KeyboardModifier.ShiftModifier
        if (modifiers and not is_shifted) or not self._on_key(Key(event.key()), is_shifted):
            event.ignore()

    def _on_key(self, key: Qt.Key, is_shifted: bool) -> bool:
        """Do what a key means; False when it means nothing here."""
        row, last = self.lit.row, len(self._model.diagram) - 1
        page = max(self.verticalScrollBar().pageStep() // self.sizes.row, 1)
        moves = {
            Key.Key_Up: row - 1 if row >= 0 else last,
            Key.Key_Down: row + 1,
            Key.Key_PageUp: max(row - page, 0),
            Key.Key_PageDown: min(row + page, last),
            Key.Key_Home: 0,
            Key.Key_End: last,
        }
        if is_shifted and key in (Key.Key_Left, Key.Key_Right):
            self._choose_line_beside(1 if key == Key.Key_Right else -1)
        elif key in moves:
            self._choose(moves[key])
        elif key in (Key.Key_Left, Key.Key_Right):
            self._choose(self._related(row, back=key == Key.Key_Left))
        elif key in (Key.Key_Return, Key.Key_Enter) and row >= 0:
            self.row_opened.emit(row)
        elif key == Key.Key_Space and row >= 0:
            self.unfold(row)
        elif key in (Key.Key_Plus, Key.Key_W):
            self.zoom(ZOOM)
        elif key in (Key.Key_Minus, Key.Key_S):
            self.zoom(1 / ZOOM)
        else:
            return False
        return True

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._model.diagram):
            self.row_chosen.emit(row)
            self.setAccessibleDescription(sentence(self._model.diagram, self._model.diagram.row(row)))

    def _choose_line_beside(self, step: int) -> None:
        lines = len(self._model.diagram.lines)
        if lines:
            lane = min(max(self.lit.lane + step, 0), lines - 1)
            self.show_lane(lane)
            self.line_chosen.emit(lane)

    def _related(self, row: int, *, back: bool) -> int:
        """The row of the call that caused the first one of a row, or of the first that it caused; -1 for none."""
        diagram = self._model.diagram
        order = diagram.order_at(row)
        if not order:
            return -1
        call = int(diagram.steps.first[row])
        if back:
            parent = int(diagram.calls.parent[call])
            return int(diagram.steps.row_of[parent]) if parent >= 0 else -1
        return diagram.first_effect(call)

    def unfold(self, row: int) -> None:
        """Unfold a row, or else the innermost frame around it."""
        diagram = self._model.diagram
        around = np.flatnonzero((diagram.frame_tops <= row) & (diagram.frame_bottoms >= row))
        if len(around):
            self.frame_unfolded.emit(diagram.frames[int(around[-1])].first)
        elif diagram.row(row).calls > 1:
            self.row_unfolded.emit(row)
