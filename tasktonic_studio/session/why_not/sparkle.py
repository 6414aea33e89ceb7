"""Why a sparkle of a tonic did not run: what became of each call of it, counted."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tasktonic.events import ERROR, HOOK, IGNORED
from tasktonic_studio.session import naming
from tasktonic_studio.session.answers import Link, Part, Reason, duration, listed, times
from tasktonic_studio.session.columns import Column
from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.happenings import Happening, HappeningRow
from tasktonic_studio.session.lookup import distinct
from tasktonic_studio.session.record_limits import unseen_flow
from tasktonic_studio.session.timeline import OrderRow
from tasktonic_studio.session.why_not.catalyst import Standing, standing_of
from tasktonic_studio.session.why_not.news import tell_news
from tasktonic_studio.session.why_not.reasons import At, Reasons
from tasktonic_studio.session.why_not.timer import not_fired

Numbers = npt.NDArray[np.int64]

HOOKS = ("ttse__on_enter", "ttse__on_exit", "ttse__on_finished")
_DENSE = 50_000_000
"""Numbers in a range of at most so many are compared by a table of booleans."""


@dataclass
class Fates:
    """What became of the calls of a sparkle: rows of orders and of runs. Each call stands in one of them."""

    orders: Numbers
    ran: Numbers
    failed: int
    ignored: Numbers
    dropped: list[HappeningRow]
    waiting: Numbers
    running: OrderRow | None
    missing: Numbers

    @property
    def calls(self) -> int:
        """How often it was called, as far as known; a run whose order was not noted counts too."""
        settled = len(self.ran) + len(self.ignored) + len(self.dropped)
        return settled + len(self.waiting) + (self.running is not None) + len(self.missing)


def not_run(reasons: Reasons, essence: int, name: str) -> None:
    """Collect why a sparkle of a tonic did not run."""
    known = reasons.known
    facts = known.essences.get(essence)
    reasons.asked = naming.tonic(known, essence).thing
    if facts is None:
        reasons.give(Reason.NO_SUCH_THING, 1, "There is no such tonic, or it ended long ago.")
        return
    sparkles = {str(it.name): it.sparkle for it in known.names.sparkles_of(facts.cls)}
    if name not in sparkles:
        near = difflib.get_close_matches(name, sparkles, 1)
        meant = f" Did you mean {near[0]}?" if near else ""
        cls = known.names.cls(facts.cls)
        reasons.give(Reason.NO_SUCH_THING, 1, f"{cls} has no sparkle {name}: nobody can call it.{meant}")
        return
    sparkle = sparkles[name]
    fates = fates_of(reasons, facts, sparkle)
    reasons.head(Link(f"{facts.name}.{name}", reasons.asked), *_summary(reasons, facts, fates, name))
    if name in HOOKS:
        _tell_hook(reasons, facts, name, sparkle, fates)
    else:
        _tell_ran(reasons, fates)
        _tell_ignored(reasons, facts, fates, sparkle)
        _tell_waiting(reasons, facts, fates)
        _tell_dropped(reasons, fates)
        if not fates.calls:
            reasons.give(Reason.NEVER_CALLED, 0, "Nobody called it.")
            _tell_timers(reasons, facts, name)
        tell_news(reasons, facts, name)
    reasons.tell_life(essence)
    begin = facts.born_ns or known.app.began_ns
    until = facts.ended_ns if facts.ended_ns is not None else known.t_ns
    reasons.cannot_know(unseen_flow(known, begin, until))
    _tell_missing(reasons, fates)


# ---- counting


def fates_of(reasons: Reasons, facts: EssenceFacts, sparkle: int) -> Fates:
    """Look what became of every call."""
    known = reasons.known
    essence = facts.id

    def mine(columns: dict[str, Column]) -> npt.NDArray[np.bool_]:
        found: npt.NDArray[np.bool_] = columns["essence"] == essence
        # Most chunks have none of it: then the second look is saved.
        return found & (columns["sparkle"] == sparkle) if found.any() else found

    orders = known.orders.where(mine, known.orders.count_at(known.app.first_n))
    runs = known.runs.where(mine, known.runs.count_at(known.app.first_n))
    columns = known.runs.take(("flags", "order"), runs)
    own = (columns["flags"] & HOOK) == 0
    ignored = own & ((columns["flags"] & IGNORED) != 0)
    rows = reasons.happened(Happening.DROPPED, essence=essence)
    dropped = [row for row in rows if row.more == sparkle]
    waiting, running = _open(reasons, facts, orders)
    left = _without_end(known.orders.take(["order"], orders)["order"], columns["order"][own], dropped)
    missing = orders[left & ~np.isin(orders, waiting)]
    if running is not None:
        missing = missing[missing != running.row]
    ran = runs if sparkle < 0 else runs[(own & ~ignored) | ~own]
    failed = int(np.count_nonzero(columns["flags"][own] & ERROR))
    return Fates(orders, ran, failed, runs[ignored], dropped, waiting, running, missing)


def _without_end(orders: Numbers, ended: Numbers, dropped: list[HappeningRow]) -> npt.NDArray[np.bool_]:
    """Which of these orders neither ran nor were dropped."""
    if not len(orders):
        return np.zeros(0, np.bool_)
    ends = np.concatenate([ended, np.array([row.value for row in dropped], np.int64)])
    if not len(ends):
        return np.ones(len(orders), np.bool_)
    is_dense = max(int(orders.max()), int(ends.max())) - min(int(orders.min()), int(ends.min())) < _DENSE
    found: npt.NDArray[np.bool_] = np.isin(orders, ends, kind="table" if is_dense else "sort", invert=True)
    return found


def _open(reasons: Reasons, facts: EssenceFacts, orders: Numbers) -> tuple[Numbers, OrderRow | None]:
    """Which of these orders wait, and the one that runs at the moment."""
    known = reasons.known
    rows, running = known.waiting_of(facts.catalyst)
    mine = np.intersect1d(rows, orders)
    if running is not None and running.row not in orders:
        running = None
    catalyst = known.catalysts.get(facts.catalyst)
    if len(mine) and catalyst is not None and catalyst.depth == 0 and catalyst.inside < 0:
        # A beat says that nothing waits: what was called before it has run, and its run is not here.
        mine = mine[known.orders.take(["t_ns"], mine)["t_ns"] >= catalyst.beat_ns]
    return mine, running


# ---- telling


def _summary(reasons: Reasons, facts: EssenceFacts, fates: Fates, name: str) -> tuple[str, ...]:
    if name in HOOKS:
        return (f" ran {times(len(fates.ran))}." if len(fates.ran) else " never ran.",)
    if not fates.calls:
        return (" was never called.",)
    words = []
    if len(fates.ran):
        raised = f" ({fates.failed:,} of them raised)" if fates.failed else ""
        words.append(f"{len(fates.ran):,} ran{raised}")
    for state, rows in _by_state(reasons, fates).items():
        where = naming.state_name(reasons.known, facts.id, state)
        words.append(f"{len(rows):,} ignored in {where if state < 0 else f'state {where}'}")
    if fates.dropped:
        words.append(f"{len(fates.dropped):,} dropped")
    if fates.running is not None:
        words.append("1 runs at this moment")
    if len(fates.waiting):
        words.append(f"{len(fates.waiting):,} still waiting")
    if len(fates.missing):
        words.append(f"{len(fates.missing):,} of which it is not known whether they ran")
    return (f" was called {times(fates.calls)}: {listed(words)}.",)


def _tell_ran(reasons: Reasons, fates: Fates) -> None:
    known = reasons.known
    if fates.running is not None:
        link = naming.order_link(known, fates.running)
        at = At(fates.running.t_ns, link.thing, link.moment)
        reasons.give(Reason.RUNNING, 1, "It runs at this moment: ", link, ".", at=at)
    if len(fates.ran):
        run = known.runs.row(int(fates.ran[-1]))
        link = naming.run_link(known, run)
        raised = " and raised" if run.flags & ERROR else ""
        at = At(run.begin_ns, link.thing, link.moment)
        count = len(fates.ran)
        reasons.give(Reason.IT_DID, count, f"It did run {times(count)}; the last time it ran{raised} is here.", at=at)


def _by_state(reasons: Reasons, fates: Fates) -> dict[int, Numbers]:
    """The runs that were ignored, by the state in which they were."""
    before = reasons.known.runs.take(["before"], fates.ignored)["before"]
    return {state: fates.ignored[before == state] for state in distinct(before).tolist()}


def _tell_ignored(reasons: Reasons, facts: EssenceFacts, fates: Fates, sparkle: int) -> None:
    known = reasons.known
    handled = sorted({it.state for it in known.names.handlers(facts.cls) if it.sparkle == sparkle and it.state})
    for state, rows in _by_state(reasons, fates).items():
        run = known.runs.row(int(rows[-1]))
        where = naming.state_link(known, facts.id, state, run.n + 1)
        only = f" {known.names.cls(facts.cls)} handles it in {listed(handled)} only." if handled else ""
        at = At(run.begin_ns, naming.run_link(known, run).thing, run.n + 1)
        lead = "It was ignored in " if state < 0 else "It was ignored in state "
        reasons.give(Reason.IGNORED, len(rows), lead, where, f" {times(len(rows))}.{only}", at=at)
        order = known.order_of(run.order) if run.order > 0 else None
        if order is not None:
            _tell_caller(reasons, order)


def _tell_caller(reasons: Reasons, order: OrderRow) -> None:
    """Who called, the last time."""
    by, at = reasons.by_run(order.run)
    if by:
        reasons.more("The last time it was called", *by, ".", at=at._replace(t_ns=order.t_ns))


def _tell_waiting(reasons: Reasons, facts: EssenceFacts, fates: Fates) -> None:
    if not len(fates.waiting):
        return
    known = reasons.known
    order = known.orders.row(int(fates.waiting[0]))
    link = naming.order_link(known, order)
    at = At(order.t_ns, link.thing, link.moment)
    standing = standing_of(known, facts.catalyst)
    catalyst = naming.tonic(known, facts.catalyst)
    count = len(fates.waiting)
    ahead = _ahead(reasons, facts, order, standing)
    if standing.is_dead:
        reasons.give(Reason.DEAD, count, "It waits in the queue of ", catalyst, f", which {standing.words}.", at=at)
    elif standing.is_held:
        reasons.give(Reason.HELD, count, "It waits in the queue of ", catalyst, ", which is held", *ahead, at=at)
        reasons.more(catalyst, " was held here.", at=standing.at)
    else:
        since = duration(known.t_ns - order.t_ns)
        reasons.give(Reason.WAITING, count, f"It still waits, for {since} now", *ahead, at=at)
        _tell_inside(reasons, standing, catalyst)


def _ahead(reasons: Reasons, facts: EssenceFacts, order: OrderRow, standing: Standing) -> tuple[Part, ...]:
    """What waits before an order, as the end of a sentence."""
    known = reasons.known
    rows, _ = known.waiting_of(facts.catalyst)
    if len(rows) > 1 and _is_mixed(reasons, facts.catalyst, known.orders.row(int(rows[0])).t_ns):
        others = f"{len(rows) - 1:,} others wait" if len(rows) > 2 else "another one waits"
        return (f"; {others} there, and orders were moved by hand: what is before it is not known.",)
    before = rows[rows < order.row]
    inside = standing.inside(known)
    if not len(before) and inside is not None:
        return (", behind ", inside, ", which runs.")
    if not len(before):
        return ("; nothing waits before it.",)
    next_ = naming.order_link(known, known.orders.row(int(before[0])))
    more = f" and {len(before) - 1:,} more" if len(before) > 1 else ""
    return (", behind ", next_, f"{more}.")


def _is_mixed(reasons: Reasons, catalyst: int, since_ns: int) -> bool:
    """Whether what waits may stand otherwise than it was called: the record tells of a move, and not where to."""
    deeds = reasons.happened(Happening.BY_HAND, essence=catalyst)
    return any(deed.word.startswith("move order") and deed.t_ns > since_ns for deed in deeds)


def _tell_inside(reasons: Reasons, standing: Standing, catalyst: Link) -> None:
    known = reasons.known
    inside = standing.inside(known)
    facts = known.catalysts.get(standing.catalyst)
    if standing.ends_here:
        reasons.more("The record ends while it waits.")
    elif not standing.has_begun:
        reasons.more(catalyst, " has not begun to turn.")
    elif inside is not None and facts is not None:
        at = At(facts.since_ns, inside.thing, inside.moment)
        reasons.more(catalyst, " is inside ", inside, f" for {duration(known.t_ns - facts.since_ns)}.", at=at)


def _tell_dropped(reasons: Reasons, fates: Fates) -> None:
    known = reasons.known
    by_reason: dict[str, list[HappeningRow]] = {}
    for row in fates.dropped:
        by_reason.setdefault(row.word, []).append(row)
    for why, rows in by_reason.items():
        last = rows[-1]
        order = known.order_of(last.value) if last.value > 0 else None
        thing = naming.order_link(known, order).thing if order is not None else reasons.asked
        at = At(last.t_ns, thing, last.moment)
        reason = Reason.DEAD if why == "ended" else Reason.DROPPED
        words = _DROPPED.get(why, f"{why}")
        reasons.give(reason, len(rows), f"It was dropped {times(len(rows))}: {words}.", at=at)
        if order is not None:
            _tell_caller(reasons, order)


_DROPPED = {
    "finishing": "the tonic was finishing",
    "finished": "the tonic was finishing, and had ended by then",
    "ended": "its catalyst had ended",
    "by hand": "a person took it out of the queue",
    "edited by hand": "a person gave it other arguments, and the order with these stands in its place",
    "cancelled": "the work that would have called it was cancelled",
}


def _tell_missing(reasons: Reasons, fates: Fates) -> None:
    """Calls of which neither a run nor anything else came."""
    if not len(fates.missing):
        return
    known = reasons.known
    order = known.orders.row(int(fates.missing[-1]))
    link = naming.order_link(known, order)
    at = At(order.t_ns, link.thing, link.moment)
    lost = unseen_flow(known, order.t_ns, known.t_ns, orders=False)
    words = f"Of {len(fates.missing):,} of its calls it is not known whether they ran; the last is "
    if any(each.is_gap for each in lost):
        reasons.give(Reason.LOST, len(fates.missing), words, link, ": runs were lost after it.", at=at)
    else:
        reasons.unknown(words, link, ".", at=at)
    reasons.cannot_know([each for each in lost if each.is_gap])


def _tell_hook(reasons: Reasons, facts: EssenceFacts, name: str, sparkle: int, fates: Fates) -> None:
    known = reasons.known
    if len(fates.ran):
        _tell_ran(reasons, fates)
    if name == "ttse__on_finished":
        if not len(fates.ran):
            reasons.give(Reason.NEVER_CALLED, 0, "It runs when the tonic ends, by itself.")
        return
    moves = known.transitions
    side = "new" if name == "ttse__on_enter" else "old"
    rows = moves.where(lambda it: (it["essence"] == facts.id) & (it[side] >= 0), moves.count_at(known.app.first_n))
    verb = "entered" if side == "new" else "left"
    if not len(rows):
        reasons.give(Reason.NEVER_CALLED, 0, f"It runs when a state is {verb}, and none was.")
        return
    handled = {it.state for it in known.names.handlers(facts.cls) if it.sparkle == sparkle}
    states = moves.take([side], rows)[side]
    for state in distinct(states).tolist():
        if "" in handled or known.names.state(facts.cls, state) in handled:
            continue
        missed = rows[states == state]
        last = moves.row(int(missed[-1]))
        at = At(last.t_ns, naming.tonic(known, facts.id).thing, last.n + 1)
        lead = f"There is no {name} for state "
        link = naming.state_link(known, facts.id, state, last.n + 1)
        reasons.give(Reason.IGNORED, len(missed), lead, link, f", which was {verb} {times(len(missed))}.", at=at)


def _tell_timers(reasons: Reasons, facts: EssenceFacts, name: str) -> None:
    """Of a sparkle that was never called: timers that call it."""
    known = reasons.known
    happenings = known.happenings
    word = happenings.word_number(name)
    if word < 0:
        return
    first_n = known.app.first_n
    rows = happenings.of(Happening.TIMER_SET, first_n=first_n)
    rows = rows[happenings.take(["word"], rows)["word"] == word] if len(rows) else rows
    timers = dict.fromkeys(row.essence for row in happenings.rows_at(rows[-_MOST_TIMERS:]))
    for timer in timers:
        of = known.essences.get(timer)
        if of is not None and of.context == facts.id:
            inner = Reasons(known)
            not_fired(inner, timer)
            reasons.more("It is called by a timer. ", *inner.sentences()[0].parts)
            reasons.add(inner)


_MOST_TIMERS = 1_000
