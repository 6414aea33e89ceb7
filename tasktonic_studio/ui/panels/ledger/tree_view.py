"""The tree of the ledger: what is open stays open, what is selected stays selected, and only what is seen costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyleOptionViewItem, QTreeView, QWidget

from tasktonic_studio.ui.item_models.roles import SHARE
from tasktonic_studio.ui.panels.ledger.arrangement import SERVICES, Key
from tasktonic_studio.ui.panels.ledger.model import LedgerModel, LedgerNode
from tasktonic_studio.ui.panels.ledger.rows import COLUMNS
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.columns import ColumnFit
from tasktonic_studio.ui.widgets.rows_on_screen import rows_on_screen
from tasktonic_studio.ui.widgets.scroll_bars import keep_place
from tasktonic_studio.ui.widgets.share_delegate import ShareDelegate

_OPEN_DEPTH: Final = 2
"""So many levels are open from the start; groups are not."""
_OPEN_IN_FILTER: Final = 400
"""With a filter everything found is open, unless it is more than this."""


class LedgerTree(QTreeView):
    """Shows a `LedgerModel`. Owned by the panel's widget."""

    chosen = Signal(object)
    """The user chose a row: the id of its essence, None for a group."""
    pointed = Signal(object)
    """The pointer is over the row of this essence; None when it is over none."""
    opened = Signal(object)
    """Enter or a double click on the row of an essence."""

    def __init__(self, model: LedgerModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ledger = model
        self._quiet = False
        self._opened_by_user: set[Key] = set()
        self._closed_by_user: set[Key] = set()
        self.filtering = False
        self.hovered = -1
        """The essence that is under the pointer in any panel: its row is lit."""
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setIndentation(2 * tokens.SPACE_PX)
        self.setExpandsOnDoubleClick(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        keep_place(self)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.header().setSectionsMovable(False)
        self.header().setSectionsClickable(False)
        self.columns = ColumnFit(self.header(), COLUMNS)
        rate = next(number for number, column in enumerate(COLUMNS) if column.id == "rate")
        self.setItemDelegateForColumn(rate, ShareDelegate(theme, SHARE, self))
        self.setMouseTracking(True)
        self.entered.connect(self._on_entered)
        self.viewportEntered.connect(self._on_left)
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_double_clicked)
        self.expanded.connect(self._on_expanded)
        self.collapsed.connect(self._on_collapsed)
        self.retheme()

    # ---- for the panel

    def touch(self, keys: set[Any] | None) -> None:
        """Show these rows (None: all) anew, as far as they are on screen."""
        self._ledger.touch(keys, rows_on_screen(self))

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """What happens to selection and folds in here was not done by the user."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

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

    def top_key(self) -> Any:
        """The identity of the first row on screen."""
        node = self._ledger.node_at(self.indexAt(self.viewport().rect().topLeft()))
        return None if node is None else node.key

    def scroll_to_key(self, key: Any) -> None:
        """Put this row at the top, if it is there."""
        index = self._ledger.index_of(key) if key is not None else QModelIndex()
        if index.isValid():
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)

    def show_selected(self, essence: int, *, reveal: bool) -> None:
        """Mark the row of an essence as the selected one, because it was selected anywhere; -1 for none of them."""
        index = self._ledger.index_of(essence)
        if index == self.currentIndex().siblingAtColumn(0) and index.isValid() == self.selectionModel().hasSelection():
            return
        with self.quietly():
            if not index.isValid():
                self.selectionModel().clear()
                return
            if reveal:
                self.scrollTo(index)
            self.setCurrentIndex(index)

    def retheme(self) -> None:
        """Measure and paint in the theme's fonts and colours."""
        self._ledger.retheme()
        extra = (_OPEN_DEPTH + 1) * self.indentation()
        self.columns.measure(self._theme.font("ui"), self._theme.font("mono"), extra)
        self.viewport().update()

    # ---- what Qt asks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.fit(self.viewport().width())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        # Not `currentChanged`: merely getting the focus makes a row current, and that is nobody's choice.
        if not self._quiet and selected.indexes():
            self.chosen.emit(self._ledger.essence_at(self.currentIndex()))

    def drawRow(
        self, painter: QPainter, options: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        # Behind the row: the style sheet leaves the ground of items alone, and the background role with it.
        if self.hovered >= 0 and self._ledger.essence_at(index) == self.hovered:
            row = self.visualRect(index.sibling(index.row(), 0))
            painter.fillRect(0, row.top(), self.viewport().width(), row.height(), self._theme.color("hover"))
        super().drawRow(painter, options, index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._on_left()

    # ---- inside

    def _on_entered(self, index: QModelIndex) -> None:
        self.pointed.emit(self._ledger.essence_at(index))

    def _on_left(self) -> None:
        self.pointed.emit(None)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self._ledger.essence_at(index))

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self._open(index)

    def _open(self, index: QModelIndex) -> None:
        essence = self._ledger.essence_at(index)
        if essence is None:
            first = index.siblingAtColumn(0)
            self.setExpanded(first, not self.isExpanded(first))
        else:
            self.opened.emit(essence)

    def _on_expanded(self, index: QModelIndex) -> None:
        self._note(index, self._opened_by_user, self._closed_by_user)

    def _on_collapsed(self, index: QModelIndex) -> None:
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
