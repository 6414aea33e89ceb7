"""The problems panel: what went wrong in the run, or looks as if it will, and what is wrong in the source that is open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.names import Place
from tasktonic_studio.session.written_faults import WrittenFault
from tasktonic_studio.ui.list_panel import TablePanel
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.problems.facts import place_of
from tasktonic_studio.ui.panels.problems.view import ProblemsView
from tasktonic_studio.ui.widgets import figures


class ProblemsPanel(TablePanel):
    """Findings of the run and faults of the source, the worst first."""

    id = "problems"
    title = "Problems"
    icon = "warning"
    key = "Ctrl+M"
    help = (
        "What went wrong in the run, or looks as if it will, and what is wrong in the source that is open: where, why it matters and "
        "what to do."
    )

    view: ProblemsView

    def tab_title(self) -> str:
        """How many were found is said also while the panel is behind another."""
        count = self.view.count_now()
        return f"{self.title} ({figures.grouped(count)})" if count else self.title

    def build(self, context: PanelContext) -> QWidget:
        self.view = ProblemsView(context)
        return self.view

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "problems.show_it",
                "Show it happening",
                "Look, in all panels, at the moment when the chosen problem happened last.",
                self._show_it,
                icon="history",
                enabled_when=self._has_happened,
            ),
            Command(
                "problems.show_first",
                "Show the first time",
                "Look, in all panels, at the moment when the chosen problem happened first.",
                self._show_first,
                icon="back",
                enabled_when=self._has_happened,
            ),
            Command(
                "problems.show_in_code",
                "Show the problem in code",
                "Open the line that raised, or the handler that the chosen problem is about.",
                self._show_in_code,
                icon="editor",
                enabled_when=self._has_place,
            ),
            Command(
                "problems.mend",
                "Mend the problem in the editor…",
                "Go to the line of the chosen problem and offer ways to mend it.",
                self._mend,
                icon="warning",
                enabled_when=self._can_be_mended,
            ),
            Command(
                "problems.copy_rows",
                "Copy the problems",
                "Put the selected problems on the clipboard, with tracebacks.",
                self.copy_rows,
                icon="copy",
                enabled_when=self.has_rows,
            ),
            Command(
                "problems.save_csv",
                "Save the problems as CSV…",
                "Write the problems that are shown to a file, for a spreadsheet.",
                self._save,
                icon="export",
                enabled_when=self.has_any,
            ),
        )

    # ---- commands

    def _has_happened(self, context: CommandContext) -> bool:
        return self.view.chosen is not None and not isinstance(self.view.chosen, WrittenFault)

    def _can_be_mended(self, context: CommandContext) -> bool:
        return isinstance(self.view.chosen, WrittenFault) and bool(self.view.chosen.fixes)

    def _mend(self, context: CommandContext) -> None:
        place = self._place()
        if place is not None:
            context.window.open_source(place.file, place.line)
            self.view.run("editor.mend")

    def _place(self) -> Place | None:
        finding, known = self.view.chosen, self.view.known
        return place_of(known, finding) if finding is not None and known is not None else None

    def _has_place(self, context: CommandContext) -> bool:
        return self._place() is not None

    def _show_it(self, context: CommandContext) -> None:
        finding = self.view.chosen
        if finding is not None and not isinstance(finding, WrittenFault):
            self.view.look_at(finding.last_n)

    def _show_first(self, context: CommandContext) -> None:
        finding = self.view.chosen
        if finding is not None and not isinstance(finding, WrittenFault):
            self.view.look_at(finding.first_n)

    def _show_in_code(self, context: CommandContext) -> None:
        place = self._place()
        if place is not None:
            context.window.open_source(place.file, place.line)

    def _save(self, context: CommandContext) -> None:
        self.view.save_csv()
