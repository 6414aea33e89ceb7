"""Knowledge: what is known of the target after event n, and the fold that brings it from one event to the next.

Facts are folded one by one, runs, orders and state changes by whole stretches. A stretch gives the same result however it
is cut into batches: `tests/studio/session/test_history.py` holds that for random streams. Two rules make it so. What a
stretch of flow changes does not depend on the facts of the same stretch, nor the other way round; and where both speak
about one thing (the state of a tonic), the later event wins by its number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from tasktonic import events
from tasktonic.events import SYSTEM
from tasktonic.protocol import messages
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.columns import ColumnStore, RowStore, RowView
from tasktonic_studio.session.essences import Essences
from tasktonic_studio.session.inbox import FlowDropped, Notice, Output, TargetBegan, TargetStatus, Told
from tasktonic_studio.session.log_lines import Level, LogLineFacts, LogLines
from tasktonic_studio.session.names import Names
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


@dataclass(frozen=True, slots=True)
class Budget:
    """How much is remembered; past it the oldest goes. Rows of each kind, and facts that the past is made from again."""

    runs: int = 8_000_000
    orders: int = 8_000_000
    transitions: int = 4_000_000
    log: int = 500_000
    depths: int = 500_000
    facts: int = 500_000
    keyframes: int = 64


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


class Shared:
    """The tables that only grow; the present and all pasts of a session look at the same ones."""

    def __init__(self, budget: Budget) -> None:
        self.runs = ColumnStore(RUN_COLUMNS, budget.runs)
        self.orders = ColumnStore(ORDER_COLUMNS, budget.orders)
        self.transitions = ColumnStore(TRANSITION_COLUMNS, budget.transitions)
        self.depths = ColumnStore(DEPTH_COLUMNS, budget.depths)
        self.texts = Texts()
        self.log: RowStore[LogLineFacts] = RowStore(budget.log, LogLineFacts._make)
        self.gaps: RowStore[GapFacts] = RowStore(10_000, GapFacts._make)
        self.histories = StoreHistories()


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
        self.essences = Essences()
        self.queues = Queues()
        self._timers = Timers()
        self.store = StoreMirror(shared.histories)
        self.attributes: dict[int, AttributesFacts] = {}
        self.log: LogLines = RowView(shared.log)
        self.runs = Runs(shared.runs)
        self.orders = Orders(shared.orders, shared.texts)
        self.transitions = Transitions(shared.transitions)
        self.depths = Depths(shared.depths)
        self._gaps: RowView[GapFacts] = RowView(shared.gaps)

    # ---- questions ---------------------------------------------------------------------------------------------

    @property
    def catalysts(self) -> dict[int, CatalystFacts]:
        """Catalysts of the present app by id; read only."""
        return self.queues.by_id

    @property
    def timers(self) -> dict[int, TimerFacts]:
        """Timers that live, by id; read only."""
        return self._timers.by_id

    @property
    def gaps(self) -> list[GapFacts]:
        """Where flow was lost, the oldest first."""
        return list(self._gaps)

    def rate(self, essence: int) -> float:
        """Sparkles per second of an essence over about the last second."""
        return self.essences.rate(essence)

    def timers_of(self, essence: int) -> list[TimerFacts]:
        """The living timers whose context is this essence."""
        return [self.timers[child] for child in self.essences.children(essence) if child in self.timers]

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

    def effects_of(self, run: int) -> list[OrderRow]:
        """The orders that a run queued, in order."""
        found = self.orders.find("run", run, self.orders.count_at(self.app.first_n))
        return [self.orders.row(int(index)) for index in found]

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
        other.essences = self.essences.fork()
        other.queues = self.queues.fork()
        other._timers = self._timers.fork()
        other.store = self.store.fork()
        other.attributes = dict(self.attributes)
        other.log = self.log.fork()
        other.runs = self.runs.fork()
        other.orders = self.orders.fork()
        other.transitions = self.transitions.fork()
        other.depths = self.depths.fork()
        other._gaps = self._gaps.fork()
        return other

    def fold(self, facts: Sequence[tuple[int, Any]], until_n: int, changes: Changes) -> None:
        """Take the events up to number `until_n`: these facts, and the rows that are in the shared tables already.

        No `AppBegan` may stand among the facts but as the first: ids before and after it mean different things.
        """
        for n, fact in facts:
            take = _fold_by_type.get(type(fact))
            if take is not None:
                take(self, n, fact, changes)
        runs_from, moves_from, orders_from = len(self.runs), len(self.transitions), len(self.orders)
        self.runs.advance_to(until_n)
        self.orders.advance_to(until_n)
        self.transitions.advance_to(until_n)
        for _, _, columns in self.runs.chunks(runs_from):
            self.advance_time(int(columns["end_ns"].max()))
            ran = self.essences.ran(columns["essence"], columns["sparkle"], columns["end_ns"], columns["flags"])
            changes.essences.update(ran)
            changes.runs = True
        for _, _, columns in self.orders.chunks(orders_from):
            self.advance_time(int(columns["t_ns"].max()))
            changes.runs = True
        for _, _, columns in self.transitions.chunks(moves_from):
            self.advance_time(int(columns["t_ns"].max()))
            moved = self.essences.moved(columns["n"], columns["essence"], columns["new"])
            changes.essences.update(moved)
            changes.runs = True
        self.n = until_n

    def advance_time(self, t_ns: int) -> None:
        """Events of this time were seen; the clock never goes back."""
        if t_ns > self.t_ns:
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
        self.log.append((n, t_ns or self.t_ns, self.app.number, level, essence, name, text, run, detail))
        changes.log = True

    def set_target(self, changes: Changes, **fields: Any) -> None:
        self.target = replace(self.target, **fields)
        changes.target = True


# ---- one function per kind of fact ------------------------------------------------------------------------------------


def _app_began(know: Knowledge, n: int, event: events.AppBegan, changes: Changes) -> None:
    if know.app.number == event.app:
        return  # stated again by a snapshot
    if know.app.has_begun:
        know.apps = (*know.apps, know.app)
    if len(know.essences):
        changes.everything = True
    know.app = AppFacts(event.app, event.name, event.t_ns, event.wall_ns, event.pid, first_n=n)
    know.essences = Essences()
    know.queues = Queues()
    know._timers = Timers()
    know.store = StoreMirror(know._shared.histories, event.app)
    know.attributes = {}
    know.advance_time(event.t_ns)
    know.essences.advance(know.t_ns)
    changes.app = True
    if know.target.status in ("none", "starting"):
        know.set_target(changes, status="running", sentence="running", pid=know.target.pid or event.pid)


def _app_ended(know: Knowledge, n: int, event: events.AppEnded, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.app = replace(know.app, ended_ns=event.t_ns, problem=event.problem)
    changes.app = True
    if event.problem:
        know.say(n, event.t_ns, "notice", f"The app ended: {event.problem}", changes)


def _defined(know: Knowledge, n: int, event: Any, changes: Changes) -> None:
    if know.names.learn(event):
        changes.names = True


def _born(know: Knowledge, n: int, event: events.Born, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    if know.essences.born(event, n):
        changes.essences_new.add(event.essence)
    changes.essences.add(event.essence)
    if event.essence == event.catalyst:
        know.queues.named(event.essence, event.name)
        changes.catalysts.add(event.essence)


def _finishing(know: Knowledge, n: int, event: events.Finishing, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.essences.finishing(event.essence, event.t_ns)
    changes.essences.add(event.essence)


def _ended(know: Knowledge, n: int, event: events.Ended, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    changes.essences_forgotten.update(know.essences.end(event.essence, event.t_ns))
    changes.essences.add(event.essence)
    changes.essences_ended.add(event.essence)
    if know._timers.gone(event.essence):
        changes.timers.add(event.essence)


def _service_used(know: Knowledge, n: int, event: events.ServiceUsed, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.essences.used(event.service, event.user, event.joined)
    changes.essences.add(event.service)


def _log_mode(know: Knowledge, n: int, event: events.LogModeSet, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.essences.log_mode(event.essence, event.log_mode)
    changes.essences.add(event.essence)


def _timer_set(know: Knowledge, n: int, event: events.TimerSet, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know._timers.set(event)
    changes.timers.add(event.timer)


def _timer_fired(know: Knowledge, n: int, event: events.TimerFired, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know._timers.fired(event)
    changes.timers.add(event.timer)


def _timer_stopped(know: Knowledge, n: int, event: events.TimerStopped, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know._timers.stopped(event)
    changes.timers.add(event.timer)


def _store_changed(know: Knowledge, n: int, event: events.StoreChanged, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.store.changed(event, n)
    changes.store.add((event.store, event.path))


def _log_line(know: Knowledge, n: int, event: events.LogLine, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.say(n, event.t_ns, "log", event.text, changes, essence=event.essence, run=event.run)


def _raised(know: Knowledge, n: int, event: events.Raised, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.essences.raised(event.essence)
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
    know.queues.held(event.catalyst, event.held)
    changes.catalysts.add(event.catalyst)
    held = [facts for facts in know.catalysts.values() if facts.held]
    if held and know.target.status == "running":
        know.set_target(changes, status="held", sentence="held")
    elif not held and know.target.status == "held":
        know.set_target(changes, status="running", sentence="running")


def _beat(know: Knowledge, n: int, event: events.Beat, changes: Changes) -> None:
    know.advance_time(event.t_ns)
    know.queues.beat(event)
    know.depths.append(n, event)
    changes.catalysts.add(event.catalyst)


def _gap(know: Knowledge, n: int, event: events.Gap, changes: Changes) -> None:
    know.advance_time(event.until_ns)
    know._gaps.append((n, event.t_ns, event.until_ns, event.orders, event.runs, "app"))
    _count_lost(know, event.orders, event.runs, changes)


def _flow_dropped(know: Knowledge, n: int, item: FlowDropped, changes: Changes) -> None:
    # The thinned block that follows has a `Gap` of its own, which counts.
    know.say(
        n, 0, "notice", f"The Studio was too slow: {item.orders:,} orders and {item.runs:,} runs were dropped.", changes
    )


def _count_lost(know: Knowledge, orders: int, runs: int, changes: Changes) -> None:
    target = know.target
    know.set_target(changes, lost_orders=target.lost_orders + orders, lost_runs=target.lost_runs + runs)
    changes.runs = True


def _output(know: Knowledge, n: int, item: Output, changes: Changes) -> None:
    for line in item.text.splitlines() or [""]:
        know.say(n, item.t_ns, item.stream, line, changes)


def _notice(know: Knowledge, n: int, item: Notice, changes: Changes) -> None:
    know.say(n, item.t_ns, "notice", item.text, changes)


def _target_began(know: Knowledge, n: int, item: TargetBegan, changes: Changes) -> None:
    sentence = item.sentence or ("starting" if item.how == "launched" else "connecting")
    know.target = TargetFacts("starting", sentence, item.how, item.script, item.arguments, item.pid)
    changes.target = changes.everything = changes.new_target = True


def _target_status(know: Knowledge, n: int, item: TargetStatus, changes: Changes) -> None:
    sentence = item.sentence or item.status
    if item.status == "ended":
        sentence = _ending(know, n, item)
    know.set_target(
        changes,
        status=item.status,
        sentence=sentence,
        exit_code=item.exit_code,
        died=item.died,
        pid=item.pid or know.target.pid,
    )
    if item.status in ("ended", "lost"):
        for catalyst, facts in list(know.catalysts.items()):
            if facts.alive:
                know.queues.stands_still(catalyst)
                changes.catalysts.add(catalyst)


def _ending(know: Knowledge, n: int, item: TargetStatus) -> str:
    """How a target ended, in a sentence: its own words, then the last sparkle or that there never was an app."""
    parts = [item.sentence or "ended"]
    if know.target.how == "launched" and not know.app.has_begun and item.exit_code is not None:
        parts.append("the script started no formula")
    elif item.died and (last := know.last_sparkle(n)):
        parts.append(f"last sparkle {last}")
    return ", ".join(parts)


def _told(know: Knowledge, n: int, item: Told, changes: Changes) -> None:
    message = item.message
    if isinstance(message, messages.Hello):
        _hello(know, message, changes)
    elif isinstance(message, messages.Granted):
        know.set_target(changes, role=message.role)
        if message.reason:
            know.say(n, 0, "notice", message.reason, changes)
    elif isinstance(message, messages.Attributes):
        t_ns = message.t_ns or know.t_ns
        know.attributes[message.essence] = AttributesFacts(message.essence, n, t_ns, message.rows, message.problem)
        changes.attributes.add(message.essence)
    elif isinstance(message, messages.Answer):
        if message.text:
            know.say(n, 0, "notice", message.text, changes)
    elif isinstance(message, messages.Cost):
        # Losses are counted from the gaps, which say where.
        fill = message.ring_fill
        know.set_target(changes, cost_percent=message.percent, level=message.level, ring_fill=fill)
    elif isinstance(message, messages.Notice):
        know.say(n, 0, "notice", message.text, changes)
    elif isinstance(message, (messages.Refused, messages.Goodbye)):
        know.say(n, 0, "notice", message.reason, changes)


def _hello(know: Knowledge, message: messages.Hello, changes: Changes) -> None:
    target = know.target
    begins = target.status in ("none", "starting")
    know.set_target(
        changes,
        status="running" if begins else target.status,
        sentence="running" if begins else target.sentence,
        script=target.script or message.script,
        arguments=target.arguments or message.argv,
        pid=message.pid,
        python=message.python,
        framework=message.framework,
        qt=message.qt,
        executable=message.executable,
        cwd=message.cwd,
    )


_fold_by_type: Final[dict[type, Callable[[Knowledge, int, Any, Changes], None]]] = {
    events.AppBegan: _app_began,
    events.AppEnded: _app_ended,
    events.ClassDefined: _defined,
    events.StateDefined: _defined,
    events.SparkleDefined: _defined,
    events.HandlerDefined: _defined,
    events.Born: _born,
    events.Finishing: _finishing,
    events.Ended: _ended,
    events.ServiceUsed: _service_used,
    events.LogModeSet: _log_mode,
    events.TimerSet: _timer_set,
    events.TimerFired: _timer_fired,
    events.TimerStopped: _timer_stopped,
    events.StoreChanged: _store_changed,
    events.LogLine: _log_line,
    events.Raised: _raised,
    events.CatalystBegan: _catalyst_began,
    events.CatalystEnded: _catalyst_ended,
    events.CatalystHeld: _catalyst_held,
    events.Beat: _beat,
    events.Gap: _gap,
    FlowDropped: _flow_dropped,
    Output: _output,
    Notice: _notice,
    TargetBegan: _target_began,
    TargetStatus: _target_status,
    Told: _told,
}
