"""The tests panel: the tests of the open project, how they went, and what they said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.project_commands import why_no_project
from tasktonic_studio.commands.test_commands import run_tests
from tasktonic_studio.project.tests import BAD
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.tests.view import TestsView
from tasktonic_studio.ui.view_panel import SearchingPanel


class TestsPanel(SearchingPanel):
    """The tests of a project."""

    __test__ = False

    id = "tests"
    title = "Tests"
    icon = "tests"
    key = "Ctrl+Alt+J"
    help = "The tests of the project: run them in its own Python, see which failed and why, open the trace of one."

    view: TestsView

    def build(self, context: PanelContext) -> QWidget:
        self._context = context
        self.view = TestsView(context)
        self.view.draw()
        return self.view

    def tab_title(self) -> str:
        """How many did not pass is said also while the panel is behind another."""
        bad = sum(each.outcome in BAD for each in self._context.project.tests.all)
        return f"{self.title} ({bad})" if bad else self.title

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "tests.run_chosen",
                "Run the chosen tests",
                "Run what is chosen in the list of tests: tests, classes or files.",
                self._run_chosen,
                icon="step",
                why_not=self._why_none_chosen,
            ),
            Command(
                "tests.go_to_chosen",
                "Show the chosen test in the editor",
                "Open the file of the chosen test, at the line where it failed, or else where it begins.",
                self._go_to,
                icon="editor",
                why_not=self._why_none_chosen,
            ),
            Command(
                "tests.go_to_place",
                "Show the line of the last link",
                "Open the line that was pressed in what a test said.",
                self._go_to_place,
                enabled_when=lambda _context: bool(self.view.place[0]),
            ),
            Command(
                "tests.open_trace",
                "Open the trace of the test",
                "Show what the chosen test did under its distiller as a run, in all panels.",
                self._open_trace,
                icon="trace",
                why_not=self._why_no_trace,
            ),
        )

    def save_state(self) -> dict[str, Any]:
        return {}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Nothing is kept: the tests of tomorrow are others."""

    def _why_none_chosen(self, context: CommandContext) -> str:
        reason = why_no_project(context)
        return reason or ("" if hasattr(self, "view") and self.view.chosen else "No test is chosen in the list.")

    def _why_no_trace(self, context: CommandContext) -> str:
        reason = self._why_none_chosen(context)
        if reason:
            return reason
        one = self.view.chosen_one
        if one is None:
            return "More than one test is chosen."
        return "" if one.trace else "This test has kept no trace: only one that fails under a distiller does."

    def _run_chosen(self, context: CommandContext) -> None:
        run_tests(context, self.view.chosen)

    def _go_to(self, context: CommandContext) -> None:
        chosen = self.view.chosen
        if not chosen:
            return
        test = chosen[0]
        if len(chosen) > 1:
            context.window.open_source(test.file, 0)
            return
        own = [place for place in test.places if place[0] == test.file]
        context.window.open_source(*(own[-1] if own else (test.file, test.line)))

    def _go_to_place(self, context: CommandContext) -> None:
        context.window.open_source(*self.view.place)

    def _open_trace(self, context: CommandContext) -> None:
        one = self.view.chosen_one
        if one is not None and one.trace:
            context.requests.open_run(one.trace)
