"""Calling a sparkle: the functions that stand in for the methods and queue an order instead of running them.

For each sparkle of a class one such function is written out with the real signature of the handler, so that a wrong
number of arguments raises at the call without any code of ours, and the number of arguments in the order is a constant.
They live in a hidden subclass of the user's class; the methods themselves stay where they are, so ``super().ttsc__x()`` in a
handler is an ordinary call. What this buys was measured: the same through ``*args`` runs at 0.6 of the speed.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from . import clock, crossing
from .current import outside, turning
from .errors import ttArgumentError, ttError
from .states import ClassTable, Sparkle, check_arguments
from .stream import Level, stream
from .threads import NOBODYS
from .values import message_of
from .work_order import PACKED, Order, numbers, pack

# First the owner's thread while nobody records: two tests, one tuple, one append. Then the owner's thread while somebody
# records: the order is numbered and dated, and the very tuple that is queued is the row of the stream. Then any other thread,
# while nobody records: what the order may have of the arguments is copied, and the sleeper is roused. What is left is rare
# and goes through ``send``: a catalyst that has not begun, a tonic that is being made, a call from between two sparkles.
# The names inside begin with _tt_, so that no parameter of a user's handler can clash with them.
_PLAIN = """
def {name}(_tt_self{parameters}):
    _tt_catalyst = _tt_self._tt_catalyst
    if _tt_catalyst.claim._is_owned():
        if _tt_catalyst.is_open:
            _tt_catalyst.put((_tt_self, {slot}, {count}, {arguments}, _tt_catalyst.running, _tt_catalyst.via))
        else:
            _tt_order = (
                _tt_self, {slot}, {count}, {arguments}, _tt_catalyst.running, _tt_catalyst.via,
                _tt_catalyst.run_number, _tt_next(_tt_numbers), _tt_clock.now_ns())
            _tt_note(_tt_order)
            _tt_catalyst.put(_tt_order)
    elif _tt_catalyst.is_open:
        try:
            _tt_source = _tt_turning[_tt_get_ident()]
        except KeyError:
            _tt_source = _tt_outside()
        if _tt_source.running is None and not _tt_source.is_outside:
            _tt_send(_tt_self, {slot}, {count}, {arguments_tuple})
            return{carry}
        _tt_catalyst.orders.append((_tt_self, {slot}, {count}, {carried}, _tt_source.running, _tt_source.via))
        if _tt_catalyst.sleeping:
            _tt_catalyst.rouse()
    else:
        _tt_send(_tt_self, {slot}, {count}, {arguments_tuple})
"""

_CARRY = """
        if {0}.__class__ not in _tt_atoms:
            {0} = _tt_carry(_tt_self, {1}, {2}, {0})"""

_PACKED = """
def {name}(_tt_self, *args, **kwargs):
    _tt_check(_tt_self, args, kwargs)
    _tt_send(_tt_self, {slot}, {packed}, (args, kwargs))
"""


class _NotYet:
    """In the place of a tonic's catalyst until its ``__init__`` has found one."""

    claim = NOBODYS
    is_open = False
    running = None


NOT_YET: Final = _NotYet()

_UNSHARED = "({0}.value if {0}.__class__ is _tt_shared else {0})"


def stand_in(table: ClassTable, sparkle: Sparkle, *, unshares: bool) -> Callable[..., None]:
    """The function that queues an order for ``sparkle``; takes the place of the method in the hidden subclass.

    With ``unshares`` it looks for ``ttShared`` among its arguments, which costs a tenth of the call: programs that never use
    ``ttShared`` do not pay, see ``stand_ins``.
    """
    signature = sparkle.signature
    scope: dict[str, Any] = {
        "_tt_atoms": crossing.ATOMS,
        "_tt_carry": _carry,
        "_tt_get_ident": threading.get_ident,
        "_tt_next": next,
        "_tt_numbers": numbers,
        "_tt_clock": clock,
        "_tt_note": stream.rows.append,
        "_tt_outside": outside,
        "_tt_send": send,
        "_tt_shared": crossing.ttShared,
        "_tt_turning": turning,
        "__name__": table.cls.__module__,
    }
    if signature is None:
        scope["_tt_check"] = partial(_check, sparkle)
        source = _PACKED.format(name=sparkle.called, slot=sparkle.slot, packed=PACKED)
    else:
        parameters = ""
        for number, parameter in enumerate(signature.parameters.values()):
            parameters += f", {parameter.name}"
            if parameter.default is not parameter.empty:
                scope[f"_tt_default_{number}"] = parameter.default
                parameters += f"=_tt_default_{number}"
        names = list(signature.parameters)
        values = [_UNSHARED.format(name) if unshares else name for name in names]
        source = _PLAIN.format(
            name=sparkle.called,
            slot=sparkle.slot,
            count=len(names),
            parameters=parameters,
            arguments=_packed(values),
            carry="".join(_CARRY.format(name, sparkle.slot, number) for number, name in enumerate(names)),
            carried=_packed(names),
            arguments_tuple=f"({''.join(f'{name}, ' for name in names)})",
        )
    # The text is made of names that Python itself accepted in a class body, and of numbers.
    exec(compile(source, f"<sparkle {table.name}.{sparkle.called}>", "exec"), scope)
    made: Callable[..., None] = scope[sparkle.called]
    first = next(iter(sparkle.handlers.values()), None)  # none where a new sparkle was taken back (`replacing`)
    made.__doc__ = None if first is None else first.__doc__
    made.__qualname__ = f"{table.cls.__qualname__}.{sparkle.called}"
    made.__module__ = table.cls.__module__
    return made


