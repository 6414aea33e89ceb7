"""The ledger panel: what lives, in which state, how busy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.panel import Panel, PanelContext
from tasktonic_studio.ui.panels.ledger.view import LedgerView


class LedgerPanel(Panel):
    """The tree of what lives, by context."""

    id = "ledger"
    title = "Ledger"
    icon = "ledger"
    key = "Ctrl+1"
    help = "Everything that lives, below what made it: its state, its class, how busy it is."

    def build(self, context: PanelContext) -> QWidget:
        self.view = LedgerView(context)
        return self.view

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
        return {"columns": self.view.tree.columns.save_state(), "filter": self.view.search.text()}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        columns, text = state.get("columns"), state.get("filter")
        if isinstance(columns, dict):
            self.view.tree.columns.restore_state(columns)
        if isinstance(text, str):
            self.view.search.setText(text)
