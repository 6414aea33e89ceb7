"""The facts about a subject as a Qt tree model, changed line by line so that nothing jumps or folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtGui import QFont

from tasktonic_studio.ui.item_models.roles import (
    ACCESSIBLE_TEXT,
    DECORATION,
    DISPLAY,
    FONT,
    FOREGROUND,
    PLACE,
    TOOL_TIP,
    Column,
)
from tasktonic_studio.ui.item_models.tree import Node, TreeModel
from tasktonic_studio.ui.panels.inspector.fact import Fact
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.shapes import Shapes

COLUMNS: Final = (
    Column("name", "Name", "What it is.", "ttse__on_stroke mm"),
    Column(
        "value",
        "Value",
        "How it is. Coloured ones can be followed by a click or Enter.",
        "pump · ttsc__open",
        stretch=True,
    ),
    Column("detail", "Detail", "More about it: a type, a place, a time.", "every 250 ms", rank=1, stretch=True),
)

_LONGEST: Final = 400
"""So many characters of a value are shown on its line; the tool tip has more."""


class FactNode(Node):
    """A line: a fact below its section, or a section."""

    __slots__ = ("fact",)

    def __init__(self, key: tuple[str, ...], order: int, fact: Fact) -> None:
        super().__init__(key, (order,))
        self.fact = fact

    @property
    def is_section(self) -> bool:
        """Whether it is a heading with the facts of a section below it."""
        return isinstance(self.key, tuple) and len(self.key) == 1


class FactModel(TreeModel[FactNode]):
    """Lines about one subject. `show` compares with what is there: only what differs is changed."""

    def __init__(self, theme: Theme, shapes: Shapes) -> None:
        super().__init__(COLUMNS)
        self._theme = theme
        self._shapes = shapes
        self.waits_for: Callable[[str], str] = _nothing
        """What was sent for an attribute and has not come back, as a literal; empty for none."""
        self.retheme()

    def show(self, sections: Sequence[Fact]) -> tuple[set[tuple[str, ...]], list[FactNode]]:
        """Show these sections.

        Returns:
            The keys of lines whose words changed, and the lines that are new.
        """
        changed: set[tuple[str, ...]] = set()
        new: list[FactNode] = []
        self._show_below(None, (), sections, changed, new)
        return changed, new

    def retheme(self) -> None:
        """Take fonts from the theme."""
        self._plain = tabular(self._theme.font("ui"))
        self._mono = self._theme.font("mono")
        self._bold = QFont(self._plain)
        self._bold.setBold(True)

    def _show_below(
        self,
        parent: FactNode | None,
        path: tuple[str, ...],
        facts: Sequence[Fact],
        changed: set[tuple[str, ...]],
        new: list[FactNode],
    ) -> None:
        above: Node = self.root if parent is None else parent
        wanted = {(*path, fact.key): (place, fact) for place, fact in enumerate(facts)}
        self.remove([node for node in above.children if isinstance(node, FactNode) and node.key not in wanted])
        stays = [wanted[key][0] for node in above.children if (key := _path(node)) in wanted]
        if stays != sorted(stays):
            # Lines in another order are other lines: it happens when, of two, the upper one ran again.
            self.remove([node for node in above.children if isinstance(node, FactNode)])
        coming: list[FactNode] = []
        there: list[tuple[FactNode, Fact]] = []
        for key, (place, fact) in wanted.items():
            node = self.node(key)
            if node is None:
                node = FactNode(key, place, fact)
                coming.append(node)
            elif node.fact != fact:
                if not _same_words(node.fact, fact):
                    changed.add(key)
                node.fact = fact
            node.order = (place,)
            there.append((node, fact))
        self.add(parent, coming)
        new.extend(coming)
        for node, fact in there:
            if fact.below or node.children:
                self._show_below(node, _path(node), fact.below, changed, new)

    # ---- cells

    def cell(self, node: FactNode, column: Column, role: int) -> Any:
        fact = node.fact
        waits = self.waits_for(attribute_of(node)) if column.id == "value" else ""
        if waits and role == DISPLAY:
            return f"{figures.short(fact.value, _LONGEST)} → {waits}, sent"
        if waits and role == FOREGROUND:
            return self._theme.color("waiting")
        if role == DISPLAY:
            text = fact.name if column.id == "name" else fact.value if column.id == "value" else fact.detail
            return text if fact.mono and fact.is_line else figures.short(text, _LONGEST)
        if role == FOREGROUND:
            return self._theme.color(_role(node, column))
        if role == FONT:
            if node.is_section:
                return self._bold
            is_code = fact.mono if column.id == "value" or fact.is_line else fact.code_name and column.id == "name"
            return self._mono if is_code else self._plain
        if role == DECORATION:
            with_shape = column.id == ("name" if fact.is_line else "value")
            return self._shapes.icon(fact.shape) if fact.shape and with_shape else None
        if role == TOOL_TIP:
            if column.id == "value" and fact.place is not None:
                return plain_tip(f"Open {fact.place.file}, line {fact.place.line}")
            return plain_tip(fact.tip or " ".join(filter(None, (fact.name, fact.value, fact.detail))))
        if role == ACCESSIBLE_TEXT:
            words = fact.name if column.id == "name" else fact.value if column.id == "value" else fact.detail
            return f"{words}, link" if column.id == "value" and is_link(fact) else words
        return fact.place if role == PLACE else None


def _nothing(_name: str) -> str:
    """Nothing was sent."""
    return ""


def attribute_of(node: FactNode) -> str:
    """The name of the attribute that a line shows; empty for another line, and for what is inside of one."""
    key = _path(node)
    is_one = len(key) == 2 and key[0] == "attributes" and key[1].startswith("attribute ")
    return key[1].removeprefix("attribute ") if is_one else ""


def is_link(fact: Fact) -> bool:
    """Whether a fact leads somewhere."""
    return fact.is_link


def _path(node: Node) -> tuple[str, ...]:
    return node.key if isinstance(node.key, tuple) else ()


def _same_words(one: Fact, other: Fact) -> bool:
    return (one.name, one.value, one.detail, one.role, one.shape) == (
        other.name,
        other.value,
        other.detail,
        other.role,
        other.shape,
    )


def _role(node: FactNode, column: Column) -> str:
    """The colour role of a cell's text."""
    fact = node.fact
    if node.is_section:
        return "text"
    if fact.is_line:
        return fact.role or ("text" if fact.mono else "text_muted")
    if column.id == "value":
        return fact.role or ("accent" if is_link(fact) else "text")
    return "text_muted"
