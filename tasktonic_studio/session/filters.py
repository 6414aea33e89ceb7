"""The filters that panels offer, as typed into a search box: `state:open type:Client dead: pump`.

A filter is words that must all hold. `key:value` asks for one property, `key:` alone for the property as such, a bare word is
looked for in names, `"several words"` belong together, a leading `-` turns a word around. Case does not matter. A key that a
filter does not know is not an error while somebody types: it is named in `problem`, and the rest counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic.events import ERROR, HOOK, IGNORED, SYSTEM
from tasktonic.protocol.messages import NextOrder
from tasktonic_studio.session.columns import Column
from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.log_lines import LogLineFacts
from tasktonic_studio.session.lookup import distinct
from tasktonic_studio.session.queues import CatalystFacts
from tasktonic_studio.session.store_mirror import StoreEntry

_WORD: Final = re.compile(r'(?P<minus>-?)(?:(?P<key>[A-Za-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]*))')


class Term(NamedTuple):
    """One word of a filter; `key` is empty for a bare word, `value` is in lower case."""

    key: str
    value: str
    negated: bool


class Query(NamedTuple):
    """A text taken apart: the terms that count, and a sentence about what was not understood (else empty)."""

    terms: tuple[Term, ...]
    problem: str


def parse(text: str, keys: Iterable[str]) -> Query:
    """Take a filter text apart; `keys` are the ones it may use."""
    allowed = sorted(filter(None, keys))
    terms: list[Term] = []
    problem = ""
    for match in _WORD.finditer(text):
        key = (match["key"] or "").lower()
        quoted: str | None = match["quoted"]
        value = (quoted if quoted is not None else match["plain"] or "").lower()
        if not key and not value:
            continue
        if key and key not in allowed:
            # Most likely a path, a time or a word still being typed.
            near = get_close_matches(key, allowed, 1)
            hint = f" Did you mean '{near[0]}:'?" if near else ""
            problem = (
                problem or f"There is no filter '{key}:'.{hint} There are {', '.join(f'{it}:' for it in allowed)}."
            )
            continue
        terms.append(Term(key, value, bool(match["minus"])))
    return Query(tuple(terms), problem)


class LedgerFilter:
    """Which essences a ledger shows: `name: type: state: cat: service: id: error: alive: dead: finishing: busy:` and bare words.

    `state:`, `service:` and so on without a value ask whether there is one. A bare word is looked for in name and type.
    """

    def __init__(self, text: str) -> None:
        query = parse(text, _LEDGER_TESTS)
        self.problem = query.problem
        self._terms = query.terms

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self._terms)

    def accepts(self, known: Knowledge, essence: int) -> bool:
        """Whether an essence fits; one that is not known does not."""
        facts = known.essences.get(essence)
        if facts is None:
            return False
        return all(_LEDGER_TESTS[term.key](known, facts, term.value) != term.negated for term in self._terms)

    def matching(self, known: Knowledge) -> set[int]:
        """All that fit."""
        return {essence for essence in known.essences if self.accepts(known, essence)}


def _bare(known: Knowledge, facts: EssenceFacts, value: str) -> bool:
    return value in facts.name.lower() or value in known.names.cls(facts.cls).lower()


def _state(known: Knowledge, facts: EssenceFacts, value: str) -> bool:
    return facts.state >= 0 and (not value or known.names.state(facts.cls, facts.state).lower().startswith(value))


def _catalyst(known: Knowledge, facts: EssenceFacts, value: str) -> bool:
    return facts.catalyst >= 0 and (
        value in known.essences.name(facts.catalyst).lower() or value == str(facts.catalyst)
    )


_LEDGER_TESTS: Final[Mapping[str, Callable[[Knowledge, EssenceFacts, str], bool]]] = {
    "": _bare,
    "name": lambda known, facts, value: value in facts.name.lower(),
    "type": lambda known, facts, value: value in known.names.cls(facts.cls).lower(),
    "state": _state,
    "cat": _catalyst,
    "catalyst": _catalyst,
    "service": lambda known, facts, value: bool(facts.service) and value in facts.service.lower(),
    "id": lambda known, facts, value: value == str(facts.id),
    "error": lambda known, facts, value: facts.errors > 0,
    "alive": lambda known, facts, value: facts.is_alive,
    "dead": lambda known, facts, value: not facts.is_alive,
    "finishing": lambda known, facts, value: facts.life == "finishing",
    "busy": lambda known, facts, value: known.rate(facts.id) > 0,
}


class StoreFilter:
    """Which paths of the stores are found: `path: type: writer: value: link: changed:5s removed:` and bare words.

    A bare word is looked for in the path. Removed paths are found only when `removed:` asks for them.
    """

    def __init__(self, text: str) -> None:
        query = parse(text, _STORE_TESTS)
        self.problem = query.problem
        self.asks_removed = False
        self._terms = []
        for term in query.terms:
            if term.key == "changed" and _age_ns(term.value) is None:
                self.problem = self.problem or "'changed:' wants a time such as 'changed:5s' or 'changed:200ms'."
                continue
            self.asks_removed = self.asks_removed or (term.key == "removed" and not term.negated)
            self._terms.append(term)

    def __bool__(self) -> bool:
        """Whether it asks for anything."""
        return bool(self._terms)

    def accepts(self, known: Knowledge, path: str, entry: StoreEntry) -> bool:
        """Whether the value at a path fits at this moment."""
        if entry.removed and not self.asks_removed:
            return False
        return all(_STORE_TESTS[term.key](known, path, entry, term.value) != term.negated for term in self._terms)


def _age_ns(text: str) -> int | None:
    """As `nanoseconds`, but of seconds when there is no unit: that is how old things are."""
    return nanoseconds(f"{text}s" if text and (text[-1].isdigit()) else text)


def _changed(known: Knowledge, path: str, entry: StoreEntry, value: str) -> bool:
    return entry.t_ns > 0 and known.t_ns - entry.t_ns <= (_age_ns(value) or 0)


_STORE_TESTS: Final[Mapping[str, Callable[[Knowledge, str, StoreEntry, str], bool]]] = {
    "": lambda known, path, entry, value: value in path.lower(),
    "path": lambda known, path, entry, value: value in path.lower(),
    "type": lambda known, path, entry, value: value in entry.type.lower(),
    "writer": lambda known, path, entry, value: bool(entry.source) and value in entry.source.lower(),
    "value": lambda known, path, entry, value: value in entry.new.lower(),
    "link": lambda known, path, entry, value: entry.type == "link",
    "changed": _changed,
    "removed": lambda known, path, entry, value: entry.removed,
}


class LogFilter:
    """Which log lines are shown: `level: tonic:` and bare words, looked for in text and tonic."""

    def __init__(self, text: str) -> None:
        query = parse(text, _LOG_TESTS)
        self.problem = query.problem
        self._terms = query.terms

    def __bool__(self) -> bool:
        return bool(self._terms)

    def accepts(self, line: LogLineFacts) -> bool:
        return all(_LOG_TESTS[term.key](line, term.value) != term.negated for term in self._terms)


_LOG_TESTS: Final[Mapping[str, Callable[[LogLineFacts, str], bool]]] = {
    "": lambda line, value: value in line.text.lower() or value in line.name.lower(),
    "level": lambda line, value: line.level.startswith(value),
    "tonic": lambda line, value: value in line.name.lower(),
    "text": lambda line, value: value in line.text.lower(),
    "run": lambda line, value: value == str(line.run) if value else line.run > 0,
}


class RunFilter:
    """Which runs a trace shows: `tonic: type: sparkle: cat: state: error: ignored: hook: system: longer:5ms` and bare words.

    Works on whole columns: `mask` of a chunk of a million runs takes some milliseconds. A bare word is looked for in tonic,
    type and sparkle. `state:` looks at the state before and after.
    """

    def __init__(self, text: str) -> None:
        query = parse(text, (*_ESSENCE_TESTS, *_RUN_TESTS))
        self.problem = query.problem
        self._fits: dict[tuple[int, str, str], dict[int, bool]] = {}
        self._terms = []
        for term in query.terms:
            if term.key == "longer" and nanoseconds(term.value) is None:
                self.problem = (
                    self.problem or "'longer:' wants a time such as 'longer:5ms', 'longer:20us' or 'longer:1s'."
                )
            else:
                self._terms.append(term)

    def __bool__(self) -> bool:
        return bool(self._terms)

    def mask(self, known: Knowledge, columns: Mapping[str, Column]) -> npt.NDArray[np.bool_]:
        """Which of these rows (columns of `Runs.chunks`) fit."""
        fits = np.ones(len(columns["n"]), np.bool_)
        for term in self._terms:
            hit = self._hits(known, columns, term)
            fits &= ~hit if term.negated else hit
        return fits

    def _hits(self, known: Knowledge, columns: Mapping[str, Column], term: Term) -> npt.NDArray[np.bool_]:
        test = _ESSENCE_TESTS.get(term.key)
        if test is None:
            return _RUN_TESTS[term.key](known, columns, term.value)
        # Name and class of an essence never change: with thousands of them, asking again per chunk would be most of the work.
        remembered = self._fits.setdefault((known.app.number, term.key, term.value), {})
        ids = []
        for essence in distinct(columns["essence"]).tolist():
            fits = remembered.get(essence)
            if fits is None and (facts := known.essences.get(essence)) is not None:
                fits = remembered[essence] = test(known, facts, term.value)
            if fits:
                ids.append(essence)
        hits = _among(columns["essence"], ids)
        return hits if term.key else hits | _run_sparkle(known, columns, term.value)

    def rows(self, known: Knowledge, start: int = 0, stop: int | None = None) -> npt.NDArray[np.int64]:
        """Indices of all runs of a moment that fit, or of those from `start` to `stop`."""
        return known.runs.where(lambda columns: self.mask(known, columns), start, stop)


_UNITS: Final = {"ns": 1, "us": 1_000, "µs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "": 1_000_000}


def nanoseconds(text: str) -> int | None:
    """`5ms` as nanoseconds (without a unit: milliseconds), None when it is not a time."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|)", text)
    return round(float(match[1]) * _UNITS[match[2]]) if match else None


