"""The fold: how each event changes what is known.

Facts are folded one by one, runs, orders and state changes by whole stretches. A stretch gives the same result however it
is cut into batches: `tests/studio/session/test_history.py` holds that for random streams. Two rules make it so. What a
stretch of flow changes does not depend on the facts of the same stretch, nor the other way round; and where both speak
about one thing (the state of a tonic), the later event wins by its number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from tasktonic import events
from tasktonic.trace.showing import by_hand_words
from tasktonic_studio.session.breakpoints import OWNER
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.folding_told import FOLD_TOLD, FoldOne, running_words
from tasktonic_studio.session.holding import held_words
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.target import AppFacts


def fold(know: Knowledge, facts: Sequence[tuple[int, Any]], until_n: int, changes: Changes) -> None:
    """Take the events up to number `until_n`: these facts, and the rows that are in the shared tables already.

    No `AppBegan` may stand among the facts but as the first: ids before and after it mean different things.
    """
    for kind, alike in groupby(facts, _kind):
        take = _fold_by_type.get(kind)
        if kind is events.Born:
            _born_all(know, list(alike), changes)
        elif kind is events.StoreChanged:
            _stored_all(know, list(alike), changes)
        elif take is not None:
            for n, fact in alike:
                take(know, n, fact, changes)
    know.happenings.note(facts)
    runs_from, moves_from, orders_from = len(know.runs), len(know.transitions), len(know.orders)
    know.runs.advance_to(until_n)
    know.orders.advance_to(until_n)
    know.transitions.advance_to(until_n)
    for _, _, columns in know.runs.chunks(runs_from):
        know.advance_time(int(columns["end_ns"].max()))
        ran = know.essences.ran(columns["essence"], columns["sparkle"], columns["end_ns"], columns["flags"])
        know.machines.ran(columns)
        know.findings.ran(know, columns)
        changes.essences.update(ran)
        changes.runs = True
    for _, _, columns in know.orders.chunks(orders_from):
        know.advance_time(int(columns["t_ns"].max()))
        changes.runs = True
    know.waiting.take(know.orders, orders_from, know.runs, runs_from)
    for _, _, columns in know.transitions.chunks(moves_from):
        know.advance_time(int(columns["t_ns"].max()))
        moved = know.essences.moved(columns["n"], columns["essence"], columns["new"])
        know.machines.moved(columns, know.essences.classes_of(columns["essence"]))
        changes.essences.update(moved)
        changes.runs = True
    if know.machines.is_waiting:
        know.machines.settle(lambda: (columns for _, _, columns in know.runs.chunks(runs_from)))
    know.n = until_n


def _kind(placed: tuple[int, Any]) -> type:
    return type(placed[1])


# ---- one function per kind of fact ------------------------------------------------------------------------------------


def _app_began(know: Knowledge, n: int, event: events.AppBegan, changes: Changes) -> None:
    if know.app.number == event.app:
        return  # stated again by a snapshot
    if len(know.essences):
        changes.everything = True
    know.begin_app(AppFacts(event.app, event.name, event.t_ns, event.wall_ns, event.pid, first_n=n))
    know.advance_time(event.t_ns)
    know.essences.advance(know.t_ns)
    changes.app = True
    # A file is read until it has been read, whatever begins and ends in it.
    if know.target.status in ("none", "starting", "running") and know.target.how != "file":
        know.set_target(changes, status="running", sentence=running_words(know), pid=know.target.pid or event.pid)


def _app_ended(know: Knowledge, n: int, event: events.AppEnded, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.app = replace(know.app, ended_ns=event.t_ns, problem=event.problem)
    changes.app = True
    if know.target.status in ("running", "held"):
        know.set_target(changes, status="running", sentence="running, but its app has ended")
    if event.problem:
        know.findings.app_ended(know, n, event.t_ns, event.problem)
        know.say(n, event.t_ns, "notice", f"The app ended: {event.problem}", changes)


def _defined(know: Knowledge, n: int, event: Any, changes: Changes) -> None:
    if know.names.learn(event):
        changes.names = True


def _level_set(know: Knowledge, n: int, event: events.LevelSet, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    if not know.levels or know.levels[-1][2] != event.level or know.levels[-1][0] < know.app.first_n:
        know.levels = (
            *know.levels[:1],
            *know.levels[1:][-_LEVELS_KEPT:],
            (n, know.app.time_of(event.t_ns), event.level),
        )


_LEVELS_KEPT: Final = 1_000


def _born_all(know: Knowledge, births: list[tuple[int, events.Born]], changes: Changes) -> None:
    """Births that follow each other. An app may begin with a hundred thousand."""
    t_ns, essences, names, _, _, catalysts, _, _, _, _ = zip(*(event for _, event in births), strict=True)
    know.advance_time(max(t_ns))
    # Most are born after the last of the levels, and then also after the first.
    if not know.late_ns and know.levels:
        earliest_ns = min(t_ns)
        level = know.first_level if earliest_ns < know.levels[-1][1] else None
        if level is not None and earliest_ns < level[1]:
            know.late_ns = level[1]  # it lived already when somebody came: he was told of it then
    new = know.essences.born_all(births)
    know.births.extend(
        [
            (n, essence, name, cls, context, catalyst, service, run, t_ns)
            for n, (t_ns, essence, name, cls, context, catalyst, service, _, _, run) in new
        ]
    )
    changes.essences_new.update(essences if len(new) == len(births) else [event.essence for _, event in new])
    changes.essences.update(essences)
    if know.machines.has_unplaced:
        for _, event in births:
            know.machines.born(event.essence, event.cls)
    for essence, catalyst, name in zip(essences, catalysts, names, strict=True):
        if essence == catalyst:
            know.queues.named(essence, name)
            changes.catalysts.add(essence)


def _finishing(know: Knowledge, n: int, event: events.Finishing, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.findings.finishing(know, n, event)
    know.essences.finishing(event.essence, event.t_ns)
    changes.essences.add(event.essence)


def _ended(know: Knowledge, n: int, event: events.Ended, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    changes.essences_forgotten.update(know.essences.end(event.essence, event.t_ns))
    changes.essences.add(event.essence)
    changes.essences_ended.add(event.essence)
    know.findings.timer_gone(know, event.essence)
    if know.timer_table.gone(event.essence):
        changes.timers.add(event.essence)


def _service_used(know: Knowledge, n: int, event: events.ServiceUsed, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.essences.used(event.service, event.user, event.joined)
    changes.essences.add(event.service)


def _log_mode(know: Knowledge, n: int, event: events.LogModeSet, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.essences.log_mode(event.essence, event.log_mode)
    changes.essences.add(event.essence)


def _time_passes(know: Knowledge, n: int, event: Any, changes: Changes) -> None:
    """Of what did not happen nothing is otherwise now; it is kept among the happenings."""
    know.advance_time(event.t_ns)


def _timer_set(know: Knowledge, n: int, event: events.TimerSet, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.findings.timer_set(know, n, event)
    know.timer_table.set(event)
    changes.timers.add(event.timer)


def _timer_fired(know: Knowledge, n: int, event: events.TimerFired, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.findings.timer_fired(know, n, event)
    catalyst = know.catalysts.get(know.catalyst_of(event.timer))
    if catalyst is not None and catalyst.held:  # let fire by hand: time has jumped to it
        know.queues.held(catalyst.id, True, event.t_ns)
    know.timer_table.fired(event)
    changes.timers.add(event.timer)


def _timer_stopped(know: Knowledge, n: int, event: events.TimerStopped, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.timer_table.stopped(event)
    changes.timers.add(event.timer)


def _work_offloaded(know: Knowledge, n: int, event: events.WorkOffloaded, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.heavy_work.offloaded(event)
    changes.essences.add(event.essence)


def _work_began(know: Knowledge, n: int, event: events.WorkBegan, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.heavy_work.began(event)
    changes.essences.add(event.essence)


def _work_ended(know: Knowledge, n: int, event: events.WorkEnded, changes: Changes) -> None:
    # Not a line of the log: an error that nobody takes is one already, as `Raised`.
    know.advance_time(event.t_ns)
    know.heavy_work.ended(event)
    changes.essences.add(event.essence)


def _stored_all(know: Knowledge, stored: list[tuple[int, events.StoreChanged]], changes: Changes) -> None:
    """Changes of stores that follow each other: in many apps most of all facts."""
    know.advance_time(max([event.t_ns for _, event in stored]))
    know.findings.stored_all(know, stored, know.store.changed_all(stored))
    changes.store.update([(event.store, event.path) for _, event in stored])


def _log_line(know: Knowledge, n: int, event: events.LogLine, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.say(n, event.t_ns, "log", event.text, changes, essence=event.essence, run=event.run)


def _raised(know: Knowledge, n: int, event: events.Raised, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.essences.raised(event.essence)
    facts = know.essences.get(event.essence)
    if facts is not None and facts.catalyst in know.catalysts:
        know.queues.failed(facts.catalyst, len(know.log))
        changes.catalysts.add(facts.catalyst)
    know.findings.raised(know, n, event, len(know.log))
    text = f"{event.type}: {event.text}" if event.text else event.type
    where = f" in {event.sparkle}" if event.sparkle else ""
    know.say(
        n, event.t_ns, "error", text + where, changes, essence=event.essence, run=event.run, detail=event.traceback
    )
    changes.essences.add(event.essence)


def _catalyst_began(know: Knowledge, n: int, event: events.CatalystBegan, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.queues.began(event)
    if event.catalyst in know.essences:
        know.queues.named(event.catalyst, know.essences.name(event.catalyst))
    changes.catalysts.add(event.catalyst)


def _catalyst_ended(know: Knowledge, n: int, event: events.CatalystEnded, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.queues.ended(event.catalyst)
    changes.catalysts.add(event.catalyst)


def _catalyst_held(know: Knowledge, n: int, event: events.CatalystHeld, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    held_for_ns = know.queues.held(event.catalyst, event.held, event.t_ns)
    if held_for_ns and not event.held:
        mine = [timer for timer in know.timers if know.catalyst_of(timer) == event.catalyst]
        know.timer_table.stood_still(mine, held_for_ns)
        changes.timers.update(mine)
    if not event.held:
        _goes_on_from_hit(know, event.catalyst, changes)
        know.findings.released(event.t_ns)
        know.next_orders.pop(event.catalyst, None)
    changes.catalysts.add(event.catalyst)
    words = held_words(know.catalysts.values())
    if words and know.target.status in ("running", "held"):
        know.set_target(changes, status="held", sentence=_held_where(know))
    elif not words:
        know.hit = None
        if know.target.status == "held":
            know.set_target(changes, status="running", sentence=running_words(know))


def _held_where(know: Knowledge) -> str:
    """Which catalysts are held, or where when that was a breakpoint."""
    hit = know.hit
    if hit is None:
        return held_words(know.catalysts.values())
    facts = know.essences.get(hit.essence)
    owner = know.names.cls(facts.cls) if facts is not None else ""
    place = f"{owner}.{hit.sparkle}" if owner and hit.sparkle else owner or hit.sparkle
    what = f"breakpoint {hit.breakpoint}" if hit.owner == OWNER else hit.owner
    return f"held {'at' if hit.before else 'after'} {place}: {what}" if place else f"held: {what}"


_WAYS_ON: Final = ("step", "run on", "run until")
"""What is done by hand to an app that is held, after which it stands elsewhere."""


def _goes_on_from_hit(know: Knowledge, catalyst: int, changes: Changes) -> None:
    """A catalyst, -1 for all, goes on: that it is held at a breakpoint is not so any more, if that was this one's."""
    if know.hit is not None and catalyst in (-1, know.hit.catalyst):
        know.hit = None
        if know.target.status == "held":
            know.set_target(changes, status="held", sentence=held_words(know.catalysts.values()) or "held")


