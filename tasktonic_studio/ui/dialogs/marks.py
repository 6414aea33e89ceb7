"""The list of all marks of a run: go to one, change its note, take it away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tasktonic.trace.marks import Mark
from tasktonic_studio.session.marks import Marks
from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets.columns import tabular

_TIME, _NOTE, _MADE = range(3)
_ID: Final = Qt.ItemDataRole.UserRole
_LEAST_NS: Final = 1_000_000_000
_NO_NOTE: Final = "no note"


class MarksDialog(QDialog):
    """Made by the workbench when asked for; gone when closed. It stays open while one looks at the panels.

    Args:
        marks: the marks of what is watched.
        when: says a time in words.
    """

    wanted = Signal(str)
    """The id of a mark whose moment is to be shown."""

    def __init__(self, marks: Marks, when: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Marks")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._marks = marks
        self._when = when
        self._filling = False
        self._hint = QLabel()
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName("Marks of this run")
        self.table.setHorizontalHeaderLabels(["Time", "Note", "Made"])
        self.table.verticalHeader().hide()
        self.table.setFont(tabular(self.table.font()))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(_TIME, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_NOTE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_MADE, QHeaderView.ResizeMode.ResizeToContents)
        self.table.itemChanged.connect(self._on_edited)
        self.table.itemSelectionChanged.connect(self._on_row)
        self.table.cellDoubleClicked.connect(self._go)
        self.table.installEventFilter(self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.go = QPushButton("Go there")
        self.go.setProperty("kind", "primary")
        self.edit = QPushButton("Change the note")
        self.remove = QPushButton("Take away")
        for button, what in ((self.go, self._go), (self.edit, self._edit), (self.remove, self._remove)):
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
            button.setAutoDefault(False)
            button.clicked.connect(what)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        for widget in (self._hint, self.table, buttons):
            layout.addWidget(widget)
        fit(self, 560, 380)
        self._undo = marks.watch(self.fill)
        self.finished.connect(self._on_finished)
        self.fill()

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Times and notes, as they are listed."""
        return [(self._text(row, _TIME), self._text(row, _NOTE)) for row in range(self.table.rowCount())]

    def fill(self) -> None:
        """List the marks as they are now; the chosen one stays chosen."""
        chosen, row = self._chosen(), max(self.table.currentRow(), 0)
        marks = list(self._marks.all)
        self._filling = True
        self.table.setRowCount(len(marks))
        for index, mark in enumerate(marks):
            for column, text in enumerate((self._when(mark.t_ns), mark.note or _NO_NOTE, _made(mark))):
                self._put(index, column, text, mark)
        self._filling = False
        if marks:
            same = next((index for index, mark in enumerate(marks) if mark.id == chosen), min(row, len(marks) - 1))
            self.table.setCurrentCell(same, _NOTE)
        self._hint.setText(
            "Enter goes to the chosen mark, F2 changes its note, Del takes it away."
            if marks
            else "There are no marks yet. M puts one at the moment that is shown, with a note; it is kept in the file of the run."
        )
        self._on_row()

    def _put(self, row: int, column: int, text: str, mark: Mark) -> None:
        item = QTableWidgetItem(text)
        item.setData(_ID, mark.id)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if column == _NOTE else flags)
        item.setToolTip(plain_tip(mark.note) if column == _NOTE else "")
        if column == _TIME:
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.setItem(row, column, item)

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text() if item is not None else ""

    def _chosen(self) -> str:
        item = self.table.item(self.table.currentRow(), _NOTE)
        return str(item.data(_ID)) if item is not None else ""

    def _on_row(self) -> None:
        for button in (self.go, self.edit, self.remove):
            button.setEnabled(bool(self._chosen()))

    def _on_edited(self, item: QTableWidgetItem) -> None:
        if not self._filling and item.column() == _NOTE:
            text = item.text().strip()
            self._marks.write(str(item.data(_ID)), "" if text == _NO_NOTE else text)

    def _go(self) -> None:
        if self._chosen():
            self.wanted.emit(self._chosen())

    def _edit(self) -> None:
        item = self.table.item(self.table.currentRow(), _NOTE)
        if item is not None:
            self.table.setFocus()
            self.table.editItem(item)

    def _remove(self) -> None:
        self._marks.remove(self._chosen())

    def _on_finished(self) -> None:
        self._undo()

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._go()
                return True
            if event.key() == Qt.Key.Key_Delete:
                self._remove()
                return True
        return super().eventFilter(watched, event)


def _made(mark: Mark) -> str:
    """When a person put it there, by their clock."""
    if mark.made_ns < _LEAST_NS:
        return ""
    try:
        return f"{datetime.fromtimestamp(mark.made_ns / 1e9, UTC).astimezone():%Y-%m-%d %H:%M}"
    except (OverflowError, OSError, ValueError):  # a file may say anything
        return ""
