"""The log panel: what was said, printed and raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.panel import Panel, PanelContext
from tasktonic_studio.ui.panels.log.view import LogView


class LogPanel(Panel):
    """Log lines with level, tonic and time; they follow the end."""

    id = "log"
    title = "Log"
    icon = "log"
    key = "Ctrl+3"
    help = "What tonics said, what the program printed, what was raised: newest at the bottom."

    def build(self, context: PanelContext) -> QWidget:
        self.view = LogView(context)
        return self.view

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "log.copy_lines",
                "Copy the lines",
                "Put the selected lines of the log on the clipboard, with tracebacks.",
                self._copy,
                icon="copy",
                enabled_when=self._has_lines,
            ),
            Command(
                "log.follow",
                "Follow the end of the log",
                "Scroll to the newest line and stay there.",
                self._follow,
                icon="down",
            ),
        )

    def on_changes(self, changes: Changes) -> None:
        self.view.on_changes(changes)

    def on_theme(self) -> None:
        self.view.retheme()

    def shown(self) -> None:
        self.view.watch()

    def hidden(self) -> None:
        self.view.unwatch()

    def finish(self) -> None:
        self.view.unwatch()

    def find(self) -> None:
        self.view.search.setFocus()
        self.view.search.selectAll()

    def save_state(self) -> dict[str, Any]:
        return {
            "columns": self.view.table.columns.save_state(),
            "levels": [key for key, button in self.view.levels.items() if button.isChecked()],
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        columns, levels = state.get("columns"), state.get("levels")
        if isinstance(columns, dict):
            self.view.table.columns.restore_state(columns)
        if isinstance(levels, list) and levels:
            for key, button in self.view.levels.items():
                button.setChecked(key in levels)

    # ---- commands

    def _has_lines(self, context: CommandContext) -> bool:
        return self.view.table.selectionModel().hasSelection()

    def _copy(self, context: CommandContext) -> None:
        self.view.copy_selected()

    def _follow(self, context: CommandContext) -> None:
        self.view.table.follow()
