"""The small apps of tests/data/why_not, one for each reason: run for real, recorded until something did not happen."""

from __future__ import annotations

import runpy
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tasktonic import brake, ttLedger
from tasktonic.blocks.thinning import without_flow
from tasktonic.events import Dropped, StateRefused, StoreSilenced, StoreUnchanged, TimerStopped, Unmoved
from tasktonic.recorder import record
from tasktonic.stream import Level
from tasktonic.trace import TraceReader
from tasktonic_studio.session.answers import Reason
from tasktonic_studio.session.inbox import BlockArrived, TargetBegan, TargetStatus
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.why_not import NotChanged, NotFired, NotInState, NotRun, Question
from tests.helpers.apps import WAIT_S, Rows, in_thread, reading
from tests.helpers.studio_end import wait_for

APPS = Path(__file__).parents[1] / "data" / "why_not"


class Case(NamedTuple):
    """One app: when it has come so far that one can ask, what is asked, and the answer."""

    app: str
    is_ready: Callable[[Rows], object]
    kind: str
    tonic: str
    name: str
    reasons: dict[Reason, int]
    says: str

    @property
    def file(self) -> Path:
        return APPS / f"{self.app}.py"

    def question(self, known: Knowledge) -> Question:
        """The question, about the tonic of this name."""
        named = [facts for it in known.essences if (facts := known.essences.get(it)) is not None]
        essence = next((it.id for it in named if self.tonic in (it.name, it.service)), -1)
        if self.kind == "sparkle":
            return NotRun(essence, self.name)
        if self.kind == "state":
            return NotInState(essence, self.name)
        return NotChanged(essence, self.name) if self.kind == "path" else NotFired(essence)


def _has(kind: Any, count: int = 1) -> Callable[[Rows], bool]:
    return lambda rows: len(rows.of(kind)) >= count


def _ran(tonic: str, sparkle: str, count: int = 1) -> Callable[[Rows], bool]:
    return lambda rows: rows.ran(tonic).count(sparkle) >= count


R = Reason
CASES = (
    Case("never_called", _ran("guest", "ttse__on_start"), "sparkle", "door", "ttsc__open", {R.NEVER_CALLED: 0},
         "door.ttsc__open was never called."),
    Case("ignored", _ran("door", "ttsc__close", 3), "sparkle", "door", "ttsc__close",
         {R.IGNORED: 2, R.IT_DID: 1}, "door.ttsc__close was called 3 times: 1 ran and 2 ignored in state closed."),
    Case("waiting", _ran("hall", "ttse__on_start"), "sparkle", "clerk", "ttsc__greet", {R.WAITING: 1},
         "behind clerk.ttsc__serve"),
    Case("dropped", _has(Dropped), "sparkle", "clerk", "ttsc__serve", {R.IT_DID: 1, R.DROPPED: 1},
         "It was dropped once: the tonic was finishing, and had ended by then."),
    Case("no_such_state", _has(StateRefused), "state", "lamp", "onn", {R.NO_SUCH_STATE: 1},
         "Lamp has no state onn; it has off and on. Did you mean on? It was asked for once, the last time by lamp.ttsc__switch."),
    Case("already", _has(Unmoved, 2), "state", "lamp", "on", {R.IT_DID: 1, R.ALREADY: 2},
         "It was in that state already twice when it was asked for, the last time by lamp.ttsc__switch_on."),
    Case("timer_stopped", _has(TimerStopped), "timer", "alarm", "", {R.TIMER_STOPPED: 1},
         "It was stopped with 3,600 s left by clock.ttsc__hush."),
    Case("equal_value", _has(StoreUnchanged, 2), "path", "store", "room/wanted", {R.IT_DID: 1, R.EQUAL_VALUE: 2},
         "It was set to the value that it had twice, the last time by thermostat.ttsc__set: no change, no news."),
    Case("own_source", _has(StoreSilenced), "path", "store", "room/wanted", {R.IT_DID: 1, R.OWN_SOURCE: 1},
         "thermostat.ttse__on_wanted was not told once: the change was its own, and it ignores those."),
    Case("held", _ran("hall", "ttse__on_held"), "sparkle", "clerk", "ttsc__serve", {R.HELD: 1},
         "It waits in the queue of counter, which is held"),
    Case("dead", _has(Dropped), "sparkle", "clerk", "ttsc__serve", {R.DEAD: 1},
         "It was dropped once: its catalyst had ended."),
    Case("gap", _ran("clerk", "ttsc__go_home"), "sparkle", "clerk", "ttsc__serve", {}, "were lost; it may be among them."),
)  # fmt: skip


def recorded(case: Case, file: Path) -> Path:
    """Run an app, and record it from its begin until one can ask."""
    made = runpy.run_path(str(case.file))
    made["App"].creating_formula = lambda formula: {"tasktonic/log/to": "off"}
    with reading(Level.FLOW) as rows:
        recorder = record(file)
        thread = in_thread(made["App"], "app")
        wait_for(lambda: case.is_ready(rows), f"{case.app} to come so far")
        recorder.stop()
        _end(made, thread)
    return file


def _end(made: dict[str, Any], thread: threading.Thread) -> None:
    if "may_go_on" in made:
        made["may_go_on"].set()
    brake.release()
    main = ttLedger().main_catalyst
    if main is not None:
        main.finish()
    thread.join(WAIT_S)
    assert not thread.is_alive()


def session_of(file: Path, *, has_gap: bool = False) -> Session:
    """The Studio's session of a recorded run; with a gap, its largest block was thinned as for a slow watcher."""
    session = Session()
    with TraceReader(file) as reader:
        blocks = [data for _, data in reader.data()]
    if has_gap:
        largest = max(range(len(blocks)), key=lambda it: len(blocks[it]))
        blocks[largest] = without_flow(blocks[largest]).data
    session.apply([TargetBegan("file", file=str(file)), *map(BlockArrived, blocks), TargetStatus("ended", "recorded")])
    return session


__all__ = ["APPS", "CASES", "Case", "recorded", "session_of"]
