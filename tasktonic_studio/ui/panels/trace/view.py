"""The trace's widget: search, the toggle for one tonic, runs that follow the end, and what to say without any."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.filters import RunFilter
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.item_models.search import BackwardSearch
from tasktonic_studio.ui.item_models.table import Items
from tasktonic_studio.ui.panels.trace.model import TraceModel
from tasktonic_studio.ui.panels.trace.table_view import TraceTable
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.empty_state import OTHER_START, EmptyState
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

MENU: Final = (
    "trace.look_at",
    "time.go_live",
    "",
    "selection.go_to_source",
    "selection.show_in_inspector",
    "state_machine.show",
    "selection.show_in_ledger",
    "selection.select_context",
    "",
    "trace.copy_rows",
)
ARRIVALS_MS: Final = 100
"""Rows are appended at most this often: what scrolls by faster cannot be read, and drawing it would cost half a core."""
_TYPING_MS: Final = 120
_STEP_RUNS: Final = 8_192
_STEP_SECONDS: Final = 0.012
_WIDE_PX: Final = 460


class TraceView(QWidget):
    """All that the trace panel shows. Made by the panel; the dock owns it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._known: Knowledge | None = None
        self._seen = 0
        self._filter = RunFilter("")
        self._only = -1
        self._search: BackwardSearch | None = None
        self._newer: list[Items] = []
        self._hovered = -1
        self._shown: tuple[Thing | None, int | None] | None = None
        self._undo_watch: Any = None
        self._shapes = Shapes(context.theme, self)
        self.model = TraceModel(context.theme, self._shapes)
        self.model.setParent(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Filter: words  tonic:pump  error:  longer:5ms  -hook:")
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip(
            "Words are looked for in tonic, class and sparkle. tonic:, type:, sparkle:, cat:, state:, error:, ignored:, hook:, "
            "system:, longer:5ms; -word leaves out."
        )
        accessible.name(self.search, "Filter the trace", "Words, tonic:pump, error:, longer:5ms")
        self.only = QToolButton()
        self.only.setText("Only selected tonic")
        self.only.setCheckable(True)
        self.only.setToolTip("Show only the runs of the selected tonic")
        accessible.name(self.only, "Only the runs of the selected tonic")
        self.counts = QLabel()
        self.counts.setProperty("role", "small")
        self.problem = QLabel()
        self.problem.setProperty("role", "warning")
        self.problem.setWordWrap(True)
        self.problem.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        self.problem.hide()
        self.table = TraceTable(self.model, context.theme)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        accessible.name(self.table, "Runs", "One row per run of a sparkle, newest at the bottom")
        self.nothing_yet = EmptyState(
            "Nothing ran yet",
            "Each run of a sparkle is a row here: when, whose, in which state, how long, and what caused it.",
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
        self.only.toggled.connect(self.apply_filter)
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
        bar.setSpacing(space)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.only)
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
        accessible.tab_order([self.search, self.only, self.table])
        self.setFocusProxy(self.table)

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
        """Show the runs that came."""
        known = self._context.known()
        is_past = not self._context.selection.is_live
        if known is not self._known or (changes.everything and not is_past):
            self._fill(known)
        elif changes.runs and not is_past:
            self.arrivals.ask()
        if changes.names:
            self.model.forget(self.table.rows_on_screen())
        if changes.target and not self.model.count:
            self._choose_page()

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.model.retheme()
        self.table.set_fonts(self._context.theme.font("ui"), self._context.theme.font("mono"))
        self.only.setIcon(self._context.icons.icon("filter"))
        self.table.viewport().update()

    def copy_selected(self) -> None:
        """Put the selected rows on the clipboard."""
        items = [item for item in map(self.model.item, self.table.selected_rows()) if item is not None]
        if items:
            QGuiApplication.clipboard().setText(self.model.text_of(items))

    # ---- filling

    @property
    def is_filtered(self) -> bool:
        """Whether some runs are left out."""
        return bool(self._filter) or self._only >= 0

    def _look(self, start: int, stop: int) -> Items:
        """Which runs pass the filter."""
        known = self._known
        if known is None:
            return np.zeros(0, np.int64)

        def fits(columns: dict[str, Any]) -> Any:
            wanted = self._filter.mask(known, columns)
            return wanted & (columns["essence"] == self._only) if self._only >= 0 else wanted

        return known.runs.where(fits, start, stop)

    def _fill(self, known: Knowledge) -> None:
        top = self.model.item(self.table.top_row())
        self._known = known
        self._seen = len(known.runs)
        self._search = None
        self._searching.stop()
        self.model.look_at(known)
        self._only = essence_of(known, self._context.selection.thing) if self.only.isChecked() else -1
        if self.is_filtered:
            self._newer = []
            # The ids of an earlier app in this process mean nothing to a filter.
            first = max(known.runs.first, known.runs.count_at(known.app.first_n))
            self._search = BackwardSearch(first, self._seen, self._look)
            self._search_on(top)
            if self._search is not None:
                self._searching.start()
        else:
            self._show_items(np.arange(known.runs.first, self._seen, dtype=np.int64), top)
        self._mark_selected()
        self._choose_page()

    def _search_on(self, top: int | None = None) -> None:
        """Look at more of the runs, for as long as a frame allows."""
        search = self._search
        if search is None:
            self._searching.stop()
            return
        until = time.perf_counter() + _STEP_SECONDS
        is_first = not search.has_begun
        search.step(_STEP_RUNS)
        while not search.is_done and time.perf_counter() < until:
            search.step(_STEP_RUNS)
        if search.is_done:
            self._searching.stop()
            self._search = None
        if is_first or search.is_done:
            items = np.concatenate([search.items(), *self._newer])
            self._show_items(items, self.model.item(self.table.top_row()) if top is None else top)
        if not is_first:
            self._choose_page()

    def _show_items(self, items: Items, top: int | None) -> None:
        self.model.replace(self.model.with_gaps(items))
        row = 0
        if top is not None and top >= 0:
            row = int(np.argmax(self.model.items >= top)) if self.model.count else 0
        self.table.rows_replaced(row)

    def _follow(self) -> None:
        """Append what came since the last time."""
        known = self._known
        if known is None or not self._context.selection.is_live:
            return
        if known.runs.first:
            dropped = self.model.drop_before(known.runs.first) if self._is_first_row_gone(known) else 0
            if dropped:
                self.table.rows_dropped(dropped)
        first, self._seen = max(self._seen, known.runs.first), len(known.runs)
        gaps = self.model.gap_count
        self.model.look_at(known)
        new = self._look(first, self._seen) if self.is_filtered else np.arange(first, self._seen, dtype=np.int64)
        if self._search is not None:
            self._newer.append(new)
        new = self.model.with_gaps(new, gaps)
        self.model.append(new)
        self.table.rows_added(len(new))
        self._choose_page()

    def _is_first_row_gone(self, known: Knowledge) -> bool:
        """Whether the oldest run shown was forgotten; gaps before it do not count."""
        for item in self.model.items[:64].tolist():
            if item >= 0:
                return bool(item < known.runs.first)
        return bool(self.model.count)

    def _choose_page(self) -> None:
        self._show_counts()
        known = self._known
        page: QWidget = self.table
        if known is None or (not len(known.runs) and not self.model.count):
            page = self.nothing_yet
            if known is not None and known.target.is_alive:
                self.nothing_yet.say("Nothing ran yet", "The program runs, but no sparkle has run so far.", offer=False)
            elif known is not None and known.target.status != "none":
                self.nothing_yet.say("Nothing ran", "The program has ended, and no sparkle of it was seen.")
        elif not self.model.count and self._search is None:
            page = self.nothing_found
            only = f" of {known.essences.name(self._only)}" if self._only >= 0 else ""
            words = f" matches “{self.search.text().strip()}”" if self._filter else " was seen"
            self.nothing_found.say("Nothing matches", f"No run{only}{words}.")
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)

    def _show_counts(self) -> None:
        if self._search is not None:
            text = f"{self._search.share:.0%} searched"
        elif self.model.count:
            text = figures.grouped(self.model.count)
        else:
            text = ""
        if self.counts.text() != text:
            self.counts.setText(text)
            self.counts.setToolTip(
                f"{figures.counted(self.model.count, 'row')} of {figures.counted(self._seen, 'run')}"
            )

    # ---- filter

    def apply_filter(self) -> None:
        """Show what the search and the toggle ask for, from now on."""
        self._typing.stop()
        self._filter = RunFilter(self.search.text())
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
        self.only.setChecked(False)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = event.size().width() >= _WIDE_PX
        self.only.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if is_wide else Qt.ToolButtonStyle.ToolButtonIconOnly
        )

    # ---- selection

    def _on_selection(self) -> None:
        selection = self._context.selection
        self._show_hovered()
        shown = (selection.thing, selection.time)
        if shown == self._shown:
            return
        self._shown = shown
        known = self._context.known()
        if self._known is None:
            return
        only = essence_of(known, self._context.selection.thing) if self.only.isChecked() else -1
        if known is not self._known or only != self._only:
            self._fill(known)
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
        """Show the run that is selected, or the run in which the selected line was said."""
        number = self._selected_run()
        current = self.table.currentIndex().row()
        if number and self.table.selectionModel().hasSelection() and self.model.run_at(current) == number:
            return
        row = self.model.row_of_run(number) if number else -1
        if row >= 0:
            self.table.show_row(row)
        else:
            self.table.show_none()

    def _selected_run(self) -> int:
        thing, known = self._context.selection.thing, self._known
        if thing is None or known is None or not isinstance(thing.key, int):
            return 0
        if thing.kind in ("run", "order"):
            return thing.key
        if thing.kind == "log" and known.log.first <= thing.key < len(known.log):
            line = known.log[thing.key]
            return line.run if line.app == known.app.number else 0
        return 0

    def _on_chosen(self, index: QModelIndex) -> None:
        number = self.model.run_at(index.row())
        if number:
            self._context.selection.select(Thing("run", number))

    def _on_opened(self, index: QModelIndex) -> None:
        self._on_chosen(index)
        self._context.run("selection.go_to_source")

    def _on_menu(self, at: QPoint) -> None:
        if self.table.indexAt(at).isValid():
            CommandMenu(self, self._context, MENU).popup(self.table.viewport().mapToGlobal(at))
