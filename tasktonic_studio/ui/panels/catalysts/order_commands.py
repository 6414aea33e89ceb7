"""Commands that change the queue of a held catalyst: drop, edit, move, run twice, add."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tasktonic.protocol.messages import AddOrder, DropOrder, DuplicateOrder, EditOrder, MoveOrder, NextOrder
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.step_commands import new_request, why_no_control
from tasktonic_studio.ui.panels.catalysts.order_dialog import EditDialog, NewOrderDialog

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.catalysts.view import CatalystsView

Why = Callable[[CommandContext], str]


class _Orders:
    """What is done to the orders of one view."""

    def __init__(self, view: Callable[[], CatalystsView]) -> None:
        self._view = view

    # ---- why not

    def why_not_add(self, context: CommandContext) -> str:
        reason = why_no_control(context)
        if not reason and not self._view().can_ask_orders:
            return "This catalyst is not held. Hold it first (F6)."
        return reason

    def why_not_change(self, context: CommandContext) -> str:
        reason = self.why_not_add(context)
        chosen = None if reason else self._chosen()
        if reason:
            return reason
        if chosen is None:
            return "Choose a waiting order first."
        return "This order is one of the framework's own: it stays as it is." if chosen.is_system else ""

    def why_not_move_to(self, context: CommandContext) -> str:
        told = self._view().below.queue.told
        reason = self.why_not_add(context)
        if not reason and (told is None or not self._view().drop_place[0]):
            return "Drag a waiting order to its place in the queue."
        if not reason and told is not None and not self._view().drop_place[1] and told.total > len(told.orders):
            return "More orders wait than are shown: show all of them first, then put it behind the last one."
        return reason

    def why_not_move(self, steps: int) -> Why:
        def why_not(context: CommandContext) -> str:
            reason = self.why_not_change(context)
            if not reason and self._view().below.queue.beside(steps) is None:
                return "It stands at the end of what is shown."
            return reason

        return why_not

    # ---- what is done

    def drop(self, context: CommandContext) -> None:
        chosen = self._chosen()
        if chosen is not None:
            context.requests.send(DropOrder(new_request(), self._view().catalyst, chosen.number))

    def duplicate(self, context: CommandContext) -> None:
        chosen = self._chosen()
        if chosen is not None:
            context.requests.send(DuplicateOrder(new_request(), self._view().catalyst, chosen.number))

    def edit(self, context: CommandContext) -> None:
        view, chosen = self._view(), self._chosen()
        if chosen is None:
            return
        catalyst, number = view.catalyst, chosen.number

        def send(arguments: str) -> None:
            context.requests.send(EditOrder(new_request(), catalyst, number, arguments))

        EditDialog(chosen, send, view).open()

    def move_up(self, context: CommandContext) -> None:
        view, chosen = self._view(), self._chosen()
        above = view.below.queue.beside(-1)
        if chosen is not None and above is not None:
            context.requests.send(MoveOrder(new_request(), view.catalyst, chosen.number, above.number))

    def move_down(self, context: CommandContext) -> None:
        view, chosen = self._view(), self._chosen()
        queue = view.below.queue
        if chosen is None or queue.beside(1) is None:
            return
        behind, told = queue.beside(2), queue.told
        if behind is not None:
            context.requests.send(MoveOrder(new_request(), view.catalyst, chosen.number, behind.number))
        elif told is not None and told.total == len(told.orders):
            context.requests.send(MoveOrder(new_request(), view.catalyst, chosen.number, 0))

    def move_to(self, context: CommandContext) -> None:
        view = self._view()
        number, before = view.drop_place
        view.drop_place = (0, 0)
        context.requests.send(MoveOrder(new_request(), view.catalyst, number, before))

    def add(self, context: CommandContext) -> None:
        view = self._view()

        def send(essence: int, sparkle: str, arguments: str) -> None:
            context.requests.send(AddOrder(new_request(), essence, sparkle, arguments))

        known = view.pin.known()
        chosen = self._chosen()
        NewOrderDialog(known, view.catalyst, chosen.essence if chosen is not None else -1, send, view).open()

    def _chosen(self) -> NextOrder | None:
        return self._view().below.queue.chosen


def order_commands(view: Callable[[], CatalystsView]) -> Sequence[Command]:
    """The commands about the chosen order of a view; their keys are heard in its table."""
    orders = _Orders(view)
    return (
        Command(
            "order.edit",
            "Edit the arguments…",
            "While held: give the chosen order other arguments, typed as Python literals (F2 in the queue).",
            orders.edit,
            icon="editor",
            why_not=orders.why_not_change,
        ),
        Command(
            "order.move_up",
            "Run it earlier",
            "While held: have the chosen order run before the one above it (Alt+Up in the queue).",
            orders.move_up,
            icon="up",
            why_not=orders.why_not_move(-1),
        ),
        Command(
            "order.move_down",
            "Run it later",
            "While held: have the chosen order run after the one below it (Alt+Down in the queue).",
            orders.move_down,
            icon="down",
            why_not=orders.why_not_move(1),
        ),
        Command(
            "order.move_to",
            "Run it where it was put",
            "While held: have an order run where it was dragged to with the mouse, in the queue.",
            orders.move_to,
            icon="down",
            why_not=orders.why_not_move_to,
        ),
        Command(
            "order.duplicate",
            "Run it twice",
            "While held: put a second order with the same arguments behind the chosen one (Ctrl+D in the queue).",
            orders.duplicate,
            icon="copy",
            why_not=orders.why_not_change,
        ),
        Command(
            "order.drop",
            "Drop the order",
            "While held: take the chosen order away; it will not run, and the record says so (Del in the queue).",
            orders.drop,
            icon="close",
            why_not=orders.why_not_change,
        ),
        Command(
            "order.add",
            "Add an order…",
            "While held: call a sparkle so that it runs next, before all that wait (Ins in the queue).",
            orders.add,
            icon="sparkle",
            why_not=orders.why_not_add,
        ),
    )
