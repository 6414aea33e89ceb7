"""Layouts: boxes apart, labels free, lines that end at their boxes; by Graphviz and without it."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable

import pytest

from tasktonic_studio.diagrams import dot, layered
from tasktonic_studio.diagrams.graph import Box, Graph, Line, Placed, Point, Route, border, on_curve
from tasktonic_studio.diagrams.labels import place_labels

Arrange = Callable[[Graph], Placed]


def with_labels(graph: Graph) -> Placed:
    return dot.arrange(graph, with_labels=True)


def without_labels(graph: Graph) -> Placed:
    return dot.arrange(graph, with_labels=False)


ALL: list[Arrange] = [with_labels, without_labels, layered.arrange]


def a_graph(boxes: int, lines: int, direction: str = "down") -> Graph:
    """A chain with further lines between near boxes, some of them loops, some back."""
    chance = random.Random(7)
    pairs = [(number, number + 1) for number in range(boxes - 1)]
    while len(pairs) < lines:
        tail = chance.randrange(boxes)
        pair = tail, min(boxes - 1, max(0, tail + chance.randint(-6, 6)))
        if pair not in pairs:
            pairs.append(pair)
    return Graph(
        tuple(Box(f"s{number}", 90, 34) for number in range(boxes)),
        tuple(Line(f"l{number}", f"s{tail}", f"s{head}", 110, 16) for number, (tail, head) in enumerate(pairs)),
        "right" if direction == "right" else "down",
    )


def overlap(one: Point, size: tuple[float, float], other: Point, other_size: tuple[float, float]) -> float:
    across = (size[0] + other_size[0]) / 2 - abs(one[0] - other[0])
    down = (size[1] + other_size[1]) / 2 - abs(one[1] - other[1])
    return max(0.0, across) * max(0.0, down)


def crowded(graph: Graph, placed: Placed) -> list[tuple[str, str]]:
    """Boxes and labels that lie on each other."""
    things = [(box.id, placed.boxes[box.id], (box.width, box.height)) for box in graph.boxes]
    things += [(line.id, placed.routes[line.id].label, (line.width, line.height)) for line in graph.lines if line.width]
    return [
        (one[0], other[0]) for one, other in itertools.combinations(things, 2) if overlap(*one[1:], *other[1:]) > 1.0
    ]


@pytest.mark.parametrize("arrange", ALL)
@pytest.mark.parametrize("direction", ["down", "right"])
def test_nothing_lies_on_anything_else(arrange: Arrange, direction: str) -> None:
    graph = a_graph(12, 25, direction)

    assert crowded(graph, arrange(graph)) == []


@pytest.mark.parametrize("arrange", [without_labels, layered.arrange])
def test_sixty_states_stay_readable(arrange: Arrange) -> None:
    graph = a_graph(60, 132)

    assert crowded(graph, arrange(graph)) == []


@pytest.mark.parametrize("arrange", ALL)
def test_lines_begin_and_end_at_their_boxes(arrange: Arrange) -> None:
    graph = a_graph(12, 25)
    placed = arrange(graph)

    for line in graph.lines:
        route = placed.routes[line.id]
        for point, box in ((route.points[0], line.tail), (route.tip, line.head)):
            (x, y), (bx, by) = point, placed.boxes[box]
            assert abs(x - bx) <= 45 + 2, line
            assert abs(y - by) <= 17 + 2, line


@pytest.mark.parametrize("arrange", ALL)
def test_a_box_alone_and_a_loop_have_places(arrange: Arrange) -> None:
    placed = arrange(Graph((Box("a", 90, 34), Box("b", 90, 34)), (Line("loop", "a", "a", 40, 16),)))

    assert set(placed.boxes) == {"a", "b"}
    assert len(placed.routes["loop"].points) >= 4


@pytest.mark.parametrize("arrange", ALL)
def test_down_is_down(arrange: Arrange) -> None:
    placed = arrange(a_graph(3, 2))

    assert placed.boxes["s0"][1] < placed.boxes["s1"][1] < placed.boxes["s2"][1]


@pytest.mark.parametrize("arrange", ALL)
def test_right_is_right(arrange: Arrange) -> None:
    placed = arrange(a_graph(3, 2, "right"))

    assert placed.boxes["s0"][0] < placed.boxes["s1"][0] < placed.boxes["s2"][0]


def test_the_plain_layout_is_made_of_any_size() -> None:
    graph = Graph(
        tuple(Box(f"s{number}", 90, 34) for number in range(2_000)),
        tuple(Line(f"l{number}", f"s{number}", f"s{(number + 1) % 2_000}") for number in range(2_000)),
    )

    assert len(layered.arrange(graph).boxes) == 2_000


def test_two_hundred_separate_boxes_are_not_one_endless_row() -> None:
    placed = layered.arrange(Graph(tuple(Box(f"s{number}", 90, 34) for number in range(200)), ()))

    width = max(x for x, _ in placed.boxes.values()) - min(x for x, _ in placed.boxes.values())
    assert width < 2_000


def test_a_way_between_fixed_boxes_leaves_them_where_they_are() -> None:
    graph = a_graph(8, 12)
    placed = with_labels(graph)

    more = dot.route(Graph(graph.boxes, (Line("new", "s0", "s7", 110, 16),)), placed.boxes)

    assert more.boxes == placed.boxes
    (x, y), (bx, by) = more.routes["new"].tip, placed.boxes["s7"]
    assert abs(x - bx) <= 47
    assert abs(y - by) <= 19


def test_a_bowed_line_lies_beside_the_one_back() -> None:
    graph = Graph((Box("a", 90, 34), Box("b", 90, 34)), (Line("there", "a", "b"), Line("back", "b", "a")))
    placed = layered.arrange(graph)

    there, back = (on_curve(placed.routes[name].points, 0.5)[0] for name in ("there", "back"))

    assert abs(there[0] - back[0]) > 10


def test_only_the_labels_that_may_move_do() -> None:
    graph = a_graph(12, 25)
    placed = with_labels(graph)
    before = {name: it.label for name, it in placed.routes.items()}

    place_labels(graph, placed, frozenset({"l3"}))

    assert {name: it.label for name, it in placed.routes.items() if name != "l3"} == {
        name: label for name, label in before.items() if name != "l3"
    }
    assert crowded(graph, placed) == []


def test_a_graph_comes_back_from_json_as_it_was() -> None:
    graph = a_graph(5, 8, "right")

    assert Graph.from_json(json.loads(json.dumps(graph.as_json()))) == graph


def test_places_come_back_from_json_as_they_were() -> None:
    placed = layered.arrange(a_graph(5, 8))

    assert Placed.from_json(json.loads(json.dumps(placed.as_json()))) == placed


@pytest.mark.parametrize(
    "towards, expected", [((100, 0), (45, 0)), ((0, -100), (0, -17)), ((45, 17), (45, 17)), ((0, 0), (0, -17))]
)
def test_a_straight_line_leaves_a_box_at_its_border(towards: Point, expected: Point) -> None:
    assert border(Box("a", 90, 34), (0, 0), towards) == pytest.approx(expected)


def test_the_middle_of_a_curve_of_two_pieces_is_where_they_meet() -> None:
    points = ((0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0), (4.0, 0.0), (5.0, 0.0), (6.0, 0.0))

    assert on_curve(points, 0.5)[0] == pytest.approx((3, 0))
    assert on_curve(points, 1.0)[0] == pytest.approx((6, 0))
    assert Route(points, (7, 0), (3, 0)).tip == (7, 0)
