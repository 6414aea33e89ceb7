"""ListPanel, TablePanel: panels whose widget is a `ListView`. They hand on what the window says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.list_view import ListView
from tasktonic_studio.ui.panel import Panel
from tasktonic_studio.ui.table_view import TableView


class ListPanel(Panel):
    """A subclass sets ``view`` in its `build`, and has its own commands."""

    view: ListView

    def on_changes(self, changes: Changes) -> None:
        self.view.on_changes(changes)

    def on_theme(self) -> None:
        self.view.retheme()

    def shown(self) -> None:
        self.view.watch()

    def hidden(self) -> None:
        self.view.unwatch()

    def finish(self) -> None:
        self.view.finish()

    def find(self) -> None:
        self.view.search.setFocus()
        self.view.search.selectAll()

    def save_state(self) -> dict[str, Any]:
        return self.view.save_state()

    def restore_state(self, state: Mapping[str, Any]) -> None:
        self.view.restore_state(state)

    def has_any(self, context: CommandContext) -> bool:
        """Whether something is listed that could be saved."""
        return self.view.has_any


class TablePanel(ListPanel):
    """With a `TableView`, whose rows can be copied."""

    view: TableView

    def copy_rows(self, context: CommandContext) -> None:
        """Put the chosen rows on the clipboard."""
        self.view.copy_rows()

    def has_rows(self, context: CommandContext) -> bool:
        """Whether rows are chosen."""
        return self.view.table.selectionModel().hasSelection()

    def to_the_end(self, context: CommandContext) -> None:
        """Scroll to the newest row and stay there."""
        self.view.table.follow()
