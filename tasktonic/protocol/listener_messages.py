"""The messages about who listens to a path of a store."""

from __future__ import annotations

from dataclasses import dataclass

from tasktonic.protocol.message import Direction, Message


@dataclass(frozen=True, slots=True)
class AskListeners(Message):
    """Asks who hears of a change of a path in a store; ``Listeners`` answers. A viewer may ask.

    Subscriptions are not part of the stream of events: they are told as they are when one asks.
    """

    kind = "ask listeners"
    direction = Direction.STUDIO

    request: int
    """Number of the request."""
    store: int
    """Id of the store."""
    path: str
    """The path, without wildcards."""


@dataclass(frozen=True, slots=True)
class ListenerRow:
    """One subscription."""

    essence: int
    """Id of the essence that listens, -1 when it is something else."""
    name: str
    """Name of the essence, or what else it is."""
    callback: str
    """What is called: the sparkle, or the name of a function."""
    patterns: tuple[str, ...] = ()
    """The paths of the subscription that fit, with their wildcards; at most 5."""
    heard_on: str = ""
    """The link on which it is heard, when that is not the path itself."""
    ignores: str = ""
    """Of whose changes it does not hear, in words; empty when it hears of all."""
    excludes: str = ""
    """The branches of which it does not hear."""
    extracts: str = ""
    """The names of the children that it is given, when it asked for some."""
    is_recursive: bool = True
    """Whether it hears of what is below the subscribed path too."""
    is_triggered: bool = False
    """Whether it was told what was there when it subscribed."""


@dataclass(frozen=True, slots=True)
class Listeners(Message):
    """Who hears of a change of a path, in the order in which they are told."""

    kind = "listeners"
    direction = Direction.PROBE

    store: int
    """Id of the store."""
    path: str
    """The path."""
    request: int
    """Number of the request."""
    rows: tuple[ListenerRow, ...] = ()
    """At most 500 of them."""
    total: int = 0
    """How many there are in all."""
    problem: str = ""
    """A sentence when they could not be had."""
    t_ns: int = 0
    """When it was so."""


LISTENER_MESSAGES: tuple[type[Message], ...] = (AskListeners, Listeners)
"""In the order of the documentation."""

LISTENER_REQUESTS = (AskListeners,)
"""What the studio asks for."""
