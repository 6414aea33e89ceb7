"""The catalysts panel: what waits, what runs, and where it hangs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from PySide6.QtWidgets import QApplication, QWidget

from tasktonic.protocol.messages import AskOrders, AskStack
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.step_commands import new_request
from tasktonic_studio.ui.list_panel import ListPanel
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.catalysts.order_commands import order_commands
from tasktonic_studio.ui.panels.catalysts.view import CatalystsView

_requests = itertools.count(2_000_000)
"""Numbers of our requests for stacks. Answers come back by catalyst; the number only has to differ from others."""


class CatalystsPanel(ListPanel):
    """One row per catalyst, and the queue of the chosen one."""

    id = "catalysts"
    title = "Catalysts"
    icon = "catalyst"
    key = "Ctrl+8"
    help = "The catalysts: what waits in each queue and for how long, how busy each is, what runs now, where one hangs."

    view: CatalystsView

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
                "catalysts.ask_orders",
                "Look at the queue again",
                "While held: ask which orders wait for the chosen catalyst, and with which arguments.",
                self._ask_orders,
                icon="find",
                enabled_when=self._can_ask_orders,
            ),
            Command(
                "catalysts.more_orders",
                "Show more waiting orders",
                "While held: show more of the orders that wait for the chosen catalyst; also by scrolling to the end.",
                self._more_orders,
                icon="down",
                why_not=self._why_no_more_orders,
            ),
            *order_commands(self.view_of),
            Command(
                "catalysts.copy_rows",
                "Copy the orders",
                "Put the selected rows of the queue on the clipboard.",
                self._copy,
                icon="copy",
                enabled_when=self._has_rows,
            ),
        )

    def find(self) -> None:
        """In the table of catalysts, or in the queue when the keyboard is there."""
        queue, focus = self.view.below.queue, QApplication.focusWidget()
        search = queue.search if focus is not None and queue.isAncestorOf(focus) else self.view.search
        search.setFocus()
        search.selectAll()

    # ---- commands

    def _can_ask(self, context: CommandContext) -> bool:
        return self.view.can_ask

    def _ask_stack(self, context: CommandContext) -> None:
        context.requests.send(AskStack(next(_requests), self.view.catalyst))
        self.view.below.setCurrentWidget(self.view.below.stack)

    def view_of(self) -> CatalystsView:
        """What the panel built."""
        return self.view

    def _can_ask_orders(self, context: CommandContext) -> bool:
        return self.view.can_ask_orders

    def _ask_orders(self, context: CommandContext) -> None:
        context.requests.send(AskOrders(new_request(), self.view.catalyst, count=self.view.below.queue.wanted))

    def _more_orders(self, context: CommandContext) -> None:
        self.view.show_more_orders()

    def _why_no_more_orders(self, context: CommandContext) -> str:
        if not self.view.can_ask_orders:
            return "This catalyst is not held. Hold it first (F6)."
        return "" if self.view.below.queue.can_show_more else "All that can be told is shown."

    def _has_rows(self, context: CommandContext) -> bool:
        return self.view.below.queue.table.selectionModel().hasSelection()

    def _copy(self, context: CommandContext) -> None:
        self.view.below.queue.copy_rows()
