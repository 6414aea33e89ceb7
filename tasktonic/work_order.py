"""One queued sparkle, as a plain tuple: the cheapest thing Python can queue.

``(tonic, slot, count, source, via, source_run, number, t_ns, *arguments)``

========== =====================================================================================================
tonic      whose sparkle
slot       number of the sparkle in the table of the tonic's class
count      how many positional arguments follow; -1: the two that follow are a tuple and a dict for ``*`` and ``**``
source     the essence that called, ``None`` from outside
via        slot of the source's sparkle, or a word for what outside thing called: ``timer``, ``qt``, ``thread NAME``
source_run number of the run that called, 0 when nobody counts or nothing ran
number     of this order; 0 when nobody counts
t_ns       when it was queued; 0 when nobody counts
========== =====================================================================================================

The run of an order has the number of the order. While a sparkle runs, its order is its catalyst's ``run``; that is how a
call knows its source. Only numbers and names of the source are taken over, never its order: else each order would keep
alive the whole chain that led to it.
"""

from __future__ import annotations

import itertools
from typing import Any, Final

TONIC: Final = 0
SLOT: Final = 1
COUNT: Final = 2
SOURCE: Final = 3
VIA: Final = 4
SOURCE_RUN: Final = 5
NUMBER: Final = 6
QUEUED_NS: Final = 7
ARGUMENTS: Final = 8

PACKED: Final = -1
"""``COUNT`` of an order whose arguments are a tuple and a dict."""

Order = tuple[Any, ...]

next_number = itertools.count(1).__next__
"""The next number for an order or a hook's run; never the same twice in a process. Any thread (one C call)."""


def outside(cause: str) -> Order:
    """What stands in ``catalyst.run`` while none of its sparkles runs."""
    return (None, cause, 0, None, "", 0, 0, 0)
