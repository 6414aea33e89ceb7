"""The breakpoints panel's widget: the list, and below it what one of them would have hit in the recorded past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tasktonic.rules import Breakpoint, sentence_of
from tasktonic_studio.commands.breakpoint_commands import NOTHING_TO_BREAK_ON
from tasktonic_studio.session.breakpoints import Breakpoints
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.dialogs.breakpoint import when_words
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.breakpoints.past import PastView
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.command_bar import CommandButton
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.empty_state import EmptyState
from tasktonic_studio.ui.widgets.flow_row import FlowRow
from tasktonic_studio.ui.widgets.looks import repolish

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_WHAT, _DOES, _HITS = range(3)
_ID: Final = Qt.ItemDataRole.UserRole
_WIDE_LETTERS: Final = 60
_LEAST_ROWS: Final = 4
MENU: Final = (
    "breakpoints.edit_chosen",
    "breakpoints.remove_chosen",
    "breakpoints.try_on_past",
    "",
    "breakpoints.add",
    "breakpoints.all_off",
    "breakpoints.all_on",
)


class BreakpointsView(QWidget):
    """All that the panel shows. Made by the panel; the dock owns it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._filling = False
        self.buttons = [
            CommandButton("settings", "Edit…", "Change the chosen one (Enter)", "breakpoints.edit_chosen"),
            CommandButton("close", "Remove", "Take the chosen ones away (Del)", "breakpoints.remove_chosen"),
            CommandButton("stop", "All off", "Switch all off", "breakpoints.all_off"),
            CommandButton("history", "Try on the past", "What it would have hit", "breakpoints.try_on_past"),
            CommandButton("breakpoint", "New…", "Write a breakpoint", "breakpoints.add"),
        ]
        self.table = self._make_table()
        self.past = PastView(context)
        self.note = QLabel()
        self.note.setProperty("role", "muted")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(tokens.SPACE_PX, tokens.SPACE_PX // 2, tokens.SPACE_PX, tokens.SPACE_PX // 2)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setMinimumWidth(1)
        self.count = QLabel()
        self.count.setProperty("role", "muted")
        self.count.setContentsMargins(tokens.SMALL_SPACE_PX, 0, 0, 0)
        self.nothing = EmptyState(
            "No breakpoints yet",
            f"{NOTHING_TO_BREAK_ON} F9 sets a breakpoint on it, Ctrl+F9 says more about it. "
            "In the source, click beside the line of a handler.",
            "New breakpoint…",
            "breakpoints.add",
            context.run,
        )
        self.pages = QStackedWidget()
        found = QWidget()
        inside = QVBoxLayout(found)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        inside.addWidget(self.note)
        inside.addWidget(self.past, 1)
        self.pages.addWidget(self.nothing)
        self.pages.addWidget(found)
        bar = self._bar = QWidget()
        row = FlowRow(bar)
        row.setContentsMargins(tokens.SPACE_PX // 2, tokens.SPACE_PX // 2, tokens.SPACE_PX // 2, tokens.SPACE_PX // 2)
        row.setSpacing(tokens.SPACE_PX // 2)
        row.addWidget(self.count)
        for button in self.buttons:
            button.clicked.connect(self._on_button)
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(self.pages, 1)
        self._undo = self._points.watch(self.fill)
        self.retheme()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        accessible.name(table, "Breakpoints", "Space switches the chosen one on or off, Enter edits it, Del removes it")
        table.setHorizontalHeaderLabels(["Breakpoint", "Does", ""])
        hits = QTableWidgetItem("Hits")
        hits.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        table.setHorizontalHeaderItem(_HITS, hits)
        table.verticalHeader().hide()
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(_WHAT, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_DOES, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_HITS, QHeaderView.ResizeMode.ResizeToContents)
        table.itemChanged.connect(self._on_item)
        table.itemSelectionChanged.connect(self._on_chosen)
        table.cellDoubleClicked.connect(self._on_opened)
        table.customContextMenuRequested.connect(self._on_menu)
        table.installEventFilter(self)
        return table

    @property
    def _points(self) -> Breakpoints:
        return self._context.session().breakpoints

    def finish(self) -> None:
        """The window closes for good."""
        self._undo()
        self.past.stop()

    def retheme(self) -> None:
        """Take on colours and fonts."""
        for button in self.buttons:
            button.setIcon(self._context.icons.icon(button.picture))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.table.resizeRowsToContents()
        self._fit_columns()
        self.past.retheme()

    def on_changes(self, changes: Changes) -> None:
        """Another target begins: what was found in the past of the one before means nothing."""
        if changes.new_target:
            self.past.forget()
        self._fit_buttons()

    # ---- the list

    def count_on(self) -> int:
        """How many are switched on."""
        return sum(point.enabled for point in self._points.all)

    @property
    def chosen(self) -> list[int]:
        """The numbers of the chosen ones."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self._number(row) for row in rows]

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """What the list shows, as text."""
        return [
            (self._text(row, _WHAT), self._text(row, _DOES), self._text(row, _HITS))
            for row in range(self.table.rowCount())
        ]

    def fill(self) -> None:
        """List the breakpoints as they are now; what is chosen stays chosen."""
        chosen, row = set(self.chosen), max(self.table.currentRow(), 0)
        points = self._points.all
        self._filling = True
        self.table.setRowCount(len(points))
        for at, point in enumerate(points):
            self._put(at, point)
        self.table.clearSelection()
        kept = [at for at, point in enumerate(points) if point.id in chosen]
        if kept or points:
            self.table.selectRow(kept[0] if kept else min(row, len(points) - 1))
        self._filling = False
        self.table.resizeRowsToContents()
        self.pages.setCurrentIndex(1 if points else 0)
        self.count.setText(f"{self.count_on()} of {len(points)} on" if points else "")
        self._on_chosen()

    def _put(self, row: int, point: Breakpoint) -> None:
        hits = self._points.hits_of(point.id)
        what = QTableWidgetItem(f"{point.id}  {sentence_of(point)}{'' if point.enabled else '  (off)'}")
        what.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
        what.setCheckState(Qt.CheckState.Checked if point.enabled else Qt.CheckState.Unchecked)
        state = "on" if point.enabled else "off"
        what.setData(Qt.ItemDataRole.AccessibleTextRole, f"Breakpoint {point.id}, {state}: {sentence_of(point)}")
        what.setToolTip(plain_tip(f"{sentence_of(point)}\n{when_words(point)}"))
        does = QTableWidgetItem(does_words(point))
        count = QTableWidgetItem("fault" if hits.is_fault else f"{hits.count:,}".replace(",", " "))
        count.setToolTip(plain_tip(hits.words))
        count.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for column, item in ((_WHAT, what), (_DOES, does), (_HITS, count)):
            item.setData(_ID, point.id)
            if column != _WHAT:
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            self.table.setItem(row, column, item)

    def _text(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text() if item is not None else ""

    def _number(self, row: int) -> int:
        item = self.table.item(row, _WHAT)
        return int(item.data(_ID)) if item is not None else 0

    def try_on_past(self) -> None:
        """Find what the chosen one would have hit in the run that is shown."""
        point = self._points.find(self.chosen[0]) if self.chosen else None
        if point is not None:
            self.past.begin(point)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()
        self._fit_note()

    def _fit_note(self) -> None:
        """Where it would leave no room for some of the list it goes: the tip of a row says the same."""
        rows = self.table.horizontalHeader().height() + _LEAST_ROWS * tokens.ROW_HEIGHT_PX
        room = self.height() - self._bar.heightForWidth(self.width())
        self.note.setVisible(rows + self.note.heightForWidth(self.width()) <= room)

    def _fit_columns(self) -> None:
        """In a narrow place what it does stands below the list only: there the name of a sparkle needs the room."""
        wide = self.fontMetrics().horizontalAdvance("x" * _WIDE_LETTERS)
        self.table.setColumnHidden(_DOES, self.width() < wide)

    # ---- what happens

    def _on_item(self, item: QTableWidgetItem) -> None:
        if not self._filling and item.column() == _WHAT:
            self._points.enable(int(item.data(_ID)), item.checkState() == Qt.CheckState.Checked)

    def _on_chosen(self) -> None:
        if self._filling:
            return
        point = self._points.find(self.chosen[0]) if self.chosen else None
        hits = self._points.hits_of(point.id) if point is not None else None
        words = hits.words if hits is not None else ""
        does = f"{sentence_of(point)}. {when_words(point)}" if point is not None else ""
        self.note.setText(
            f"{does} Last: {words}" if words and hits is not None and not hits.is_fault else words or does
        )
        repolish(self.note, "role", "error" if hits is not None and hits.is_fault else "muted")
        self._fit_note()
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        for button in self.buttons:
            button.setEnabled(self._context.is_enabled(button.command))

    def _on_opened(self, row: int, _column: int) -> None:
        self._context.run("breakpoints.edit_chosen")

    def _on_button(self) -> None:
        button = self.sender()
        if isinstance(button, CommandButton):
            self._context.run(button.command)

    def _on_menu(self, at: QPoint) -> None:
        CommandMenu(self, self._context, MENU).popup(self.table.viewport().mapToGlobal(at))

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._context.run("breakpoints.edit_chosen")
                return True
            if event.key() == Qt.Key.Key_Delete:
                self._context.run("breakpoints.remove_chosen")
                return True
            if event.key() == Qt.Key.Key_Space and self.chosen:
                point = self._points.find(self.chosen[0])
                if point is not None:
                    self._points.enable(point.id, not point.enabled)
                return True
        return super().eventFilter(watched, event)


def does_words(point: Breakpoint) -> str:
    """What it does, in a few words: ``holds``, ``says so, once, every 10.``."""
    words = ["says so" if point.log else "holds this one" if point.only_this else "holds"]
    if point.once:
        words.append("once")
    if point.every > 1:
        words.append(f"every {figures.ordinal(point.every)}")
    return ", ".join(words)
