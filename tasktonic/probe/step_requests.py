"""Running on from where an app is held, as a studio asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tasktonic import brake
from tasktonic.probe.deeds import Deed, find_catalyst, record, ttRequestError
from tasktonic.protocol import Message
from tasktonic.protocol.messages import Answer, RanOn, RunOn
from tasktonic.walking import BREAKPOINT, CASCADE, GONE, REACHED, STEPS, STOPPED, WAYS, Outcome

MOST_STEPS: Final = 1_000_000
MOST_ORDERS: Final = 100_000

_WHY: Final = {
    GONE: "What was to be reached waits no longer: it has run meanwhile, or was taken away.",
    BREAKPOINT: "A breakpoint was hit before that was reached.",
    STOPPED: "It ended before that was reached: held, let go or stepped elsewhere meanwhile.",
}


class StepRequests:
    """Carries them out. Made by ``Requests``; used in the probe's thread only."""

    def __init__(self, call_soon: Callable[[Callable[[], None]], None]) -> None:
        self._call_soon = call_soon
        self.by_type: dict[type[Message], Callable[[Any, Any], None]] = {RunOn: self._run_on}

    def _run_on(self, asker: Any, message: RunOn) -> None:
        if message.until not in WAYS:
            raise ttRequestError(f"There is no running until {message.until[:40]!r}; there are {', '.join(WAYS)}.")
        if message.until == STEPS:
            self._check_steps(message)
        elif not 1 <= len(message.orders) <= MOST_ORDERS:
            raise ttRequestError(f"{len(message.orders):,} orders cannot be run to; 1 to {MOST_ORDERS:,} can.")

        def ended(outcome: Outcome) -> None:
            is_reached = outcome.how == REACHED
            told = RanOn(message.request, is_reached, outcome.order, "" if is_reached else _WHY[outcome.how])
            self._call_soon(lambda: asker.tell(told))

        catalyst = message.catalyst if message.until == STEPS else None
        brake.check_held(catalyst)
        record(_deed(message), asker.name)
        asker.tell(Answer(message.request, True))
        brake.walk(message.until, ended, message.orders, catalyst, message.count)

    def _check_steps(self, message: RunOn) -> None:
        catalyst = find_catalyst(message.catalyst)
        if not 1 <= message.count <= MOST_STEPS:
            raise ttRequestError(f"{message.count:,} orders cannot be stepped; 1 to {MOST_STEPS:,} can.")
        if catalyst.is_held and not catalyst.orders:
            raise ttRequestError(
                f"Nothing waits for {catalyst.name}, so there is no next sparkle. Timers stand still while it is held."
            )


def _deed(message: RunOn) -> Deed:
    count = max(message.count, len(message.orders))
    orders = f"{count:,} order{'s' * (count > 1)}"
    if message.until == STEPS:
        return Deed("step", f"{find_catalyst(message.catalyst).name}, {orders}", message.catalyst)
    first = f"order {message.orders[0]}" + (f" or one of {count - 1:,} others" if count > 1 else "")
    if message.until == CASCADE:
        return Deed("run on", f"until all that comes of {orders} has run, from order {min(message.orders)} on")
    return Deed("run on", f"until {first} {'is the next' if message.until == 'before' else 'has run'}")
