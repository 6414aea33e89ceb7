"""Letting a timer of a held catalyst fire, as a studio asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tasktonic import held
from tasktonic.probe.deeds import Deed, find_catalyst, record, ttRequestError
from tasktonic.probe.queue_requests import InCatalyst
from tasktonic.protocol import Message
from tasktonic.protocol.messages import Answer, FireTimer


class TimerRequests:
    """Carries them out. Made by ``Requests``; used in the probe's thread only."""

    def __init__(self, in_catalyst: InCatalyst) -> None:
        self._in_catalyst = in_catalyst
        self.by_type: dict[type[Message], Callable[[Any, Any], None]] = {FireTimer: self._fire}

    def _fire(self, asker: Any, message: FireTimer) -> None:
        catalyst = find_catalyst(message.catalyst)

        def fire() -> Message:
            if not catalyst.is_held:
                raise ttRequestError(f"{catalyst.name} is not held: its timers fire by themselves.")
            timer = held.next_timer(catalyst)
            if timer is None:
                raise ttRequestError(
                    f"No timer of {catalyst.name} runs that could fire now; those that go by the wall clock wait for it."
                )
            record(Deed("fire timer", f"{timer.name}, the next of {catalyst.name}", timer.id), asker.name)
            held.fire_now(catalyst, timer)
            return Answer(message.request, True)

        self._in_catalyst(asker, catalyst, fire, lambda sentence: Answer(message.request, False, sentence))
