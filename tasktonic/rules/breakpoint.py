"""What a breakpoint says: a few terms that must hold together, and what is done when they do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tasktonic.errors import ttArgumentError, ttError
from tasktonic.store.paths import parse_pattern

SPARKLE: Final = "sparkle"
SENDER: Final = "sender"
STATE: Final = "state"
PATH: Final = "path"
EXCEPTION: Final = "exception"
CONDITION: Final = "condition"
DURATION: Final = "duration"

KINDS: Final = (SPARKLE, STATE, PATH, EXCEPTION, SENDER, CONDITION, DURATION)
"""Every kind of term, in the order in which people are offered them."""

WAYS: Final = {STATE: ("entered", "left"), EXCEPTION: ("", "taken", "not taken")}
"""What ``Term.way`` can be; for the other kinds it is empty."""

BEFORE: Final = "before"
AFTER_RUN: Final = "after a run"
AFTER_NEWS: Final = "after news"

NEWS: Final = frozenset((STATE, PATH, EXCEPTION))
"""Kinds of which there is news while something runs."""


class ttBreakpointError(ttError, ValueError):
    """A breakpoint that cannot be: the sentence says what is wrong with it and what it needs."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be so, or with ``negated`` must not be so.

    What ``what`` is, and whose ``cls`` and ``tonic`` are, by ``kind``::

        sparkle    its name, such as ttsc__open                 the tonic's that runs it
        sender     the sparkle that called, or a word: timer,   the essence's that called
                   qt, thread reader
        state      the name of the state                        the tonic's that changes
        path       a path in a store, wildcards as a store's    the store's
        exception  the name of its class, or of a base          the tonic's in which it was raised
        condition  a Python expression over self                the tonic's that is self
        duration   nothing: longer_than_ns says it              the tonic's that ran

    ``cls`` is the name of a class, which means those derived from it too; ``tonic`` a name, a path of names
    (``house/pump``), or an id (``#12``). Both may hold ``*`` and ``?``, as ``what`` may; what is empty fits all.
    """

    kind: str
    """One of ``KINDS``."""
    what: str = ""
    """A pattern, or an expression; see the table."""
    cls: str = ""
    """Pattern for the class."""
    tonic: str = ""
    """Pattern for the name, the path, or ``#`` and the id."""
    way: str = ""
    """Of a state ``entered`` or ``left``; of an exception ``taken`` by somebody, ``not taken``, or empty for both."""
    longer_than_ns: int = 0
    """Of a duration: nanoseconds."""
    negated: bool = False
    """Whether it must not be so."""


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Where an app is to stop, or to say so.

    All terms must hold together. Without a term about what comes of a run it is looked at before each order; a term about a
    state, a path, an exception or a duration has it looked at after the run; and one that has nothing but conditions is
    met when these become true, after a run.
    """

    id: int
    """Its number among those of its owner."""
    terms: tuple[Term, ...]
    """What must hold; at least one."""
    enabled: bool = True
    """Whether it is looked at."""
    once: bool = False
    """Whether the first hit switches it off."""
    every: int = 1
    """Of those that fit, only every so manieth is a hit."""
    log: bool = False
    """Say so in the stream, and run on."""
    only_this: bool = False
    """Hold the catalyst where it is hit, not all of them."""
    temporary: bool = False
    """Whether the first hit takes it away, such as that of *run until*."""

    def check(self) -> None:
        """Refuse what cannot be.

        Raises:
            ttBreakpointError: it has no term, an unknown kind or way, an empty or faulty pattern, or a number out of range.
        """
        if not self.terms:
            raise ttBreakpointError(
                f"Breakpoint {self.id} says nothing: it needs at least one term, such as a sparkle."
            )
        if self.every < 1:
            raise ttBreakpointError(f"Breakpoint {self.id} is to be hit every {self.every} times; 1 and more can be.")
        for term in self.terms:
            _check_term(self.id, term)

    def is_looked_at(self) -> str:
        """When: ``BEFORE`` an order, ``AFTER_RUN`` of each run, or ``AFTER_NEWS`` of the kind it waits for."""
        kinds = {term.kind for term in self.terms}
        waits = any(term.kind in NEWS and not term.negated for term in self.terms)
        if waits and not kinds & {SPARKLE, SENDER, DURATION}:
            return AFTER_NEWS
        if kinds & (NEWS | {DURATION}) or self.is_only_condition():
            return AFTER_RUN
        return BEFORE

    def is_only_condition(self) -> bool:
        """Whether it says nothing but conditions: then it is met when they become true."""
        return all(term.kind == CONDITION for term in self.terms)


def _check_term(number: int, term: Term) -> None:
    where = f"Breakpoint {number}"
    if term.kind not in KINDS:
        raise ttBreakpointError(f"{where}: there is no kind {term.kind!r:.40}; there are {', '.join(KINDS)}.")
    ways = WAYS.get(term.kind, ("",))
    if term.way not in ways:
        known = " or ".join(repr(way) for way in ways)
        raise ttBreakpointError(
            f"{where}: a term about {article(term.kind)} cannot say {term.way!r:.40}; it can say {known}."
        )
    if term.kind == DURATION and term.longer_than_ns <= 0:
        raise ttBreakpointError(f"{where}: say how long a run must take, in milliseconds, above 0.")
    if term.kind == CONDITION:
        _check_expression(where, term.what)
    if term.kind == PATH:
        if not term.what.strip("/"):
            raise ttBreakpointError(f"{where}: name a path in the store, such as 'limits/*'; '**' is all of it.")
        try:
            parse_pattern(term.what)
        except (ttError, ttArgumentError) as error:
            raise ttBreakpointError(f"{where}: {error}") from None


def _check_expression(where: str, text: str) -> None:
    if not text.strip():
        raise ttBreakpointError(f"{where}: write a condition, such as 'self.level > 80'.")
    try:
        compile(text.strip(), "<condition>", "eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        says = error.msg if isinstance(error, SyntaxError) else str(error)
        raise ttBreakpointError(
            f"{where}: the condition {text!r:.60} is no Python expression ({says}). Write one over self, such as 'self.level > 80'."
        ) from None


def article(kind: str) -> str:
    """``a sparkle``, ``an exception``."""
    return f"{'an' if kind == EXCEPTION else 'a'} {kind}"
