"""What lies over the lanes: the selected run and its chain, the hovered tonic, the moment shown, the chosen area."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from tasktonic_studio.session.timeline import RunRow
from tasktonic_studio.ui.panels.timeline.model import Chain, Link
from tasktonic_studio.ui.panels.timeline.painting import DrawnRuns, Frame, box_of
from tasktonic_studio.ui.panels.timeline.rows import LaneRows
from tasktonic_studio.ui.theme.theme import Theme

_FAR_PX: Final = 5_000.0
_HEAD_PX: Final = 7.0
_BOX_PX: Final = 4
"""So much of a lane is free above and below its boxes."""


class Area(NamedTuple):
    """A part of the timeline that was marked: a stretch of time on some lanes, by (catalyst, tonic)."""

    from_ns: int
    until_ns: int
    lanes: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Over:
    """All that is laid over the lanes. Filled by the view."""

    chain: Chain | None = None
    selected_essence: int = -1
    hovered_essence: int = -1
    cursor_ns: int | None = None
    """The moment in the past that is shown, None while live."""
    now_ns: int | None = None
    """The live edge; None for an app that was before."""
    area: Area | None = None


def paint_over(
    painter: QPainter, theme: Theme, over: Over, frame: Frame, lanes: LaneRows, drawn: list[DrawnRuns]
) -> None:
    """Paint all of it, from the left edge of the frame's time."""
    if over.cursor_ns is not None:
        _paint_future(painter, theme, frame, over.cursor_ns)
    for essence, role, width in ((over.hovered_essence, "text_muted", 1.0), (over.selected_essence, "selection", 1.0)):
        if essence >= 0:
            _outline_runs_of(painter, theme.color(role), width, frame, essence, drawn)
    if over.area is not None:
        _paint_area(painter, theme, frame, lanes, over.area)
    if over.chain is not None:
        _paint_chain(painter, theme, frame, lanes, over.chain)
    if over.now_ns is not None:
        _paint_edge(painter, frame, over.now_ns, theme.color("live"), Qt.PenStyle.DashLine)
    if over.cursor_ns is not None:
        _paint_edge(painter, frame, over.cursor_ns, theme.color("past"), Qt.PenStyle.SolidLine)


def _x(frame: Frame, t_ns: float) -> float:
    return min(max(frame.scale.x_of(t_ns), -_FAR_PX), frame.width + _FAR_PX)


def _paint_future(painter: QPainter, theme: Theme, frame: Frame, cursor_ns: int) -> None:
    """What had not happened at the moment that is shown is there, but pale."""
    x = max(_x(frame, cursor_ns), 0.0)
    if x < frame.width:
        veil = QColor(theme.color("panel"))
        veil.setAlphaF(0.6)
        painter.fillRect(QRectF(x, 0, frame.width - x, frame.height), veil)


def _paint_edge(painter: QPainter, frame: Frame, t_ns: int, colour: QColor, style: Qt.PenStyle) -> None:
    x = _x(frame, t_ns)
    if -2 <= x <= frame.width + 2:
        painter.setPen(QPen(colour, 2, style))
        painter.drawLine(QPointF(x, 0), QPointF(x, frame.height))


