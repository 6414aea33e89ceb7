"""Whether a moment fits a breakpoint. Pure: an app and a record ask the same question and get the same answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple, Protocol

from tasktonic.store.paths import parse_pattern, pattern_covers

from .breakpoint import CONDITION, DURATION, EXCEPTION, PATH, SENDER, SPARKLE, Breakpoint, Term


class Subject(Protocol):
    """An essence, as far as a term may ask."""

    @property
    def id(self) -> int:
        """Its number in the ledger."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def path(self) -> str:
        """The names from the root down to it, joined by ``/``."""

    @property
    def kinds(self) -> Sequence[str]:
        """The name of its class and of those that is derived from, nearest first."""


class Switched(NamedTuple):
    """A tonic went from one state to another; ``--`` is none."""

    who: Subject
    old: str
    new: str


class Stored(NamedTuple):
    """A value in a store changed."""

    store: Subject
    path: str


class Failing(NamedTuple):
    """Something was raised. ``kinds`` are the names of its class and of those that is derived from, as far as known."""

    who: Subject | None
    kinds: Sequence[str]
    taken: bool


@dataclass(slots=True)
class Moment:
    """A place between two runs: an order that is about to run, or a run that has just ended with what came of it."""

    before: bool
    """Whether ``who`` is about to run ``sparkle``, and has not yet."""
    who: Subject | None
    """Whose sparkle; ``None`` for what is no sparkle."""
    sparkle: str
    """As it is called; empty for what is none."""
    source: Subject | None = None
    """The essence that called."""
    via: str = ""
    """The sparkle by which it called, or the word for what outside called."""
    took_ns: int = 0
    """How long the run took; 0 before it."""
    switched: Sequence[Switched] = ()
    """State changes of the run."""
    stored: Sequence[Stored] = ()
    """Changes in stores by the run."""
    failing: Sequence[Failing] = ()
    """What was raised in the run."""
    asks: Callable[[Moment, Term], bool] | None = None
    """Evaluates a condition; ``None`` where that cannot be done: then it counts as met."""


def fits(point: Breakpoint, moment: Moment) -> bool:
    """Tell whether a moment fits all terms. ``when`` it is looked at is up to who asks: ``Breakpoint.is_looked_at``.

    Raises: what a condition raises.
    """
    # Conditions last: they are code of the app, and need not run where the rest does not fit.
    rest = [term for term in point.terms if term.kind == CONDITION]
    return all(_holds(term, moment) for term in point.terms if term.kind != CONDITION) and all(
        _is_met(term, moment) for term in rest
    )


def _is_met(term: Term, moment: Moment) -> bool:
    if moment.who is None or not is_about(term, moment.who):
        return term.negated
    return moment.asks is None or moment.asks(moment, term) != term.negated


def _holds(term: Term, moment: Moment) -> bool:
    if term.kind == SPARKLE:
        found = moment.who is not None and _is_called(term, moment.sparkle) and is_about(term, moment.who)
    elif term.kind == SENDER:
        found = _is_sent_by(term, moment)
    elif term.kind == DURATION:
        found = moment.took_ns > term.longer_than_ns and moment.who is not None and is_about(term, moment.who)
    elif term.kind == EXCEPTION:
        found = any(is_failing(term, failing) for failing in moment.failing)
    elif term.kind == PATH:
        found = any(is_stored(term, stored) for stored in moment.stored)
    else:
        found = any(is_switched(term, switched) for switched in moment.switched)
    return found != term.negated


def _is_called(term: Term, sparkle: str) -> bool:
    # The framework's own sparkles are meant only by who names them so.
    return matches_name(term.what, sparkle) and (not sparkle.startswith("_") or term.what.startswith("_"))


def _is_sent_by(term: Term, moment: Moment) -> bool:
    if not moment.via or not matches_name(term.what, moment.via):
        return False
    if not term.cls and not term.tonic:
        return True
    return moment.source is not None and is_about(term, moment.source)


def is_switched(term: Term, switched: Switched) -> bool:
    """Whether a state change is the one that a term means, negated or not."""
    state = switched.new if term.way == "entered" else switched.old
    return switched.old != switched.new and matches_name(term.what, state) and is_about(term, switched.who)


def is_stored(term: Term, stored: Stored) -> bool:
    """Whether a change in a store is one that a term means, negated or not."""
    return _path_fits(term.what, stored.path) and is_about(term, stored.store)


def is_failing(term: Term, failing: Failing) -> bool:
    """Whether something that was raised is what a term means, negated or not."""
    if term.way and (term.way == "taken") != failing.taken:
        return False
    if term.what and not any(matches_name(term.what, kind) for kind in failing.kinds):
        return False
    if failing.who is None:
        return not term.cls and not term.tonic
    return is_about(term, failing.who)


def is_about(term: Term, who: Subject) -> bool:
    """Whether an essence is one that a term means."""
    if term.cls and not any(matches_name(term.cls, kind) for kind in who.kinds):
        return False
    wanted = term.tonic
    if not wanted:
        return True
    if wanted.startswith("#"):
        return wanted[1:] == str(who.id)
    return matches_name(wanted, who.name) or matches_name(wanted, who.path)


def matches_name(pattern: str, name: str) -> bool:
    """Whether a name fits a pattern with ``*`` and ``?``; an empty one fits all."""
    return not pattern or pattern == name or fnmatchcase(name, pattern)


@lru_cache(maxsize=4096)
def _path_fits(pattern: str, path: str) -> bool:
    return pattern_covers(parse_pattern(pattern), tuple(path.split("/")) if path else ())
