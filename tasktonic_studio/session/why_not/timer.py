"""Why a timer did not fire."""

from __future__ import annotations

from tasktonic_studio.session import naming
from tasktonic_studio.session.answers import Part, Reason, duration, times
from tasktonic_studio.session.happenings import Happening, HappeningRow
from tasktonic_studio.session.record_limits import unseen_facts
from tasktonic_studio.session.why_not.catalyst import Standing, standing_of
from tasktonic_studio.session.why_not.reasons import NEVER, At, Reasons

_LATE_NS = 1_000_000
"""Batches last about so long; a timer is looked at between two."""


def not_fired(reasons: Reasons, timer: int) -> None:
    """Collect why a timer has not fired, or not again."""
    known = reasons.known
    link = naming.tonic(known, timer)
    reasons.asked = link.thing
    if known.essences.get(timer) is None:
        reasons.give(Reason.NO_SUCH_THING, 1, "There is no such timer, or it ended long ago.")
        return
    fired = reasons.happened(Happening.TIMER_FIRED, essence=timer)
    changed = reasons.happened(Happening.TIMER_SET, Happening.TIMER_STOPPED, essence=timer)
    reasons.head(
        "The timer ", link, f" fired {times(len(fired))}." if fired else " never fired.", at=_at(timer, fired, reasons)
    )
    if fired:
        reasons.give(
            Reason.TIMER_FIRED, len(fired), f"It did fire {times(len(fired))}; the last time is here.",
            at=_at(timer, fired, reasons),
        )  # fmt: skip
        _tell_called(reasons, timer)
    _tell_present(reasons, timer, changed, fired)
    reasons.cannot_know(unseen_facts(known, timer))


def _at(timer: int, rows: list[HappeningRow], reasons: Reasons) -> At:
    return At(rows[-1].t_ns, naming.tonic(reasons.known, timer).thing, rows[-1].moment) if rows else NEVER


def _tell_called(reasons: Reasons, timer: int) -> None:
    """What it called when it fired last."""
    known = reasons.known
    first = known.orders.count_at(known.app.first_n)
    rows = known.orders.where(lambda it: it["source"] == timer, first)
    if len(rows):
        order = known.orders.row(int(rows[-1]))
        link = naming.order_link(known, order)
        reasons.more(
            "It called ", link, "; ask there why that did not run.", at=At(order.t_ns, link.thing, link.moment)
        )


def _tell_present(reasons: Reasons, timer: int, changed: list[HappeningRow], fired: list[HappeningRow]) -> None:
    known = reasons.known
    facts = known.essences.get(timer)
    if facts is not None and not facts.is_alive:
        ended = reasons.happened(Happening.ENDED, essence=timer)
        by, _ = reasons.by_run(ended[-1].run) if ended else ((), NEVER)
        once = fired and changed and changed[-1].more == 0 and changed[-1].kind == Happening.TIMER_SET
        words: tuple[Part, ...] = (": it fires once",) if once else by
        reasons.give(Reason.FINISHED, 1, "It has ended", *words, ".", at=_at(timer, ended, reasons))
        return
    if not changed:
        reasons.give(Reason.NEVER_CALLED, 0, "It was never started.")
        return
    last = changed[-1]
    if last.kind == Happening.TIMER_STOPPED and _pauses(last, changed, fired):
        at = At(last.t_ns, naming.tonic(known, timer).thing, last.moment)
        reasons.give(
            Reason.TIMER_STOPPED, 1, "It stands still since it fired, as its kind does, until somebody calls resume().", at=at
        )  # fmt: skip
        return
    if last.kind == Happening.TIMER_STOPPED:
        by, _ = reasons.by_run(last.run)
        at = At(last.t_ns, naming.tonic(known, timer).thing, last.moment)
        reasons.give(Reason.TIMER_STOPPED, 1, f"It was stopped with {duration(last.value)} left", *by, ".", at=at)
        return
    _tell_running(reasons, timer)


def _pauses(last: HappeningRow, changed: list[HappeningRow], fired: list[HappeningRow]) -> bool:
    """Whether it stopped by firing, with its whole duration left: it has fired since it was set, and nobody stopped it."""
    was_set = next((row for row in reversed(changed) if row.kind == Happening.TIMER_SET), None)
    is_whole = was_set is not None and was_set.more > 0 and last.value == was_set.more
    return is_whole and not last.run and bool(fired) and was_set is not None and fired[-1].n > was_set.n


def _tell_running(reasons: Reasons, timer: int) -> None:
    known = reasons.known
    state, facts = known.timers.get(timer), known.essences.get(timer)
    if state is None or facts is None or not state.is_running:
        return
    standing = standing_of(known, facts.catalyst)
    catalyst = naming.tonic(known, facts.catalyst)
    if standing.is_dead:
        reasons.give(Reason.DEAD, 1, catalyst, f" {standing.words}: nothing fires there any more.", at=standing.at)
    elif standing.is_held:
        reasons.give(Reason.HELD, 1, catalyst, f" {standing.words}: timers stand still meanwhile.", at=standing.at)
    elif state.due_ns > known.t_ns:
        reasons.give(Reason.NOT_DUE, 1, f"It is not due yet: it fires in {duration(state.due_ns - known.t_ns)}.")
    elif known.t_ns - state.due_ns > _LATE_NS:
        late = duration(known.t_ns - state.due_ns)
        reasons.give(Reason.WAITING, 1, f"It is due for {late} already; ", *_busy(reasons, facts.catalyst, standing))
    else:
        reasons.give(Reason.WAITING, 1, "It is due at this moment.")


def _busy(reasons: Reasons, catalyst: int, standing: Standing) -> tuple[Part, ...]:
    known = reasons.known
    link = naming.tonic(known, catalyst)
    inside = standing.inside(known)
    return (link, " is inside ", inside, ".") if inside is not None else (link, " has not got to it yet.")
