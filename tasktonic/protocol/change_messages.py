"""Messages that change something in the app: attributes, states, calls of sparkles, and evaluation."""

from __future__ import annotations

from dataclasses import dataclass

from tasktonic.protocol.message import AttributeRow, Direction, Message


@dataclass(frozen=True, slots=True)
class SetAttribute(Message):
    """Sets an attribute that an essence has, between two sparkles. Needs control. ``Inspect`` shows what became of it."""

    kind = "set attribute"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    essence: int
    """Id of the essence."""
    name: str
    """Name of the attribute."""
    literal: str
    """The value as a Python literal."""
    expects: bool = False
    """Whether it is set only when it still is what the studio saw."""
    expected: str = ""
    """What the studio saw: the preview in its ``AttributeRow``."""
    expected_type: str = ""
    """The type there."""


@dataclass(frozen=True, slots=True)
class ChangeState(Message):
    """Asks a tonic to go to a state: queued as an order, as ``to_state`` does. Needs control."""

    kind = "change state"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    essence: int
    """Id of the tonic."""
    state: str
    """Name of the state."""


@dataclass(frozen=True, slots=True)
class AskSparkles(Message):
    """Asks which sparkles of a tonic can be called, and with what; ``Sparkles`` answers. A viewer may ask."""

    kind = "ask sparkles"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    essence: int
    """Id of the tonic."""


@dataclass(frozen=True, slots=True)
class SparkleRow:
    """A sparkle that can be called."""

    name: str
    """The name by which it is called: ``ttsc__open``."""
    signatures: tuple[str, ...] = ()
    """What its handlers take, without ``self``: ``(speed, reason='')``. One, unless they differ."""
    states: tuple[str, ...] = ()
    """The states in which it is handled; empty for every state."""
    doc: str = ""
    """The first line of its documentation."""


@dataclass(frozen=True, slots=True)
class Sparkles(Message):
    """The sparkles of a tonic."""

    kind = "sparkles"
    direction = Direction.PROBE

    essence: int
    """Id of the tonic."""
    request: int
    """Number of the request."""
    rows: tuple[SparkleRow, ...] = ()
    """Those that can be called from outside, by name."""
    problem: str = ""
    """A sentence when they could not be had."""


@dataclass(frozen=True, slots=True)
class Call(Message):
    """Calls a sparkle: its order is queued in the ordinary way, its cause is the studio's name. Needs control."""

    kind = "call"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    essence: int
    """Id of the tonic."""
    sparkle: str
    """Name of the sparkle."""
    arguments: str = ""
    """The arguments as one would type them, each a Python literal: ``1, 'red', speed=0.5``."""


@dataclass(frozen=True, slots=True)
class Evaluate(Message):
    """Runs an expression in the thread of a held catalyst, between two sparkles. It is code in the app. Needs control.

    It sees what the module of the tonic's class has, and the tonic as ``self``. ``Evaluated`` answers.
    """

    kind = "evaluate"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    essence: int
    """Id of the tonic."""
    code: str
    """An expression; with ``may_act`` statements as well, and then the value is that of the last one if it is an expression."""
    may_act: bool = False
    """Whether statements are taken too."""


@dataclass(frozen=True, slots=True)
class Evaluated(Message):
    """What became of an evaluation. One that takes long is answered twice: that it still runs, then what came of it."""

    kind = "evaluated"
    direction = Direction.PROBE

    essence: int
    """Id of the tonic."""
    request: int
    """Number of the request."""
    rows: tuple[AttributeRow, ...] = ()
    """The value as one row without a name; none when there is no value."""
    problem: str = ""
    """A sentence when there is no value: it was refused, it still runs, or it raised."""
    traceback: str = ""
    """Where it raised, when it did."""
    is_over: bool = True
    """Whether nothing more comes of this request."""


CHANGE_REQUESTS = (SetAttribute, ChangeState, AskSparkles, Call, Evaluate)
CHANGE_MESSAGES: tuple[type[Message], ...] = (
    SetAttribute,
    ChangeState,
    AskSparkles,
    Sparkles,
    Call,
    Evaluate,
    Evaluated,
)
