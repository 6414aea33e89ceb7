"""A session of any length without an app: catalysts, tonics, and as many runs as wanted, with the orders they came from."""

from __future__ import annotations

import numpy as np

from tasktonic import events as ev
from tasktonic.events import ERROR
from tasktonic_studio.session.batch import Batch, batch_of_events
from tasktonic_studio.session.knowledge import Budget
from tasktonic_studio.session.session import Session

SECOND = 1_000_000_000
BATCH = 131_072
WORDS = ("ttse__on_tick", "ttsc__open", "ttsc__close", "ttse__on_done", "ttsc__record")


def a_session_of(runs: int, catalysts: int = 8, tonics: int = 1_000, run_ns: int = 30_000, seed: int = 1) -> Session:
    """An app on so many catalysts that is busy about half of the time; an error in 10,000 runs.

    Runs take an exponential time around ``run_ns`` and each came from an order that waited a little.
    """
    room = runs + BATCH
    session = Session(Budget(runs=room, orders=room, transitions=BATCH, facts=100_000))
    session.apply_events(0, _facts(catalysts, tonics))
    chance = np.random.default_rng(seed)
    clocks = np.full(catalysts, 10 * SECOND, np.int64)
    number = 1
    while number <= runs:
        count = min(BATCH, runs - number + 1)
        session.apply_batch(_batch(chance, clocks, number, count, catalysts, tonics, run_ns))
        number += count
    return session


def more_of(session: Session, runs: int, catalysts: int = 8, tonics: int = 1_000, run_ns: int = 30_000) -> Batch:
    """What comes next of such a session."""
    clocks = np.full(catalysts, session.live.t_ns, np.int64)
    number = int(session.live.runs.row(len(session.live.runs) - 1).run) + 1
    return _batch(np.random.default_rng(number), clocks, number, runs, catalysts, tonics, run_ns)


def _facts(catalysts: int, tonics: int) -> list[tuple[object, ...]]:
    name = ev.Name
    t_ns = 10 * SECOND
    facts: list[tuple[object, ...]] = [ev.AppBegan(t_ns, 1, name("Made"), 1_700_000_000 * SECOND, 1)]
    facts.append(ev.ClassDefined(0, name("ttCatalyst"), name("tasktonic"), name(""), 0, name(""), name("ttTonic")))
    facts.append(ev.ClassDefined(1, name("Worker"), name("made"), name(""), 0, name(""), name("ttTonic")))
    facts += [ev.SparkleDefined(number, 1, name(word)) for number, word in enumerate(WORDS)]
    for catalyst in range(catalysts):
        facts.append(ev.Born(t_ns, catalyst, name(f"catalyst {catalyst}"), 0, -1, catalyst, name(""), 2, -1, 0))
        facts.append(ev.CatalystBegan(t_ns, catalyst, name("thread"), name(f"catalyst {catalyst}"), catalyst))
    for tonic in range(tonics):
        essence = catalysts + tonic
        facts.append(ev.Born(t_ns, essence, name(f"worker {tonic}"), 1, -1, tonic % catalysts, name(""), 2, -1, 0))
    return facts


def _batch(
    chance: np.random.Generator, clocks: np.ndarray, first: int, count: int, catalysts: int, tonics: int, run_ns: int
) -> Batch:
    """Runs of all catalysts in turn, in the order of the stream; the clocks go on."""
    rounds = -(-count // catalysts)
    took = chance.exponential(run_ns, (rounds, catalysts)).astype(np.int64) + 200
    idle = chance.exponential(run_ns, (rounds, catalysts)).astype(np.int64)
    end = clocks + np.cumsum(took + idle, axis=0)
    clocks[:] = end[-1]
    end = end.reshape(-1)[:count]
    begin = end - took.reshape(-1)[:count]
    numbers = np.arange(first, first + count, dtype=np.int64)
    catalyst = np.tile(np.arange(catalysts), rounds)[:count]
    essence = catalysts + catalyst + catalysts * chance.integers(0, max(tonics // catalysts, 1), count)
    sparkle = chance.integers(0, len(WORDS), count)
    flags = np.where(chance.random(count) < 1e-4, ERROR, 0)
    waited = chance.exponential(run_ns, count).astype(np.int64)
    none = np.full(count, -1, np.int64)
    n = np.arange(count, dtype=np.int64)
    runs = {"n": n * 2 + 1, "begin_ns": begin, "end_ns": end, "run": numbers, "order": numbers, "catalyst": catalyst}
    runs |= {"essence": essence, "sparkle": sparkle, "before": none, "after": none, "flags": flags}
    text = np.full(count, "", object)
    orders = {"n": n * 2, "t_ns": begin - waited, "order": numbers, "catalyst": catalyst, "essence": essence}
    orders |= {"sparkle": sparkle, "source": none, "run": np.maximum(numbers - catalysts, 0), "cause": text}
    orders["arguments"] = text
    return Batch(2 * count, [], runs, orders, batch_of_events([]).transitions)
