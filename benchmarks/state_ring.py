"""A ring of four states, a transition per event: how many a second.

    python benchmarks/state_ring.py [--quick]

The goals compare it with the packages ``transitions`` and ``python-statemachine``, which take the same ring when they are
installed; the bare ``deque`` loop tells how fast the machine is. Times are of the thread that works, by its processor clock.
"""

from __future__ import annotations

import argparse
import importlib.util
import platform
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from catalyst_throughput import bare_chain
from side_by_side import Case, measure, rate, ratio

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and counts: for a look, not for quoting")
    count, rounds = (20_000, 3) if parser.parse_args().quick else (100_000, 7)
    rivals = {"transitions": (transitions_ring, 20, 12), "statemachine": (statemachine_ring, 200, 120)}
    cases: dict[str, Case] = {"bare": lambda: bare_chain(count), "ring": lambda: state_ring(count)}
    for name, (ring, share, _) in rivals.items():
        if importlib.util.find_spec(name) is not None:
            cases[name] = lambda ring=ring, share=share: ring(count // share) * share  # type: ignore[misc]
    figures = measure(cases, rounds)
    print(f"Python {platform.python_version()}, {rounds} rounds, {count} events")
    print(f"a ring of four states, M/s {rate(figures, 'ring', count):.2f}")
    print(f"to the bare deque loop     {ratio(figures, 'bare', 'ring'):.2f}")
    for name, (_, _, goal) in rivals.items():
        if name in figures:
            print(f"to {name:23} {ratio(figures, name, 'ring'):.1f}  at least {goal}")


if __name__ == "__main__":
    main()
