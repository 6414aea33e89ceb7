"""Two catalysts that answer each other, on one core, against two threads on two ``SimpleQueue``s.

Each message finds the other side asleep, so this is what waking costs. All threads are kept on one core, where it does not
depend on how fast the machine rouses another one. The figure is the median of the single round trips.
"""

from __future__ import annotations

import itertools
import os
import queue
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from side_by_side import Case, Comparison, Row, at_most, scaled

from tasktonic import ttCatalyst, ttFormula, ttTonic


@contextmanager
def one_core() -> Iterator[None]:
    """What is done inside, also by threads that begin there, is done on one core; where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Pong(ttTonic):
    """Answers."""

    def __init__(self, answer: Callable[[int], None], catalyst: ttCatalyst) -> None:
        super().__init__(catalyst=catalyst)
        self.answer = answer

    def ttsc__ping(self, value: int) -> None:
        self.answer(value)

    def ttsc__enough(self) -> None:
        self.finish()


class Ping(ttTonic):
    """Asks, and notes when the answers come."""

    times: list[float] = []

    def __init__(self, count: int) -> None:
        super().__init__()
        self.left = count
        self.pong = Pong(self.ttsc__pong, ttCatalyst(name="other"))

    def ttse__on_start(self) -> None:
        Ping.times = [time.perf_counter()]
        self.pong.ttsc__ping(self.left)

    def ttsc__pong(self, value: int) -> None:
        self.times.append(time.perf_counter())
        self.left -= 1
        if self.left:
            self.pong.ttsc__ping(self.left)
        else:
            self.pong.ttsc__enough()
            self.finish()


class PingApp(ttFormula):
    """An app of two catalysts."""

    count = 0

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self) -> None:
        Ping(self.count)


def _median(times: list[float]) -> float:
    return statistics.median(end - begin for begin, end in itertools.pairwise(times))


def ping_pong(count: int) -> float:
    """As many times the median round trip between two catalysts."""
    PingApp.count = count
    with one_core():
        PingApp()
    return _median(Ping.times) * count


def queue_ping_pong(count: int) -> float:
    """The same between two threads on two queues."""
    there: queue.SimpleQueue[int] = queue.SimpleQueue()
    back: queue.SimpleQueue[int] = queue.SimpleQueue()

    def answer() -> None:
        for _ in range(count):
            back.put(there.get())

    with one_core():
        answering = threading.Thread(target=answer)
        answering.start()
        times = [time.perf_counter()]
        for left in range(count):
            there.put(left)
            back.get()
            times.append(time.perf_counter())
        answering.join()
    return _median(times) * count


def sides(scale: float) -> dict[str, Case]:
    count = scaled(10_000, scale)
    return {"ours": Case(ping_pong, count), "queues": Case(queue_ping_pong, count)}


COMPARISONS = (
    Comparison(
        "ping-pong",
        sides,
        (Row("ping-pong of two catalysts on one core, median", "ours", "queues", at_most(1.25), "two `SimpleQueue`s"),),
    ),
)
