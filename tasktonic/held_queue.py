"""The queue of a held catalyst: looked at and changed between two orders, in the catalyst's thread.

An order is meant by its number, which no other ever has in a process: who saw an order that has run meanwhile is told so, and never
changes another one. Orders that were queued while nobody counted get their number when they are looked at. What is edited is a
new order with a number of its own, in the place of the old one and with its cause; of the old one the stream says that it was dropped.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from . import clock
from .errors import ttRunningError
from .loops import END_OF_BATCH
from .states import Sparkle, check_arguments
from .stream import Level, stream
from .tonic import drop_order
from .work_order import (
    ARGUMENTS,
    COUNT,
    NUMBER,
    PACKED,
    QUEUED_NS,
    RECORDED,
    SLOT,
    SOURCE,
    SOURCE_RUN,
    TONIC,
    VIA,
    Order,
    numbers,
    pack,
    unpack,
)

if TYPE_CHECKING:
    from .catalyst import ttCatalyst

KEEP: Final = ...
"""In the place of an argument: leave it as it is."""


class Queued(NamedTuple):
    """One order that waits; ``arguments`` are names and values, ``queued_ns`` is 0 when nobody noted it."""

    number: int
    tonic: Any
    sparkle: Sparkle
    source: Any
    via: int | str
    run: int
    queued_ns: int
    arguments: tuple[tuple[str, Any], ...]
    positional: int
    """How many of the arguments stand without their names."""


Tell = Callable[[Queued], None]


def look(catalyst: ttCatalyst, first: int = 0, count: int = 100) -> tuple[list[Queued], int]:
    """The orders number ``first``, ``first + 1``, … of those that wait, and how many there are in all.

    It costs what ``first + count`` orders cost, however many wait.
    """
    waiting = len(catalyst.orders)
    taken = _take(catalyst, lambda order, place: place >= first + count)
    seen = [_numbered(order) for order in taken]
    _put_back(catalyst, seen)
    orders = [order for order in seen if order is not END_OF_BATCH]
    marks = len(seen) - len(orders)
    return [_described(order) for order in orders[first : first + count]], waiting - marks


def _nothing(queued: Queued) -> None:
    """Nobody is to be told."""


def drop(catalyst: ttCatalyst, number: int, tell: Tell = _nothing) -> None:
    """Take an order away: it will not run, and the stream says so. ``tell`` hears of the order just before.

    Raises:
        ttRunningError: the catalyst is not held, the order waits no longer, or it is one of the framework's own.
    """
    _replace(catalyst, number, lambda order: [], tell, "by hand")


def edit(
    catalyst: ttCatalyst, number: int, args: tuple[Any, ...], kwargs: dict[str, Any], tell: Tell = _nothing
) -> None:
    """Give an order other arguments, in its place; ``...`` leaves one as it is. ``tell`` hears of the order before.

    Raises:
        ttArgumentError: the arguments fit no handler.
        ttRunningError: as for ``drop``.
    """
    _replace(catalyst, number, lambda order: [_with_arguments(order, args, kwargs)], tell, "edited by hand")


def duplicate(catalyst: ttCatalyst, number: int, tell: Tell = _nothing) -> None:
    """Have an order run twice: a second one, with the same arguments, stands behind it.

    Raises:
        ttRunningError: as for ``drop``.
    """
    _replace(catalyst, number, lambda order: [order, _anew(order, order[COUNT], order[ARGUMENTS])], tell)


def move(catalyst: ttCatalyst, number: int, before: int = 0, tell: Tell = _nothing) -> None:
    """Have an order run before another one, or after all that wait when ``before`` is 0.

    Raises:
        ttRunningError: as for ``drop``; also when the other one waits no longer. Nothing has moved then.
    """
    _check_held(catalyst)
    taken = [_numbered(order) for order in _take(catalyst, lambda order, place: False)]
    try:
        order = _find(catalyst, taken, number)
        if before != number:
            other = _find(catalyst, taken, before, may_be_system=True) if before else None
            tell(_described(order))
            del taken[_place(taken, order)]
            taken.insert(len(taken) if other is None else _place(taken, other), order)
    finally:
        _put_back(catalyst, taken)


def numbers_among(catalyst: ttCatalyst, numbers: Collection[int]) -> list[int]:
    """Which of these numbers are those of orders that wait, in the order of the queue."""
    if not numbers:
        return []
    wanted = set(numbers)
    found: list[int] = []

    def is_enough(order: Order, place: int) -> bool:
        if number_of(order) in wanted:
            found.append(number_of(order))
        return len(found) == len(wanted)

    _put_back(catalyst, _take(catalyst, is_enough))
    return found


def number_of(order: Order) -> int:
    """Its number, 0 when it was queued while nobody counted."""
    return order[NUMBER] if len(order) == RECORDED else 0


def is_system(order: Order) -> bool:
    """Whether it is one of the framework's own, or a mark."""
    return order is END_OF_BATCH or bool(order[TONIC]._tt_class.sparkles[order[SLOT]].is_system)


def number_the_next(catalyst: ttCatalyst) -> Order | None:
    """The next order, with a number; ``None`` when something else came before it just then."""
    order = catalyst.orders.popleft()
    order = order if order is END_OF_BATCH else _numbered(order)
    catalyst.orders.appendleft(order)
    return None if order is END_OF_BATCH else order


# ---- the queue itself


