"""What a studio may ask about the orders that wait for a held catalyst, and do to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Protocol

from tasktonic import brake, clock, held_queue
from tasktonic.literals import parse_arguments
from tasktonic.probe.attributes import describe_values, without_children
from tasktonic.probe.deeds import Deed, find_catalyst, find_essence, record, ttRequestError
from tasktonic.probe.typed_arguments import AS_IT_IS, typed
from tasktonic.protocol import Message
from tasktonic.protocol.messages import (
    AddOrder,
    Answer,
    AskOrders,
    DropOrder,
    DuplicateOrder,
    EditOrder,
    MoveOrder,
    NextOrder,
    NextOrders,
)
from tasktonic.tonic import ttTonic
from tasktonic.values import preview_named

MOST_ORDERS: Final = 2_000
FURTHEST: Final = 1_000_000
_ROWS_OF_ARGUMENTS: Final = 1_500
_MOST_ARGUMENTS: Final = 20


class Asker(Protocol):
    """Who asks: a connected studio."""

    role: str
    name: str

    def tell(self, message: Message) -> None:
        """Answer."""


class InCatalyst(Protocol):
    """Does something between two sparkles of an essence's catalyst, and answers once."""

    def __call__(
        self, asker: Any, essence: Any, act: Callable[[], Message], failed: Callable[[str], Message]
    ) -> None: ...


class QueueRequests:
    """Carries them out. Made by ``Requests``; used in the probe's thread only."""

    def __init__(self, in_catalyst: InCatalyst) -> None:
        self._in_catalyst = in_catalyst
        self.by_type: dict[type[Message], Callable[[Any, Any], None]] = {
            AskOrders: self._ask,
            DropOrder: self._drop,
            EditOrder: self._edit,
            MoveOrder: self._move,
            DuplicateOrder: self._duplicate,
            AddOrder: self._add,
        }

    def _ask(self, asker: Asker, message: AskOrders) -> None:
        first, count = min(max(message.first, 0), FURTHEST), min(max(message.count, 1), MOST_ORDERS)

        def failed(sentence: str) -> Message:
            return NextOrders(message.catalyst, message.request, problem=sentence, t_ns=clock.now_ns())

        try:
            catalyst = find_catalyst(message.catalyst)
        except ttRequestError as error:
            asker.tell(failed(str(error)))
            return

        def look() -> Message:
            orders, total = held_queue.look(catalyst, first, count)
            room = [_ROWS_OF_ARGUMENTS]
            rows = tuple(_row(order, room) for order in orders)
            return NextOrders(catalyst.id, message.request, rows, first, total, catalyst.is_held, t_ns=clock.now_ns())

        self._in_catalyst(asker, catalyst, look, failed)

    def _drop(self, asker: Asker, message: DropOrder) -> None:
        self._change(
            asker, message, "drop order", lambda catalyst, tell: held_queue.drop(catalyst, message.order, tell)
        )

    def _edit(self, asker: Asker, message: EditOrder) -> None:
        args, kwargs = parse_arguments(message.arguments)

        def edit(catalyst: Any, tell: held_queue.Tell) -> None:
            held_queue.edit(catalyst, message.order, args, kwargs, tell)

        def to_what(order: held_queue.Queued) -> str:
            return f", to ({_given(order.sparkle, args, kwargs)})"

        self._change(asker, message, "edit order", edit, to_what)

    def _move(self, asker: Asker, message: MoveOrder) -> None:
        def move(catalyst: Any, tell: held_queue.Tell) -> None:
            held_queue.move(catalyst, message.order, message.before, tell)

        where = f", before order {message.before}" if message.before else ", to the end"
        self._change(asker, message, "move order", move, lambda order: where)

    def _duplicate(self, asker: Asker, message: DuplicateOrder) -> None:
        def duplicate(catalyst: Any, tell: held_queue.Tell) -> None:
            held_queue.duplicate(catalyst, message.order, tell)

        self._change(asker, message, "duplicate order", duplicate)

    def _change(
        self,
        asker: Asker,
        message: Any,
        what: str,
        change: Callable[[Any, held_queue.Tell], None],
        more: Callable[[held_queue.Queued], str] = lambda order: "",
    ) -> None:
        """Change the queue; told by hand when it is certain to be done, and before it is."""
        catalyst = find_catalyst(message.catalyst)

        def act() -> Message:
            def tell(order: held_queue.Queued) -> None:
                record(Deed(what, _words(order) + more(order), catalyst.id), asker.name)

            change(catalyst, tell)
            return Answer(message.request, True)

        self._in_catalyst(asker, catalyst, act, lambda sentence: Answer(message.request, False, sentence))

    def _add(self, asker: Asker, message: AddOrder) -> None:
        tonic = find_essence(message.essence)
        if not isinstance(tonic, ttTonic):
            raise ttRequestError(f"{tonic.name} is no tonic: it has no sparkles that could be called.")
        args, kwargs = parse_arguments(message.arguments)
        if ... in (*args, *kwargs.values()):
            raise ttRequestError(
                "An order that is new has no arguments that could be left as they are: type all of them."
            )

        def add() -> Message:
            brake.check(tonic, message.sparkle, args, kwargs)
            table = tonic._tt_class
            given = _given(table.sparkles[table.slot_by_name[message.sparkle]], args, kwargs)
            text = f"{tonic.name}.{message.sparkle}({given})"
            record(Deed("add order", text, tonic.id), asker.name)
            brake.add(tonic, message.sparkle, *args, **kwargs)
            return Answer(message.request, True)

        self._in_catalyst(asker, tonic, add, lambda sentence: Answer(message.request, False, sentence))


