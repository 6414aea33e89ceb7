"""How large boxes and labels are in the fonts of the theme, and what they say: the machine as a graph to arrange."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

from tasktonic_studio.diagrams.graph import Box, Direction, Graph, Line
from tasktonic_studio.ui.panels.state_machine.machine import OUTSIDE, Arrow, Label, Machine, Node
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures

LABELS_SHOWN: Final = 4
"""So many causes of an arrow are written beside it; more are counted."""
PADDING_PX: Final = 11.0
MARK_PX: Final = 18.0
CROSS_PX: Final = 14.0
"""Room at both ends of a state that does not exist, for the crosses."""
_NAME_CHARACTERS: Final = 26
_LABEL_CHARACTERS: Final = 30


class Measures:
    """Fonts, and texts cut to a length that can be read. Made anew with each theme and text size."""

    def __init__(self, theme: Theme) -> None:
        self.name_font: QFont = theme.font("ui", 1.0, bold=True)
        self.small_font: QFont = theme.font("ui", 0.9)
        self.label_font: QFont = theme.font("mono", 0.95)
        self._names = QFontMetricsF(self.name_font)
        self._labels = QFontMetricsF(self.label_font)
        self._small = QFontMetricsF(self.small_font)
        self._count_px = self._labels.horizontalAdvance(" 9999\u202fk×")
        # A state has room for the word, three dots and a number of three digits.
        self._least = self._small.horizontalAdvance("here 999") + 40
        self._cut: dict[str, str] = {}
        self._boxes: dict[Node, Box] = {}
        self._lines: dict[tuple[object, ...], Line] = {}
        self.name_height = self._names.height()
        self.small_height = self._small.height()
        self.label_height = self._labels.height()

    def name(self, node: Node) -> str:
        """A node's name, the middle left out when it is long."""
        words = f"{node.name}: no such state" if node.kind == "unknown" and len(node.name) < 12 else node.name
        return self._names.elidedText(
            figures.short(words, 400), Qt.TextElideMode.ElideMiddle, self._names.averageCharWidth() * _NAME_CHARACTERS
        )

    def box(self, node: Node) -> Box:
        """The size of a node."""
        known = self._boxes.get(node)
        if known is None:
            known = self._boxes[node] = self._measured_box(node)
        return known

    def _measured_box(self, node: Node) -> Box:
        if node.kind in ("begin", "end"):
            return Box(node.id, MARK_PX, MARK_PX)
        crosses = 2 * CROSS_PX if node.kind == "unknown" else 0
        width = max(self._least, self._names.horizontalAdvance(self.name(node)) + 2 * PADDING_PX + crosses)
        lines = self.name_height + (self.small_height if node.kind == "state" else 0)
        return Box(node.id, round(width), round(lines + PADDING_PX))

    def label_lines(self, arrow: Arrow) -> list[tuple[str, Label | None]]:
        """What stands beside an arrow, line by line, each with the cause it is about."""
        shown = arrow.labels if len(arrow.labels) <= LABELS_SHOWN else arrow.labels[: LABELS_SHOWN - 1]
        lines: list[tuple[str, Label | None]] = [(self._label(label), label) for label in shown]
        rest = len(arrow.labels) - len(shown)
        if rest:
            lines.append((f"and {rest} more", None))
        if not lines and arrow.count:
            lines.append((f"{arrow.without_cause} {count_words(arrow.count)}", None))
        return lines

    def _label(self, label: Label) -> str:
        name = "to_state outside" if label.sparkle == OUTSIDE else label.sparkle.removeprefix("_ttss__")
        if label.again:
            name += " (enters anew)"
        words = self._cut.get(name)
        if words is None:
            most = self._labels.averageCharWidth() * _LABEL_CHARACTERS
            words = self._cut[name] = self._labels.elidedText(
                figures.short(name, 400), Qt.TextElideMode.ElideMiddle, most
            )
        return f"{words} {count_words(label.count)}" if label.count else words

    def line(self, arrow: Arrow) -> Line:
        """The room for an arrow's label. Counts have room to grow, so that a label does not have to move for one."""
        what = (arrow.id, bool(arrow.count), *((it.sparkle, bool(it.count), it.again) for it in arrow.labels))
        known = self._lines.get(what)
        if known is None:
            known = self._lines[what] = self._measured_line(arrow)
        return known

    def _measured_line(self, arrow: Arrow) -> Line:
        lines = self.label_lines(arrow)
        if not lines:
            return Line(arrow.id, arrow.tail, arrow.head)
        width = 0.0
        for words, label in lines:
            bare = words.rsplit(" ", 1)[0] if label is not None and label.count else words
            width = max(width, self._labels.horizontalAdvance(bare) + (self._count_px if label is not None else 0))
        return Line(arrow.id, arrow.tail, arrow.head, round(width + 6), round(self.label_height * len(lines) + 2))

    def graph(self, machine: Machine, direction: Direction) -> Graph:
        """The machine as boxes and lines."""
        return Graph(
            tuple(self.box(node) for node in machine.nodes.values()),
            tuple(self.line(arrow) for arrow in machine.arrows.values()),
            direction,
        )


def count_words(count: int) -> str:
    """A count of at most six signs: ``12×``, ``9 999×``, ``48.2 k×``."""
    if count < 10_000:
        return f"{figures.grouped(count)}×"
    if count < 1_000_000:
        return f"{count / 1_000:.0f}\u202fk×"
    return f"{count / 1_000_000:.0f}\u202fM×"