def _packed(values: list[str]) -> str:
    """The text of arguments as they stand in an order."""
    return "None" if not values else values[0] if len(values) == 1 else f"({', '.join(values)})"


_leaves: weakref.WeakSet[Any] = weakref.WeakSet()
_leaves_lock = threading.Lock()


def stand_ins(leaf: type, table: ClassTable) -> None:
    """Put the functions for all sparkles of a class into its hidden subclass."""
    with _leaves_lock:
        _leaves.add(leaf)
        unshares = crossing.ttShared.first_use is None
    for sparkle in table.sparkles:
        put_stand_in(leaf, sparkle.called, stand_in(table, sparkle, unshares=unshares))


def put_stand_in(leaf: Any, name: str, function: Callable[..., None]) -> None:
    """Set something on a hidden subclass itself; an ordinary assignment may go on to the user's class."""
    set_own = getattr(leaf, "set_own", None)
    if set_own is None:
        setattr(leaf, name, function)
    else:
        set_own(name, function)


def _begin_to_unshare() -> None:
    """The first ``ttShared`` of the process is being made: from now on calls have to look for it."""
    with _leaves_lock:
        crossing.ttShared.first_use = None
        leaves = list(_leaves)
    for leaf in leaves:
        for sparkle in leaf._tt_class.sparkles:
            put_stand_in(leaf, sparkle.called, stand_in(leaf._tt_class, sparkle, unshares=True))


crossing.ttShared.first_use = _begin_to_unshare


def _check(sparkle: Sparkle, tonic: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    check_arguments(sparkle, f"{tonic.name}.{sparkle.called}", args, kwargs)


def send(
    tonic: Any, slot: int, count: int, arguments: tuple[Any, ...], via: int | str | None = None, sender: Any = None
) -> int:
    """Queue an order from whatever thread this is; arguments are copied when it is not the catalyst's own.

    ``via`` names the outside thing that calls (``timer``); left out, the source is what runs on this thread. ``sender`` is
    who counts as the source instead, when what runs must not be kept alive; ``via`` is the slot of its sparkle then.
    Returns the number of the order, 0 when nobody counts.

    Raises:
        ttArgumentError: an argument cannot be copied.
        ttError: the tonic's ``__init__`` has not reached ``super().__init__()`` yet.
    """
    catalyst = tonic._tt_catalyst
    if catalyst is NOT_YET:
        raise ttError(
            f"{type(tonic).__name__}: a sparkle was called before super().__init__() had run. "
            "Call super().__init__(...) first in __init__, then the sparkles."
        )
    own = catalyst.is_own_thread()
    if own:
        packed = _unshare_packed(*arguments) if count == PACKED else pack(_unshare(arguments))
    elif count == 1:
        packed = arguments[0]
        if packed.__class__ not in crossing.ATOMS:
            packed = _carry(tonic, slot, 0, packed)
    elif count == PACKED:
        positional, named = arguments
        packed = (
            tuple(_carry(tonic, slot, n, value) for n, value in enumerate(positional)),
            {name: _carry(tonic, slot, name, value) for name, value in named.items()},
        )
    else:
        packed = tuple(_carry(tonic, slot, n, value) for n, value in enumerate(arguments)) or None
    at = turning.get(threading.get_ident())
    if at is not None and at.running is not None:
        source, by, run = at.running, at.via, at.run_number
    else:
        source, by, run = None, catalyst.via if own else outside().via, 0
    order: Order = (tonic, slot, count, packed, sender or source, via or by)
    number = 0
    if stream.level >= Level.FLOW:
        number = next(numbers)
        order = (*order, run, number, clock.now_ns())
    catalyst.accept(order, own)
    return number


def _carry(tonic: Any, slot: int, argument: int | str, value: Any) -> Any:
    """An argument as the other thread may have it."""
    if value.__class__ in crossing.ATOMS:
        return value
    try:
        return crossing.carry(value)
    except Exception as error:
        sparkle = tonic._tt_class.sparkles[slot]
        names = list(sparkle.signature.parameters) if sparkle.signature else []
        if isinstance(argument, int):
            argument = repr(names[argument]) if argument < len(names) else f"number {argument + 1}"
        else:
            argument = repr(argument)
        raise ttArgumentError(
            f"{tonic.name}.{sparkle.called}: argument {argument} (a {type(value).__name__}) cannot be copied for the other "
            f"thread: {message_of(error)}. Pass plain data, or ttShared(value) to hand it over by reference on purpose."
        ) from error


def _unshare_packed(positional: tuple[Any, ...], named: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    return _unshare(positional), dict(zip(named, _unshare(tuple(named.values())), strict=True))


def _unshare(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(a.value if a.__class__ is crossing.ttShared else a for a in arguments)
