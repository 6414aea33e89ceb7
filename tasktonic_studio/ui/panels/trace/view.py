"""The trace's widget: runs that follow the end, the switch for one tonic, and what to say without any."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tasktonic.events import HOOK
from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.filters import RunFilter
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.timeline import Runs
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.item_models.table import Items
from tasktonic_studio.ui.list_view import Emptiness
from tasktonic_studio.ui.panels.trace.distiller_controls import ControlsArea, DistillerControls
from tasktonic_studio.ui.panels.trace.distiller_head import DistillerHead
from tasktonic_studio.ui.panels.trace.export import csv_of
from tasktonic_studio.ui.panels.trace.model import TraceModel
from tasktonic_studio.ui.panels.trace.table_view import TraceTable
from tasktonic_studio.ui.table_view import TailView
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.filter_bar import FilterWords, Switch
from tasktonic_studio.ui.widgets.shapes import Shapes

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_ROWS_LEFT: Final = 3
"""Room for so many lines is left to the trace below the controls."""
_LOW_LINES: Final = 18
"""With room for fewer lines than this the controls of an app by hand are as low as can be."""


class TraceView(TailView):
    """All that the trace panel shows. Made by the panel; the dock owns it."""

    WORDS = FilterWords(
        "the trace",
        ("words", "tonic:pump", "error:", "longer:5ms", "-hook:"),
        "Words are looked for in tonic, class and sparkle. tonic:, type:, sparkle:, cat:, state:, error:, ignored:, hook:, "
        "system:, longer:5ms; -word leaves out.",
    )
    EMPTINESS = Emptiness(
        (
            "Nothing ran yet",
            "Each run of a sparkle is a row here: when, whose, in which state, how long, and what caused it.",
        ),
        ("Nothing ran yet", "The program runs, but no sparkle has run so far."),
        ("Nothing ran", "The program has ended, and no sparkle of it was seen."),
    )
    ONE = "run"
    MENU = (
        "trace.look_at",
        "time.go_live",
        "",
        "selection.go_to_source",
        "selection.show_in_inspector",
        "sequence.show",
        "state_machine.show",
        "selection.show_in_ledger",
        "selection.select_context",
        "",
        "run.compare_with",
        "run.compare_previous",
        "",
        "trace.copy_rows",
        "trace.save_csv",
    )
    STEP = 8_192
    model: TraceModel

    def __init__(self, context: PanelContext) -> None:
        self._filter = RunFilter("")
        self._only = -1
        self.only = Switch(
            "only",
            "Only the runs of the selected tonic",
            "Show only the runs of the selected tonic",
            usual=False,
            text="Only selected tonic",
        )
        super().__init__(context, [self.only])
        model = TraceModel(context.theme, Shapes(context.theme, self))
        model.setParent(self)
        table = TraceTable(model, context.theme)
        accessible.name(table, "Runs", "One row per run of a sparkle, newest at the bottom")
        self.head = DistillerHead(context.icons)
        self.head.chosen.connect(self._go_to_call)
        self._has_probes = True
        content = QWidget()
        inside = QVBoxLayout(content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self.head)
        inside.addWidget(table, 1)
        self.place_table(table, model, content, self.head.fold, self.head.previous, self.head.next)
        self.controls = DistillerControls(context)
        whole = self.layout()
        assert isinstance(whole, QVBoxLayout), "the base puts bar and pages one above the other"
        self._controls_area = ControlsArea(self.controls)
        whole.insertWidget(1, self._controls_area)  # also where nothing has run yet
        stops = [*self.bar.stops, *self.controls.buttons, self.controls.fold, table]
        accessible.tab_order([*stops, self.head.fold, self.head.previous, self.head.next])
        self._show_probes(False)
        self._unwatch_question = context.open_question.watch(self.show_state)
        self.retheme()

    def finish(self) -> None:
        super().finish()
        self._unwatch_question()

    def retheme(self) -> None:
        super().retheme()
        self.only.setIcon(self._context.icons.icon("filter"))
        self.head.retheme()
        self.controls.retheme()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where it is low, the controls say less, and the call of before stands in the trace alone."""
        is_low = self.height() < _LOW_LINES * self.fontMetrics().height()
        self.controls.set_low(is_low)
        line_px = self.fontMetrics().height()
        self._controls_area.set_most(max(3 * line_px, self.height() - self.bar.height() - _ROWS_LEFT * line_px))
        self.head.set_off(is_low and not self.controls.isHidden())

    # ---- what is listed

    def source(self, known: Knowledge) -> Runs:
        return known.runs

    def look_at(self, known: Knowledge) -> None:
        self.model.look_at(known)

    def search_from(self, known: Knowledge) -> int:
        # The ids of an earlier app in this process mean nothing to a filter.
        return max(known.runs.first, known.runs.count_at(known.app.first_n))

    def with_gaps(self, items: Items | range, *, new_only: bool) -> Items | range:
        known = self._known
        first_gap = self.model.gap_count if new_only else 0
        if new_only and known is not None:
            self.model.look_at(known)
        return self.model.with_gaps(items, first_gap)

    def on_changes(self, changes: Changes) -> None:
        super().on_changes(changes)
        if changes.names:
            self.model.forget(self.table.rows_on_screen())

    def follow(self, known: Knowledge, changes: Changes) -> None:
        if changes.runs:
            self.arrivals.ask()

    def fill(self, known: Knowledge) -> None:
        self._only = self._wanted(known)
        super().fill(known)

    def show_state(self) -> None:
        super().show_state()
        self.controls.show_known(self._context.session().live)
        self._controls_area.follow()
        self._show_call()
        self._fit()

    def why_empty(self, known: Knowledge) -> tuple[str, str, bool]:
        if known.distiller.is_there and known.target.is_alive and self.pin.is_live:
            return "Nothing ran yet", "Nothing of this program runs until you say so: F8 runs one sparkle.", False
        return super().why_empty(known)

    # ---- the distiller's calls

    def _show_call(self) -> None:
        """Tell of the call that the selected run is part of, else of the one at the shown moment."""
        known = self._known
        if known is None:
            return
        distillation = known.distillation
        self._show_probes(distillation.has_probes)
        number = -1
        if distillation:
            run = known.run_of(self._selected_run())
            number = distillation.call_at(run.n + 1 if run is not None else known.n)
        self.head.show_call(distillation, number)

    def _show_probes(self, are_there: bool) -> None:
        """The column of probes is there for traces that have some."""
        if are_there != self._has_probes:
            self._has_probes = are_there
            self.table.columns.set_off("probes", not are_there)

    def _go_to_call(self, number: int) -> None:
        """Look at the end of a call, with the last run of it selected."""
        known = self._context.session().live
        begin, end = known.distillation.begin(number), known.distillation.end(number)
        rows = known.runs.rows(known.runs.count_at(begin), known.runs.count_at(end))
        shown = [
            run for run in rows if not known.names.sparkle(run.sparkle).startswith("_ttss__") and not run.flags & HOOK
        ]
        self._context.selection.look_at(end)
        if shown:
            self._context.selection.select(Thing("run", shown[-1].run))
        self.head.show_call(known.distillation, number)

    def _wanted(self, known: Knowledge) -> int:
        """The one tonic whose runs are to be shown; -1 for all."""
        return essence_of(known, self.pin.thing) if self.only.isChecked() else -1

    @property
    def is_filtered(self) -> bool:
        return bool(self._filter) or self._only >= 0

    def take_filter(self, text: str) -> str:
        self._filter = RunFilter(text)
        return self._filter.problem

    def look(self, start: int, stop: int) -> Items:
        known = self._known
        if known is None:
            return np.zeros(0, np.int64)

        def fits(columns: dict[str, Any]) -> Any:
            wanted = self._filter.mask(known, columns)
            return wanted & (columns["essence"] == self._only) if self._only >= 0 else wanted

        return known.runs.where(fits, start, stop)

    def text_of(self, items: list[int]) -> str:
        return self.model.text_of(items)

    def save_csv(self) -> None:
        """Ask for a file, and write the runs that are listed."""
        known = self._known
        if known is not None:
            items = [item for item in self.model.items.tolist() if item >= 0]
            self.save("Save the trace", "trace.csv", "CSV (*.csv)", partial(csv_of, known.fork(), items))

    # ---- selection

    def selected_other(self, *, is_other_moment: bool) -> None:
        known = self.pin.known()
        super().selected_other(is_other_moment=is_other_moment or self._wanted(known) != self._only)

    def mark_selected(self, *, reveal: bool) -> None:
        """Show the run that is selected, or the run in which the selected line was said."""
        self._show_call()
        number = self._selected_run()
        current = self.table.currentIndex().row()
        if number and self.table.selectionModel().hasSelection() and self.model.run_at(current) == number:
            return
        row = self.model.row_of_run(number) if number else -1
        if row >= 0:
            self.table.show_row(row)
        else:
            self.table.show_none()

    def _selected_run(self) -> int:
        thing, known = self.pin.thing, self._known
        if thing is None or known is None or not isinstance(thing.key, int):
            return 0
        if thing.kind in ("run", "order"):
            return thing.key
        if thing.kind == "log" and known.log.first <= thing.key < len(known.log):
            line = known.log[thing.key]
            return line.run if line.app == known.app.number else 0
        return 0

    def on_chosen(self, index: QModelIndex) -> None:
        number = self.model.run_at(index.row())
        if number:
            self._context.selection.select(Thing("run", number))
