"""The log panel: what was said, printed and raised."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.list_panel import TablePanel
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.log.view import LogView


class LogPanel(TablePanel):
    """Log lines with level, tonic and time; they follow the end."""

    id = "log"
    title = "Log"
    icon = "log"
    key = "Ctrl+3"
    help = "What tonics said, what the program printed, what was raised: newest at the bottom."

    view: LogView

    def build(self, context: PanelContext) -> QWidget:
        self.view = LogView(context)
        return self.view

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "log.copy_lines",
                "Copy the lines",
                "Put the selected lines of the log on the clipboard, with tracebacks.",
                self.copy_rows,
                icon="copy",
                enabled_when=self.has_rows,
            ),
            Command(
                "log.save_text",
                "Save the lines…",
                "Write the lines that the log shows to a text file, with tracebacks.",
                self._save,
                icon="export",
                enabled_when=self.has_any,
            ),
            Command(
                "log.follow",
                "Follow the end of the log",
                "Scroll to the newest line and stay there.",
                self.to_the_end,
                icon="down",
            ),
        )

    # ---- commands

    def _save(self, context: CommandContext) -> None:
        self.view.save_text()
