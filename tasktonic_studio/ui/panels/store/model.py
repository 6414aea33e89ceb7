"""The stores as a Qt tree model. Only what was unfolded has rows: a store of 100,000 paths costs what is open of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QColor, QFont, QIcon

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.store_mirror import StoreEntry, above
from tasktonic_studio.ui.item_models.roles import (
    ACCESSIBLE_TEXT,
    DECORATION,
    DISPLAY,
    FONT,
    FOREGROUND,
    TOOL_TIP,
    Column,
    Index,
)
from tasktonic_studio.ui.item_models.tree import Node, TreeModel
from tasktonic_studio.ui.panels.store.arrangement import (
    GroupKey,
    Key,
    StoreKey,
    group_of,
    is_too_many,
    last_part,
    list_of,
    natural,
    order_of,
    order_of_group,
)
from tasktonic_studio.ui.panels.store.rows import COLUMNS, NO_ROW, NUMBER, StoreRow, group_row, path_row
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets.columns import tabular

FOUND_SHOWN: Final = 1_000
"""So many of what a filter found get rows; nobody reads more, and the count says how many there are."""


class StoreNode(Node):
    """A row: a store, a path, or a group of a hundred. Its children are made when it is unfolded (``is_filled``).

    A group alone has ``members``: a set for each path would be as many things for the garbage collector to look at.
    """

    __slots__ = ("counts", "is_filled", "lit_s", "members", "row_now", "version")

    def __init__(self, key: Key, order: tuple[int | str, ...]) -> None:
        super().__init__(key, order)
        self.is_filled = False
        self.counts: dict[str, int] = {}
        if isinstance(key, GroupKey):
            self.members: set[str] = set()
        self.lit_s = 0.0
        self.version = -1
        self.row_now: StoreRow | None = None


def _nothing(_key: Any) -> str:
    """Nothing was sent."""
    return ""


def key_of(node: StoreNode) -> Key:
    """The identity of a row, as what it is."""
    key = node.key
    assert isinstance(key, (StoreKey, GroupKey))
    return key


class StoreModel(TreeModel[StoreNode]):
    """Rows of one `Knowledge`: the tree of what was unfolded, or, with ``show_found``, the flat list of what was found."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__(COLUMNS)
        self._theme = theme
        self._icons = icons
        self._known: Knowledge | None = None
        self.waits_for: Callable[[Any], str] = _nothing
        """What was sent for a path and has not come back, as a literal; empty for none."""
        self._is_flat = False
        self._version = 0
        self.retheme()

    # ---- keeping in step

    def fill(self, known: Knowledge) -> list[StoreNode]:
        """Begin anew with the stores of a moment, all folded; gives their rows."""
        self.clear()
        self._known = known
        self._is_flat = False
        self._version += 1
        stores = [StoreNode(StoreKey(store, ""), (0, "", store, "")) for store in sorted(known.store)]
        self.add(None, stores)
        return stores

    def show_found(self, known: Knowledge, found: Iterable[StoreKey]) -> None:
        """Begin anew with the paths a filter found so far, as a flat list."""
        self.clear()
        self._known = known
        self._is_flat = True
        self._version += 1
        self.add_found(found)

    def add_found(self, found: Iterable[StoreKey]) -> None:
        """More that was found."""
        room = FOUND_SHOWN - len(self.root.children)
        new = [key for key in found if key not in self._by_key][: max(room, 0)]
        self.add(None, [StoreNode(key, (0, natural(key.path), key.store, key.path)) for key in new])

    def drop_found(self, keys: Iterable[StoreKey]) -> None:
        """These do not fit any more."""
        self.remove([node for node in map(self.node, keys) if node is not None])

    def unfold(self, node: StoreNode) -> list[StoreNode]:
        """Make the rows right below one, when that was not done before; gives them."""
        known, key = self._known, key_of(node)
        if known is None or self._is_flat or node.is_filled:
            return [child for child in node.children if isinstance(child, StoreNode)]
        node.is_filled = True
        if isinstance(key, GroupKey):
            nodes = [self._path_node(key.store, key.parent, path) for path in node.members]
        else:
            nodes = self._below(node, key, known)
        self.add(node, nodes)
        return nodes

    def _below(self, node: StoreNode, key: StoreKey, known: Knowledge) -> list[StoreNode]:
        store = known.store
        paths = [path for path in store.below(key.store, key.path) if store.is_there(key.store, path)]
        node.counts = {}
        for path in paths:
            prefix = list_of(last_part(key.path, path))[0]
            node.counts[prefix] = node.counts.get(prefix, 0) + 1
        groups: dict[GroupKey, StoreNode] = {}
        nodes: list[StoreNode] = []
        for path in paths:
            group = self._group_for(node, key, path)
            if group is None:
                nodes.append(self._path_node(key.store, key.path, path))
            elif group in groups:
                groups[group].members.add(path)
            else:
                made = groups[group] = StoreNode(group, order_of_group(group))
                made.members.add(path)
        return [*nodes, *groups.values()]

    def _path_node(self, store: int, parent: str, path: str) -> StoreNode:
        return StoreNode(StoreKey(store, path), order_of(last_part(parent, path)))

    def _group_for(self, node: StoreNode, key: StoreKey, path: str) -> GroupKey | None:
        """The group a path below ``node`` belongs in, None when it stands by itself."""
        known, name = self._known, last_part(key.path, path)
        if known is None or not is_too_many(list_of(name)[0], node.counts.get(list_of(name)[0], 0)):
            return None
        return group_of(key.store, key.path, name, known.store.ordinal(key.store, path))

    def reveal(self, key: StoreKey) -> StoreNode | None:
        """Make rows down to a path, whatever was unfolded before; None when it is not there at this moment."""
        if self._is_flat or self._known is None:
            return self.node(key)
        way = [key.path]
        while way[-1]:
            way.append(above(way[-1]))
        for path in reversed(way[1:]):
            node = self.node(StoreKey(key.store, path))
            if node is None:
                return None
            self.unfold(node)
            below = way[way.index(path) - 1]
            group = self._group_for(node, StoreKey(key.store, path), below)
            holder = self.node(group) if group is not None else None
            if holder is not None:
                self.unfold(holder)
        return self.node(key)

    # ---- following changes

    def sync(self, changed: Iterable[tuple[int, str]]) -> list[StoreNode]:
        """Bring in paths that came and take out those that went; gives the rows that came.

        A path whose row is there and stays costs one look-up; one below something folded costs a few.
        """
        known = self._known
        if known is None or self._is_flat:
            return []
        coming: dict[Key | None, tuple[StoreNode | None, dict[Key, StoreNode]]] = {}
        going: dict[StoreKey, StoreNode] = {}
        crowded: dict[StoreKey, StoreNode] = {}
        for store, path in self._worth_a_look(changed):
            if StoreKey(store, "") not in self._by_key:
                coming.setdefault(None, (None, {}))[1][StoreKey(store, "")] = StoreNode(
                    StoreKey(store, ""), (0, "", store, "")
                )
                continue
            place = self._place(known, store, path)
            if place is None:
                continue
            parent, its_path, is_there = place
            key = StoreKey(store, its_path)
            if is_there:
                self._let_in(parent, key, coming, crowded)
            elif key not in going:
                node = self._take_off(parent, key)
                if node is not None:
                    going[key] = node
        self._remove_tops(list(going.values()))
        for node in crowded.values():
            if node.key in self._by_key:
                self.refill(node)
        new: list[StoreNode] = []
        for above_key, (parent_node, nodes) in coming.items():
            if above_key is None or (above_key in self._by_key and above_key not in crowded):
                fresh = [node for node in nodes.values() if node.key not in self._by_key]
                self.add(parent_node, fresh)
                new += fresh
        return new

    def _worth_a_look(self, changed: Iterable[tuple[int, str]]) -> Iterable[tuple[int, str]]:
        """The changed paths right below unfolded rows; of all others what they are below, once."""
        others: dict[tuple[int, str], None] = {}
        for store, path in changed:
            holder = self._by_key.get(StoreKey(store, above(path)))
            if holder is not None and holder.is_filled:
                yield store, path
            else:
                others[store, above(path)] = None
        yield from others

    def _place(self, known: Knowledge, store: int, path: str) -> tuple[StoreNode, str, bool] | None:
        """Where the tree must change for a path: an unfolded row, the path right below it, and whether that is there."""
        missing, at = "", path
        while at:
            if StoreKey(store, at) in self._by_key:
                if not known.store.is_there(store, at):
                    return self._gone(known, store, at)
                if not missing:
                    return None
                break
            missing, at = at, above(at)
        holder = self._by_key.get(StoreKey(store, at))
        if holder is None or not holder.is_filled or not missing:
            return None
        return holder, missing, known.store.is_there(store, missing)

    def _gone(self, known: Knowledge, store: int, path: str) -> tuple[StoreNode, str, bool] | None:
        """The same for a row that has to go: what stood above it only for its sake goes with it."""
        while above(path) and not known.store.is_there(store, above(path)):
            path = above(path)
        parent = self._by_key.get(StoreKey(store, above(path)))
        return None if parent is None else (parent, path, False)

    def _let_in(
        self,
        parent: StoreNode,
        key: StoreKey,
        coming: dict[Key | None, tuple[StoreNode | None, dict[Key, StoreNode]]],
        crowded: dict[StoreKey, StoreNode],
    ) -> None:
        above_key = StoreKey(key.store, above(key.path))
        if above_key in crowded or key in coming.get(above_key, (None, {}))[1]:
            return
        name = last_part(above_key.path, key.path)
        prefix = list_of(name)[0]
        group = self._group_for(parent, above_key, key.path)
        if group is None:
            parent.counts[prefix] = parent.counts.get(prefix, 0) + 1
            if is_too_many(prefix, parent.counts[prefix]):
                crowded[above_key] = parent
            else:
                coming.setdefault(above_key, (parent, {}))[1][key] = self._path_node(
                    key.store, above_key.path, key.path
                )
            return
        holder = self._by_key.get(group) or coming.get(above_key, (None, {}))[1].get(group)
        if holder is None:
            holder = StoreNode(group, order_of_group(group))
            coming.setdefault(above_key, (parent, {}))[1][group] = holder
        if key.path not in holder.members:
            holder.members.add(key.path)
            parent.counts[prefix] = parent.counts.get(prefix, 0) + 1
            if holder.is_filled:
                coming.setdefault(group, (holder, {}))[1][key] = self._path_node(key.store, above_key.path, key.path)

    def _take_off(self, parent: StoreNode, key: StoreKey) -> StoreNode | None:
        """Forget a path that went; gives the row to remove."""
        above_key = StoreKey(key.store, above(key.path))
        name = last_part(above_key.path, key.path)
        prefix = list_of(name)[0]
        node = self._by_key.get(key)
        group = self._group_for(parent, above_key, key.path)
        holder = self._by_key.get(group) if group is not None else None
        if holder is None and node is None:
            return None
        if holder is not None and key.path in holder.members:
            holder.members.discard(key.path)
            self._lower(parent, prefix)
            return node if holder.members else holder
        if node is not None:
            self._lower(parent, prefix)
        return node

    def _remove_tops(self, nodes: list[StoreNode]) -> None:
        """Remove rows, of which some may stand below others."""
        serials = {node.serial for node in nodes}
        tops = {node.serial: node for node in nodes if not _stands_below(node, serials)}
        self.remove(tops.values())

    @staticmethod
    def _lower(parent: StoreNode, prefix: str) -> None:
        """One fewer. A list that was grouped once stays so: rows that jump out of groups would help nobody."""
        count = parent.counts.get(prefix, 0)
        if not (is_too_many(prefix, count) and not is_too_many(prefix, count - 1)):
            parent.counts[prefix] = max(count - 1, 0)

    def refill(self, node: StoreNode) -> None:
        """Arrange anew what is right below a row: a list has become long."""
        self.remove(list(_children(node)))
        node.is_filled = False
        self.unfold(node)

    def touch(self, keys: set[Any] | None, on_screen: Sequence[QModelIndex]) -> list[StoreNode]:
        """These rows (None: all) may show something else; gives the paths on screen whose value did change."""
        self._version += 1
        changed: set[Any] = set()
        news: list[StoreNode] = []
        for index in on_screen:
            node = self.node_at(index)
            if node is None or not (keys is None or node.key in keys or not self._is_leaf(node)):
                continue
            before, node.row_now = node.row_now, self._row(node)
            node.version = self._version
            if node.row_now != before:
                changed.add(node.key)
            if keys is not None and node.key in keys:
                news.append(node)
        if changed:
            self.signal(changed, on_screen)
        return news

    def _is_leaf(self, node: StoreNode) -> bool:
        """Whether nothing below it could change what its row says."""
        key = key_of(node)
        return isinstance(key, StoreKey) and self._known is not None and not self._known.store.values_below(*key)

    # ---- questions

    @property
    def is_flat(self) -> bool:
        """Whether it shows what a filter found."""
        return self._is_flat

    def entry_at(self, index: Index) -> tuple[StoreKey, StoreEntry] | None:
        """The path of a row and its entry; None for what never had a value."""
        node = self.node_at(index)
        key = key_of(node) if node is not None else None
        if self._known is None or not isinstance(key, StoreKey):
            return None
        entry = self._known.store.get(key.store, key.path)
        return None if entry is None or (entry.removed and not self._is_flat) else (key, entry)

    def rows_below(self, key: StoreKey) -> int:
        """How many rows unfolding a path would make, more or less."""
        return len(self._known.store.below(key.store, key.path)) if self._known is not None else 0

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        if not parent.isValid():
            return bool(self.root.children)
        node = self.node_at(parent)
        if node is None or self._is_flat:
            return False
        if node.is_filled:
            return bool(node.children)
        key = key_of(node)
        return bool(node.members) if isinstance(key, GroupKey) else self._values_below(key) > 0

    def _values_below(self, key: StoreKey) -> int:
        return self._known.store.values_below(key.store, key.path) if self._known is not None else 0

    # ---- cells

    def retheme(self) -> None:
        """Take fonts and colours from the theme."""
        self._figures = tabular(self._theme.font("ui"))
        self._mono = self._theme.font("mono")
        self._struck = QFont(self._theme.font("ui"))
        self._struck.setStrikeOut(True)
        self._muted = self._theme.color("text_muted")
        self._version += 1

    def cell(self, node: StoreNode, column: Column, role: int) -> Any:
        row = node.row_now
        if row is None or node.version != self._version:
            row = node.row_now = self._row(node)
            node.version = self._version
        waits = self.waits_for(node.key) if column.id == "value" and not row.aside else ""
        if role == DISPLAY:
            text = row.texts[NUMBER[column.id]]
            return f"{text} → {waits}, sent" if waits else text
        if role == FOREGROUND:
            return self._theme.color("waiting") if waits else self._colour(row, column)
        if role == DECORATION:
            return self._icon(row, column)
        if role == FONT:
            return self._font(row, column)
        if role == TOOL_TIP:
            return plain_tip(row.tip)
        if role == ACCESSIBLE_TEXT:
            if waits:
                return f"{row.texts[NUMBER[column.id]]}, {waits} was sent and has not come back yet"
            return row.texts[NUMBER[column.id]] or f"no {column.title.lower()}"
        return None

    def _row(self, node: StoreNode) -> StoreRow:
        known, key = self._known, key_of(node)
        if known is None:
            return NO_ROW
        if isinstance(key, GroupKey):
            names = sorted((last_part(key.parent, path) for path in node.members), key=order_of)
            return group_row(known, key, names[0], names[-1], len(names)) if names else NO_ROW
        return path_row(known, key, whole=self._is_flat, several=len(known.store) > 1)

    def _colour(self, row: StoreRow, column: Column) -> QColor | None:
        if row.aside:
            return self._muted if column.id != "path" else None
        if row.removed:
            return self._muted
        if column.id == "value":
            return self._theme.color("accent") if row.link else None
        return self._muted if column.id != "path" else None

    def _icon(self, row: StoreRow, column: Column) -> QIcon | None:
        return self._icons.icon(row.icon, "text_muted") if column.id == "path" and row.icon else None

    def _font(self, row: StoreRow, column: Column) -> QFont | None:
        if column.id == "value" and not row.aside:
            return self._mono
        if column.id == "path" and row.removed:
            return self._struck
        return self._figures if column.right else None


def _stands_below(node: Node, serials: set[int]) -> bool:
    """Whether one of these rows is above a row."""
    holder = node.parent
    while holder is not None:
        if holder.serial in serials:
            return True
        holder = holder.parent
    return False


def _children(node: StoreNode) -> Iterable[StoreNode]:
    return [child for child in node.children if isinstance(child, StoreNode)]
