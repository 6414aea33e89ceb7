"""Labels beside their lines, where neither a box nor another label is: the first free place of several."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from tasktonic_studio.diagrams.graph import Graph, Line, Placed, Point, Route, on_curve

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_SHARES: Final = (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78, 0.15, 0.85, 0.1, 0.9)
_GAP_PX: Final = 4.0
_CELL_PX: Final = 96.0


class Taken:
    """What is taken up, looked up by place: the time for one question does not grow with what is there."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Rect]] = {}

    def add(self, rect: Rect) -> None:
        """This is taken from now on."""
        for cell in _cells(rect):
            self._cells.setdefault(cell, []).append(rect)

    def overlap(self, rect: Rect) -> float:
        """How much of a rectangle is taken, in square pixels."""
        seen = {other for cell in _cells(rect) for other in self._cells.get(cell, ())}
        return sum(
            max(0.0, min(rect[2], other[2]) - max(rect[0], other[0]))
            * max(0.0, min(rect[3], other[3]) - max(rect[1], other[1]))
            for other in seen
        )


def place_labels(graph: Graph, placed: Placed, only: frozenset[str] | None = None) -> None:
    """Give the labels of lines places beside their routes.

    Args:
        graph: the sizes of boxes and labels.
        placed: where boxes and lines are; the places of labels in it are set.
        only: the lines whose labels may move; those of the others stay. None: all may.
    """
    taken = Taken()
    for box in graph.boxes:
        taken.add(_around(placed.boxes[box.id], box.width, box.height))
    movable: list[Line] = []
    for line in graph.lines:
        if not line.width:
            continue
        if only is None or line.id in only:
            movable.append(line)
        else:
            taken.add(_around(placed.routes[line.id].label, line.width, line.height))
    for line in movable:
        route = placed.routes[line.id]
        label = _free_place(route, line, taken)
        taken.add(_around(label, line.width, line.height))
        placed.routes[line.id] = route._replace(label=label)


def _free_place(route: Route, line: Line, taken: Taken) -> Point:
    best, least = route.label, math.inf
    for place in _places(route, line):
        overlap = taken.overlap(_around(place, line.width, line.height))
        if overlap <= 0:
            return place
        if overlap < least:
            best, least = place, overlap
    return best


def _places(route: Route, line: Line) -> Iterator[Point]:
    for distance in (_GAP_PX, _GAP_PX + line.height, _GAP_PX + 2 * line.height):
        for share in _SHARES:
            (x, y), (dx, dy) = on_curve(route.points, share)
            length = math.hypot(dx, dy) or 1.0
            # Square to the line, far enough that the label's nearest corner is clear of it.
            across, down = -dy / length, dx / length
            away = distance + abs(across) * line.width / 2 + abs(down) * line.height / 2
            yield x + across * away, y + down * away
            yield x - across * away, y - down * away


def _around(middle: Point, width: float, height: float) -> Rect:
    return middle[0] - width / 2, middle[1] - height / 2, middle[0] + width / 2, middle[1] + height / 2


def _cells(rect: Rect) -> Iterator[tuple[int, int]]:
    for across in range(int(rect[0] // _CELL_PX), int(rect[2] // _CELL_PX) + 1):
        for down in range(int(rect[1] // _CELL_PX), int(rect[3] // _CELL_PX) + 1):
            yield across, down
