"""The ledger as a Qt tree model: essences and groups of them, kept in step with what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QColor, QFont, QIcon

from tasktonic_studio.session.essences import Identity
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
from tasktonic_studio.ui.panels.ledger.folded import ROWS_UNASKED, Folded
from tasktonic_studio.ui.panels.ledger.node import LedgerNode, essence_below, is_within, key_of
from tasktonic_studio.ui.panels.ledger.rows import COLUMNS, NO_ROW, SHAPE_WORDS, LedgerRow, essence_row, group_row
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.essence_words import GONE
from tasktonic_studio.ui.widgets.shapes import Shapes

_DEEPEST: Final = 200

Accept = Callable[[int], bool]
"""Whether an essence is wanted, by its id."""


class LedgerModel(TreeModel[LedgerNode]):
    """Rows for the essences of one `Knowledge`. `fill` begins anew, `sync` follows a batch of changes.

    A group of a hundred thousand costs what is seen of it: most have no row until it is unfolded (`unfold`), nor has what is
    below them, and one that is selected elsewhere gets its own (`reveal`). With a filter all that it found have rows.
    """

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
        self.rows_unasked = ROWS_UNASKED
        """So many of a group have rows before it was ever unfolded; from the next `fill` on."""
        self._folded = Folded()
        self.matches = 0
        """How many essences are shown for their own sake, in folded groups, too."""
        self.retheme()

    # ---- keeping in step

    def fill(self, known: Knowledge, accept: Accept | None = None, ids: Iterable[int] | None = None) -> None:
        """Show all of ``known`` that ``accept`` takes (None: everything); with ``ids`` only these, `sync` brings the others."""
        self.beginResetModel()
        self._known, self._accept = known, accept
        self._places = Arrangement(known.names)
        self._crowd_first.clear()
        self._siblings.clear()
        self._new_headings.clear()
        self._folded = Folded(self.rows_unasked)
        self._let_all_go(LedgerNode(TOP, (), hit=False))
        self.matches = 0
        self.endResetModel()
        self.refresh_figures()
        self.sync(known, known.essences if ids is None else ids)

    def sync(self, known: Knowledge, ids: Iterable[int]) -> list[LedgerNode]:
        """Bring the rows of these essences to where they belong now, or at another moment of the same app.

        Groups stay: what was a crowd at a later moment is one at an earlier moment, too.

        Returns:
            Nodes that had nothing below them before and have now: the view may want to open them.
        """
        places = self._places
        if places is None:
            return []
        self._known = known
        places.names = known.names
        todo = self._without_newcomers_of_crowds(known, places, set(ids))
        identity, all_facts = known.essences.identity, dict[int, Identity | None]()
        for essence in sorted(todo):
            facts = all_facts[essence] = identity(essence)
            if facts is not None:
                self._siblings[essence] = (facts.context, facts.cls)
                if moved := places.note(essence, facts):
                    todo |= moved
            elif essence in self._siblings:
                places.forget(essence, self._siblings.pop(essence))
        opened: list[LedgerNode] = []
        while todo:
            opened_now, todo = self._bring(known, todo, all_facts)
            opened += opened_now
        return opened

    def _without_newcomers_of_crowds(self, known: Knowledge, places: Arrangement, ids: set[int]) -> set[int]:
        """Fold those that are new in a crowd of which nobody looks at more rows; gives the others.

        An app may begin with a hundred thousand: each is looked at once here, and all are put where they belong together.
        """
        if self._accept is not None:
            return ids
        identity, seen, rows = known.essences.identity, self._siblings, self._by_key
        newcomers: dict[tuple[int, int], list[int]] = {}
        closed: dict[tuple[int, int], bool] = {}
        for essence in ids:
            facts = identity(essence)
            if facts is None or facts.service or facts.ended_ns is not None or essence in seen or essence in rows:
                continue
            siblings = facts.context, facts.cls
            is_closed = closed.get(siblings)
            if is_closed is None:
                is_closed = closed[siblings] = places.is_crowd(siblings) and self._is_folded(
                    ("crowd", *siblings), {}, {}
                )
            if is_closed:
                newcomers.setdefault(siblings, []).append(essence)
        for siblings, essences in newcomers.items():
            places.join(siblings, essences)
            seen.update(dict.fromkeys(essences, siblings))
            self._folded.put_all(essences, ("crowd", *siblings))
            self.matches += len(essences)
        return ids.difference(*newcomers.values())

    def _bring(
        self, known: Knowledge, todo: set[int], all_facts: dict[int, Identity | None]
    ) -> tuple[list[LedgerNode], set[int]]:
        """Bring these to their places; gives nodes that have something below them now, and who else gets a row by that."""
        gone: list[LedgerNode] = []
        wanted: dict[int, Key] = {}
        coming: dict[Key, int] = {}
        left: set[Key] = set()
        released: list[int] = []
        for essence in sorted(todo):
            facts = all_facts[essence] if essence in all_facts else known.essences.identity(essence)
            node, was_in = self._by_key.get(essence), self._folded.place(essence)
            place = self._place_for(essence, facts)
            self._let_out(essence)
            if facts is None and node is not None:
                self._orphan(node)
            if place == HIDDEN:
                gone += [node] if node is not None else []
            elif node is None and self._is_folded(place, wanted, coming):
                self._fold(essence, place)
            elif node is None or not node.hit or self._parent_key(node) != place:
                wanted[essence] = place
                coming[place] = coming.get(place, 0) + (node is None)
            if was_in is not None and self._folded.place(essence) != was_in:
                left.add(was_in)
                released.append(essence)
        opened = self._put(wanted)
        self._take(gone)
        for group in [self._by_key[key] for key in left if key in self._by_key]:
            self._prune(group)
        return opened, {it for each in released for it in self._folded.below(known, each, self._by_key.__contains__)}

    def _place_for(self, essence: int, facts: Identity | None) -> Key:
        """Where an essence belongs; `HIDDEN` for one that is not shown."""
        if facts is None or self._places is None:
            return HIDDEN
        place = self._places.parent(facts, asked_for=self._accept is not None)
        return place if place == HIDDEN or self._accept is None or self._accept(essence) else HIDDEN

    # ---- what has no row yet

    def unfold(self, key: Key) -> set[int]:
        """A group is unfolded: gives who is in it and below that and has no row yet, for `sync` to bring."""
        return set() if self._known is None else self._folded.unfold(key, self._known, self._by_key.__contains__)

    def reveal(self, essence: int) -> None:
        """Let an essence have its row, and what it is below, whatever is folded."""
        place = self._folded.place(essence)
        if place is not None:
            self._let_out(essence)
            self._put({essence: place})

    def members(self, key: Key) -> int:
        """How many stand in a group."""
        node = self.node(key)
        return (0 if node is None else len(node.children)) + len(self._folded.within(key))

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        if super().hasChildren(parent):
            return True
        node = self.node_at(parent) if self._folded else None
        return node is not None and bool(self._folded.within(key_of(node)))

    def _is_folded(self, place: Key, wanted: dict[int, Key], coming: dict[Key, int], depth: int = 0) -> bool:
        """Whether one that belongs there gets no row by now; ``wanted`` are about to get one, so many by place are ``coming``."""
        if place == TOP or self._known is None or self._places is None or self._accept is not None or depth > _DEEPEST:
            return False
        node = self._by_key.get(place)
        if not isinstance(place, int):
            if self._folded.takes(place, coming.get(place, 0) + (0 if node is None else len(node.children))):
                return True
            return node is None and self._is_folded(place[1], wanted, coming, depth + 1)
        if node is not None or place in wanted or place in self._folded:
            return node is None and place not in wanted
        facts = self._known.essences.identity(place)
        if facts is None:
            return False
        return self._is_folded(self._places.parent(facts, asked_for=True), wanted, coming, depth + 1)

    def _fold(self, essence: int, place: Key) -> None:
        self._folded.put(essence, place)
        self.matches += 1

    def _let_out(self, essence: int) -> bool:
        """It is folded no longer. Returns whether it was."""
        was_folded = self._folded.let_out(essence)
        self.matches -= was_folded
        return was_folded

    def touch(self, keys: set[Any] | None, on_screen: Sequence[QModelIndex]) -> None:
        """These rows (None: all) may show something else now; those that do are painted anew.

        To compose a row takes a twentieth of the time to paint it, and most rows of a busy plant look the same a moment
        later: the same state, the same rate, still active now.
        """
        self._version += 1
        changed: set[Any] = set()
        for index in on_screen:
            node = self.node_at(index)
            if node is not None and (keys is None or node.key in keys):
                before, node.row_now = node.row_now, self._row(node)
                node.version = self._version
                if node.row_now != before:
                    changed.add(node.key)
        if changed:
            self.signal(changed, on_screen)

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

    def _put(self, wanted: dict[int, Key]) -> list[LedgerNode]:
        """Insert or move rows; what is above them first. Rows that arrive together below one parent are one insertion."""
        opened: dict[int, LedgerNode] = {}
        waiting = dict(wanted)
        left: dict[Key, Node] = {}
        while waiting:
            batches: dict[Key, list[int]] = {}
            moves: list[tuple[LedgerNode, LedgerNode | None]] = []
            ready = [essence for essence, place in waiting.items() if essence_below(place) not in waiting] or list(
                waiting
            )
            found: dict[Key, tuple[LedgerNode | None, Key]] = {}
            for essence in ready:
                place = waiting.pop(essence)
                if place not in found:
                    above = self._above(place, essence, opened)
                    found[place] = above, TOP if above is None else key_of(above)
                above, key = found[place]
                node = self._by_key.get(essence)
                if node is None:
                    batches.setdefault(key, []).append(essence)
                    continue
                self.matches += not node.hit
                node.hit = True
                if node.parent is not None and self._parent_key(node) != key:
                    left[self._parent_key(node)] = node.parent
                    self._note_opened(above, opened)
                    if not is_within(above, node):
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
            made = self._by_key.get(essence)
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
            facts = self._known.essences.identity(place)
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
        is_hit = isinstance(place, int) and self._let_out(place)
        self.matches += is_hit
        node = LedgerNode(place, arrangement.order(place, first), hit=is_hit)
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
        while (
            isinstance(node, LedgerNode)
            and node is not self.root
            and not node.hit
            and not node.children
            and not self._folded.within(key_of(node))
        ):
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
            return plain_tip(row.tip)
        if role == SHARE:
            return row.share if column.id == "rate" else None
        if role == SORT:
            return row.figure if column.id == "rate" else None
        if role == ACCESSIBLE_TEXT:
            words = row.texts[_NUMBER[column.id]] or f"no {column.title.lower()}"
            meaning = SHAPE_WORDS.get(row.shape, "") if column.id == "state" else ""
            return f"{words}, {meaning}" if meaning and meaning != words else words
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
        known, key = self._known, key_of(node)
        if known is None:
            return NO_ROW
        if not isinstance(key, int):
            return group_row(known, key, self.members(key), self._group_rate(known, node) if key[0] == "crowd" else 0.0)
        facts = known.essences.get(key)
        if facts is None or self._places is None:
            return NO_ROW
        if node.figures_version != self._figures_version:
            node.figures_version = self._figures_version
            last_ns = facts.last_ns if facts.is_alive else facts.ended_ns or 0
            runs = facts.is_alive and known.target.status not in GONE
            node.rate = known.essences.rate(key) if runs else 0.0
            is_over = known.target.status in GONE
            node.active = figures.age(max(0, known.t_ns - last_ns), is_over=is_over) if last_ns else ""
        return essence_row(
            known,
            facts,
            sort=self._places.sort(facts),
            timers=self._places.timers(key),
            rate=node.rate,
            active=node.active,
            is_hit=node.hit,
        )

    def _group_rate(self, known: Knowledge, node: LedgerNode) -> float:
        """All that is below a group together. Summed once per figure, over those that ran something: others may be many."""
        if node.figures_version != self._figures_version:
            node.figures_version = self._figures_version
            if self._rates is None:
                self._rates = known.essences.rates() if known.target.status not in GONE else {}
            node.rate = 0.0
            folded = self._folded.within(key_of(node))
            for essence, rate in self._rates.items():
                child = self.node(essence)
                if essence in folded or (child is not None and child.parent is node):
                    node.rate += rate
        return node.rate


_NUMBER: Final = {column.id: number for number, column in enumerate(COLUMNS)}
