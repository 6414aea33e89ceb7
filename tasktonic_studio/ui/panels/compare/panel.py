"""The compare panel: two runs of a script side by side, and where they part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.list_panel import TablePanel
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.compare.view import CompareView


class ComparePanel(TablePanel):
    """What has the same cause in two runs, in one row."""

    id = "compare"
    title = "Compare"
    icon = "compare"
    key = "Ctrl+Shift+D"
    help = "Two runs of a script side by side: the first difference by cause, whatever clocks and threads did."

    view: CompareView

    def build(self, context: PanelContext) -> QWidget:
        self.view = CompareView(context)
        return self.view

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "run.compare_with",
                "Compare with…",
                "Choose a recorded run and compare the one that is shown with it, cause by cause.",
                self._compare_with,
                icon="compare",
                menu="Run",
                enabled_when=_has_run,
                section="compare",
            ),
            Command(
                "run.compare_previous",
                "Compare with the run before",
                "Compare the run that is shown with the one that was shown before it, such as before a restart.",
                self._compare_previous,
                icon="compare",
                menu="Run",
                enabled_when=_has_previous,
                section="compare",
            ),
            Command(
                "compare.next_difference",
                "Next difference",
                "Go to the next row of the comparison that is not the same.",
                self._next,
                keys=("F7",),
                icon="forward",
                menu="Go/Differences of two runs",
                enabled_when=self._has_differences,
                section="difference",
            ),
            Command(
                "compare.previous_difference",
                "Previous difference",
                "Go to the row before this one that is not the same.",
                self._previous,
                keys=("Shift+F7",),
                icon="back",
                menu="Go/Differences of two runs",
                enabled_when=self._has_differences,
                section="difference",
            ),
            Command(
                "compare.first_difference",
                "First difference by cause",
                "Go to the row where the two runs part: no cause of it differs.",
                self._first,
                keys=("Ctrl+F7",),
                icon="home",
                menu="Go/Differences of two runs",
                enabled_when=self._has_differences,
                section="difference",
            ),
            Command(
                "compare.only_differences",
                "Show only differences",
                "Let the comparison show only rows that are not the same, or all again.",
                self._toggle_only,
                icon="filter",
                enabled_when=self._has_comparison,
                checked_when=self._is_only,
            ),
            Command(
                "compare.again",
                "Compare again",
                "Compare once more with the same run: the one that is shown may have gone on.",
                self._again,
                icon="restart",
                enabled_when=self._can_go_again,
            ),
            Command(
                "compare.close",
                "Put the comparison away",
                "Forget the comparison and the run that was compared with.",
                self._close,
                icon="close",
                enabled_when=self._has_comparison,
            ),
            Command(
                "compare.copy_rows",
                "Copy the rows of the comparison",
                "Put the selected rows of the comparison on the clipboard.",
                self.copy_rows,
                icon="copy",
                enabled_when=self.has_rows,
            ),
            Command(
                "compare.save_csv",
                "Save the comparison as CSV…",
                "Write the rows that the comparison shows to a file, for a spreadsheet.",
                self._save_csv,
                icon="export",
                enabled_when=self._has_comparison,
            ),
            Command(
                "compare.save_text",
                "Save the differences as text…",
                "Write the verdict and a sentence per difference to a file, for a report.",
                self._save_text,
                icon="export",
                enabled_when=self._has_comparison,
            ),
        )

    # ---- commands

    def _compare_with(self, context: CommandContext) -> None:
        target = context.session.live.target if context.session is not None else None
        recent = context.settings.texts("recent.traces")
        near = target.file if target is not None and target.file else recent[0] if recent else ""
        context.window.show_panel(self.id)
        file = ask.run_to_compare(self.view, str(Path(near).parent) if near else "")
        if file:
            self.view.compare(file)

    def _compare_previous(self, context: CommandContext) -> None:
        previous = context.session.previous if context.session is not None else None
        if previous is not None:
            context.window.show_panel(self.id)
            self.view.compare(previous)

    def _next(self, context: CommandContext) -> None:
        self._step(context, 1)

    def _previous(self, context: CommandContext) -> None:
        self._step(context, -1)

    def _first(self, context: CommandContext) -> None:
        self._step(context, 0)

    def _step(self, context: CommandContext, by: int) -> None:
        context.window.show_panel(self.id)
        self.view.step(by)

    def _has_differences(self, context: CommandContext) -> bool:
        return self.view.has_differences and not self.view.is_busy

    def _has_comparison(self, context: CommandContext) -> bool:
        return self.view.comparison is not None

    def _toggle_only(self, context: CommandContext) -> None:
        self.view.only.toggle()

    def _is_only(self, context: CommandContext) -> bool:
        return self.view.only.isChecked()

    def _again(self, context: CommandContext) -> None:
        self.view.again()

    def _can_go_again(self, context: CommandContext) -> bool:
        return self.view.can_go_again

    def _close(self, context: CommandContext) -> None:
        self.view.forget()

    def _save_csv(self, context: CommandContext) -> None:
        self.view.save_csv()

    def _save_text(self, context: CommandContext) -> None:
        self.view.save_text()


def _has_run(context: CommandContext) -> bool:
    return context.session is not None and len(context.session.live.runs) > 0


def _has_previous(context: CommandContext) -> bool:
    return _has_run(context) and context.session is not None and context.session.previous is not None
