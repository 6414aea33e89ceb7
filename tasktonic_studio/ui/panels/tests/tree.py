"""The tree of tests: files, classes, tests, each with a word and a shape for how it went."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from tasktonic_studio.project.tests import BAD, Outcome, TestFacts, worst
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.shapes import Shapes

TEST, OUTCOME, TIME = range(3)
SHAPES: Final[dict[Outcome, str]] = {
    "not run": "idle",
    "running": "running",
    "passed": "ok",
    "failed": "error",
    "error": "error",
    "skipped": "ignored",
    "failed as expected": "ok",
    "passed unexpectedly": "warning",
    "crashed": "dead",
    "stopped": "paused",
}
_PATH: Final = Qt.ItemDataRole.UserRole
_SECOND: Final = 1_000_000_000
TestPath = tuple[str, ...]
_OPEN_FILES: Final = 12
"""With more files than that only those in which something went wrong are opened."""


class TestsTree(QTreeWidget):
    """Owned by the panel's view. Rows stand for paths: a file, a class in it, a test."""

    __test__ = False

    opened = Signal()
    """Enter, or a double click, on a test."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shapes = Shapes(theme, self)
        self._items: dict[TestPath, QTreeWidgetItem] = {}
        self._shown: dict[str, TestFacts] = {}
        self.setColumnCount(3)
        self.setHeaderLabels(["Test", "Outcome", "Time"])
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setExpandsOnDoubleClick(False)
        accessible.name(self, "Tests", "Enter shows the chosen one in the editor")
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(24)
        header.setSectionResizeMode(TEST, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(OUTCOME, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(TIME, QHeaderView.ResizeMode.ResizeToContents)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.itemDoubleClicked.connect(self._on_double_click)

    def show_tests(self, tests: Iterable[TestFacts]) -> None:
        """Show these, in this order; what is chosen and unfolded stays so."""
        wanted = {each.id: each for each in tests}
        if wanted.keys() != self._shown.keys():
            self._build(wanted)
        changed = {each.path for test, each in wanted.items() if self._shown.get(test) != each}
        self._shown = wanted
        for path in changed:
            self._draw(path)

    def choose(self, path: TestPath) -> None:
        """Choose a row; nothing when it is not there."""
        item = self._items.get(path)
        if item is not None:
            only_this = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.setCurrentItem(item, TEST, only_this)
            self.scrollToItem(item)

    @property
    def chosen(self) -> list[TestPath]:
        """The paths of the chosen rows."""
        return [self._path(item) for item in self.selectedItems()]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """All rows, parents first: what stands in them, without their times."""
        return [(item.text(TEST), item.text(OUTCOME)) for item in self._items.values()]

    def retheme(self) -> None:
        """Take on colours."""
        for path in list(self._items):
            self._draw(path, upwards=False)

    # ---- inside

    def _build(self, wanted: dict[str, TestFacts]) -> None:
        current = self.currentItem()
        at = self._path(current) if self._items and current is not None else ()
        closed = {path for path, item in self._items.items() if item.childCount() and not item.isExpanded()}
        known = set(self._items)
        self.clear()
        self._items = {}
        self._shown = {}
        for each in wanted.values():
            self._item(each.path)
        files = [path for path in self._items if len(path) == 1]
        for path, item in self._items.items():
            is_new = path not in known
            item.setExpanded(len(files) <= _OPEN_FILES if is_new else path not in closed)
        first = next(iter(self._items), ())
        self.choose(at if at in self._items else first)

    def _item(self, path: TestPath) -> QTreeWidgetItem:
        item = self._items.get(path)
        if item is None:
            item = QTreeWidgetItem(self._item(path[:-1]) if len(path) > 1 else self.invisibleRootItem())
            item.setText(TEST, path[-1])
            item.setToolTip(TEST, plain_tip(path[-1]))
            item.setData(TEST, _PATH, path)
            self._items[path] = item
        return item

    def _draw(self, path: TestPath, *, upwards: bool = True) -> None:
        """How a test went, and with it what it is in."""
        item = self._items.get(path)
        if item is None:
            return
        own = [each for each in self._shown.values() if each.path == path] if not item.childCount() else []
        if own:
            self._say(item, own[0].outcome, own[0].seconds)
        else:
            below = [each for row in range(item.childCount()) if (each := item.child(row)) is not None]
            outcome = worst(each.data(OUTCOME, _PATH) or "not run" for each in below)
            seconds = [each.data(TIME, _PATH) or 0.0 for each in below]
            self._say(item, outcome, sum(seconds) if any(seconds) else -1.0)
        if upwards and len(path) > 1:
            self._draw(path[:-1])

    def _say(self, item: QTreeWidgetItem, outcome: Outcome, seconds: float) -> None:
        item.setText(OUTCOME, outcome)
        item.setData(OUTCOME, _PATH, outcome)
        item.setIcon(OUTCOME, self._shapes.icon(SHAPES[outcome]))
        item.setText(TIME, figures.duration(round(seconds * _SECOND)) if seconds >= 0 else "")
        item.setData(TIME, _PATH, max(seconds, 0.0))
        item.setTextAlignment(TIME, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        name = item.text(TEST)
        item.setData(TEST, Qt.ItemDataRole.AccessibleTextRole, f"{name}, {outcome}")
        if outcome in BAD and item.childCount():
            item.setExpanded(True)

    @staticmethod
    def _path(item: QTreeWidgetItem) -> TestPath:
        return tuple(item.data(TEST, _PATH))

    def _on_double_click(self, _item: QTreeWidgetItem) -> None:
        self.opened.emit()

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)


def title_of(test: TestFacts) -> str:
    """What a test is called over its details: its name and where it is."""
    return f"{test.path[-1]} — {Path(test.file).name}, line {test.line}"


__all__ = ["OUTCOME", "SHAPES", "TEST", "TIME", "TestsTree", "title_of"]
