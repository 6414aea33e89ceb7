"""A tree of plain nodes as a Qt model, with stable identity and changes in batches.

The truth lives elsewhere; a node is one row of it. What makes this fast with ten thousand rows that change five thousand
times a second: only rows on screen are signalled, one row at a time. (A wide range in `dataChanged` makes the view walk
every index of it through Python, which took sixteen times as much.)
"""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.item_models.roles import ALIGNMENT, KEY, Column, Index, heading, is_unanswered

_UNNUMBERED = sys.maxsize
_FEW = 4
"""So many moves are told one by one."""
_order = attrgetter("order")


class Node:
    """One row of a tree. ``key`` is its identity, ``order`` its place among its siblings.

    Two siblings may not have the same order. The rest belongs to the model that made it.
    """

    __slots__ = ("children", "key", "numbered", "order", "parent", "row", "serial")

    def __init__(self, key: Hashable, order: tuple[int | str, ...]) -> None:
        self.key = key
        self.order = order
        self.parent: Node | None = None
        # Most rows of a large tree have none: a list for each would be as many things for the garbage collector to look at.
        self.children: Sequence[Node] = ()
        self.serial = 0
        # Rows are numbered when somebody asks: of the children only the first `numbered` have a valid `row`.
        self.row = _UNNUMBERED
        self.numbered = 0

    def position(self) -> int:
        """Which child of its parent it is."""
        parent = self.parent
        if parent is None:
            return 0
        if self.row >= parent.numbered:
            for row in range(parent.numbered, len(parent.children)):
                parent.children[row].row = row
            parent.numbered = len(parent.children)
        return self.row

    def own_children(self) -> list[Node]:
        """Its children, to be changed."""
        if not isinstance(self.children, list):
            self.children = []
        return self.children

    def let_go(self) -> None:
        """It is no row any more. Rows know those above and below: else all that were removed would wait for the garbage collector."""
        self.parent = None
        self.children = ()
        self.numbered = 0

    def walk(self) -> Iterator[Node]:
        """The node and all below it, parents first."""
        pending = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(reversed(node.children))


N = TypeVar("N", bound=Node)


