"""The tree of tests: files, classes, tests, each with a word and a shape for how it went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from tasktonic_studio.project.tests import BAD, Outcome, TestFacts, worst
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.theme.tokens import STEP_PX
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
_BESIDE_SHAPE_PX: Final = 14
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
        self._theme = theme
        self._shapes = Shapes(theme, self)
        self._items: dict[TestPath, QTreeWidgetItem] = {}
        self._shown: dict[str, TestFacts] = {}
        self._known: set[TestPath] = set()
        self._closed: set[TestPath] = set()
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
        self.headerItem().setTextAlignment(TIME, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.itemDoubleClicked.connect(self._on_double_click)

    def show_tests(self, tests: Iterable[TestFacts]) -> None:
        """Show these, in this order; what is chosen and unfolded stays so."""
        wanted = {each.id: each for each in tests}
        if wanted.keys() != self._shown.keys():
            self._build(wanted)
        shown, self._shown = self._shown, wanted
        above: set[TestPath] = set()
        for test, each in wanted.items():
            if shown.get(test) is not each and shown.get(test) != each:
                self._say(self._items[each.path], each.outcome, each.seconds)
                above.update(each.path[:end] for end in range(1, len(each.path)))
        self._sum_up(above, {each.path: each for each in wanted.values()})

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

    def say_outcomes(self, *, in_words: bool) -> None:
        """Say how it went with a word beside the shape, or by the shape alone where the names have no room; the tip has the word."""
        mode = QHeaderView.ResizeMode.ResizeToContents if in_words else QHeaderView.ResizeMode.Fixed
        self.header().setSectionResizeMode(OUTCOME, mode)
        if not in_words:
            self.header().resizeSection(OUTCOME, self._theme.icon_px() + _BESIDE_SHAPE_PX)

    def retheme(self) -> None:
        """Take on colours, and steps of the size of the text."""
        self.setIndentation(self._theme.icon_px(STEP_PX))
        for item in self._items.values():
            item.setIcon(OUTCOME, self._shapes.icon(SHAPES[item.data(OUTCOME, _PATH) or "not run"]))

    # ---- inside

    def _build(self, wanted: dict[str, TestFacts]) -> None:
        current = self.currentItem()
        at = self._path(current) if self._items and current is not None else ()
        chosen = self.chosen
        # Also of those that come back when the filter leaves them in again.
        self._closed -= self._items.keys()
        self._closed |= {path for path, item in self._items.items() if item.childCount() and not item.isExpanded()}
        self._known |= self._items.keys()
        self.clear()
        self._items = {}
        self._shown = {}
        for each in wanted.values():
            self._item(each.path)
        files = [path for path in self._items if len(path) == 1]
        for path, item in self._items.items():
            is_new = path not in self._known
            item.setExpanded(len(files) <= _OPEN_FILES if is_new else path not in self._closed)
        if at in self._items:
            self.setCurrentItem(self._items[at], TEST, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollToItem(self._items[at])
        self.blockSignals(True)  # who draws looks at what is chosen when all is there
        for path in chosen:
            if path in self._items:
                self._items[path].setSelected(True)
        self.blockSignals(False)

    def _item(self, path: TestPath) -> QTreeWidgetItem:
        item = self._items.get(path)
        if item is None:
            item = QTreeWidgetItem(self._item(path[:-1]) if len(path) > 1 else self.invisibleRootItem())
            item.setText(TEST, path[-1])
            item.setToolTip(TEST, plain_tip(path[-1]))
            item.setData(TEST, _PATH, path)
            self._items[path] = item
        return item

    def _sum_up(self, paths: Iterable[TestPath], own: Mapping[TestPath, TestFacts]) -> None:
        """Say of these classes and files how it went in them, the inner ones first; of a file that cannot be read, that it is so."""
        for path in sorted(paths, key=len, reverse=True):
            item = self._items[path]
            below = [each for row in range(item.childCount()) if (each := item.child(row)) is not None]
            outcomes: list[Outcome] = [each.data(OUTCOME, _PATH) or "not run" for each in below]
            seconds = [each.data(TIME, _PATH) or 0.0 for each in below]
            if path in own:
                outcomes.append(own[path].outcome)
            outcome = worst(outcomes)
            self._say(item, outcome, sum(seconds) if any(seconds) else -1.0)

    def _say(self, item: QTreeWidgetItem, outcome: Outcome, seconds: float) -> None:
        is_new = item.data(OUTCOME, _PATH) != outcome
        item.setText(OUTCOME, outcome)
        item.setData(OUTCOME, _PATH, outcome)
        item.setToolTip(OUTCOME, plain_tip(outcome))
        item.setIcon(OUTCOME, self._shapes.icon(SHAPES[outcome]))
        item.setText(TIME, figures.duration(round(seconds * _SECOND)) if seconds >= 0 else "")
        item.setData(TIME, _PATH, max(seconds, 0.0))
        item.setTextAlignment(TIME, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        name = item.text(TEST)
        item.setData(TEST, Qt.ItemDataRole.AccessibleTextRole, f"{name}, {outcome}")
        if is_new and outcome in BAD and item.childCount():
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
    if len(test.path) == 1:
        return f"{test.path[0]} cannot be read"
    return f"{test.path[-1]} — {Path(test.file).name}, line {test.line}"


__all__ = ["OUTCOME", "SHAPES", "TEST", "TIME", "TestsTree", "title_of"]
