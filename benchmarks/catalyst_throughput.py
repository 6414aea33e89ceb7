"""Orders per second: a tonic that sends itself sparkles, and orders from another thread, against the barest of loops.

    python benchmarks/catalyst_throughput.py [--quick]

The floor of the chain is a ``deque`` and a loop that calls a bound method with one argument. The floor of the orders from
another thread is two threads on a ``SimpleQueue``, for a dict with a deep copy, which is what isolation would cost there.
Times are of the thread that runs the sparkles, by its own processor clock where only one thread works.
"""

from __future__ import annotations

import argparse
import copy
import platform
import queue
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from side_by_side import measure, rate, ratio

from tasktonic import ttCatalyst, ttFormula, ttTonic

A_DICT = {f"key{n}": n for n in range(10)}


class Bare:
    """The floor: what a loop in Python can do at the very best."""

    def __init__(self) -> None:
        self.queue: deque[tuple[Any, int]] = deque()

    def go(self, left: int) -> None:
        if left:
            self.queue.append((self.go, left - 1))


def bare_chain(count: int) -> float:
    bare = Bare()
    bare.queue.append((bare.go, count))
    popleft = bare.queue.popleft
    began = time.thread_time()
    try:
        while True:
            method, argument = popleft()
            method(argument)
    except IndexError:
        return time.thread_time() - began


class Chain(ttTonic):
    """Sends itself sparkles with one argument."""

    seconds = 0.0

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count

    def ttse__on_start(self) -> None:
        self.began = time.thread_time()
        self.ttsc__go(self.count)

    def ttsc__go(self, left: int) -> None:
        if left:
            self.ttsc__go(left - 1)
        else:
            Chain.seconds = time.thread_time() - self.began
            self.finish()


class ChainApp(ttFormula):
    """An app of one chain."""

    count = 0

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self) -> None:
        Chain(self.count)


def chain(count: int) -> float:
    ChainApp.count = count
    ChainApp()
    return Chain.seconds


class Taker(ttTonic):
    """Takes what another thread sends."""

    def __init__(self, count: int, catalyst: ttCatalyst) -> None:
        super().__init__(catalyst=catalyst)
        self.left = count

    def ttsc__take(self, value: Any) -> None:
        self.left -= 1
        if not self.left:
            self.catalyst.finish()
            CrossApp.done.set()


class CrossApp(ttFormula):
    """An app of two catalysts, one sending to the other."""

    count = 0
    value: Any = None
    seconds = 0.0
    done = threading.Event()

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self) -> None:
        Sender(self.count, self.value)


class Sender(ttTonic):
    """Sends to a tonic on another catalyst, and times until the last one has run."""

    def __init__(self, count: int, value: Any) -> None:
        super().__init__()
        self.count, self.value = count, value
        self.taker = Taker(count, ttCatalyst(name="other"))

    def ttse__on_start(self) -> None:
        take, value = self.taker.ttsc__take, self.value
        CrossApp.done.clear()
        began = time.perf_counter()
        for _ in range(self.count):
            take(value)
        CrossApp.done.wait()
        CrossApp.seconds = time.perf_counter() - began
        self.finish()


def crossing(count: int, value: Any) -> float:
    CrossApp.count, CrossApp.value = count, value
    CrossApp()
    return CrossApp.seconds


def simple_queue(count: int, value: Any, isolate: bool) -> float:
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def take() -> None:
        for _ in range(count):
            waiting.get()

    taker = threading.Thread(target=take)
    taker.start()
    began = time.perf_counter()
    for _ in range(count):
        waiting.put(copy.deepcopy(value) if isolate else value)
    taker.join()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and counts: for a look, not for quoting")
    quick = parser.parse_args().quick
    count, rounds = (20_000, 3) if quick else (200_000, 9)
    crossed = count // 10
    figures = measure(
        {
            "bare": lambda: bare_chain(count),
            "chain": lambda: chain(count),
            "queue int": lambda: simple_queue(crossed, 7, isolate=False),
            "cross int": lambda: crossing(crossed, 7),
            "queue dict": lambda: simple_queue(crossed, A_DICT, isolate=True),
            "cross dict": lambda: crossing(crossed, A_DICT),
        },
        rounds,
    )
    print(f"Python {platform.python_version()}, {rounds} rounds, {count} sparkles")
    print(f"{'what':52} {'M/s':>6} {'ratio':>6}  goal")
    rows = [
        ("chain, one argument, to the bare loop", "chain", "bare", count, "at least 0.55 (3.13: 0.42)"),
        ("from another thread, an int, to SimpleQueue", "cross int", "queue int", crossed, "at least 0.4"),
        ("the same, a dict of ten, to SimpleQueue + deepcopy", "cross dict", "queue dict", crossed, "at least 2.5"),
    ]
    for title, ours, floor, times, goal in rows:
        print(f"{title:52} {rate(figures, ours, times):6.2f} {ratio(figures, floor, ours):6.2f}  {goal}")


if __name__ == "__main__":
    main()
