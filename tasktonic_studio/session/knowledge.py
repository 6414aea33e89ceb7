"""Knowledge: what is known of the target after event n. How events change it is in `folding.py`."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic.events import SYSTEM, BreakpointHit
from tasktonic.protocol import messages
from tasktonic_studio.session.births import BirthFacts
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.columns import ColumnStore, RowStore, RowView
from tasktonic_studio.session.distillation import Distillation
from tasktonic_studio.session.distiller import DistillerFacts
from tasktonic_studio.session.essences import Essences
from tasktonic_studio.session.findings import Findings
from tasktonic_studio.session.happenings import HAPPENING_COLUMNS, Happenings
from tasktonic_studio.session.heavy_work import HeavyWork
from tasktonic_studio.session.log_lines import Level, LogLineFacts, LogLines
from tasktonic_studio.session.machines import Machines
from tasktonic_studio.session.names import Names
from tasktonic_studio.session.numbers import AttributeNumbers, Described
from tasktonic_studio.session.queues import DEPTH_COLUMNS, CatalystFacts, Depths, Queues
from tasktonic_studio.session.store_mirror import StoreHistories, StoreMirror
from tasktonic_studio.session.target import AppFacts, TargetFacts
from tasktonic_studio.session.timeline import (
    ORDER_COLUMNS,
    RUN_COLUMNS,
    TRANSITION_COLUMNS,
    OrderRow,
    Orders,
    RunRow,
    Runs,
    Texts,
    Transitions,
)
from tasktonic_studio.session.timers import TimerFacts, Timers
from tasktonic_studio.session.waiting import Ints, Waiting

_EVENTS_PER_KEYFRAME: Final = 100_000
"""Of a file so many are kept that none has to go."""
MOST_GAPS: Final = 10_000
"""So many stretches are remembered in which flow was lost."""
_HANDS_KEPT: Final = 20
_LISTENERS_KEPT: Final = 50
_RUNNING_AMONG: Final = 64
"""The order that runs is among the first of those that are open; hurried ones may have come before it."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much is remembered; past it the oldest goes. Rows of each kind, and facts that the past is made from again.

    Together some 700 MB, which the plant of ``watch_me.py`` reaches in two hours.
    """

    runs: int = 3_000_000
    orders: int = 3_000_000
    transitions: int = 1_500_000
    log: int = 500_000
    depths: int = 500_000
    births: int = 200_000
    facts: int = 500_000
    keyframes: int = 64

    def for_events(self, events: int) -> Budget:
        """At least this, and room for a file with so many events, of whatever kind they are."""
        return replace(
            self,
            runs=max(self.runs, events),
            orders=max(self.orders, events),
            transitions=max(self.transitions, events),
            facts=max(self.facts, events),
            keyframes=max(self.keyframes, events // _EVENTS_PER_KEYFRAME),
        )


class GapFacts(NamedTuple):
    """Flow was lost between two times of the app. `n` is where in the stream; `where` says who could not take it."""

    n: int
    t_ns: int
    until_ns: int
    orders: int
    runs: int
    where: str = "app"


@dataclass(frozen=True, slots=True)
class AttributesFacts:
    """The attributes of an essence as last asked for.

    Rows have `name`, `type`, `preview` and `children` (rows again); `problem` is a sentence when they could not be had. `n`
    is the event's number of the answer, `t_ns` when they were so.
    """

    essence: int
    n: int
    t_ns: int
    rows: tuple[messages.AttributeRow, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class StackFacts:
    """Where in the source a catalyst was when it was last asked, outermost call first.

    `problem` is a sentence when that could not be had. `n` is the event's number of the answer, `t_ns` when it was so.
    """

    catalyst: int
    n: int
    t_ns: int
    lines: tuple[messages.StackLine, ...]
    problem: str = ""


class Shared:
    """The tables that only grow; the present and all pasts of a session look at the same ones."""

    def __init__(self, budget: Budget) -> None:
        self.runs = ColumnStore(RUN_COLUMNS, budget.runs)
        self.orders = ColumnStore(ORDER_COLUMNS, budget.orders)
        self.transitions = ColumnStore(TRANSITION_COLUMNS, budget.transitions)
        self.depths = ColumnStore(DEPTH_COLUMNS, budget.depths)
        self.texts = Texts()
        self.happenings = ColumnStore(HAPPENING_COLUMNS, budget.facts)
        self.words = Texts()
        self.log: RowStore[LogLineFacts] = RowStore(budget.log, LogLineFacts._make)
        self.gaps: RowStore[GapFacts] = RowStore(MOST_GAPS, GapFacts._make)
        self.births: RowStore[BirthFacts] = RowStore(budget.births, BirthFacts._make)
        self.histories = StoreHistories()
        self.attribute_numbers = AttributeNumbers()
        self.distillation = Distillation()


class Knowledge:
    """What is known after the first `n` events. Read only for everyone but its `Session`.

    The present one (`Session.live`) changes with every batch; one of the past stays as it is. `t_ns` is the latest time seen.
    """

    def __init__(self, shared: Shared | None = None) -> None:
        shared = Shared(Budget()) if shared is None else shared
        self._shared = shared
        self.n = 0
        self.t_ns = 0
        self.target = TargetFacts()
        self.app = AppFacts()
        self.apps: tuple[AppFacts, ...] = ()
        """App runs of this process that came before, the oldest first."""
        self.names = Names()
        self.source_texts: Mapping[str, str] = {}
        """Source as it was when the program ran, by file, where that is known: of a recorded run. Replaced, never changed."""
        self.essences = Essences()
        self.levels: tuple[tuple[int, int, int], ...] = ()
        """(number of event, time, level) of each change of how much of the flow is noted; of the process."""
        self.late_ns = 0
        """When the record of the present app began, if the app lived already by then; 0 when it is there from its begin."""
        self.queues = Queues()
        self.timer_table = Timers()
        self.heavy_work = HeavyWork()
        self.machines = Machines()
        self.store = StoreMirror(shared.histories)
        self.attributes: dict[int, AttributesFacts] = {}
        self.stacks: dict[int, StackFacts] = {}
        """By catalyst."""
        self.next_orders: dict[int, messages.NextOrders] = {}
        """What an app that is held told of the orders that wait, by catalyst: the queue itself, as it was then."""
        self.listeners: dict[tuple[int, str], messages.Listeners] = {}
        self.signals: dict[int, messages.Signals] = {}
        """Which signals the sparkles of a tonic are bound to, as the app told it last."""
        self.code_replaced: dict[str, messages.CodeReplaced] = {}
        """What became of the last replacement of code, by file."""
        """What the app told of who listens, by store and path, the newest last; a few are kept."""
        self.hands: dict[int, tuple[int, ...]] = {}
        """By essence: which lines of the log tell what was last done to it by hand."""
        self.hit: BreakpointHit | None = None
        """The breakpoint at which the app is held, while it is."""
        self.waiting = Waiting()
        self.distiller = DistillerFacts()
        """How it stands with an app that is run by hand. Replaced, never changed."""
        self.findings = Findings()
        self.log: LogLines = RowView(shared.log)
        self.births: RowView[BirthFacts] = RowView(shared.births)
        self.runs = Runs(shared.runs)
        self.orders = Orders(shared.orders, shared.texts)
        self.transitions = Transitions(shared.transitions)
        self.happenings = Happenings(shared.happenings, shared.words)
        self.depths = Depths(shared.depths)
        self.gap_rows: RowView[GapFacts] = RowView(shared.gaps)

    # ---- questions ---------------------------------------------------------------------------------------------

    @property
    def catalysts(self) -> dict[int, CatalystFacts]:
        """Catalysts of the present app by id; read only."""
        return self.queues.by_id

    @property
    def timers(self) -> dict[int, TimerFacts]:
        """Timers that live, by id; read only."""
        return self.timer_table.by_id

    @property
    def distillation(self) -> Distillation:
        """What a distiller was asked for while it made this run; empty when none did."""
        return self._shared.distillation

    @property
    def gaps(self) -> list[GapFacts]:
        """Where flow was lost, the oldest first. A flood has thousands: ask for the last ones, with `gaps_from`, in each frame."""
        return list(self.gap_rows)

    def gaps_from(self, n: int) -> list[GapFacts]:
        """Where flow was lost among the events from this number on."""
        rows = self.gap_rows
        return rows.slice(bisect_left(range(len(rows)), n, rows.first, key=lambda row: rows[row].n), len(rows))

    @property
    def first_level(self) -> tuple[int, int, int] | None:
        """The first level that was told since the present app began, None when none was."""
        return next((level for level in self.levels if level[0] >= self.app.first_n), None)

    def is_of_app_of(self, other: Knowledge) -> bool:
        """Whether ids mean the same in both: two moments of one app that is watched."""
        return self._shared is other._shared and self.app.first_n == other.app.first_n

    def rate(self, essence: int) -> float:
        """Sparkles per second of an essence over about the last second."""
        return self.essences.rate(essence)

    def timers_of(self, essence: int) -> list[TimerFacts]:
        """The living timers whose context is this essence."""
        return [self.timers[child] for child in self.essences.children(essence) if child in self.timers]

    def attribute_numbers(self, essence: int, name: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Times and values of a numeric attribute of an essence, from the answers that came so far."""
        return self._shared.attribute_numbers.of(self.app.number, essence, name, self.n)

    def state_name(self, essence: int) -> str:
        """The present state of an essence by name, `--` for none."""
        facts = self.essences.get(essence)
        return self.names.state(facts.cls, facts.state) if facts else "--"

    def run_of(self, number: int) -> RunRow | None:
        """The run with this number, None when it is not known (or was lost)."""
        found = self.runs.find("run", number, self.runs.count_at(self.app.first_n))
        return self.runs.row(int(found[-1])) if len(found) else None

    def order_of(self, number: int) -> OrderRow | None:
        """The order with this number, None when it is not known (or was lost)."""
        found = self.orders.find("order", number, self.orders.count_at(self.app.first_n))
        return self.orders.row(int(found[-1])) if len(found) else None

    def order_before(self, number: int, n: int) -> OrderRow | None:
        """The same among the first `n` events, also while facts are folded, when this view's count lags behind."""
        orders = Orders(self._shared.orders, self._shared.texts, self._shared.orders.count_at(n))
        found = orders.find("order", number, orders.count_at(self.app.first_n))
        return orders.row(int(found[-1])) if len(found) else None

    def effects_of(self, run: int) -> list[OrderRow]:
        """The orders that a run queued, in order."""
        found = self.orders.find("run", run, self.orders.count_at(self.app.first_n))
        return [self.orders.row(int(index)) for index in found]

    def waiting_of(self, catalyst: int) -> tuple[Ints, OrderRow | None]:
        """What waits for a catalyst as rows of `orders`, first come first, and apart from it the order that runs now.

        The running one is known by the last beat, so it is the one of a moment ago; None when it is not known.
        """
        rows = self.waiting.rows(catalyst)
        rows = rows[rows >= self.orders.first]
        facts = self.catalysts.get(catalyst)
        if facts is None or facts.inside < 0:
            return rows, None
        for at, row in enumerate(rows[:_RUNNING_AMONG].tolist()):
            order = self.orders.row(row)
            if order.essence == facts.inside and order.sparkle == facts.inside_sparkle and order.t_ns <= facts.since_ns:
                return np.delete(rows, at), order
        return rows, None

    def cause_of(self, run: RunRow) -> OrderRow | None:
        """The order a run came from; for a hook the order that caused it."""
        return self.order_of(run.order)

    def last_sparkle(self, n: int | None = None) -> str:
        """`Class.sparkle` of the last ordinary run of the present app among the first `n` events; empty when none ran."""
        # While facts are folded this view's count lags behind: ask the shared table.
        runs = Runs(self._shared.runs, self._shared.runs.count_at(self.n if n is None else n))
        start = max(runs.count_at(self.app.first_n), len(runs) - 1000)
        for row in reversed(runs.rows(start, len(runs))):
            if not row.flags & SYSTEM:
                facts = self.essences.get(row.essence)
                owner = self.names.cls(facts.cls) if facts else self.essences.name(row.essence)
                return f"{owner}.{self.names.sparkle(row.sparkle)}"
        return ""

    # ---- the fold ----------------------------------------------------------------------------------------------

    def fork(self) -> Knowledge:
        """The same, to be brought forward apart from this one; tables are shared until one of the two changes them."""
        other = Knowledge.__new__(Knowledge)
        other._shared = self._shared
        other.n, other.t_ns = self.n, self.t_ns
        other.target, other.app, other.apps = self.target, self.app, self.apps
        other.names = self.names.fork()
        other.source_texts = self.source_texts
        other.essences = self.essences.fork()
        other.levels, other.late_ns = self.levels, self.late_ns
        other.queues = self.queues.fork()
        other.timer_table = self.timer_table.fork()
        other.heavy_work = self.heavy_work.fork()
        other.machines = self.machines.fork()
        other.store = self.store.fork()
        other.attributes = dict(self.attributes)
        other.stacks = dict(self.stacks)
        other.next_orders = dict(self.next_orders)
        other.listeners = dict(self.listeners)
        other.signals = dict(self.signals)
        other.code_replaced = dict(self.code_replaced)
        other.hands = dict(self.hands)
        other.hit = self.hit
        other.waiting = self.waiting.fork()
        other.distiller = self.distiller
        other.findings = self.findings.fork()
        other.log = self.log.fork()
        other.births = self.births.fork()
        other.runs = self.runs.fork()
        other.orders = self.orders.fork()
        other.transitions = self.transitions.fork()
        other.happenings = self.happenings.fork()
        other.depths = self.depths.fork()
        other.gap_rows = self.gap_rows.fork()
        return other

    def begin_app(self, app: AppFacts) -> None:
        """An app run begins: ids and numbers of the one before mean nothing now, log and runs go on."""
        if self.app.has_begun:
            self.apps = (*self.apps, self.app)
        elif app.has_own_clock:
            # What was told before it began has been stamped by the machine's clock, which is long past its own.
            self.levels = tuple((n, app.began_ns, level) for n, _, level in self.levels)
        if app.has_own_clock:
            self.t_ns = app.began_ns
        self.app = app
        self.late_ns = 0
        self.essences = Essences()
        self.queues = Queues()
        self.timer_table = Timers()
        self.heavy_work = HeavyWork()
        self.machines = Machines()
        self.store = self.store.of_next_app(self._shared.histories, app.number)
        self.attributes = {}
        self.stacks = {}
        self.next_orders = {}
        self.listeners = {}
        self.code_replaced = {}
        self.signals = {}
        self.hands = {}
        self.hit = None
        self.waiting = Waiting()
        self.findings.begin_app()

    def note_numbers(self, n: int, t_ns: int, essence: int, rows: Iterable[Described]) -> None:
        """Remember the numbers among the attributes that an answer has."""
        self._shared.attribute_numbers.take(self.app.number, essence, n, t_ns, rows)

    def note_hand(self, essence: int, line: int) -> None:
        """Remember which line of the log tells what was done to an essence by hand; so many of each are kept."""
        self.hands[essence] = (*self.hands.get(essence, ())[1 - _HANDS_KEPT :], line)

    def catalyst_of(self, essence: int) -> int:
        """The catalyst that an essence runs on, -1 when that is not known."""
        facts = self.essences.identity(essence)
        return facts.catalyst if facts is not None else -1

    def timers_now_ns(self, timer: int) -> int:
        """The time by which a timer goes: it stands still while its catalyst is held."""
        catalyst = self.catalysts.get(self.catalyst_of(timer))
        return catalyst.held_ns if catalyst is not None and catalyst.held and catalyst.held_ns else self.t_ns

    def note_listeners(self, told: messages.Listeners) -> None:
        """Remember who listens to a path, as the app told it."""
        self.listeners.pop((told.store, told.path), None)
        self.listeners[told.store, told.path] = told
        if len(self.listeners) > _LISTENERS_KEPT:
            del self.listeners[next(iter(self.listeners))]

    def advance_time(self, t_ns: int) -> None:
        """Events of this time were seen; the clock never goes back."""
        if t_ns > self.t_ns and (t_ns := self.app.time_of(t_ns)) > self.t_ns:
            self.t_ns = t_ns
            self.essences.advance(t_ns)

    def say(
        self,
        n: int,
        t_ns: int,
        level: Level,
        text: str,
        changes: Changes,
        *,
        essence: int = -1,
        run: int = 0,
        detail: str = "",
    ) -> None:
        """Add a line to the log."""
        name = self.essences.name(essence)
        self.log.append(
            (n, self.app.time_of(t_ns or self.t_ns), self.app.number, level, essence, name, text, run, detail)
        )
        changes.log = True

    def set_target(self, changes: Changes, **fields: Any) -> None:
        """How it stands with the target."""
        self.target = replace(self.target, **fields)
        changes.target = True

    def set_figures(self, changes: Changes, **fields: Any) -> None:
        """What is counted of the target: nothing can be done or not because of it."""
        self.target = replace(self.target, **fields)
        changes.figures = True
