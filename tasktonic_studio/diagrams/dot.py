"""Layouts by Graphviz, as a library inside this process: run in a side process only, since a layout cannot be interrupted.

`arrange` puts everything anew; `route` leaves the boxes where they are and finds ways for lines between them.
"""

from __future__ import annotations

from typing import Any, Final

from tasktonic_studio.diagrams.graph import Box, Graph, Placed, Point, Route, on_curve
from tasktonic_studio.diagrams.labels import place_labels

_INCH: Final = 72.0
WITH_LABELS: Final = "Graphviz"
WITHOUT_LABELS: Final = "Graphviz, with labels placed afterwards"


def arrange(graph: Graph, *, with_labels: bool) -> Placed:
    """Put boxes in ranks and lines around them.

    Args:
        graph: what is to be drawn.
        with_labels: whether labels get room of their own. Looks best, and takes too long above some 80 lines.

    Raises:
        ImportError: pygraphviz is not there.
    """
    drawn = _drawn(graph, {})
    rank_space = 0.42 if with_labels else 0.9
    drawn.graph_attr.update(rankdir="LR" if graph.direction == "right" else "TB", splines="spline", nodesep="0.35")
    drawn.graph_attr["ranksep"] = str(rank_space)
    if with_labels:
        for line in graph.lines:
            if line.width:
                # A table of fixed size: room is kept for exactly what our font will need.
                size = f'FIXEDSIZE="TRUE" WIDTH="{line.width:.0f}" HEIGHT="{line.height:.0f}"'
                label = f'<<TABLE BORDER="0" CELLPADDING="0" CELLSPACING="0"><TR><TD {size}></TD></TR></TABLE>>'
                drawn.get_edge(line.tail, line.head, line.id).attr["label"] = label
    drawn.layout("dot")
    placed = _read(graph, drawn, WITH_LABELS if with_labels else WITHOUT_LABELS)
    if not with_labels:
        place_labels(graph, placed)
    return placed


def route(graph: Graph, at: dict[str, Point]) -> Placed:
    """Find ways for the lines between boxes that stay where they are.

    Raises:
        ImportError: pygraphviz is not there.
    """
    drawn = _drawn(graph, at)
    drawn.graph_attr["splines"] = "true"
    drawn.layout("nop")
    placed = _read(graph, drawn, WITH_LABELS)
    first = graph.boxes[0].id
    dx, dy = (at[first][axis] - placed.boxes[first][axis] for axis in (0, 1))
    placed.boxes = {box.id: at[box.id] for box in graph.boxes}
    placed.routes = {
        name: Route(tuple((x + dx, y + dy) for x, y in it.points), (it.tip[0] + dx, it.tip[1] + dy), it.label)
        for name, it in placed.routes.items()
    }
    place_labels(graph, placed)
    return placed


def _drawn(graph: Graph, at: dict[str, Point]) -> Any:
    import pygraphviz

    drawn = pygraphviz.AGraph(directed=True, strict=False)
    drawn.graph_attr["dpi"] = "72"
    drawn.node_attr.update(shape="box", fixedsize="true", label="")
    drawn.edge_attr["arrowsize"] = "0.8"
    for box in graph.boxes:
        place = {"pos": f"{at[box.id][0]},{-at[box.id][1]}"} if at else {}
        drawn.add_node(box.id, width=box.width / _INCH, height=box.height / _INCH, **place)
    for line in graph.lines:
        drawn.add_edge(line.tail, line.head, key=line.id)
    return drawn


def _read(graph: Graph, drawn: Any, how: str) -> Placed:
    placed = Placed(how=how)
    for box in graph.boxes:
        placed.boxes[box.id] = _point(drawn.get_node(box.id).attr["pos"])
    sizes = {box.id: box for box in graph.boxes}
    for line in graph.lines:
        attributes = drawn.get_edge(line.tail, line.head, line.id).attr
        placed.routes[line.id] = _route(attributes, sizes[line.tail], placed.boxes[line.tail])
    return placed


def _route(attributes: Any, box: Box, middle: Point) -> Route:
    points: list[Point] = []
    tip: Point | None = None
    for part in (attributes["pos"] or "").split(";")[0].split():
        if part.startswith("e,"):
            tip = _point(part[2:])
        elif not part.startswith("s,"):
            points.append(_point(part))
    if len(points) < 4:
        # Graphviz gave no way: better a stroke to nowhere than none.
        side = (middle[0] + box.width / 2, middle[1])
        points = [middle, middle, side, side]
    label = _point(attributes["lp"]) if attributes["lp"] else on_curve(tuple(points), 0.5)[0]
    return Route(tuple(points), tip or points[-1], label)


def _point(text: str) -> Point:
    x, y = text.split(",")[:2]
    return float(x), -float(y)
