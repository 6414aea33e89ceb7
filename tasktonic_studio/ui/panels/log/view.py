"""The log's widget: lines that follow the end, by level, and what to say when there are none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QModelIndex

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.filters import LogFilter
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.log_lines import LogLineFacts, LogLines
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.item_models.table import Items
from tasktonic_studio.ui.list_view import Emptiness
from tasktonic_studio.ui.panels.log.model import COLUMNS, LogModel, texts_of
from tasktonic_studio.ui.table_view import TailView
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.filter_bar import FilterWords, Switch
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.tail_table import TailTable

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

LEVELS: Final = {
    "log": ("line", "Log lines of tonics", ("log",)),
    "error": ("error", "Errors", ("error",)),
    "notice": ("notice", "Notices of probe and Studio", ("notice",)),
    "hand": ("hand", "What was done by hand, with a studio", ("hand",)),
    "output": ("output", "Printed lines (stdout, stderr)", ("stdout", "stderr")),
}
"""The buttons: shape, words, levels of lines."""


class LogView(TailView):
    """All that the log panel shows. Made by the panel; the dock owns it."""

    WORDS = FilterWords(
        "the log",
        ("words", "level:error", "tonic:pump", "-not"),
        "Words are looked for in text and tonic. level:error, tonic:pump, run:12; -word leaves out.",
    )
    EMPTINESS = Emptiness(
        (
            "Nothing was said yet",
            (
                "What tonics say with self.log(…), what the program prints and what its sparkles raise stands here, the newest at "
                "the bottom."
            ),
        ),
        (
            "Nothing was said yet",
            "The program runs, but no tonic said anything with self.log(…), nothing was printed and nothing was raised.",
        ),
        (
            "Nothing was said",
            "The program has ended. No tonic said anything with self.log(…), nothing was printed, nothing was raised.",
        ),
    )
    ONE = "line"
    MENU = (
        "log.copy_lines",
        "log.save_text",
        "",
        "selection.go_to_source",
        "selection.show_in_inspector",
        "selection.show_in_trace",
        "sequence.show",
        "selection.show_in_ledger",
    )
    STEP = 2_000
    model: LogModel

    def __init__(self, context: PanelContext) -> None:
        self._filter = LogFilter("")
        self._levels: frozenset[str] | None = None
        self.levels = {
            key: Switch(key, f"Show {words[0].lower()}{words[1:]}", f"{words}: shown or not", usual=True)
            for key, (_, words, _) in LEVELS.items()
        }
        super().__init__(context, list(self.levels.values()))
        self._shapes = Shapes(context.theme, self)
        model = LogModel(context.theme, self._shapes)
        model.setParent(self)
        table = TailTable(COLUMNS, "new line", "new lines")
        table.setModel(model)
        accessible.name(table, "Log lines", "Newest at the bottom")
        self.place_table(table, model)
        self.retheme()

    def retheme(self) -> None:
        super().retheme()
        for key, button in self.levels.items():
            button.setIcon(self._shapes.icon(LEVELS[key][0]))

    # ---- what is listed

    def source(self, known: Knowledge) -> LogLines:
        return known.log

    def look_at(self, known: Knowledge) -> None:
        self.model.look_at(known)

    def follow(self, known: Knowledge, changes: Changes) -> None:
        if changes.log:
            self.arrivals.ask()

    @property
    def is_filtered(self) -> bool:
        return bool(self._filter) or self._levels is not None

    def take_filter(self, text: str) -> str:
        self._filter = LogFilter(text)
        shown = frozenset(level for key, it in self.levels.items() if it.isChecked() for level in LEVELS[key][2])
        self._levels = None if all(it.isChecked() for it in self.levels.values()) else shown
        return self._filter.problem

    def _accepts(self, line: LogLineFacts) -> bool:
        return (self._levels is None or line.level in self._levels) and self._filter.accepts(line)

    def look(self, start: int, stop: int) -> Items:
        """Which lines pass the filter. Those that were forgotten meanwhile are no longer there."""
        if self._known is None:
            return np.zeros(0, np.int64)
        log = self._known.log
        base = max(start, log.first)
        return np.array([base + at for at, line in enumerate(log.slice(base, stop)) if self._accepts(line)], np.int64)

    def text_of(self, items: list[int]) -> str:
        return "\n".join(texts_of(self._known, items)) if self._known is not None else ""

    def save_text(self) -> None:
        """Ask for a file, and write the lines that are listed, whole and with tracebacks."""
        known = self._known
        if known is not None:
            items = self.model.items.tolist()
            self.save("Save the log", "log.txt", "Text (*.txt)", partial(_lines, known.fork(), items))

    # ---- selection

    def mark_selected(self, *, reveal: bool) -> None:
        thing = self.pin.thing
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

    def on_chosen(self, index: QModelIndex) -> None:
        item = self.model.item(index.row())
        if item is not None:
            self._context.selection.select(Thing("log", item))


def _lines(known: Knowledge, items: list[int]) -> Iterator[str]:
    return (text + "\n" for text in texts_of(known, items))
