"""Which breakpoints are about a thing. Pure questions to what is known and to the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tasktonic.rules import Breakpoint, Term
from tasktonic.rules.breakpoint import EXCEPTION, PATH, SENDER, SPARKLE, STATE
from tasktonic.rules.matching import Failing, Stored, is_about, is_failing, is_stored, matches_name
from tasktonic_studio.session.breakpoint_offers import handler_at
from tasktonic_studio.session.breakpoint_trial import Recorded, kinds_of
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing

_Fits = Callable[[Term], bool]


@dataclass(frozen=True, slots=True)
class _Class:
    """Any tonic of a class, as the rules see it: it has no name that one could ask for."""

    kinds: tuple[str, ...]
    id: int = -1
    name: str = ""
    path: str = ""


def points_about(known: Knowledge, thing: Thing, points: Iterable[Breakpoint]) -> list[Breakpoint]:
    """Those of which a term is about this thing.

    A term is about a tonic or a class that it names; one that names none is about those that have its sparkle or its state. It is
    about a run, an order or a place in source when it is about that sparkle of that tonic, about a state, a path and an
    error when it means it. What must *not* be so is about nothing.
    """
    fits = _question(known, thing)
    return [point for point in points if any(not term.negated and fits(term) for term in point.terms)]


def _question(known: Knowledge, thing: Thing) -> _Fits:
    kind, key = thing.kind, thing.key
    if isinstance(key, int):
        if kind in ("essence", "catalyst"):
            facts = known.essences.get(key)
            return _of_tonic(known, Recorded(known, key), facts.cls) if facts is not None else _nothing
        if kind == "class":
            return _of_tonic(known, _class(known, key), key)
        row = known.run_of(key) if kind == "run" else known.order_of(key) if kind == "order" else None
        if row is not None:
            return _of_sparkle(Recorded(known, row.essence), known.names.sparkle(row.sparkle))
        return _of_line(known, key) if kind == "log" else _nothing
    first, second = key
    if kind == "state":
        return _of_state(_class(known, int(first)), known.names.state(int(first), int(second)))
    if kind == "store":
        stored = Stored(Recorded(known, int(first)), str(second))
        return lambda term: term.kind == PATH and is_stored(term, stored)
    found = handler_at(known, str(first), int(second)) if kind == "place" else None
    return _of_sparkle(_Class((found[0],)), found[1]) if found is not None else _nothing


def _nothing(_term: Term) -> bool:
    return False


def _class(known: Knowledge, cls: int) -> _Class:
    defined = known.names.classes.get(cls)
    return _Class((defined.name, *filter(None, defined.bases.split(",")))) if defined is not None else _Class(())


def _names_who(term: Term, who: Recorded | _Class) -> bool:
    """Whether a term names a tonic; of a class also when it names one of its tonics."""
    if isinstance(who, Recorded):
        return is_about(term, who)
    return not term.cls or any(matches_name(term.cls, kind) for kind in who.kinds)


def _of_tonic(known: Knowledge, who: Recorded | _Class, cls: int) -> _Fits:
    def fits(term: Term) -> bool:
        if term.cls or (term.tonic and isinstance(who, Recorded)):
            return _names_who(term, who)
        if term.tonic or term.what in ("", "*"):
            return False
        if term.kind == SPARKLE:
            sparkles = (known.names.sparkle(handler.sparkle) for handler in known.names.handlers(cls))
            return any(matches_name(term.what, sparkle) for sparkle in sparkles)
        return term.kind == STATE and any(matches_name(term.what, state) for state in known.names.states(cls))

    return fits


def _of_sparkle(who: Recorded | _Class, sparkle: str) -> _Fits:
    return lambda term: term.kind in (SPARKLE, SENDER) and matches_name(term.what, sparkle) and _names_who(term, who)


def _of_state(who: _Class, state: str) -> _Fits:
    return lambda term: term.kind == STATE and matches_name(term.what, state) and _names_who(term, who)


def _of_line(known: Knowledge, index: int) -> _Fits:
    if not known.log.first <= index < len(known.log):
        return _nothing
    line = known.log[index]
    run = known.run_of(line.run) if line.run else None
    if line.level != "error":
        return _of_sparkle(Recorded(known, run.essence), known.names.sparkle(run.sparkle)) if run else _nothing
    who = Recorded(known, line.essence) if line.essence >= 0 else None
    kinds = kinds_of(line.text)
    # Whether somebody took it is not in the record: it counts as said.
    return lambda term: term.kind == EXCEPTION and is_failing(term, Failing(who, kinds, taken=term.way != "not taken"))
