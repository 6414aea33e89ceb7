"""ListPanel, TablePanel: panels whose widget is a `ListView`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.list_view import ListView
from tasktonic_studio.ui.table_view import TableView
from tasktonic_studio.ui.view_panel import SearchingPanel


class ListPanel(SearchingPanel):
    """Columns, filter and switches are kept between runs of the Studio."""

    view: ListView

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
