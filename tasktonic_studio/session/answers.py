"""Answers to "Why?" and "Why not?": sentences whose parts lead somewhere. Plain data, for a panel, a report or a page.

An answer never guesses. What the record cannot know is a sentence too, and says what it is that is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from tasktonic_studio.session.selection import Thing

NOWHERE: Final = -1


class Link(NamedTuple):
    """Words that lead to a thing; `moment` is the number of events after which it had just happened, -1 to stay where one is."""

    text: str
    thing: Thing
    moment: int = NOWHERE


Part = str | Link


class Role(StrEnum):
    """What a sentence is for."""

    ASKED = "asked"
    """What is asked about, as it is known."""
    CAUSE = "cause"
    """A step back."""
    OUTSIDE = "outside"
    """Where it came into the app: the chain ends here."""
    REASON = "reason"
    """Why something did not happen."""
    DETAIL = "detail"
    """More about the sentence before."""
    UNKNOWN = "unknown"
    """What the record cannot know."""


class Reason(StrEnum):
    """Why something did not happen; the words are those of the manual."""

    NEVER_CALLED = "never called"
    IGNORED = "ignored in this state"
    WAITING = "still waiting"
    DROPPED = "dropped"
    NO_SUCH_STATE = "no such state"
    ALREADY = "already in that state"
    TIMER_STOPPED = "timer stopped"
    EQUAL_VALUE = "equal value"
    OWN_SOURCE = "own source ignored"
    HELD = "catalyst held"
    DEAD = "catalyst dead"
    LOST = "lost in a gap"
    # What is asked about may have happened, or be about to; and what was asked for may not exist.
    IT_DID = "it did"
    RUNNING = "running"
    NOT_DUE = "timer not due"
    TIMER_FIRED = "timer fired"
    QUIET = "written quietly"
    FINISHED = "finished"
    NO_SUCH_THING = "no such thing"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer.

    `t_ns` is when that was, None for no time; `thing` and `moment` where a click on it leads. For a reason, `count` says how
    often.
    """

    role: Role
    parts: tuple[Part, ...]
    t_ns: int | None = None
    thing: Thing | None = None
    moment: int = NOWHERE
    reason: Reason | None = None
    count: int = 0

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def links(self) -> tuple[Link, ...]:
        """The parts that lead somewhere."""
        return tuple(part for part in self.parts if isinstance(part, Link))


@dataclass(frozen=True, slots=True)
class Answer:
    """A question and its answer. `asked` is what it was about, None when that is no thing; times are counted from `began_ns`."""

    question: str
    sentences: tuple[Sentence, ...]
    asked: Thing | None = None
    began_ns: int = 0

    @property
    def reasons(self) -> dict[Reason, int]:
        """The reasons that are given, each with how often."""
        counts: dict[Reason, int] = {}
        for sentence in self.sentences:
            if sentence.reason is not None:
                counts[sentence.reason] = counts.get(sentence.reason, 0) + sentence.count
        return counts

    @property
    def is_exact(self) -> bool:
        """Whether nothing is missing in the record that could make the answer another one."""
        return not any(sentence.role is Role.UNKNOWN for sentence in self.sentences)

    @property
    def text(self) -> str:
        """All of it as plain text, a line per sentence."""
        lines = [self.question]
        for sentence in self.sentences:
            when = "" if sentence.t_ns is None else seconds_since(self.began_ns, sentence.t_ns)
            lines.append(f"{when:>12}  {sentence.text}")
        return "\n".join(lines)


def seconds_since(began_ns: int, t_ns: int) -> str:
    """A time as it is written in an answer, in seconds since the begin of the app."""
    return f"{(t_ns - began_ns) / 1e9:.6f} s"


def times(count: int) -> str:
    """How often, in words."""
    return "once" if count == 1 else "twice" if count == 2 else f"{count:,} times"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words in a row as one says them: a, b and c."""
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} {last} {found[-1]}" if found else ""


def duration(nanoseconds: int) -> str:
    """A length of time with three figures."""
    size = float(max(nanoseconds, 0))
    for unit in ("ns", "µs", "ms"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} s" if size < 1000 else f"{size:,.0f} s"
