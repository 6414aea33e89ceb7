"""The tree of the stores: folds that keep, one selection, and changed values that light up once and fade."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tasktonic_studio.ui.item_models.roles import Index
from tasktonic_studio.ui.key_tree import KeyTree
from tasktonic_studio.ui.panels.store.arrangement import GroupKey, Key, StoreKey
from tasktonic_studio.ui.panels.store.model import StoreModel, StoreNode, key_of
from tasktonic_studio.ui.panels.store.rows import COLUMNS, NUMBER
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.rows_on_screen import rows_on_screen

_OPEN_ROWS: Final = 100
"""What has more rows right below it is not opened by itself."""
FADE_S: Final = 1.2
_FADE_MS: Final = 80
_BRIGHTEST: Final = 70


class StoreTree(KeyTree):
    """Shows a `StoreModel`; rows stand for paths by `StoreKey`. Owned by the panel's widget."""

    edit_wanted = Signal(object)
    """A double click on the value of this path."""

    def __init__(self, model: StoreModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(model, COLUMNS, theme, tokens.SPACE_PX + tokens.SMALL_SPACE_PX, parent)
        self._store = model
        self._by_key_press = False
        self._open: set[Key] = set()
        self._closed: set[Key] = set()
        self._lit: set[StoreNode] = set()
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._fading = QTimer(self)
        self._fading.setInterval(_FADE_MS)
        self._fading.timeout.connect(self._fade)
        self.retheme()

    def key_at(self, index: Index) -> StoreKey | None:
        node = self._store.node_at(index)
        key = None if node is None else key_of(node)
        return key if isinstance(key, StoreKey) else None

    def _on_opened(self, index: QModelIndex) -> None:
        key = self.opens(index)
        if key is not None and index.column() == NUMBER["value"] and not self._by_key_press:
            self.edit_wanted.emit(key)
        else:
            super()._on_opened(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter opens, whatever column is current; only a double click means the value under the pointer.
        self._by_key_press = True
        try:
            super().keyPressEvent(event)
        finally:
            self._by_key_press = False

    def opens(self, index: QModelIndex) -> StoreKey | None:
        found = self._store.entry_at(index)
        return None if found is None else found[0]

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
        self._give_names_room()

    def show_selected(self, key: StoreKey | None, *, reveal: bool) -> None:
        """Mark a path as the selected one, because it was selected anywhere; None for none of them."""
        with self.quietly():
            node = None if key is None else self._store.reveal(key) if reveal else self._store.node(key)
        self.show_index(QModelIndex() if node is None else self._store.index_of(node.key), reveal=reveal)

    def retheme(self) -> None:
        self._store.retheme()
        super().retheme()
        self._give_names_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_names_room()

    def _give_names_room(self) -> None:
        """The name of a store stands over all columns where it would be cut: beside it is only how many values it has."""
        room = self.columnWidth(0) - self.indentation()
        for row in range(self._store.rowCount()):
            index = self._store.index(row, 0)
            key = self.key_at(index)
            if key is None or key.path:
                return  # what a filter found: there are no stores
            self.setFirstColumnSpanned(row, QModelIndex(), self.sizeHintForIndex(index).width() > room)

    # ---- inside

    def paint_ground(self, painter: QPainter, area: tuple[int, int, int, int], index: Index) -> None:
        super().paint_ground(painter, area, index)
        node = self._store.node_at(index)
        if node in self._lit:
            left = 1 - (time.monotonic() - node.lit_s) / FADE_S
            colour = QColor(self._theme.color("accent"))
            colour.setAlpha(max(0, round(_BRIGHTEST * left)))
            painter.fillRect(*area, colour)

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

    def on_expanded(self, index: QModelIndex) -> None:
        node = self._store.node_at(index)
        if node is None:
            return
        self._note(node, self._open, self._closed)
        if not node.is_filled:
            self.open_new(self._store.unfold(node))

    def on_collapsed(self, index: QModelIndex) -> None:
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
