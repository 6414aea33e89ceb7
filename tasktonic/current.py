"""Which essence is at work on this thread: the default context of what it creates, the source of what it calls."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .catalyst import ttCatalyst
    from .essence import ttEssence


class _Here(threading.local):
    """Per thread; the class attributes are what a thread that never set them sees (faster than a failed look-up)."""

    catalyst: ttCatalyst | None = None
    """The catalyst that turns on this thread at the moment."""
    cause: str = ""
    """What a call from this thread outside of any sparkle is said to come from; empty until somebody asks."""
    making: ttEssence | None = None
    """The essence that is being constructed, bound to, or in whose name a start hook runs."""


here = _Here()


def current_essence() -> ttEssence | None:
    """The essence whose ``__init__``, start hook or sparkle runs on this thread; ``None`` outside of any."""
    if here.making is not None:
        return here.making
    catalyst = here.catalyst
    if catalyst is None:
        return None
    running: ttEssence | None = catalyst.running
    # A plain function that a timer calls works for the timer's tonic.
    return running._tt_context if running is not None and catalyst.via == "timer" else running


def current_run() -> int:
    """The number of the run on this thread, 0 when nobody counts or nothing runs."""
    catalyst = here.catalyst
    return 0 if catalyst is None else catalyst.run_number


@contextmanager
def acting(essence: ttEssence | None) -> Iterator[None]:
    """What is created inside becomes a child of ``essence`` unless it says otherwise."""
    before = here.making
    here.making = essence
    try:
        yield
    finally:
        here.making = before
