"""What random trees are made of, and what should be so of them, found by looking at everything each time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from tasktonic import ttCatalyst, ttEssence, ttFormula, ttStore, ttTimerRepeat, ttTonic

FAR_S = 3600.0
"""Timers that run are due far beyond the end of a test."""
SIDES = 2


class Refused(Exception):
    """Raised by what is made to fail."""


class Part(ttEssence):
    """A plain essence."""


class Worker(ttTonic):
    """Does in a sparkle what it is told."""

    def ttsc__do(self, work: Callable[[Any], None]) -> None:
        work(self)

    def ttsc__hear(self, changes: list[Any]) -> None:
        """Subscribed to the store."""

    def ttse__on_timer(self, info: dict[str, Any]) -> None:
        """For the timers bound to it."""

    def ttse_busy__on_exit(self) -> None:
        """Runs when one that is busy finishes."""


class Side(ttCatalyst):
    """A catalyst that says when it has come to an order."""

    def ttsc__tell(self, come: Callable[[], None]) -> None:
        come()


class Hasty(Worker):
    """Finishes while it is being made."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bind(Part)
        self.finish()
        self.bind(Worker)


class Brief(Worker):
    """Finishes in its first sparkle."""

    def ttse__on_start(self) -> None:
        self.to_state("busy")
        self.bind(Worker, catalyst=TreeApp.running.catalysts[-1])
        self.bind(ttTimerRepeat, FAR_S)
        self.finish()


class Broken(Worker):
    """Makes a lot in its ``__init__``, then raises."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bind(Part).bind(Worker).bind(Worker, catalyst=TreeApp.running.catalysts[-1])
        self.bind(ttTimerRepeat, FAR_S)
        self.bind(Base)
        self.bind(Upper)
        self.bind(ttStore).subscribe("**", self.ttsc__hear)
        self.ttsc__do(lambda worker: worker.bind(Worker))
        raise Refused


class Base(ttTonic):
    """A service that others use."""

    _tt_is_service = "base"


class Upper(ttTonic):
    """A service that uses another one, has a child, and ends when nobody uses it."""

    _tt_is_service = "upper"
    _tt_service_ends_when_unused = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bind(Base)
        self.bind(Worker)


class TreeApp(ttFormula):
    """A main catalyst and two more, each with a tonic that keeps it; and the store."""

    running: ClassVar[TreeApp]

    def __init__(self, ready: threading.Event) -> None:
        self._ready = ready
        super().__init__()

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "off", "tasktonic/error/policy": "stop"}

    def creating_main_catalyst(self) -> None:
        self.catalysts = [Side(name=f"side{number}", context=-1) for number in range(1 + SIDES)]

    def creating_starting_tonics(self) -> None:
        keepers = [Worker(name=f"keeper{c.id}", context=-1, catalyst=c) for c in self.catalysts]
        self.store = ttStore()
        TreeApp.running = self
        keepers[0].ttsc__do(lambda keeper: self._ready.set())


@dataclass
class Node:
    """What the model knows of something that lives."""

    id: int
    kind: str
    """``part``, ``tonic``, ``catalyst`` or ``timer``."""
    parent: int | None
    name: str | None
    service: str
    runs_on: int | None = None
    counts: bool = False
    had_ordinary: bool = False
    is_pending: bool = False
    subscriptions: int = 0
    users: set[int] = field(default_factory=set)


class TreeModel:
    """Who lives, below whom and where; ``forget`` knows what ends with what."""

    def __init__(self) -> None:
        self.nodes: dict[int, Node] = {}
        self.gone: dict[int, int | None] = {}
        """What has ended since the last look, and below whom it was."""
        self.catalyst_ended = False

    def enter(self, essence: Any, kind: str, parent: int | None) -> Node:
        """Take in what was made."""
        node = Node(essence.id, kind, parent, essence._tt_name, essence._tt_is_service)
        if kind == "tonic":
            node.runs_on = int(essence.catalyst.id)
            node.counts = self._is_ordinary(node)
            self.nodes[node.runs_on].had_ordinary |= node.counts
        self.nodes[node.id] = node
        return node

    def _is_ordinary(self, node: Node) -> bool:
        if node.service:
            return False
        above = self.nodes.get(-1 if node.parent is None else node.parent)
        if above is None:
            return True
        return above.counts if above.kind == "tonic" else self._is_ordinary(above)

    def children(self, number: int) -> list[int]:
        return [node.id for node in self.nodes.values() if node.parent == number]

    def on(self, catalyst: int) -> list[Node]:
        return [node for node in self.nodes.values() if node.runs_on == catalyst]

    def service(self, name: str) -> Node | None:
        return next((node for node in self.nodes.values() if node.service == name), None)

    def oldest_named(self, name: str) -> int:
        return min((node.id for node in self.nodes.values() if node.name == name), default=-1)

    def forget(self, *numbers: int) -> None:
        """These end, with what is below them, what runs on catalysts that end, and catalysts and services left alone."""
        for number in numbers:
            if number in self.nodes:
                self.forget(*self.children(number), *(node.id for node in self.on(number)))
            node = self.nodes.pop(number, None)
            if node is None:
                continue
            self.gone[number] = node.parent
            self.catalyst_ended |= node.kind == "catalyst"
            for other in list(self.nodes.values()):
                if number in other.users:
                    self.unuse(number, other)
                if other.id == node.runs_on and other.had_ordinary and not self.on(other.id):
                    self.forget(other.id)

    def unuse(self, user: int, service: Node) -> None:
        """A user of a service goes."""
        service.users.discard(user)
        if service.service == "upper" and not service.users:
            self.forget(service.id)

    def check_order(self, ended: list[int], *, siblings: bool) -> None:
        """Everything ended once, children before their parent, siblings in reverse order of creation."""
        at = {number: place for place, number in enumerate(ended)}
        assert len(at) == len(ended), f"something ended twice: {ended}"
        for number, parent in self.gone.items():
            assert number in at
            assert parent not in at or at[number] < at[parent], f"{number} ended after its parent {parent}: {ended}"
            for other, others_parent in self.gone.items() if siblings else ():
                if parent in self.gone and parent == others_parent and number < other:
                    assert at[other] < at[number], f"{other} ended after its elder sibling {number}: {ended}"
        self.gone = {}
        self.catalyst_ended = False