def _among(column: Column, ids: Iterable[int]) -> npt.NDArray[np.bool_]:
    hits: npt.NDArray[np.bool_] = np.isin(column, np.fromiter(ids, np.int64))
    return hits


def _run_sparkle(known: Knowledge, columns: Mapping[str, Column], value: str) -> npt.NDArray[np.bool_]:
    different = distinct(columns["sparkle"]).tolist()
    return _among(columns["sparkle"], [it for it in different if value in known.names.sparkle(it).lower()])


def _run_catalyst(known: Knowledge, columns: Mapping[str, Column], value: str) -> npt.NDArray[np.bool_]:
    different = distinct(columns["catalyst"]).tolist()
    return _among(
        columns["catalyst"],
        [it for it in different if value in known.essences.name(it).lower() or value == str(it)],
    )


def _run_state(known: Knowledge, columns: Mapping[str, Column], value: str) -> npt.NDArray[np.bool_]:
    hits = np.zeros(len(columns["n"]), np.bool_)
    for essence in distinct(columns["essence"]).tolist():
        facts = known.essences.get(essence)
        if facts is None:
            continue
        states = [index for index, name in enumerate(known.names.states(facts.cls)) if name.lower().startswith(value)]
        mine = columns["essence"] == essence
        hits |= mine & (_among(columns["before"], states) | _among(columns["after"], states))
    return hits


