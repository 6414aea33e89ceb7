"""What a studio asks of an app that it runs by hand, and what that app tells. See ``tasktonic.steered``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from tasktonic import steered
from tasktonic.errors import ttError
from tasktonic.probe.deeds import Deed
from tasktonic.protocol import Message, ttMessageError
from tasktonic.protocol.distiller_messages import (
    DistillerCall,
    DistillerFinish,
    DistillerRun,
    DistillerState,
    DistillerStep,
    DistillerStop,
    WaitingOrder,
)
from tasktonic.protocol.messages import Answer, Call, Hold, Notice, RunOn, Step

LONGEST_DONE: Final = 200_000
"""So many signs of a step go into one message; of a longer one only what was done."""


class Host(Protocol):
    """The agent, as far as this needs it."""

    held: bool

    def call_soon(self, function: Callable[[], None]) -> None:
        """Have something done in the probe's thread. Any thread."""

    def tell_all(self, message: Message) -> None:
        """Tell all who watch. In the probe's thread."""

    def send_what_happened(self) -> None:
        """Have what is told next come after the events that were before it. In the probe's thread."""


class DistillerRequests:
    """Joins studios to the steering of this process. Made by the agent; used in the probe's thread, but for ``hear``."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.by_type: dict[type[Message], Callable[[Any, Any], None]] = {
            DistillerRun: self._run,
            DistillerCall: self._call,
            DistillerFinish: self._finish,
            DistillerStop: self._stop,
        }

    def begin(self) -> None:
        """Listen to what the app tells."""
        steered.listeners.append(self.hear)

    def end(self) -> None:
        """The probe ends, and with it whoever steers."""
        if self.hear in steered.listeners:
            steered.listeners.remove(self.hear)
        self.leave()

    @property
    def is_steered(self) -> bool:
        """Whether this process waits for what a studio asks: without one it would for ever, whatever it was told last."""
        return steered.steering is not None

    def note(self, deed: Deed) -> None:
        """Something was done to the app otherwise than by these requests. In the thread of its formula."""
        if steered.steering is not None:
            steered.steering.note_deed(deed.what, deed.text, deed.essence, deed.code)

    def leave(self) -> None:
        """There has been no controller for too long."""
        if steered.steering is not None:
            steered.steering.leave()

    def hear(self, what: steered.Report | steered.Step) -> None:
        """Pass on what the app tells. In the thread of its formula."""
        self._host.call_soon(lambda: self._pass_on(what))

    def _pass_on(self, what: steered.Report | steered.Step) -> None:
        if isinstance(what, steered.Report):
            # Without a controller it would wait for ever: then it is let go as what is held is.
            self._host.held = what.status in ("ready", "running")
        self._host.send_what_happened()
        _tell_each(self._host.tell_all, what)

    def greet(self, tell: Callable[[Message], None]) -> None:
        """Tell a studio that comes what there was so far."""
        if steered.steering is None:
            return
        report = steered.steering.report
        for what in (*steered.steering.steps, report):
            if what is not None:
                _tell_each(tell, what)

    def instead_of(self, message: Any) -> Any:
        """The request to carry out: in an app that is run by hand a call is one of its steps, as a test would call.

        Raises:
            ttNotSteeredError: it would hold what waits anyhow.
        """
        if steered.steering is None:
            return message
        if isinstance(message, (Hold, Step, RunOn)):
            raise ttNotSteeredError(
                "This app is run by hand: nothing of it runs until it is asked to, so there is nothing to hold. Run a step of the "
                "distiller instead."
            )
        if isinstance(message, Call):
            return DistillerCall(message.request, message.essence, message.sparkle, message.arguments)
        return message

    # ---- one by one

    def _run(self, asker: Any, message: DistillerRun) -> None:
        asked: dict[str, Any] = {}
        if message.sparkle_count >= 0:
            asked["sparkle_count"] = message.sparkle_count
        if message.timeout >= 0:
            asked["timeout"] = message.timeout
        if message.till_state_in:
            asked["till_state_in"] = list(message.till_state_in)
        if message.till_sparkle_in:
            asked["till_sparkle_in"] = list(message.till_sparkle_in)
        if message.contract is not None:
            asked["contract"] = message.contract
        self._ask(asker, message.request, "sparkle", asked)

    def _call(self, asker: Any, message: DistillerCall) -> None:
        asked = {"essence": message.essence, "sparkle": message.sparkle, "arguments": message.arguments}
        self._ask(asker, message.request, "call", asked)

    def _finish(self, asker: Any, message: DistillerFinish) -> None:
        self._ask(asker, message.request, "finish", {"timeout": message.timeout})

    def _stop(self, asker: Any, message: DistillerStop) -> None:
        if not _steering().stop():
            raise ttNotSteeredError("Nothing runs at the moment: the app waits for the next wish.")
        asker.tell(Answer(message.request, True))

    def _ask(self, asker: Any, request: int, do: str, asked: dict[str, Any]) -> None:
        def answer(done: bool, sentence: str) -> None:
            self._host.call_soon(lambda: asker.tell(Answer(request, done, sentence)))

        _steering().ask(do, asked, answer, asker.name)


class ttNotSteeredError(ttError, RuntimeError):
    """The app cannot do this: no studio runs it by hand, or not now."""


def _steering() -> steered.Steering:
    if steered.steering is None:
        raise ttNotSteeredError(
            "This app runs by itself: no distiller is its main catalyst. Start its script under a distiller to run it by hand."
        )
    return steered.steering


def _tell_each(tell: Callable[[Message], None], what: steered.Report | steered.Step) -> None:
    for message in _messages_of(what):
        try:
            tell(message)
        except ttMessageError as error:
            tell(Notice("warning", f"What the distiller did could not be told in full: {error}"))


def _messages_of(what: steered.Report | steered.Step) -> Iterator[Message]:
    if isinstance(what, steered.Report):
        waits = tuple(WaitingOrder(*order) for order in what.waits)
        yield DistillerState(**{**what._asdict(), "waits": waits})
        return
    first, *further = what.calls or (None,)
    done: dict[str, Any] = what.done
    if len(json.dumps(done, default=str)) > LONGEST_DONE:
        done = {**done, "ran": [], "counts": {}, "more": done.get("more", 0) + done.get("count", 0)}
    yield DistillerStep(what.number, done, first)
    for call in further:
        yield DistillerStep(what.number, None, call)
