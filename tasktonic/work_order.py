"""One queued sparkle, as a plain tuple: the cheapest thing Python can queue.

``(tonic, slot, count, arguments, source, via)``, and while orders are recorded also ``source_run, number, t_ns``

========== =====================================================================================================
tonic      whose sparkle
slot       number of the sparkle in the table of the tonic's class
count      how many positional arguments there are; -1: ``arguments`` is a tuple and a dict, for ``*`` and ``**``
arguments  ``None`` for none, the argument itself for one, a tuple for more
source     the essence that called, ``None`` from outside
via        slot of the source's sparkle, or a word for what outside thing called: ``timer``, ``qt``, ``thread NAME``, ``pool FUNCTION``
source_run number of the run that called, 0 when nothing ran
number     of this order; its run has the same
t_ns       when it was queued
========== =====================================================================================================

An order holds names and numbers of its source, never the source's order: else each order would keep alive the whole
chain that led to it.
"""

from __future__ import annotations

import itertools
from typing import Any, Final

TONIC: Final = 0
SLOT: Final = 1
COUNT: Final = 2
ARGUMENTS: Final = 3
SOURCE: Final = 4
VIA: Final = 5
SOURCE_RUN: Final = 6
NUMBER: Final = 7
QUEUED_NS: Final = 8

RECORDED: Final = 9
"""Length of an order that is recorded."""

PACKED: Final = -1
"""``COUNT`` of an order whose arguments are a tuple and a dict."""

Order = tuple[Any, ...]

numbers: Final = itertools.count(1)
"""Numbers for orders and hooks' runs; never the same twice in a process. Any thread (one C call). ``next(numbers)`` takes
half the time of ``next_number()``."""
next_number = numbers.__next__


def pack(arguments: tuple[Any, ...]) -> Any:
    """Positional arguments as they stand in an order."""
    if len(arguments) > 1:
        return arguments
    return arguments[0] if arguments else None


def unpack(order: Order) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The positional and the named arguments of an order."""
    count, arguments = order[COUNT], order[ARGUMENTS]
    if count == PACKED:
        both: tuple[tuple[Any, ...], dict[str, Any]] = arguments
        return both
    if count > 1:
        return arguments, {}
    return ((arguments,) if count else ()), {}
