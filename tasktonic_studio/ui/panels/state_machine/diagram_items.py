"""The pieces of a diagram: nodes and arrows made of Qt's own items, which paint without coming back to Python.

Each piece knows how it looks in a state of affairs (`show`) and changes only what differs from before.
"""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsItemGroup,
    QGraphicsPathItem,
    QGraphicsPolygonItem,
    QGraphicsRectItem,
    QGraphicsSimpleTextItem,
)

from tasktonic_studio.diagrams.graph import Box, Line, Point, Route
from tasktonic_studio.ui.panels.state_machine.machine import Arrow, How, Label, Node
from tasktonic_studio.ui.panels.state_machine.measures import CROSS_PX, PADDING_PX, Measures
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures

ROLE_NODE: Final = 0
"""Key of an item's data: the id of the node it is part of."""
ROLE_ARROW: Final = 1
"""Key of an item's data: the id of the arrow it is part of."""

DOTS_SHOWN: Final = 5
DOT_STEP_PX: Final = 7.5
_DOT_PX: Final = 5.0
_DIM: Final = 0.22
_DASHES: Final[dict[How, list[float]]] = {"seen": [], "source": [5, 4], "computed": [1, 3], "unknown": [5, 4]}


class NodePiece:
    """A state or a mark."""

    def __init__(self, node: Node, box: Box, middle: Point, theme: Theme, measures: Measures) -> None:
        self.node = node
        self._theme = theme
        self.rect = QRectF(middle[0] - box.width / 2, middle[1] - box.height / 2, box.width, box.height)
        self.group = QGraphicsItemGroup()
        self.group.setZValue(2)
        self._shape = QGraphicsPathItem(self._outline(), self.group)
        self._extra = QGraphicsPathItem(self._inner(), self.group)
        self._name: QGraphicsSimpleTextItem | None = None
        self._dots: QGraphicsPathItem | None = None
        self._count: QGraphicsSimpleTextItem | None = None
        self._here: QGraphicsSimpleTextItem | None = None
        if node.kind not in ("begin", "end"):
            self._name = QGraphicsSimpleTextItem(measures.name(node), self.group)
            self._name.setFont(measures.name_font)
            width = self._name.boundingRect().width()
            top = self.rect.top() + PADDING_PX / 2
            self._name.setPos(middle[0] - width / 2, top)
        if node.kind == "state":
            self._dots = QGraphicsPathItem(self.group)
            self._count = QGraphicsSimpleTextItem(self.group)
            self._here = QGraphicsSimpleTextItem("here", self.group)
            self._count.setFont(measures.small_font)
            self._here.setFont(measures.small_font)
            self._below = self.rect.bottom() - measures.small_height - PADDING_PX / 2
            self._small = measures.small_height
        for part in (self.group, *self.group.childItems()):
            part.setData(ROLE_NODE, node.id)
        self._shown: tuple[object, ...] = ()

    def show(self, instances: int, *, is_here: bool, is_selected: bool, is_hovered: bool, is_dim: bool) -> None:
        """How many tonics are in it, whether the selected one is, and whether it is meant."""
        shown = (instances, is_here, is_selected, is_hovered, is_dim)
        if shown == self._shown:
            return
        self._shown = shown
        theme, kind = self._theme, self.node.kind
        edge = (
            "selection" if is_selected else "running" if is_here else "border_strong" if kind != "unknown" else "error"
        )
        pen = QPen(theme.color(edge), 2.6 if is_selected or is_here else 1.3)
        if kind in ("any", "computed"):
            pen.setStyle(Qt.PenStyle.DashLine if kind == "any" else Qt.PenStyle.DotLine)
        self._shape.setPen(pen)
        fill = "selection_back" if is_here else "hover" if is_hovered else "raised"
        self._shape.setBrush(theme.color("text" if kind == "begin" else fill))
        self._extra.setPen(QPen(theme.color("error" if kind == "unknown" else "text"), 1.4))
        self._extra.setBrush(theme.color("text") if kind == "end" else QBrush())
        if self._name is not None:
            self._name.setBrush(
                theme.color("error" if kind == "unknown" else "text" if kind == "state" else "text_muted")
            )
        self._show_instances(instances, is_here)
        self.group.setOpacity(_DIM if is_dim else 1.0)

    def _show_instances(self, instances: int, is_here: bool) -> None:
        if self._dots is None or self._count is None or self._here is None:
            return
        theme = self._theme
        self._here.setVisible(is_here)
        self._here.setBrush(theme.color("running"))
        self._count.setText(figures.grouped(instances) if instances else "")
        self._count.setBrush(theme.color("text_muted"))
        words = self._count.boundingRect().width() + (self._here.boundingRect().width() + 5 if is_here else 0)
        # Fewer dots where a large number takes their room: the number says it all.
        dots = max(0, min(instances, DOTS_SHOWN, int((self.rect.width() - words - 12) / DOT_STEP_PX)))
        path = QPainterPath()
        for number in range(dots):
            path.addEllipse(QPointF(number * DOT_STEP_PX + _DOT_PX / 2, 0), _DOT_PX / 2, _DOT_PX / 2)
        self._dots.setPath(path)
        self._dots.setPen(Qt.PenStyle.NoPen)
        self._dots.setBrush(theme.color("ok"))
        parts = [
            (self._here, self._here.boundingRect().width() + 5 if is_here else 0),
            (self._dots, path.boundingRect().width() + 4 if dots else 0),
            (self._count, self._count.boundingRect().width() if instances else 0),
        ]
        at = self.rect.center().x() - sum(width for _, width in parts) / 2
        for item, width in parts:
            item.setPos(at, self._below + (self._small / 2 if item is self._dots else 0))
            at += width

    def _outline(self) -> QPainterPath:
        path = QPainterPath()
        if self.node.kind in ("begin", "end"):
            path.addEllipse(self.rect)
        else:
            radius = 8 if self.node.kind == "state" else self.rect.height() / 2
            path.addRoundedRect(self.rect, radius, radius)
        return path

    def _inner(self) -> QPainterPath:
        """The dot in the mark of the end; the cross over a state that does not exist."""
        path, rect = QPainterPath(), self.rect
        if self.node.kind == "end":
            path.addEllipse(rect.center(), rect.width() / 4, rect.width() / 4)
        elif self.node.kind == "unknown":
            size = 5.0
            for left in (rect.left() + CROSS_PX - 1, rect.right() - CROSS_PX + 1):
                middle = QPointF(left, rect.center().y())
                path.moveTo(middle + QPointF(-size, -size))
                path.lineTo(middle + QPointF(size, size))
                path.moveTo(middle + QPointF(-size, size))
                path.lineTo(middle + QPointF(size, -size))
        return path


