"""Tonics that wait for each other: each ignored what the other asked for, and has stood still since.

A question to a moment, not a fold: what stands still may go on later, and then it was no such thing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tasktonic.events import HOOK, IGNORED, SYSTEM
from tasktonic_studio.session.finding import Finding

if TYPE_CHECKING:
    from tasktonic_studio.session.knowledge import Knowledge

STANDS_NS: Final = 500_000_000
"""So long nothing must have happened."""
MOST_IGNORERS: Final = 500
"""Where more sparkles were ignored than this, ignoring is the way of the app, and nobody looks."""


class _Refusal(NamedTuple):
    """A tonic ignored what another one had asked for."""

    tonic: int
    asker: int
    sparkle: int
    state: int
    n: int
    t_ns: int
    order: int


def waiting_for_each_other(know: Knowledge) -> list[Finding]:
    """One finding for each circle of tonics, of two or more."""
    ignorers = know.findings.ignorers
    if not 2 <= len(ignorers) <= MOST_IGNORERS:
        return []
    refusals: dict[int, list[_Refusal]] = {}
    for (tonic, sparkle, state), ignorer in ignorers.items():
        if state < 0 or not _stands_since(know, tonic, ignorer.last_n, ignorer.last_ns):
            continue
        order = know.order_of(ignorer.last_order)
        if order is not None and order.source >= 0 and order.source != tonic:
            refusal = _Refusal(tonic, order.source, sparkle, state, ignorer.last_n, ignorer.last_ns, order.order)
            refusals.setdefault(tonic, []).append(refusal)
    found: dict[frozenset[int], Finding] = {}
    for tonic in refusals:
        circle = _circle(refusals, tonic)
        members = frozenset(refusal.tonic for refusal in circle)
        if circle and members not in found:
            found[members] = _finding(know, circle)
    return list(found.values())


def _stands_since(know: Knowledge, tonic: int, n: int, t_ns: int) -> bool:
    """Whether a tonic has neither run anything nor gone to another state after event `n`, until it was asked to finish.

    Not so when that was less than `STANDS_NS`.
    """
    facts = know.essences.get(tonic)
    if facts is None:
        return False
    until_ns = know.t_ns if facts.finishing_ns is None else facts.finishing_ns
    if until_ns - t_ns < STANDS_NS:
        return False
    for row in know.runs.find("essence", tonic, know.runs.count_at(n + 1)).tolist():
        run = know.runs.row(row)
        if run.begin_ns < until_ns and not run.flags & (IGNORED | HOOK | SYSTEM):
            return False
    moves = know.transitions.find("essence", tonic, know.transitions.count_at(n + 1))
    went_on = know.transitions.take(("new",), moves)["new"] >= 0
    return not bool(np.any(went_on))


def _circle(refusals: dict[int, list[_Refusal]], start: int) -> list[_Refusal]:
    """The way from a tonic to who asked it, to who asked that one, and so on, back to itself; empty when there is none."""
    ways: list[list[_Refusal]] = [[refusal] for refusal in refusals[start]]
    seen: set[int] = set()
    while ways:
        way = ways.pop(0)
        asker = way[-1].asker
        if asker == start:
            return way
        if asker not in seen:
            seen.add(asker)
            ways += [[*way, refusal] for refusal in refusals.get(asker, ())]
    return []


def _finding(know: Knowledge, circle: list[_Refusal]) -> Finding:
    """It began with the last of them that was refused, and lasts until now, or until one of them was finished."""
    last = max(circle, key=lambda refusal: refusal.n)
    until_n, until_ns = know.n - 1, know.t_ns
    for refusal in circle:
        ended = know.transitions.find("essence", refusal.tonic, know.transitions.count_at(refusal.n + 1))
        if len(ended) and (move := know.transitions.row(int(ended[0]))).n <= until_n:
            until_n, until_ns = move.n - 1, move.t_ns
    facts = know.essences.get(last.tonic)
    cls = facts.cls if facts is not None else -1
    return Finding(
        "waits",
        know.app.number,
        1,
        last.n,
        last.t_ns,
        until_n,
        until_ns,
        cls=cls,
        essence=last.tonic,
        name=know.essences.name(last.tonic),
        tonics=len(circle),
        sparkle=last.sparkle,
        state=last.state,
        catalyst=facts.catalyst if facts is not None else -1,
        run=last.order,
        order=last.order,
        text=", ".join(_words(know, refusal) for refusal in sorted(circle, key=lambda it: it.n)),
        key=("waits", know.app.number, frozenset(refusal.tonic for refusal in circle)),
    )


def _words(know: Knowledge, refusal: _Refusal) -> str:
    facts = know.essences.get(refusal.tonic)
    state = know.names.state(facts.cls, refusal.state) if facts is not None else "--"
    asked = f"{know.names.sparkle(refusal.sparkle)} of {know.essences.name(refusal.asker)}"
    return f"{know.essences.name(refusal.tonic)} is {state} and ignored {asked}"
