"""The version of the protocol, and what may differ between two sides that understand each other."""

from __future__ import annotations

from typing import Final

PROTOCOL: Final = 1
"""Grows when a side that does not know the change would misunderstand the other. Additions that may be ignored (another
optional field, another kind of event in a block) do not count; further message kinds need a capability."""

CAPABILITIES: Final = (
    "inspect",
    "finish",
    "log mode",
    "store set",
    "brake",
    "previews",
    "stack",
    "queue",
    "run on",
    "run until",
    "fire timer",
    "set attribute",
    "change state",
    "call",
    "evaluate",
    "breakpoints",
    "distiller",
    "lines",
    "listeners",
    "replace code",
    "widgets",
)
"""What this version can do on request. Each side names its own; the other asks for nothing that is not named."""


def why_not_together(theirs: int, their_name: str, our_name: str) -> str:
    """A sentence when the two sides cannot talk, else an empty string."""
    if theirs == PROTOCOL:
        return ""
    newer, older = (their_name, our_name) if theirs > PROTOCOL else (our_name, their_name)
    return (
        f"The {their_name} speaks protocol {theirs}, the {our_name} speaks protocol {PROTOCOL}: the {newer} is newer. "
        f"Update the {older}."
    )
