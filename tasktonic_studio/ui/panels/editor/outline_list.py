"""The outline beside the text: classes, their states and sparkles, functions. Follows the caret; Enter goes there."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from tasktonic_studio.analysis.outline import Item
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens

_LINES: Final = Qt.ItemDataRole.UserRole
_KEY: Final = Qt.ItemDataRole.UserRole + 1
_LEAST_WIDTH_PX: Final = 150
NOTHING: Final = "No class and no function in this text yet."


class _Row(NamedTuple):
    """One row of the tree; the parent is the number of another one, -1 for none."""

    parent: int
    words: str
    line: int
    last: int


class OutlineList(QWidget):
    """Made and owned by the editor's view."""

    chosen = Signal(int)
    """Somebody wants to go to this line."""
    left = Signal()
    """Somebody wants to go back to the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: tuple[Item, ...] = ()
        self._line = 0
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
        if items == self._items and self.tree.topLevelItemCount():
            return
        self._items = items
        rows = _rows(items)
        if not self._took_lines(rows):
            self._build(rows)
        self._narrow()
        self.follow(self._line)

    def follow(self, line: int) -> None:
        """The caret is in this line: choose the innermost thing around it."""
        self._line = line
        if self.tree.hasFocus():
            return
        found: QTreeWidgetItem | None = None
        for row in self._all():
            first, last = row.data(0, _LINES)
            if first <= line <= last and not row.isHidden():
                found = row
        if found is not self.tree.currentItem():
            self.tree.setCurrentItem(found) if found is not None else self.tree.clearSelection()

    def _took_lines(self, rows: list[_Row]) -> bool:
        """Most edits only move things: then rows get new lines, and nothing is built anew."""
        mine = list(self._all())
        if [row.text(0) for row in mine] != [row.words for row in rows] or not rows:
            return False
        if [row.data(0, _KEY) for row in mine] != _keys(rows):
            return False
        for widget_row, row in zip(mine, rows, strict=True):
            _fill(widget_row, row)
        return True

    def _build(self, rows: list[_Row]) -> None:
        folded = {row.data(0, _KEY) for row in self._all() if row.childCount() and not row.isExpanded()}
        self.tree.clear()
        made: list[QTreeWidgetItem] = []
        for row, key in zip(rows, _keys(rows), strict=True):
            widget_row = QTreeWidgetItem([row.words, ""])
            widget_row.setData(0, _KEY, key)
            _fill(widget_row, row)
            if row.parent >= 0:
                made[row.parent].addChild(widget_row)
            else:
                self.tree.addTopLevelItem(widget_row)
            made.append(widget_row)
        for widget_row in made:
            widget_row.setExpanded(widget_row.data(0, _KEY) not in folded)
        if not made:
            nothing = QTreeWidgetItem([NOTHING, ""])
            nothing.setData(0, _LINES, (0, -1))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            nothing.setFirstColumnSpanned(True)
            self.tree.addTopLevelItem(nothing)

    def _all(self) -> list[QTreeWidgetItem]:
        """Every row, in the order of `_rows`."""
        found: list[QTreeWidgetItem] = []
        waiting = [self.tree.topLevelItem(index) for index in reversed(range(self.tree.topLevelItemCount()))]
        while waiting:
            row = waiting.pop()
            if row is not None:
                found.append(row)
                waiting += [row.child(index) for index in reversed(range(row.childCount()))]
        return found

    def _narrow(self) -> None:
        """Hide what has not the words of the filter, and stands around nothing that has them."""
        wanted = self.filter.text().casefold()
        for row in reversed(self._all()):
            children = (row.child(index) for index in range(row.childCount()))
            inside = any(child is not None and not child.isHidden() for child in children)
            row.setHidden(not (wanted in row.text(0).casefold() or inside))

    def _go_to_first(self) -> None:
        wanted = self.filter.text().casefold()
        for row in self._all():
            if not row.isHidden() and wanted in row.text(0).casefold():
                self._on_activated(row)
                return

    def _on_activated(self, row: QTreeWidgetItem, _column: int = 0) -> None:
        line = row.data(0, _LINES)[0]
        if line > 0:
            self.chosen.emit(line)

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


def _fill(widget_row: QTreeWidgetItem, row: _Row) -> None:
    widget_row.setData(0, _LINES, (row.line, row.last))
    widget_row.setText(1, str(row.line))
    widget_row.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{row.words}, line {row.line}")


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
