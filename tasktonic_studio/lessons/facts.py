"""The small language of lessons for what is so in a run: facts such as ``state of light``, conditions such as ``… is red``.

Nothing here is executed: a fact is a word out of a fixed list with names and numbers, looked up in `looking.py`.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Final, Literal

from tasktonic_studio.lessons.problems import WrittenWrong

Relation = Literal["is", "is not", "is at least", "is at most", "has", "has no"]

_NAME: Final = r"(?P<name>\S.*)"
_PATTERNS: Final = {
    "sparkle": r"sparkle (?P<first>\d{1,6})(?: of (?P<name>\S.*))?",
    "sparkles": r"sparkles (?P<first>\d{1,6}) to (?P<last>\d{1,6})(?: of (?P<name>\S.*))?",
    "last sparkle": r"last sparkle(?: of (?P<name>\S.*))?",
    "runs": rf"runs of {_NAME}",
    "arguments": r"arguments of sparkle (?P<first>\d{1,6})(?: of (?P<name>\S.*))?",
    "caller": r"caller of sparkle (?P<first>\d{1,6})(?: of (?P<name>\S.*))?",
    "state": rf"state of {_NAME}",
    "states": rf"states of {_NAME}",
    "life": rf"life of {_NAME}",
    "catalyst": rf"catalyst of {_NAME}",
    "number": rf"number of {_NAME}",
    "store": rf"store {_NAME}",
    "last log line": r"last log line",
    "log line": r"log line (?P<first>\d{1,6})",
    "log": r"log",
    "seconds": r"seconds",
    "waiting": r"waiting",
    "errors": r"errors",
    "app": r"app",
    "source": r"source",
}

FACTS: Final = {
    "sparkle N": "name of the Nth sparkle that ran; `sparkle N of TONIC` counts those of one tonic",
    "sparkles N to M": "their names, with commas; also `of TONIC`",
    "last sparkle": "name of the one that ran last; also `of TONIC`",
    "runs of SPARKLE": "how often it ran, or was ignored; `runs of TONIC.SPARKLE` counts those of one tonic",
    "arguments of sparkle N": "what it was called with, in a few words; also `of TONIC`",
    "caller of sparkle N": "name of the tonic that called it, or a word such as `outside`; also `of TONIC`",
    "state of TONIC": "its state now; `--` for none",
    "states of TONIC": "all states it has been in, in order, with commas",
    "life of TONIC": "`alive`, `finishing`, `finished`, or `not born`",
    "catalyst of TONIC": "name of the catalyst that runs it",
    "number of CLASS": "how many tonics of a class live, or of one that is made from it",
    "store PATH": "the value there; `nothing` when there is none",
    "log line N": "the Nth line that a tonic said",
    "last log line": "the last one",
    "log": "all that tonics said",
    "seconds": "time since the app began, by its own clock",
    "waiting": "how many orders wait in queues",
    "errors": "how many sparkles failed",
    "app": "`running`, `held`, `ended`, or `none` before it was started",
    "source": "text of the lesson's program as it is on disk now",
}
"""Each fact as a teacher writes it, with what it is; the guide page has this table."""

RELATIONS: Final[tuple[Relation, ...]] = ("is at least", "is at most", "is not", "is", "has no", "has")
"""Longer ones first: they are looked for in this order."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that can be looked up in a run."""

    kind: str
    name: str = ""
    first: int = 0
    last: int = 0
    text: str = ""
    """As it was written."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact compared with a value."""

    fact: Fact
    relation: Relation
    value: str

    @property
    def text(self) -> str:
        return f"{self.fact.text} {self.relation} {self.value}"

    def holds(self, found: str | None) -> bool:
        """Whether it is so, the fact being ``found``; None for one that cannot be said (yet)."""
        if found is None:
            return False
        if self.relation == "has":
            return self.value in found
        if self.relation == "has no":
            return self.value not in found
        if self.relation in ("is", "is not"):
            return is_same(found, self.value) == (self.relation == "is")
        number, limit = as_number(found), as_number(self.value)
        if number is None or limit is None:
            return False
        return number >= limit if self.relation == "is at least" else number <= limit


def read_fact(text: str) -> Fact:
    """The fact that a text asks for.

    Raises:
        WrittenWrong: there is no such fact; the message names the nearest one.
    """
    text = " ".join(text.split())
    for kind, pattern in _PATTERNS.items():
        found = re.fullmatch(pattern, text)
        if found:
            parts = found.groupdict()
            first, last = int(parts.get("first") or 0), int(parts.get("last") or 0)
            if ("first" in parts and first < 1) or (kind == "sparkles" and last <= first):
                raise WrittenWrong(f"'{text}': sparkles and lines are counted from 1, and the second number is larger.")
            return Fact(kind, (parts.get("name") or "").strip(), first, last, text)
    raise WrittenWrong(f"There is no fact '{_short(text)}'. {_nearest_fact(text)}")


def read_condition(text: str) -> Condition:
    """The condition that a text says.

    Raises:
        WrittenWrong: it has no relation or no value, or there is no such fact.
    """
    text = " ".join(text.split())
    places = [(text.find(f" {relation} "), -len(relation), relation) for relation in RELATIONS]
    found = min((place for place in places if place[0] > 0), default=None)
    if found is None:
        raise WrittenWrong(
            f"'{_short(text)}' is no condition. Write a fact, then one of {', '.join(sorted(RELATIONS))}, then a value: "
            "state of light is red."
        )
    at, _, relation = found
    value = unquoted(text[at + len(relation) + 2 :]).replace("\\n", "\n")
    if relation.startswith("is at ") and as_number(value) is None:
        raise WrittenWrong(f"'{_short(value)}' is no number: write one in digits behind {relation}.")
    return Condition(read_fact(text[:at]), relation, value)


def is_same(one: str, other: str) -> bool:
    """Whether two values are the same: numbers by their size, all else by its letters, without quotes around."""
    first, second = as_number(one), as_number(other)
    if first is not None and second is not None:
        return abs(first - second) < 1e-9
    return unquoted(one).casefold() == unquoted(other).casefold()


def as_number(text: str) -> float | None:
    """A number that is written in plain digits, else None."""
    return float(text) if re.fullmatch(r"\s*[+-]?\d{1,15}(\.\d{1,15})?\s*", text) else None


def unquoted(text: str) -> str:
    """A text without one pair of quotes around it."""
    text = text.strip()
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'" else text


def _nearest_fact(text: str) -> str:
    words = {re.split(r" [A-Z]", shown)[0]: shown for shown in FACTS}
    head = re.split(r" of | \d", text)[0]
    near = difflib.get_close_matches(head, [re.split(r" of$", word)[0] for word in words], n=1, cutoff=0.5)
    if near:
        shown = next(shown for word, shown in words.items() if re.split(r" of$", word)[0] == near[0])
        return f"Did you mean '{shown}'?"
    return f"There are: {', '.join(FACTS)}."


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
