"""The ledger panel: what lives, in which state, how busy."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.list_panel import ListPanel
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.ledger.view import LedgerView


class LedgerPanel(ListPanel):
    """The tree of what lives, by context."""

    id = "ledger"
    title = "Ledger"
    icon = "ledger"
    key = "Ctrl+1"
    help = "Everything that lives, below what made it: its state, its class, how busy it is."
    view: LedgerView

    def build(self, context: PanelContext) -> QWidget:
        self.view = LedgerView(context)
        return self.view

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "ledger.save_csv",
                "Save the tonics as CSV…",
                "Write the tonics of the ledger to a file, for a spreadsheet: with a filter what it found, else all known.",
                self._save,
                icon="export",
                enabled_when=self.has_any,
            ),
        )

    # ---- commands

    def _save(self, context: CommandContext) -> None:
        self.view.save_csv()
