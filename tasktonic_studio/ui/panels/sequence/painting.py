"""How a sequence diagram is painted, on the screen and into a file: only the rows that can be seen.

One file, since heads, lines, bars, arrows and frames share the same few measures and pens. It knows nothing of widgets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPen, QPolygonF

from tasktonic_studio.diagrams.steps import Frame
from tasktonic_studio.session.calls import RAN
from tasktonic_studio.session.sequence import Lifeline, Row, SequenceDiagram
from tasktonic_studio.ui.panels.sequence.geometry import Places, Sizes
from tasktonic_studio.ui.panels.sequence.words import gap_words, label, line_words
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures

BAR_PX: Final = 9
TIP_PX: Final = 7
FRAME_PX: Final = 10
_FAR_PX: Final = 20_000.0
_GROUND_ALPHA: Final = 205
SIGN_PX: Final = 12
"""The square with + or − in the head of a lifeline that can be unfolded or folded."""


@dataclass(slots=True)
class Lit:
    """What is lit: the selected row, the one under the pointer, the lane of the selected and of the hovered tonic; -1 none."""

    row: int = -1
    hovered: int = -1
    lane: int = -1
    hovered_lane: int = -1
    has_focus: bool = False


class Picture(NamedTuple):
    """What is to be painted: how far it is scrolled, and how large the part with the rows is."""

    diagram: SequenceDiagram
    places: Places
    sizes: Sizes
    left: int
    top: int
    width: int
    height: int


class _Place(NamedTuple):
    """Room for words on an arrow: from left to right above `y`, or beside it; the arrow ends at `end`, pointing to `side`."""

    left: float
    right: float
    y: float
    end: float
    side: int
    is_centred: bool


class SequencePainter:
    """Paints diagrams. Made by the view; `drawn` and `on_screen` tell afterwards how many of the rows were drawn."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.drawn = 0
        self.on_screen = 0
        self.began_ns = 0
        """From when times are counted."""
        self.retheme()

    def retheme(self) -> None:
        """Take colours and fonts from the theme."""
        self.font = self._theme.font("ui", 0.92)
        self.bold = self._theme.font("ui", 0.92, bold=True)
        self.mono = self._theme.font("mono", 0.86)
        self.metrics = QFontMetrics(self.font)
        self._bold_metrics = QFontMetrics(self.bold)
        self._mono_metrics = QFontMetrics(self.mono)

    def _pen(self, role: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        return QPen(self._theme.color(role), width, style)

    def paint_title(self, painter: QPainter, room: QRect, words: str) -> None:
        """What a saved picture is of."""
        painter.setFont(self.bold)
        painter.setPen(self._theme.color("text"))
        fits = self._bold_metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), fits)

    # ---- heads -------------------------------------------------------------------------------------------------

    def paint_heads(self, painter: QPainter, picture: Picture, lit: Lit) -> None:
        """Paint the names above the lifelines."""
        sizes, diagram = picture.sizes, picture.diagram
        painter.fillRect(QRect(0, 0, picture.width, sizes.head), self._theme.color("raised"))
        painter.save()
        painter.setClipRect(sizes.gutter, 0, picture.width - sizes.gutter, sizes.head)
        for lane, line in enumerate(diagram.lines):
            box = self.head_box(picture, lane)
            if box.right() >= 0 and box.left() <= picture.width:
                self._paint_head(painter, line, box, lane == lit.lane, lane == lit.hovered_lane)
        painter.restore()
        painter.setPen(self._pen("border_strong"))
        painter.drawLine(0, sizes.head - 1, picture.width, sizes.head - 1)

    @staticmethod
    def head_box(picture: Picture, lane: int) -> QRectF:
        """Where the head of a lifeline is."""
        sizes = picture.sizes
        width = sizes.lane - 6
        return QRectF(sizes.x(lane) - picture.left - width / 2, 3, width, sizes.head - 7)

    @staticmethod
    def sign_box(head: QRectF) -> QRectF:
        """Where one presses to unfold a box."""
        return QRectF(head.right() - SIGN_PX - 4, head.bottom() - SIGN_PX - 4, SIGN_PX, SIGN_PX)

    def _paint_head(self, painter: QPainter, line: Lifeline, box: QRectF, is_selected: bool, is_hovered: bool) -> None:
        is_tonic = line.kind in ("tonic", "box")
        style = Qt.PenStyle.SolidLine if is_tonic else Qt.PenStyle.DashLine
        role = "selection" if is_selected else "border_strong"
        back = self._theme.color("hover" if is_hovered else "panel")
        painter.setPen(self._pen(role, 2.0 if is_selected else 1.0, style))
        painter.setBrush(QBrush(back))
        if line.kind == "box":
            # Another sheet behind: more than one.
            painter.drawRoundedRect(box.adjusted(3, -2, 3, -2), 3, 3)
        painter.drawRoundedRect(box, 3 if is_tonic else 0, 3 if is_tonic else 0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        room = int(box.width()) - 8
        middle = box.top() + box.height() / 2
        painter.setFont(self.bold)
        painter.setPen(self._theme.color("text"))
        name = self._bold_metrics.elidedText(figures.short(line.name, 120), Qt.TextElideMode.ElideMiddle, room)
        upper = QRectF(box.left() + 4, box.top() + 1, room, middle - box.top())
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, name)
        painter.setFont(self.font)
        painter.setPen(self._theme.color("text_muted"))
        if line.kind == "box":
            room -= SIGN_PX + 2
            self._paint_sign(painter, self.sign_box(box), "+")
        words = self.metrics.elidedText(figures.short(line_words(line), 120), Qt.TextElideMode.ElideRight, room)
        lower = QRectF(box.left() + 4, middle - 1, room, box.bottom() - middle)
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_sign(self, painter: QPainter, box: QRectF, sign: str) -> None:
        painter.setPen(self._pen("accent", 1.4))
        painter.drawRect(box)
        centre = box.center()
        painter.drawLine(QLineF(centre.x() - 3, centre.y(), centre.x() + 3, centre.y()))
        if sign == "+":
            painter.drawLine(QLineF(centre.x(), centre.y() - 3, centre.x(), centre.y() + 3))
        painter.setPen(self._theme.color("text_muted"))

    # ---- body --------------------------------------------------------------------------------------------------

    def paint_body(self, painter: QPainter, picture: Picture, lit: Lit) -> None:
        """Paint lifelines, bars, frames and arrows; the origin is the top of the visible part."""
        painter.fillRect(QRect(0, 0, picture.width, picture.height), self._theme.color("panel"))
        rows, self.on_screen = picture.places.between(
            picture.top - picture.sizes.row, picture.top + picture.height + 40
        )
        self.drawn = len(rows)
        read = [picture.diagram.row(number) for number in rows.tolist()]
        self._paint_lit_rows(painter, picture, lit)
        painter.save()
        painter.setClipRect(picture.sizes.gutter, 0, picture.width - picture.sizes.gutter, picture.height)
        self._paint_lifelines(painter, picture, lit)
        self._paint_bars(painter, picture)
        for frame in self.frames_in(picture):
            self._paint_frame(painter, picture, frame)
        free_from = -_FAR_PX
        words: list[tuple[Row, _Place]] = []
        for row in read:
            y = self._y(picture, row)
            has_room = not picture.places.is_to_scale or y - free_from >= self.metrics.height()
            free_from = y if has_room else free_from
            if row.gap is not None:
                self._paint_gap(painter, picture, row)
                continue
            spoken = self._paint_arrow(painter, picture, row, row.number == lit.row)
            if has_room:
                words.append((row, spoken))
        for row, spoken in words:
            self._paint_words(painter, picture, row, spoken, row.number == lit.row)
        painter.restore()
        if picture.sizes.gutter:
            self._paint_times(painter, picture, read)
        if self.drawn < self.on_screen:
            self._paint_left_out(painter, picture)

    def _paint_left_out(self, painter: QPainter, picture: Picture) -> None:
        """Say that there are more than can be drawn."""
        drawn, there = figures.grouped(self.drawn), figures.grouped(self.on_screen)
        words = f"{drawn} of {there} calls here are drawn: zoom in to see all"
        painter.setFont(self.bold)
        words = self._bold_metrics.elidedText(words, Qt.TextElideMode.ElideRight, picture.width - 40)
        width, height = self._bold_metrics.horizontalAdvance(words) + 16, self._bold_metrics.height() + 6
        room = QRectF(picture.width - width - 12, picture.height - height - 6, width, height)
        painter.setPen(self._pen("warning"))
        painter.setBrush(QBrush(self._theme.color("panel")))
        painter.drawRoundedRect(room, 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    @staticmethod
    def _y(picture: Picture, row: Row) -> float:
        return float(picture.places.came[row.number]) - picture.top

    def band_of(self, picture: Picture, row: int) -> QRectF:
        """The stripe of a row, on the screen."""
        sizes, y = picture.sizes, float(picture.places.came[row]) - picture.top
        if picture.places.is_to_scale:
            return QRectF(0, y - sizes.line, picture.width, sizes.line + 8)
        return QRectF(0, y - sizes.line - 6, picture.width, sizes.row)

    def _paint_lit_rows(self, painter: QPainter, picture: Picture, lit: Lit) -> None:
        for row, role in ((lit.hovered, "hover"), (lit.row, "selection_back")):
            if 0 <= row < len(picture.diagram):
                band = self.band_of(picture, row)
                painter.fillRect(band, self._theme.color(role))
                if row == lit.row and lit.has_focus:
                    painter.setPen(self._pen("accent"))
                    painter.drawRect(band.adjusted(0, 0, -1, -1))

    def _paint_lifelines(self, painter: QPainter, picture: Picture, lit: Lit) -> None:
        sizes = picture.sizes
        for lane, line in enumerate(picture.diagram.lines):
            x = sizes.x(lane) - picture.left
            if not -sizes.lane <= x <= picture.width + sizes.lane:
                continue
            if lane == lit.hovered_lane:
                tint = QColor(self._theme.color("hover"))
                painter.fillRect(QRectF(x - sizes.lane / 2 + 2, 0, sizes.lane - 4, picture.height), tint)
            is_selected = lane == lit.lane
            style = Qt.PenStyle.SolidLine if line.kind in ("tonic", "box") else Qt.PenStyle.DashLine
            painter.setPen(
                self._pen("selection" if is_selected else "border_strong", 1.6 if is_selected else 1.0, style)
            )
            painter.drawLine(QLineF(x, 0, x, picture.height))
            if line.state and picture.top < sizes.top:
                self._paint_state(painter, line.state, x, sizes.top / 2 - picture.top, 0, sizes.lane)

    def _paint_bars(self, painter: QPainter, picture: Picture) -> None:
        """Where a lifeline is at work: from the call down to the last that it makes itself."""
        diagram, places = picture.diagram, picture.places
        painter.setPen(self._pen("running"))
        painter.setBrush(QBrush(self._theme.color("raised")))
        for row in places.bars_between(picture.top, picture.top + picture.height).tolist():
            call = int(diagram.steps.first[row])
            if diagram.steps.is_cut[row] or diagram.calls.fate[call] != RAN:
                continue
            x = picture.sizes.x(int(diagram.receiver[call])) - picture.left + 4 * int(diagram.level[call])
            top = max(float(places.came[row]) - picture.top, -10.0)
            bottom = min(float(places.bar_until[row]) - picture.top, picture.height + 10.0)
            painter.drawRect(QRectF(x - BAR_PX / 2, top, BAR_PX, max(bottom - top, 2.0)))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # ---- arrows ------------------------------------------------------------------------------------------------

    def _paint_arrow(self, painter: QPainter, picture: Picture, row: Row, is_selected: bool) -> _Place:
        """Paint the arrow of a row. Returns where there is room for words on it."""
        sizes, diagram = picture.sizes, picture.diagram
        y_from = float(picture.places.sent[row.number]) - picture.top
        y_to = self._y(picture, row)
        is_dashed = row.ignored == row.calls or row.waiting or row.not_seen
        style = Qt.PenStyle.DashLine if is_dashed else Qt.PenStyle.SolidLine
        painter.setPen(self._pen("selection" if is_selected else _role(row), 2.2 if is_selected else 1.2, style))
        x_from = sizes.x(row.sender) - picture.left
        x_to = sizes.x(row.receiver) - picture.left + 4 * int(diagram.level[row.call])
        if row.is_self:
            right = self._paint_loop(painter, row, x_to, y_from, y_to, sizes) + 5
            return _Place(right, right + sizes.lane * 1.2, y_to, x_to, -1, False)
        side = 1 if x_to > x_from else -1
        start, end = x_from + side * BAR_PX / 2, x_to - side * BAR_PX / 2
        painter.drawLine(_within(QLineF(start, y_from, end, y_to)))
        self._paint_tip(painter, row, end, y_to, side)
        return _Place(min(start, end) + 3, max(start, end) - 3, y_to, x_to, side, True)

    def _paint_words(self, painter: QPainter, picture: Picture, row: Row, place: _Place, is_selected: bool) -> None:
        """What was called, above its arrow, and the state that it led to, beside the lifeline."""
        sizes = picture.sizes
        # Of a long arrow the part that can be seen is labelled; a short one lends room from both sides.
        left, right = place.left, place.right
        words = label(row)
        if place.is_centred:
            seen_left, seen_right = max(left, sizes.gutter + 4.0), min(right, picture.width - 4.0)
            if seen_right - seen_left >= sizes.lane * 0.5:
                left, right = seen_left, seen_right
            lent = min(max(self.metrics.horizontalAdvance(words) + 2 - (right - left), 0.0), sizes.lane * 0.8) / 2
            left, right = left - lent, right + lent
        top = place.y - sizes.line - 2 if place.is_centred else place.y - sizes.line
        self._paint_label(painter, words, QRectF(left, top, right - left, sizes.line), place, row, is_selected)
        if row.state:
            self._paint_state(painter, row.state, place.end, place.y, place.side, sizes.lane)

    def _paint_loop(self, painter: QPainter, row: Row, x: float, y_from: float, y_to: float, sizes: Sizes) -> float:
        """The arrow of a lifeline to itself. Returns how far to the right it goes."""
        right = x + min(sizes.lane * 0.22, 26.0)
        high = min(y_from, y_to - sizes.line * 0.7)
        left = x + BAR_PX / 2
        painter.drawPolyline(
            [
                QPointF(left, max(high, -_FAR_PX)),
                QPointF(right, max(high, -_FAR_PX)),
                QPointF(right, y_to),
                QPointF(left, y_to),
            ]
        )
        self._paint_tip(painter, row, left, y_to, -1)
        return right

    def _paint_tip(self, painter: QPainter, row: Row, x: float, y: float, side: int) -> None:
        """Filled: it ran. Open: it waits. Crossed: it was not seen to run."""
        back = x - side * TIP_PX
        if row.not_seen:
            for sign in (1, -1):
                painter.drawLine(QLineF(back - 3, y - 4 * sign, back + 3, y + 4 * sign))
            return
        points = [QPointF(back, y - 4), QPointF(x, y), QPointF(back, y + 4)]
        pen = painter.pen()
        painter.setPen(QPen(pen.color(), pen.widthF()))
        if row.waiting:
            painter.drawPolyline(points)
        else:
            painter.setBrush(QBrush(pen.color()))
            painter.drawPolygon(QPolygonF(points))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)

    def _paint_label(
        self, painter: QPainter, text: str, room: QRectF, place: _Place, row: Row, is_selected: bool
    ) -> None:
        painter.setFont(self.font)
        words = self.metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, int(room.width()))
        width = self.metrics.horizontalAdvance(words)
        left = room.center().x() - width / 2 if place.is_centred else room.left()
        # Lifelines in between must not go through the letters.
        ground = QColor(self._theme.color("selection_back" if is_selected else "panel"))
        ground.setAlpha(_GROUND_ALPHA)
        painter.fillRect(QRectF(left - 2, room.top() + 1, width + 4, room.height() - 1), ground)
        painter.setPen(self._theme.color("error" if row.errors else "text"))
        align = Qt.AlignmentFlag.AlignCenter if place.is_centred else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, int(align), words)

    def _paint_state(self, painter: QPainter, state: str, x: float, y: float, side: int, lane: float) -> None:
        """A state on a lifeline: beside it, on the side away from the arrow (0: on it)."""
        painter.setFont(self.font)
        words = self.metrics.elidedText(figures.short(state, 80), Qt.TextElideMode.ElideMiddle, int(lane))
        width, height = self.metrics.horizontalAdvance(words) + 12, self.metrics.height()
        left = x - width / 2 if side == 0 else x + BAR_PX if side > 0 else x - BAR_PX - width
        box = QRectF(left, y - height / 2, width, height)
        painter.setPen(self._pen("state_change", 1.2))
        painter.setBrush(QBrush(self._theme.color("panel")))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_gap(self, painter: QPainter, picture: Picture, row: Row) -> None:
        assert row.gap is not None, "only rows where something is missing"
        band = self.band_of(picture, row.number).adjusted(0, 3, 0, -3)
        painter.fillRect(band, QBrush(self._theme.color("warning"), Qt.BrushStyle.BDiagPattern))
        words = gap_words(row.gap)
        width = self.metrics.horizontalAdvance(words) + 16
        middle = picture.sizes.gutter + (picture.width - picture.sizes.gutter) / 2
        room = QRectF(middle - width / 2, band.top(), width, band.height())
        painter.fillRect(room, self._theme.color("panel"))
        painter.setFont(self.font)
        painter.setPen(self._theme.color("warning"))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    # ---- frames and times --------------------------------------------------------------------------------------

    @staticmethod
    def frames_in(picture: Picture) -> list[Frame]:
        """The frames of which something can be seen."""
        diagram, sent, row = picture.diagram, picture.places.sent, picture.sizes.row
        begin, end = sent[diagram.frame_tops] - row, sent[diagram.frame_bottoms] + row
        seen = np.flatnonzero((end >= picture.top) & (begin <= picture.top + picture.height))
        return [diagram.frames[number] for number in seen.tolist()]

    def frame_box(self, picture: Picture, frame: Frame) -> QRectF:
        """Where a frame is on the screen."""
        diagram, sizes = picture.diagram, picture.sizes
        calls = diagram.steps.first[frame.top : frame.bottom + 1]
        lanes = [*diagram.sender[calls].tolist(), *diagram.receiver[calls].tolist()]
        inset = FRAME_PX * frame.depth
        left = sizes.x(min(lanes)) - picture.left - sizes.lane * 0.44 + inset
        right = sizes.x(max(lanes)) - picture.left + sizes.lane * 0.44 - inset
        top = self.band_of(picture, frame.top).top() + 1
        bottom = self.band_of(picture, frame.bottom).bottom() - 1
        return QRectF(left, top + inset / 3, right - left, bottom - top - inset / 2)

    def tab_box(self, picture: Picture, frame: Frame) -> QRectF:
        """Where the corner of a frame is that says how often."""
        box = self.frame_box(picture, frame)
        width, height = self._bold_metrics.horizontalAdvance(_often(frame)) + 10, self._bold_metrics.height() + 2
        # Of a frame that begins further up it stays on screen, as long as there is any of the frame.
        top = max(min(max(box.top(), 0.0), box.bottom() - height), box.top())
        return QRectF(box.left(), top, min(width, box.width()), height)

    def _paint_frame(self, painter: QPainter, picture: Picture, frame: Frame) -> None:
        painter.setPen(self._pen("accent"))
        painter.drawRect(self.frame_box(picture, frame))
        tab = self.tab_box(picture, frame)
        painter.setBrush(QBrush(self._theme.color("raised")))
        cut = tab.height() * 0.35
        corner = [tab.topLeft(), tab.topRight(), QPointF(tab.right(), tab.bottom() - cut)]
        painter.drawPolygon(QPolygonF([*corner, QPointF(tab.right() - cut, tab.bottom()), tab.bottomLeft()]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(self.bold)
        painter.setPen(self._theme.color("accent"))
        painter.drawText(tab, Qt.AlignmentFlag.AlignCenter, _often(frame))

    def _paint_times(self, painter: QPainter, picture: Picture, rows: list[Row]) -> None:
        sizes = picture.sizes
        painter.setFont(self.mono)
        painter.setPen(self._theme.color("text_muted"))
        free_from, before = -_FAR_PX, ""
        for row in rows:
            y = float(picture.places.sent[row.number]) - picture.top
            if row.gap is not None or y < sizes.line or y - free_from < sizes.line:
                continue
            sent_ns = int(picture.diagram.calls.sent_ns[row.call])
            words = figures.moment(sent_ns, self.began_ns)
            if picture.places.is_to_scale:
                # Zoomed in, one looks at microseconds: they are counted from the first call.
                words = f"+{figures.duration(sent_ns - picture.places.began_ns)}"
            if words == before:
                continue
            free_from, before = y, words
            room = QRectF(2, y - sizes.line, sizes.gutter - 6, sizes.line)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)


def _often(frame: Frame) -> str:
    return f"×{figures.grouped(frame.times)}"


def _role(row: Row) -> str:
    """The colour of an arrow; the words on it say the same."""
    return "error" if row.errors else "waiting" if row.waiting else "text_muted" if _is_aside(row) else "text"


def _is_aside(row: Row) -> bool:
    """Whether nothing came of any of the calls of a row."""
    return row.ignored + row.not_seen == row.calls


def _within(line: QLineF) -> QLineF:
    """The part of a line that is not further away than Qt counts without losing pixels."""
    from_y, until_y = line.y1(), line.y2()
    if -_FAR_PX <= from_y <= _FAR_PX and -_FAR_PX <= until_y <= _FAR_PX:
        return line

    def point(y: float, x: float) -> QPointF:
        near = min(max(y, -_FAR_PX), _FAR_PX)
        share = (near - from_y) / (until_y - from_y) if until_y != from_y else 0.0
        return QPointF(line.x1() + share * (line.x2() - line.x1()) if near != y else x, near)

    return QLineF(point(from_y, line.x1()), point(until_y, line.x2()))
