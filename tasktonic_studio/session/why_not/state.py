"""Why a tonic did not go to a state."""

from __future__ import annotations

import difflib

from tasktonic_studio.session import naming
from tasktonic_studio.session.answers import Part, Reason, listed, times
from tasktonic_studio.session.happenings import Happening, HappeningRow
from tasktonic_studio.session.record_limits import unseen_facts
from tasktonic_studio.session.steps import is_value
from tasktonic_studio.session.why_not.reasons import At, Reasons
from tasktonic_studio.session.why_not.sparkle import not_run

_TO_STATE = "_ttss__to_state"
_MOST_WAYS = 5


def not_in_state(reasons: Reasons, essence: int, state: str) -> None:
    """Collect why a tonic did not go to a state."""
    known = reasons.known
    facts = known.essences.get(essence)
    link = naming.tonic(known, essence)
    reasons.asked = link.thing
    if facts is None:
        reasons.give(Reason.NO_SUCH_THING, 1, "There is no such tonic, or it ended long ago.")
        return
    states = known.names.states(facts.cls)
    refused = [row for row in reasons.happened(Happening.REFUSED, essence=essence) if row.word == state]
    if state not in states:
        _tell_unknown(reasons, essence, state, states, refused)
        return
    index = next(it for it in range(len(states)) if known.names.state(facts.cls, it) == state)
    moves = known.transitions
    mine = is_value("essence", essence)
    went = moves.where(lambda it: mine(it) & (it["new"] == index), moves.count_at(known.app.first_n))
    now = known.state_name(essence)
    where = "in no state" if now == "--" else f"in state {now}"
    reasons.head(
        link,
        f" is {where}; it went to {state} {times(len(went))}."
        if len(went)
        else f" is {where}, and never went to {state}.",
    )
    if len(went):
        _tell_went(reasons, essence, index, int(went[-1]), len(went), facts.state == index)
    _tell_already(reasons, essence, index)
    _tell_too_late(reasons, refused)
    waits = _waiting(reasons, essence, facts.cls)
    if not len(went) and not refused and not waits and not reasons.has_any:
        reasons.give(Reason.NEVER_CALLED, 0, f"Nobody asked it to go to {state}.")
        _tell_ways(reasons, essence, facts.cls, index)
    reasons.tell_life(essence)
    reasons.cannot_know(unseen_facts(known, essence))


def _tell_unknown(reasons: Reasons, essence: int, state: str, states: list[str], refused: list[HappeningRow]) -> None:
    known = reasons.known
    facts = known.essences.get(essence)
    near = difflib.get_close_matches(state, states, 1)
    has = f"it has {listed(states)}" if states else "it has no states"
    meant = f" Did you mean {near[0]}?" if near else ""
    cls = known.names.cls(facts.cls if facts is not None else -1)
    words = f"{cls} has no state {state}; {has}.{meant}"
    if not refused:
        reasons.give(Reason.NO_SUCH_STATE, 0, words)
        return
    by, at = reasons.by_run(refused[-1].run)
    reasons.give(
        Reason.NO_SUCH_STATE, len(refused), f"{words} It was asked for {times(len(refused))}, the last time", *by, ".",
        at=at._replace(t_ns=refused[-1].t_ns),
    )  # fmt: skip


def _tell_went(reasons: Reasons, essence: int, index: int, row: int, count: int, is_there: bool) -> None:
    known = reasons.known
    move = known.transitions.row(row)
    by, _ = reasons.by_run(move.run)
    at = At(move.t_ns, naming.tonic(known, essence).thing, move.n + 1)
    words = "It is there since then" if is_there else f"It did go there {times(count)}, the last time"
    asked: tuple[Part, ...] = (", asked", *by) if by else ()
    reasons.give(Reason.IT_DID, count, words, *asked, ".", at=at)
    if not is_there:
        left = known.transitions.where(lambda it: (it["essence"] == essence) & (it["old"] == index), row)
        if len(left):
            out = known.transitions.row(int(left[0]))
            by, _ = reasons.by_run(out.run)
            new = naming.state_name(known, essence, out.new)
            reasons.more(f"It left for {new}", *by, ".", at=At(out.t_ns, at.thing, out.n + 1))


def _tell_already(reasons: Reasons, essence: int, index: int) -> None:
    rows = [row for row in reasons.happened(Happening.UNMOVED, essence=essence) if row.value == index]
    if rows:
        by, at = reasons.by_run(rows[-1].run)
        words = f"It was in that state already {times(len(rows))} when it was asked for, the last time"
        reasons.give(Reason.ALREADY, len(rows), words, *by, ".", at=at._replace(t_ns=rows[-1].t_ns))


def _tell_too_late(reasons: Reasons, refused: list[HappeningRow]) -> None:
    if refused:
        by, at = reasons.by_run(refused[-1].run)
        words = f"It was finishing when it was asked for, {times(len(refused))}, the last time"
        reasons.give(Reason.DROPPED, len(refused), words, *by, ".", at=at._replace(t_ns=refused[-1].t_ns))


def _waiting(reasons: Reasons, essence: int, cls: int) -> bool:
    """Whether an order to change its state waits: it is said then. Which state it is for is known with previews only."""
    known = reasons.known
    asks = next((it.sparkle for it in known.names.sparkles_of(cls) if it.name == _TO_STATE), -1)
    rows = [row for row in known.waiting.all_rows().tolist() if row >= known.orders.first]
    found = [order for order in map(known.orders.row, rows) if order.essence == essence and order.sparkle == asks]
    if found:
        link = naming.order_link(known, found[-1])
        words = " that asks for a state waits in the queue: "
        at = At(found[-1].t_ns, link.thing, link.moment)
        reasons.give(Reason.WAITING, len(found), "An order", words, link, ".", at=at)
    return bool(found)


def _tell_ways(reasons: Reasons, essence: int, cls: int, index: int) -> None:
    """By which sparkles others of its class went there, and what came of those here."""
    known = reasons.known
    names = {it.sparkle: it.name for it in known.names.sparkles_of(cls)}
    ways = {cause.sparkle for cause in known.machines.causes(set(names)) if cause.new == index}
    for sparkle in sorted(ways)[:_MOST_WAYS]:
        inner = Reasons(known)
        not_run(inner, essence, names[sparkle])
        head, *rest = inner.sentences()
        reasons.more(
            f"Others of its class went there by {names[sparkle]}. Of this one: ",
            *head.parts,
            at=At(head.t_ns, head.thing, head.moment),
        )
        for sentence in rest[:1]:
            reasons.more(*sentence.parts, at=At(sentence.t_ns, sentence.thing, sentence.moment))