def _flag(flag: int) -> Callable[[Knowledge, Mapping[str, Column], str], npt.NDArray[np.bool_]]:
    def test(known: Knowledge, columns: Mapping[str, Column], value: str) -> npt.NDArray[np.bool_]:
        flagged: npt.NDArray[np.bool_] = (columns["flags"] & flag) != 0
        return flagged

    return test


def _run_longer(known: Knowledge, columns: Mapping[str, Column], value: str) -> npt.NDArray[np.bool_]:
    limit_ns = nanoseconds(value)
    longer: npt.NDArray[np.bool_] = columns["end_ns"] - columns["begin_ns"] > (limit_ns or 0)
    return longer


_ESSENCE_TESTS: Final[Mapping[str, Callable[[Knowledge, EssenceFacts, str], bool]]] = {
    "": _bare,
    "tonic": lambda known, facts, value: value in facts.name.lower(),
    "type": lambda known, facts, value: value in known.names.cls(facts.cls).lower(),
}
"""Tests of the tonic that ran; a bare word may also be in the sparkle."""

_RUN_TESTS: Final[Mapping[str, Callable[[Knowledge, Mapping[str, Column], str], npt.NDArray[np.bool_]]]] = {
    "sparkle": _run_sparkle,
    "cat": _run_catalyst,
    "catalyst": _run_catalyst,
    "state": _run_state,
    "error": _flag(ERROR),
    "ignored": _flag(IGNORED),
    "hook": _flag(HOOK),
    "system": _flag(SYSTEM),
    "longer": _run_longer,
}


class CatalystFilter:
    """Which catalysts a table shows: `waiting: busy: inside: held: alive: dead:` and bare words, looked for in name and thread."""

    def __init__(self, text: str) -> None:
        query = parse(text, _CATALYST_TESTS)
        self.problem = query.problem
        self._terms = query.terms

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self._terms)

    def accepts(self, known: Knowledge, facts: CatalystFacts) -> bool:
        """Whether a catalyst fits."""
        return all(_CATALYST_TESTS[term.key](known, facts, term.value) != term.negated for term in self._terms)


def _catalyst_word(known: Knowledge, facts: CatalystFacts, value: str) -> bool:
    return value in (facts.name or known.essences.name(facts.id)).lower() or value in facts.thread.lower()


