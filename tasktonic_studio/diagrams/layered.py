"""A layout for when there is no other: boxes in layers along the lines, a few sweeps against crossings, bowed lines.

Quick and plain. It takes some milliseconds per hundred lines, needs nothing but Python, and always ends.
"""

from __future__ import annotations

import math
from typing import Final

from tasktonic_studio.diagrams.graph import Box, Graph, Line, Placed, Point, Route, border
from tasktonic_studio.diagrams.labels import place_labels

HOW: Final = "a plain layout, without Graphviz"
_SWEEPS: Final = 4
_SPACE_PX: Final = 34.0
_LAYER_PX: Final = 84.0
_WIDEST_LAYER: Final = 14
_LOOP_PX: Final = 26.0
_ARROW_PX: Final = 8.0


def arrange(graph: Graph) -> Placed:
    """Put boxes in layers and lines between them."""
    layers = _split(_ordered(graph, _layers(graph)))
    placed = Placed(_places(graph, layers), how=HOW)
    reroute(graph, placed, frozenset(line.id for line in graph.lines))
    return placed


def reroute(graph: Graph, placed: Placed, which: frozenset[str]) -> None:
    """Give some lines bowed ways between boxes that stay where they are, and their labels places."""
    boxes = {box.id: box for box in graph.boxes}
    pairs = {(line.tail, line.head) for line in graph.lines}
    for line in graph.lines:
        if line.id in which:
            placed.routes[line.id] = _bow(line, boxes, placed.boxes, (line.head, line.tail) in pairs)
    place_labels(graph, placed, which)


def _layers(graph: Graph) -> dict[str, int]:
    """The layer of each box: one below the deepest that leads to it, lines that close a circle left aside."""
    following: dict[str, list[str]] = {box.id: [] for box in graph.boxes}
    for line in graph.lines:
        if line.tail != line.head and line.head not in following[line.tail]:
            following[line.tail].append(line.head)
    order: list[str] = []
    state: dict[str, int] = {}
    forward: dict[str, list[str]] = {box.id: [] for box in graph.boxes}
    for box in graph.boxes:
        if box.id not in state:
            _visit(box.id, following, state, forward, order)
    layer = dict.fromkeys(following, 0)
    for box_id in reversed(order):
        for head in forward[box_id]:
            layer[head] = max(layer[head], layer[box_id] + 1)
    return layer


def _visit(
    start: str, following: dict[str, list[str]], state: dict[str, int], forward: dict[str, list[str]], order: list[str]
) -> None:
    """Depth first without recursion: a machine may be a chain of a thousand states. `state`: 1 being visited, 2 done."""
    stack = [(start, iter(following[start]))]
    state[start] = 1
    while stack:
        box_id, heads = stack[-1]
        for head in heads:
            if state.get(head) == 1:
                continue  # it closes a circle
            forward[box_id].append(head)
            if head not in state:
                state[head] = 1
                stack.append((head, iter(following[head])))
                break
        else:
            state[box_id] = 2
            order.append(box_id)
            stack.pop()


def _ordered(graph: Graph, layer: dict[str, int]) -> list[list[str]]:
    """The boxes of each layer in an order with few crossings: each near the middle of those it is joined with."""
    layers: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for box in graph.boxes:
        layers[layer[box.id]].append(box.id)
    joined: dict[str, set[str]] = {box.id: set() for box in graph.boxes}
    for line in graph.lines:
        joined[line.tail].add(line.head)
        joined[line.head].add(line.tail)
    place = {box_id: float(at) for boxes in layers for at, box_id in enumerate(boxes)}
    for sweep in range(_SWEEPS):
        for number in range(len(layers)) if sweep % 2 == 0 else reversed(range(len(layers))):
            beside = number - 1 if sweep % 2 == 0 else number + 1
            wished = {}
            for box_id in layers[number]:
                others = [place[it] for it in joined[box_id] if layer[it] == beside]
                wished[box_id] = sum(others) / len(others) if others else place[box_id]
            layers[number].sort(key=wished.__getitem__)
            place.update((box_id, float(at)) for at, box_id in enumerate(layers[number]))
    return layers


def _split(layers: list[list[str]]) -> list[list[str]]:
    """Layers with very many boxes become several: a drawing a hundred boxes wide cannot be looked at."""
    found: list[list[str]] = []
    for boxes in layers:
        rows = math.ceil(len(boxes) / _WIDEST_LAYER)
        size = math.ceil(len(boxes) / rows) if rows else 0
        found.extend(boxes[at : at + size] for at in range(0, len(boxes), size or 1))
    return found


def _places(graph: Graph, layers: list[list[str]]) -> dict[str, Point]:
    boxes = {box.id: box for box in graph.boxes}
    is_down = graph.direction == "down"

    def along(box: Box) -> float:
        return box.width if is_down else box.height

    def deep(box: Box) -> float:
        return box.height if is_down else box.width

    widths = [sum(along(boxes[it]) + _SPACE_PX for it in layer) for layer in layers]
    widest = max(widths, default=0.0)
    found: dict[str, Point] = {}
    depth = 0.0
    for layer, width in zip(layers, widths, strict=True):
        thick = max((deep(boxes[it]) for it in layer), default=0.0)
        at = (widest - width) / 2
        for box_id in layer:
            box = boxes[box_id]
            middle = at + (along(box) + _SPACE_PX) / 2
            found[box_id] = (middle, depth + thick / 2) if is_down else (depth + thick / 2, middle)
            at += along(box) + _SPACE_PX
        depth += thick + _LAYER_PX
    return found


def _bow(line: Line, boxes: dict[str, Box], at: dict[str, Point], has_return: bool) -> Route:
    tail, head = at[line.tail], at[line.head]
    if line.tail == line.head:
        return _loop(boxes[line.tail], tail)
    dx, dy = head[0] - tail[0], head[1] - tail[1]
    length = math.hypot(dx, dy) or 1.0
    # Bowed to its right, so that a line and the one back lie apart; the longer the more, to go around what is between.
    bow = min(length * 0.12, 60.0) + (8.0 if has_return else 0.0)
    across, down = -dy / length * bow, dx / length * bow
    first = (tail[0] + dx / 3 + across, tail[1] + dy / 3 + down)
    second = (tail[0] + dx * 2 / 3 + across, tail[1] + dy * 2 / 3 + down)
    start, tip = border(boxes[line.tail], tail, first), border(boxes[line.head], head, second)
    back = math.hypot(second[0] - tip[0], second[1] - tip[1]) or 1.0
    end = (tip[0] + (second[0] - tip[0]) / back * _ARROW_PX, tip[1] + (second[1] - tip[1]) / back * _ARROW_PX)
    return Route((start, first, second, end), tip, ((first[0] + second[0]) / 2, (first[1] + second[1]) / 2))


def _loop(box: Box, middle: Point) -> Route:
    right, quarter = middle[0] + box.width / 2, box.height / 4
    out = right + _LOOP_PX
    points = (
        (right, middle[1] - quarter),
        (out, middle[1] - quarter * 2),
        (out, middle[1] + quarter * 2),
        (right + _ARROW_PX, middle[1] + quarter),
    )
    return Route(points, (right, middle[1] + quarter), (out, middle[1]))
