"""The outline beside the text: classes, their states and sparkles, functions. Follows the caret; Enter goes there."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from tasktonic_studio.analysis.outline import Item
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens

_LEAST_WIDTH_PX: Final = 150
NOTHING: Final = "No class and no function in this text yet."


class _Row(NamedTuple):
    """One row of the tree; the parent is the number of another one, -1 for none."""

    parent: int
    words: str
    line: int
    last: int


class _Shown(QTreeWidgetItem):
    """A row in the tree. Most edits move all rows behind them: what is shown of a place is asked for when it is drawn."""

    def __init__(self, row: _Row, key: str) -> None:
        super().__init__([row.words])
        self.row = row
        self.key = key
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
        self._line = 0
        self._rows: list[_Shown] = []
        """All of them, each behind the one that it is in."""
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
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
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

    def show_items(self, items: tuple[Item, ...]) -> None:
        """Show an outline; what was folded stays so."""
        if items == self._items:
            return
        self._items = items
        digits = len(str(self._rows[-1].row.line)) if self._rows else 0
        self._take(_rows(items) or [_Row(-1, NOTHING, 0, -1)])
        if len(str(self._rows[-1].row.line)) != digits:
            self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.viewport().update()
        self._narrow()
        self.follow(self._line)

    def follow(self, line: int) -> None:
        """The caret is in this line: choose the innermost thing around it."""
        self._line = line
        if self.tree.hasFocus():
            return
        around = [it for it in self._rows if it.row.line <= line <= it.row.last and it.is_wanted]
        found = around[-1] if around else None
        if found is not self.tree.currentItem():
            self.tree.setCurrentItem(found) if found is not None else self.tree.clearSelection()

    def _take(self, rows: list[_Row]) -> None:
        """Show these rows. What stands at the top of the tree and is as it was, with all that is in it, only gets its lines anew."""
        keys = _keys(rows)
        mine, wanted = _tops([it.row for it in self._rows]), _tops(rows)
        before = [[it.key for it in self._rows[begin:end]] for begin, end in mine]
        after = [keys[begin:end] for begin, end in wanted]
        most = min(len(before), len(after))
        first = next((at for at in range(most) if before[at] != after[at]), most)
        last = next((at for at in range(most - first) if before[-1 - at] != after[-1 - at]), most - first)
        # Rows of the tree, and the same as numbers of `_rows` and of the new ones.
        gone, came = (first, len(before) - last), (first, len(after) - last)
        old_begin, old_end = _span(mine, *gone, len(self._rows))
        new_begin, new_end = _span(wanted, *came, len(rows))
        folded = {it.key for it in self._rows[old_begin:old_end] if it.childCount() and not it.isExpanded()}
        made = [_Shown(row, key) for row, key in zip(rows[new_begin:new_end], keys[new_begin:new_end], strict=True)]
        # Not `clear`: with many unfolded rows that takes minutes.
        self.tree.model().removeRows(gone[0], gone[1] - gone[0])
        self._rows[old_begin:old_end] = made
        for shown, row in zip(self._rows, rows, strict=True):
            shown.row = row
        for shown in made:
            if shown.row.parent >= 0:
                self._rows[shown.row.parent].addChild(shown)
        self.tree.insertTopLevelItems(first, [it for it in made if it.row.parent < 0])
        for shown in made:
            if shown.row.words == NOTHING:
                shown.setFlags(Qt.ItemFlag.NoItemFlags)
                shown.setFirstColumnSpanned(True)
            elif shown.childCount():
                shown.setExpanded(shown.key not in folded)

    def _narrow(self) -> None:
        """Hide what has not the words of the filter, and stands around nothing that has them."""
        words = self.filter.text().casefold()
        is_wanted = [words in it.row.words.casefold() for it in self._rows] if words else [True] * len(self._rows)
        for number in range(len(self._rows) - 1, -1, -1):
            shown = self._rows[number]
            if is_wanted[number] and shown.row.parent >= 0:
                is_wanted[shown.row.parent] = True
            if shown.is_wanted != is_wanted[number]:
                shown.is_wanted = is_wanted[number]
                shown.setHidden(not shown.is_wanted)

    def _go_to_first(self) -> None:
        wanted = self.filter.text().casefold()
        found = next((it for it in self._rows if it.is_wanted and wanted in it.row.words.casefold()), None)
        if found is not None:
            self._on_activated(found)

    def _on_activated(self, row: QTreeWidgetItem, _column: int = 0) -> None:
        if isinstance(row, _Shown) and row.row.line > 0:
            self.chosen.emit(row.row.line)

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


def _tops(rows: list[_Row]) -> list[tuple[int, int]]:
    """From where to where each row that stands in no other goes, with all that is in it."""
    begins = [number for number, row in enumerate(rows) if row.parent < 0]
    return list(pairwise([*begins, len(rows)]))


def _span(tops: list[tuple[int, int]], first: int, end: int, count: int) -> tuple[int, int]:
    """The numbers of all rows in these of the top."""
    return (
        (tops[first][0], tops[end - 1][1])
        if first < end
        else ((tops[first][0],) * 2 if first < len(tops) else (count,) * 2)
    )


def _keys(rows: list[_Row]) -> list[str]:
    """A name for each row that outlives an edit elsewhere."""
    keys: list[str] = []
    for row in rows:
        keys.append(f"{keys[row.parent] if row.parent >= 0 else ''}/{row.words}")
    return keys


def _rows(items: tuple[Item, ...]) -> list[_Row]:
    """What the tree shows, each row behind the one that it is in: sparkles of one state under a row for the state."""
    children: dict[int, list[int]] = {}
    around: list[int] = []
    for number, item in enumerate(items):
        del around[item.depth :]
        children.setdefault(around[-1] if around else -1, []).append(number)
        around.append(number)
    rows: list[_Row] = []

    def add(number: int, parent: int) -> None:
        item = items[number]
        words = f"class {item.name}" if item.kind == "class" else item.called or item.name
        rows.append(_Row(parent, words, item.line, item.last))
        add_all(children.get(number, []), len(rows) - 1)

    def add_all(numbers: list[int], parent: int) -> None:
        by_state: dict[str, list[int]] = {}
        for number in numbers:
            by_state.setdefault(items[number].state, []).append(number)
        for number in by_state.pop("", []):
            add(number, parent)
        for state, mine in by_state.items():
            first = items[mine[0]].line
            rows.append(_Row(parent, f"state {state}", first, -1))
            group = len(rows) - 1
            for number in mine:
                add(number, group)

    add_all(children.get(-1, []), -1)
    return rows
