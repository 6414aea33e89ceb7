"""The message that sets breakpoints. What one is says ``tasktonic.rules``; a hit is an event, ``BreakpointHit``."""

from __future__ import annotations

from dataclasses import dataclass

from tasktonic.protocol.message import Direction, Message
from tasktonic.rules.breakpoint import Breakpoint


@dataclass(frozen=True, slots=True)
class SetBreakpoints(Message):
    """Sets the breakpoints of the studio: the whole list, in the place of the one before. Needs control.

    One that is set as before keeps its count, and stays off when a hit has switched it off. A condition in one is code that runs in the app. They are taken away when there is no
    controller any more: at once when it has said goodbye, after ten seconds when it is gone without a word. A launched app finds
    the first list in its environment, as this message in ``TASKTONIC_STUDIO_BREAKPOINTS``, so that it cannot run past one.
    """

    kind = "set breakpoints"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    breakpoints: tuple[Breakpoint, ...] = ()
    """All of them, also those that are switched off."""
