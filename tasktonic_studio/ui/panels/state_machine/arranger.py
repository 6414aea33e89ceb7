"""Where the boxes and arrows of a machine go: arranged once, and then left alone as far as possible.

A diagram that jumps cannot be learned. So an arrow that appears while one looks is led between boxes that stay where they
are, what is gone for a moment keeps its place, and a mark that appears is put into a free spot. All is arranged anew when
more than half of the arrows came after the last time, when states came, or when somebody asks for it.

There are three tiers: Graphviz with labels, above eighty lines Graphviz with labels placed afterwards, and a plain layout of
our own for when Graphviz takes too long, dies or is not there.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from tasktonic_studio.diagrams import layered
from tasktonic_studio.diagrams.graph import Box, Graph, Placed, Point
from tasktonic_studio.diagrams.labels import Taken, place_labels
from tasktonic_studio.ui.aside import Answer, Aside

LABELS_UP_TO: Final = 80
"""So many lines are arranged together with their labels."""
GRAPHVIZ_UP_TO: Final = 700
"""With more lines Graphviz would not be done in time: it is not even asked."""
ROUTES_UP_TO: Final = 100
"""With more boxes a way around them takes too long to find: lines are bowed."""
KEPT: Final = 40
"""So many classes keep their arrangement."""
_SPOT_PX: Final = 30.0


@dataclass(slots=True)
class _Kept:
    """An arrangement: what was arranged, where it is, how many lines there were the last time all was arranged anew."""

    graph: Graph
    placed: Placed
    arranged_lines: int


class Arranger(QObject):
    """Arranges the graph that is shown, and remembers those that were. Made by the view; UI thread."""

    arranged = Signal()
    """`placed` has places for all of `graph`."""
    busy_changed = Signal(bool)

    def __init__(self, aside: Aside, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._aside = aside
        self._kept: dict[Hashable, _Kept] = {}
        self._key: Hashable = None
        self._number = 0
        self._busy = False
        self.graph = Graph((), ())
        self.limit_ms: int | None = None
        """What one arrangement may take."""
        self.problem = ""
        """Why Graphviz was not used for what is shown; empty when it was, or was not wanted."""

    @property
    def placed(self) -> Placed | None:
        """Where everything is, None while that is not known yet."""
        kept = self._kept.get(self._key)
        return kept.placed if kept is not None and _covers(kept, self.graph) else None

    @property
    def is_busy(self) -> bool:
        """Whether an arrangement is on its way."""
        return self._busy

    def show(self, key: Hashable, graph: Graph) -> None:
        """Arrange this from now on; `key` says for what, so that it looks the same the next time."""
        self.graph = graph
        if key != self._key:
            self._key = key
            self._cancel()
            self.problem = ""
        kept = self._kept.get(key)
        if kept is None:
            if not self._busy:
                self._arrange()
            return
        self._kept[key] = self._kept.pop(key)
        if not self._busy:
            self._fit(kept)

    def again(self) -> None:
        """Arrange what is shown anew, whatever it looked like."""
        self._cancel()
        self._kept.pop(self._key, None)
        self._arrange()

    def plain_now(self) -> None:
        """Do not wait for Graphviz any longer."""
        if self._busy:
            self._cancel()
            self._plain("Graphviz was not waited for.")

    def stop(self) -> None:
        """Want no arrangement any more."""
        self._cancel()

    # ---- anew

    def _arrange(self) -> None:
        lines = len(self.graph.lines)
        if not self.graph.boxes:
            return
        if lines > GRAPHVIZ_UP_TO:
            self._plain(f"Graphviz was not asked: {lines} arrows are too many for it.")
        else:
            self._ask(with_labels=lines <= LABELS_UP_TO)

    def _ask(self, *, with_labels: bool) -> None:
        graph, number = self.graph, self._begin()

        def answered(answer: Answer) -> None:
            if number != self._number:
                return
            placed = _placed(answer, graph)
            if placed is not None:
                self.problem = ""
                self._keep(graph, placed, len(graph.lines))
            elif with_labels and answer.get("gave_up"):
                self._ask(with_labels=False)
            else:
                self._plain(f"Graphviz could not be used. {answer.get('problem', '')}".strip(), graph)

        self._aside.ask(
            {"do": "arrange", "graph": graph.as_json(), "with_labels": with_labels}, answered, self.limit_ms
        )

    def _plain(self, why: str, graph: Graph | None = None) -> None:
        graph = self.graph if graph is None else graph
        self.problem = why
        self._keep(graph, layered.arrange(graph), len(graph.lines))

    # ---- a little more

    def _fit(self, kept: _Kept) -> None:
        """Bring a kept arrangement up to what is shown now, leaving alone what has a place."""
        boxes = {box.id: box for box in kept.graph.boxes}
        new_boxes = [box for box in self.graph.boxes if box.id not in boxes]
        is_resized = any(box.id in boxes and box != boxes[box.id] for box in self.graph.boxes)
        is_turned = kept.graph.direction != self.graph.direction
        known = {line.id for line in kept.graph.lines}
        new = frozenset(line.id for line in self.graph.lines if line.id not in known)
        has_need = len(known | new) > 1.5 * kept.arranged_lines + 4
        if is_turned or is_resized or any(box.id.startswith("state ") for box in new_boxes) or has_need:
            self._arrange()
            return
        graph = _together(kept.graph, self.graph)
        sizes = {line.id: (line.width, line.height) for line in kept.graph.lines}
        grown = frozenset(
            line.id for line in self.graph.lines if line.id in sizes and sizes[line.id] != (line.width, line.height)
        )
        if not new and not new_boxes and not grown:
            return
        placed = Placed(dict(kept.placed.boxes), dict(kept.placed.routes), kept.placed.how)
        for box in new_boxes:
            placed.boxes[box.id] = _free_spot(box, graph, placed)
        if new:
            layered.reroute(graph, placed, new)
        if grown:
            place_labels(graph, placed, grown)
        self._keep(graph, placed, kept.arranged_lines)
        if new and len(graph.boxes) <= ROUTES_UP_TO and not self.problem:
            self._find_ways(graph, placed, new, kept.arranged_lines)

    def _find_ways(self, graph: Graph, placed: Placed, new: frozenset[str], arranged_lines: int) -> None:
        """Replace the bows of new lines by ways around boxes; those beside a line back stay bowed, to lie apart."""
        pairs = {(line.tail, line.head) for line in graph.lines}
        lines = tuple(
            line
            for line in graph.lines
            if line.id in new and line.tail != line.head and (line.head, line.tail) not in pairs
        )
        if not lines:
            return
        number = self._begin()

        def answered(answer: Answer) -> None:
            if number != self._number:
                return
            found = _placed(answer, Graph(graph.boxes, lines))
            if found is not None:
                placed.routes.update(found.routes)
                place_labels(graph, placed, frozenset(line.id for line in lines))
            self._keep(graph, placed, arranged_lines)

        at = {box.id: list(placed.boxes[box.id]) for box in graph.boxes}
        self._aside.ask(
            {"do": "route", "graph": Graph(graph.boxes, lines).as_json(), "at": at}, answered, self.limit_ms
        )

    # ---- bookkeeping

    def _begin(self) -> int:
        self._number += 1
        self._set_busy(True)
        return self._number

    def _cancel(self) -> None:
        self._number += 1
        self._aside.forget()
        self._set_busy(False)

    def _keep(self, graph: Graph, placed: Placed, arranged_lines: int) -> None:
        self._kept[self._key] = _Kept(graph, placed, arranged_lines)
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        self._set_busy(False)
        if self.placed is not None:
            self.arranged.emit()
        else:
            # More came while this was on its way.
            self._fit(self._kept[self._key])

    def _set_busy(self, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)


def _covers(kept: _Kept, graph: Graph) -> bool:
    placed = kept.placed
    return all(box.id in placed.boxes for box in graph.boxes) and all(line.id in placed.routes for line in graph.lines)


def _placed(answer: Answer, graph: Graph) -> Placed | None:
    """The places in an answer, None when it has none or not all."""
    told: Any = answer.get("placed")
    if not isinstance(told, dict):
        return None
    placed = Placed.from_json(told)
    return placed if _covers(_Kept(graph, placed, 0), graph) else None


def _together(one: Graph, other: Graph) -> Graph:
    """All boxes and lines of both; where both have one, the newer."""
    boxes = {box.id: box for box in (*one.boxes, *other.boxes)}
    lines = {line.id: line for line in (*one.lines, *other.lines)}
    return Graph(tuple(boxes.values()), tuple(lines.values()), one.direction)


def _free_spot(box: Box, graph: Graph, placed: Placed) -> Point:
    """A place for a box near the first one it is joined with, where nothing else is."""
    taken = Taken()
    for other in graph.boxes:
        if other.id in placed.boxes:
            x, y = placed.boxes[other.id]
            taken.add(
                (
                    x - other.width / 2 - 12,
                    y - other.height / 2 - 12,
                    x + other.width / 2 + 12,
                    y + other.height / 2 + 12,
                )
            )
    sizes = {other.id: other for other in graph.boxes}
    beside = next(
        (
            end
            for line in graph.lines
            if box.id in (line.tail, line.head)
            for end in (line.tail, line.head)
            if end in placed.boxes
        ),
        next(iter(placed.boxes), ""),
    )
    if not beside:
        return 0.0, 0.0
    (x, y), size = placed.boxes[beside], sizes.get(beside, box)
    for ring in range(1, 40):
        away = ring * _SPOT_PX
        across = away + (box.width + size.width) / 2
        down = away + (box.height + size.height) / 2
        for spot in (
            (x, y + down),
            (x + across, y),
            (x - across, y),
            (x, y - down),
            (x + across, y + down),
            (x - across, y + down),
        ):
            rect = (
                spot[0] - box.width / 2,
                spot[1] - box.height / 2,
                spot[0] + box.width / 2,
                spot[1] + box.height / 2,
            )
            if not taken.overlap(rect):
                return spot
    return x, y + 40 * _SPOT_PX
