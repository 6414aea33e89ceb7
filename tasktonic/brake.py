"""The brake: hold catalysts before their next order, let one through, drop it, add one, let them go.

For readers with control, and for a debugger's hand.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection
from functools import partial
from typing import Any, Final, NamedTuple

from .catalyst import ttCatalyst
from .crossing import carry
from .errors import ttArgumentError, ttRunningError
from .held import hold_now
from .ledger import ttLedger
from .states import check_arguments
from .tonic import ttTonic
from .walking import STEPS, Outcome, Walk


def hold(catalyst_id: int | None = None) -> None:
    """Hold one catalyst, or all, after the sparkle that runs now. Timers stand still; a Qt catalyst keeps painting.

    All means those to come as well, until all are released or the app has ended: one that begins meanwhile is held before
    its first order, and an app that has not begun yet does not run away.
    """
    with _all.lock:
        if catalyst_id is None:
            ttCatalyst.begins_held = True
        for catalyst in _chosen(catalyst_id):
            catalyst.hold()


def release(catalyst_id: int | None = None) -> None:
    """Let one catalyst, or all, run on."""
    with _all.lock:
        if catalyst_id is None:
            ttCatalyst.begins_held = False
            _all.releases += 1
        for catalyst in _chosen(catalyst_id):
            catalyst.release()


def releases(catalyst: ttCatalyst | None = None) -> Releases:
    """How often all, and a catalyst, were let go so far. Any thread."""
    return Releases(_all.releases, 0 if catalyst is None else catalyst.releases)


def hold_here(catalyst: ttCatalyst, before: Releases, *, others: bool) -> None:
    """Hold a catalyst before its next order, and all ``others`` after what they run. In its thread.

    ``before`` is what was when somebody looked whether it has to be held. Letting go that was asked for earlier and is still to
    be done is void; what was asked for since then was meant for this as well, and stays.
    """
    hold_now(catalyst)
    with _all.lock:
        if catalyst.releases == before.of_catalyst:
            catalyst.void_releases = catalyst.releases
        if others and _all.releases == before.of_all:
            ttCatalyst.begins_held = True
            for other in ttLedger().catalysts:
                if other is not catalyst:
                    other.hold()


def step(catalyst_id: int, orders: int = 1) -> None:
    """Let the next orders of a held catalyst run."""
    for catalyst in _chosen(catalyst_id):
        catalyst.step(orders)


def walk(
    until: str,
    on_end: Callable[[Outcome], object],
    orders: Collection[int] = (),
    catalyst_id: int | None = None,
    count: int = 1,
) -> Walk:
    """Let held catalysts run on to one of some orders, or through what comes of them; see ``walking``. Time stands still.

    Raises:
        ttRunningError: nothing is held that could walk.
    """
    held = check_held(catalyst_id)
    walk = Walk(until, orders, count, on_end)
    walk.begin(held if until == STEPS else _chosen(catalyst_id))
    return walk


def check_held(catalyst_id: int | None = None) -> list[ttCatalyst]:
    """One catalyst, or all of those that are held.

    Raises:
        ttRunningError: none of them is held.
    """
    held = [catalyst for catalyst in _chosen(catalyst_id) if catalyst.is_held]
    if not held:
        raise ttRunningError("Nothing is held: hold first, then step.")
    return held


def drop(catalyst_id: int) -> None:
    """Take the next order of a held catalyst away: it will not run, and the stream says so.

    Orders of the framework itself, such as the one that finishes a tonic, are left where they are.
    """
    for catalyst in _chosen(catalyst_id):
        catalyst.drop_next()


def add(tonic: ttTonic, sparkle: str, *args: Any, **kwargs: Any) -> None:
    """Call a sparkle so that it is the next order of its catalyst, before all that wait. Any thread.

    Arguments are copied as for any call from another thread.

    Raises:
        ttArgumentError: the tonic has no such sparkle, or the arguments fit no handler.
        ttRunningError: the tonic has finished.
    """
    check(tonic, sparkle, args, kwargs)
    copied = {name: carry(value) for name, value in kwargs.items()}
    tonic.catalyst.call_first(partial(getattr(tonic, sparkle), *map(carry, args), **copied))


def check(tonic: ttTonic, sparkle: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Refuse what ``add`` would refuse. Any thread.

    Raises:
        ttArgumentError: the tonic has no such sparkle, or the arguments fit no handler.
        ttRunningError: the tonic has finished.
    """
    table = tonic._tt_class
    slot = table.slot_by_name.get(sparkle)
    if slot is None or table.sparkles[slot].is_system:
        names = ", ".join(name for name in tonic.sparkles if not table.sparkles[table.slot_by_name[name]].is_system)
        raise ttArgumentError(f"{tonic.name}: no sparkle {sparkle!r} can be added; there are {names}.")
    if tonic.id < 0:
        raise ttRunningError(f"{tonic.name} has finished: nothing can be added for it.")
    check_arguments(table.sparkles[slot], f"{tonic.name}.{sparkle}", args, kwargs)


def at_boundary(catalyst_id: int, errand: Callable[[], None]) -> None:
    """Have something done in a catalyst's thread between two orders, as soon as possible. It leaves no trace.

    Raises:
        ttRunningError: no such catalyst lives.
    """
    for catalyst in _chosen(catalyst_id):
        catalyst.at_boundary(errand)


class Releases(NamedTuple):
    """How often somebody let go."""

    of_all: int
    of_catalyst: int


class _All:
    """What makes holding all and letting all go exclude each other: half of each would leave an app that partly runs."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.releases = 0


_all: Final = _All()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_all.__init__)  # type: ignore[misc]


def _chosen(catalyst_id: int | None) -> list[ttCatalyst]:
    living = ttLedger().catalysts
    if catalyst_id is None:
        return living
    chosen = [catalyst for catalyst in living if catalyst._tt_id == catalyst_id]
    if not chosen:
        raise ttRunningError(f"no catalyst with id {catalyst_id} lives; there are {[c._tt_id for c in living]}.")
    return chosen
