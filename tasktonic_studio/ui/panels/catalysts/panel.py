"""The catalysts panel: what waits, what runs, and where it hangs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from tasktonic.protocol.messages import AskStack
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.panel import Panel, PanelContext
from tasktonic_studio.ui.panels.catalysts.view import CatalystsView

_requests = itertools.count(2_000_000)
"""Numbers of our requests for stacks. Answers come back by catalyst; the number only has to differ from others."""


class CatalystsPanel(Panel):
    """One row per catalyst, and the queue of the chosen one."""

    id = "catalysts"
    title = "Catalysts"
    icon = "catalyst"
    key = "Ctrl+8"
    help = "The catalysts: what waits in each queue and for how long, how busy each is, what runs now, where one hangs."

    def build(self, context: PanelContext) -> QWidget:
        self.view = CatalystsView(context)
        return self.view

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "catalysts.ask_stack",
                "Look where it is",
                "Ask where in the source the chosen catalyst is at this moment: the Python stack of its thread.",
                self._ask_stack,
                icon="find",
                enabled_when=self._can_ask,
            ),
            Command(
                "catalysts.copy_rows",
                "Copy the orders",
                "Put the selected rows of the queue on the clipboard.",
                self._copy,
                icon="copy",
                enabled_when=self._has_rows,
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
        self.view.finish()

    def find(self) -> None:
        self.view.below.setCurrentWidget(self.view.below.queue)
        self.view.below.queue.search.setFocus()
        self.view.below.queue.search.selectAll()

    def save_state(self) -> dict[str, Any]:
        view = self.view
        return {
            "columns": view.table.columns.save_state(),
            "queue": view.below.queue.table.columns.save_state(),
            "tab": view.below.currentIndex(),
            "split": view.split.sizes(),
        }

    def restore_state(self, state: Mapping[str, Any]) -> None:
        view = self.view
        for columns, key in ((view.table.columns, "columns"), (view.below.queue.table.columns, "queue")):
            kept = state.get(key)
            if isinstance(kept, dict):
                columns.restore_state(kept)
        tab, split = state.get("tab"), state.get("split")
        if isinstance(tab, int) and 0 <= tab < view.below.count():
            view.below.setCurrentIndex(tab)
        if isinstance(split, list) and len(split) == 2 and all(isinstance(size, int) and size > 0 for size in split):
            view.split.setSizes(split)

    # ---- commands

    def _can_ask(self, context: CommandContext) -> bool:
        return self.view.can_ask

    def _ask_stack(self, context: CommandContext) -> None:
        context.requests.send(AskStack(next(_requests), self.view.catalyst))
        self.view.below.setCurrentWidget(self.view.below.stack)

    def _has_rows(self, context: CommandContext) -> bool:
        return self.view.below.queue.table.selectionModel().hasSelection()

    def _copy(self, context: CommandContext) -> None:
        self.view.below.queue.copy_rows()
