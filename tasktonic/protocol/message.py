"""What every control message is, and what several of them are made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, TypeAlias

Json: TypeAlias = object
"""Any JSON value."""


class Direction(Enum):
    """Who says it."""

    PROBE = "probe to studio"
    STUDIO = "studio to probe"
    BOTH = "either"


@dataclass(frozen=True, slots=True)
class Message:
    """What all messages have in common."""

    kind: ClassVar[str]
    direction: ClassVar[Direction]


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One attribute, item or entry of a value."""

    name: str
    """Name, key or index."""
    type: str
    """Name of the value's class."""
    preview: str
    """A short description; ``(hidden)`` when the name says that it is a secret."""
    children: tuple[AttributeRow, ...] = ()
    """What is inside, as far as it was looked into."""
