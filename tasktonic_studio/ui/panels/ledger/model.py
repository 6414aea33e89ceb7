"""The ledger as a Qt tree model: essences and groups of them, kept in step with what is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QColor, QFont, QIcon

from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.item_models.roles import (
    ACCESSIBLE_TEXT,
    DECORATION,
    DISPLAY,
    FONT,
    FOREGROUND,
    PLACE,
    SHARE,
    SORT,
    TOOL_TIP,
    Column,
    Index,
)
from tasktonic_studio.ui.item_models.tree import Node, TreeModel
from tasktonic_studio.ui.panels.ledger import arrangement
from tasktonic_studio.ui.panels.ledger.arrangement import HIDDEN, TOP, Arrangement, GroupKey, Key
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.shapes import Shapes

COLUMNS: Final = (
    Column(
        "name",
        "Name",
        "What it is called, below what made it.",
        "sensor",
        stretch=True,
        icon=True,
        roomy="historian  ·  12 users",
    ),
    Column("state", "State", "The state of its state machine, or how it is.", "overheated", icon=True),
    Column("type", "Type", "Its class.", "ConveyorBelt", rank=3),
    Column("catalyst", "Catalyst", "The catalyst that runs it.", "main_catalyst", rank=4),
    Column("rate", "Rate", "Sparkles run per second, over about the last second.", "9 999", right=True, rank=1),
    Column("activity", "Active", "How long ago it last ran a sparkle, or finished.", "59 min", right=True, rank=2),
    Column("timers", "Timers", "How many timers of its own live.", "99", right=True, rank=6),
    Column("errors", "Errors", "How many of its sparkles raised.", "99", right=True, rank=5),
)

_FULL_DIGITS: Final = 4
"""A full bar stands for a rate of ten to this power."""
_LONG_NS: Final = 100_000_000
"""A sparkle that runs this long is said to run. Shorter ones would only flicker."""

_DEEPEST: Final = 200
_GONE: Final = ("ended", "lost")
"""How a target is of which nothing more will come: what lived last still stands there, but does nothing."""

Accept = Callable[[EssenceFacts], bool]


class LedgerNode(Node):
    """A row: an essence, or a group. ``hit`` is false for what stands there only because of something below it."""

    __slots__ = ("active", "figures_version", "hit", "rate", "row_now", "version")

    def __init__(self, key: Key, order: tuple[int | str, ...], *, hit: bool) -> None:
        super().__init__(key, order)
        self.hit = hit
        self.version = -1
        self.figures_version = -1
        self.rate = 0.0
        self.active = ""
        self.row_now: LedgerRow | None = None


def key_of(node: LedgerNode) -> Key:
    """The identity of a row, as what it is."""
    key = node.key
    assert isinstance(key, (int, tuple))
    return key


def _is_within(node: Node | None, above: Node) -> bool:
    """Whether a row stands below another, or is it: a row cannot move into itself."""
    while node is not None:
        if node is above:
            return True
        node = node.parent
    return False


def _below(place: Key) -> int:
    """The essence that a place is below, for a group too."""
    return place if isinstance(place, int) else place[1]


class LedgerRow(NamedTuple):
    """All that the cells of one row show at one moment."""

    texts: tuple[str, ...]
    icon: str
    icon_role: str
    shape: str
    state_role: str
    share: float
    figure: float
    aside: bool
    heading: bool
    tip: str


class LedgerModel(TreeModel[LedgerNode]):
    """Rows for the essences of one `Knowledge`. `fill` begins anew, `sync` follows a batch of changes."""

    def __init__(self, theme: Theme, icons: Icons, shapes: Shapes) -> None:
        super().__init__(COLUMNS)
        self._theme = theme
        self._icons = icons
        self._shapes = shapes
        self._known: Knowledge | None = None
        self._accept: Accept | None = None
        self._places: Arrangement | None = None
        self._crowd_first: dict[GroupKey, int] = {}
        self._version = 0
        self._figures_version = 0
        self._rates: dict[int, float] | None = None
        self._siblings: dict[int, tuple[int, int]] = {}
        self._new_headings: list[Key] = []
        self.matches = 0
        """How many essences are shown for their own sake."""
        self.retheme()

    # ---- keeping in step

    def fill(self, known: Knowledge, accept: Accept | None = None) -> None:
        """Show all of ``known`` that ``accept`` takes (None: everything)."""
        self.beginResetModel()
        self._known, self._accept = known, accept
        self._places = Arrangement(known.names)
        self._crowd_first.clear()
        self._siblings.clear()
        self._new_headings.clear()
        self.root = LedgerNode(TOP, (), hit=False)
        self._by_key.clear()
        self._by_serial.clear()
        self.matches = 0
        self.endResetModel()
        self.refresh_figures()
        self.sync(known, set(known.essences))

    def sync(self, known: Knowledge, ids: Iterable[int]) -> list[LedgerNode]:
        """Bring the rows of these essences to where they belong now.

        Returns:
            Nodes that had nothing below them before and have now: the view may want to open them.
        """
        places = self._places
        if places is None:
            return []
        self._known = known
        todo = set(ids)
        all_facts: dict[int, EssenceFacts | None] = {}
        for essence in sorted(todo):
            facts = all_facts[essence] = known.essences.get(essence)
            if facts is not None:
                self._siblings[essence] = (facts.context, facts.cls)
                todo |= places.note(facts)
            elif essence in self._siblings:
                places.forget(essence, self._siblings.pop(essence))
        gone: list[LedgerNode] = []
        wanted: list[tuple[int, Key]] = []
        for essence in sorted(todo):
            facts = all_facts[essence] if essence in all_facts else known.essences.get(essence)
            node = self.node(essence)
            place = HIDDEN if facts is None else places.parent(facts, asked_for=self._accept is not None)
            if facts is None and node is not None:
                self._orphan(node)
            if facts is None or place == HIDDEN or not (self._accept is None or self._accept(facts)):
                if node is not None:
                    gone.append(node)
            elif node is None or not node.hit or self._parent_key(node) != place:
                wanted.append((essence, place))
        opened = self._put(wanted)
        self._take(gone)
        return opened

    def touch(self, keys: set[Any] | None, on_screen: Iterable[QModelIndex]) -> None:
        """These rows (None: all) may show something else now."""
        self._version += 1
        self.signal(keys, on_screen)

    def refresh_figures(self) -> None:
        """Take rates and ages anew for the rows that are shown next. Until then they stay, so that they can be read."""
        self._figures_version += 1
        self._rates = None

    def take_new_headings(self) -> list[Key]:
        """Groups without figures of their own that came since the last call: their words may take the whole row."""
        taken, self._new_headings = self._new_headings, []
        return taken

    def retheme(self) -> None:
        """Take fonts and colours from the theme."""
        self._figure_font = tabular(self._theme.font("ui"))
        self._heading_font = QFont(self._theme.font("ui"))
        self._heading_font.setBold(True)
        self._muted = self._theme.color("text_muted")
        self._version += 1

    def essence_at(self, index: Index) -> int | None:
        """The essence of a row, None for a group."""
        node = self.node_at(index)
        return node.key if node is not None and isinstance(node.key, int) else None

    def _parent_key(self, node: LedgerNode) -> Key:
        return key_of(node.parent) if isinstance(node.parent, LedgerNode) else TOP

    def _put(self, wanted: list[tuple[int, Key]]) -> list[LedgerNode]:
        """Insert or move rows; what is above them first. Rows that arrive together below one parent are one insertion."""
        opened: dict[int, LedgerNode] = {}
        waiting = dict(wanted)
        left: dict[Key, Node] = {}
        while waiting:
            batches: dict[Key, list[int]] = {}
            moves: list[tuple[LedgerNode, LedgerNode | None]] = []
            ready = [essence for essence, place in waiting.items() if _below(place) not in waiting] or list(waiting)
            for essence in ready:
                above = self._above(waiting.pop(essence), essence, opened)
                key = TOP if above is None else key_of(above)
                node = self.node(essence)
                if node is None:
                    batches.setdefault(key, []).append(essence)
                    continue
                self.matches += not node.hit
                node.hit = True
                if node.parent is not None and self._parent_key(node) != key:
                    left[self._parent_key(node)] = node.parent
                    self._note_opened(above, opened)
                    if not _is_within(above, node):
                        moves.append((node, above))
            self.move_all(moves)
            for key, essences in batches.items():
                above = None if key == TOP else self.node(key)
                self._note_opened(above, opened)
                self.add(above, self._new_nodes(essences))
        for parent in left.values():
            self._prune(parent)
        return [node for node in opened.values() if node.parent is not None]

    def _new_nodes(self, essences: list[int]) -> list[LedgerNode]:
        """Nodes for these; one that was made meanwhile, because something stands below it, is there already."""
        self.matches += len(essences)
        nodes = []
        for essence in essences:
            made = self.node(essence)
            if made is None:
                nodes.append(LedgerNode(essence, arrangement.order(essence), hit=True))
            else:
                made.hit = True
        return nodes

    @staticmethod
    def _note_opened(above: LedgerNode | None, opened: dict[int, LedgerNode]) -> None:
        if above is not None and not above.children:
            opened[id(above)] = above

    def _above(self, place: Key, essence: int, opened: dict[int, LedgerNode], depth: int = 0) -> LedgerNode | None:
        """The node for a place, made when it is not there yet; None for the top.

        Contexts that run in a circle, which only a hostile sender tells of, end at the top.
        """
        node = None if place == TOP else self.node(place)
        if node is not None or place == TOP or self._known is None or self._places is None or depth > _DEEPEST:
            return node
        if isinstance(place, int):
            facts = self._known.essences.get(place)
            if facts is None:
                return None
            above_key = self._places.parent(facts, asked_for=True)
            above = self._above(above_key, place, opened, depth + 1)
            first = place
        else:
            above = self._above(place[1], essence, opened, depth + 1)
            first = self._crowd_first.setdefault(place, essence)
            if place[0] != "crowd":
                self._new_headings.append(place)
        node = LedgerNode(place, arrangement.order(place, first), hit=False)
        self._note_opened(above, opened)
        self.add(above, [node])
        return node

    def _orphan(self, node: LedgerNode) -> None:
        """What stands below a row that is not known any more moves to the top."""
        self.move_all([(child, None) for child in node.children if isinstance(child, LedgerNode)])

    def _take(self, nodes: list[LedgerNode]) -> None:
        """Remove rows, but leave those with something below as what stands above it."""
        parents: list[Node] = []
        alone: list[LedgerNode] = []
        for node in nodes:
            self.matches -= node.hit
            node.hit = False
            if not node.children:
                alone.append(node)
                if node.parent is not None:
                    parents.append(node.parent)
        self.remove(alone)
        for parent in parents:
            self._prune(parent)

    def _prune(self, node: Node) -> None:
        """Remove a row that stood there only for what was below it, and so on upwards."""
        while isinstance(node, LedgerNode) and node is not self.root and not node.hit and not node.children:
            parent = node.parent
            if parent is None:
                return
            self.remove([node])
            node = parent

    # ---- cells

    def cell(self, node: LedgerNode, column: Column, role: int) -> Any:
        row = node.row_now
        if row is None or node.version != self._version:
            row = node.row_now = self._row(node)
            node.version = self._version
        if role == DISPLAY:
            return row.texts[_NUMBER[column.id]]
        if role == FOREGROUND:
            return self._colour(row, column)
        if role == DECORATION:
            return self._icon(row, column)
        if role == FONT:
            return self._figure_font if column.right else self._heading_font if row.heading else None
        if role == TOOL_TIP:
            return row.tip
        if role == SHARE:
            return row.share if column.id == "rate" else None
        if role == SORT:
            return row.figure if column.id == "rate" else None
        if role == ACCESSIBLE_TEXT:
            return row.texts[_NUMBER[column.id]] or f"no {column.title.lower()}"
        if role == PLACE:
            return self._place(node)
        return None

    def _colour(self, row: LedgerRow, column: Column) -> QColor | None:
        if column.id == "errors" and row.texts[_NUMBER["errors"]]:
            return self._theme.color("error")
        if row.aside:
            return self._muted
        if column.id == "state" and row.state_role:
            return self._theme.color(row.state_role)
        return self._muted if column.id in ("type", "catalyst", "activity") else None

    def _icon(self, row: LedgerRow, column: Column) -> QIcon | None:
        if column.id == "name":
            return self._icons.icon(row.icon, row.icon_role)
        return self._shapes.icon(row.shape) if column.id == "state" and row.shape else None

    def _place(self, node: LedgerNode) -> Any:
        facts = self._known.essences.get(node.key) if self._known is not None and isinstance(node.key, int) else None
        return None if facts is None or self._known is None else self._known.names.place(facts.cls)

    def _row(self, node: LedgerNode) -> LedgerRow:
        known = self._known
        facts = known.essences.get(node.key) if known is not None and isinstance(node.key, int) else None
        if known is None or (facts is None and isinstance(node.key, int)):
            return LedgerRow(("",) * len(COLUMNS), "", "text", "", "", 0.0, 0.0, True, False, "")
        if facts is None:
            return self._group_row(known, node)
        return self._essence_row(known, facts, node)

    def _essence_row(self, known: Knowledge, facts: EssenceFacts, node: LedgerNode) -> LedgerRow:
        sort = self._places.sort(facts) if self._places is not None else "plain"
        shape, words, role = state_words(known, facts)
        if node.figures_version != self._figures_version:
            node.figures_version = self._figures_version
            last_ns = facts.last_ns if facts.is_alive else facts.ended_ns or 0
            runs = facts.is_alive and known.target.status not in _GONE
            node.rate = known.essences.rate(facts.id) if runs else 0.0
            node.active = figures.age(max(0, known.t_ns - last_ns)) if last_ns else ""
        name = facts.name
        if sort == "service":
            name += f"  ·  {figures.counted(len(facts.users), 'user')}"
        kind = known.names.cls(facts.cls)
        catalyst = known.essences.name(facts.catalyst) if facts.catalyst not in (facts.id, -1) else ""
        tip = f"{facts.name}: {kind}, {words}"
        if SHAPE_WORDS[shape] and SHAPE_WORDS[shape] != words:
            tip += f", {SHAPE_WORDS[shape]}"
        timers = self._places.timers(facts.id) if self._places is not None else 0
        if timers:
            tip += f", {figures.counted(timers, 'timer')}"
        if facts.errors:
            tip += f", {figures.counted(facts.errors, 'error')}"
        if facts.users:
            named = ", ".join(known.essences.name(user) for user in facts.users[:12])
            tip += f"\nUsed by {named}{' …' if len(facts.users) > 12 else ''}"
        return LedgerRow(
            texts=(
                name,
                words,
                kind,
                catalyst,
                figures.rate(node.rate),
                node.active,
                figures.grouped(timers) if timers else "",
                figures.grouped(facts.errors) if facts.errors else "",
            ),
            icon="error" if facts.errors and facts.is_alive else _ICONS[sort],
            icon_role="error"
            if facts.errors and facts.is_alive
            else "text_muted"
            if not node.hit
            else _ICON_ROLES[sort],
            shape=shape,
            state_role=role,
            share=share(node.rate),
            figure=node.rate,
            aside=not facts.is_alive or not node.hit,
            heading=False,
            tip=tip,
        )

    def _group_row(self, known: Knowledge, node: LedgerNode) -> LedgerRow:
        key = key_of(node)
        kind, cls = (key[0], key[2]) if isinstance(key, tuple) else ("services", 0)
        count = len(node.children)
        name = known.names.cls(cls)
        text, icon, tip = {
            "services": ("Services", "service", "Instances that are shared by name, with the number of their users."),
            "crowd": (
                f"×{figures.grouped(count)} {name}",
                "tonic",
                f"More than {arrangement.CROWD} siblings of class {name}.",
            ),
            "finished": (
                f"{figures.grouped(count)} finished {name}",
                "tonic",
                f"Siblings of class {name} that have finished.",
            ),
        }[kind]
        rate = self._group_rate(known, node) if kind == "crowd" else 0.0
        return LedgerRow(
            texts=(text, "", name if kind == "crowd" else "", "", figures.rate(rate), "", "", ""),
            icon=icon,
            icon_role="text_muted",
            shape="",
            state_role="",
            share=share(rate),
            figure=rate,
            aside=kind != "crowd" and kind != "services",
            heading=kind == "services",
            tip=tip,
        )

    def _group_rate(self, known: Knowledge, node: LedgerNode) -> float:
        if self._rates is None:
            self._rates = known.essences.rates() if known.target.status not in _GONE else {}
        rates = self._rates
        return sum(rates.get(child.key, 0.0) for child in node.children if isinstance(child.key, int))


_NUMBER: Final = {column.id: number for number, column in enumerate(COLUMNS)}
_ICONS: Final = {"plain": "tonic", "catalyst": "catalyst", "service": "service", "timer": "timer", "system": "settings"}
_ICON_ROLES: Final = {
    "plain": "text_muted",
    "catalyst": "accent",
    "service": "accent",
    "timer": "text_muted",
    "system": "text_muted",
}


def share(rate: float) -> float:
    """The length of the bar for a rate, 0 to 1: it grows with the number of digits."""
    return min(1.0, math.log10(1 + rate) / _FULL_DIGITS)


def state_words(known: Knowledge, facts: EssenceFacts) -> tuple[str, str, str]:
    """How an essence is: shape, words, colour role of the words (empty: as usual).

    The state of its own machine comes before words on its catalyst: the shape tells of that, and so does the tool tip.
    """
    state = known.names.state(facts.cls, facts.state) if facts.state >= 0 else ""
    if facts.life != "alive":
        return facts.life, facts.life, "text_muted"
    if known.target.status in _GONE:
        return "finished", state or "ended", "text_muted"
    catalyst = known.catalysts.get(facts.catalyst)
    if catalyst is not None and not catalyst.alive:
        return "dead", state or "dead", "error"
    if catalyst is not None and catalyst.held:
        return "paused", state or "paused", "warning"
    if catalyst is not None and catalyst.inside == facts.id:
        inside_ns = catalyst.inside_for_ns(known.t_ns)
        if inside_ns >= _LONG_NS:
            return "running", f"{state or 'runs'} {figures.duration(inside_ns)}", "running"
    return "ok", state or "alive", "" if state else "text_muted"


SHAPE_WORDS: Final = {
    "ok": "",
    "finishing": "finishing",
    "finished": "finished",
    "dead": "its catalyst is dead",
    "paused": "its catalyst is held",
    "running": "inside a sparkle for long",
}
"""What the shapes mean, for tool tip and screen reader."""
