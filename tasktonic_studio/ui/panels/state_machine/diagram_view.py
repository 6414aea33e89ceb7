"""The diagram: zoomed by the wheel, moved by dragging, walked by the arrow keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QToolTip, QWidget

from tasktonic_studio.diagrams.graph import Graph, Placed
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.state_machine.diagram_items import ROLE_ARROW, ROLE_NODE, ArrowPiece, NodePiece
from tasktonic_studio.ui.panels.state_machine.machine import Machine, words_of
from tasktonic_studio.ui.panels.state_machine.measures import Measures
from tasktonic_studio.ui.panels.state_machine.overview import Overview
from tasktonic_studio.ui.panels.state_machine.pictures import as_png, as_svg
from tasktonic_studio.ui.panels.state_machine.walking import DIRECTIONS, arrows_from, nearest_ahead
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import figures

LEAST_ZOOM: Final = 0.02
MOST_ZOOM: Final = 4.0
_FIT_ZOOM: Final = 1.15
READABLE_ZOOM: Final = 0.7
"""A diagram that would have to be smaller than this is shown in part, around the state that matters."""
_EASY_ZOOM: Final = 0.8
"""What is shown in part is not smaller than this, unless its whole width can be seen then."""
_STEP: Final = 1.25
_MARGIN_PX: Final = 24.0
_NEAR_PX: Final = 4


@dataclass(frozen=True, slots=True)
class Light:
    """What is lit: the node of the selected tonic's state, the arrows of its way (1 newest), what is selected, hovered, meant."""

    here: str = ""
    trail: Mapping[str, int] = field(default_factory=dict)
    node: str = ""
    arrow: str = ""
    hovered: str = ""
    dim_nodes: frozenset[str] = frozenset()
    dim_arrows: frozenset[str] = frozenset()
    dim_sparkles: frozenset[str] = frozenset()


