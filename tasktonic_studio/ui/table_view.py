"""TableView: a list that is a table of rows about essences; TailView: one that is long and grows at its end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

import numpy as np
from PySide6.QtCore import QModelIndex, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Kind, Thing
from tasktonic_studio.ui.item_models.search import BackwardSearch
from tasktonic_studio.ui.item_models.table import Items, TableModel, array_of
from tasktonic_studio.ui.list_view import ListView
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.tail_table import TailTable
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

ARRIVALS_MS: Final = 100
"""Rows are appended at most this often: what scrolls by faster cannot be read, and drawing it would cost half a core."""
_STEP_SECONDS: Final = 0.012
"""A search goes on in such pieces: a frame still fits between them."""


class TableView(ListView):
    """A list in a `TailTable` over a `TableModel`. Rows are about essences, or what `row_id` and `id_of` say.

    ``KIND`` is the kind of `Thing` that a row stands for where the pointer is.
    """

    KIND: ClassVar[Kind] = "essence"

    def place_table(
        self, table: TailTable, model: TableModel[Any], content: QWidget | None = None, *more: QWidget
    ) -> None:
        """Take the table into use, and `place` it."""
        self.table, self.model = table, model
        self._hovered = -1
        """What the lit rows are about."""
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.chosen.connect(self.on_chosen)
        table.opened.connect(self.on_opened)
        table.pointed.connect(self._on_pointed)
        table.copied.connect(self.copy_rows)
        table.customContextMenuRequested.connect(self._on_menu)
        self.place(table, table.columns, content, *more)

    def text_of(self, items: list[int]) -> str:
        """These rows as text, as they are copied."""
        raise NotImplementedError

    def on_chosen(self, index: QModelIndex) -> None:
        """The user chose a row."""
        raise NotImplementedError

    def on_opened(self, index: QModelIndex) -> None:
        """The user opened a row."""
        self.on_chosen(index)
        self._context.run("selection.go_to_source")

    def retheme(self) -> None:
        super().retheme()
        self.model.retheme()
        self.table.set_fonts(self._context.theme.font("ui"), self._context.theme.font("mono"))
        self.table.viewport().update()

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard."""
        items = [item for item in map(self.model.item, self.table.selected_rows()) if item is not None]
        text = self.text_of(items) if items else ""
        if text:
            QGuiApplication.clipboard().setText(text)

    def row_id(self, item: int) -> int:
        """Which essence the row of an item is about, -1 for none."""
        return int(self.model.entry(item).essence)

    def id_of(self, known: Knowledge, thing: Thing) -> int:
        """Which essence a thing belongs to, -1 for none."""
        return essence_of(known, thing)

    def show_hovered(self, hovered: Thing | None) -> None:
        wanted = self.id_of(self._known, hovered) if self._known is not None and hovered is not None else -1
        if wanted != self._hovered:
            self._hovered = wanted
            self.table.light(self._is_hovered if wanted >= 0 else None, self._context.theme.color("hover"))

    def _id_at(self, row: int) -> int:
        item = self.model.item(row)
        return self.row_id(item) if item is not None else -1

    def _is_hovered(self, row: int) -> bool:
        return self._id_at(row) == self._hovered

    def _on_pointed(self, row: int) -> None:
        pointed = self._id_at(row)
        self._context.selection.hover(Thing(self.KIND, pointed) if pointed >= 0 else None)

    def _on_menu(self, at: QPoint) -> None:
        index = self.table.indexAt(at)
        if index.isValid():
            if len(self.table.selected_rows()) <= 1:
                # The commands are about what is selected; several rows stay selected, to be copied.
                self.on_chosen(index)
            self.open_menu(self.table.viewport().mapToGlobal(at))


class Source(Protocol):
    """What a `TailView` lists: numbered entries, the oldest of which may be gone."""

    @property
    def first(self) -> int: ...
    def __len__(self) -> int: ...


