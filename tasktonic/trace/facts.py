"""What is so after the facts of a stream so far, kept so that it can be stated again: the content of a keyframe."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from operator import itemgetter
from typing import Any, Final

from tasktonic.blocks import Block
from tasktonic.events import (
    FLOW,
    AppBegan,
    AppEnded,
    Born,
    CatalystBegan,
    CatalystEnded,
    CatalystHeld,
    ClassDefined,
    Ended,
    Finishing,
    HandlerDefined,
    LevelSet,
    LogModeSet,
    ServiceUsed,
    SnapshotTaken,
    SparkleDefined,
    StateChanged,
    StateDefined,
    StoreChanged,
    TimerFired,
    TimerSet,
    TimerStopped,
    WorkBegan,
    WorkEnded,
    WorkOffloaded,
)

Fact = tuple[Any, ...]


def facts_of(block: Block) -> list[Fact]:
    """All events of a block in their order, without the flow."""
    kinds = [kind for kind in block.kinds() if kind not in FLOW]
    placed = chain.from_iterable(zip(block.positions(kind).tolist(), block.of(kind), strict=True) for kind in kinds)
    return [fact for _, fact in sorted(placed, key=itemgetter(0))]


class Facts:
    """A fold over facts. ``take`` them in their order; ``present`` states the result as facts that give the same again.

    Not safe for use by two threads at once.
    """

    def __init__(self) -> None:
        self._classes: dict[object, Fact] = {}
        """Classes, states, sparkles and handlers: they hold for the whole process."""
        self._level: LevelSet | None = None
        self._forget_app()

    def _forget_app(self) -> None:
        self._app: AppBegan | None = None
        self._app_ended: AppEnded | None = None
        self._born: dict[int, Born] = {}
        self._states: dict[int, int] = {}
        self._log_modes: dict[int, int] = {}
        self._finishing: dict[int, Finishing] = {}
        self._catalysts: dict[int, CatalystBegan] = {}
        self._held: dict[int, CatalystHeld] = {}
        self._users: dict[int, dict[int, ServiceUsed]] = {}
        self._timers: dict[int, TimerSet | TimerStopped] = {}
        self._works: dict[int, list[WorkOffloaded | WorkBegan]] = {}
        self._stores: dict[int, dict[str, StoreChanged]] = {}

    def __len__(self) -> int:
        """About how many facts ``present`` would state."""
        values = sum(map(len, self._stores.values()))
        return (
            len(self._classes) + len(self._born) + len(self._timers) + len(self._works) + len(self._finishing) + values
        )

    def take(self, facts: Iterable[Fact]) -> None:
        """Take in what happened. Rows of the flow, and facts that change nothing that lasts, are passed over."""
        for fact in facts:
            taken = _TAKERS.get(type(fact))
            if taken is not None:
                taken(self, fact)

    def present(self, t_ns: int) -> list[Fact]:
        """All that is so, as facts in an order in which they can be taken."""
        told: list[Fact] = [] if self._app is None else [self._app]
        told += [] if self._level is None else [self._level]
        told += self._classes.values()
        told += self._catalysts.values()
        told += self._held.values()
        told += [
            born._replace(state=self._states[essence], log_mode=self._log_modes.get(essence, born.log_mode))
            for essence, born in self._born.items()
        ]
        told += self._finishing.values()
        told += self._timers.values()
        told += chain.from_iterable(self._works.values())
        told += [used for users in self._users.values() for used in users.values() if used.user in self._born]
        told += [value for values in self._stores.values() for value in values.values()]
        told.append(SnapshotTaken(t_ns, -1))
        if self._app_ended is not None:
            told.append(self._app_ended)
        return told

    # ---- one function per kind

    def _app_began(self, fact: AppBegan) -> None:
        if self._app is None or self._app.app != fact.app:
            self._forget_app()
        self._app = fact

    def _ended_app(self, fact: AppEnded) -> None:
        self._app_ended = fact

    def _has_level(self, fact: LevelSet) -> None:
        self._level = fact

    def _class(self, fact: ClassDefined) -> None:
        self._classes[fact.cls] = fact

    def _state(self, fact: StateDefined) -> None:
        self._classes[StateDefined, fact.cls, fact.index] = fact

    def _sparkle(self, fact: SparkleDefined) -> None:
        self._classes[SparkleDefined, fact.sparkle] = fact

    def _handler(self, fact: HandlerDefined) -> None:
        self._classes[HandlerDefined, fact.cls, fact.sparkle, fact.state] = fact

    def _is_born(self, fact: Born) -> None:
        essence = fact.essence
        self._born[essence] = fact
        self._states[essence] = fact.state
        self._log_modes.pop(essence, None)

    def _finishes(self, fact: Finishing) -> None:
        if fact.essence in self._born:
            self._finishing[fact.essence] = fact

    def _ended(self, fact: Ended) -> None:
        essence = fact.essence
        for table in (
            self._born,
            self._states,
            self._log_modes,
            self._finishing,
            self._timers,
            self._users,
            self._stores,
        ):
            table.pop(essence, None)

    def _changed_state(self, fact: StateChanged) -> None:
        if fact.essence in self._states:
            self._states[fact.essence] = fact.new

    def _log_mode(self, fact: LogModeSet) -> None:
        self._log_modes[fact.essence] = fact.log_mode

    def _catalyst_began(self, fact: CatalystBegan) -> None:
        self._catalysts[fact.catalyst] = fact

    def _catalyst_ended(self, fact: CatalystEnded) -> None:
        self._catalysts.pop(fact.catalyst, None)
        self._held.pop(fact.catalyst, None)

    def _catalyst_held(self, fact: CatalystHeld) -> None:
        if fact.held:
            self._held[fact.catalyst] = fact
        else:
            self._held.pop(fact.catalyst, None)

    def _service(self, fact: ServiceUsed) -> None:
        users = self._users.setdefault(fact.service, {})
        if fact.joined:
            users[fact.user] = fact
        else:
            users.pop(fact.user, None)

    def _timer(self, fact: TimerSet | TimerStopped) -> None:
        self._timers[fact.timer] = fact

    def _timer_fired(self, fact: TimerFired) -> None:
        timer = self._timers.get(fact.timer)
        if not isinstance(timer, TimerSet):
            return
        if timer.period_ns > 0:
            missed = max(0, fact.t_ns - timer.due_ns) // timer.period_ns
            self._timers[fact.timer] = timer._replace(due_ns=timer.due_ns + (missed + 1) * timer.period_ns)
        else:
            del self._timers[fact.timer]

    def _offloaded(self, fact: WorkOffloaded) -> None:
        self._works[fact.work] = [fact]

    def _work_began(self, fact: WorkBegan) -> None:
        if fact.work in self._works:
            self._works[fact.work][1:] = [fact]

    def _work_ended(self, fact: WorkEnded) -> None:
        self._works.pop(fact.work, None)

    def _store(self, fact: StoreChanged) -> None:
        values = self._stores.setdefault(fact.store, {})
        if fact.removed:
            values.pop(fact.path, None)
        else:
            values[fact.path] = fact if fact.present else fact._replace(old="", present=True)  # type: ignore[arg-type]


_TAKERS: Final[dict[type, Callable[[Facts, Any], None]]] = {
    AppBegan: Facts._app_began,
    AppEnded: Facts._ended_app,
    LevelSet: Facts._has_level,
    ClassDefined: Facts._class,
    StateDefined: Facts._state,
    SparkleDefined: Facts._sparkle,
    HandlerDefined: Facts._handler,
    Born: Facts._is_born,
    Finishing: Facts._finishes,
    Ended: Facts._ended,
    StateChanged: Facts._changed_state,
    LogModeSet: Facts._log_mode,
    CatalystBegan: Facts._catalyst_began,
    CatalystEnded: Facts._catalyst_ended,
    CatalystHeld: Facts._catalyst_held,
    ServiceUsed: Facts._service,
    TimerSet: Facts._timer,
    TimerStopped: Facts._timer,
    TimerFired: Facts._timer_fired,
    WorkOffloaded: Facts._offloaded,
    WorkBegan: Facts._work_began,
    WorkEnded: Facts._work_ended,
    StoreChanged: Facts._store,
}
