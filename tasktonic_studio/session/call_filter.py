"""Which calls a sequence diagram shows, as typed into its search box."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic.events import ERROR, IGNORED
from tasktonic_studio.session.calls import OUTSIDE, RAN, WAITING, Calls, Numbers
from tasktonic_studio.session.filters import nanoseconds, parse
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.lookup import different_in, distinct

Mask = npt.NDArray[np.bool_]


class CallFilter:
    """`tonic: from: to: type: sparkle: cat: state: error: ignored: waiting: longer:5ms waited:5ms` and bare words.

    `tonic:` is looked for at both ends of a call, a bare word in sparkle and class as well. `longer:` is about the run,
    `waited:` about the time before it.
    """

    def __init__(self, text: str) -> None:
        query = parse(text, _TESTS)
        self.problem = query.problem
        self._terms = []
        for term in query.terms:
            if term.key in ("longer", "waited") and nanoseconds(term.value) is None:
                example = f"'{term.key}:5ms', '{term.key}:20us' or '{term.key}:1s'"
                self.problem = self.problem or f"'{term.key}:' wants a time such as {example}."
            else:
                self._terms.append(term)

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self._terms)

    def only(self, known: Knowledge, calls: Calls) -> Calls:
        """Those calls that fit."""
        if not self._terms or not len(calls):
            return calls
        fits = np.ones(len(calls), np.bool_)
        for term in self._terms:
            hit = _TESTS[term.key](known, calls, term.value)
            fits &= ~hit if term.negated else hit
        return calls.only(fits)


def _where(column: Numbers, test: Callable[[int], bool]) -> Mask:
    """Ask once for each different number."""
    different, inverse = different_in(column)
    hits: Mask = np.array([test(it) for it in different.tolist()], np.bool_)[inverse]
    return hits


def _actor(known: Knowledge, actor: int) -> str:
    if actor <= OUTSIDE:
        return (known.orders.texts.text(OUTSIDE - actor) or "outside").lower()
    return known.essences.name(actor).lower()


def _cls(known: Knowledge, essence: int) -> str:
    facts = known.essences.get(essence)
    return known.names.cls(facts.cls).lower() if facts is not None else ""


def _from(known: Knowledge, calls: Calls, value: str) -> Mask:
    return _where(calls.sender, lambda it: value in _actor(known, it))


def _to(known: Knowledge, calls: Calls, value: str) -> Mask:
    return _where(calls.receiver, lambda it: value in _actor(known, it))


def _type(known: Knowledge, calls: Calls, value: str) -> Mask:
    return _where(calls.receiver, lambda it: value in _cls(known, it))


def _sparkle(known: Knowledge, calls: Calls, value: str) -> Mask:
    return _where(calls.sparkle, lambda it: value in known.names.sparkle(it).lower())


def _catalyst(known: Knowledge, calls: Calls, value: str) -> Mask:
    def fits(essence: int) -> bool:
        facts = known.essences.get(essence)
        return facts is not None and value in known.essences.name(facts.catalyst).lower()

    return _where(calls.receiver, fits)


def _state(known: Knowledge, calls: Calls, value: str) -> Mask:
    hits = np.zeros(len(calls), np.bool_)
    for essence in distinct(calls.receiver).tolist():
        facts = known.essences.get(essence)
        names = known.names.states(facts.cls) if facts is not None else []
        states = [index for index, name in enumerate(names) if name.lower().startswith(value)]
        mine = calls.receiver == essence
        hits |= mine & (np.isin(calls.before, states) | np.isin(calls.after, states))
    return hits


def _longer(_known: Knowledge, calls: Calls, value: str) -> Mask:
    longer: Mask = (calls.fate == RAN) & (calls.end_ns - calls.begin_ns > (nanoseconds(value) or 0))
    return longer


def _waited(known: Knowledge, calls: Calls, value: str) -> Mask:
    until = np.where(calls.fate == RAN, calls.begin_ns, np.where(calls.fate == WAITING, known.t_ns, calls.sent_ns))
    waited: Mask = until - calls.sent_ns > (nanoseconds(value) or 0)
    return waited


_TESTS: Final[Mapping[str, Callable[[Knowledge, Calls, str], Mask]]] = {
    "": lambda known, calls, value: (
        _from(known, calls, value)
        | _to(known, calls, value)
        | _type(known, calls, value)
        | _sparkle(known, calls, value)
    ),
    "tonic": lambda known, calls, value: _from(known, calls, value) | _to(known, calls, value),
    "from": _from,
    "to": _to,
    "type": _type,
    "sparkle": _sparkle,
    "cat": _catalyst,
    "state": _state,
    "error": lambda _known, calls, _value: (calls.flags & ERROR) != 0,
    "ignored": lambda _known, calls, _value: (calls.flags & IGNORED) != 0,
    "waiting": lambda _known, calls, _value: calls.fate == WAITING,
    "longer": _longer,
    "waited": _waited,
}
