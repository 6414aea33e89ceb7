"""Runs as a Qt table model: rows out of the session's arrays, with a row wherever flow was lost."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final, NamedTuple

import numpy as np

from tasktonic.events import ERROR, HOOK, IGNORED, SYSTEM
from tasktonic_studio.session.columns import RowView
from tasktonic_studio.session.knowledge import GapFacts, Knowledge
from tasktonic_studio.session.timeline import OrderRow, RunRow
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
from tasktonic_studio.ui.item_models.table import Items, TableModel, array_of
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.columns import tabular
from tasktonic_studio.ui.widgets.shapes import Shapes

COLUMNS: Final = (
    Column("time", "Time", "When it began, counted from the begin of the app.", "23:59:59.999", right=True, rank=3),
    Column("catalyst", "Catalyst", "The catalyst that ran it.", "main_catalyst", rank=7),
    Column("tonic", "Tonic", "Whose sparkle it is.", "conveyor", stretch=True),
    Column("sparkle", "Sparkle", "What ran.", "ttse__on_stroke", stretch=True, mono=True, roomy="ttse__on_part_done"),
    Column(
        "state", "State", "The state before → after; one word when it stayed.", "working → idle", rank=4, stretch=True
    ),
    Column(
        "probes",
        "Probes",
        "What the contract of a test asked for: before → after the run.",
        "count = 0 → 1",
        rank=1,
        stretch=True,
        roomy="wrong_codes = 0 → 1",
    ),
    Column("took", "Took", "How long it ran.", "99.9 ms", right=True, rank=2),
    Column("waited", "Waited", "How long its order waited before it ran.", "99.9 ms", right=True, rank=5),
    Column("flags", "Flags", "What was special: error, hook, ignored, system.", "ignored", icon=True, rank=1),
    Column(
        "cause",
        "Cause",
        "What ordered it: a sparkle of a tonic, or something outside.",
        "temperature · ttse__on_stroke",
        rank=6,
        stretch=True,
    ),
)

_FLAGS: Final = ((ERROR, "error"), (HOOK, "hook"), (IGNORED, "ignored"), (SYSTEM, "system"))
_FORGOTTEN: Final = "something was lost here: what it was has been forgotten, as it is too long ago"
_NUMBER: Final = {column.id: number for number, column in enumerate(COLUMNS)}


class TraceRow(NamedTuple):
    """What one row shows: a run, or a gap (then ``gap`` is its sentence and ``run`` is 0)."""

    item: int
    run: int
    n: int
    texts: tuple[str, ...]
    shape: str
    took_ns: int
    is_aside: bool
    gap: str
    tip: str
    essence: int = -1


class TraceModel(TableModel[TraceRow]):
    """The runs of one `Knowledge`. An item is the index of a run, or ``-1 - g`` for gap number g and those right after it."""

    def __init__(self, theme: Theme, shapes: Shapes) -> None:
        super().__init__(COLUMNS)
        self._theme = theme
        self._shapes = shapes
        self._known: Knowledge | None = None
        self._gaps: RowView[GapFacts] = Knowledge().gap_rows
        """Those that are known where rows are read."""
        self._lost: dict[int, GapFacts] = {}
        """What the row of a gap tells: what was lost in it and in those after it, up to the next run."""
        self.retheme()

    def look_at(self, known: Knowledge) -> None:
        """Read rows from here on."""
        self._known = known
        self._gaps = known.gap_rows.fork()

    def retheme(self) -> None:
        """Take fonts from the theme."""
        self._plain = tabular(self._theme.font("ui"))
        self._mono = self._theme.font("mono")

    @property
    def gap_count(self) -> int:
        """How many gaps are known, those that are forgotten included."""
        return len(self._gaps)

    def with_gaps(self, items: Items | range, first_gap: int = 0) -> Items | range:
        """These runs with the gaps from number ``first_gap`` between them, where they were in the stream.

        Gaps with none of these runs between them are one row: a flood has thousands.
        """
        known, first = self._known, max(first_gap, self._gaps.first)
        gaps = self._gaps.slice(first, len(self._gaps))
        if not first_gap:
            self._lost.clear()
        if known is None or not gaps:
            return items
        items = array_of(items)
        places = np.searchsorted(items, known.runs.counts_at(np.array([gap.n for gap in gaps], np.int64)))
        last = (self.item(self.count - 1) if first_gap else None) or 0
        row, row_place = (-1 - last, 0) if last < 0 else (-1, -1)
        begun: list[int] = []
        for number, (gap, place) in enumerate(zip(gaps, places.tolist(), strict=True), first):
            before = self._lost.get(row) if place == row_place else None
            if before is not None and before.where == gap.where:
                self._lost[row] = _together(before, gap)
            else:
                row, row_place = number, place
                self._lost[row] = gap
                begun.append(number)
        if last < 0:
            self.forget([self.count - 1])
        self._forget_lost(row)
        numbers = np.array(begun, np.int64)
        return np.insert(items, places[numbers - first], -1 - numbers)

    def _forget_lost(self, last: int) -> None:
        """Forget what old rows tell, as the session has; the last one goes on."""
        while (oldest := next(iter(self._lost))) < self._gaps.first and oldest != last:
            del self._lost[oldest]

    def run_at(self, row: int) -> int:
        """The number of the run in a row, 0 for a gap or no row."""
        item = self.item(row)
        return 0 if item is None else self.entry(item).run

    def row_of_run(self, number: int) -> int:
        """The row that shows the run with this number, -1 for none."""
        known = self._known
        run = known.run_of(number) if known is not None else None
        return -1 if run is None else self.row_of(run.row)

    # ---- rows

    def read(self, item: int) -> TraceRow:
        known = self._known
        if known is None or (item >= 0 and not known.runs.first <= item < len(known.runs)):
            return TraceRow(item, 0, 0, ("",) * len(COLUMNS), "", 0, True, "", "")
        if item < 0:
            return self._gap_row(known, item)
        run = known.runs.row(item)
        if run.n < known.app.first_n:
            return self._earlier_row(known, run)
        return self._run_row(known, run)

    def _run_row(self, known: Knowledge, run: RunRow) -> TraceRow:
        facts = known.essences.get(run.essence)
        cls = facts.cls if facts is not None else -1
        before, after = (known.names.state(cls, index) for index in (run.before, run.after))
        order = known.order_of(run.order)
        is_hook = bool(run.flags & HOOK)
        waited = figures.duration(max(0, run.begin_ns - order.t_ns)) if order is not None and not is_hook else ""
        texts = (
            figures.moment(run.begin_ns, known.app.began_ns),
            figures.short(known.essences.name(run.catalyst)),
            figures.short(known.essences.name(run.essence)),
            figures.short(known.names.sparkle(run.sparkle)),
            ("" if run.before < 0 and run.after < 0 else before if before == after else f"{before} → {after}"),
            figures.short(known.distillation.probe_words(run.run)),
            figures.duration(run.end_ns - run.begin_ns),
            waited,
            flag_words(run.flags),
            cause_words(known, order),
        )
        tip = f"{texts[2]} · {texts[3]}"
        if order is not None and order.arguments:
            tip += f"({order.arguments})"
        shape = "error" if run.flags & ERROR else "ignored" if run.flags & IGNORED else ""
        is_aside = bool(run.flags & (SYSTEM | IGNORED))
        return TraceRow(
            item=run.row,
            run=run.run,
            n=run.n,
            texts=texts,
            shape=shape,
            took_ns=run.end_ns - run.begin_ns,
            is_aside=is_aside,
            gap="",
            tip=tip,
            essence=run.essence,
        )

    def _earlier_row(self, known: Knowledge, run: RunRow) -> TraceRow:
        """A run of an app before the present one in the same process: its ids mean nothing now, its sparkle still does."""
        app = next((it for it in reversed(known.apps) if it.first_n <= run.n), known.app)
        texts = [""] * len(COLUMNS)
        texts[_NUMBER["time"]] = figures.moment(run.begin_ns, app.began_ns)
        texts[_NUMBER["tonic"]] = f"of app {app.name or app.number}"
        texts[_NUMBER["sparkle"]] = known.names.sparkle(run.sparkle)
        texts[_NUMBER["took"]] = figures.duration(run.end_ns - run.begin_ns)
        return TraceRow(
            run.row, 0, run.n, tuple(texts), "", run.end_ns - run.begin_ns, True, "", "A run of an earlier app"
        )

    def _gap_row(self, known: Knowledge, item: int) -> TraceRow:
        gap = self._lost.get(-1 - item)
        if gap is None:
            return TraceRow(item, 0, 0, ("",) * len(COLUMNS), "", 0, True, _FORGOTTEN, _FORGOTTEN)
        sentence = gap_sentence(gap, known.app.began_ns)
        return TraceRow(item, 0, gap.n, ("",) * len(COLUMNS), "", 0, True, sentence, sentence)

    def key(self, row: TraceRow) -> Hashable:
        return row.item

    def cell(self, row: TraceRow, column: Column, role: int) -> Any:
        if role == DISPLAY:
            return row.texts[_NUMBER[column.id]]
        if role == FOREGROUND:
            return self._theme.color(_role(row, column))
        if role == FONT:
            return self._mono if column.id == "sparkle" else self._plain
        if role == DECORATION:
            return self._shapes.icon(row.shape) if column.id == "flags" and row.shape else None
        if role == TOOL_TIP:
            return row.tip
        if role == SORT:
            return row.took_ns if column.id == "took" else None
        if role == ACCESSIBLE_TEXT:
            return row.gap or row.texts[_NUMBER[column.id]]
        return None

    def text_of(self, items: list[int]) -> str:
        """These rows as text with tabs, as they are copied."""
        rows = [self.entry(item) for item in items]
        return "\n".join(figures.tabbed((row.gap,) if row.gap else row.texts) for row in rows)


def _role(row: TraceRow, column: Column) -> str:
    """The colour role of a cell's text."""
    if row.shape == "error" and column.id in ("flags", "sparkle"):
        return "error"
    if row.is_aside or column.id in ("time", "catalyst", "cause", "waited", "flags"):
        return "text_muted"
    if column.id == "state":
        return "state_change" if "→" in row.texts[_NUMBER["state"]] else "text_muted"
    return "text"


