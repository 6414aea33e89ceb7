"""Messages about an app that the studio runs by hand: a distiller turns it, and nothing runs until it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from tasktonic.protocol.message import Direction, Json, Message


@dataclass(frozen=True, slots=True)
class DistillerRun(Message):
    """Lets an app under a distiller run until the first of these conditions is met. Needs control.

    Without any it runs until nothing is left to do. The answer comes when it has stopped.
    """

    kind = "distiller run"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    sparkle_count: int = -1
    """How many sparkles may run, -1 for any number."""
    timeout: float = -1.0
    """Seconds of the distiller's clock, negative for no limit."""
    till_state_in: tuple[str, ...] = ()
    """Names of states."""
    till_sparkle_in: tuple[str, ...] = ()
    """Names of sparkles."""
    contract: Json = None
    """The contract as an object, as ``ttDistiller.sparkle`` takes it; null for none."""


@dataclass(frozen=True, slots=True)
class DistillerCall(Message):
    """Calls a sparkle of a tonic in an app under a distiller, as a test would. It is queued, and nothing runs. Needs control."""

    kind = "distiller call"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    essence: int
    """Id of the tonic."""
    sparkle: str
    """Name of the sparkle."""
    arguments: str = ""
    """The arguments as they are typed in a call: Python literals."""


@dataclass(frozen=True, slots=True)
class DistillerFinish(Message):
    """Ends an app under a distiller in order. Needs control."""

    kind = "distiller finish"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    timeout: float = 0.5
    """Seconds of the distiller's clock that it may take."""


@dataclass(frozen=True, slots=True)
class DistillerStop(Message):
    """Ends a run of the distiller after the present sparkle. Needs control."""

    kind = "distiller stop"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""


@dataclass(frozen=True, slots=True)
class WaitingOrder:
    """An order that is queued in an app under a distiller."""

    catalyst: str
    """Name of the catalyst."""
    essence: int
    """Id of the tonic."""
    tonic: str
    """Its name."""
    sparkle: str
    """The sparkle that was called."""
    arguments: str = ""
    """A short description of the arguments."""
    source: str = ""
    """Who called, in a word; empty for who is outside."""
    age_ns: int = 0
    """For how long it has waited, by the distiller's clock."""


@dataclass(frozen=True, slots=True)
class DistillerState(Message):
    """How it stands with an app under a distiller: when it is ready, when it begins to run, when it has stopped."""

    kind = "distiller state"
    direction = Direction.PROBE

    status: str
    """``ready``, ``running``, ``over``, or ``refused``: this script cannot have a distiller."""
    app: int = 0
    """Which app of the process it is, from 1."""
    seed: int = 0
    """What the order of catalysts goes by."""
    clock: str = "virtual"
    """``virtual`` or ``real``."""
    now_ns: int = 0
    """The distiller's clock, as in events."""
    sparkles: int = 0
    """How many sparkles have run so far."""
    doing: str = ""
    """The call that runs now, as it would be written."""
    problem: str = ""
    """A sentence: why the last request was not carried out, what was raised, or why there is no distiller."""
    waits: tuple[WaitingOrder, ...] = ()
    """The next orders; those of the catalyst whose turn it is come first."""
    waiting: int = 0
    """How many orders there are."""
    due_ns: int = 0
    """When the next timer is due, 0 for none."""


@dataclass(frozen=True, slots=True)
class DistillerStep(Message):
    """What was done with an app under a distiller, with its outcome. A studio that comes later is told all of them."""

    kind = "distiller step"
    direction = Direction.PROBE

    number: int
    """From 0, which is the begin of the app."""
    done: Json = None
    """``do`` is ``start``, ``call``, ``sparkle`` or ``finish``, the rest says with what and what came of it. Null in a further
    part of a long step."""
    call: Json = None
    """The call as a trace file keeps it, see there; null where there was none."""


DISTILLER_REQUESTS: tuple[type[Message], ...] = (DistillerRun, DistillerCall, DistillerFinish, DistillerStop)
DISTILLER_MESSAGES: tuple[type[Message], ...] = (*DISTILLER_REQUESTS, DistillerState, DistillerStep)
