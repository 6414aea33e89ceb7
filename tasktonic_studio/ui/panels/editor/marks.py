"""Which place in a source gets which mark, and why. Pure.

Two things are found here: the names of sparkles in a text, with their kind, and the marks that stand beside lines. A
later kind of mark (breakpoint, current run, hit count) is one more ``MarkKind`` and one more entry in the tables of the
two editors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple


class SparkleKind(Enum):
    """Who may call a sparkle; the value is the colour role of its name."""

    COMMAND = "editor_sparkle_command"
    EVENT = "editor_sparkle_event"
    INTERNAL = "editor_sparkle_internal"
    SYSTEM = "editor_sparkle_system"


_KIND_OF_PREFIX: Final = {
    "ttsc": SparkleKind.COMMAND,
    "ttse": SparkleKind.EVENT,
    # A signal of a widget tells that something happened, as an event does.
    "ttqt": SparkleKind.EVENT,
    "tts": SparkleKind.INTERNAL,
    "_tts": SparkleKind.INTERNAL,
    "_ttss": SparkleKind.SYSTEM,
}

# The state runs to the first double underscore, so it is matched lazily and may not begin with an underscore itself.
_NAME: Final = re.compile(r"(?<!\w)(ttsc|ttse|ttqt|_?tts|_ttss)(?:_(?!_)(\w*?))?__(\w+)")


class SparkleName(NamedTuple):
    """One name in a text: ``text[start:end]``, in characters."""

    start: int
    end: int
    kind: SparkleKind
    state: str
    """The state that the handler is bound to, or ``''``."""
    name: str
    """What follows the double underscore."""

    @property
    def state_span(self) -> tuple[int, int] | None:
        """Where the state stands in the text; None for a handler of any state."""
        if not self.state:
            return None
        begin = self.end - len(self.name) - 2 - len(self.state)
        return begin, begin + len(self.state)


# As an argument, and where it is asked for.
_STATE: Final = re.compile(
    r"""\bto_state\(\s*(?:state\s*=\s*)?(['"])(\w+)\1|\bget_current_state_name\(\)\s*[!=]=\s*(['"])(\w+)\3"""
)


def state_names(text: str) -> Iterator[tuple[int, int]]:
    """Where the names of states stand in the text, in order: in handlers, in ``to_state("open")`` and where it is asked for."""
    spans = [name.state_span for name in sparkle_names(text) if name.state_span is not None]
    spans += [found.span(2) if found.group(2) else found.span(4) for found in _STATE.finditer(text)]
    yield from sorted(spans)


STATE_ROLE: Final = "editor_state"
"""The colour of a state's name."""


def sparkle_names(text: str) -> Iterator[SparkleName]:
    """Every name in the text that is written like a sparkle's, in order, wherever it stands."""
    for found in _NAME.finditer(text):
        prefix, state, name = found.groups()
        yield SparkleName(found.start(), found.end(), _KIND_OF_PREFIX[prefix], state or "", name)


class MarkKind(Enum):
    """What a mark beside a line says."""

    PLACE = "place"
    """The line that someone asked to see."""
    BREAKPOINT = "breakpoint"
    """A breakpoint is set on the sparkle that is handled here."""
    BREAKPOINT_OFF = "breakpoint off"
    """One is set, and switched off."""
    LINE_BREAK = "line_break"
    """A line at which the app stops."""
    RUNS = "runs"
    """The handler that runs at the moment that is shown."""
    STANDS = "stands"
    """The line in which the app stands."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark beside one line; lines count from 1."""

    line: int
    kind: MarkKind
    why: str
    """For the tool tip and the screen reader."""


def place_mark(line: int) -> Mark:
    """The mark of a line that was jumped to."""
    return Mark(line, MarkKind.PLACE, f"Line {line} is the place that was asked for.")


def breakpoint_mark(line: int, sparkle: str, *, is_on: bool) -> Mark:
    """The mark of a handler whose sparkle has a breakpoint."""
    kind = MarkKind.BREAKPOINT if is_on else MarkKind.BREAKPOINT_OFF
    return Mark(line, kind, f"Breakpoint on {sparkle}{'' if is_on else ', switched off'}.")


def line_break_mark(line: int, problem: str = "") -> Mark:
    """The mark of a line at which the app stops."""
    return Mark(line, MarkKind.LINE_BREAK, problem or f"The app stops at line {line}.")


def stands_mark(line: int) -> Mark:
    """The mark of the line in which the app stands."""
    return Mark(line, MarkKind.STANDS, f"The app stands in line {line}.")


def runs_mark(line: int, tonic: str, sparkle: str) -> Mark:
    """The mark of the handler that runs at the moment that is shown."""
    return Mark(line, MarkKind.RUNS, f"{tonic} runs {sparkle}.")
