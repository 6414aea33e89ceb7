"""What was asked, with its answer: a list that one can walk back and forth, as a browser does. No Qt."""

from __future__ import annotations

from typing import Final, NamedTuple

from tasktonic_studio.session.answers import Answer
from tasktonic_studio.session.causes import why
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.steps import whole_app
from tasktonic_studio.session.why_not import Question, why_not

MOST_ASKED: Final = 100


class Asked(NamedTuple):
    """A question about a thing ("Why?") or about what did not happen, at a moment (None: live), and its answer."""

    subject: Thing | Question
    time: int | None
    answer: Answer


def ask(session: Session, subject: Thing | Question, time: int | None) -> Asked:
    """Answer a question at a moment."""
    known = session.live if time is None else session.at(time)
    if isinstance(subject, Thing):
        return Asked(subject, time, why(known, subject, whole_app(session, known)))
    return Asked(subject, time, why_not(known, subject))


class History:
    """The questions that were asked, the one that is shown among them."""

    def __init__(self) -> None:
        self._asked: list[Asked] = []
        self._at = -1
        self._is_passing = False

    @property
    def shown(self) -> Asked | None:
        """The question that is shown, None before the first."""
        return self._asked[self._at] if self._at >= 0 else None

    @property
    def can_go_back(self) -> bool:
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        return self._at < len(self._asked) - 1

    def show(self, asked: Asked, *, passing: bool = False) -> None:
        """Show another question. One that was only passed by, as the selection went over it, is forgotten with the next."""
        if self._is_passing and self._at >= 0:
            del self._asked[self._at]
            self._at -= 1
        del self._asked[self._at + 1 :]
        self._asked.append(asked)
        del self._asked[:-MOST_ASKED]
        self._at = len(self._asked) - 1
        self._is_passing = passing

    def replace(self, asked: Asked) -> None:
        """The same question has another answer by now."""
        if self._at >= 0:
            self._asked[self._at] = asked

    def step(self, steps: int) -> None:
        """Go back (-1) or forward (1)."""
        if 0 <= self._at + steps < len(self._asked):
            self._at += steps
            self._is_passing = False

    def clear(self) -> None:
        """Another program: nothing of this means anything now."""
        self._asked.clear()
        self._at = -1
        self._is_passing = False
