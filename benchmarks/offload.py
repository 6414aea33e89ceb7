"""Heavy work handed off and back: ``self.offload`` against ``concurrent.futures`` used bare.

Each piece does next to nothing (a square root of a number), so what is measured is the way there and back. *There and back*: the
next piece is handed off when the result of the one before has come, in ours as a sparkle, in the other by ``result()``. *In
flight*: a thousand pieces at once, until all results have come, in the other by ``as_completed``. Both pools have as many
workers, started and warm; processes are fresh interpreters on both sides.
"""

from __future__ import annotations

import math
import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from typing import Any, Final, Literal

from side_by_side import Case, Comparison, Row, at_most, scaled

from tasktonic import ttFormula, ttTonic

Place = Literal["thread", "process"]

WORKERS: Final[dict[Place, int]] = {"thread": 8, "process": 2}
WARM_S: Final[dict[Place, float]] = {"thread": 0.02, "process": 0.2}
"""What a worker does first: so long that none of them gets two of these."""


class Asker(ttTonic):
    """Keeps so many pieces in flight until all results have come."""

    seconds = 0.0

    def __init__(self, count: int, place: Place, in_flight: int) -> None:
        super().__init__()
        self.left, self.place, self.in_flight = count, place, in_flight

    def ttse__on_start(self) -> None:
        self.waiting = WORKERS[self.place]
        for _ in range(self.waiting):  # so that every worker has been started
            self.offload(time.sleep, WARM_S[self.place], on_result=self.ttse__warm, where=self.place)

    def ttse__warm(self, result: None) -> None:
        self.waiting -= 1
        if not self.waiting:
            self.unasked = self.left
            self.began = time.perf_counter()
            for _ in range(min(self.in_flight, self.left)):
                self.ask()

    def ask(self) -> None:
        self.unasked -= 1
        self.offload(math.isqrt, self.unasked, on_result=self.ttse__got, where=self.place)

    def ttse__got(self, result: int) -> None:
        self.left -= 1
        if self.unasked:
            self.ask()
        elif not self.left:
            Asker.seconds = time.perf_counter() - self.began
            self.finish()


def ours(place: Place, in_flight: int) -> Callable[[int], float]:
    def run(count: int) -> float:
        class App(ttFormula):
            def creating_formula(self) -> dict[str, Any]:
                return {
                    "tasktonic/log/to": "off",
                    "tasktonic/pool/threads": WORKERS["thread"],
                    "tasktonic/pool/processes": WORKERS["process"],
                }

            def creating_starting_tonics(self) -> None:
                Asker(count, place, in_flight)

        App()
        return Asker.seconds

    return run


def pool_of(place: Place) -> Executor:
    if place == "thread":
        return ThreadPoolExecutor(WORKERS[place])
    return ProcessPoolExecutor(WORKERS[place], multiprocessing.get_context("spawn"))


def theirs(place: Place, work: Callable[[Executor, int], None]) -> Callable[[int], float]:
    def run(count: int) -> float:
        with pool_of(place) as pool:
            list(pool.map(time.sleep, [WARM_S[place]] * WORKERS[place]))
            began = time.perf_counter()
            work(pool, count)
            return time.perf_counter() - began

    return run


def one_by_one(pool: Executor, count: int) -> None:
    for number in range(count):
        pool.submit(math.isqrt, number).result()


def all_at_once(pool: Executor, count: int) -> None:
    for done in as_completed([pool.submit(math.isqrt, number) for number in range(count)]):
        done.result()


def ways(scale: float) -> dict[str, Case]:
    one, many, across = scaled(5_000, scale), scaled(20_000, scale), scaled(2_000, scale)
    return {
        "thread": Case(ours("thread", 1), one),
        "bare thread": Case(theirs("thread", one_by_one), one),
        "threads": Case(ours("thread", 1_000), many),
        "bare threads": Case(theirs("thread", all_at_once), many),
        "process": Case(ours("process", 1), across),
        "bare process": Case(theirs("process", one_by_one), across),
        "processes": Case(ours("process", 1_000), across),
        "bare processes": Case(theirs("process", all_at_once), across),
    }


COMPARISONS = (
    Comparison(
        "offload",
        ways,
        (
            Row(
                "offload to a thread, there and back",
                "thread",
                "bare thread",
                at_most(2),
                "`concurrent.futures`, `submit().result()`",
            ),
            Row(
                "offload to threads, 1,000 in flight",
                "threads",
                "bare threads",
                at_most(2),
                "`concurrent.futures`, `as_completed`",
            ),
            Row(
                "offload to a process, there and back",
                "process",
                "bare process",
                at_most(1.5),
                "`concurrent.futures`, `submit().result()`",
            ),
            Row(
                "offload to processes, 1,000 in flight",
                "processes",
                "bare processes",
                at_most(1.5),
                "`concurrent.futures`, `as_completed`",
            ),
        ),
    ),
)