class TailView(TableView):
    """The newest at the bottom, appended in pieces. A filter looks from the end backward, a piece per turn of the loop."""

    STEP: ClassVar[int]
    """So many entries are looked at in one piece of a search."""

    def __init__(self, context: PanelContext, tools: Sequence[QWidget] = ()) -> None:
        super().__init__(context, tools)
        self._seen = 0
        self._search: BackwardSearch | None = None
        self._newer: list[Items] = []
        """What was found at the end while the search goes on."""
        self._searching = QTimer(self)
        self._searching.setInterval(0)
        self._searching.timeout.connect(self._search_on)
        self.arrivals = Throttle(ARRIVALS_MS, self._append, self)

    # ---- what a subclass says

    def source(self, known: Knowledge) -> Source:
        """What is listed."""
        raise NotImplementedError

    def look(self, start: int, stop: int) -> Items:
        """Which entries from ``start`` to ``stop`` pass the filter."""
        raise NotImplementedError

    def look_at(self, known: Knowledge) -> None:
        """The model reads rows from here on."""
        raise NotImplementedError

    def search_from(self, known: Knowledge) -> int:
        """The oldest entry that a filter can understand."""
        return self.source(known).first

    def with_gaps(self, items: Items | range, *, new_only: bool) -> Items | range:
        """These entries with rows of the subclass's own between them; ``new_only``: they are appended."""
        return items

    # ---- filling

    def pause(self) -> None:
        self.arrivals.stop()
        self._searching.stop()
        self._search = None

    def fill(self, known: Knowledge) -> None:
        top = self.model.item(self.table.top_row())
        source = self.source(known)
        self._known, self._seen = known, len(source)
        self._search = None
        self._searching.stop()
        self.look_at(known)
        if self.is_filtered:
            self._newer = []
            self._search = BackwardSearch(self.search_from(known), self._seen, self.look)
            self._search_on(top)
            if self._search is not None:
                self._searching.start()
        else:
            self._show_items(range(source.first, self._seen), top)
        self.mark_selected(reveal=False)
        self.show_state()

    def _search_on(self, top: int | None = None) -> None:
        """Look at more, for as long as a frame allows."""
        search = self._search
        if search is None:
            self._searching.stop()
            return
        until = time.perf_counter() + _STEP_SECONDS
        is_first = not search.has_begun
        search.step(self.STEP)
        while not search.is_done and time.perf_counter() < until:
            search.step(self.STEP)
        if search.is_done:
            self._searching.stop()
            self._search = None
        if is_first or search.is_done:
            # The end is shown at once, the rest when all of it was looked at: rows do not keep moving meanwhile.
            items = np.concatenate([search.items(), *self._newer])
            self._show_items(items, self.model.item(self.table.top_row()) if top is None else top)
        self.show_state()

    def _show_items(self, items: Items | range, top: int | None) -> None:
        self.model.replace(self.with_gaps(items, new_only=False))
        self.table.rows_replaced(self.model.row_from(top) if top is not None and top >= 0 else 0)

    def _append(self) -> None:
        """Show what came since the last time."""
        known = self._known
        if known is None or not self.pin.is_live:
            return
        source = self.source(known)
        dropped = self.model.drop_before(source.first) if self._is_first_row_gone(source.first) else 0
        if dropped:
            self.table.rows_dropped(dropped)
        first, self._seen = max(self._seen, source.first), len(source)
        new = self.look(first, self._seen) if self.is_filtered else range(first, self._seen)
        if self._search is not None:
            self._newer.append(array_of(new))
        new = self.with_gaps(new, new_only=True)
        self.model.append(new)
        self.table.rows_added(len(new))
        self.show_state()

    def _is_first_row_gone(self, first: int) -> bool:
        """Whether the oldest entry shown was forgotten; rows of the subclass's own before it do not count."""
        for item in self.model.first_items(64).tolist():
            if item >= 0:
                return bool(item < first)
        return bool(first and self.model.count)

    def show_state(self) -> None:
        known = self._known
        source = self.source(known) if known is not None else None
        total = len(source) - source.first if source is not None else 0
        shown = int(np.count_nonzero(self.model.items >= 0)) if self.is_filtered else total
        words = f"{self._search.share:.0%} searched" if self._search is not None else ""
        self.show_count(
            shown, total, words=words, tip=f"{figures.counted(shown, self.ONE)} of {figures.grouped(total)}"
        )
        self.show_page(self.model.count, total or self.model.count, is_busy=self._search is not None)