def shorter(message: NextOrders) -> NextOrders:
    """The same without what is inside the arguments, for when all is too much for one message; then half of the orders."""
    if message.problem:
        return replace(message, orders=message.orders[: len(message.orders) // 2])
    orders = tuple(
        NextOrder(
            order.number, order.essence, order.name, order.sparkle, order.source, order.sender, order.run,
            order.queued_ns, without_children(order.arguments), order.typed[:200], order.is_system,
        )
        for order in message.orders
    )  # fmt: skip
    problem = "There is too much to show all of the arguments."
    return NextOrders(
        message.catalyst, message.request, orders, message.first, message.total, message.held, problem, message.t_ns
    )


def _row(order: held_queue.Queued, room: list[int]) -> NextOrder:
    """An order for the wire. In the thread of its catalyst."""
    shown = order.arguments[:_MOST_ARGUMENTS]
    return NextOrder(
        order.number,
        order.tonic.id,
        order.tonic.name,
        order.sparkle.called,
        order.source.id if order.source is not None else -1,
        _sender(order),
        order.run,
        order.queued_ns,
        describe_values(shown, room),
        typed(order.arguments, order.positional) if len(shown) == len(order.arguments) else "",
        order.sparkle.is_system,
    )


def _sender(order: held_queue.Queued) -> str:
    source, via = order.source, order.via
    if source is None:
        return str(via)
    by = source._tt_class.sparkles[via].called if isinstance(via, int) else via
    return f"{source.name} · {by}"


def _words(order: held_queue.Queued) -> str:
    """An order for people: ``order 71, pump.ttsc__fill(litres=3)``."""
    arguments = ", ".join(
        f"{name}={_value_in_words(name, value)}" if name else _value_in_words("", value)
        for name, value in order.arguments[:_MOST_ARGUMENTS]
    )
    return f"order {order.number}, {order.tonic.name}.{order.sparkle.called}({arguments})"


def _given(sparkle: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """What was typed, for the record: in the order it was typed in, shortened, and without secrets."""
    named = held_queue.named_arguments(sparkle, args, kwargs)
    words = [_value_in_words(name, value) for name, value in named[:_MOST_ARGUMENTS]]
    return ", ".join(word if n < len(args) else f"{named[n][0]}={word}" for n, word in enumerate(words))


def _value_in_words(name: str, value: object) -> str:
    return AS_IT_IS if value is held_queue.KEEP else preview_named(name, value, 60)