def _outline_runs_of(
    painter: QPainter, colour: QColor, width: float, frame: Frame, essence: int, drawn: list[DrawnRuns]
) -> None:
    painter.setPen(QPen(colour, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for lane in drawn:
        numbers = np.flatnonzero(lane.essence == essence)
        places = (column[numbers].tolist() for column in (lane.left, lane.right, lane.is_hook))
        boxes = [_box(frame, lane.row.top, lane.row.height, *place) for place in zip(*places, strict=True)]
        painter.drawRects([box.adjusted(0, 0, -1, -1) for box in boxes])


def _box(frame: Frame, top: int, height: int, left: float, right: float, is_hook: bool) -> QRectF:
    return box_of(left, right, top - frame.offset + _BOX_PX, height - 2 * _BOX_PX, is_hook)


def _paint_area(painter: QPainter, theme: Theme, frame: Frame, lanes: LaneRows, area: Area) -> None:
    numbers = [number for number in (lanes.number_of(*lane) for lane in area.lanes) if number >= 0]
    if not numbers:
        return
    top, bottom = lanes[min(numbers)].top - frame.offset, lanes[max(numbers)].bottom - frame.offset
    left, right = _x(frame, area.from_ns), _x(frame, area.until_ns)
    fill = QColor(theme.color("accent"))
    fill.setAlphaF(0.16)
    painter.setPen(QPen(theme.color("accent"), 1))
    painter.setBrush(fill)
    painter.drawRect(QRectF(left, top + 1, max(right - left, 1), bottom - top - 3))


def _paint_chain(painter: QPainter, theme: Theme, frame: Frame, lanes: LaneRows, chain: Chain) -> None:
    colour = theme.color("selection")
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for link in ([chain.cause] if chain.cause is not None else []) + list(chain.effects):
        _paint_link(painter, frame, lanes, link, colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(colour, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    run = chain.run
    for number in _numbers_of(lanes, run):
        row = lanes[number]
        left, right = _x(frame, run.begin_ns), _x(frame, run.end_ns)
        painter.drawRect(_box(frame, row.top, row.height, left, right, False).adjusted(-1, -1, 1, 1))


def _numbers_of(lanes: LaneRows, run: RunRow) -> list[int]:
    """The lanes a run is drawn in: its catalyst's, and its tonic's when that is unfolded."""
    both = (lanes.number_of(run.catalyst), lanes.number_of(run.catalyst, run.essence))
    return [number for number in both if number >= 0]


def _edges(frame: Frame, lanes: LaneRows, run: RunRow) -> tuple[float, float] | None:
    """Where the box of a run begins and ends on the screen, from above."""
    number = lanes.number_of(run.catalyst)
    if number < 0:
        return None
    top = lanes[number].top - frame.offset
    return top + _BOX_PX, top + lanes[number].height - _BOX_PX


def link_ends(frame: Frame, lanes: LaneRows, link: Link) -> tuple[float, float] | None:
    """The heights at which the arrow of an order begins and ends: at edges of the boxes, so that it crosses no words in them."""
    into = _edges(frame, lanes, link.run) if link.run is not None else None
    if into is None:
        return None
    if link.source is None:
        return into[0] - 30, into[0]
    out = _edges(frame, lanes, link.source)
    if out is None:
        return None
    return (out[0], into[1]) if out[0] > into[0] else (out[1], into[0]) if out[0] < into[0] else (out[0], into[0])


def _paint_link(painter: QPainter, frame: Frame, lanes: LaneRows, link: Link, colour: QColor) -> None:
    """An arrow from where an order was given to where it ran; from the upper edge when it came from outside."""
    ends = link_ends(frame, lanes, link)
    if ends is None or link.run is None:
        return
    start_y, end_y = ends
    start, end = QPointF(_x(frame, link.ordered_ns), start_y), QPointF(_x(frame, link.run.begin_ns), end_y)
    if max(start.x(), end.x()) < 0 or min(start.x(), end.x()) > frame.width:
        return
    path = QPainterPath(start)
    # On one lane the arrow takes a bow, else it would lie upon the runs.
    bow = -26.0 if abs(start_y - end_y) < 1 else 0.0
    bend = max(abs(end.x() - start.x()) / 2, 8.0)
    path.cubicTo(start + QPointF(bend, bow), end + QPointF(-bend, bow), end)
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine if link.source is not None else Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    _paint_head(painter, end, math.atan2(-bow, bend), colour)


def _paint_head(painter: QPainter, tip: QPointF, angle: float, colour: QColor) -> None:
    wings = [
        tip - QPointF(math.cos(angle + turn) * _HEAD_PX, math.sin(angle + turn) * _HEAD_PX) for turn in (0.45, -0.45)
    ]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([tip, *wings]))
