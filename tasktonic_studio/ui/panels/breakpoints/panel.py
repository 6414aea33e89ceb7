"""The breakpoints panel: where the app is to stop, how often it did, and what each would have hit in the recorded past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.panel import Panel, PanelContext
from tasktonic_studio.ui.panels.breakpoints.view import BreakpointsView


class BreakpointsPanel(Panel):
    """The list of breakpoints of the project."""

    id = "breakpoints"
    title = "Breakpoints"
    icon = "breakpoint"
    key = "Ctrl+B"
    help = "Where the app is to stop or to say so, how often it did, and what would have been hit in the recorded past."

    view: BreakpointsView

    def build(self, context: PanelContext) -> QWidget:
        self.view = BreakpointsView(context)
        self.view.fill()  # its buttons ask the commands, and these the view
        return self.view

    def tab_title(self) -> str:
        """How many are on is said also while the panel is behind another."""
        count = self.view.count_on()
        return f"{self.title} ({count})" if count else self.title

    def on_changes(self, changes: Changes) -> None:
        self.view.on_changes(changes)

    def on_theme(self) -> None:
        self.view.retheme()

    def find(self) -> None:
        self.view.table.setFocus()

    def finish(self) -> None:
        self.view.finish()

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "breakpoints.edit_chosen",
                "Edit the chosen breakpoint…",
                "Change what the breakpoint that is chosen in the list says and does.",
                self._edit,
                enabled_when=self._has_chosen,
            ),
            Command(
                "breakpoints.remove_chosen",
                "Remove the chosen breakpoints",
                "Take the breakpoints away that are chosen in the list.",
                self._remove,
                enabled_when=self._has_chosen,
            ),
            Command(
                "breakpoints.try_on_past",
                "Try the chosen breakpoint on the past",
                "Find what it would have hit in the run that is shown, with a way to each of these moments.",
                self._try,
                icon="history",
                enabled_when=self._has_chosen,
            ),
        )

    def _has_chosen(self, _context: CommandContext) -> bool:
        return hasattr(self, "view") and bool(self.view.chosen)

    def _edit(self, context: CommandContext) -> None:
        session = context.session
        point = session.breakpoints.find(self.view.chosen[0]) if session is not None and self.view.chosen else None
        if point is not None:
            context.window.edit_breakpoint(point)

    def _remove(self, context: CommandContext) -> None:
        if context.session is not None:
            context.session.breakpoints.remove(self.view.chosen)

    def _try(self, _context: CommandContext) -> None:
        self.view.try_on_past()

    def save_state(self) -> dict[str, Any]:
        return {}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Nothing is kept but the breakpoints themselves, and those with the project."""
