"""The panel Lines: where the app stands in its source, line by line."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.panel import Panel, PanelContext
from tasktonic_studio.ui.panels.lines.view import LinesView


class LinesPanel(Panel):
    """Calls and values of an app that stands in a line, and the lines at which it stops."""

    id = "lines"
    title = "Lines"
    icon = "lines"
    key = "Ctrl+Shift+L"
    help = "Where the app stands in its source, line by line: the calls that have not returned, and their values."

    _context: PanelContext
    view: LinesView

    def build(self, context: PanelContext) -> QWidget:
        self._context = context
        self.view = LinesView(context)
        self.view.retheme()
        return self.view

    def on_changes(self, changes: Changes) -> None:
        if changes.lines or changes.everything or changes.target:
            self.view.show_facts(self._context.session().lines)

    def on_theme(self) -> None:
        self.view.retheme()

    def tab_title(self) -> str:
        """Whether the app stands in a line is said also while the panel is behind another."""
        return f"{self.title} (stopped)" if self._context.session().lines.stop is not None else self.title

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "lines.look_at_call",
                "Show the values of this call",
                "Show the values of the call that is chosen in the panel Lines.",
                self._look_at_call,
                enabled_when=self._has_call,
            ),
            Command(
                "lines.show_call",
                "Show this call in code",
                "Open the line at which the chosen call stands.",
                self._show_call,
                icon="editor",
                enabled_when=self._has_call,
            ),
            Command(
                "lines.unfold",
                "Show what is inside a value",
                "Ask for what is inside the values that were unfolded in the panel Lines.",
                self._unfold,
                enabled_when=lambda _context: bool(self.view.wanted),
            ),
            Command(
                "lines.show_break",
                "Show this line in code",
                "Open the line that is chosen among those to stop at.",
                self._show_break,
                icon="editor",
                enabled_when=self._has_break,
            ),
            Command(
                "lines.condition",
                "Stop at this line only if\u2026",
                "Type a condition for the chosen line: Python that the app evaluates there (F2 in the list).",
                lambda _context: self.view.edit_condition(),
                enabled_when=self._has_break,
            ),
            Command(
                "lines.take_condition",
                "Take the condition that was typed",
                "Have the app stop at a line only when what was typed for it in the panel Lines is true.",
                self._take_condition,
                why_not=self._why_no_condition,
            ),
            Command(
                "lines.remove_break",
                "Stop at this line no more",
                "Take the line away that is chosen among those to stop at.",
                self._remove_break,
                icon="close",
                enabled_when=self._has_break,
            ),
        )

    # ---- commands

    def _has_call(self, _context: CommandContext) -> bool:
        return self.view.chosen_frame is not None

    def _has_break(self, _context: CommandContext) -> bool:
        return self.view.chosen_break is not None

    def _look_at_call(self, context: CommandContext) -> None:
        context.requests.look_at_line_frame(self.view.wanted_frame)

    def _show_call(self, context: CommandContext) -> None:
        frame = self.view.chosen_frame
        if frame is not None:
            context.window.open_saved(frame.file, frame.line)

    def _unfold(self, context: CommandContext) -> None:
        for reference in self.view.wanted:
            context.requests.unfold_local(reference)

    def _show_break(self, context: CommandContext) -> None:
        chosen = self.view.chosen_break
        if chosen is not None:
            context.window.open_saved(chosen.file, chosen.line)

    def _take_condition(self, context: CommandContext) -> None:
        if self.view.conditioned is not None:
            (chosen, condition), self.view.conditioned = self.view.conditioned, None
            context.requests.condition_line_break(chosen.file, chosen.line, condition)

    def _why_no_condition(self, _context: CommandContext) -> str:
        if self.view.conditioned is None:
            return "Choose a line to stop at in the panel Lines, and type its condition (F2)."
        try:
            ast.parse(self.view.conditioned[1] or "True", mode="eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            said = getattr(error, "msg", None) or str(error)
            return f"The condition {self.view.conditioned[1]!r} is no Python expression: {said}."
        return ""

    def _remove_break(self, context: CommandContext) -> None:
        chosen = self.view.chosen_break
        if chosen is not None:
            context.requests.toggle_line_break(chosen.file, chosen.line)
