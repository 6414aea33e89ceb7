"""The brake: hold catalysts before their next order, let one order through, let them go. For readers with control."""

from __future__ import annotations

from collections.abc import Callable

from .catalyst import ttCatalyst
from .errors import ttRunningError
from .ledger import ttLedger


def hold(catalyst_id: int | None = None) -> None:
    """Hold one catalyst, or all, after the sparkle that runs now. Timers stand still; a Qt catalyst keeps painting."""
    for catalyst in _chosen(catalyst_id):
        catalyst.hold()


def release(catalyst_id: int | None = None) -> None:
    """Let one catalyst, or all, run on."""
    for catalyst in _chosen(catalyst_id):
        catalyst.release()


def step(catalyst_id: int, orders: int = 1) -> None:
    """Let the next orders of a held catalyst run."""
    for catalyst in _chosen(catalyst_id):
        catalyst.step(orders)


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
