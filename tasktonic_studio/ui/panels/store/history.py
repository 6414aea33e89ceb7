"""What became of one path: each change with its time, the value before and after, and the run that wrote it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final, NamedTuple

import numpy as np

from tasktonic_studio.session.columns import RowView
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.numbers import number_of
from tasktonic_studio.session.store_mirror import StoreChange
from tasktonic_studio.ui.item_models.roles import (
    ACCESSIBLE_TEXT,
    DISPLAY,
    FONT,
    FOREGROUND,
    TOOL_TIP,
    Column,
)
from tasktonic_studio.ui.item_models.table import TableModel
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tasktonic_studio.ui.plots.numbers import Series
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.columns import tabular

COLUMNS: Final = (
    Column("time", "Time", "When it changed, in seconds since the app began.", "1 234.567 s", right=True),
    Column("old", "Before", "What was there before.", "1 234.56", stretch=True, mono=True, rank=2),
    Column("new", "After", "What was there from then on.", "→ 1 234.56", stretch=True, mono=True),
    Column("writer", "Writer", "The tonic that wrote it.", "conveyor 12", rank=3, stretch=True),
    Column(
        "run", "Run", "The run that wrote it: a click selects it.", "ttse__on_stroke", rank=4, stretch=True, mono=True
    ),
)
_NUMBER: Final = {column.id: number for number, column in enumerate(COLUMNS)}


class HistoryRow(NamedTuple):
    """What one row shows; ``run`` is 0 when nobody knows which run wrote it."""

    item: int
    n: int
    run: int
    texts: tuple[str, str, str, str, str]
    tip: str
    removed: bool


class HistoryModel(TableModel[HistoryRow]):
    """The changes of one path at one moment. An item is the index of a change."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(COLUMNS)
        self._theme = theme
        self._known: Knowledge | None = None
        self._changes: RowView[StoreChange] | None = None
        self._seen = 0
        self.key_shown: StoreKey | None = None
        self.retheme()

    def show_path(self, known: Knowledge, key: StoreKey | None) -> int:
        """Show the changes of a path; when it is the same path, those that came. Gives how many rows came at the end."""
        entry = known.store.get(key.store, key.path) if key is not None else None
        is_same = self._known is known and self.key_shown == key and self._changes is not None
        self._known, self.key_shown = known, key
        self._changes = entry.history if entry is not None else None
        first, last = (self._changes.first, len(self._changes)) if self._changes is not None else (0, 0)
        if is_same and last >= self._seen:
            self.drop_before(first)
            new = np.arange(max(first, self._seen), last, dtype=np.int64)
            self._seen = last
            self.append(new)
            return len(new)
        self._seen = last
        self.replace(np.arange(first, last, dtype=np.int64))
        return last - first

    def series(self) -> Series:
        """The values that are numbers, as what a plot shows."""
        times, values = [], []
        for change in self._changes or ():
            number = number_of(change.type, change.new)
            if number is not None and change.t_ns > 0:
                times.append(change.t_ns)
                values.append(number)
        order = np.argsort(np.array(times, np.int64), kind="stable")
        return Series(np.array(times, np.int64)[order], np.array(values, np.float64)[order])

    def run_at(self, row: int) -> int:
        """The number of the run that made the change in a row, 0 for none."""
        item = self.item(row)
        return 0 if item is None else self.entry(item).run

    def row_of_run(self, run: int) -> int:
        """The last row that a run wrote, -1 for none. Rows far back are not looked at."""
        for row in range(self.count - 1, max(self.count - 200, 0) - 1, -1):
            if self.run_at(row) == run:
                return row
        return -1

    def text_of(self, rows: list[int]) -> str:
        """These rows as text with tabs, as they are copied."""
        items = [item for item in map(self.item, rows) if item is not None]
        return "\n".join(figures.tabbed(self.entry(item).texts) for item in items)

    def retheme(self) -> None:
        """Take fonts from the theme."""
        self._plain = tabular(self._theme.font("ui"))
        self._mono = self._theme.font("mono")

    # ---- rows

    def read(self, item: int) -> HistoryRow:
        known, changes = self._known, self._changes
        if known is None or changes is None or not changes.first <= item < len(changes):
            return HistoryRow(item, 0, 0, ("",) * 5, "", False)
        change = changes[item]
        run = known.run_of(change.run) if change.run else None
        sparkle = figures.short(known.names.sparkle(run.sparkle)) if run is not None else ""
        when = figures.moment(change.t_ns, known.app.began_ns) if change.t_ns > 0 else "before"
        new = "removed" if change.removed else figures.short(change.new, 200)
        old = "" if change.present else figures.short(change.old, 200)
        tip = f"{change.old}\n→ {change.new or 'removed'}" if change.old else change.new
        texts = (when, old, f"→ {new}" if not change.present else new, figures.short(change.source, 60), sparkle)
        return HistoryRow(item, change.n, change.run, texts, tip, change.removed)

    def key(self, row: HistoryRow) -> Hashable:
        return row.item

    def cell(self, row: HistoryRow, column: Column, role: int) -> Any:
        if role in (DISPLAY, ACCESSIBLE_TEXT):
            return row.texts[_NUMBER[column.id]]
        if role == FOREGROUND:
            return self._theme.color("text" if column.id == "new" and not row.removed else "text_muted")
        if role == FONT:
            return self._mono if column.mono else self._plain
        return row.tip if role == TOOL_TIP else None
