"""The store panel's widget: the tree of paths, and below it what became of the chosen one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSplitter

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.edits import StoreSpot, Typed
from tasktonic_studio.session.filters import StoreFilter
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.list_view import Emptiness, ListView
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tasktonic_studio.ui.panels.store.detail import StoreDetail
from tasktonic_studio.ui.panels.store.export import csv_of, json_of, rows_of
from tasktonic_studio.ui.panels.store.model import FOUND_SHOWN, StoreModel
from tasktonic_studio.ui.panels.store.rows import NUMBER
from tasktonic_studio.ui.panels.store.tree_view import StoreTree
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.filter_bar import FilterWords
from tasktonic_studio.ui.widgets.room import give_room
from tasktonic_studio.ui.widgets.throttle import Throttle
from tasktonic_studio.ui.widgets.value_editor import ValueEditor

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

VALUES_MS: Final = 100
"""Values are shown anew at most this often: what changes faster cannot be read."""
AGES_MS: Final = 400
_PLOT_PX: Final = 280
_STEP_S: Final = 0.012
_STEP_PATHS: Final = 500


class StoreView(ListView):
    """All that the store panel shows. Made by the panel; the dock owns it."""

    WORDS = FilterWords(
        "the store",
        ("words", "type:int", "writer:pump", "changed:5s"),
        "Words are looked for in the path. type:float, writer:pump, value:7, changed:5s and link: narrow down; removed: "
        "finds what was taken out; -word leaves out.",
    )
    EMPTINESS = Emptiness(
        (
            "Nothing is stored",
            (
                "When a tonic binds a ttStore and writes to it, the paths stand here as a tree, with their values, how long ago "
                "each changed and who wrote it. The example plant keeps its totals in one."
            ),
        ),
        ("Nothing is stored yet", "The program runs, but no tonic of it has written to a store so far."),
        ("Nothing was stored", "The program has ended, and it had no store."),
    )
    ONE = "value"
    MENU = (
        "selection.go_to_source",
        "selection.show_in_inspector",
        "store.follow_link",
        "store.plot",
        "store.show_listeners",
        "",
        "change.edit_value",
        "change.live_edit",
        "",
        "selection.copy_name",
        "store.copy_value",
        "",
        "store.export_csv",
        "store.export_json",
    )

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self._filter = StoreFilter("")
        self._changed: set[tuple[int, str]] = set()
        self._to_search: list[tuple[int, list[str]]] = []
        """Stores with the paths that were not looked at yet, the next one last."""
        self._found: set[StoreKey] = set()
        self.model = StoreModel(context.theme, context.icons)
        self.model.setParent(self)
        self.tree = StoreTree(self.model, context.theme)
        accessible.name(self.tree, "Store", "The values of the stores by path")
        self.editor = ValueEditor(self.tree, NUMBER["value"])
        self.editor.done.connect(self._on_typed)
        self.model.waits_for = self._waits_for
        self._undo_edits: Any = None
        self.detail = StoreDetail(context)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.tree)
        self.split.addWidget(self.detail)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        self.split.setSizes([600, 400])
        detail = self.detail
        self.place(
            self.tree, self.tree.columns, self.split, detail.link, detail.as_plot, detail.as_listeners, detail.table
        )
        self._searching = QTimer(self)
        self._searching.setInterval(0)
        self._searching.timeout.connect(self._search_on)
        self.values = Throttle(VALUES_MS, self._show_changed, self)
        self.ages = Throttle(AGES_MS, self._show_ages, self)
        self.tree.chosen.connect(self._on_chosen)
        self.tree.opened.connect(self._on_opened)
        self.tree.pointed.connect(self._on_pointed)
        self.tree.edit_wanted.connect(self._on_edit_wanted)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        self.detail.plotted.connect(self._make_room)
        self.detail.listeners_wanted.connect(partial(context.run, "store.ask_listeners"))
        self.detail.link_followed.connect(self.select)
        self.detail.plot.saved.connect(partial(self.bar.say, is_problem=False))
        self.detail.plot.failed.connect(self.bar.say)
        self.retheme()

    # ---- for the panel

    def watch(self) -> None:
        super().watch()
        if self._undo_edits is None:
            self._undo_edits = self._context.session().edits.watch(self._on_edits)

    def unwatch(self) -> None:
        super().unwatch()
        if self._undo_edits is not None:
            self._undo_edits()
            self._undo_edits = None

    def pause(self) -> None:
        self._searching.stop()
        self.values.stop()
        self.ages.stop()
        self.tree.stop_fading()
        self._changed.clear()

    def finish(self) -> None:
        super().finish()
        self.detail.plot.finish()

    def retheme(self) -> None:
        super().retheme()
        self.tree.retheme()
        self.detail.retheme()

    def save_state(self) -> dict[str, Any]:
        more = {"history": self.detail.table.columns.save_state(), "split": self.split.sizes()}
        return super().save_state() | more

    def restore_state(self, state: Mapping[str, Any]) -> None:
        super().restore_state(state)
        history, split = state.get("history"), state.get("split")
        if isinstance(history, dict):
            self.detail.table.columns.restore_state(history)
        if isinstance(split, list) and len(split) == 2 and all(isinstance(size, int) and size > 0 for size in split):
            self.split.setSizes(split)

    # ---- keeping in step

    def follow(self, known: Knowledge, changes: Changes) -> None:
        """Work for what is on screen, and for paths that came or went in what is unfolded."""
        if changes.store:
            self._changed |= changes.store
            self.values.ask()
        if changes.answers or changes.target:
            self.detail.show_listeners()
        if len(known.store):
            self.ages.ask()

    def fill(self, known: Knowledge) -> None:
        top = self.tree.top_key()
        self._known = known
        self._changed.clear()
        self._found.clear()
        self.tree.stop_fading()
        with self.tree.quietly():
            if self._filter:
                self._begin_search(known)
            else:
                self._searching.stop()
                self.tree.open_new(self.model.fill(known))
        self.tree.scroll_to_key(top)
        self.mark_selected(reveal=True)
        self.detail.show_path(known, self.detail.key)
        self.show_state()

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
        self.show_state()

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

    def show_state(self) -> None:
        known = self._known
        if known is None:
            return
        total = sum(known.store.values_below(store, "") for store in known.store)
        is_busy, found, words = self._searching.isActive(), len(self._found), ""
        if is_busy:
            words = f"{figures.grouped(found)} found so far"
        elif self._filter and found > FOUND_SHOWN:
            words = (
                f"{figures.grouped(found)} of {figures.grouped(total)}, the first {figures.grouped(FOUND_SHOWN)} shown"
            )
        elif not self._filter:
            words = figures.counted(total, "value") if len(known.store) else ""
        self.show_count(found, total, words=words)
        has_any = total or len(known.store)
        self.show_page(found if self._filter else has_any, has_any, is_busy=is_busy)

    # ---- filter

    @property
    def is_filtered(self) -> bool:
        return bool(self._filter)

    def take_filter(self, text: str) -> str:
        self._filter = StoreFilter(text)
        return self._filter.problem

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
            self.show_state()
            if not self._searching.isActive():
                self.mark_selected(reveal=False)

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
            self.show_state()

    # ---- selection

    def select(self, key: StoreKey) -> None:
        """Select a path, in all panels."""
        self._context.selection.select(Thing("store", (key.store, key.path)))

    def mark_selected(self, *, reveal: bool) -> None:
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

    def show_hovered(self, hovered: Thing | None) -> None:
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

    # ---- editing

    def edit(self) -> None:
        """Let the chosen value be typed where it stands."""
        key, known = self._chosen_key(), self._known
        entry = known.store.get(key.store, key.path) if key is not None and known is not None else None
        if key is None or known is None or entry is None:
            return
        self.tree.show_selected(key, reveal=True)
        index = self.model.index_of(key)
        seen = ("", "") if entry.removed else (entry.new, entry.type)
        if index.isValid():
            self.editor.begin(index, Typed(StoreSpot(key.store, key.path), "", *seen), key.path)

    def _chosen_key(self) -> StoreKey | None:
        thing = self.pin.thing
        if thing is None or thing.kind != "store" or not isinstance(thing.key, tuple):
            return None
        return StoreKey(int(thing.key[0]), str(thing.key[1]))

    def _on_edit_wanted(self, key: StoreKey) -> None:
        self.select(key)
        reason = self._context.why_not("change.edit_value")
        if reason:
            self.bar.say(f"This cannot be edited now. {reason}")
        else:
            self.bar.say("")
            self._context.run("change.edit_value")

    def _on_typed(self, typed: Typed) -> None:
        self._context.session().edits.typed = typed
        reason = self._context.why_not("change.send_typed")
        if reason:
            self.bar.say(f"Nothing was set. {reason}")
        self._context.run("change.send_typed")

    def _waits_for(self, key: Any) -> str:
        return self._context.session().edits.waits_for(StoreSpot(*key)) if isinstance(key, StoreKey) else ""

    def _on_edits(self) -> None:
        self.tree.viewport().update()

    def _on_menu(self, at: QPoint) -> None:
        index = self.tree.indexAt(at)
        found = self.model.entry_at(index)
        if found is not None:
            self.select(found[0])
        if index.isValid():
            self.open_menu(self.tree.viewport().mapToGlobal(at))

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
        if known is None:
            return
        kinds = "Tables (*.csv)" if kind == "csv" else "JSON (*.json)"
        lines = csv_of if kind == "csv" else json_of
        names = {store: known.essences.name(store) for store in known.store}
        # A fork stays as it is: the thread that writes may take its time.
        rows = rows_of(known.store.fork(), names, partial(self._filter.accepts, known))
        self.save("Save the values of the store", f"store.{kind}", kinds, partial(lines, rows, known.app.began_ns))

    def _make_room(self) -> None:
        """A plot that was asked for gets enough of the panel to be read."""
        if self.detail.as_plot.isChecked():
            give_room(self.split, 1, _PLOT_PX)
