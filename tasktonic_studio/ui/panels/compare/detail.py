"""Everything about the chosen row, here beside there."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from tasktonic_studio.session.comparing.comparison import Comparison
from tasktonic_studio.session.comparing.facts import PairFact, facts_of
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.shapes import Shapes

_HEADINGS: Final = ("What", "Here", "There")
_LONGEST: Final = 600
_MOST_ROWS: Final = 11


class CompareDetail(QFrame):
    """A table of facts about the chosen row, what differs first. Empty while no row is chosen. Made by the view."""

    def __init__(self, theme: Theme, shapes: Shapes) -> None:
        super().__init__()
        self._theme = theme
        self._shapes = shapes
        self.facts: list[PairFact] = []
        self.table = QTableWidget(0, len(_HEADINGS))
        self.table.setHorizontalHeaderLabels(_HEADINGS)
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        self.table.setMinimumHeight(1)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across = self.table.horizontalHeader()
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setSectionsClickable(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        across.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        accessible.name(self.table, "The chosen row, here and there", "One fact per row")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.table, 1)

    def show_row(self, comparison: Comparison | None, row: int) -> None:
        """Tell all about a row; nothing for none (-1)."""
        if comparison is None or row < 0:
            self.facts = []
            self._fill()
            return
        self.facts = facts_of(comparison, row, figures.moment, figures.duration)
        # What differs is what one looks for: it comes first.
        self.facts.sort(key=lambda fact: not fact.differs)
        self._fill()

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        font = self._theme.font("ui")
        height = max(tokens.ROW_HEIGHT_PX, QFontMetrics(font).height() + tokens.SPACE_PX)
        self.table.verticalHeader().setMinimumSectionSize(height)
        self.table.verticalHeader().setDefaultSectionSize(height)
        self._fill()

    def _fill(self) -> None:
        bold = QFont(self._theme.font("ui"))
        bold.setBold(True)
        self.table.setRowCount(len(self.facts))
        for number, fact in enumerate(self.facts):
            title = f"{fact.title}, differs" if fact.differs else fact.title
            for column, text in enumerate((fact.title, fact.here, fact.there)):
                item = QTableWidgetItem(figures.short(text, _LONGEST))
                item.setToolTip(plain_tip(text[:_LONGEST]))
                if fact.differs:
                    item.setFont(bold)
                role = "text" if fact.differs else "text_muted"
                item.setForeground(self._theme.color(role))
                if column == 0:
                    # When it began and how long it took are not compared: they are neither.
                    if fact.differs or fact.here == fact.there:
                        item.setIcon(self._shapes.icon("differs" if fact.differs else "same"))
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, title)
                self.table.setItem(number, column, item)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    @guarded(QSize(0, 0))
    def minimumSizeHint(self) -> QSize:
        # In a small window the list has what room there is; the splitter gives some of it away.
        return QSize(1, 1)

    @guarded(QSize(0, 0))
    def sizeHint(self) -> QSize:
        return QSize(300, self._height(_MOST_ROWS))

    def _height(self, rows: int) -> int:
        return (
            self.table.horizontalHeader().sizeHint().height() + rows * self.table.verticalHeader().defaultSectionSize()
        )
