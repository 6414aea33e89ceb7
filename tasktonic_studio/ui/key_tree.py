"""KeyTree: a tree over a `TreeModel`, whose rows stand for things that can be chosen, opened and pointed at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyleOptionViewItem, QTreeView, QWidget

from tasktonic_studio.ui.guard import guarded, report_once
from tasktonic_studio.ui.item_models.roles import Column, Index
from tasktonic_studio.ui.item_models.tree import TreeModel
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.columns import ColumnFit
from tasktonic_studio.ui.widgets.deep_rows import DeepRows
from tasktonic_studio.ui.widgets.fold_marks import paint_fold_mark
from tasktonic_studio.ui.widgets.scroll_bars import keep_place

_NARROW_PX: Final = 280


class KeyTree(QTreeView):
    """One selection, rows of one height, columns that fit; what is hovered anywhere is lit. A subclass says what rows stand for."""

    chosen = Signal(object)
    """The user chose a row: what it stands for, None for a group."""
    pointed = Signal(object)
    """The pointer is over the row of this; None when it is over none."""
    opened = Signal(object)
    """Enter or a double click on the row of this."""

    LEVELS: ClassVar[int] = 2
    """For so many levels of indent there is room in the first column."""

    def __init__(
        self,
        model: TreeModel[Any],
        columns: Sequence[Column],
        theme: Theme,
        indent_px: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = model
        self._quiet = False
        self.hovered: Any = None
        """What is under the pointer in any panel, as `key_at` gives it: its row is lit."""
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self._indent_px = indent_px
        self._deep = DeepRows(self)
        self.setItemDelegateForColumn(0, self._deep)
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
        self.columns = ColumnFit(self.header(), columns)
        self.setMouseTracking(True)
        self.entered.connect(self._on_entered)
        self.viewportEntered.connect(self._on_left)
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_opened)
        self.expanded.connect(self.on_expanded)
        self.collapsed.connect(self.on_collapsed)

    # ---- what a subclass says

    def key_at(self, index: Index) -> Any:
        """What a row stands for, None for a group."""
        raise NotImplementedError

    def on_expanded(self, index: QModelIndex) -> None:
        """A row was opened, by the user unless it is `quiet <quietly>`."""

    def on_collapsed(self, index: QModelIndex) -> None:
        """A row was folded."""

    def paint_ground(self, painter: QPainter, area: tuple[int, int, int, int], index: Index) -> None:
        """Paint behind a row; the style sheet leaves the ground of items alone, and the background role with it."""
        if self.hovered is not None and self.key_at(index) == self.hovered:
            painter.fillRect(*area, self._theme.color("hover"))

    # ---- for the panel

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """What happens to selection and folds in here was not done by the user."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def top_key(self) -> Any:
        """The identity of the first row on screen."""
        node = self._rows.node_at(self.indexAt(self.viewport().rect().topLeft()))
        return None if node is None else node.key

    def scroll_to_key(self, key: Any) -> None:
        """Put this row at the top, if it is there."""
        index = self._rows.index_of(key) if key is not None else QModelIndex()
        if index.isValid():
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtTop)

    def show_index(self, index: QModelIndex, *, reveal: bool) -> None:
        """Mark a row as the selected one, because it was selected anywhere; an invalid index for none of them."""
        if index == self.currentIndex().siblingAtColumn(0) and index.isValid() == self.selectionModel().hasSelection():
            if reveal and not self.viewport().rect().intersects(self.visualRect(index)):
                self.scrollTo(index)
            return
        with self.quietly():
            if not index.isValid():
                self.selectionModel().clear()
                return
            if reveal:
                self.scrollTo(index)
            self.setCurrentIndex(index)

    def retheme(self) -> None:
        """Measure and paint in the theme's fonts and colours; the model before it."""
        self._fit_indent()
        # Nearly as if the steps were the usual ones: of what smaller ones leave most is for the names, one step for what is beside.
        usual = self._theme.icon_px(self._indent_px)
        room = self.LEVELS * usual - (usual - self.indentation())
        self.columns.measure(self._theme.font("ui"), self._theme.font("mono"), room)
        self.viewport().update()

    def _fit_indent(self) -> bool:
        """Have smaller steps where the names deep in the tree would be cut for them. Returns whether they are others now."""
        before, is_narrow = self.indentation(), self.viewport().width() < self._theme.icon_px(_NARROW_PX)
        self.setIndentation(self._theme.icon_px(tokens.SPACE_PX if is_narrow else self._indent_px))
        return before != self.indentation()

    # ---- what Qt asks

    def resizeEvent(self, event: QResizeEvent) -> None:
        chosen = self.visualRect(self.currentIndex()) if self.selectionModel().hasSelection() else QRect()
        was_seen = QRect(QPoint(0, 0), event.oldSize()).intersects(chosen)
        super().resizeEvent(event)
        if self._fit_indent():
            self.retheme()
        self.columns.fit(self.viewport().width())
        if was_seen and not self.viewport().rect().contains(0, chosen.bottom()):
            self.scrollTo(self.currentIndex())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        # Not `currentChanged`: merely getting the focus makes a row current, and that is nobody's choice.
        if not self._quiet and selected.indexes():
            self.chosen.emit(self.key_at(self.currentIndex()))

    def drawRow(self, painter: QPainter, options: QStyleOptionViewItem, index: Index) -> None:
        try:
            row = self.visualRect(index.sibling(index.row(), 0))
            self.paint_ground(painter, (0, row.top(), self.viewport().width(), row.height()), index)
        except Exception as problem:
            report_once(f"{type(self).__name__}.drawRow", problem)
        super().drawRow(painter, options, index)

    @guarded(None)
    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        indent, theme = self.indentation(), self._theme
        colour = theme.color("text_muted")
        self._deep.paint_depth(painter, rect, colour)
        if index.model().hasChildren(index):
            branch = self._deep.branch(rect)
            paint_fold_mark(painter, branch, indent, theme.icon_px(), colour, is_open=self.isExpanded(index))

    @guarded(None)
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._folded_by(event):
            super().mousePressEvent(self._deep.beside_mark(event))

    @guarded(None)
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(self._deep.beside_mark(event))

    @guarded(None)
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._folded_by(event):
            super().mouseDoubleClickEvent(self._deep.beside_mark(event))

    def _folded_by(self, event: QMouseEvent) -> bool:
        """Fold or unfold a deep row by a press on its mark: Qt looks for that where it would be without an end to indents."""
        at = event.position().toPoint()
        index = self.indexAt(at).siblingAtColumn(0)
        is_left = event.button() == Qt.MouseButton.LeftButton
        if not (is_left and index.isValid() and self._rows.hasChildren(index) and self._deep.mark_at(at.x(), index)):
            return False
        self.setExpanded(index, not self.isExpanded(index))
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_opened(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._on_left()

    # ---- inside

    def _on_entered(self, index: QModelIndex) -> None:
        self.pointed.emit(self.key_at(index))

    def _on_left(self) -> None:
        self.pointed.emit(None)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.key_at(index))

    def _on_opened(self, index: QModelIndex) -> None:
        key = self.opens(index)
        if key is not None:
            self.opened.emit(key)
        else:
            first = index.siblingAtColumn(0)
            self.setExpanded(first, not self.isExpanded(first))

    def opens(self, index: QModelIndex) -> Any:
        """What is opened by a row; None when it is only unfolded or folded."""
        return self.key_at(index)