_CATALYST_TESTS: Final[Mapping[str, Callable[[Knowledge, CatalystFacts, str], bool]]] = {
    "": _catalyst_word,
    "waiting": lambda known, facts, value: len(known.waiting_of(facts.id)[0]) > 0,
    "busy": lambda known, facts, value: facts.alive and facts.busy_share > 0,
    "inside": lambda known, facts, value: facts.alive and facts.inside >= 0,
    "held": lambda known, facts, value: facts.held,
    "alive": lambda known, facts, value: facts.alive,
    "dead": lambda known, facts, value: not facts.alive,
}


class OrderFilter:
    """Which waiting orders a queue shows: `tonic: type: sparkle: sender: longer:5ms` and bare words.

    A bare word is looked for in tonic, class and sparkle. `longer:` is about how long it has waited.
    """

    def __init__(self, text: str) -> None:
        query = parse(text, _ORDER_TESTS)
        self.problem = query.problem
        self._terms = []
        for term in query.terms:
            if term.key == "longer" and nanoseconds(term.value) is None:
                self.problem = self.problem or "'longer:' wants a time such as 'longer:5ms' or 'longer:1s'."
            else:
                self._terms.append(term)

    def __bool__(self) -> bool:
        return bool(self._terms)

    def rows(self, known: Knowledge, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Those of these rows of `Knowledge.orders` (ascending) that fit."""
        if not self._terms or not len(rows):
            return rows
        low, high = int(rows[0]), int(rows[-1]) + 1
        names = ("essence", "sparkle", "source", "cause", "t_ns")
        columns = {name: known.orders.column(name, low, high)[rows - low] for name in names}
        fits = np.ones(len(rows), np.bool_)
        for term in self._terms:
            hit = _ORDER_TESTS[term.key](known, columns, term.value)
            fits &= ~hit if term.negated else hit
        return rows[fits]

    def told(self, known: Knowledge, orders: Iterable[NextOrder]) -> list[NextOrder]:
        """Those that fit, of the orders that a held app told of."""
        return [order for order in orders if all(_fits_told(known, order, term) for term in self._terms)]


def _fits_told(known: Knowledge, order: NextOrder, term: Term) -> bool:
    facts = known.essences.get(order.essence)
    cls = known.names.cls(facts.cls) if facts is not None else ""
    if term.key == "longer":
        fits = bool(order.queued_ns) and known.t_ns - order.queued_ns > (nanoseconds(term.value) or 0)
    else:
        texts = {"tonic": (order.name,), "type": (cls,), "sparkle": (order.sparkle,), "sender": (order.sender,)}
        among = texts.get(term.key, (order.name, cls, order.sparkle))
        fits = any(term.value in text.lower() for text in among)
    return fits != term.negated


def _order_essence(
    test: Callable[[Knowledge, EssenceFacts, str], bool],
) -> Callable[[Knowledge, Mapping[str, Column], str], npt.NDArray[np.bool_]]:
    def fits(known: Knowledge, columns: Mapping[str, Column], value: str) -> npt.NDArray[np.bool_]:
        ids = []
        for essence in distinct(columns["essence"]).tolist():
            facts = known.essences.get(essence)
            if facts is not None and test(known, facts, value):
                ids.append(essence)
        return _among(columns["essence"], ids)

    return fits


def _order_word(known: Knowledge, columns: Mapping[str, Column], value: str) -> npt.NDArray[np.bool_]:
    return _order_essence(_bare)(known, columns, value) | _run_sparkle(known, columns, value)


def _order_sender(known: Knowledge, columns: Mapping[str, Column], value: str) -> npt.NDArray[np.bool_]:
    sources = [it for it in distinct(columns["source"]).tolist() if it >= 0]
    tonics = _among(columns["source"], [it for it in sources if value in known.essences.name(it).lower()])
    causes = distinct(columns["cause"]).tolist()
    others = _among(columns["cause"], [it for it in causes if value in known.orders.texts.text(it).lower()])
    return tonics | ((columns["source"] < 0) & others)


def _order_longer(known: Knowledge, columns: Mapping[str, Column], value: str) -> npt.NDArray[np.bool_]:
    longer: npt.NDArray[np.bool_] = known.t_ns - columns["t_ns"] > (nanoseconds(value) or 0)
    return longer


_ORDER_TESTS: Final[Mapping[str, Callable[[Knowledge, Mapping[str, Column], str], npt.NDArray[np.bool_]]]] = {
    "": _order_word,
    "tonic": _order_essence(_ESSENCE_TESTS["tonic"]),
    "type": _order_essence(_ESSENCE_TESTS["type"]),
    "sparkle": _run_sparkle,
    "sender": _order_sender,
    "longer": _order_longer,
}