def _take(catalyst: ttCatalyst, enough: Callable[[Order, int], bool]) -> list[Order]:
    """Take orders out, from the next one on, until there are enough. ``_put_back`` has to follow, whatever happens.

    Others may queue meanwhile: taking out and putting back is safe for that, replacing in place would not be.
    """
    taken: list[Order] = []
    place = 0
    while catalyst.orders:
        order = catalyst.orders.popleft()
        taken.append(order)
        place += order is not END_OF_BATCH
        if enough(order, place):
            break
    return taken


def _put_back(catalyst: ttCatalyst, taken: list[Order]) -> None:
    catalyst.orders.extendleft(reversed(taken))
    catalyst._last_free = None  # it may have been one of these, and what is behind that has to wait for errands


def _replace(
    catalyst: ttCatalyst,
    number: int,
    with_what: Callable[[Order], list[Order]],
    tell: Tell,
    dropped_because: str = "",
) -> None:
    """Put other orders in the place of one."""
    _check_held(catalyst)
    taken = [_numbered(order) for order in _take(catalyst, lambda order, place: _is(order, number))]
    try:
        order = _find(catalyst, taken, number)
        place = _place(taken, order)
        new = with_what(order)
        tell(_described(order))
        if dropped_because:
            drop_order(order, dropped_because)
        taken[place : place + 1] = new
        if stream.level >= Level.FLOW:
            stream.rows.extend(made for made in new if made is not order)
    finally:
        _put_back(catalyst, taken)


def _is(order: Order, number: int) -> bool:
    return len(order) == RECORDED and order is not END_OF_BATCH and bool(order[NUMBER] == number)


def _place(taken: list[Order], order: Order) -> int:
    """Where an order stands; found by what it is, since comparing it would call code of the app."""
    return next(place for place, other in enumerate(taken) if other is order)


def _find(catalyst: ttCatalyst, taken: list[Order], number: int, *, may_be_system: bool = False) -> Order:
    order = next((order for order in taken if _is(order, number)), None)
    if order is None:
        raise ttRunningError(
            f"Order {number} waits for {catalyst.name} no longer: it has run meanwhile, or was taken away."
        )
    sparkle = order[TONIC]._tt_class.sparkles[order[SLOT]]
    if sparkle.is_system and not may_be_system:
        raise ttRunningError(
            f"Order {number}, {order[TONIC].name}.{sparkle.called}, is one of the framework's own: it stays as it is."
        )
    return order


def _check_held(catalyst: ttCatalyst) -> None:
    if not catalyst.is_held:
        raise ttRunningError(f"{catalyst.name} is not held: its queue is changed only while it is. Hold it first.")


# ---- one order


def _numbered(order: Order) -> Order:
    """The order with a number, also when it was queued while nobody counted."""
    if len(order) == RECORDED or order is END_OF_BATCH:
        return order
    return (*order, 0, next(numbers), 0)


def _anew(order: Order, count: int, arguments: Any) -> Order:
    """Another order with the cause of this one, numbered and dated now."""
    cause = order[SOURCE], order[VIA], order[SOURCE_RUN]
    return (order[TONIC], order[SLOT], count, arguments, *cause, next(numbers), clock.now_ns())


def _with_arguments(order: Order, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Order:
    tonic = order[TONIC]
    sparkle: Sparkle = tonic._tt_class.sparkles[order[SLOT]]
    had, had_named = unpack(order)
    args = tuple(had[n] if value is KEEP and n < len(had) else value for n, value in enumerate(args))
    places = {name: n for n, (name, _) in enumerate(named_arguments(sparkle, had, {}))}
    for name, value in kwargs.items():
        if value is KEEP and name in had_named:
            kwargs = {**kwargs, name: had_named[name]}
        elif value is KEEP and name in places:
            kwargs = {**kwargs, name: had[places[name]]}
    check_arguments(sparkle, f"{tonic.name}.{sparkle.called}", args, kwargs)
    if sparkle.signature is None:
        return _anew(order, PACKED, (args, kwargs))
    bound = sparkle.signature.bind(*args, **kwargs)
    bound.apply_defaults()
    return _anew(order, len(bound.args), pack(bound.args))


def _described(order: Order) -> Queued:
    sparkle: Sparkle = order[TONIC]._tt_class.sparkles[order[SLOT]]
    args, kwargs = unpack(order)
    arguments = named_arguments(sparkle, args, kwargs)
    cause = order[SOURCE], order[VIA], order[SOURCE_RUN]
    return Queued(order[NUMBER], order[TONIC], sparkle, *cause, order[QUEUED_NS], arguments, len(args))


def named_arguments(sparkle: Sparkle, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Names and values of arguments; those whose names differ from handler to handler have none."""
    names = list(sparkle.signature.parameters) if sparkle.signature is not None else _common_names(sparkle)
    positional = tuple((names[n] if n < len(names) else "", value) for n, value in enumerate(args))
    return (*positional, *kwargs.items())


def _common_names(sparkle: Sparkle) -> list[str]:
    """What all handlers call their positional arguments, up to the first on which they differ."""
    usual = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
    listed = []
    for handler in sparkle.handlers.values():
        parameters = list(inspect.signature(handler).parameters.values())[1:]
        listed.append([parameter.name if parameter.kind in usual else "" for parameter in parameters])
    names = []
    for each in zip(*listed, strict=False):
        if len(set(each)) != 1 or not each[0]:
            break
        names.append(each[0])
    return names