class DiagramView(QGraphicsView):
    """Shows a machine where an arranger put it. Made by the view; UI thread."""

    node_chosen = Signal(str)
    arrow_chosen = Signal(str)
    opened = Signal()
    """What was chosen last was double clicked, or Enter was pressed on it."""
    pointed = Signal(str)
    """The node under the pointer, empty for none."""
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._machine = Machine()
        self._placed: Placed | None = None
        self._nodes: dict[str, NodePiece] = {}
        self._arrows: dict[str, ArrowPiece] = {}
        self._light = Light()
        self._key: object = None
        self._pressed: QPoint | None = None
        self._is_own_view = False
        self.current = ""
        """The node or arrow that the keyboard is on."""
        self.measures = Measures(theme)
        self._scene = QGraphicsScene(self)
        # Half of the pieces change at once or none: an index of them would be made anew each time.
        self._scene.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        self._focus_mark = self._scene.addRect(QRectF())
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 80)
        self.overview = Overview(theme, self.viewport())
        self.overview.wanted.connect(self._go_to)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._show_seen)
            bar.rangeChanged.connect(self._show_seen)
        self.retheme()

    # ---- for the owner

    def retheme(self) -> None:
        """Take on fonts and colours; the owner shows the machine again."""
        self.measures = Measures(self._theme)
        self.setBackgroundBrush(self._theme.color("panel"))
        self._key = None

    def show_machine(self, machine: Machine, graph: Graph, placed: Placed, key: object, light: Light) -> None:
        """Show a machine. `key` says for what it was arranged: another one is fitted into the view."""
        is_other = key != self._key
        self._machine, self._light = machine, light
        is_same = self._nodes.keys() == machine.nodes.keys() and self._arrows.keys() == machine.arrows.keys()
        if is_other or placed is not self._placed or not is_same:
            self._build(machine, graph, placed)
        self._placed, self._key = placed, key
        self._paint()
        if is_other:
            self._is_own_view = False
        if not self._is_own_view:
            self.look()
        self._show_seen()

    def _build(self, machine: Machine, graph: Graph, placed: Placed) -> None:
        self._scene.clear()
        self._nodes, self._arrows = {}, {}
        self._focus_mark = self._scene.addRect(QRectF())
        self._focus_mark.setZValue(5)
        boxes = {box.id: box for box in graph.boxes}
        lines = {line.id: line for line in graph.lines}
        for node in machine.nodes.values():
            piece = NodePiece(node, boxes[node.id], placed.boxes[node.id], self._theme, self.measures)
            self._nodes[node.id] = piece
            self._scene.addItem(piece.group)
        for arrow in machine.arrows.values():
            stroke = ArrowPiece(arrow, lines[arrow.id], placed.routes[arrow.id], self._theme, self.measures)
            self._arrows[arrow.id] = stroke
            for item in stroke.items:
                self._scene.addItem(item)
        margin = _MARGIN_PX
        self._scene.setSceneRect(self._content().adjusted(-margin, -margin, margin, margin))
        if self.current not in self._nodes and self.current not in self._arrows:
            self.current = ""

    def _content(self) -> QRectF:
        rect = QRectF()
        for item in self._scene.items():
            if item is not self._focus_mark:
                rect = rect.united(item.sceneBoundingRect())
        return rect

    def light(self, light: Light) -> None:
        """Light other things in the same machine."""
        if light != self._light:
            self._light = light
            self._paint()

    def _paint(self) -> None:
        light, machine = self._light, self._machine
        for name, node in self._nodes.items():
            node.show(
                machine.instances.get(node.node.index, 0) if node.node.kind == "state" else 0,
                is_here=name == light.here,
                is_selected=name == light.node,
                is_hovered=name == light.hovered,
                is_dim=name in light.dim_nodes,
            )
        for name, arrow in self._arrows.items():
            arrow.show(
                machine.arrows[name],
                trail=light.trail.get(name, 0),
                is_selected=name == light.arrow,
                is_hovered=name == light.hovered,
                is_dim=name in light.dim_arrows,
                dim_labels=light.dim_sparkles,
            )
        self._mark_current()
        lit = self._nodes.get(light.here)
        boxes = (piece.rect for piece in self._nodes.values())
        self.overview.show_boxes(self._scene.sceneRect(), boxes, lit.rect if lit is not None else QRectF())

    def _show_seen(self) -> None:
        seen = self.mapToScene(self.viewport().rect()).boundingRect()
        self.overview.show_seen(seen, self.viewport().rect())

    def _go_to(self, place: QPointF) -> None:
        self._is_own_view = True
        self.centerOn(place)

    @property
    def zoom(self) -> float:
        """Pixels on screen per pixel of the drawing."""
        return self.transform().m11()

    def fit(self) -> None:
        """Show all of it, no larger than it was drawn for."""
        zoom = self._fitting_zoom()
        if zoom:
            self._set_zoom(max(zoom, LEAST_ZOOM))
            self.centerOn(self._scene.sceneRect().center())
            self._is_own_view = zoom < READABLE_ZOOM

    def look(self) -> None:
        """Show all of it where it can be read then, else the part around the state that is lit, or the first one.

        A part has the whole width of the drawing where that can be read. One that has what is lit in it stays as it is.
        """
        zoom = self._fitting_zoom()
        if zoom >= READABLE_ZOOM:
            self.fit()
            return
        node = self._light.here or self._light.node or next(iter(self._nodes), "")
        piece = self._nodes.get(node)
        seen = self.mapToScene(self.viewport().rect()).boundingRect()
        if not zoom or piece is None:
            return
        part = self._zoom_of_a_part()
        if self.zoom != part or not seen.contains(piece.rect):
            self._set_zoom(part)
            self.centerOn(piece.rect.center())

    def _zoom_of_a_part(self) -> float:
        wide = self.viewport().width() / self._scene.sceneRect().width()
        return wide if READABLE_ZOOM <= wide < _EASY_ZOOM else _EASY_ZOOM

    def _fitting_zoom(self) -> float:
        rect, room = self._scene.sceneRect(), self.viewport().size()
        if rect.isEmpty() or room.isEmpty():
            return 0.0
        return min(room.width() / rect.width(), room.height() / rect.height(), _FIT_ZOOM)

    def zoom_by(self, factor: float) -> None:
        """Larger or smaller, around the middle."""
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self._zoom_by(factor)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)

    def _zoom_by(self, factor: float) -> None:
        self._is_own_view = True
        self._set_zoom(min(MOST_ZOOM, max(LEAST_ZOOM, self.zoom * factor)))

    def _set_zoom(self, zoom: float) -> None:
        self.setTransform(QTransform.fromScale(zoom, zoom))
        self._show_seen()

    def node_rect(self, node: str) -> QRect:
        """Where a node is in the viewport; an empty rectangle for one that is not there."""
        piece = self._nodes.get(node)
        return self.mapFromScene(piece.rect).boundingRect() if piece is not None else QRect()

    def label_rect(self, arrow: str) -> QRect:
        """Where the label of an arrow is in the viewport."""
        piece = self._arrows.get(arrow)
        return self.mapFromScene(piece.label_rect).boundingRect() if piece is not None else QRect()

    # ---- pictures

    def svg(self) -> bytes:
        """The drawing as SVG."""
        with self._without_mark():
            title = f"State machine of {figures.short(self._machine.name)}"
            return as_svg(self._scene, title, self._theme.color("panel"))

    def png(self) -> bytes:
        """The drawing as PNG, twice as fine as on screen where that is not too large."""
        with self._without_mark():
            return as_png(self._scene, self._theme.color("panel"))

    @contextmanager
    def _without_mark(self) -> Iterator[None]:
        self._focus_mark.hide()
        try:
            yield
        finally:
            self._focus_mark.show()

    # ---- mouse

    def _at(self, place: QPoint) -> tuple[str, str]:
        """The node and the arrow at a place of the viewport; one of the two at most."""
        near = QRect(place - QPoint(_NEAR_PX, _NEAR_PX), QSize(2 * _NEAR_PX, 2 * _NEAR_PX))
        arrow = ""
        for item in self.items(near):
            node = item.data(ROLE_NODE)
            if node:
                return str(node), ""
            arrow = arrow or item.data(ROLE_ARROW) or ""
        return "", arrow

    @guarded(None)
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom_by(1.0015 ** event.angleDelta().y())
        event.accept()

    @guarded(None)
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        place, pressed = event.position().toPoint(), self._pressed
        self._pressed = None
        if pressed is None:
            return
        if (place - pressed).manhattanLength() > _NEAR_PX:
            self._is_own_view = True
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose_at(place)

    @guarded(None)
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and any(self._at(event.position().toPoint())):
            self._choose_at(event.position().toPoint())
            self.opened.emit()

    @guarded(None)
    def contextMenuEvent(self, event: Any) -> None:
        if event.reason() == event.Reason.Mouse:
            self._choose_at(event.pos())
        elif self.current:
            self._choose(self.current)
        self.menu_wanted.emit(event.globalPos())

    @guarded(None)
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._pressed is None:
            self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
            self.pointed.emit("".join(self._at(event.position().toPoint())))

    @guarded(None)
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit("")

    @guarded(False)
    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            place = event.pos()  # type: ignore[attr-defined]
            words = plain_tip(self.words("".join(self._at(place))))
            QToolTip.showText(self.viewport().mapToGlobal(place), words, self.viewport())
            return True
        return super().viewportEvent(event)

    def _choose_at(self, place: QPoint) -> None:
        node, arrow = self._at(place)
        self._choose(node or arrow)

    def _choose(self, name: str) -> None:
        self._set_current(name)
        if name in self._nodes:
            self.node_chosen.emit(name)
        elif name in self._arrows:
            self.arrow_chosen.emit(name)

    def words(self, name: str) -> str:
        """A node or arrow as a sentence, for tool tips and screen readers."""
        machine = self._machine
        if name in machine.arrows:
            return figures.short(words_of(machine.arrows[name], machine.nodes), 600)
        node = machine.nodes.get(name)
        if node is None:
            return ""
        out = [machine.nodes[it.head].name for it in machine.arrows.values() if it.tail == name]
        count = machine.instances.get(node.index, 0) if node.kind == "state" else 0
        parts = [
            {"unknown": f"{node.name}: no such state"}.get(node.kind, node.name),
            figures.counted(count, "tonic") if node.kind == "state" else "",
            "the selected one is here" if name == self._light.here else "",
            f"leads to {', '.join(out)}" if out else "",
        ]
        return figures.short(" · ".join(filter(None, parts)), 600)

    # ---- keys

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        direction = DIRECTIONS.get(Qt.Key(key))
        if direction is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._step(direction)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current:
            self._choose(self.current)
            self.opened.emit()
        elif key == Qt.Key.Key_Space and self.current:
            self._choose(self.current)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(_STEP)
        elif key == Qt.Key.Key_Minus and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 / _STEP)
        elif key == Qt.Key.Key_Home:
            self.fit()
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._walk_arrows(1 if key == Qt.Key.Key_PageDown else -1)
        else:
            # Not to QGraphicsView: it would scroll, and a scene has nothing to do with keys here.
            QWidget.keyPressEvent(self, event)

    def _step(self, direction: tuple[int, int]) -> None:
        """Go to the nearest state in a direction; from nowhere to where the tonic is, or the first."""
        here = self._nodes.get(self.current)
        if here is None:
            start = self.current.partition(" > ")[0]
            nearest = start if start in self._nodes else self._light.here or next(iter(self._nodes), "")
            self._set_current(nearest)
            return
        middles = {name: piece.rect.center() for name, piece in self._nodes.items()}
        self._set_current(nearest_ahead(middles, self.current, direction) or self.current)

    def _walk_arrows(self, steps: int) -> None:
        """Go through the arrows that leave the state one is on, and then on to the others."""
        start = self.current if self.current in self._nodes else self.current.partition(" > ")[0]
        names = arrows_from(self._machine, start)
        if names:
            at = names.index(self.current) + steps if self.current in names else 0
            self._set_current(names[at % len(names)])

    def _set_current(self, name: str) -> None:
        self.current = name
        self._mark_current()
        words = self.words(name)
        self.setAccessibleDescription(words)
        piece = self._nodes.get(name)
        if piece is not None:
            self.ensureVisible(piece.rect, 20, 20)
        elif name in self._arrows:
            self.ensureVisible(self._arrows[name].label_rect, 20, 20)

    def _mark_current(self) -> None:
        piece = self._nodes.get(self.current)
        rect = piece.rect if piece is not None else QRectF()
        if self.current in self._arrows:
            rect = self._arrows[self.current].label_rect
        self._focus_mark.setVisible(not rect.isEmpty() and self.hasFocus())
        self._focus_mark.setRect(rect.adjusted(-4, -4, 4, 4))
        colour: QColor = self._theme.color("accent")
        self._focus_mark.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine))

    @guarded(None)
    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self._mark_current()

    @guarded(None)
    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self._mark_current()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._is_own_view:
            self.look()
        self._show_seen()
