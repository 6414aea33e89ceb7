"""Edits: what a person has sent to the app and waits to see, so that the screen changes by the app's echo and by nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from tasktonic.literals import parse_literal, ttLiteralError
from tasktonic.protocol import messages
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.watchers import Watchers

_FIRST: Final = 1
_MOST: Final = 500


class StoreSpot(NamedTuple):
    """A value in a store."""

    store: int
    path: str


class AttributeSpot(NamedTuple):
    """An attribute of an essence."""

    essence: int
    name: str


Spot = StoreSpot | AttributeSpot
"""Something that can be edited in place."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed in a panel: where, as a literal, and what stood there then (its description and type)."""

    spot: Spot
    literal: str
    seen: str
    seen_type: str


@dataclass(slots=True)
class _Waiting:
    request: int
    literal: str
    is_answered: bool = False
    is_echoed: bool = False


class Edits:
    """The edits of one target, and whether one may edit while the app runs. Owned by its `Session`; UI thread only."""

    def __init__(self) -> None:
        self._numbers = itertools.count(_FIRST)
        self._watchers = Watchers[[]]()
        self._waiting: dict[Spot, _Waiting] = {}
        self.live = False
        """Values may be edited while the app runs: they may change under one's hands."""
        self.typed: Typed | None = None
        """What was typed last, on its way to the command that sends it."""

    def begin(self) -> None:
        """Another target: nothing is waited for, and what runs is not edited unless that is switched on again."""
        self._waiting.clear()
        self.live = False
        self.typed = None
        self._tell()

    def new_number(self) -> int:
        """A number for a request, other than all before."""
        return next(self._numbers)

    def sent(self, spot: Spot, request: int, literal: str) -> None:
        """An edit is on its way; it is waited for until the app has answered and its echo has come."""
        while len(self._waiting) >= _MOST:
            del self._waiting[next(iter(self._waiting))]
        self._waiting[spot] = _Waiting(request, literal)
        self._tell()

    def waits_for(self, spot: Spot) -> str:
        """The literal that was sent and has not come back; empty for none."""
        waiting = self._waiting.get(spot)
        return "" if waiting is None else waiting.literal

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self, changes: Changes) -> None:
        """See what came back."""
        if not self._waiting:
            return
        before = len(self._waiting)
        answers = {it.request: it for it in changes.answers if isinstance(it, messages.Answer)}
        over = changes.target and bool(changes.ended)
        for spot, waiting in list(self._waiting.items()):
            answer = answers.get(waiting.request)
            if answer is not None:
                waiting.is_answered = True
            waiting.is_echoed |= spot in changes.store if isinstance(spot, StoreSpot) else False
            if isinstance(spot, AttributeSpot) and waiting.is_answered:
                waiting.is_echoed |= spot.essence in changes.attributes
            refused = answer is not None and (not answer.ok or bool(answer.text))
            if over or refused or (waiting.is_answered and waiting.is_echoed):
                del self._waiting[spot]
        if len(self._waiting) != before:
            self._tell()

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` when something is waited for, or no longer, until the returned function is called."""
        return self._watchers.add(callback)

    def set_live(self, is_live: bool) -> None:
        """Say whether one may edit while the app runs."""
        self.live = is_live
        self._tell()

    def _tell(self) -> None:
        self._watchers.tell()


def literal_of(shown: str, type_name: str) -> str:
    """What an editor begins with: the description of a value when it is the whole value as a literal, else nothing.

    A description may be cut, hidden, or of something that cannot be typed.
    """
    try:
        value: Any = parse_literal(shown)
    except ttLiteralError:
        return ""
    return shown if type(value).__name__ == type_name else ""


def literal_from(text: str, type_name: str) -> str:
    """What was typed as a literal: where a text was before, bare words are a text.

    Raises:
        ttLiteralError: it is no literal.
    """
    try:
        parse_literal(text)
    except ttLiteralError:
        if type_name == "str" and text.strip() and not text.strip().startswith(("'", '"')):
            return repr(text.strip())
        raise
    return text.strip()
