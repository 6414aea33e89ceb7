"""The tree of the ledger: what is open stays open, what is selected stays selected, and only what is seen costs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from tasktonic_studio.ui.item_models.roles import SHARE, Index
from tasktonic_studio.ui.key_tree import KeyTree
from tasktonic_studio.ui.panels.ledger.arrangement import SERVICES, Key
from tasktonic_studio.ui.panels.ledger.model import LedgerModel
from tasktonic_studio.ui.panels.ledger.node import LedgerNode
from tasktonic_studio.ui.panels.ledger.rows import COLUMNS
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.rows_on_screen import rows_on_screen
from tasktonic_studio.ui.widgets.share_delegate import ShareDelegate

_OPEN_DEPTH: Final = 2
"""So many levels are open from the start; groups are not."""
_OPEN_IN_FILTER: Final = 400
"""With a filter everything found is open, unless it is more than this."""


class LedgerTree(KeyTree):
    """Shows a `LedgerModel`; rows stand for essences by id. Owned by the panel's widget."""

    LEVELS = _OPEN_DEPTH + 1

    unfolded = Signal(object)
    """A group was opened, by the user or not: what is in it may have no rows yet."""

    def __init__(self, model: LedgerModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(model, COLUMNS, theme, 2 * tokens.SPACE_PX, parent)
        self._ledger = model
        self._opened_by_user: set[Key] = set()
        self._closed_by_user: set[Key] = set()
        self.filtering = False
        # Tonics of one class begin alike: they are told apart by how their names end.
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        rate = next(number for number, column in enumerate(COLUMNS) if column.id == "rate")
        self.setItemDelegateForColumn(rate, ShareDelegate(theme, SHARE, self))
        self.retheme()

    def key_at(self, index: Index) -> int | None:
        return self._ledger.essence_at(index)

    # ---- for the panel

    def touch(self, keys: set[Any] | None) -> None:
        """Show these rows (None: all) anew, as far as they are on screen."""
        self._ledger.touch(keys, rows_on_screen(self))

    def open_new(self, nodes: Iterable[LedgerNode]) -> None:
        """Rows that have something below them for the first time: open them as far as a first glance wants it."""
        with self.quietly():
            for node in nodes:
                if self._wants_open(node):
                    self.setExpanded(self._ledger.index_of(node.key), True)
            for key in self._ledger.take_new_headings():
                index = self._ledger.index_of(key)
                if index.isValid():
                    self.setFirstColumnSpanned(index.row(), index.parent(), True)

    def open_again(self) -> None:
        """After the model was filled anew: open what was open."""
        self.open_new([node for node in self._first_levels() if node.children])
        with self.quietly():
            for key in self._opened_by_user:
                index = self._ledger.index_of(key)
                if index.isValid():
                    self.setExpanded(index, True)

    def show_selected(self, essence: int, *, reveal: bool) -> None:
        """Mark the row of an essence as the selected one, because it was selected anywhere; -1 for none of them."""
        if reveal:
            self._open_above(essence)
        self.show_index(self._ledger.index_of(essence), reveal=reveal)

    def _open_above(self, essence: int) -> None:
        """Open the groups that an essence stands in. Before its index is taken: more rows come by that."""
        with self.quietly():
            self._ledger.reveal(essence)
            node = self._ledger.node(essence)
            above = node.parent if node is not None else None
            while above is not None and above is not self._ledger.root:
                if isinstance(above.key, tuple):
                    self.setExpanded(self._ledger.index_of(above.key), True)
                above = above.parent

    def retheme(self) -> None:
        self._ledger.retheme()
        super().retheme()

    # ---- inside

    def on_expanded(self, index: QModelIndex) -> None:
        self._note(index, self._opened_by_user, self._closed_by_user)
        node = self._ledger.node_at(index)
        if node is not None and isinstance(node.key, tuple):
            self.unfolded.emit(node.key)

    def on_collapsed(self, index: QModelIndex) -> None:
        self._note(index, self._closed_by_user, self._opened_by_user)

    def _note(self, index: QModelIndex, into: set[Key], out_of: set[Key]) -> None:
        node = self._ledger.node_at(index)
        if not self._quiet and not self.filtering and node is not None and isinstance(node.key, (int, tuple)):
            into.add(node.key)
            out_of.discard(node.key)

    def _wants_open(self, node: LedgerNode) -> bool:
        if self.filtering:
            return self._ledger.matches <= _OPEN_IN_FILTER
        if node.key in self._closed_by_user:
            return False
        depth = 0
        above = node.parent
        while above is not None and above is not self._ledger.root:
            depth += 1
            above = above.parent
        return depth < _OPEN_DEPTH and (isinstance(node.key, int) or node.key == SERVICES)

    def _first_levels(self) -> Iterable[LedgerNode]:
        """Nodes that may want to be open: with a filter all, else those near the top."""
        pending = [(node, 0) for node in self._ledger.root.children]
        for node, depth in pending:
            if isinstance(node, LedgerNode):
                yield node
                if self.filtering or depth + 1 < _OPEN_DEPTH:
                    pending.extend((child, depth + 1) for child in node.children)
