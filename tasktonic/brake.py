"""The brake: hold catalysts before their next order, let one through, drop it, add one, let them go.

For readers with control, and for a debugger's hand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from .catalyst import ttCatalyst
from .crossing import carry
from .errors import ttArgumentError, ttRunningError
from .ledger import ttLedger
from .states import check_arguments
from .tonic import ttTonic
from .walking import STEPS, Outcome, Walk


def hold(catalyst_id: int | None = None) -> None:
    """Hold one catalyst, or all, after the sparkle that runs now. Timers stand still; a Qt catalyst keeps painting.

    All means those to come as well, until all are released or the app has ended: one that begins meanwhile is held before
    its first order, and an app that has not begun yet does not run away.
    """
    if catalyst_id is None:
        ttCatalyst.begins_held = True
    for catalyst in _chosen(catalyst_id):
        catalyst.hold()


def release(catalyst_id: int | None = None) -> None:
    """Let one catalyst, or all, run on."""
    if catalyst_id is None:
        ttCatalyst.begins_held = False
    for catalyst in _chosen(catalyst_id):
        catalyst.release()


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


def _chosen(catalyst_id: int | None) -> list[ttCatalyst]:
    living = ttLedger().catalysts
    if catalyst_id is None:
        return living
    chosen = [catalyst for catalyst in living if catalyst._tt_id == catalyst_id]
    if not chosen:
        raise ttRunningError(f"no catalyst with id {catalyst_id} lives; there are {[c._tt_id for c in living]}.")
    return chosen
