"""The rows of a comparison as a Qt table model."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final, NamedTuple

from tasktonic_studio.session.comparing.comparison import Comparison, Mark
from tasktonic_studio.session.comparing.facts import telling
from tasktonic_studio.session.comparing.words import MARK_WORDS, explain, facet_words, mark_of
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
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.shapes import Shapes

COLUMNS: Final = (
    Column("mark", "Mark", "Whether both runs are the same here: same, differs, only here, only there.", "only there", icon=True),
    Column("tonic", "Tonic", "Whose sparkle it is.", "conveyor", rank=1, stretch=True),
    Column("sparkle", "Sparkle", "What ran.", "ttse__on_stroke", stretch=True, mono=True),
    Column("here", "Here", "What became of it in this run; what differs, when something does.", "open → closed", stretch=True),
    Column("there", "There", "What became of it in the other run.", "open → closed", stretch=True),
    Column("facets", "In what", "In what it differs.", "state after, effects", rank=2, stretch=True),
    Column("cause", "Cause", "What called it, in both.", "conveyor.ttse__on_stroke", rank=6, stretch=True),
    Column("time_here", "Time here", "When it began here, counted from the begin of the app.", "23:59:59.999", right=True, rank=4),
    Column("time_there", "Time there", "When it began there.", "23:59:59.999", right=True, rank=5),
)  # fmt: skip
SHAPES: Final = {
    Mark.SAME: "same",
    Mark.DIFFERS: "differs",
    Mark.ONLY_HERE: "only_here",
    Mark.ONLY_THERE: "only_there",
}
_NUMBER: Final = {column.id: number for number, column in enumerate(COLUMNS)}
_MUTED: Final = frozenset({"cause", "time_here", "time_there"})


class CompareRow(NamedTuple):
    """What one row shows. `essence` is whose it is, -1 for what is only there."""

    item: int
    mark: Mark
    texts: tuple[str, ...]
    essence: int


class CompareModel(TableModel[CompareRow]):
    """The rows of one `Comparison`; an item is the number of a row."""

    def __init__(self, theme: Theme, shapes: Shapes) -> None:
        super().__init__(COLUMNS)
        self._theme = theme
        self._shapes = shapes
        self.comparison: Comparison | None = None
        self.retheme()

    def retheme(self) -> None:
        """Take fonts from the theme."""
        self._plain = tabular(self._theme.font("ui"))
        self._mono = self._theme.font("mono")

    def read(self, item: int) -> CompareRow:
        comparison = self.comparison
        if comparison is None:
            return CompareRow(item, Mark.SAME, ("",) * len(COLUMNS), -1)
        here, there = int(comparison.here[item]), int(comparison.there[item])
        side, one = (comparison.side_here, here) if here >= 0 else (comparison.side_there, there)
        times = [
            figures.moment(int(it.begin_ns[at]), it.began_ns) if at >= 0 else ""
            for it, at in ((comparison.side_here, here), (comparison.side_there, there))
        ]
        mark = mark_of(comparison, item)
        texts = (
            MARK_WORDS[mark],
            figures.short(side.tonic(one)),
            figures.short(side.sparkle_name(one)),
            figures.short(telling(comparison, item, is_here=True)),
            figures.short(telling(comparison, item, is_here=False)),
            facet_words(comparison, item) or ("not reached" if bool(comparison.beyond[item]) else ""),
            figures.short(side.cause_of(one)),
            *times,
        )
        essence = side.essences[int(side.slot[one])] if here >= 0 else -1
        return CompareRow(item, mark, texts, essence)

    def key(self, row: CompareRow) -> Hashable:
        return row.item

    def cell(self, row: CompareRow, column: Column, role: int) -> Any:
        if role in (DISPLAY, ACCESSIBLE_TEXT):
            return row.texts[_NUMBER[column.id]]
        if role == FOREGROUND:
            return self._theme.color("text_muted" if row.mark == Mark.SAME or column.id in _MUTED else "text")
        if role == FONT:
            return self._mono if column.id == "sparkle" else self._plain
        if role == DECORATION:
            return self._shapes.icon(SHAPES[row.mark]) if column.id == "mark" else None
        if role == TOOL_TIP:
            return explain(self.comparison, row.item) if self.comparison is not None else None
        return None

    def text_of(self, items: list[int]) -> str:
        """These rows as text with tabs, as they are copied."""
        return "\n".join(figures.tabbed(self.entry(item).texts) for item in items)
