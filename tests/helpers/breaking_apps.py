"""Apps with breakpoints: a foreign thread plays the hand that waits for a hit, looks, and lets the app go on."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from tasktonic import brake, ttLedger, ttTonic
from tasktonic.breaking import breaker
from tasktonic.events import BreakpointHit
from tasktonic.rules import Breakpoint, Term
from tests.helpers.apps import WAIT_S, in_thread, run_app, wait_for


def point(*terms: Term, number: int = 1, **options: Any) -> Breakpoint:
    """A breakpoint of these terms."""
    return Breakpoint(number, terms, **options)


class Hand:
    """Waits for hits from its own thread. ``look`` runs while the app is held at one."""

    def __init__(self, look: Callable[[BreakpointHit], object] = lambda hit: None) -> None:
        self.hits: list[BreakpointHit] = []
        self.seen: list[object] = []
        self._look = look
        self._come: queue.SimpleQueue[BreakpointHit | None] = queue.SimpleQueue()

    def __enter__(self) -> Hand:
        self._undo = breaker.on_hit(self._come.put)
        self._thread = in_thread(self._watch)
        return self

    def __exit__(self, *problem: object) -> None:
        self._undo()
        self._come.put(None)
        self._thread.join(WAIT_S)

    def _watch(self) -> None:
        while (hit := self._come.get()) is not None:
            self.hits.append(hit)
            if hit.held:
                settled(hit.catalyst)
                self.seen.append(self._look(hit))
                brake.release()


def settled(catalyst_id: int) -> None:
    """Wait until catalysts have done what they may do now; the one at which something was hit is held then."""
    for catalyst in ttLedger().catalysts:
        if catalyst_id < 0 or catalyst.id == catalyst_id:
            reached = threading.Event()
            catalyst.at_boundary(reached.set)
            wait_for(reached)


def run_with(
    points: list[Breakpoint],
    start: Callable[[], object],
    look: Callable[[BreakpointHit], object] = lambda hit: None,
    **app: Any,
) -> Hand:
    """Run an app with these breakpoints set from its begin; returns what was hit, and what ``look`` saw there."""
    breaker.put("test", points)
    with Hand(look) as hand:
        run_app(start, **app)
    return hand


class Pump(ttTonic):
    """Counts strokes, fills up on the way, and ends."""

    strokes = 3

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.level = 0

    def ttse__on_start(self) -> None:
        self.to_state("idle")
        for _ in range(self.strokes):
            self.ttsc__stroke(1)
        self.ttsc__stop()

    def ttsc__stroke(self, by: int) -> None:
        self.level += by
        if self.level == 2:
            self.to_state("full")

    def ttse_idle__on_enter(self) -> None:
        """A state to be in."""

    def ttse_full__on_enter(self) -> None:
        """A state to be in."""

    def ttsc__stop(self) -> None:
        self.finish()


STROKE = Term("sparkle", "ttsc__stroke")


def pump() -> Any:
    """The pump that lives."""
    return next(essence for essence in ttLedger().essences if isinstance(essence, Pump))


def level(hit: BreakpointHit) -> int:
    """How full it is: what a hand looks for at a hit."""
    return int(pump().level)
