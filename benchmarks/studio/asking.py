"""Why? and Why not? in ten million events: how long an answer takes, of which kind of question, and what it costs in memory."""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterator
from typing import Any

from studio.made import BUSY, WORDS, Plan, a_session_of
from studio.rows import Row, resident_mb, timed
from tasktonic import events as ev
from tasktonic_studio.session.causes import why
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.why_not import NotChanged, NotFired, NotInState, NotRun, why_not

GOAL_MS = 100.0
MEMORY_MB = 1_200.0
MILLION = 1_000_000
ASKED = 300
FEW = 10
"""Of a session that is too small to be quoted."""
TIMERS = 2_000
EVENTS_A_RUN = 2.07
"""An order and a run, now and then a change of state, of the store, a line of the log."""


def rows(scale: float) -> Iterator[Row]:
    """All rows, with sessions of 1 and of 10 million events."""
    for million in (1, 10):
        before = resident_mb()
        session, plan = made(max(int(million * MILLION * scale), 20_000))
        gc.collect()
        label = f"{million} million events"
        yield Row(f"memory of {label}", MEMORY_MB, "MB", resident_mb() - before, f"{session.live.n:,} events")
        for what, ask in questions(session, plan):
            yield timed(ask, ASKED if scale >= 0.1 else FEW).row(f"{what}, {label}", GOAL_MS, "questions")
        del session
        gc.collect()


def made(events: int) -> tuple[Session, Plan]:
    """A session of so many events: a tenth of them facts of what did not happen, and timers."""
    plan = BUSY
    session = a_session_of(int(events * 0.9 / EVENTS_A_RUN), plan, facts=events)
    session.apply_events(session.live.n, what_did_not_happen(session, plan, events // 10))
    return session, plan


def what_did_not_happen(session: Session, plan: Plan, count: int) -> list[tuple[Any, ...]]:
    """Timers that are set, fire and stop, states that are asked for in vain, values that stay as they are, drops."""
    chance = random.Random(7)
    t_ns, tonics, store = session.live.t_ns, plan.catalysts + plan.tonics, plan.catalysts + plan.tonics
    found: list[tuple[Any, ...]] = [
        ev.ClassDefined(9, _name("ttTimerRepeat"), _name("tasktonic"), _name(""), 0, _name(""), _name("ttTimer"))
    ]
    for timer in timers_of(plan):
        born = ev.Born(
            t_ns,
            timer,
            _name(f"timer {timer}"),
            9,
            plan.catalysts + timer % plan.tonics,
            timer % 8,
            _name(""),
            2,
            -1,
            0,
        )
        found += [born, ev.TimerSet(t_ns, timer, t_ns + MILLION, MILLION, _name(WORDS[0]), 5)]
    last = session.live.runs.row(len(session.live.runs) - 1).run
    while len(found) < count:
        t_ns += 1_000
        kind, tonic, run = chance.randrange(6), chance.randrange(plan.catalysts, tonics), chance.randrange(last)
        timer = chance.choice(timers_of(plan))
        path = _name(f"area {chance.randrange(100)}/device {chance.randrange(100)}")
        found.append(
            (
                ev.Unmoved(t_ns, tonic, chance.randrange(3), run),
                ev.StoreUnchanged(t_ns, store, path, run),
                ev.StoreSilenced(t_ns, store, path, tonic, _name(WORDS[3]), _name("own source"), run),
                ev.TimerFired(t_ns, timer, 0),
                ev.TimerStopped(t_ns, timer, 5, run),
                ev.Dropped(t_ns, tonic, chance.randrange(len(WORDS)), 0, _name("finishing")),
            )[kind]
        )
    return found


def timers_of(plan: Plan) -> range:
    """The ids of the timers."""
    first = plan.catalysts + plan.tonics + 1
    return range(first, first + TIMERS)


def _name(text: str) -> ev.Name:
    return ev.Name(text)


def questions(session: Session, plan: Plan) -> Iterator[tuple[str, Callable[[int], object]]]:
    """What is asked, each about something else every time."""
    known, chance = session.live, random.Random(3)
    first, last = known.runs.first, len(known.runs) - 1
    tonics = range(plan.catalysts, plan.catalysts + plan.tonics)
    store = plan.catalysts + plan.tonics

    def run() -> Thing:
        return Thing("run", known.runs.row(chance.randrange(first, last)).run)

    def path() -> str:
        return f"area {chance.randrange(100)}/device {chance.randrange(100)}"

    def line() -> Thing:
        return Thing("log", chance.randrange(known.log.first, len(known.log)))

    yield "why did a run, a chain of 200", lambda _: why(known, run())
    yield "why is a tonic in its state", lambda _: why(known, Thing("essence", chance.choice(tonics)))
    yield "why was a class in a state", lambda _: why(known, Thing("state", (1, chance.randrange(3))))
    yield "why has a path its value", lambda _: why(known, Thing("store", (store, path())))
    yield "why was a line said", lambda _: why(known, line())
    yield "why not a sparkle", lambda _: why_not(known, NotRun(chance.choice(tonics), chance.choice(WORDS)))
    yield "why not a state", lambda _: why_not(known, NotInState(chance.choice(tonics), "done"))
    yield "why not a path", lambda _: why_not(known, NotChanged(store, path()))
    yield "why not a timer", lambda _: why_not(known, NotFired(chance.choice(timers_of(plan))))
