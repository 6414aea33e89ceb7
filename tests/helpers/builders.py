"""Event batches and lively sessions in a few lines, for tests of the session and of the panels."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from tasktonic import events as ev
from tasktonic.rules import Breakpoint, Term
from tasktonic_studio.session.inbox import Output, TargetBegan
from tasktonic_studio.session.knowledge import Budget
from tasktonic_studio.session.session import Session

MS = 1_000_000
SECOND = 1_000 * MS

PLANT_SCRIPT = str(Path(__file__).resolve().parents[2] / "examples" / "watch_me.py")


class EventWriter:
    """Writes records as an app would, with a clock, ids and numbers of its own; `take()` gives what was written.

    Every method returns what later calls need: an id or a number. The clock moves only by `wait`.
    """

    def __init__(self, app: int = 1, name: str = "Plant", *, begin: bool = True) -> None:
        self.t_ns = 10 * SECOND
        self.written: list[tuple[Any, ...]] = []
        self.next_id = 0
        self.next_number = 1
        self.next_work = 1
        self._classes: dict[str, int] = {}
        self._sparkles: dict[tuple[int, str], int] = {}
        self._states: dict[tuple[int, str], int] = {}
        self._class_of: dict[int, int] = {}
        self._catalyst_of: dict[int, int] = {}
        self._state_of: dict[int, int] = {}
        if begin:
            self.add(ev.AppBegan(self.t_ns, app, ev.Name(name), 1_700_000_000 * SECOND, 4711))

    def add(self, event: tuple[Any, ...]) -> None:
        self.written.append(event)

    def take(self) -> list[tuple[Any, ...]]:
        taken, self.written = self.written, []
        return taken

    def wait(self, ns: int) -> int:
        self.t_ns += ns
        return self.t_ns

    # ---- definitions

    def cls(self, name: str, states: tuple[str, ...] = (), sparkles: tuple[str, ...] = (), service: str = "") -> int:
        """The class with this name; defined on first use, with a handler per sparkle."""
        if name in self._classes:
            return self._classes[name]
        cls = self._classes[name] = len(self._classes)
        file = ev.Name(PLANT_SCRIPT)
        self.add(
            ev.ClassDefined(
                cls, ev.Name(name), ev.Name("__main__"), file, 10 + cls * 20, ev.Name(service), ev.Name("ttTonic")
            )
        )
        for index, state in enumerate(sorted(states)):
            self._states[cls, state] = index
            self.add(ev.StateDefined(cls, index, ev.Name(state)))
        for line, sparkle in enumerate(sparkles):
            number = self.sparkle(cls, sparkle)
            place = 12 + cls * 20 + line * 3
            self.add(ev.HandlerDefined(cls, number, ev.Name(""), ev.Name(sparkle), file, place))
        return cls

    def sparkle(self, cls: int, name: str) -> int:
        if (cls, name) not in self._sparkles:
            number = self._sparkles[cls, name] = len(self._sparkles)
            self.add(ev.SparkleDefined(number, cls, ev.Name(name)))
        return self._sparkles[cls, name]

    def state(self, cls: int, name: str) -> int:
        return ev.NO_STATE if name == "--" else self._states[cls, name]

    # ---- life

    def born(
        self,
        cls: str,
        name: str = "",
        context: int = -1,
        catalyst: int | None = None,
        service: str = "",
        state: str = "--",
        essence: int | None = None,
    ) -> int:
        """A tonic lives; on its context's catalyst when none is given, and with no context on catalyst 0."""
        id_ = self.next_id if essence is None else essence
        self.next_id = max(self.next_id, id_ + 1)
        number = self.cls(cls)
        on = self._catalyst_of.get(context, 0) if catalyst is None else catalyst
        self._class_of[id_], self._catalyst_of[id_] = number, on
        self._state_of[id_] = self.state(number, state)
        label = ev.Name(name or f"{id_:02d}.{cls}")
        self.add(ev.Born(self.t_ns, id_, label, number, context, on, ev.Name(service), 2, self._state_of[id_], 0))
        return id_

    def catalyst(self, name: str, driver: str = "thread", cls: str = "ttCatalyst") -> int:
        id_ = self.born(cls, name, -1, self.next_id)
        self.add(ev.CatalystBegan(self.t_ns, id_, ev.Name(driver), ev.Name(name), 1000 + id_))
        return id_

    def ended(self, essence: int) -> None:
        self.add(ev.Finishing(self.t_ns, essence, 0))
        self.add(ev.Ended(self.t_ns, essence, 0))

    def timer(self, context: int, period_ns: int, callback: str = "ttse__on_timer", name: str = "") -> int:
        id_ = self.born("ttTimerRepeat", name, context)
        self.add(ev.TimerSet(self.t_ns, id_, self.t_ns + period_ns, period_ns, ev.Name(callback), 0))
        return id_

    # ---- what happens

    def order(
        self, essence: int, sparkle: str, source: int = -1, run: int = 0, cause: str = "", arguments: str = ""
    ) -> int:
        number = self.next_number
        self.next_number += 1
        cls = self._class_of[essence]
        catalyst = self._catalyst_of[essence]
        because = ev.Name(cause or ("" if run else "outside"))
        self.add(
            ev.Ordered(
                self.t_ns,
                number,
                catalyst,
                essence,
                self.sparkle(cls, sparkle),
                source,
                run,
                because,
                ev.Text(arguments),
            )
        )
        return number

    def run(self, essence: int, sparkle: str, order: int, took_ns: int = 20_000, to: str = "", flags: int = 0) -> int:
        """The order runs, and the clock moves on by what it took; with `to` the tonic changes its state."""
        cls = self._class_of[essence]
        begin = self.t_ns
        self.t_ns += took_ns
        before = self._state_of[essence]
        after = self.state(cls, to) if to else before
        if after != before:
            self._state_of[essence] = after
            self.add(ev.StateChanged(self.t_ns, essence, before, after, order))
        self.add(
            ev.Ran(
                begin,
                self.t_ns,
                order,
                order,
                self._catalyst_of[essence],
                essence,
                self.sparkle(cls, sparkle),
                before,
                after,
                flags,
            )
        )
        return order

    def sparkles(self, essence: int, sparkle: str, **rest: Any) -> int:
        """An order and its run, from outside."""
        return self.run(essence, sparkle, self.order(essence, sparkle), **rest)

    def offload(self, essence: int, function: str = "crunch", place: str = "process", run: int = 0) -> int:
        """Work is handed to the pool and waits there."""
        work = self.next_work
        self.next_work += 1
        self.add(ev.WorkOffloaded(self.t_ns, work, essence, ev.Name(function), ev.Name(place), run))
        return work

    def work_began(self, work: int, essence: int, function: str = "crunch", worker: str = "pool process 1") -> None:
        self.add(ev.WorkBegan(self.t_ns, work, essence, ev.Name(function), ev.Name(worker)))

    def work_ended(
        self, work: int, essence: int, outcome: str = "done", error: str = "", function: str = "crunch"
    ) -> None:
        self.add(ev.WorkEnded(self.t_ns, work, essence, ev.Name(function), ev.Name(outcome), ev.Text(error)))

    def by_hand(self, essence: int, what: str, text: str, who: str = "studio 0.1.0, pid 4711") -> None:
        self.add(ev.ByHand(self.t_ns, essence, ev.Name(what), ev.Text(text), ev.Text(who)))

    def log(self, essence: int, text: str, run: int = 0) -> None:
        self.add(ev.LogLine(self.t_ns, essence, ev.Text(text), run))

    def raised(self, essence: int, sparkle: str, type_: str, text: str, run: int = 0) -> None:
        trace = f'Traceback (most recent call last):\n  File "plant.py", line 7, in {sparkle}\n{type_}: {text}\n'
        self.add(
            ev.Raised(self.t_ns, essence, ev.Name(sparkle), ev.Name(type_), ev.Text(text), ev.Text(trace), -1, run)
        )

    def store(
        self, store: int, path: str, new: str, old: str = "", type_: str = "float", run: int = 0, source: str = ""
    ) -> None:
        self.add(
            ev.StoreChanged(
                self.t_ns,
                store,
                ev.Name(path),
                ev.Text(old),
                ev.Text(new),
                ev.Name(type_),
                False,
                False,
                run,
                ev.Name(source),
            )
        )

    def beat(self, catalyst: int, depth: int = 0, sparkles: int = 0, busy_ns: int = 0, inside: int = -1) -> None:
        since = self.t_ns if inside >= 0 else 0
        self.add(ev.Beat(self.t_ns, catalyst, depth, inside, -1, since, sparkles, busy_ns))