def _breakpoint_hit(know: Knowledge, n: int, event: events.BreakpointHit, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    if event.held:
        know.hit = event
        if know.target.status == "held":  # by a walk that was ended here
            know.set_target(changes, status="held", sentence=_held_where(know))
    what = f"breakpoint {event.breakpoint}" if event.owner == OWNER else event.owner
    know.say(
        n,
        event.t_ns,
        "notice",
        f"{what}: {event.words}",
        changes,
        essence=event.essence,
        run=0 if event.before else event.run,
    )


def _by_hand(know: Knowledge, n: int, event: events.ByHand, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    if event.what in ("hold", "release"):
        know.queues.asked_to_hold(event.essence, event.t_ns if event.what == "hold" else 0)
        changes.catalysts.update(know.catalysts)
    elif event.what in _WAYS_ON:
        _goes_on_from_hit(know, event.essence, changes)
    if event.essence >= 0:
        know.note_hand(event.essence, len(know.log))
        changes.essences.add(event.essence)
    know.say(n, event.t_ns, "hand", by_hand_words(event), changes, essence=event.essence)


def _dropped(know: Knowledge, n: int, event: events.Dropped, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.waiting.dropped(n, event.order)
    know.findings.dropped(know, n, event)
    changes.runs = True


def _beat(know: Knowledge, n: int, event: events.Beat, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.queues.beat(event)
    know.depths.append(n, event)
    know.findings.beat(know, n, event)
    changes.catalysts.add(event.catalyst)


def _gap(know: Knowledge, n: int, event: events.Gap, changes: Changes) -> None:
    event = event._replace(t_ns=know.app.time_of(event.t_ns), until_ns=know.app.time_of(event.until_ns))
    know.advance_time(event.until_ns)
    know.gap_rows.append((n, event.t_ns, event.until_ns, event.orders, event.runs, "app"))
    know.findings.lost(know, n, event)
    if event.runs or not event.orders:
        know.waiting.lost_runs(n)
    _count_lost(know, event.orders, event.runs, changes)


def _count_lost(know: Knowledge, orders: int, runs: int, changes: Changes) -> None:
    target = know.target
    know.set_figures(changes, lost_orders=target.lost_orders + orders, lost_runs=target.lost_runs + runs)
    changes.runs = True


_fold_by_type: Final[Mapping[type, FoldOne]] = {
    events.AppBegan: _app_began,
    events.AppEnded: _app_ended,
    events.ClassDefined: _defined,
    events.StateDefined: _defined,
    events.SparkleDefined: _defined,
    events.HandlerDefined: _defined,
    events.Finishing: _finishing,
    events.Ended: _ended,
    events.ServiceUsed: _service_used,
    events.LogModeSet: _log_mode,
    events.LevelSet: _level_set,
    events.Unmoved: _time_passes,
    events.StateRefused: _time_passes,
    events.StoreUnchanged: _time_passes,
    events.StoreSilenced: _time_passes,
    events.TimerSet: _timer_set,
    events.TimerFired: _timer_fired,
    events.TimerStopped: _timer_stopped,
    events.WorkOffloaded: _work_offloaded,
    events.WorkBegan: _work_began,
    events.WorkEnded: _work_ended,
    events.LogLine: _log_line,
    events.Raised: _raised,
    events.CatalystBegan: _catalyst_began,
    events.CatalystEnded: _catalyst_ended,
    events.CatalystHeld: _catalyst_held,
    events.BreakpointHit: _breakpoint_hit,
    events.ByHand: _by_hand,
    events.Dropped: _dropped,
    events.Beat: _beat,
    events.Gap: _gap,
    **FOLD_TOLD,
}
