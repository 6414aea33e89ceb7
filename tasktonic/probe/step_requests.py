"""Running on from where an app is held, as a studio asks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from tasktonic import brake
from tasktonic.breaking import breaker
from tasktonic.events import BreakpointHit
from tasktonic.probe.deeds import Deed, find_catalyst, record, ttRequestError
from tasktonic.protocol import Message
from tasktonic.protocol.messages import RanOn, RunOn, RunUntil
from tasktonic.rules import sentence_of
from tasktonic.walking import BEFORE, BREAKPOINT, CASCADE, GONE, REACHED, STEPS, STOPPED, WAYS, Outcome

UNTIL: Final = "run until"
"""Whose the breakpoints are that are run to."""
MOST_STEPS: Final = 1_000_000
MOST_ORDERS: Final = 100_000

_WHY: Final = {
    GONE: "What was to be reached waits no longer: it has run meanwhile, or was taken away.",
    BREAKPOINT: "A breakpoint was hit before that was reached.",
    STOPPED: "It ended before that was reached: held, let go or stepped elsewhere meanwhile.",
}


class StepRequests:
    """Carries them out. Made by ``Requests``; used in the probe's thread only."""

    def __init__(self, call_soon: Callable[[Callable[[], None]], None], send_now: Callable[[], None]) -> None:
        self._call_soon = call_soon
        self._send_now = send_now
        self.by_type: dict[type[Message], Callable[[Any, Any], None]] = {RunOn: self._run_on, RunUntil: self._run_until}
        self._stop_waiting: Callable[[], None] = _nothing

    def _run_on(self, asker: Any, message: RunOn) -> None:
        if message.until not in WAYS:
            raise ttRequestError(f"There is no running until {message.until[:40]!r}; there are {', '.join(WAYS)}.")
        if message.until == STEPS:
            self._check_steps(message)
        elif not 1 <= len(message.orders) <= MOST_ORDERS:
            raise ttRequestError(f"{len(message.orders):,} orders cannot be run to; 1 to {MOST_ORDERS:,} can.")

        def ended(outcome: Outcome) -> None:
            is_reached = outcome.how == REACHED
            is_next = is_reached and message.until == BEFORE
            why = "" if is_reached else _WHY[outcome.how]
            told = RanOn(message.request, is_reached, outcome.order, is_next, why)
            self._call_soon(lambda: self._tell(asker, told))

        catalyst = message.catalyst if message.until == STEPS else None
        brake.check_held(catalyst)
        record(_deed(message), asker.name)
        brake.walk(message.until, ended, message.orders, catalyst, message.count)

    def _run_until(self, asker: Any, message: RunUntil) -> None:
        point = replace(message.breakpoint, enabled=True, once=False, log=False, temporary=True)
        point.check()
        self.stop_waiting()

        def hit(event: BreakpointHit) -> None:
            if event.owner == UNTIL:
                undo()
                reached = event.held
                told = RanOn(
                    message.request, reached, event.run, reached and event.before, "" if reached else event.words
                )
                self._call_soon(lambda: self._tell(asker, told))

        undo = breaker.on_hit(hit)
        self._stop_waiting = undo
        record(Deed("run until", sentence_of(point)), asker.name)
        breaker.put(UNTIL, [point])
        brake.release()

    def stop_waiting(self) -> None:
        """Nothing is run to any longer: somebody holds the app, or runs to something else."""
        stop, self._stop_waiting = self._stop_waiting, _nothing
        stop()
        breaker.clear(UNTIL)

    def _tell(self, asker: Any, told: RanOn) -> None:
        """Tell what has happened, and that this was it: a person waits for both."""
        self._send_now()
        asker.tell(told)

    def _check_steps(self, message: RunOn) -> None:
        catalyst = find_catalyst(message.catalyst)
        if not 1 <= message.count <= MOST_STEPS:
            raise ttRequestError(f"{message.count:,} orders cannot be stepped; 1 to {MOST_STEPS:,} can.")
        if catalyst.is_held and not catalyst.orders:
            raise ttRequestError(
                f"Nothing waits for {catalyst.name}, so there is no next sparkle. Timers stand still while it is held: "
                "let the next timer fire, or let the app go on."
            )


def _nothing() -> None:
    """Nothing is waited for."""


def _deed(message: RunOn) -> Deed:
    count = max(message.count, len(message.orders))
    orders = f"{count:,} order{'s' * (count > 1)}"
    if message.until == STEPS:
        return Deed("step", f"{find_catalyst(message.catalyst).name}, {orders}", message.catalyst)
    first = f"order {message.orders[0]}" + (f" or one of {count - 1:,} others" if count > 1 else "")
    if message.until == CASCADE:
        return Deed("run on", f"until all that comes of {orders} has run, from order {min(message.orders)} on")
    return Deed("run on", f"until {first} {'is the next' if message.until == 'before' else 'has run'}")
