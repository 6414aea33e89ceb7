"""The outline beside the text: classes, their states and sparkles, functions. Follows the caret; Enter goes there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.analysis.outline import Item
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.differing import differing
from tasktonic_studio.ui.panels.editor.outline_rows import Row, blocks_of, keys_of
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets.in_portions import InPortions

_LEAST_WIDTH_PX: Final = 150
NOTHING: Final = "No class and no function in this text yet."
LOOKING: Final = "The text is being looked through."
_PORTION: Final = 1_000
"""Rows that come or go at a time."""
_Keys = tuple[str, ...]


class _Shown(QTreeWidgetItem):
    """A row in the tree. Most edits move all rows behind them: what is shown of a place is asked for when it is drawn."""

    def __init__(self, row: Row, key: str, above: _Shown | None) -> None:
        super().__init__([row.words])
        self.row = row
        self.key = key
        self.above = above
        self.was_unfolded = False
        """Once, when the first rows in it came."""
        self.is_wanted = True

    @guarded(None)
    def data(self, column: int, role: int) -> Any:
        if column == 1 and role == Qt.ItemDataRole.DisplayRole:
            return str(self.row.line) if self.row.line else ""
        if column == 0 and role == Qt.ItemDataRole.AccessibleTextRole and self.row.line:
            return f"{self.row.words}, line {self.row.line}"
        return super().data(column, role)


class OutlineList(QWidget):
    """Made and owned by the editor's view."""

    chosen = Signal(int)
    """Somebody wants to go to this line."""
    left = Signal()
    """Somebody wants to go back to the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[Item, ...] | None = None
        self._line = self._last_line = 0
        self._blocks: list[list[_Shown]] = []
        """For each row at the top: that row and all that are in it, each behind the one that it is in."""
        self._keys: list[_Keys] = []
        """Theirs."""
        self._folded: set[str] = set()
        """Keys of rows that were folded and have gone: those that come back are. Kept here, since another outline may come meanwhile."""
        self._lost: tuple[str, QTreeWidgetItem | None] | None = None
        """The key of the chosen row, when that had to go, and the one that Qt has chosen instead."""
        self._work = InPortions(self)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Filter")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Filter the outline")
        self.tree = QTreeWidget(self)
        self.tree.setAccessibleName("Outline of the file: classes, states, sparkles")
        self.tree.setHeaderHidden(True)
        self.tree.setColumnCount(2)
        self.tree.setUniformRowHeights(True)
        self.tree.setIndentation(14)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        # Not by its contents: Qt would ask for a thousand of them whenever a row comes.
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(tokens.SMALL_SPACE_PX, tokens.SMALL_SPACE_PX, tokens.SMALL_SPACE_PX, 0)
        layout.setSpacing(tokens.SMALL_SPACE_PX)
        layout.addWidget(self.filter)
        layout.addWidget(self.tree, 1)
        self.setMinimumWidth(_LEAST_WIDTH_PX)
        self.filter.textChanged.connect(self._narrow)
        self.filter.returnPressed.connect(self._go_to_first)
        self.tree.itemActivated.connect(self._on_activated)
        self.tree.itemClicked.connect(self._on_activated)
        for widget in (self.filter, self.tree):
            widget.installEventFilter(self)

    def show_items(self, items: tuple[Item, ...] | None) -> None:
        """Show an outline, a long one in portions; what was folded stays so. None for one that is not known yet."""
        if self._keys and items == self._items:
            return
        self._items = items
        self._work.start(self._taking(items))

    def follow(self, line: int) -> None:
        """The caret is in this line: choose the innermost thing around it."""
        self._line = line
        if self.tree.hasFocus():
            return
        number = bisect_right(self._blocks, line, key=lambda block: block[0].row.line) - 1
        block = self._blocks[number] if number >= 0 else []
        around = [it for it in block if it.row.line <= line <= it.row.last and it.is_wanted]
        found = around[-1] if around else None
        if found is not self.tree.currentItem():
            self.tree.setCurrentItem(found) if found is not None else self.tree.clearSelection()

    def finish(self) -> None:
        """The window closes for good."""
        self._work.stop()

    def rows(self) -> Iterator[_Shown]:
        """All rows, each behind the one that it is in."""
        return chain.from_iterable(self._blocks)

    # ---- another outline

    def _taking(self, items: tuple[Item, ...] | None) -> Iterator[None]:
        """Show these, in portions. What stands at the top and is as it was, with all that is in it, only gets its lines anew."""
        blocks = (yield from blocks_of(items or ())) or [[Row(-1, LOOKING if items is None else NOTHING, 0, -1)]]
        keys: list[_Keys] = []
        for block in blocks:
            keys.append(keys_of(block))
            if len(keys) % _PORTION == 0:
                yield
        first, end, end_of_new = differing(self._keys, keys)
        kept = self._blocks[:first] + self._blocks[end:]
        for mine, rows in zip(kept, blocks[:first] + blocks[end_of_new:], strict=True):
            for shown, row in zip(mine, rows, strict=True):
                shown.row = row
        self._last_line = max(row.line for row in blocks[-1])
        self._fit_lines()
        yield from self._take_out(first, end)
        yield from self._put_in(first, zip(blocks[first:end_of_new], keys[first:end_of_new], strict=True))
        self._folded.clear()
        self.tree.viewport().update()
        self._narrow()
        self._choose_lost()
        self.follow(self._line)

    def _take_out(self, first: int, end: int) -> Iterator[None]:
        """Take these at the top away, the last ones first."""
        while end > first:
            begin, rows = end, 0
            while begin > first and rows < _PORTION:
                begin -= 1
                rows += len(self._blocks[begin])
            gone = list(chain.from_iterable(self._blocks[begin:end]))
            self._folded.update(it.key for it in gone if it.childCount() and not it.isExpanded())
            chosen = self.tree.currentItem()
            lost = next((it.key for it in gone if it is chosen), None)
            if lost is not None and self._lost is not None and chosen is self._lost[1]:
                lost = self._lost[0]
            # Not `clear`: with many unfolded rows that takes minutes.
            self.tree.model().removeRows(begin, end - begin)
            del self._blocks[begin:end], self._keys[begin:end]
            if lost is not None:
                self._lost = lost, self.tree.currentItem()
            end = begin
            if end > first:
                yield

    def _put_in(self, at: int, blocks: Iterable[tuple[list[Row], _Keys]]) -> Iterator[None]:
        """Add these at the top; of one that has very many rows some at a time."""
        begun: list[tuple[list[_Shown], _Keys]] = []
        fresh: list[_Shown] = []
        for rows, keys in blocks:
            block: list[_Shown] = []
            begun.append((block, keys))
            for row, key in zip(rows, keys, strict=True):
                block.append(_Shown(row, key, block[row.parent] if row.parent >= 0 else None))
                fresh.append(block[-1])
                if len(fresh) == _PORTION:
                    at = self._insert(at, begun, fresh)
                    fresh.clear()
                    del begun[:-1]
                    yield
        self._insert(at, begun, fresh)

    def _insert(self, at: int, begun: list[tuple[list[_Shown], _Keys]], fresh: list[_Shown]) -> int:
        """Take these rows into the tree. They belong to the blocks that were begun; the first may be there by some of its rows."""
        for shown in fresh:
            if shown.above is not None:
                shown.above.addChild(shown)
        # Of one that is not whole yet no keys are known: another outline that comes meanwhile makes it anew.
        keys = [known if len(block) == len(known) else () for block, known in begun]
        is_there = at > 0 and bool(begun) and self._blocks[at - 1] is begun[0][0]
        if is_there:
            self._keys[at - 1] = keys[0]
        came = [block for block, _ in begun][is_there:]
        self.tree.insertTopLevelItems(at, [block[0] for block in came])
        self._blocks[at:at] = came
        self._keys[at:at] = keys[is_there:]
        for above in dict.fromkeys(it.above for it in fresh):
            if above is not None and not above.was_unfolded:
                above.was_unfolded = True
                above.setExpanded(above.key not in self._folded)
                self._folded.discard(above.key)
        for shown in fresh:
            if not shown.row.line:
                shown.setFlags(Qt.ItemFlag.NoItemFlags)
                shown.setFirstColumnSpanned(True)
        if self.filter.text():
            self._narrow()
        return at + len(came)

    def _choose_lost(self) -> None:
        """Choose the row that has come for the chosen one, if that had to go and nobody has chosen another one since."""
        lost, self._lost = self._lost, None
        if lost is not None and self.tree.currentItem() is lost[1]:
            found = next((it for it in self.rows() if it.key == lost[0]), None)
            if found is not None:
                self.tree.setCurrentItem(found)

    def _fit_lines(self) -> None:
        """Give the numbers of lines the room that the last one needs."""
        option = QStyleOptionViewItem()
        option.initFrom(self.tree)
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDisplay
        option.text = "0" * len(str(self._last_line))
        size = self.tree.style().sizeFromContents(QStyle.ContentsType.CT_ItemViewItem, option, QSize(), self.tree)
        self.tree.header().resizeSection(1, size.width() if self._last_line else 0)

    # ---- the filter

    def _narrow(self) -> None:
        """Hide what has not the words of the filter, and stands around nothing that has them."""
        words = self.filter.text().casefold()
        for block in self._blocks:
            around: set[_Shown | None] = set()
            for shown in reversed(block):
                is_wanted = not words or shown in around or words in shown.row.words.casefold()
                if is_wanted and words:
                    around.add(shown.above)
                if shown.is_wanted != is_wanted:
                    shown.is_wanted = is_wanted
                    shown.setHidden(not is_wanted)

    def _go_to_first(self) -> None:
        wanted = self.filter.text().casefold()
        found = next((it for it in self.rows() if it.is_wanted and wanted in it.row.words.casefold()), None)
        if found is not None:
            self._on_activated(found)

    def _on_activated(self, row: QTreeWidgetItem, _column: int = 0) -> None:
        if isinstance(row, _Shown) and row.row.line > 0:
            self.chosen.emit(row.row.line)

    @guarded(None)
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_lines()

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
                return True
            if watched is self.filter and event.key() == Qt.Key.Key_Down:
                self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False
