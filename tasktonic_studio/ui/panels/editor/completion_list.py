"""The list of words with which one can go on. The same for both widgets, so that it shows the same in both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from tasktonic_studio.ui.panels.editor.floating import place_beside
from tasktonic_studio.ui.panels.editor.hints import Completion

_MOST_ROWS: Final = 10
_MOST_WIDTH_PX: Final = 620


class CompletionList(QFrame):
    """Stands over a text, which keeps the keys. Made and owned by the editor's hint windows."""

    chosen = Signal(str)

    def __init__(self, editor: QWidget) -> None:
        super().__init__(editor, Qt.WindowType.ToolTip)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.Box)
        self.tree = QTreeWidget(self)
        self.tree.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tree.setAccessibleName("Completions")
        self.tree.setColumnCount(3)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setFrameShape(QFrame.Shape.NoFrame)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(True)
        self.tree.itemClicked.connect(self._on_clicked)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self.tree)

    def items(self) -> list[Completion]:
        """What is offered, from top to bottom."""
        rows = [self.tree.topLevelItem(index) for index in range(self.tree.topLevelItemCount())]
        return [Completion(row.text(0), row.text(1), row.text(2)) for row in rows if row is not None]

    def show_items(self, items: Sequence[Completion], place: QRect) -> None:
        """Offer these beside a place of the screen, the first one chosen; nothing moves while they stay the same."""
        if not self.isVisible() or self.items() != list(items):
            self.tree.clear()
            self.tree.addTopLevelItems([QTreeWidgetItem([item.text, item.kind, item.detail]) for item in items])
            self._choose_row(0)
        size = self._size()
        self.setGeometry(QRect(place_beside(place, size), size))
        self.show()
        self.raise_()

    def _size(self) -> QSize:
        row = max(1, self.tree.sizeHintForRow(0))
        header = self.tree.header()
        width = sum(self.tree.sizeHintForColumn(column) + 12 for column in range(header.count()))
        height = row * min(_MOST_ROWS, self.tree.topLevelItemCount())
        # Room for the scroll bar, also where there is none: the list keeps its width while it narrows.
        return QSize(min(_MOST_WIDTH_PX, width + 24), height + 4)

    def current(self) -> str:
        """The word that would be put in."""
        item = self.tree.currentItem()
        return item.text(0) if item is not None else ""

    def step(self, rows: int) -> None:
        """Choose a row further down (up, when negative); a single step goes round the ends."""
        count = self.tree.topLevelItemCount()
        item = self.tree.currentItem()
        row = (self.tree.indexOfTopLevelItem(item) if item is not None else 0) + rows
        self._choose_row(row % count if abs(rows) == 1 else max(0, min(row, count - 1)))

    def _choose_row(self, row: int) -> None:
        item = self.tree.topLevelItem(row)
        if item is not None:
            self.tree.setCurrentItem(item)

    def _on_clicked(self, item: QTreeWidgetItem) -> None:
        self.chosen.emit(item.text(0))
