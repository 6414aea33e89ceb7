"""The problems panel's widget: the list by severity, and below it what to do about the chosen one."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.finding_filter import FindingFilter
from tasktonic_studio.session.finding_words import KINDS, SEVERITIES, of_the_moment, ranked, thing_of
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.written_faults import WrittenFault
from tasktonic_studio.ui.list_view import Emptiness
from tasktonic_studio.ui.panels.problems.detail import ProblemDetail
from tasktonic_studio.ui.panels.problems.export import csv_of
from tasktonic_studio.ui.panels.problems.facts import Problem, severity_of
from tasktonic_studio.ui.panels.problems.model import COLUMNS, SHAPES, ProblemsModel, texts_of
from tasktonic_studio.ui.table_view import TableView
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.essence_words import GONE
from tasktonic_studio.ui.widgets.filter_bar import FilterWords, Switch
from tasktonic_studio.ui.widgets.shapes import Shapes
from tasktonic_studio.ui.widgets.tail_table import TailTable
from tasktonic_studio.ui.widgets.throttle import Throttle

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

FIGURES_MS: Final = 250
"""The list is looked at anew at most this often."""
LOOKED_FOR: Final = (
    "Looked for are "
    + ", ".join(kind.looked_for for kind in KINDS[:-1])
    + f", and {KINDS[-1].looked_for}; and in the files that are open in the editor, faults that are found without running them."
)
IN_SHORT: Final = "What goes wrong in a run is listed here, and faults in the files that are open."
"""A panel is often narrow: what is looked for is said in full by the tool tip."""
OF_A_RUN: Final = ("times", "first", "last")
"""The columns that say nothing of a fault in the source."""
_LOW_LINES: Final = 15
"""A lower panel has no room for all that there is to say about a problem."""
SEVERITY_WORDS: Final = {"error": "Errors", "warning": "Warnings", "hint": "Hints"}


class ProblemsView(TableView):
    """All that the problems panel shows. Made by the panel; the dock owns it."""

    WORDS = FilterWords(
        "the problems",
        ("words", "kind:giant", "tonic:pump", "-not"),
        "Words are looked for in kind, text and place. kind:giant, severity:error, from:run, from:source, tonic:pump, type:, "
        "sparkle:, state:; -word leaves out.",
    )
    EMPTINESS = Emptiness(
        ("Nothing found so far", IN_SHORT), ("Nothing found so far", IN_SHORT), ("Nothing was found", IN_SHORT)
    )
    ONE = "problem"
    MENU = (
        "problems.show_it",
        "problems.show_first",
        "problems.show_in_code",
        "problems.mend",
        "",
        "selection.show_in_inspector",
        "selection.show_in_trace",
        "selection.show_in_ledger",
        "",
        "problems.copy_rows",
        "problems.save_csv",
    )
    model: ProblemsModel

    def __init__(self, context: PanelContext) -> None:
        self._all: list[Problem] = []
        self._filter = FindingFilter("")
        self._chosen: Hashable = None
        self.severities = {
            severity: Switch(
                severity,
                f"Show {SEVERITY_WORDS[severity].lower()}",
                f"{SEVERITY_WORDS[severity]}: shown or not",
                usual=True,
            )
            for severity in SEVERITIES
        }
        super().__init__(context, list(self.severities.values()))
        self._shapes = Shapes(context.theme, self)
        model = ProblemsModel(context.theme, self._shapes)
        model.setParent(self)
        table = TailTable(COLUMNS, "problem", "problems")
        table.setModel(model)
        table.stop_following()
        table.setMinimumHeight(3 * tokens.ROW_HEIGHT_PX)
        accessible.name(table, "Problems", "The worst first")
        self.detail = ProblemDetail(context)
        self.found = QWidget()
        inside = QVBoxLayout(self.found)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(table, 1)
        inside.addWidget(self.detail)
        self.place_table(table, model, self.found, self.detail.show_it, self.detail.show_code, self.detail.mend)
        for page in (self.nothing_yet, self.nothing_found):
            page.setToolTip(plain_tip(LOOKED_FOR))
        self.figures = Throttle(FIGURES_MS, self._look, self)
        self._unwatch_faults = context.written_faults.watch(self._on_faults)
        self.retheme()

    def retheme(self) -> None:
        super().retheme()
        for severity, button in self.severities.items():
            button.setIcon(self._shapes.icon(SHAPES[severity]))
        self.detail.retheme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.fit(is_low=self.height() < _LOW_LINES * self.fontMetrics().height())

    # ---- what is listed

    def pause(self) -> None:
        self.figures.stop()

    def on_changes(self, changes: Changes) -> None:
        if changes.new_target:
            self._chosen = None
        super().on_changes(changes)

    def follow(self, known: Knowledge, changes: Changes) -> None:
        if changes:
            self.figures.ask()

    def _on_faults(self) -> None:
        """What is written has changed. It belongs to no moment: also a panel that shows the past, or is pinned, shows it."""
        if self.isVisible():
            self.figures.ask()

    def _look(self) -> None:
        """Take what was found meanwhile into the list."""
        if self._known is not None:
            if self._ranked(self._known) != self._all:
                self.fill(self._known)
            else:
                self.show_state()

    def _ranked(self, known: Knowledge) -> list[Problem]:
        """All problems: the worst first, of equal ones first those of the run."""
        found: list[Problem] = [*ranked(known), *self._context.written_faults.all()]
        return sorted(found, key=lambda it: SEVERITIES.index(severity_of(it)))

    def finish(self) -> None:
        self._unwatch_faults()
        super().finish()

    def fill(self, known: Knowledge) -> None:
        self._known = known
        self._all = self._ranked(known)
        wanted = {severity for severity, button in self.severities.items() if button.isChecked()}
        fitting = [it for it in self._all if severity_of(it) in wanted and self._filter.accepts(known, it)]
        is_of_run = not fitting or any(not isinstance(it, WrittenFault) for it in fitting)
        self.table.columns.leave_out(() if is_of_run else OF_A_RUN)
        if self.model.show(known, fitting, self.table.rows_on_screen()):
            self._mark_chosen()
        self.detail.show_finding(known, self.chosen)
        self.show_state()

    def show_state(self) -> None:
        self.show_count(self.model.count, len(self._all))
        self.show_page(self.model.count, len(self._all))

    def why_empty(self, known: Knowledge) -> tuple[str, str, bool]:
        title, sentence, offer = super().why_empty(known)
        has_ended = known.target.status in GONE
        words = title if has_ended and self.pin.is_live else self.EMPTINESS.running[0]
        # An app without problems needs no other one.
        return words, sentence, offer and not has_ended

    @property
    def is_filtered(self) -> bool:
        return bool(self._filter) or not all(button.isChecked() for button in self.severities.values())

    def take_filter(self, text: str) -> str:
        self._filter = FindingFilter(text)
        return self._filter.problem

    def text_of(self, items: list[int]) -> str:
        known, lines = self._known, []
        for finding in self._problems(items):
            if known is not None:
                lines.append(figures.tabbed(texts_of(known, finding)))
                if not isinstance(finding, WrittenFault) and finding.detail:
                    lines.append(finding.detail.rstrip())
        return "\n".join(lines)

    def _problems(self, items: list[int]) -> list[Problem]:
        found = map(self.model.finding, items)
        return [it for it in found if it is not None]

    def save_csv(self) -> None:
        """Ask for a file, and write the problems that are listed."""
        if self._known is not None:
            findings = self._problems(self.model.items.tolist())
            lines = partial(csv_of, self._known.fork(), findings)
            self.save("Save the problems", "problems.csv", "CSV (*.csv)", lines)

    def count_now(self) -> int:
        """How many problems there are by now, whatever is shown."""
        live = self._context.session().live
        return len(live.findings.by_key) + len(of_the_moment(live)) + len(self._context.written_faults.all())

    # ---- the chosen one

    def run(self, command_id: str) -> None:
        """Run a command by its id."""
        self._context.run(command_id)

    @property
    def chosen(self) -> Problem | None:
        """The problem that is chosen; None when there is none, or when it was not there yet at the shown moment."""
        return self.model.finding(self.model.item_of(self._chosen))

    @property
    def known(self) -> Knowledge | None:
        """What is known at the moment that is shown."""
        return self._known

    def look_at(self, n: int) -> None:
        """Show the moment after event ``n`` in all panels, with the thing of the chosen problem selected."""
        finding = self.chosen
        if finding is None or isinstance(finding, WrittenFault):
            return
        self._context.selection.look_at(n + 1)
        thing = thing_of(self._context.known(), finding)
        if thing is not None:
            self._context.selection.select(thing)

    def _mark_chosen(self) -> None:
        """Keep the chosen row chosen, wherever it stands now."""
        row = self.model.row_of(self.model.item_of(self._chosen)) if self.chosen is not None else -1
        if row >= 0:
            self.table.show_row(row)
        else:
            self.table.show_none()

    def on_chosen(self, index: QModelIndex) -> None:
        finding = self.model.finding(self.model.item(index.row()))
        if finding is None or self._known is None:
            return
        self._chosen = finding.key
        self.detail.show_finding(self._known, finding)
        thing = thing_of(self._known, finding) if not isinstance(finding, WrittenFault) else None
        if thing is not None:
            self._context.selection.select(thing)

    def on_opened(self, index: QModelIndex) -> None:
        self.on_chosen(index)
        is_written = isinstance(self.chosen, WrittenFault)
        self._context.run("problems.show_in_code" if is_written else "problems.show_it")
