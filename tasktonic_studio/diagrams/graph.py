"""What is to be drawn (boxes, lines with labels) and where it was put, and both as plain JSON values for the side process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

Direction = Literal["down", "right"]
Point = tuple[float, float]


class Box(NamedTuple):
    """A box of a size in pixels."""

    id: str
    width: float
    height: float


class Line(NamedTuple):
    """A line from box `tail` to box `head`, with room for a label of this size (0 for none)."""

    id: str
    tail: str
    head: str
    width: float = 0
    height: float = 0


@dataclass(frozen=True, slots=True)
class Graph:
    """What is to be drawn. Ids are unique; lines join boxes that are there."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    direction: Direction = "down"

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "boxes": [list(it) for it in self.boxes],
            "lines": [list(it) for it in self.lines],
            "direction": self.direction,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Graph:
        """The reverse of `as_json`."""
        direction: Direction = "right" if told["direction"] == "right" else "down"
        return cls(tuple(Box(*it) for it in told["boxes"]), tuple(Line(*it) for it in told["lines"]), direction)


class Route(NamedTuple):
    """How a line runs: a cubic Bezier (1 + 3 n points), the tip of its arrow, the middle of its label."""

    points: tuple[Point, ...]
    tip: Point
    label: Point


@dataclass(slots=True)
class Placed:
    """Where everything went: the middle of each box, and the routes. `how` says by which means, in words."""

    boxes: dict[str, Point] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)
    how: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        routes = {name: [list(map(list, it.points)), list(it.tip), list(it.label)] for name, it in self.routes.items()}
        return {"boxes": {name: list(it) for name, it in self.boxes.items()}, "routes": routes, "how": self.how}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Placed:
        """The reverse of `as_json`."""
        return cls(
            {name: _point(it) for name, it in told["boxes"].items()},
            {
                name: Route(tuple(map(_point, points)), _point(tip), _point(label))
                for name, (points, tip, label) in told["routes"].items()
            },
            str(told["how"]),
        )


def _point(values: Iterable[float]) -> Point:
    x, y = values
    return float(x), float(y)


def on_curve(points: tuple[Point, ...], share: float) -> tuple[Point, Point]:
    """The point at a share (0 to 1) of a Bezier of one or more pieces, and the direction there, not of unit length."""
    pieces = max((len(points) - 1) // 3, 1)
    number = min(int(share * pieces), pieces - 1)
    t = share * pieces - number
    p0, p1, p2, p3 = (points[min(3 * number + i, len(points) - 1)] for i in range(4))
    u = 1 - t
    at = tuple(
        u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d
        for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
    )
    way = tuple(
        u * u * (b - a) + 2 * u * t * (c - b) + t * t * (d - c) for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
    )
    return (at[0], at[1]), (way[0], way[1])


def border(box: Box, middle: Point, towards: Point) -> Point:
    """Where a straight line from the middle of a box towards a point leaves it."""
    dx, dy = towards[0] - middle[0], towards[1] - middle[1]
    if not dx and not dy:
        return middle[0], middle[1] - box.height / 2
    scale = min(box.width / 2 / abs(dx) if dx else 1e9, box.height / 2 / abs(dy) if dy else 1e9)
    return middle[0] + dx * scale, middle[1] + dy * scale
