"""Apps that never were: catalysts, tonics, a store, and as many events as wanted, as a session or as a trace file.

A stretch of such a run is made at once with numpy. What is in it: runs, each with the order that it came from; in a busy app
also changes of state, of the store, lines of the log, and beats of the catalysts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic import events as ev
from tasktonic.blocks import StringTable
from tasktonic.blocks.encoding import assemble, make_section
from tasktonic.events import ERROR
from tasktonic.trace import TraceWriter
from tasktonic.trace.file import Kind, Summary, make_frame
from tasktonic_studio.session.batch import Batch, Words
from tasktonic_studio.session.knowledge import Budget
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.timeline import ORDER_COLUMNS, RUN_COLUMNS, TRANSITION_COLUMNS

Event = tuple[Any, ...]
Numbers = npt.NDArray[np.int64]

SECOND = 1_000_000_000
BEGIN_NS = 10 * SECOND
BATCH = 131_072
WORDS = ("ttse__on_tick", "ttsc__open", "ttsc__close", "ttse__on_done", "ttsc__record")
STATES = ("idle", "working", "done")
FRAME_EVENTS = 8_192
"""So many events a recorder packs into one frame of a file."""

_name = ev.Name
_text = ev.Text


class Plan(NamedTuple):
    """What an app is like. ``run_ns`` is about how long a sparkle takes; its catalysts are busy half of the time.

    Of a hundred runs ``moves`` change a state and ``stores`` a value; a line of the log comes every thousand. With ``paths`` the
    store has so many values from the begin on.
    """

    catalysts: int = 8
    tonics: int = 1_000
    run_ns: int = 30_000
    paths: int = 0
    moves: float = 0.0
    stores: float = 0.0
    beats: bool = False
    seed: int = 1


BUSY: Final = Plan(paths=10_000, moves=4.0, stores=2.0, beats=True)
"""An app with something of everything."""


class Stretch(NamedTuple):
    """Some events that follow each other: tables with a column ``n``, which counts from 0, and facts with theirs."""

    length: int
    runs: dict[str, Numbers]
    orders: dict[str, Numbers]
    moves: dict[str, Numbers]
    facts: list[tuple[int, Event]]


# ---- what happens -----------------------------------------------------------------------------------------------------


def first_facts(plan: Plan) -> list[Event]:
    """What is told before anything runs."""
    t_ns = BEGIN_NS
    facts: list[Event] = [ev.AppBegan(t_ns, 1, _name("Made"), 1_700_000_000 * SECOND, 1)]
    facts.append(ev.ClassDefined(0, _name("ttCatalyst"), _name("tasktonic"), _name(""), 0, _name(""), _name("ttTonic")))
    facts.append(ev.ClassDefined(1, _name("Worker"), _name("made"), _name(""), 0, _name(""), _name("ttTonic")))
    facts.append(ev.ClassDefined(2, _name("Values"), _name("made"), _name(""), 0, _name("values"), _name("ttStore")))
    facts += [ev.SparkleDefined(number, 1, _name(word)) for number, word in enumerate(WORDS)]
    facts += [ev.StateDefined(1, number, _name(word)) for number, word in enumerate(STATES)]
    for catalyst in range(plan.catalysts):
        facts.append(ev.Born(t_ns, catalyst, _name(f"catalyst {catalyst}"), 0, -1, catalyst, _name(""), 2, -1, 0))
        facts.append(ev.CatalystBegan(t_ns, catalyst, _name("thread"), _name(f"catalyst {catalyst}"), catalyst))
    state = 0 if plan.moves else -1
    for tonic in range(plan.tonics):
        essence, catalyst = plan.catalysts + tonic, tonic % plan.catalysts
        facts.append(ev.Born(t_ns, essence, _name(f"worker {tonic}"), 1, -1, catalyst, _name(""), 2, state, 0))
    if plan.paths:
        store = plan.catalysts + plan.tonics
        facts.append(ev.Born(t_ns, store, _name("values"), 2, -1, 0, _name("values"), 2, -1, 0))
        facts += [_stored(plan, t_ns, number, "", "0", 0, present=True) for number in range(plan.paths)]
    return facts


def _stored(plan: Plan, t_ns: int, path: int, old: str, new: str, run: int, *, present: bool = False) -> Event:
    name = _name(f"area {path // 100}/device {path % 100}")
    store, writer = plan.catalysts + plan.tonics, _name("" if present else f"worker {path % plan.tonics}")
    return ev.StoreChanged(t_ns, store, name, _text(old), _text(new), _name("int"), False, present, run, writer)


class Course:
    """How an app goes on: `stretch` after stretch."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._chance = np.random.default_rng(plan.seed)
        self._clocks = np.full(plan.catalysts, BEGIN_NS, np.int64)
        self._number = 1
        self._states = np.zeros(plan.catalysts + plan.tonics, np.int64)
        self._beat_ns = BEGIN_NS
        self._sparkles = 0

    def stretch(self, runs: int) -> Stretch:
        """So many runs, with what belongs to them."""
        plan, chance = self._plan, self._chance
        rounds = -(-runs // plan.catalysts)
        took = chance.exponential(plan.run_ns, (rounds, plan.catalysts)).astype(np.int64) + 200
        idle = chance.exponential(plan.run_ns, (rounds, plan.catalysts)).astype(np.int64)
        end = self._clocks + np.cumsum(took + idle, axis=0)
        self._clocks[:] = end[-1]
        end = end.reshape(-1)[:runs]
        begin = end - took.reshape(-1)[:runs]
        numbers = np.arange(self._number, self._number + runs, dtype=np.int64)
        self._number += runs
        catalyst = np.tile(np.arange(plan.catalysts), rounds)[:runs]
        per_catalyst = max(plan.tonics // plan.catalysts, 1)
        essence = plan.catalysts + catalyst + plan.catalysts * chance.integers(0, per_catalyst, runs)
        moved, before, after = self._moves(essence)
        sparkle = chance.integers(0, len(WORDS), runs)
        table = {"begin_ns": begin, "end_ns": end, "run": numbers, "order": numbers, "catalyst": catalyst}
        table |= {"essence": essence, "sparkle": sparkle, "before": before, "after": after}
        table |= {"flags": np.where(chance.random(runs) < 1e-4, ERROR, 0)}
        waited = chance.exponential(plan.run_ns, runs).astype(np.int64)
        orders = {"t_ns": begin - waited, "order": numbers, "catalyst": catalyst, "essence": essence}
        orders |= {"sparkle": sparkle, "source": essence, "run": np.maximum(numbers - plan.catalysts, 0)}
        moves = {"t_ns": end[moved], "essence": essence[moved], "old": before[moved], "new": after[moved]}
        moves["run"] = numbers[moved]
        return _in_order(table, orders, moves, moved, self._facts(numbers, end, essence))

    def _moves(self, essence: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Which runs change the state of their tonic, and the states before and after all of them."""
        runs = len(essence)
        if not self._plan.moves:
            none = np.full(runs, -1, np.int64)
            return np.empty(0, np.int64), none, none
        before, after = np.empty(runs, np.int64), np.empty(runs, np.int64)
        moves = self._chance.random(runs) < self._plan.moves / 100
        states = self._states
        for at, (tonic, is_move) in enumerate(zip(essence.tolist(), moves.tolist(), strict=True)):
            state = before[at] = states[tonic]
            if is_move:
                state = states[tonic] = (state + 1) % len(STATES)
            after[at] = state
        return np.flatnonzero(moves), before, after

    def _facts(self, numbers: Numbers, end: Numbers, essence: Numbers) -> list[tuple[int, Event]]:
        """(after which run, fact), in order."""
        plan, chance = self._plan, self._chance
        found: list[tuple[int, Event]] = []
        for at in np.flatnonzero(chance.random(len(numbers)) < plan.stores / 100).tolist():
            path, value = int(chance.integers(0, max(plan.paths, 1))), int(chance.integers(0, 1_000))
            found.append((at, _stored(plan, int(end[at]), path, str(value - 1), str(value), int(numbers[at]))))
        if plan.beats:
            for at in np.flatnonzero(chance.random(len(numbers)) < 1e-3).tolist():
                line = _text(f"{int(numbers[at]) % 977} things were looked at")
                found.append((at, ev.LogLine(int(end[at]), int(essence[at]), line, int(numbers[at]))))
            found += self._beats(end)
        found.sort(key=lambda it: it[0])
        return found

    def _beats(self, end: Numbers) -> Iterator[tuple[int, Event]]:
        """Ten times a second one of each catalyst."""
        last = int(end.max())
        while self._beat_ns + SECOND // 10 <= last:
            self._beat_ns += SECOND // 10
            self._sparkles += SECOND // 10 // (2 * self._plan.run_ns)
            at, busy_ns = int(np.searchsorted(end, self._beat_ns)), (self._beat_ns - BEGIN_NS) // 2
            for catalyst in range(self._plan.catalysts):
                yield min(at, len(end) - 1), ev.Beat(self._beat_ns, catalyst, 3, -1, -1, 0, self._sparkles, busy_ns)


def _in_order(
    runs: dict[str, Numbers],
    orders: dict[str, Numbers],
    moves: dict[str, Numbers],
    moved: Numbers,
    facts: list[tuple[int, Event]],
) -> Stretch:
    """Number everything as it stands in the stream: an order, the change of state that its run makes, the run, facts."""
    count = len(runs["run"])
    is_move = np.zeros(count, np.int64)
    is_move[moved] = 1
    after = np.array([at for at, _ in facts], np.int64)
    many = 2 + is_move + np.bincount(after, minlength=count)
    first = np.concatenate([[0], np.cumsum(many)[:-1]])
    runs["n"], orders["n"], moves["n"] = first + 1 + is_move, first, (first + 1)[moved]
    placed: list[tuple[int, Event]] = []
    behind = dict.fromkeys(after.tolist(), 0)
    for at, fact in facts:
        placed.append((int(runs["n"][at]) + 1 + behind[at], fact))
        behind[at] += 1
    return Stretch(int(many.sum()), runs, orders, moves, placed)


# ---- as a session -----------------------------------------------------------------------------------------------------


def batch_of(stretch: Stretch) -> Batch:
    """The stretch as a session takes it."""
    none = Words([""], np.zeros(len(stretch.orders["n"]), np.int64))
    return Batch(stretch.length, stretch.facts, stretch.runs, stretch.orders, stretch.moves, none, none)


def a_session_of(runs: int, plan: Plan = Plan(), *, facts: int = 100_000) -> Session:  # noqa: B008
    """What is known after so many runs; each came from an order that waited a little, and one in 10,000 raises."""
    room = runs + BATCH
    session = Session(Budget(runs=room, orders=room, transitions=room, facts=facts))
    session.apply_events(0, first_facts(plan))
    course = Course(plan)
    while runs > 0:
        session.apply_batch(batch_of(course.stretch(min(BATCH, runs))))
        runs -= BATCH
    return session


def more_of(session: Session, runs: int, plan: Plan = Plan()) -> Batch:  # noqa: B008
    """What comes next of such a session."""
    course = Course(plan._replace(seed=session.live.n))
    course._clocks[:] = course._beat_ns = session.live.t_ns
    course._number = int(session.live.runs.row(len(session.live.runs) - 1).run) + 1
    return batch_of(course.stretch(runs))


# ---- as a file --------------------------------------------------------------------------------------------------------


def a_file_of(file: Path, events: int, plan: Plan = BUSY, *, told: Callable[[int], object] | None = None) -> int:
    """Write the run as a recorder does, frames of 8,192 events with keyframes between. Returns how many events it has.

    These are at least as many as asked for, besides what is told before anything runs.
    """
    begin = first_facts(plan)
    meta = {"script": "made.py", "cwd": str(file.parent), "argv": [], "pid": 1, "wall_ns": 1_700_000_000 * SECOND}
    with TraceWriter(file, meta, with_sources=False) as writer:
        writer.add_rows(0, begin)
        first, course, strings = len(begin), Course(plan), StringTable()
        while first < events + len(begin):
            stretch = course.stretch(int(FRAME_EVENTS / (2 + plan.moves / 100 + plan.stores / 100)))
            writer.add_frames([_frame(first, stretch, strings)], [fact for _, fact in stretch.facts])
            first += stretch.length
            if told is not None:
                told(first)
    return first


def _frame(first: int, stretch: Stretch, strings: StringTable) -> tuple[Summary, bytes]:
    # A keyframe may stand before any of them, and what follows one begins a table of strings: here each does.
    strings.begin_generation()
    sections = []
    kinds: dict[type, tuple[list[int], list[Event]]] = {}
    for at, fact in stretch.facts:
        positions, rows = kinds.setdefault(type(fact), ([], []))
        positions.append(at)
        rows.append(fact)
    for kind, (positions, rows) in kinds.items():
        sections.append(make_section(kind, positions, list(zip(*rows, strict=True)), strings))
    empty = [""] * len(stretch.orders["n"])
    flow: list[tuple[type, dict[str, Numbers], list[str], list[list[str]]]] = [
        (ev.StateChanged, stretch.moves, [name for name in TRANSITION_COLUMNS if name != "n"], []),
        (
            ev.Ordered,
            stretch.orders,
            [it for it in ORDER_COLUMNS if it not in ("n", "cause", "arguments")],
            [empty] * 2,
        ),
        (ev.Ran, stretch.runs, [name for name in RUN_COLUMNS if name != "n"], []),
    ]
    for kind, table, fields, texts in flow:
        if len(table["n"]):
            columns = [table[field].tolist() for field in fields]
            sections.append(make_section(kind, table["n"].tolist(), [*columns, *texts], strings))
    block = assemble(first, stretch.length, sections, strings.generation, *strings.take_unsent())
    begin_ns, end_ns = int(stretch.orders["t_ns"][0]), int(stretch.runs["end_ns"][-1])
    counts = stretch.length, len(stretch.orders["n"]), len(stretch.runs["n"]), strings.generation
    summary = Summary(first, begin_ns, end_ns, *counts)
    return summary, make_frame(Kind.BLOCK, block, summary=summary)