class TreeModel(QAbstractItemModel, Generic[N]):
    """Base of the models of trees. A subclass says what a cell shows (`cell`) and which nodes there are (`add`, …).

    Owned by the panel that made it. Qt thread only.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.root = Node(None, ())
        self._by_key: dict[Hashable, N] = {}
        # An index carries a number, not the address of a node: one that outlives its node finds nothing instead of
        # whatever lies at that address by then.
        self._by_serial: dict[int, N] = {}
        self._last_serial = 0

    # ---- what a subclass says

    def cell(self, node: N, column: Column, role: int) -> Any:
        """What ``column`` of ``node`` has for ``role``. Called for rows on screen, for every role: answer fast."""
        raise NotImplementedError

    # ---- nodes

    def node(self, key: Hashable) -> N | None:
        """The node with this identity."""
        return self._by_key.get(key)

    def node_at(self, index: Index) -> N | None:
        """The node of an index, None for an index that is no longer valid."""
        return self._by_serial.get(index.internalId()) if index.isValid() else None

    def keys(self) -> Iterable[Hashable]:
        """The identities of all rows."""
        return self._by_key.keys()

    def index_of(self, key: Hashable, column: int = 0) -> QModelIndex:
        """The index of a node by its identity, an invalid one when there is none."""
        node = self._by_key.get(key)
        return QModelIndex() if node is None else self._index(node, column)

    def add(self, parent: N | None, nodes: Iterable[N]) -> None:
        """Insert new nodes below ``parent`` (None: at the top), each at the place its order gives.

        Nodes that end up side by side are one insertion for the view.
        """
        above: Node = self.root if parent is None else parent
        coming = sorted(nodes, key=_order)
        begin = 0
        while begin < len(coming):
            row = self._row_for(above, coming[begin])
            end = begin + 1
            if row == len(above.children):
                end = len(coming)
            else:
                barrier = above.children[row].order
                while end < len(coming) and coming[end].order < barrier:
                    end += 1
            self._insert(above, row, coming[begin:end])
            begin = end

    def remove(self, nodes: Iterable[N]) -> None:
        """Take nodes out, with all below them. Neighbours are one removal for the view."""
        rows: dict[int, tuple[Node, list[int]]] = {}
        for node in nodes:
            if node.parent is not None:
                rows.setdefault(node.parent.serial, (node.parent, []))[1].append(node.position())
        for above, positions in rows.values():
            positions.sort(reverse=True)
            last = first = positions[0]
            for position in positions[1:]:
                if position != first - 1:
                    self._remove(above, first, last)
                    last = position
                first = position
            self._remove(above, first, last)

    def move(self, node: N, parent: N | None) -> None:
        """Put a node, with all below it, under another parent. Selection and expansion go with it."""
        target: Node = self.root if parent is None else parent
        source = node.parent
        if source is None or source is target:
            return
        position = node.position()
        row = self._row_for(target, node)
        if not self.beginMoveRows(self._index(source), position, position, self._index(target), row):
            return
        del source.own_children()[position]
        source.numbered = min(source.numbered, position)
        node.row = _UNNUMBERED
        node.parent = target
        target.own_children().insert(row, node)
        target.numbered = min(target.numbered, row)
        self.endMoveRows()

    def move_all(self, moves: Sequence[tuple[N, N | None]]) -> None:
        """Put many nodes under other parents at once.

        A view lays itself out anew for every single move; here it does so once, and finds selection and expansion by the
        indexes it is told to replace.
        """
        if len(moves) <= _FEW:
            for node, parent in moves:
                self.move(node, parent)
            return
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        places = [(self._by_serial.get(index.internalId()), index.column()) for index in held]
        going = {node.serial for node, _ in moves}
        for source in {id(node.parent): node.parent for node, _ in moves}.values():
            if source is not None:
                source.children = [child for child in source.children if child.serial not in going]
                source.numbered = 0
        targets: dict[int, Node] = {}
        for node, parent in moves:
            target: Node = self.root if parent is None else parent
            node.parent = target
            node.row = _UNNUMBERED
            target.own_children().append(node)
            targets[id(target)] = target
        for target in targets.values():
            target.own_children().sort(key=_order)
            target.numbered = 0
        found = [QModelIndex() if node is None else self._index(node, column) for node, column in places]
        self.changePersistentIndexList(held, found)
        self.layoutChanged.emit()

    def clear(self) -> None:
        """Begin anew: another app, another moment, another filter."""
        self.beginResetModel()
        self._let_all_go(Node(None, ()))
        self.endResetModel()

    def _let_all_go(self, root: Node) -> None:
        self.root.let_go()
        for node in self._by_serial.values():
            node.let_go()
        self.root = root
        self._by_key.clear()
        self._by_serial.clear()

    def signal(self, keys: set[Any] | None, on_screen: Iterable[QModelIndex]) -> None:
        """Tell the view that the rows ``keys`` changed (None: any), as far as they are among those ``on_screen``."""
        last = len(self.columns) - 1
        for index in on_screen:
            node = self._by_serial.get(index.internalId())
            if node is not None and (keys is None or node.key in keys):
                first = self._index(node)
                self.dataChanged.emit(first, first.siblingAtColumn(last))

    def _row_for(self, parent: Node, node: Node) -> int:
        children = parent.children
        if not children or children[-1].order < node.order:
            return len(children)
        return bisect_left(children, node.order, key=_order)

    def _insert(self, above: Node, row: int, nodes: Sequence[N]) -> None:
        self.beginInsertRows(self._index(above), row, row + len(nodes) - 1)
        above.own_children()[row:row] = nodes
        above.numbered = min(above.numbered, row)
        for node in nodes:
            node.parent = above
            self._last_serial += 1
            node.serial = self._last_serial
            self._by_key[node.key] = node
            self._by_serial[node.serial] = node
        self.endInsertRows()

    def _remove(self, above: Node, first: int, last: int) -> None:
        self.beginRemoveRows(self._index(above), first, last)
        gone = above.children[first : last + 1]
        del above.own_children()[first : last + 1]
        above.numbered = min(above.numbered, first)
        for top in gone:
            for node in list(top.walk()):
                del self._by_serial[node.serial]
                del self._by_key[node.key]
                node.let_go()
        self.endRemoveRows()

    def _index(self, node: Node, column: int = 0) -> QModelIndex:
        return QModelIndex() if node is self.root else self.createIndex(node.position(), column, node.serial)

    # ---- what Qt asks

    # The next four are asked for every row whenever a view lays itself out, which is why they are short and, having
    # nothing in them that can fail, not guarded.

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        above = self._by_serial.get(parent.internalId()) if parent.isValid() else self.root
        if above is None or not 0 <= row < len(above.children) or not 0 <= column < len(self.columns):
            return QModelIndex()
        return self.createIndex(row, column, above.children[row].serial)

    def parent(self, index: Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        node = self._by_serial.get(index.internalId()) if index.isValid() else None
        if node is None or node.parent is None or node.parent is self.root:
            return QModelIndex()
        return self.createIndex(node.parent.position(), 0, node.parent.serial)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return len(self.root.children)
        node = self._by_serial.get(parent.internalId()) if parent.column() == 0 else None
        return 0 if node is None else len(node.children)

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        if not parent.isValid():
            return bool(self.root.children)
        node = self._by_serial.get(parent.internalId()) if parent.column() == 0 else None
        return node is not None and bool(node.children)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.columns)

    @guarded(None)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if is_unanswered(role):
            return None
        node = self._by_serial.get(index.internalId()) if index.isValid() else None
        if node is None:
            return None
        if role == KEY:
            return node.key
        column = self.columns[index.column()]
        if role == ALIGNMENT:
            return column.alignment
        return self.cell(node, column, role)

    @guarded(None)
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return heading(self.columns, section, orientation, role)