class ArrowPiece:
    """An arrow with its label."""

    def __init__(self, arrow: Arrow, line: Line, route: Route, theme: Theme, measures: Measures) -> None:
        self._theme = theme
        self._measures = measures
        self._route = route
        self.stroke = QGraphicsPathItem(_curve(route))
        self.stroke.setZValue(1)
        self.head = QGraphicsPolygonItem()
        self.head.setZValue(1)
        self.plate = QGraphicsRectItem(QRectF(-line.width / 2, -line.height / 2, line.width, line.height))
        self.plate.setPos(*route.label)
        self.plate.setPen(Qt.PenStyle.NoPen)
        self.plate.setZValue(3)
        self._line = line
        self._texts: list[QGraphicsSimpleTextItem] = []
        self.items: list[QGraphicsItem] = [self.stroke, self.head, self.plate]
        for item in self.items:
            item.setData(ROLE_ARROW, arrow.id)
        self._shown: tuple[object, ...] = ()

    def show(
        self, arrow: Arrow, *, trail: int, is_selected: bool, is_hovered: bool, is_dim: bool, dim_labels: frozenset[str]
    ) -> None:
        """How it looks now. `trail` is 1 for the way by which the selected tonic came, 2 for the one before, 0 for neither."""
        shown = (arrow.labels, arrow.count, arrow.how, trail, is_selected, is_hovered, is_dim, dim_labels)
        if shown == self._shown:
            return
        self._shown = shown
        theme = self._theme
        role = "error" if arrow.how == "unknown" else "text_muted"
        role = "selection" if is_selected else "state_change" if trail else "accent" if is_hovered else role
        colour = QColor(theme.color(role))
        width = 1.2 + min(4.2, math.log10(arrow.count + 1)) if arrow.count else 1.2
        if trail:
            colour.setAlphaF(max(0.4, 1.15 - 0.15 * trail))
            width += 1.2
        pen = QPen(colour, width + (1.0 if is_selected else 0.0))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if _DASHES[arrow.how]:
            pen.setDashPattern([part / max(width, 1.0) * 1.2 for part in _DASHES[arrow.how]])
        self.stroke.setPen(pen)
        self.head.setPolygon(_arrow_head(self._route, 7.0 + width * 0.9))
        self.head.setPen(Qt.PenStyle.NoPen)
        self.head.setBrush(colour)
        self.plate.setBrush(theme.color("panel"))
        self._show_texts(self._measures.label_lines(arrow), is_selected, bool(trail), dim_labels)
        for item in self.items:
            item.setOpacity(_DIM if is_dim else 1.0)

    def _show_texts(
        self, lines: list[tuple[str, Label | None]], is_selected: bool, is_trail: bool, dim_labels: frozenset[str]
    ) -> None:
        for spare in self._texts[len(lines) :]:
            spare.setText("")
        top = -self._measures.label_height * len(lines) / 2
        for number, (words, label) in enumerate(lines):
            if number == len(self._texts):
                text = QGraphicsSimpleTextItem(self.plate)
                text.setFont(self._measures.label_font)
                text.setData(ROLE_ARROW, self.plate.data(ROLE_ARROW))
                self._texts.append(text)
            text = self._texts[number]
            if text.text() != words:
                text.setText(words)
            how = label.how if label is not None else "seen"
            role = "error" if how == "unknown" else "text" if how == "seen" else "text_muted"
            text.setBrush(self._theme.color("selection" if is_selected else "state_change" if is_trail else role))
            text.setOpacity(_DIM if label is not None and label.sparkle in dim_labels else 1.0)
            text.setPos(-self._line.width / 2 + 3, top + number * self._measures.label_height)

    @property
    def label_rect(self) -> QRectF:
        """Where its label is, in the scene; around the middle of the line when it has none."""
        if self._line.width:
            return self.plate.mapRectToScene(self.plate.rect())
        return QRectF(self._route.label[0] - 10, self._route.label[1] - 8, 20, 16)


def _curve(route: Route) -> QPainterPath:
    points = [QPointF(*point) for point in route.points]
    path = QPainterPath(points[0])
    for number in range(1, len(points) - 2, 3):
        path.cubicTo(points[number], points[number + 1], points[number + 2])
    return path


def _arrow_head(route: Route, size: float) -> QPolygonF:
    """From a little before the end of the stroke to the tip."""
    (x, y), tip = route.points[-1], route.tip
    dx, dy = tip[0] - x, tip[1] - y
    if math.hypot(dx, dy) < 0.5:
        (px, py) = route.points[-2]
        dx, dy = tip[0] - px, tip[1] - py
    length = math.hypot(dx, dy) or 1.0
    dx, dy = dx / length, dy / length
    back, half = QPointF(tip[0] - dx * size, tip[1] - dy * size), size * 0.42
    return QPolygonF([QPointF(*tip), back + QPointF(-dy * half, dx * half), back + QPointF(dy * half, -dx * half)])
