"""Answers about the queue that are too much for one message."""

from __future__ import annotations

import pytest

from tasktonic.probe.queue_requests import MOST_ORDERS
from tasktonic.probe.requests import _tell_in_any_case
from tasktonic.protocol import Message, encode_message
from tasktonic.protocol.messages import AttributeRow, NextOrder, NextOrders


class Asker:
    """Takes what fits into a message."""

    role = "control"
    name = "studio"

    def __init__(self) -> None:
        self.told: list[NextOrders] = []

    def tell(self, message: Message) -> None:
        encode_message(message)
        assert isinstance(message, NextOrders)
        self.told.append(message)


@pytest.mark.parametrize("name, shown", [("pump", MOST_ORDERS), ("p" * 2_000, 250)])
def test_of_a_long_queue_as_much_is_told_as_fits(name: str, shown: int) -> None:
    inside = tuple(AttributeRow("y" * 50, "int", "7" * 80) for _ in range(5))
    arguments = (AttributeRow("x", "dict", "{…}", children=inside),)
    orders = tuple(
        NextOrder(number, 1, name, "ttsc__fill", -1, "outside", 0, 5, arguments) for number in range(1, MOST_ORDERS + 1)
    )
    asker = Asker()

    _tell_in_any_case(asker, NextOrders(1, 2, orders, 0, 5_000, held=True))

    (told,) = asker.told
    assert (len(told.orders), told.total, told.problem) == (
        shown, 5_000, "There is too much to show all of the arguments."
    )  # fmt: skip
