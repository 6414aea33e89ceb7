"""The store panel: what is stored, what became of it, and who wrote it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from tasktonic.protocol.messages import AskListeners
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.step_commands import new_request
from tasktonic_studio.ui.list_panel import ListPanel
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.store.view import StoreView


class StorePanel(ListPanel):
    """The values of all stores as a tree of paths."""

    id = "store"
    title = "Store"
    icon = "store"
    key = "Ctrl+7"
    help = "The values of the stores: a tree of paths with who wrote each and who listens, its history, and plots of numbers."

    view: StoreView

    def build(self, context: PanelContext) -> QWidget:
        self.view = StoreView(context)
        return self.view

    def edit(self) -> None:
        self.view.edit()

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "store.copy_value",
                "Copy the value",
                "Put the value of the chosen path on the clipboard, as it is described.",
                self._copy_value,
                icon="copy",
                enabled_when=self._has_value,
            ),
            Command(
                "store.copy_history",
                "Copy the changes",
                "Put the selected rows of the history on the clipboard.",
                self._copy_history,
                icon="copy",
                enabled_when=self._has_rows,
            ),
            Command(
                "store.follow_link",
                "Go to what the link leads to",
                "Select the path that the chosen link leads to.",
                self._follow_link,
                icon="right",
                enabled_when=self._is_link,
            ),
            Command(
                "store.plot",
                "Plot this path",
                "Show the numbers of the chosen path over time, or its history as a table again.",
                self._plot,
                icon="plot",
                enabled_when=self._is_numeric,
                checked_when=self._is_plotted,
            ),
            Command(
                "store.show_listeners",
                "Show who listens",
                "Show who listens to the chosen path of the store, or its history again.",
                self._show_listeners,
                enabled_when=self._has_path,
                checked_when=self._are_listeners_shown,
            ),
            Command(
                "store.ask_listeners",
                "Ask who listens",
                "Ask the app who hears of a change of the chosen path at this moment, and show it.",
                self._ask_listeners,
                icon="restart",
                why_not=self._why_not_listeners,
            ),
            Command(
                "store.export_csv",
                "Save the values as CSV…",
                "Write what the store panel shows to a table: with a filter what it found, else every value.",
                self._export_csv,
                icon="export",
                enabled_when=self._has_store,
            ),
            Command(
                "store.export_json",
                "Save the values as JSON…",
                "Write what the store panel shows as JSON: with a filter what it found, else every value.",
                self._export_json,
                icon="export",
                enabled_when=self._has_store,
            ),
        )

    # ---- commands

    def _has_value(self, context: CommandContext) -> bool:
        return bool(self.view.chosen_text)

    def _copy_value(self, context: CommandContext) -> None:
        self.view.copy_value()

    def _has_rows(self, context: CommandContext) -> bool:
        return self.view.detail.table.selectionModel().hasSelection()

    def _copy_history(self, context: CommandContext) -> None:
        self.view.detail.copy_rows()

    def _is_link(self, context: CommandContext) -> bool:
        return self.view.detail.link.isVisibleTo(self.view)

    def _follow_link(self, context: CommandContext) -> None:
        self.view.detail.link.click()

    def _is_numeric(self, context: CommandContext) -> bool:
        return self.view.detail.is_numeric

    def _plot(self, context: CommandContext) -> None:
        self.view.detail.as_plot.toggle()

    def _is_plotted(self, context: CommandContext) -> bool:
        return self.view.detail.as_plot.isChecked()

    def _has_path(self, context: CommandContext) -> bool:
        return self.view.detail.as_listeners.isVisibleTo(self.view)

    def _show_listeners(self, context: CommandContext) -> None:
        self.view.detail.as_listeners.toggle()

    def _are_listeners_shown(self, context: CommandContext) -> bool:
        return self.view.detail.as_listeners.isChecked()

    def _why_not_listeners(self, context: CommandContext) -> str:
        return self.view.detail.why_not_listeners

    def _ask_listeners(self, context: CommandContext) -> None:
        detail = self.view.detail
        if not detail.as_listeners.isChecked():
            detail.as_listeners.setChecked(True)  # which asks
        elif detail.key is not None:
            context.requests.send(AskListeners(new_request(), *detail.key))

    def _has_store(self, context: CommandContext) -> bool:
        return context.session is not None and len(context.session.live.store) > 0

    def _export_csv(self, context: CommandContext) -> None:
        self.view.export("csv")

    def _export_json(self, context: CommandContext) -> None:
        self.view.export("json")
