"""What others tell an editor about its text: words to choose from, lines under it, notes behind it. Pure.

Positions are in characters from 0, lines from 1, as everywhere in the editor.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

UnderlineKind = Literal["error", "warning", "hint", "link"]

UNDERLINE_ROLES: Final[dict[UnderlineKind, str]] = {
    "error": "error",
    "warning": "warning",
    "hint": "running",
    "link": "accent",
}
"""The colour role of each kind; the worst comes first."""


class Underline(NamedTuple):
    """A wavy line under a part of the text (a straight one for a link)."""

    start: int
    end: int
    kind: UnderlineKind
    text: str
    """The sentence that is shown to whoever points there."""


class Completion(NamedTuple):
    """One way to go on with what was typed."""

    text: str
    """The whole word, also what of it is typed already."""
    kind: str = ""
    """What it is, in a word: ``sparkle``, ``state``, ``class``."""
    detail: str = ""
    """More about it, such as its arguments."""


class LineNote(NamedTuple):
    """A few words behind the end of a line, which are no part of the text."""

    text: str
    tip: str = ""
    """The whole story, for whoever points at it."""
