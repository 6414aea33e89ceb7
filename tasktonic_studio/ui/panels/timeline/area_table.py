"""The totals of a marked area as a table: who ran what, how often, how long together, the longest, median and 95 %."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

import numpy as np

from tasktonic_studio.session.totals import Total
from tasktonic_studio.ui.item_models.roles import ACCESSIBLE_TEXT, DISPLAY, FONT, FOREGROUND, SORT, TOOL_TIP, Column
from tasktonic_studio.ui.item_models.table import TableModel
from tasktonic_studio.ui.panels.timeline.model import TimelineModel
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.csv_text import csv_lines

COLUMNS: Final = (
    Column("tonic", "Who", "The tonic that ran it.", "conveyor 12", stretch=True),
    Column("sparkle", "Sparkle", "What ran.", "ttse__on_stroke", stretch=True, mono=True, roomy="ttse__on_part_done"),
    Column("runs", "Count", "How many runs.", "1 234 567", right=True, rank=1),
    Column("total", "Total", "How long all of them ran together.", "99.9 ms", right=True, rank=2),
    Column("longest", "Max", "The longest run; a click on the row selects it.", "99.9 ms", right=True),
    Column("p95", "p95", "95 of 100 runs took no longer.", "99.9 ms", right=True, rank=3),
    Column("median", "p50", "Half of the runs took no longer.", "99.9 ms", right=True, rank=4),
    Column("errors", "Errors", "Runs that raised.", "1 234", right=True, rank=5),
)

_VALUES: Final = {
    "runs": lambda total: total.runs,
    "total": lambda total: total.total_ns,
    "longest": lambda total: total.longest_ns,
    "p95": lambda total: total.p95_ns,
    "median": lambda total: total.median_ns,
    "errors": lambda total: total.errors,
}


class AreaTableModel(TableModel[Total]):
    """Totals by their place in a list."""

    def __init__(self, model: TimelineModel, theme: Theme) -> None:
        super().__init__(COLUMNS)
        self._model = model
        self._theme = theme
        self._totals: Sequence[Total] = ()
        self.sorted_by = "longest"
        """The slowest on top: what one looks for first."""
        self.retheme()

    def retheme(self) -> None:
        """Take fonts from the theme."""
        self._plain = tabular(self._theme.font("ui"))
        self._mono = self._theme.font("mono")

    @property
    def totals(self) -> Sequence[Total]:
        """All rows, as they stand."""
        return [self._totals[item] for item in self.items.tolist()]

    def show_totals(self, totals: Sequence[Total]) -> None:
        """List these."""
        self._totals = totals
        self.sort_by(self.sorted_by)

    def sort_by(self, column: str) -> None:
        """The largest first, or by name."""
        self.sorted_by = column
        value = _VALUES.get(column)
        numbers = range(len(self._totals))
        if value is not None:
            order = sorted(numbers, key=lambda number: -value(self._totals[number]))
        else:
            order = sorted(numbers, key=lambda number: self.text(self._totals[number], column).lower())
        self.replace(np.array(order, np.int64))

    def read(self, item: int) -> Total:
        return self._totals[item]

    def key(self, row: Total) -> Hashable:
        return row.essence, row.sparkle

    def text(self, row: Total, column: str) -> str:
        """What a cell says."""
        if column == "tonic":
            return figures.short(self._model.known.essences.name(row.essence))
        if column == "sparkle":
            return figures.short(self._model.known.names.sparkle(row.sparkle))
        value = _VALUES[column](row)
        return figures.grouped(value) if column in ("runs", "errors") else figures.duration(value)

    def cell(self, row: Total, column: Column, role: int) -> Any:
        if role in (DISPLAY, ACCESSIBLE_TEXT, TOOL_TIP):
            return self.text(row, column.id)
        if role == FOREGROUND:
            return self._theme.color("error" if column.id == "errors" and row.errors else "text")
        if role == FONT:
            return self._mono if column.id == "sparkle" else self._plain
        return _VALUES[column.id](row) if role == SORT and column.id in _VALUES else None

    def csv(self) -> str:
        """All rows as comma-separated values, durations in nanoseconds."""
        fields = ("tonic", "sparkle", "count", "total_ns", "max_ns", "p95_ns", "p50_ns", "errors")
        known = self._model.known
        rows = (
            (
                known.essences.name(row.essence),
                known.names.sparkle(row.sparkle),
                *(_VALUES[column](row) for column in _VALUES),
            )
            for row in self.totals
        )
        return "".join(csv_lines(fields, rows))
