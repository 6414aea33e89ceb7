"""A ring of four states, a transition per event: how many a second.

The rivals take the same ring as their manuals show it: a machine of four states with one trigger that goes on, called in a
loop. Ours queues each event and runs it from the queue, as sparkles do. Times are of the thread that works, by its own
processor clock.
"""

from __future__ import annotations

import time
from typing import Any

from side_by_side import Case, Comparison, Row, at_least, scaled

from tasktonic import ttFormula, ttTonic

STATES = ["north", "east", "south", "west"]


class Ring(ttTonic):
    """Goes round: each event makes a transition."""

    seconds = 0.0

    def __init__(self, count: int) -> None:
        super().__init__()
        self.left = count

    def ttse__on_start(self) -> None:
        self.to_state("north")
        self.began = time.thread_time()
        self.ttse__next()

    def ttse_north__next(self) -> None:
        self.to_state("east")
        self.ttse__next()

    def ttse_east__next(self) -> None:
        self.to_state("south")
        self.ttse__next()

    def ttse_south__next(self) -> None:
        self.to_state("west")
        self.ttse__next()

    def ttse_west__next(self) -> None:
        self.left -= 4
        if self.left > 0:
            self.to_state("north")
            self.ttse__next()
        else:
            Ring.seconds = time.thread_time() - self.began
            self.finish()


class RingApp(ttFormula):
    """An app of one ring."""

    count = 0

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self) -> None:
        Ring(self.count)


def state_ring(count: int) -> float:
    """Seconds for ``count`` events, each of them a transition."""
    RingApp.count = count
    RingApp()
    return Ring.seconds


def transitions_ring(count: int) -> float:
    """The same with the package ``transitions``."""
    from transitions import Machine  # type: ignore[import-not-found]

    machine = Machine(states=STATES, initial="north")
    for at, to in zip(STATES, [*STATES[1:], STATES[0]], strict=True):
        machine.add_transition("next", at, to)
    began = time.thread_time()
    for _ in range(count):
        machine.next()
    return time.thread_time() - began


def statemachine_ring(count: int) -> float:
    """The same with the package ``python-statemachine``."""
    from statemachine import State, StateMachine  # type: ignore[import-not-found]

    class RingMachine(StateMachine):  # type: ignore[misc]
        north, east, south, west = State(initial=True), State(), State(), State()
        next = north.to(east) | east.to(south) | south.to(west) | west.to(north)

    machine = RingMachine()
    began = time.thread_time()
    for _ in range(count):
        machine.next()
    return time.thread_time() - began


def rings(scale: float) -> dict[str, Case]:
    return {
        "ring": Case(state_ring, scaled(100_000, scale)),
        "transitions": Case(transitions_ring, scaled(5_000, scale), needs="transitions"),
        "statemachine": Case(statemachine_ring, scaled(1_000, scale), needs="python-statemachine"),
    }


_WHAT = "a four-state ring, a transition per event"

COMPARISONS = (
    Comparison(
        "rings",
        rings,
        (
            Row(_WHAT, "ring", "transitions", at_least(12), "transitions"),
            Row(_WHAT, "ring", "statemachine", at_least(120), "python-statemachine"),
        ),
    ),
)