class Plant:
    """A small lively plant: two catalysts, pumps with states, valves, a service, timers, a store, log lines, an error.

    `live(rounds)` lets it go on; ids of what lives are attributes, for tests to point at.
    """

    def __init__(self, pumps: int = 4) -> None:
        self.write = write = EventWriter()
        write.cls("ttCatalyst")
        write.cls("Plant", ("running", "starting"), ("ttse__on_start", "ttsc__report", "ttse__on_alarm"))
        write.cls(
            "Pump",
            ("closed", "open"),
            ("ttse__on_start", "ttsc__open", "ttsc__close", "ttse__on_stroke", "ttse__on_enter"),
        )
        write.cls("Valve", (), ("ttsc__turn",))
        write.cls("Historian", (), ("ttsc__record",), service="historian")
        write.cls("ttStore", (), (), service="store")
        write.cls("ttTimerRepeat")
        self.main = write.catalyst("main_catalyst", "qt")
        self.worker = write.catalyst("worker")
        self.plant = write.born("Plant", "plant", catalyst=self.main, state="starting")
        self.store = write.born("ttStore", "store", catalyst=self.main, service="store")
        self.historian = write.born("Historian", "historian", catalyst=self.worker, service="historian")
        self.pumps = [
            write.born("Pump", f"pump {index}", self.plant, self.worker if index % 2 else self.main, state="closed")
            for index in range(pumps)
        ]
        self.valves = [write.born("Valve", f"valve {pump}", pump) for pump in self.pumps]
        self.timers = [write.timer(pump, 250 * MS, "ttse__on_stroke") for pump in self.pumps]
        self.stopped_timer = write.timer(self.plant, 5 * SECOND, "ttse__on_alarm", "alarm")
        for user in (self.plant, *self.pumps):
            write.add(ev.ServiceUsed(write.t_ns, self.historian, user, True))
        write.add(ev.TimerStopped(write.t_ns, self.stopped_timer, 3 * SECOND, 0))
        self.first_run = write.sparkles(self.plant, "ttse__on_start", to="running")
        write.log(self.plant, "the plant runs", self.first_run)
        self.level = 10.0

    def live(self, rounds: int = 25) -> list[tuple[Any, ...]]:
        """So many rounds of 50 ms: every pump strokes, orders its valve and the historian, and writes its level."""
        write = self.write
        for round_ in range(rounds):
            for pump, valve in zip(self.pumps, self.valves, strict=True):
                stroke = write.order(pump, "ttse__on_stroke", cause="timer", arguments=f"{{'id': {pump}}}")
                turn = write.order(valve, "ttsc__turn", pump, stroke, arguments=f"angle={round_ * 15 % 360}")
                record = write.order(self.historian, "ttsc__record", pump, stroke, arguments=f"level={self.level:.1f}")
                old, self.level = self.level, self.level + 0.5
                write.store(
                    self.store, f"pumps/{pump}/level", f"{self.level:.1f}", f"{old:.1f}", run=stroke, source=str(pump)
                )
                write.run(pump, "ttse__on_stroke", stroke, 40_000, to="open" if round_ % 2 == 0 else "closed")
                write.run(valve, "ttsc__turn", turn, 8_000)
                write.run(self.historian, "ttsc__record", record, 15_000)
            if round_ % 5 == 0:
                write.log(self.pumps[0], f"round {round_}", write.next_number - 1)
            write.wait(50 * MS)
            for catalyst in (self.main, self.worker):
                inside = self.pumps[0] if catalyst == self.main and round_ % 3 == 0 else -1
                write.beat(catalyst, round_ % 4, write.next_number, (write.t_ns - 10 * SECOND) // 10, inside)
        return write.take()

    def trouble(self) -> list[tuple[Any, ...]]:
        """A pump raises; a valve finishes; a tonic that lived for a moment has ended."""
        write = self.write
        run = write.sparkles(self.pumps[1], "ttsc__open", flags=ev.ERROR)
        write.raised(self.pumps[1], "ttsc__open", "ValueError", "the pump is dry", run)
        guest = write.born("Valve", "guest", self.plant)
        write.ended(guest)
        self.guest = guest
        return write.take()


def a_session(budget: Budget | None = None) -> Session:
    """An empty session."""
    return Session(budget)


def a_session_with_plant(rounds: int = 25, pumps: int = 4) -> Session:
    """A session that watches a lively plant: `session.plant` tells its ids, `more(session)` lets it live on.

    Ten to twenty essences on two catalysts, one of them finished; states, services with users, timers, store values, log
    lines, lines the process printed, an error; some hundred runs and orders; two breakpoints.
    """
    session = Session()
    session.apply([TargetBegan("launched", PLANT_SCRIPT, (), 4711)])
    plant = Plant(pumps)
    session.apply_events(session.live.n, plant.live(rounds))
    session.apply_events(session.live.n, plant.trouble())
    session.apply(
        [Output("stdout", "Plant ready.\n", plant.write.t_ns), Output("stderr", "low pressure\n", plant.write.t_ns)]
    )
    session.apply_events(session.live.n, plant.live(2))
    for sparkle in ("ttsc__open", "ttse__on_tick"):
        session.breakpoints.add(Breakpoint(0, (Term("sparkle", sparkle, "Pump"),)))
    plants[session] = plant
    return session


plants: WeakKeyDictionary[Session, Plant] = WeakKeyDictionary()


def plant_of(session: Session) -> Plant:
    """The plant behind a session made by `a_session_with_plant`; its attributes are the ids to point at."""
    return plants[session]


def tell(session: Session, write: EventWriter) -> Any:
    """Give a session what was written, and return the changes."""
    return session.apply_events(session.live.n, write.take())
