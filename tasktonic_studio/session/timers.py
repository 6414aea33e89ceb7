"""The timers of the present app."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from tasktonic.events import TimerFired, TimerSet, TimerStopped

_LAST_ORDERS: Final = 64
"""Enough for those that wait when their tonic finishes."""


class TimerFacts(NamedTuple):
    """One timer; it is an essence too. Replaced, never changed.

    A running one fires at `due_ns` and then every `period_ns` (0: once, -1: by the calendar, it says when). `remaining_ns` is
    what was left when it stopped, None while it runs. `fired` counts as far as seen.
    """

    id: int
    due_ns: int
    period_ns: int
    callback: str
    remaining_ns: int | None = None
    fired: int = 0
    last_fired_ns: int = 0

    @property
    def is_running(self) -> bool:
        return self.remaining_ns is None


class Timers:
    """Timers by id, those that live. Copies share until one changes."""

    def __init__(self) -> None:
        self.by_id: dict[int, TimerFacts] = {}
        self.last_orders: tuple[int, ...] = ()
        """The orders that timers queued last, by number; those of timers that have ended since are among them."""
        self._shared = False

    def fork(self) -> Timers:
        other = Timers()
        other.by_id = self.by_id
        other.last_orders = self.last_orders
        self._shared = other._shared = True
        return other

    def _own(self) -> None:
        if self._shared:
            self.by_id = dict(self.by_id)
            self._shared = False

    def set(self, event: TimerSet) -> None:
        known = self.by_id.get(event.timer)
        self._own()
        self.by_id[event.timer] = TimerFacts(
            event.timer,
            event.due_ns,
            event.period_ns,
            event.callback,
            fired=known.fired if known else 0,
            last_fired_ns=known.last_fired_ns if known else 0,
        )

    def fired(self, event: TimerFired) -> None:
        known = self.by_id.get(event.timer) or TimerFacts(event.timer, event.t_ns, 0, "")
        self._own()
        if event.order:
            self.last_orders = (*self.last_orders[1 - _LAST_ORDERS :], event.order)
        due_ns = known.due_ns + max(0, known.period_ns)
        if known.period_ns > 0 and due_ns <= event.t_ns:
            # It keeps its phase and skips what a stall made it miss.
            due_ns += ((event.t_ns - due_ns) // known.period_ns + 1) * known.period_ns
        remaining_ns = known.remaining_ns if known.period_ns != 0 else 0
        self.by_id[event.timer] = TimerFacts(
            known.id, due_ns, known.period_ns, known.callback, remaining_ns, known.fired + 1, event.t_ns
        )

    def stopped(self, event: TimerStopped) -> None:
        known = self.by_id.get(event.timer) or TimerFacts(event.timer, event.t_ns, 0, "")
        self._own()
        self.by_id[event.timer] = known._replace(remaining_ns=event.remaining_ns)

    def stood_still(self, timers: Iterable[int], for_ns: int) -> None:
        """Their catalyst was held for so long: they are due later by that; those by the calendar go by the wall clock."""
        later = {
            timer: known._replace(due_ns=known.due_ns + for_ns)
            for timer in timers
            if (known := self.by_id.get(timer)) is not None and known.is_running and known.period_ns >= 0
        }
        if later:
            self._own()
            self.by_id.update(later)

    def gone(self, timer: int) -> bool:
        """Its essence has ended; True when it was a timer."""
        if timer not in self.by_id:
            return False
        self._own()
        del self.by_id[timer]
        return True
