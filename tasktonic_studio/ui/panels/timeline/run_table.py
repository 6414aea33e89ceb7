"""The table twin of the lanes: the runs that are on screen as rows, for those who read rather than look."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import islice
from typing import Any, Final, NamedTuple

import numpy as np
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from tasktonic.events import ERROR, IGNORED, SYSTEM
from tasktonic_studio.ui.item_models.roles import (
    ACCESSIBLE_TEXT,
    DECORATION,
    DISPLAY,
    FONT,
    FOREGROUND,
    SORT,
    TOOL_TIP,
    Column,
)
from tasktonic_studio.ui.item_models.table import Items, TableModel
from tasktonic_studio.ui.panels.timeline.model import TimelineModel, flag_words
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.tail_table import TailTable

MOST_ROWS: Final = 200_000
"""Of a wider stretch of time the first so many runs are listed."""

COLUMNS: Final = (
    Column("time", "Time", "When it began, counted from the begin of the app.", "23:59:59.999", right=True),
    Column("lane", "Lane", "The catalyst that ran it.", "main_catalyst", rank=5),
    Column("tonic", "Tonic", "Whose sparkle it is.", "conveyor 12", stretch=True),
    Column("sparkle", "Sparkle", "What ran.", "ttse__on_stroke", stretch=True, mono=True, roomy="ttse__on_part_done"),
    Column("took", "Took", "How long it ran.", "99.9 ms", right=True, rank=1),
    Column("waited", "Waited", "How long its order waited before it ran.", "99.9 ms", right=True, rank=3),
    Column("flags", "Flags", "What was special: error, hook, ignored, system.", "ignored", icon=True, rank=2),
)
_NUMBER: Final = {column.id: number for number, column in enumerate(COLUMNS)}


class RunWords(NamedTuple):
    """What one row shows."""

    row: int
    run: int
    texts: tuple[str, ...]
    took_ns: int
    shape: str
    is_aside: bool


class RunTableModel(TableModel[RunWords]):
    """Runs by their rows in the table of runs."""

    def __init__(self, model: TimelineModel, theme: Theme, shapes: Shapes) -> None:
        super().__init__(COLUMNS)
        self._model = model
        self._theme = theme
        self._shapes = shapes
        self.retheme()

    def retheme(self) -> None:
        """Take fonts from the theme."""
        self._plain = tabular(self._theme.font("ui"))
        self._mono = self._theme.font("mono")

    def show_rows(self, rows: Items) -> bool:
        """List these runs. Returns whether they are others than before."""
        if np.array_equal(rows, self.items):
            return False
        self.replace(rows)
        return True

    def read(self, item: int) -> RunWords:
        run = self._model.run(item)
        if run is None:
            return RunWords(item, 0, ("",) * len(COLUMNS), 0, "", True)
        known = self._model.known
        waited = self._model.waited_ns(run)
        texts = (
            figures.moment(run.begin_ns, self._model.began_ns),
            figures.short(known.essences.name(run.catalyst)),
            figures.short(known.essences.name(run.essence)),
            figures.short(known.names.sparkle(run.sparkle)),
            figures.duration(run.end_ns - run.begin_ns),
            figures.duration(waited) if waited >= 0 else "",
            flag_words(run.flags),
        )
        shape = "error" if run.flags & ERROR else "ignored" if run.flags & IGNORED else ""
        aside = bool(run.flags & (SYSTEM | IGNORED))
        return RunWords(item, run.run, texts, run.end_ns - run.begin_ns, shape, aside)

    def key(self, row: RunWords) -> Hashable:
        return row.row

    def cell(self, row: RunWords, column: Column, role: int) -> Any:
        if role in (DISPLAY, ACCESSIBLE_TEXT):
            return row.texts[_NUMBER[column.id]]
        if role == FOREGROUND:
            is_error = row.shape == "error" and column.id in ("flags", "sparkle")
            quiet = row.is_aside or column.id in ("time", "lane", "waited", "flags")
            return self._theme.color("error" if is_error else "text_muted" if quiet else "text")
        if role == FONT:
            return self._mono if column.id == "sparkle" else self._plain
        if role == DECORATION:
            return self._shapes.icon(row.shape) if column.id == "flags" and row.shape else None
        if role == SORT:
            return row.took_ns if column.id == "took" else None
        return row.texts[_NUMBER[column.id]] if role == TOOL_TIP else None

    def text_of(self, items: list[int]) -> str:
        """These rows as text with tabs, as they are copied."""
        rows = ("\t".join(self.entry(item).texts) for item in items)
        return "\n".join(rows).replace(figures.NARROW_SPACE, " ")


class RunTable(TailTable):
    """Lists the runs of a stretch of time. Owned by the timeline's view."""

    run_chosen = Signal(int)
    """The row (in the table of all runs) of the run that was chosen."""
    run_opened = Signal(int)
    run_pointed = Signal(int)

    def __init__(self, model: TimelineModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(COLUMNS, "new run", "new runs", parent)
        self._model = model
        self._theme = theme
        self.runs = RunTableModel(model, theme, Shapes(theme, self))
        self.runs.setParent(self)
        self.stop_following()
        self.setModel(self.runs)
        accessible.name(self, "Runs on screen", "One row per run in the time that is shown")
        self.chosen.connect(self._on_chosen)
        self.opened.connect(self._on_opened)
        self.pointed.connect(self._on_pointed)
        self.copied.connect(self.copy_rows)

    def retheme(self) -> None:
        """Take on colours and fonts."""
        self.runs.retheme()
        self.set_fonts(self._theme.font("ui"), self._theme.font("mono"))
        self.viewport().update()

    def list_runs(self, from_ns: int, until_ns: int) -> int:
        """Show the runs that touch this time, by their begin. Returns how many more there are than can be listed."""
        lanes = [lane for lane in self._model.index.lanes.values() if lane.parts]
        # The first so many of all are among the first so many of each lane.
        firsts = [piece for lane in lanes for piece in islice(lane.pieces(from_ns, until_ns, MOST_ROWS), 1)]
        rows = np.concatenate([it.row for it in firsts]) if firsts else np.empty(0, np.int64)
        order = np.argsort(np.concatenate([it.begin_ns for it in firsts]), kind="stable") if firsts else rows
        top = self.top_row()
        if self.runs.show_rows(rows[order][:MOST_ROWS]):
            self.rows_replaced(top)
        if self.runs.count < MOST_ROWS:
            return 0
        return max(sum(lane.runs_between(from_ns, until_ns) for lane in lanes) - MOST_ROWS, 0)

    def mark(self, row: int) -> None:
        """Select the run that is selected elsewhere; none for -1 or one that is not listed."""
        at = self.runs.row_of(row) if row >= 0 else -1
        if at < 0:
            self.show_none()
        elif self.selected_rows() != [at]:
            self.show_row(at)

    def copy_rows(self) -> None:
        """Put the selected rows on the clipboard."""
        items = [item for item in map(self.runs.item, self.selected_rows()) if item is not None]
        if items:
            QGuiApplication.clipboard().setText(self.runs.text_of(items))

    def _item(self, row: int) -> int:
        item = self.runs.item(row)
        return -1 if item is None else item

    def _on_chosen(self, index: QModelIndex) -> None:
        self.run_chosen.emit(self._item(index.row()))

    def _on_opened(self, index: QModelIndex) -> None:
        self.run_opened.emit(self._item(index.row()))

    def _on_pointed(self, row: int) -> None:
        self.run_pointed.emit(self._item(row))
