"""The numbers behind a plot: what is plotted, as rows of a table and as CSV, and the ends of an axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from tasktonic_studio.ui.item_models.roles import ALIGNMENT, DISPLAY, FONT, Column
from tasktonic_studio.ui.item_models.table import TableModel
from tasktonic_studio.ui.plots.thinning import Ints, Values, round_top
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.csv_text import csv_lines

SECOND: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Pane:
    """One line of a plot.

    Attributes:
        title: what is plotted, with its unit in words.
        role: the colour role of the line.
        from_zero: whether the axis begins at zero; else it fits what is shown.
        top: the end of the axis when it is always the same, as 100 for a share.
    """

    title: str
    role: str = "running"
    from_zero: bool = False
    top: float = 0.0


class Series(NamedTuple):
    """The numbers of a pane: ascending times, and a value that holds from each of them on."""

    times_ns: Ints
    values: Values


EMPTY: Final = Series(np.empty(0, np.int64), np.empty(0, np.float64))


class NumbersModel(TableModel[tuple[str, ...]]):
    """The numbers of the stretch that is shown, one row per point of the first pane."""

    def __init__(self, theme: Theme, panes: Sequence[Pane]) -> None:
        time = Column("time", "Time", "In seconds since the app began.", "12 345.678 s", right=True, stretch=True)
        values = [
            Column(
                f"value{number}", pane.title, f"{pane.title} from this time on.", "1 234.56", right=True, stretch=True
            )
            for number, pane in enumerate(panes)
        ]
        super().__init__([time, *values])
        self._theme = theme
        self.rows: list[tuple[str, ...]] = []

    def show(self, rows: list[tuple[str, ...]]) -> None:
        self.rows = rows
        self.replace(np.arange(len(rows), dtype=np.int64))

    def read(self, item: int) -> tuple[str, ...]:
        return self.rows[item]

    def key(self, row: tuple[str, ...]) -> str:
        return row[0]

    def cell(self, row: tuple[str, ...], column: Column, role: int) -> Any:
        if role == DISPLAY:
            return row[self.columns.index(column)]
        if role == ALIGNMENT:
            return column.alignment
        return tabular(self._theme.font("ui")) if role == FONT else None


def rows_of(
    shown: Sequence[Series], began_ns: int, words: Callable[[Any], str] | None = None
) -> Iterator[tuple[str, ...]]:
    """Time and values as text, a point of the first pane each; of the others what held then. ``words`` says a value."""
    words = words or number_words
    times, first = shown[0]
    columns = [first]
    for series in shown[1:]:
        at = np.searchsorted(series.times_ns, times, "right") - 1
        known = series.values[np.maximum(at, 0)].astype(np.float64) if len(series.values) else np.zeros(len(times))
        columns.append(np.where((at >= 0) & (len(series.values) > 0), known, np.nan))
    for row, t_ns in enumerate(times.tolist()):
        yield (f"{(t_ns - began_ns) / SECOND:.6f}", *(words(column[row]) for column in columns))


def csv_of(titles: Sequence[str], shown: Sequence[Series], began_ns: int) -> Iterator[str]:
    """The same as lines of CSV, with a heading and with all digits."""
    return csv_lines(["seconds", *titles], rows_of(shown, began_ns, _all_digits))


def _all_digits(value: Any) -> str:
    """A number as exactly as it is known."""
    number = float(value)
    if math.isnan(number):
        return ""
    return str(int(number)) if number.is_integer() else repr(number)


def limits(pane: Pane, values: Values) -> tuple[float, float]:
    """The ends of the axis of a pane."""
    if pane.top:
        return 0.0, pane.top
    if not len(values):
        return 0.0, 1.0
    least, most = float(values.min()), float(values.max())
    if pane.from_zero and least >= 0:
        return 0.0, round_top(most)
    if least == most:
        room = max(abs(most) * 0.1, 0.5)
        return least - room, most + room
    return least, most


def number_words(value: Any) -> str:
    """A number as one writes it: no more digits than it has, six at most."""
    number = float(value)
    if math.isnan(number):
        return ""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.6g}"
