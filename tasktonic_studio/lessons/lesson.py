"""A lesson as data: steps, each with text, things to do, predictions, checks and hints, in the order they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tasktonic_studio.lessons.actions import Action
from tasktonic_studio.lessons.facts import Condition, Fact, is_same


@dataclass(frozen=True, slots=True)
class Words:
    """Text in Markdown."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Do:
    """Something to do, offered as a button."""

    action: Action
    line: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers offered. `value` is compared with what the run gives."""

    words: str
    value: str


@dataclass(frozen=True, slots=True)
class Predict:
    """A question that is answered before it is seen; the right answer is looked up in the run. No choices: it is typed."""

    question: str
    choices: tuple[Choice, ...]
    answer: Fact
    because: str = ""
    line: int = 0
    is_now: bool = False
    """Looked up at once; else when what is to be done next has been done."""

    def is_right(self, given: str, found: str) -> bool:
        """Whether what was predicted is what the run gave; of what was typed its words and numbers count, not its commas."""
        return is_same(given, found) or (not self.choices and _words_of(given) == _words_of(found) != [])

    def in_words(self, value: str) -> str:
        """A value as the choices put it."""
        return next((choice.words for choice in self.choices if is_same(choice.value, value)), value)


def _words_of(text: str) -> list[str]:
    """The words and numbers in a text, in small letters."""
    return re.findall(r"-?\d+(?:\.\d+)?|\w+", text.casefold())


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that turns green when it is so."""

    condition: Condition
    words: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Hint:
    """Help for who is stuck, folded away."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """One way to do what a step asks for in the source: lines that go, and lines that come in their place."""

    hunks: tuple[tuple[str, str], ...]
    line: int = 0

    def apply(self, source: str) -> str | None:
        """The source after it; None where it does not fit."""
        for old, new in self.hunks:
            if source.count(old) != 1:
                return None
            source = source.replace(old, new)
        return source


Item = Words | Do | Predict | Check | Hint | Change


@dataclass(frozen=True, slots=True)
class Step:
    """One task."""

    title: str
    items: tuple[Item, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """A whole lesson. `id` is the name of its file, `about` one sentence, `app` the name and `source` the text of its program.

    `guide` is a page of the documentation that goes on from here, such as ``guide/04-states.md``. `stamp` says which text it was
    made from: progress in another text does not count.
    """

    id: str
    title: str
    about: str
    app: str
    source: str
    steps: tuple[Step, ...]
    minutes: int = 5
    guide: str = ""
    stamp: str = field(default="")
