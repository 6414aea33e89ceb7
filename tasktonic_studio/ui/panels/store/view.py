"""The store panel's widget: filter, tree of paths, and below it what became of the chosen one."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.filters import StoreFilter
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tasktonic_studio.ui.panels.store.detail import StoreDetail
from tasktonic_studio.ui.panels.store.export import csv_lines, json_lines, rows_of
from tasktonic_studio.ui.panels.store.model import FOUND_SHOWN, StoreModel
from tasktonic_studio.ui.panels.store.tree_view import StoreTree
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures, save_file
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.empty_state import OTHER_START, EmptyState
from tasktonic_studio.ui.widgets.essence_words import GONE
from tasktonic_studio.ui.widgets.pin import Pin
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

MENU: Final = (
    "selection.go_to_source",
    "selection.show_in_inspector",
    "store.follow_link",
    "store.plot",
    "",
    "selection.copy_name",
    "store.copy_value",
    "",
    "store.export_csv",
    "store.export_json",
)
VALUES_MS: Final = 100
"""Values are shown anew at most this often: what changes faster cannot be read."""
AGES_MS: Final = 400
_PLOT_PX: Final = 280
_TYPING_MS: Final = 120
_STEP_S: Final = 0.012
_STEP_PATHS: Final = 500


class StoreView(QWidget):
    """All that the store panel shows. Made by the panel; the dock owns it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._known: Knowledge | None = None
        self._filter = StoreFilter("")
        self._changed: set[tuple[int, str]] = set()
        self._to_search: list[tuple[int, list[str]]] = []
        """Stores with the paths that were not looked at yet, the next one last."""
        self._found: set[StoreKey] = set()
        self._shown: tuple[Thing | None, int | None] | None = None
        self._undo_watch: Any = None
        self._save_note = ""
        self.pin = Pin(context)
        self.model = StoreModel(context.theme, context.icons)
        self.model.setParent(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Filter: words  type:int  writer:pump  changed:5s")
        self.search.setClearButtonEnabled(True)
        self.search.setToolTip(
            "Words are looked for in the path. type:float, writer:pump, value:7, changed:5s and link: narrow down; removed: "
            "finds what was taken out; -word leaves out."
        )
        accessible.name(
            self.search, "Filter the store", "Words of the path, type:int, writer:pump, changed:5s, removed:"
        )
        self.problem = QLabel()
        self.problem.setProperty("role", "warning")
        self.problem.setWordWrap(True)
        self.problem.setContentsMargins(tokens.SPACE_PX, 0, tokens.SPACE_PX, tokens.SMALL_SPACE_PX)
        self.problem.hide()
        self.counts = QLabel()
        self.counts.setProperty("role", "small")
        self.cancel = QPushButton("Cancel")
        self.cancel.setProperty("kind", "quiet")
        self.cancel.hide()
        self.tree = StoreTree(self.model, context.theme)
        accessible.name(self.tree, "Store", "The values of the stores by path")
        self.detail = StoreDetail(context)
        self.nothing_yet = EmptyState(
            "Nothing is stored",
            "When a tonic binds a ttStore and writes to it, the paths stand here as a tree, with their values, how long ago "
            "each changed and who wrote it. The example plant keeps its totals in one.",
            "Start the example plant",
            "run.start_example",
            context.run,
            OTHER_START,
        )
        self.nothing_found = EmptyState("Nothing matches", "", "Clear the filter", "clear", self._clear_filter)
        self.saving = save_file.Saving(self)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._searching = QTimer(self)
        self._searching.setInterval(0)
        self._build()
        self.values = Throttle(VALUES_MS, self._show_changed, self)
        self.ages = Throttle(AGES_MS, self._show_ages, self)
        self._connect()
        self.retheme()

    def _build(self) -> None:
        space = tokens.SPACE_PX
        bar = QHBoxLayout()
        bar.setContentsMargins(space, space // 2, space // 2, space // 2)
        bar.setSpacing(space)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.counts)
        bar.addWidget(self.cancel)
        bar.addWidget(self.pin)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self._pages = QWidget()
        self._stack = QStackedLayout(self._pages)
        self.split.addWidget(self.tree)
        self.split.addWidget(self.detail)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.split.setSizes([600, 400])
        for page in (self.nothing_yet, self.split, self.nothing_found):
            self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.problem)
        layout.addWidget(self._pages, 1)
        accessible.tab_order(
            [self.search, self.pin, self.tree, self.detail.link, self.detail.as_plot, self.detail.table]
        )
        self.setFocusProxy(self.tree)

    def _connect(self) -> None:
        self._typing.timeout.connect(self.apply_filter)
        self._searching.timeout.connect(self._search_on)
        self.search.textChanged.connect(self._on_text)
        self.tree.chosen.connect(self._on_chosen)
        self.tree.opened.connect(self._on_opened)
        self.tree.pointed.connect(self._on_pointed)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        self.pin.changed.connect(self._on_pinned)
        self.detail.plotted.connect(self._make_room)
        self.detail.link_followed.connect(self.select)
        self.detail.plot.saved.connect(self._on_saved_plot)
        self.saving.went_on.connect(self._on_saving)
        self.saving.ended.connect(self._on_saved)
        self.cancel.clicked.connect(self.saving.cancel)

    # ---- for the panel

    def watch(self) -> None:
        """Follow the selection from now on."""
        if self._undo_watch is None:
            self._undo_watch = self._context.selection.watch(self._on_selection)

    def unwatch(self) -> None:
        """Do nothing any more until `watch`."""
        self._typing.stop()
        self._searching.stop()
        self.values.stop()
        self.ages.stop()
        self.tree.stop_fading()
        self._changed.clear()
        self._shown = None
        if self._undo_watch is not None:
            self._undo_watch()
            self._undo_watch = None

    def finish(self) -> None:
        """The window closes for good."""
        self.unwatch()
        self.saving.finish()
        self.detail.plot.finish()

    def on_changes(self, changes: Changes) -> None:
        """Bring the tree up to date: work for what is on screen, and for paths that came or went in what is unfolded."""
        self.pin.take(changes)
        known = self.pin.known()
        if known is not self._known or (changes.everything and self.pin.is_live):
            self._fill(known)
        elif self.pin.is_live:
            if changes.store:
                self._changed |= changes.store
                self.values.ask()
            if len(known.store):
                self.ages.ask()
            if changes.target and not len(known.store):
                self._choose_page(known)

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.tree.retheme()
        self.detail.retheme()
        self.pin.retheme()

    # ---- keeping in step

    def _fill(self, known: Knowledge) -> None:
        top = self.tree.top_key()
        self._known = known
        self._changed.clear()
        self.tree.stop_fading()
        with self.tree.quietly():
            if self._filter:
                self._begin_search(known)
            else:
                self._searching.stop()
                self.tree.open_new(self.model.fill(known))
        self.tree.scroll_to_key(top)
        self._shown = (self.pin.thing, self.pin.time)
        self._follow_selection(reveal=True)
        self.detail.show_path(known, self.detail.key)
        self._show_counts(known)
        self._choose_page(known)

    def _show_changed(self) -> None:
        known = self._known
        changed, self._changed = self._changed, set()
        if known is None or not self.pin.is_live:
            return
        keys = {StoreKey(*pair) for pair in changed}
        with self.tree.quietly():
            if self._filter:
                self._refit(known, keys)
            else:
                self.tree.open_new(self.model.sync(changed))
        self.tree.touch(keys, light=self._context.settings.flag("motion"))
        if self.detail.key in keys:
            self.detail.show_path(known, self.detail.key)
        self._show_counts(known)
        self._choose_page(known)

    def _show_ages(self) -> None:
        known = self._known
        if known is None or not self.pin.is_live:
            return
        if self._filter and not self._searching.isActive():
            # Time alone makes some fit no longer: those that changed in the last five seconds.
            self._refit(known, {StoreKey(*key) for key in list(self.model.keys()) if isinstance(key, StoreKey)})
        self.tree.touch(None)
        if self.detail.key is not None:
            self.detail.show_path(known, self.detail.key)

    def _show_counts(self, known: Knowledge) -> None:
        if self._save_note:
            text = self._save_note
        elif self._searching.isActive():
            text = f"{figures.grouped(len(self._found))} found so far"
        elif self._filter:
            found = len(self._found)
            text = f"{figures.grouped(found)} found"
            if found > FOUND_SHOWN:
                text += f", the first {figures.grouped(FOUND_SHOWN)} shown"
        else:
            values = sum(known.store.values_below(store, "") for store in known.store)
            text = figures.counted(values, "value") if len(known.store) else ""
        if self.counts.text() != text:
            self.counts.setText(text)

    def _choose_page(self, known: Knowledge) -> None:
        page: QWidget = self.split
        if not len(known.store):
            page = self.nothing_yet
            self._say_why_empty(known)
        elif self._filter and not self._found and not self._searching.isActive():
            page = self.nothing_found
            self.nothing_found.say("Nothing matches", f"No path matches “{self.search.text().strip()}”.")
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)

    def _say_why_empty(self, known: Knowledge) -> None:
        if known.target.is_alive:
            self.nothing_yet.say(
                "Nothing is stored yet",
                "The program runs, but no tonic of it has written to a store so far.",
                offer=False,
            )
        elif known.target.status in GONE:
            self.nothing_yet.say("Nothing was stored", "The program has ended, and it had no store.")

    # ---- filter

    def apply_filter(self) -> None:
        """Show what the filter's text asks for, now."""
        self._typing.stop()
        self._filter = StoreFilter(self.search.text())
        self.problem.setText(self._filter.problem)
        self.problem.setVisible(bool(self._filter.problem))
        self._found.clear()
        if self._known is not None:
            self._fill(self.pin.known())

    def _begin_search(self, known: Knowledge) -> None:
        self._found.clear()
        self.model.show_found(known, ())
        self._to_search = [(store, list(known.store[store])[::-1]) for store in known.store]
        self._searching.start()
        self._search_on()

    def _search_on(self) -> None:
        """Look at more of the paths, for as long as a frame allows."""
        known = self._known
        until = time.perf_counter() + _STEP_S
        while known is not None and self._to_search and time.perf_counter() < until:
            store, paths = self._to_search[-1]
            entries = known.store[store]
            some = paths[: -_STEP_PATHS - 1 : -1]
            del paths[-_STEP_PATHS:]
            if not paths:
                self._to_search.pop()
            hits = [StoreKey(store, path) for path in some if self._filter.accepts(known, path, entries[path])]
            self._found.update(hits)
            self.model.add_found(hits)
        if not self._to_search or known is None:
            self._searching.stop()
        if known is not None:
            self._show_counts(known)
            self._choose_page(known)
            if not self._searching.isActive():
                self._follow_selection(reveal=False)

    def _fits(self, known: Knowledge, key: StoreKey) -> bool:
        entry = known.store.get(key.store, key.path)
        return entry is not None and self._filter.accepts(known, key.path, entry)

    def _refit(self, known: Knowledge, keys: set[StoreKey]) -> None:
        """Let in what fits now, and drop what does not any more."""
        fits = {key for key in keys if self._fits(known, key)}
        gone = (keys - fits) & self._found
        self._found -= gone
        self.model.drop_found(gone)
        new = fits - self._found
        self._found |= new
        self.model.add_found(sorted(new))
        if gone or new:
            self._show_counts(known)
            self._choose_page(known)

    def _on_text(self) -> None:
        if self.search.text().strip():
            self._typing.start()
        else:
            self.apply_filter()

    def _clear_filter(self, _command_id: str) -> None:
        self.search.clear()
        self.tree.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.search.hasFocus() and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply_filter()
            self.tree.setFocus()
        elif self.search.hasFocus() and event.key() == Qt.Key.Key_Escape:
            self.search.clear()
            self.tree.setFocus()
        else:
            super().keyPressEvent(event)

    # ---- selection

    def select(self, key: StoreKey) -> None:
        """Select a path, in all panels."""
        self._context.selection.select(Thing("store", (key.store, key.path)))

    def _on_selection(self) -> None:
        self._show_hovered()
        shown = (self.pin.thing, self.pin.time)
        if shown == self._shown:
            return
        is_other_moment = self._shown is None or shown[1] != self._shown[1]
        self._shown = shown
        if self._known is not None and is_other_moment and self.pin.known() is not self._known:
            self._fill(self.pin.known())
        else:
            self._follow_selection(reveal=True)

    def _on_pinned(self) -> None:
        self._shown = None
        self._on_selection()

    def _follow_selection(self, *, reveal: bool) -> None:
        """Show the path that is selected. What else is selected leaves the path here, but for what it wrote."""
        thing, known = self.pin.thing, self._known
        if known is None:
            return
        if thing is not None and thing.kind == "store" and isinstance(thing.key, tuple):
            key = StoreKey(int(thing.key[0]), str(thing.key[1]))
            self.tree.show_selected(key, reveal=reveal)
            if self.detail.key != key:
                self.detail.show_path(known, key)
            self.detail.show_run(0)
        elif thing is not None and thing.kind == "run" and isinstance(thing.key, int):
            self.detail.show_run(thing.key)
        else:
            self.detail.show_run(0)

    def _show_hovered(self) -> None:
        """Light the path that is under the pointer in any panel."""
        hovered = self._context.selection.hovered
        key = None
        if hovered is not None and hovered.kind == "store" and isinstance(hovered.key, tuple):
            key = StoreKey(int(hovered.key[0]), str(hovered.key[1]))
        if key != self.tree.hovered:
            self.tree.hovered = key
            self.tree.viewport().update()

    def _on_pointed(self, key: StoreKey | None) -> None:
        self._context.selection.hover(Thing("store", (key.store, key.path)) if key is not None and key.path else None)

    def _on_chosen(self, key: StoreKey | None) -> None:
        known = self._known
        if key is None or known is None:
            return
        if known.store.get(key.store, key.path) is not None:
            self.select(key)
        elif not key.path:
            self._context.selection.select(Thing("essence", key.store))

    def _on_opened(self, key: StoreKey) -> None:
        self.select(key)
        self._context.run("selection.go_to_source")

    def _on_menu(self, at: QPoint) -> None:
        index = self.tree.indexAt(at)
        found = self.model.entry_at(index)
        if found is not None:
            self.select(found[0])
        if index.isValid():
            CommandMenu(self, self._context, MENU).popup(self.tree.viewport().mapToGlobal(at))

    # ---- what commands do

    @property
    def chosen_text(self) -> str:
        """The value of the chosen path, as it is described."""
        key, known = self.detail.key, self._known
        entry = known.store.get(key.store, key.path) if key is not None and known is not None else None
        return "" if entry is None else entry.new

    def copy_value(self) -> None:
        """Put the value of the chosen path on the clipboard."""
        QGuiApplication.clipboard().setText(self.chosen_text)

    def export(self, kind: str) -> None:
        """Ask for a file and write all that is shown: with a filter what it found, else every value. ``kind``: csv, json."""
        known = self._known
        if known is None or self.saving.is_busy:
            return
        kinds = "Tables (*.csv)" if kind == "csv" else "JSON (*.json)"
        file = save_file.file_to_save(self, "Save the values of the store", f"store.{kind}", kinds)
        if not file:
            return
        lines = csv_lines if kind == "csv" else json_lines
        names = {store: known.essences.name(store) for store in known.store}
        # A fork stays as it is: the thread that writes may take its time.
        rows = rows_of(known.store.fork(), names, partial(self._filter.accepts, known))
        self._file = file
        self.cancel.show()
        self._on_saving(0)
        self.saving.start(file, partial(lines, rows, known.app.began_ns))

    def _on_saving(self, count: int) -> None:
        self._note_saving(f"saving, {figures.grouped(count)} so far")

    def _on_saved(self, problem: str) -> None:
        self.cancel.hide()
        self._note_saving(problem and "")
        self._say(problem or f"Saved {self._file}.")

    def _make_room(self) -> None:
        """A plot that was asked for gets enough of the panel to be read."""
        whole = sum(self.split.sizes())
        if self.detail.as_plot.isChecked() and self.detail.height() < _PLOT_PX and whole >= 2 * _PLOT_PX:
            self.split.setSizes([whole - _PLOT_PX, _PLOT_PX])

    def _on_saved_plot(self, sentence: str) -> None:
        self._say(sentence)

    def _note_saving(self, note: str) -> None:
        self._save_note = note
        if self._known is not None:
            self._show_counts(self._known)

    def _say(self, sentence: str) -> None:
        """One sentence below the filter, until the next filter."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
