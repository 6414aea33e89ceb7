"""What the brake does to one catalyst, between two orders, in the catalyst's thread. ``brake`` has the whole of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from . import clock
from .essence import ttEssence
from .events import CatalystHeld
from .loops import END_OF_BATCH, SURVIVED
from .stream import stream
from .tonic import drop_order
from .work_order import Order

if TYPE_CHECKING:
    from .catalyst import ttCatalyst


BY_HAND: Final = "by hand"
"""What an order is said to come from that a person added."""


def hold_now(catalyst: ttCatalyst) -> None:
    """From here on nothing runs but what is stepped, and its timers stand still. What is being stepped ends here."""
    _stop_steps(catalyst)
    if not catalyst.is_held:
        catalyst.is_held = True
        catalyst._held_since_ns = clock.now_ns()
        _held_changed(catalyst)


def release_now(catalyst: ttCatalyst, number: int) -> None:
    """It runs on, and its timers with it; unless it was held at a breakpoint since this ``number`` was asked for."""
    if number <= catalyst.void_releases:
        return
    _stop_steps(catalyst)
    if catalyst.is_held:
        catalyst.is_held = False
        catalyst.timers.shift(clock.now_ns() - catalyst._held_since_ns)
        _held_changed(catalyst)


def step_now(catalyst: ttCatalyst, orders: int) -> None:
    """While held, let this many ``orders`` run."""
    if catalyst.is_held:
        if catalyst.walk is not None:
            _stop_steps(catalyst)
        catalyst.steps += orders


def drop_next_now(catalyst: ttCatalyst) -> None:
    """While held, take the next order of a tonic away; the framework's own stay."""
    if not catalyst.is_held:
        return
    stay: list[Order] = []
    while catalyst.orders:
        order = catalyst.orders.popleft()
        if order is END_OF_BATCH or order[0]._tt_class.sparkles[order[1]].is_system:
            stay.append(order)
            continue
        drop_order(order, "by hand")
        catalyst._last_free = None  # it may have been this one, and what is behind that has to wait for errands
        break
    catalyst.orders.extendleft(reversed(stay))


def call_now(catalyst: ttCatalyst, call: Callable[[], None]) -> None:
    """What ``call`` calls on this catalyst runs before all that waits."""
    put, catalyst.put = catalyst.put, catalyst.orders.appendleft
    via, catalyst.via = catalyst.via, BY_HAND
    try:
        call()
    finally:
        catalyst.put, catalyst.via = put, via


def next_timer(catalyst: ttCatalyst) -> Any:
    """The timer that fires next when the time of the catalyst goes on; ``None`` for none.

    Those that go by the wall clock are not among them: no hand moves that.
    """
    timers = catalyst.timers
    going = (
        (timers.due_ns(key), key)
        for key, what in timers.pending.items()
        if isinstance(what, ttEssence) and not getattr(what, "follows_wall", False)
    )
    _due, key = min(going, default=(0, None))
    return None if key is None else timers.pending[key]


def fire_now(catalyst: ttCatalyst, timer: Any) -> None:
    """While held, let the time of the catalyst's timers jump to when its next timer is due, and fire that. In its thread.

    What it calls waits like every order. The other timers have waited for as long as this one, and are told anew.
    """
    timers, now = catalyst.timers, clock.now_ns()
    timers.shift(now - max(timer._due_ns_now(), catalyst._held_since_ns))
    catalyst._held_since_ns = now
    timers.remove(timer._entry)
    catalyst.running, catalyst.via = timer, "timer"
    try:
        timer.fire(now)
    except SURVIVED as error:
        catalyst.failed(catalyst._outside_order(), error)
    finally:
        catalyst.running, catalyst.via = None, catalyst.idle_via
    for other in list(timers.pending.values()):
        if isinstance(other, ttEssence):
            other._tt_tell_present()


def _stop_steps(catalyst: ttCatalyst) -> None:
    walk, catalyst.walk, catalyst.steps = catalyst.walk, None, 0
    if walk is not None:
        walk.end("stopped")


def _held_changed(catalyst: ttCatalyst) -> None:
    catalyst._choose_loop()
    if stream.active:
        stream.emit(CatalystHeld(clock.now_ns(), catalyst._tt_id, catalyst.is_held))
        stream.hand_over()
