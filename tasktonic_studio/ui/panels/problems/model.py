"""Findings as a Qt table model."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from tasktonic_studio.session.finding_words import place_words
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.written_faults import WrittenFault
from tasktonic_studio.ui.item_models.app_times import began_ns
from tasktonic_studio.ui.item_models.roles import (
    ACCESSIBLE_TEXT,
    DECORATION,
    DISPLAY,
    FONT,
    FOREGROUND,
    TOOL_TIP,
    Column,
)
from tasktonic_studio.ui.item_models.table import TableModel
from tasktonic_studio.ui.panels.problems.facts import Problem, place_of, severity_of, title_of, what, where
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.shapes import Shapes

COLUMNS: Final = (
    Column("severity", "Severity", "How bad it is: error, warning or hint.", "warning", icon=True, shrinks=True),
    Column("kind", "Kind", "What kind of problem it is.", "Timer without a sparkle", rank=2),
    Column("what", "What", "What happened.", "took up to 120 ms", stretch=2, roomy="ignored 1 200 times: no handler"),
    Column("where", "Where", "Tonic, class, sparkle and state.", "pump 3 · Pump.ttsc__open", rank=3, stretch=True),
    Column("times", "Times", "How often it happened.", "99 999", right=True, rank=1),
    Column("first", "First", "When it happened first, since the app began.", "23:59:59.999", right=True, rank=5),
    Column("last", "Last", "When it happened last, since the app began.", "23:59:59.999", right=True, rank=4),
)
NUMBER: Final = {column.id: number for number, column in enumerate(COLUMNS)}
SHAPES: Final = {"error": "error", "warning": "warning", "hint": "notice"}
_ROLES: Final = {"error": "error", "warning": "warning", "hint": "text_muted"}


class ProblemRow(NamedTuple):
    """What one row shows."""

    key: Hashable
    texts: tuple[str, ...]
    severity: str
    tip: str
    essence: int


class ProblemsModel(TableModel[ProblemRow]):
    """The findings of one moment and the faults of the source, those that pass a filter. An item is the number that a finding got when it was first seen."""

    def __init__(self, theme: Theme, shapes: Shapes) -> None:
        super().__init__(COLUMNS)
        self._theme = theme
        self._shapes = shapes
        self._known: Knowledge | None = None
        self._numbers: dict[Hashable, int] = {}
        self._findings: dict[int, Problem] = {}
        self.retheme()

    def show(self, known: Knowledge, findings: Sequence[Problem], on_screen: Iterable[int]) -> bool:
        """Show these, in their order; ``on_screen`` are rows that are told to the view. True when rows came or went."""
        self._known = known
        if len(self._numbers) > 100_000:
            # Each hang has a key of its own.
            self._numbers.clear()
        self._findings = {self._numbers.setdefault(it.key, len(self._numbers)): it for it in findings}
        items = np.fromiter(self._findings, np.int64, len(self._findings))
        if np.array_equal(items, self.items):
            self.forget(on_screen)
            return False
        self.replace(items)
        return True

    def finding(self, item: int | None) -> Problem | None:
        """The finding behind an item."""
        return self._findings.get(item) if item is not None else None

    def item_of(self, key: Hashable) -> int:
        """The item that shows the finding with this key, -1 for none."""
        item = self._numbers.get(key, -1)
        return item if item in self._findings else -1

    def retheme(self) -> None:
        """Take fonts from the theme."""
        self._figures = tabular(self._theme.font("ui"))

    # ---- rows

    def read(self, item: int) -> ProblemRow:
        known, finding = self._known, self._findings.get(item)
        if known is None or finding is None:
            return ProblemRow((), ("",) * len(COLUMNS), "hint", "", -1)
        texts = texts_of(known, finding)
        tip = f"{texts[NUMBER['kind']]}: {texts[NUMBER['what']]}\n{texts[NUMBER['where']]}"
        place = place_words(place_of(known, finding))
        is_there = not isinstance(finding, WrittenFault) and finding.app == known.app.number
        essence = finding.essence if not isinstance(finding, WrittenFault) and is_there else -1
        return ProblemRow(finding.key, texts, severity_of(finding), f"{tip}\n{place}".strip(), essence)

    def key(self, row: ProblemRow) -> Hashable:
        return row.key

    def cell(self, row: ProblemRow, column: Column, role: int) -> Any:
        if role == DISPLAY:
            return row.texts[NUMBER[column.id]]
        if role == FOREGROUND:
            if column.id == "severity":
                return self._theme.color(_ROLES[row.severity])
            return self._theme.color("text_muted" if column.id in ("kind", "first", "last") else "text")
        if role == DECORATION:
            return self._shapes.icon(SHAPES[row.severity]) if column.id == "severity" else None
        if role == FONT:
            return self._figures
        if role == TOOL_TIP:
            return row.tip
        if role == ACCESSIBLE_TEXT:
            return row.texts[NUMBER[column.id]] or f"no {column.title.lower()}"
        return None


def texts_of(known: Knowledge, finding: Problem) -> tuple[str, ...]:
    """The texts of a row, by column."""
    said, place = figures.short(what(known, finding), 300), figures.short(where(known, finding), 300)
    if isinstance(finding, WrittenFault):
        return severity_of(finding), title_of(finding), said, place, "", "", ""
    begin = began_ns(known, finding.app)
    return (
        severity_of(finding),
        title_of(finding),
        said,
        place,
        figures.grouped(finding.times),
        figures.moment(finding.first_ns, begin),
        figures.moment(finding.last_ns, begin),
    )
