"""Which essence is at work on this thread: the default context of what it creates, the source of what it calls."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .catalyst import ttCatalyst
    from .essence import ttEssence


class Outside:
    """Stands where a catalyst would, for a thread on which none turns: what calls from there has no source but a name."""

    running = None
    run_number = 0
    is_outside = True

    def __init__(self, via: str) -> None:
        self.via = via
        """What a call from there is said to come from."""


turning: Final[dict[int, ttCatalyst | Outside]] = {}
"""What turns at the moment, by the ident of its thread, for calls from another thread: they have the ident at hand, and a
look into a dict takes half as long as one at something per thread. ``here.catalyst`` and ``outside`` enter."""


class _Here(threading.local):
    """Per thread; the class attributes are what a thread that never set them sees (faster than a failed look-up)."""

    making: ttEssence | None = None
    """The essence that is being constructed, bound to, or in whose name a start hook runs."""
    leaver: _Leaver | None = None
    """Goes with the thread; ``None`` until somebody calls from it outside of any sparkle."""

    @property
    def catalyst(self) -> ttCatalyst | None:
        """The catalyst that turns on this thread at the moment."""
        found = turning.get(get_ident())
        return None if isinstance(found, Outside) else found

    @catalyst.setter
    def catalyst(self, catalyst: ttCatalyst | None) -> None:
        if catalyst is None:
            turning.pop(get_ident(), None)
        else:
            turning[get_ident()] = catalyst

    def __init__(self) -> None:
        self.unborn: list[ttEssence] = []
        """Essences whose ``__init__`` has raised and of which something is left, the innermost first."""


here = _Here()


class _Leaver:
    """Takes what stands for a thread out of ``turning`` when the thread ends: another may get its ident."""

    def __init__(self, ident: int, outside: Outside) -> None:
        self.outside = outside
        self._ident = ident
        self._turning = turning

    def __del__(self) -> None:
        if self._turning.get(self._ident) is self.outside:
            del self._turning[self._ident]


def outside() -> Outside:
    """What stands for this thread when no catalyst turns on it. Made once, since finding the thread's name costs."""
    ident = get_ident()
    leaver = here.leaver
    if leaver is None:
        thread = threading.current_thread()
        name = "outside" if thread is threading.main_thread() else f"thread {thread.name}"
        leaver = here.leaver = _Leaver(ident, Outside(name))
    turning.setdefault(ident, leaver.outside)
    return leaver.outside


def current_essence() -> ttEssence | None:
    """The essence whose ``__init__``, start hook or sparkle runs on this thread; ``None`` outside of any."""
    making = here.making
    if making is not None:
        return making
    catalyst = turning.get(get_ident())
    if catalyst is None:
        return None
    running = catalyst.running
    # A plain function that a timer calls works for the timer's tonic.
    return running._tt_context if running is not None and catalyst.via == "timer" else running


def current_run() -> int:
    """The number of the run on this thread, 0 when nobody counts or nothing runs."""
    catalyst = turning.get(get_ident())
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


def _forget_in_child() -> None:
    """In a forked child: only the thread that forked exists, and others will get the idents of those that do not."""
    ident = get_ident()
    own = turning.get(ident)
    turning.clear()
    if own is not None:
        turning[ident] = own


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
