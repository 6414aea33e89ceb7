"""The messages about the orders that wait for a held catalyst: which they are, and what may be done to them."""

from __future__ import annotations

from dataclasses import dataclass

from tasktonic.protocol.message import AttributeRow, Direction, Message


@dataclass(frozen=True, slots=True)
class AskOrders(Message):
    """Asks which orders wait for a catalyst; ``NextOrders`` answers. A viewer may ask.

    It is made for one that is held: of one that runs, most have run when the answer comes.
    """

    kind = "ask orders"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    catalyst: int
    """Id of the catalyst."""
    first: int = 0
    """How many of the next orders are left out, for a page further on."""
    count: int = 100
    """How many are wanted; at most 2,000 are told, and no more than fit into a message."""


@dataclass(frozen=True, slots=True)
class NextOrder:
    """One order that waits."""

    number: int
    """Its number, which no other order of the process has."""
    essence: int
    """Id of the tonic whose sparkle it is; -1 when that has finished."""
    name: str
    """Name of the tonic."""
    sparkle: str
    """The sparkle, as it is called."""
    source: int = -1
    """Id of the essence that called, -1 when it was called from outside."""
    sender: str = ""
    """Who called, in words: a tonic and its sparkle, a timer, a thread."""
    run: int = 0
    """Number of the run that called, 0 when it is not known."""
    queued_ns: int = 0
    """When it was queued, 0 when nobody noted it."""
    arguments: tuple[AttributeRow, ...] = ()
    """Its arguments by name, described like attributes."""
    typed: str = ""
    """The arguments as one types them to edit the order; ``...`` stands for one that cannot be typed, and leaves it as it is."""
    is_system: bool = False
    """Whether it is one of the framework's own, which stay as they are."""


@dataclass(frozen=True, slots=True)
class NextOrders(Message):
    """The orders that wait for a catalyst, the next one first, taken in its thread between two sparkles."""

    kind = "next orders"
    direction = Direction.PROBE

    catalyst: int
    """Id of the catalyst."""
    request: int
    """Number of the request."""
    orders: tuple[NextOrder, ...] = ()
    """Those that were asked for."""
    first: int = 0
    """How many of the next orders were left out."""
    total: int = 0
    """How many wait in all."""
    held: bool = False
    """Whether it is held, so that this stays so."""
    problem: str = ""
    """A sentence when they could not be had."""
    t_ns: int = 0
    """When it was so."""


@dataclass(frozen=True, slots=True)
class DropOrder(Message):
    """Takes an order of a held catalyst away: it will not run. Refused when it has run meanwhile. Needs control."""

    kind = "drop order"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    catalyst: int
    """Id of the catalyst."""
    order: int
    """Number of the order."""


@dataclass(frozen=True, slots=True)
class EditOrder(Message):
    """Gives an order of a held catalyst other arguments; it has another number afterwards. Needs control.

    Refused when it has run meanwhile, or was edited by somebody else.
    """

    kind = "edit order"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    catalyst: int
    """Id of the catalyst."""
    order: int
    """Number of the order."""
    arguments: str
    """All of its arguments as Python literals: ``3, 'left', fast=True``; ``...`` leaves one as it is."""


@dataclass(frozen=True, slots=True)
class MoveOrder(Message):
    """Has an order of a held catalyst run before another one. Refused when one of the two has run meanwhile. Needs control."""

    kind = "move order"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    catalyst: int
    """Id of the catalyst."""
    order: int
    """Number of the order."""
    before: int = 0
    """Number of the order that it is to run before, 0 for after all that wait."""


@dataclass(frozen=True, slots=True)
class DuplicateOrder(Message):
    """Has an order of a held catalyst run twice: a second one, with the same arguments, stands behind it. Needs control."""

    kind = "duplicate order"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    catalyst: int
    """Id of the catalyst."""
    order: int
    """Number of the order."""


@dataclass(frozen=True, slots=True)
class AddOrder(Message):
    """Calls a sparkle so that it is the next order of its catalyst, before all that wait. Needs control."""

    kind = "add order"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    essence: int
    """Id of the tonic."""
    sparkle: str
    """The sparkle, as it is called."""
    arguments: str = ""
    """Its arguments as Python literals: ``3, 'left', fast=True``."""


QUEUE_MESSAGES: tuple[type[Message], ...] = (
    AskOrders,
    NextOrders,
    DropOrder,
    EditOrder,
    MoveOrder,
    DuplicateOrder,
    AddOrder,
)
"""In the order of the documentation."""

QUEUE_REQUESTS = (AskOrders, DropOrder, EditOrder, MoveOrder, DuplicateOrder, AddOrder)
"""What the studio asks for."""
