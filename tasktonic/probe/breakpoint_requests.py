"""The breakpoints that a studio sets: by request, and before the app begins by its environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tasktonic import launched
from tasktonic.breaking import breaker
from tasktonic.events import BreakpointHit
from tasktonic.probe.deeds import Deed
from tasktonic.probe.step_requests import UNTIL
from tasktonic.protocol import Direction, Message, decode_message
from tasktonic.protocol.breakpoint_messages import SetBreakpoints
from tasktonic.protocol.messages import Answer

OWNER: Final = "studio"
VARIABLE: Final = "TASKTONIC_STUDIO_BREAKPOINTS"


class BreakpointRequests:
    """Carries them out. Made by ``Requests``; used in the probe's thread only."""

    def __init__(self, do: Callable[[Any, int, Deed, Callable[[], object]], None]) -> None:
        self._do = do
        self.by_type: dict[type[Message], Callable[[Any, Any], None]] = {SetBreakpoints: self._set}

    def _set(self, asker: Any, message: SetBreakpoints) -> None:
        points = message.breakpoints
        if not points and not are_set():
            # What a studio without breakpoints says to every app: nothing is done.
            asker.tell(Answer(message.request, True))
            return
        for point in points:
            point.check()
        on = sum(point.enabled for point in points)
        deed = Deed("breakpoints", f"{len(points)} set, {on} switched on" if points else "none set any more")
        self._do(asker, message.request, deed, lambda: breaker.put(OWNER, points))


def set_from_environment() -> None:
    """Set what the studio that launches this app wants set before its first sparkle. Any thread.

    Raises:
        ttError: what is in the environment is no list of breakpoints.
    """
    text = launched.said(VARIABLE)
    if text:
        message = decode_message(text.encode("utf-8", "surrogateescape"), Direction.STUDIO)
        if isinstance(message, SetBreakpoints):
            breaker.put(OWNER, message.breakpoints)


def are_set() -> bool:
    """Whether the studio has set some, or runs until one. Any thread."""
    return bool(breaker.of(OWNER) or breaker.of(UNTIL))


def clear() -> None:
    """Take away what the studio has set: nobody is there who could let go what one holds. Any thread."""
    breaker.clear(OWNER)
    breaker.clear(UNTIL)


def on_held(told: Callable[[], None]) -> Callable[[], None]:
    """Have a function called when a breakpoint of anybody holds the app; in the thread of the hit. Returns what undoes it."""

    def hit(event: BreakpointHit) -> None:
        if event.held:
            told()

    return breaker.on_hit(hit)
