"""The messages about running on from where an app is held: some orders, to a certain one, or through all that comes of one."""

from __future__ import annotations

from dataclasses import dataclass

from tasktonic.protocol.message import Direction, Message
from tasktonic.rules.breakpoint import Breakpoint


@dataclass(frozen=True, slots=True)
class RunOn(Message):
    """Lets held catalysts run what is needed to reach something, and no more; time stands still. Needs control.

    ``RanOn`` says how it ended, or ``Answer`` why it cannot begin. Holding, releasing or stepping meanwhile ends it.
    """

    kind = "run on"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    until: str
    """``steps``: ``count`` orders of one catalyst, those of the framework not counted. ``before``: one of ``orders`` is the next to
    run. ``run``: one of them has run. ``cascade``: all of them have run, and all that came of them."""
    catalyst: int = -1
    """Id of the catalyst, for ``steps``."""
    count: int = 1
    """How many, for ``steps``."""
    orders: tuple[int, ...] = ()
    """Numbers of orders that wait."""


@dataclass(frozen=True, slots=True)
class RanOn(Message):
    """What became of a ``RunOn`` or a ``RunUntil`` that had begun."""

    kind = "ran on"
    direction = Direction.PROBE

    request: int
    """Number of the request."""
    reached: bool
    """Whether it came to where it was to come."""
    order: int = 0
    """Number of the order that was reached, or of the one that ran last; 0 for none. A run has the number of its order."""
    is_next: bool = False
    """Whether that order has not run and is the next of its catalyst."""
    text: str = ""
    """A sentence when it was not reached."""


@dataclass(frozen=True, slots=True)
class RunUntil(Message):
    """Lets all catalysts go on until a breakpoint of its own is hit, which goes with that. Needs control.

    ``RanOn`` says when that was, ``Answer`` why it cannot begin. Holding meanwhile ends it.
    """

    kind = "run until"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    breakpoint: Breakpoint
    """Where. It is switched on, and temporary, whatever it says."""


@dataclass(frozen=True, slots=True)
class FireTimer(Message):
    """Lets the time of a held catalyst jump to its next timer, and fires that; what it calls waits. Answered. Needs control.

    Timers that go by the wall clock stay as they are.
    """

    kind = "fire timer"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    catalyst: int
    """Id of the catalyst."""


STEP_MESSAGES: tuple[type[Message], ...] = (RunOn, RanOn, RunUntil, FireTimer)
"""In the order of the documentation."""

STEP_REQUESTS = (RunOn, RunUntil, FireTimer)
"""What the studio asks for."""
