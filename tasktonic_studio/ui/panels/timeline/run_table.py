"""The table twin of the lanes: the runs that are on screen as rows, for those who read rather than look."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import islice
from typing import Any, Final, NamedTuple

import numpy as np
from PySide6.QtWidgets import QWidget

from tasktonic.events import ERROR, IGNORED, SYSTEM
from tasktonic_studio.ui.item_models.roles import SORT, Column
from tasktonic_studio.ui.item_models.table import Items
from tasktonic_studio.ui.panels.timeline.model import TimelineModel, flag_words
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.words_table import WordsModel, WordsTable

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


class RunWords(NamedTuple):
    """What one row shows."""

    row: int
    run: int
    texts: tuple[str, ...]
    took_ns: int
    shape: str
    aside: bool


class RunTableModel(WordsModel[RunWords]):
    """Runs by their rows in the table of runs."""

    SPECIAL = "flags"
    QUIET = frozenset({"time", "lane", "waited", "flags"})

    def __init__(self, model: TimelineModel, theme: Theme, shapes: Shapes) -> None:
        super().__init__(COLUMNS, theme, shapes)
        self._model = model

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

    def is_aside(self, row: RunWords) -> bool:
        return row.aside

    def cell(self, row: RunWords, column: Column, role: int) -> Any:
        if role == SORT:
            return row.took_ns if column.id == "took" else None
        return super().cell(row, column, role)


class RunTable(WordsTable):
    """Lists the runs of a stretch of time; its items are rows of the table of all runs. Owned by the timeline's view."""

    def __init__(self, model: TimelineModel, theme: Theme, parent: QWidget | None = None) -> None:
        self.runs = RunTableModel(model, theme, Shapes(theme))
        super().__init__(self.runs, theme, "run", "Runs on screen", "One row per run in the time that is shown", parent)
        self._model = model

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
