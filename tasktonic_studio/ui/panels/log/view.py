"""The log's widget: search, levels, lines that follow the end, and what to say when there are none."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.filters import LogFilter
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.log_lines import LogLineFacts
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.item_models.search import BackwardSearch
from tasktonic_studio.ui.item_models.table import Items
from tasktonic_studio.ui.panels.log.model import COLUMNS, LogModel
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.empty_state import OTHER_START, EmptyState
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.tail_table import TailTable
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

LEVELS: Final = {
    "log": ("line", "Log lines of tonics", ("log",)),
    "error": ("error", "Errors", ("error",)),
    "notice": ("notice", "Notices of probe and Studio", ("notice",)),
    "output": ("output", "Printed lines (stdout, stderr)", ("stdout", "stderr")),
}
"""The buttons: shape, words, levels of lines."""

MENU: Final = (
    "log.copy_lines",
    "",
    "selection.go_to_source",
    "selection.show_in_inspector",
    "selection.show_in_trace",
    "selection.show_in_ledger",
)
ARRIVALS_MS: Final = 100
"""Rows are appended at most this often: what scrolls by faster cannot be read, and drawing it would cost half a core."""
_TYPING_MS: Final = 120
_STEP_LINES: Final = 2_000
_STEP_SECONDS: Final = 0.012
"""A search goes on in such pieces: a frame still fits between them."""


class LogView(QWidget):
    """All that the log panel shows. Made by the panel; the dock owns it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._known: Knowledge | None = None
        self._seen = 0
        self._filter = LogFilter("")
        self._levels: frozenset[str] | None = None
        self._search: BackwardSearch | None = None
        self._newer: list[int] = []
        self._hovered = -1
        self._shown: tuple[Thing | None, int | None] | None = None
        self._undo_watch: Any = None
        self._shapes = Shapes(context.theme, self)
        self.model = LogModel(context.theme, self._shapes)
        self.model.setParent(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Filter: words  level:error  tonic:pump  -not")
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip(
            "Words are looked for in text and tonic. level:error, tonic:pump, run:12; -word leaves out."
        )
        accessible.name(self.search, "Filter the log", "Words, level:error, tonic:pump")
        self.levels = {key: self._level_button(key) for key in LEVELS}
        self.counts = QLabel()
        self.counts.setProperty("role", "small")
        self.problem = QLabel()
        self.problem.setProperty("role", "warning")
        self.problem.setWordWrap(True)
        self.problem.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        self.problem.hide()
        self.table = TailTable(COLUMNS, "new line", "new lines")
        self.table.setModel(self.model)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        accessible.name(self.table, "Log lines", "Newest at the bottom")
        self.nothing_yet = EmptyState(
            "Nothing was said yet",
            "What tonics say with self.log(…), what the program prints and what its sparkles raise stands here, the newest at "
            "the bottom.",
            "Start the example plant",
            "run.start_example",
            context.run,
            OTHER_START,
        )
        self.nothing_found = EmptyState("Nothing matches", "", "Clear the filter", "clear", self._clear_filter)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._searching = QTimer(self)
        self._searching.setInterval(0)
        self.arrivals = Throttle(ARRIVALS_MS, self._follow, self)
        self._build()
        self._typing.timeout.connect(self.apply_filter)
        self._searching.timeout.connect(self._search_on)
        self.search.textChanged.connect(self._on_text)
        self.table.chosen.connect(self._on_chosen)
        self.table.opened.connect(self._on_opened)
        self.table.pointed.connect(self._on_pointed)
        self.table.copied.connect(self.copy_selected)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.retheme()

    def _build(self) -> None:
        space = tokens.SPACE_PX
        bar = QHBoxLayout()
        bar.setContentsMargins(space, space // 2, space, space // 2)
        bar.setSpacing(space // 2)
        bar.addWidget(self.search, 1)
        for button in self.levels.values():
            bar.addWidget(button)
        bar.addWidget(self.counts)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        for page in (self.nothing_yet, self.table, self.nothing_found):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.problem)
        layout.addWidget(pages, 1)
        accessible.tab_order([self.search, *self.levels.values(), self.table])
        self.setFocusProxy(self.table)

    def _level_button(self, key: str) -> QToolButton:
        _, words, _ = LEVELS[key]
        button = QToolButton()
        button.setCheckable(True)
        button.setChecked(True)
        button.setIconSize(QSize(tokens.ICON_PX, tokens.ICON_PX))
        button.setToolTip(f"{words}: shown or not")
        accessible.name(button, f"Show {words[0].lower()}{words[1:]}")
        button.toggled.connect(self.apply_filter)
        return button

    # ---- for the panel

    def watch(self) -> None:
        """Follow the selection from now on."""
        if self._undo_watch is None:
            self._undo_watch = self._context.selection.watch(self._on_selection)

    def unwatch(self) -> None:
        """Do nothing any more until `watch`."""
        self._typing.stop()
        self.arrivals.stop()
        self._searching.stop()
        self._search = None
        self._shown = None
        if self._undo_watch is not None:
            self._undo_watch()
            self._undo_watch = None

    def on_changes(self, changes: Changes) -> None:
        """Show the lines that came."""
        known = self._context.known()
        is_past = not self._context.selection.is_live
        if known is not self._known or (changes.everything and not is_past):
            self._fill(known)
        elif changes.log and not is_past:
            self.arrivals.ask()
        elif changes.target:
            self._choose_page()

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.model.retheme()
        self.table.set_fonts(self._context.theme.font("ui"), self._context.theme.font("mono"))
        for key, button in self.levels.items():
            button.setIcon(self._shapes.icon(LEVELS[key][0]))
        self.table.viewport().update()

    def copy_selected(self) -> None:
        """Put the selected lines on the clipboard, whole."""
        items = [item for item in map(self.model.item, self.table.selected_rows()) if item is not None]
        if items:
            QGuiApplication.clipboard().setText(self.model.text_of(items))

    # ---- filling

    @property
    def is_filtered(self) -> bool:
        """Whether some lines are left out."""
        return bool(self._filter) or self._levels is not None

    def _accepts(self, line: LogLineFacts) -> bool:
        return (self._levels is None or line.level in self._levels) and self._filter.accepts(line)

    def _look(self, start: int, stop: int) -> Items:
        """Which lines pass the filter. Those that were forgotten meanwhile are no longer there."""
        if self._known is None:
            return np.zeros(0, np.int64)
        log = self._known.log
        base = max(start, log.first)
        return np.array([base + at for at, line in enumerate(log.slice(base, stop)) if self._accepts(line)], np.int64)

    def _fill(self, known: Knowledge) -> None:
        top = self.model.item(self.table.top_row())
        self._known = known
        self._seen = len(known.log)
        self._search = None
        self._searching.stop()
        self.model.look_at(known)
        if self.is_filtered:
            self._newer = []
            self._search = BackwardSearch(known.log.first, len(known.log), self._look)
            self._search_on(top)
            if self._search is not None:
                self._searching.start()
        else:
            self._show_items(np.arange(known.log.first, len(known.log), dtype=np.int64), top)
        self._mark_selected()
        self._choose_page()

    def _search_on(self, top: int | None = None) -> None:
        """Look at more of the log, for as long as a frame allows."""
        search = self._search
        if search is None:
            self._searching.stop()
            return
        until = time.perf_counter() + _STEP_SECONDS
        is_first = not search.has_begun
        search.step(_STEP_LINES)
        while not search.is_done and time.perf_counter() < until:
            search.step(_STEP_LINES)
        if search.is_done:
            self._searching.stop()
            self._search = None
        if is_first or search.is_done:
            # The end is shown at once, the rest when all of it was looked at: rows do not keep moving meanwhile.
            items = np.concatenate([search.items(), np.array(self._newer, np.int64)])
            self._show_items(items, self.model.item(self.table.top_row()) if top is None else top)
        self._show_counts()

    def _show_items(self, items: Items, top: int | None) -> None:
        self.model.replace(items)
        self.table.rows_replaced(0 if top is None else int(np.searchsorted(items, top)))

    def _follow(self) -> None:
        """Append what came since the last time."""
        known = self._known
        if known is None or not self._context.selection.is_live:
            return
        dropped = self.model.drop_before(known.log.first) if known.log.first else 0
        if dropped:
            self.table.rows_dropped(dropped)
        first, self._seen = max(self._seen, known.log.first), len(known.log)
        if self.is_filtered:
            new = self._look(first, self._seen)
            if self._search is not None:
                self._newer.extend(new.tolist())
        else:
            new = np.arange(first, self._seen, dtype=np.int64)
        self.model.append(new)
        self.table.rows_added(len(new))
        self._choose_page()

    def _choose_page(self) -> None:
        self._show_counts()
        page: QWidget = self.table
        if self._known is None or len(self._known.log) == self._known.log.first:
            page = self.nothing_yet
            if self._known is not None and self._known.target.is_alive:
                self.nothing_yet.say(
                    "Nothing was said yet",
                    "The program runs, but no tonic said anything with self.log(…), nothing was printed and nothing was raised.",
                    offer=False,
                )
            elif self._known is not None and self._known.target.status != "none":
                self.nothing_yet.say(
                    "Nothing was said",
                    "The program has ended. No tonic said anything with self.log(…), nothing was printed, nothing was raised.",
                )
        elif not self.model.count and self._search is None:
            page = self.nothing_found
            self.nothing_found.say(
                "Nothing matches", f"None of {figures.counted(self._lines(), 'line')} passes the filter."
            )
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)

    def _lines(self) -> int:
        return 0 if self._known is None else len(self._known.log) - self._known.log.first

    def _show_counts(self) -> None:
        if self._search is not None:
            text = f"{self._search.share:.0%} searched"
        elif self.is_filtered:
            text = f"{figures.grouped(self.model.count)} of {figures.grouped(self._lines())}"
        else:
            text = figures.grouped(self.model.count) if self.model.count else ""
        if self.counts.text() != text:
            self.counts.setText(text)

    # ---- filter

    def apply_filter(self) -> None:
        """Show what search and buttons ask for, from now on."""
        self._typing.stop()
        self._filter = LogFilter(self.search.text())
        shown = frozenset(
            level for key, button in self.levels.items() if button.isChecked() for level in LEVELS[key][2]
        )
        self._levels = None if len(shown) == sum(len(levels) for _, _, levels in LEVELS.values()) else shown
        self.problem.setText(self._filter.problem)
        self.problem.setVisible(bool(self._filter.problem))
        if self._known is not None:
            self._fill(self._context.known())

    def _on_text(self) -> None:
        if self.search.text().strip():
            self._typing.start()
        else:
            self.apply_filter()

    def _clear_filter(self, _command_id: str) -> None:
        for button in self.levels.values():
            button.setChecked(True)
        self.search.clear()
        self.table.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.search.hasFocus() and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply_filter()
            self.table.setFocus()
        elif self.search.hasFocus() and event.key() == Qt.Key.Key_Escape:
            self.search.clear()
            self.table.setFocus()
        else:
            super().keyPressEvent(event)

    # ---- selection

    def _on_selection(self) -> None:
        selection = self._context.selection
        self._show_hovered()
        shown = (selection.thing, selection.time)
        if shown == self._shown:
            return
        self._shown = shown
        if self._known is not None and self._context.known() is not self._known:
            self._fill(self._context.known())
        self._mark_selected()

    def _show_hovered(self) -> None:
        """Light the rows of the tonic that is under the pointer in any panel."""
        hovered = self._context.selection.hovered
        essence = essence_of(self._known, hovered) if self._known is not None and hovered is not None else -1
        if essence != self._hovered:
            self._hovered = essence
            self.table.light(self._is_hovered if essence >= 0 else None, self._context.theme.color("hover"))

    def _is_hovered(self, row: int) -> bool:
        item = self.model.item(row)
        return item is not None and self.model.entry(item).essence == self._hovered

    def _on_pointed(self, row: int) -> None:
        item = self.model.item(row)
        essence = self.model.entry(item).essence if item is not None else -1
        self._context.selection.hover(Thing("essence", essence) if essence >= 0 else None)

    def _mark_selected(self) -> None:
        thing = self._context.selection.thing
        if thing is None or thing.kind != "log" or not isinstance(thing.key, int):
            self.table.show_none()
            return
        item = self.model.item(self.table.currentIndex().row())
        if item != thing.key or not self.table.selectionModel().hasSelection():
            row = self.model.row_of(thing.key)
            if row >= 0:
                self.table.show_row(row)
            else:
                self.table.show_none()

    def _on_chosen(self, index: QModelIndex) -> None:
        item = self.model.item(index.row())
        if item is not None:
            self._context.selection.select(Thing("log", item))

    def _on_opened(self, index: QModelIndex) -> None:
        self._on_chosen(index)
        self._context.run("selection.go_to_source")

    def _on_menu(self, at: QPoint) -> None:
        if self.table.indexAt(at).isValid():
            CommandMenu(self, self._context, MENU).popup(self.table.viewport().mapToGlobal(at))