def flag_words(flags: int) -> str:
    """What was special about a run."""
    return ", ".join(word for flag, word in _FLAGS if flags & flag)


def cause_words(known: Knowledge, order: OrderRow | None) -> str:
    """What ordered a run, short."""
    if order is None:
        return ""
    if order.run <= 0:
        return order.cause or "outside"
    run = known.run_of(order.run)
    name = known.essences.name(order.source)
    return f"{name} · {known.names.sparkle(run.sparkle)}" if run is not None else name


def _together(one: GapFacts, other: GapFacts) -> GapFacts:
    """Two gaps as one."""
    begin, end = min(one.t_ns, other.t_ns), max(one.until_ns, other.until_ns)
    return one._replace(t_ns=begin, until_ns=end, orders=one.orders + other.orders, runs=one.runs + other.runs)


def gap_sentence(gap: GapFacts, began_ns: int) -> str:
    """What was lost, and when."""
    lost = [figures.counted(number, word) for number, word in ((gap.orders, "order"), (gap.runs, "run")) if number] or [
        "some flow"
    ]
    between = f"between {figures.moment(gap.t_ns, began_ns)} and {figures.moment(gap.until_ns, began_ns)}"
    where = "the Studio" if gap.where != "app" else "it"
    return f"{' and '.join(lost)} lost {between}: more happened than {where} could take"
