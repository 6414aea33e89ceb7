"""The tree of the stores: folds that keep, one selection, and changed values that light up once and fade."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyleOptionViewItem, QTreeView, QWidget

from tasktonic_studio.ui.guard import report_once
from tasktonic_studio.ui.panels.store.arrangement import GroupKey, Key, StoreKey
from tasktonic_studio.ui.panels.store.model import StoreModel, StoreNode, key_of
from tasktonic_studio.ui.panels.store.rows import COLUMNS
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.columns import ColumnFit
from tasktonic_studio.ui.widgets.rows_on_screen import rows_on_screen
from tasktonic_studio.ui.widgets.scroll_bars import keep_place

_OPEN_ROWS: Final = 100
"""What has more rows right below it is not opened by itself."""
FADE_S: Final = 1.2
_FADE_MS: Final = 80
_BRIGHTEST: Final = 70


class StoreTree(QTreeView):
    """Shows a `StoreModel`. Owned by the panel's widget."""

    chosen = Signal(object)
    """The user chose a row: its `StoreKey`, None for a group."""
    pointed = Signal(object)
    """The pointer is over the row of this `StoreKey`; None when it is over none."""
    opened = Signal(object)
    """Enter or a double click on the row of a value."""

    def __init__(self, model: StoreModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._store = model
        self._quiet = False
        self._open: set[Key] = set()
        self._closed: set[Key] = set()
        self._lit: set[StoreNode] = set()
        self.hovered: StoreKey | None = None
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setIndentation(tokens.SPACE_PX + tokens.SMALL_SPACE_PX)
        self.setExpandsOnDoubleClick(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
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
        self._fading = QTimer(self)
        self._fading.setInterval(_FADE_MS)
        self._fading.timeout.connect(self._fade)
        self.setMouseTracking(True)
        self.entered.connect(self._on_entered)
        self.viewportEntered.connect(self._on_left)
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_opened)
        self.expanded.connect(self._on_expanded)
        self.collapsed.connect(self._on_collapsed)
        self.retheme()

    # ---- for the panel

    def touch(self, keys: set[Any] | None, *, light: bool = False) -> None:
        """Show these rows (None: all) anew, as far as they are on screen; with ``light`` they light up once."""
        news = self._store.touch(keys, rows_on_screen(self))
        if light and news:
            now = time.monotonic()
            for node in news:
                # One that is lit goes on fading: a value that changes all the time must not flicker.
                if now - node.lit_s > FADE_S:
                    node.lit_s = now
                    self._lit.add(node)
            if self._lit and not self._fading.isActive():
                self._fading.start()
                self._fade()

    @property
    def lit(self) -> set[Key]:
        """The rows that are fading at the moment."""
        return {key_of(node) for node in self._lit}

    def stop_fading(self) -> None:
        """Nothing is lit any more."""
        self._fading.stop()
        self._lit.clear()

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """What happens to selection and folds in here was not done by the user."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def open_new(self, nodes: Iterable[StoreNode]) -> None:
        """Rows that are new: open them as far as a first glance wants it, or as the user had them."""
        with self.quietly():
            pending = list(nodes)
            while pending:
                node = pending.pop()
                index = self._store.index_of(node.key)
                if index.isValid() and self._wants_open(node):
                    pending += self._store.unfold(node)
                    self.setExpanded(index, True)

    def show_selected(self, key: StoreKey | None, *, reveal: bool) -> None:
        """Mark a path as the selected one, because it was selected anywhere; None for none of them."""
        with self.quietly():
            node = None if key is None else self._store.reveal(key) if reveal else self._store.node(key)
            index = QModelIndex() if node is None else self._store.index_of(node.key)
            if not index.isValid():
                self.selectionModel().clear()
                return
            if reveal:
                self.scrollTo(index)
            if index != self.currentIndex().siblingAtColumn(0) or not self.selectionModel().hasSelection():
                self.setCurrentIndex(index)

    def top_key(self) -> Any:
        """The identity of the first row on screen."""
        node = self._store.node_at(self.indexAt(self.viewport().rect().topLeft()))
        return None if node is None else node.key

    def scroll_to_key(self, key: Any) -> None:
        """Put this row at the top, if it is there."""
        index = self._store.index_of(key) if key is not None else QModelIndex()
        if index.isValid():
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)

    def retheme(self) -> None:
        """Measure and paint in the theme's fonts and colours."""
        self._store.retheme()
        self.columns.measure(self._theme.font("ui"), self._theme.font("mono"), 2 * self.indentation())
        self.viewport().update()

    # ---- what Qt asks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.fit(self.viewport().width())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        # Not `currentChanged`: merely getting the focus makes a row current, and that is nobody's choice.
        if not self._quiet and selected.indexes():
            self._tell_chosen(self.currentIndex())

    def drawRow(
        self, painter: QPainter, options: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        try:
            self._paint_ground(painter, index)
        except Exception as problem:
            report_once("StoreTree.drawRow", problem)
        super().drawRow(painter, options, index)

    def _paint_ground(self, painter: QPainter, index: QModelIndex | QPersistentModelIndex) -> None:
        node = self._store.node_at(index)
        if node is None or not (node in self._lit or node.key == self.hovered):
            return
        row = self.visualRect(self._store.index_of(node.key))
        area = (0, row.top(), self.viewport().width(), row.height())
        if node.key == self.hovered:
            painter.fillRect(*area, self._theme.color("hover"))
        if node in self._lit:
            left = 1 - (time.monotonic() - node.lit_s) / FADE_S
            colour = QColor(self._theme.color("accent"))
            colour.setAlpha(max(0, round(_BRIGHTEST * left)))
            painter.fillRect(*area, colour)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_opened(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._on_left()

    # ---- inside

    def _fade(self) -> None:
        now = time.monotonic()
        for node in list(self._lit):
            index = self._store.index_of(node.key)
            if now - node.lit_s > FADE_S or not index.isValid():
                self._lit.discard(node)
            if index.isValid():
                row = self.visualRect(index)
                self.viewport().update(0, row.top(), self.viewport().width(), row.height())
        if not self._lit:
            self._fading.stop()

    def _key_at(self, index: QModelIndex) -> StoreKey | None:
        node = self._store.node_at(index)
        key = None if node is None else key_of(node)
        return key if isinstance(key, StoreKey) else None

    def _tell_chosen(self, index: QModelIndex) -> None:
        self.chosen.emit(self._key_at(index))

    def _on_entered(self, index: QModelIndex) -> None:
        self.pointed.emit(self._key_at(index))

    def _on_left(self) -> None:
        self.pointed.emit(None)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._tell_chosen(index)

    def _on_opened(self, index: QModelIndex) -> None:
        found = self._store.entry_at(index)
        if found is not None:
            self.opened.emit(found[0])
        else:
            first = index.siblingAtColumn(0)
            self.setExpanded(first, not self.isExpanded(first))

    def _on_expanded(self, index: QModelIndex) -> None:
        node = self._store.node_at(index)
        if node is None:
            return
        self._note(node, self._open, self._closed)
        if not node.is_filled:
            self.open_new(self._store.unfold(node))

    def _on_collapsed(self, index: QModelIndex) -> None:
        node = self._store.node_at(index)
        if node is not None:
            self._note(node, self._closed, self._open)

    def _note(self, node: StoreNode, into: set[Key], out_of: set[Key]) -> None:
        if not self._quiet and not self._store.is_flat:
            into.add(key_of(node))
            out_of.discard(key_of(node))

    def _wants_open(self, node: StoreNode) -> bool:
        key = key_of(node)
        if key in self._closed or isinstance(key, GroupKey):
            return key in self._open
        if key in self._open or not key.path:
            return True
        known_below = self._store.rows_below(key)
        return "/" not in key.path and 0 < known_below <= _OPEN_ROWS
