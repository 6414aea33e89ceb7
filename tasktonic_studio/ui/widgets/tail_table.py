"""A table that follows its end until one scrolls up, as a terminal does."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import shiboken6
from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHoverEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QPushButton, QTableView, QWidget

from tasktonic_studio.ui.guard import guarded, report_once
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.columns import ColumnFit, ColumnLike
from tasktonic_studio.ui.widgets.scroll_bars import keep_place


class TailTable(QTableView):
    """Rows of one height, newest at the bottom. The owner calls `rows_added` after it gave the model more rows.

    While it follows, new rows scroll into view. Scrolling up or choosing a row ends that; then a button counts what came
    since, and a click on it (or Ctrl+End, or scrolling to the end) follows again.
    """

    followed = Signal(bool)
    """Following began or ended."""
    chosen = Signal(QModelIndex)
    """The user chose a row, by mouse or key."""
    pointed = Signal(int)
    """The pointer is over this row; -1 when it is over none."""
    copied = Signal()
    """The selected rows are wanted on the clipboard."""
    opened = Signal(QModelIndex)
    """A row was opened: Enter, or a double click."""

    def __init__(self, columns: Sequence[ColumnLike], one: str, many: str, parent: QWidget | None = None) -> None:
        """``one`` and ``many`` are the words for rows on the button: ``new line``, ``new lines``."""
        super().__init__(parent)
        self._words = (one, many)
        self._following = True
        self._unseen = 0
        self._own_scroll = False
        self._own_choice = False
        self._is_lit: Callable[[int], bool] | None = None
        self._light = QColor()
        self._under_pointer = QPersistentModelIndex()
        """As Qt has it: it stays with that row, wherever that goes, until the pointer moves."""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        keep_place(self)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(tokens.ROW_HEIGHT_PX)
        rows.setDefaultSectionSize(tokens.ROW_HEIGHT_PX)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across = self.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionsClickable(False)
        self.columns = ColumnFit(across, columns)
        self._button = QPushButton("", self)
        self._button.setObjectName("tail_button")
        self._button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self.follow)
        self._button.hide()
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.doubleClicked.connect(self.opened)
        self.setMouseTracking(True)
        self.entered.connect(self._on_entered)
        self.viewportEntered.connect(self._on_left)

    # ---- for the owner

    @property
    def is_following(self) -> bool:
        """Whether new rows scroll into view."""
        return self._following

    @property
    def button(self) -> QPushButton:
        """The button that counts what came below."""
        return self._button

    def rows_added(self, count: int) -> None:
        """The model has ``count`` more rows at its end."""
        if self._following:
            self._to_the_end()
        elif count:
            self._unseen += count
            self._show_button()

    def rows_replaced(self, top_row: int) -> None:
        """The model has other rows; ``top_row`` is the one to keep at the top when not following."""
        self._unseen = 0
        if self._following:
            self._to_the_end()
        else:
            self._own_scroll = True
            self.verticalScrollBar().setValue(max(0, top_row))
            self._own_scroll = False
        self._show_button()

    def follow(self) -> None:
        """Show the end, and what comes."""
        self._set_following(True)
        self._to_the_end()

    def stop_following(self) -> None:
        """Stay here, whatever comes."""
        self._set_following(False)

    def top_row(self) -> int:
        """The first row on screen, -1 for none."""
        return self.rowAt(0)

    def is_special(self, row: int) -> bool:
        """Whether a row looks other than most: selected, current while the table has the focus, or under the pointer."""
        if row == self._under_pointer.row() or (self.hasFocus() and row == self.currentIndex().row()):
            return True
        chosen = self.selectionModel()
        return chosen.hasSelection() and chosen.isRowSelected(row, QModelIndex())

    def rows_on_screen(self) -> range:
        """The numbers of the rows that can be seen."""
        first = self.rowAt(0)
        if first < 0:
            return range(0)
        last = self.rowAt(self.viewport().height() - 1)
        model = self.model()
        return range(first, last + 1 if last >= 0 else model.rowCount())

    def show_row(self, row: int) -> None:
        """Select a row because it was selected elsewhere: scrolled into view, and no longer following."""
        model = self.model()
        if not 0 <= row < model.rowCount():
            return
        index = model.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag
        # Asked first: making it current brings it to the very edge, where the button for what is new lies over it.
        is_elsewhere = row not in self.rows_on_screen()
        self._own_choice = True
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self._own_choice = False
        if is_elsewhere:
            self._set_following(False)
            self._own_scroll = True
            self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
            self._own_scroll = False

    def show_none(self) -> None:
        """Select no row: what is selected elsewhere is not in this table."""
        self._own_choice = True
        self.selectionModel().clear()
        self._own_choice = False

    def light(self, is_lit: Callable[[int], bool] | None, colour: QColor) -> None:
        """Put this colour behind the rows for which ``is_lit`` (row number to bool) holds; None for no row."""
        if self._is_lit is not None or is_lit is not None:
            self._is_lit, self._light = is_lit, colour
            self.viewport().update()

    def rows_dropped(self, count: int) -> None:
        """The model lost ``count`` rows at its beginning: what is on screen stays there."""
        if not self._following:
            self._own_scroll = True
            self.verticalScrollBar().setValue(max(0, self.verticalScrollBar().value() - count))
            self._own_scroll = False

    def selected_rows(self) -> list[int]:
        """The numbers of the selected rows, from the top."""
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def set_fonts(self, font: QFont, mono: QFont) -> None:
        """Measure rows and columns in these fonts."""
        height = max(tokens.ROW_HEIGHT_PX, QFontMetrics(font).height() + tokens.SPACE_PX)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self.columns.measure(font, mono)

    # ---- what Qt asks

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_lit is not None:
            self._paint_lights(self._is_lit)
        super().paintEvent(event)

    def _paint_lights(self, is_lit: Callable[[int], bool]) -> None:
        painter = QPainter(self.viewport())
        try:
            for row in self.rows_on_screen():
                try:
                    if not is_lit(row):
                        continue
                except Exception as problem:  # one row must not put out the others
                    report_once("TailTable.paintEvent", problem)
                    continue
                top, height = self.rowViewportPosition(row), self.rowHeight(row)
                painter.fillRect(0, top, self.viewport().width(), height, self._light)
        finally:
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not shiboken6.isValid(self._button):
            # It is being deleted, its children before it.
            return
        self.columns.fit(self.viewport().width())
        self._place_button()
        if self._following:
            self._to_the_end()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        # Not `currentChanged`: merely getting the focus makes a row current, and that is nobody's choice.
        if not self._own_choice and selected.indexes() and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        is_plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        was_selected = is_plain and index.isValid() and self.selectionModel().isSelected(index)
        super().mousePressEvent(event)
        if index.isValid():
            self._set_following(False)
        if was_selected and self.selectionModel().isSelected(index):
            # The owner may have marked it for something else, such as the run of a line of the log.
            self.chosen.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, model = event.key(), self.model()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Copy):
            # Qt's own answer would be the text of one cell.
            self.copied.emit()
        elif key == Qt.Key.Key_End and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.follow()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and model.rowCount():
            self._set_following(False)
            self.selectRow(0 if key == Qt.Key.Key_Home else model.rowCount() - 1)
        else:
            if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
                self._set_following(False)
            super().keyPressEvent(event)

    @guarded(False)
    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHoverEvent):
            is_gone = event.type() == QEvent.Type.HoverLeave
            at = QModelIndex() if is_gone else self.indexAt(event.position().toPoint())
            self._under_pointer = QPersistentModelIndex(at)
        return super().viewportEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._on_left()

    def _on_entered(self, index: QModelIndex) -> None:
        self.pointed.emit(index.row())

    def _on_left(self) -> None:
        self.pointed.emit(-1)

    # ---- following

    def _on_scrolled(self, value: int) -> None:
        if not self._own_scroll:
            self._set_following(value >= self.verticalScrollBar().maximum())

    def _set_following(self, following: bool) -> None:
        if following == self._following:
            return
        self._following = following
        self._unseen = 0
        self._show_button()
        self.followed.emit(following)

    def _to_the_end(self) -> None:
        self._own_scroll = True
        self.scrollToBottom()
        self._own_scroll = False

    def _show_button(self) -> None:
        self._button.setVisible(not self._following and self._unseen > 0)
        if self._unseen:
            self._button.setText(f"▼ {figures.counted(self._unseen, *self._words)}")
            self._button.setAccessibleName(f"Show {figures.counted(self._unseen, *self._words)}")
            self._place_button()

    def _place_button(self) -> None:
        size = self._button.sizeHint()
        area = self.viewport().geometry()
        self._button.resize(size)
        self._button.move(
            area.left() + (area.width() - size.width()) // 2, area.bottom() - size.height() - tokens.SPACE_PX
        )
        self._button.raise_()
