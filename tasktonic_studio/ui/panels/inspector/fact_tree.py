"""The tree of facts below the heading of the inspector."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeView, QWidget

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.item_models.roles import Index
from tasktonic_studio.ui.panels.inspector.fact import Fact
from tasktonic_studio.ui.panels.inspector.model import COLUMNS, FactModel, FactNode, attribute_of, is_link
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.columns import ColumnFit
from tasktonic_studio.ui.widgets.fold_marks import paint_fold_mark
from tasktonic_studio.ui.widgets.rows_on_screen import rows_on_screen

_STEP_PX: Final = tokens.SPACE_PX + tokens.SMALL_SPACE_PX
_NARROW_PX: Final = 240


class FactTree(QTreeView):
    """Shows a `FactModel`. A click on a coloured value, or Enter, follows it."""

    followed = Signal(object)
    """The fact whose link was followed."""
    edit_wanted = Signal(object)
    """A double click on the value of this line."""
    pointed = Signal(object)
    """What the pointer is on leads to this thing; ``None`` for nothing."""
    folded = Signal(str, bool)
    """The user opened (true) or folded a section."""

    def __init__(self, model: FactModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = model
        self._theme = theme
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setHeaderHidden(True)
        self.setAllColumnsShowFocus(True)
        self.setMouseTracking(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.columns = ColumnFit(self.header(), COLUMNS)
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(self._on_double_clicked)
        self.expanded.connect(self._on_expanded)
        self.collapsed.connect(self._on_collapsed)
        self._quiet = False
        self._pointed: Thing | None = None
        self.retheme()

    def show_sections(self, sections: tuple[Fact, ...], folded: set[str]) -> None:
        """Bring the lines up to date; new sections are open unless the user folded one of that name."""
        changed, new = self._facts.show(sections)
        self._quiet = True
        for node in new:
            index = self._facts.index_of(node.key)
            if not index.isValid():
                continue
            if node.is_section or node.fact.is_line:
                self.setFirstColumnSpanned(index.row(), index.parent(), True)
            if node.fact.is_open and not (node.is_section and node.fact.key in folded):
                self.setExpanded(index, True)
        self._quiet = False
        if changed:
            self._facts.signal(changed, rows_on_screen(self))

    def is_section_open(self, key: str) -> bool:
        """Whether a section is there and not folded."""
        index = self._facts.index_of((key,))
        return index.isValid() and self.isExpanded(index)

    def retheme(self) -> None:
        """Measure and paint in the theme's fonts and colours."""
        self._facts.retheme()
        self._fit_indent()
        self.columns.measure(self._theme.font("ui"), self._theme.font("mono"))
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_indent()
        self.columns.fit(self.viewport().width())

    def _fit_indent(self) -> None:
        """Smaller steps where names would be cut for them."""
        is_narrow = self.viewport().width() < self._theme.icon_px(_NARROW_PX)
        self.setIndentation(self._theme.icon_px(tokens.SPACE_PX if is_narrow else _STEP_PX))

    @guarded(None)
    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        if index.model().hasChildren(index):
            indent, theme = self.indentation(), self._theme
            colour = theme.color("text_muted")
            paint_fold_mark(painter, rect, indent, theme.icon_px(), colour, is_open=self.isExpanded(index))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        node = self._facts.node_at(index)
        on_link = node is not None and index.column() == 1 and is_link(node.fact)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if on_link else Qt.CursorShape.ArrowCursor)
        self._point(node.fact.link if node is not None else None)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(None)

    def _point(self, thing: Thing | None) -> None:
        if thing != self._pointed:
            self._pointed = thing
            self.pointed.emit(thing)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        node = self._facts.node_at(self.currentIndex())
        if node is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._follow(node, self.currentIndex())
        elif (
            node is not None and event.key() == Qt.Key.Key_C and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            QGuiApplication.clipboard().setText(node.fact.value or node.fact.name)
        else:
            super().keyPressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        node = self._facts.node_at(index)
        if node is not None and (node.is_section or (index.column() == 1 and is_link(node.fact))):
            self._follow(node, index)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        node = self._facts.node_at(index)
        if node is not None and index.column() == 1 and attribute_of(node):
            self.edit_wanted.emit(node)

    def _follow(self, node: FactNode, index: QModelIndex) -> None:
        if is_link(node.fact):
            self.followed.emit(node.fact)
        elif node.children:
            first = index.siblingAtColumn(0)
            self.setExpanded(first, not self.isExpanded(first))

    def _on_expanded(self, index: QModelIndex) -> None:
        self._tell(index, True)

    def _on_collapsed(self, index: QModelIndex) -> None:
        self._tell(index, False)

    def _tell(self, index: QModelIndex, is_open: bool) -> None:
        node = self._facts.node_at(index)
        if not self._quiet and node is not None and node.is_section:
            self.folded.emit(node.fact.key, is_open)
