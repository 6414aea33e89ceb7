"""Orders per second: a tonic that sends itself sparkles, and orders from another thread, against the barest of loops.

The floor of the chain is a ``deque`` and a loop that calls a bound method with one argument. The rivals do the same through
asyncio (``call_soon`` with one argument, the plain loop of the standard library) and Pykka (an actor that tells itself a
message). The floor of the orders from another thread is two threads on a ``SimpleQueue``, for a dict with a deep copy, which
is what isolation would cost there. Times are of the thread that runs the sparkles, by its own processor clock where only one
thread works.
"""

from __future__ import annotations

import asyncio
import copy
import queue
import sys
import threading
import time
from collections import deque
from typing import Any

from side_by_side import Case, Comparison, Row, at_least, at_most, scaled

from tasktonic import ttCatalyst, ttFormula, ttTimerSingleShot, ttTonic

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


class CallSoon:
    """The same work on asyncio: each call asks the loop for the next one."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()

    def go(self, left: int) -> None:
        if left:
            self.loop.call_soon(self.go, left - 1)
        else:
            self.loop.stop()


def asyncio_chain(count: int) -> float:
    rival = CallSoon()
    rival.loop.call_soon(rival.go, count)
    began = time.thread_time()
    rival.loop.run_forever()
    seconds = time.thread_time() - began
    rival.loop.close()
    return seconds


def pykka_chain(count: int) -> float:
    """The same work with Pykka: an actor in a thread of its own that tells itself the next message."""
    import pykka

    done = threading.Event()
    seconds = 0.0

    class Actor(pykka.ThreadingActor):  # type: ignore[misc]
        began = 0.0

        def on_receive(self, message: int) -> None:
            nonlocal seconds
            if message == count:
                self.began = time.thread_time()
            if message:
                self.actor_ref.tell(message - 1)
            else:
                seconds = time.thread_time() - self.began
                done.set()

    actor = Actor.start()
    actor.tell(count)
    done.wait()
    actor.stop()
    return seconds


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


class ChainAmongTimers(Chain):
    """The same while many timers are pending on its catalyst."""

    timers = 10_000

    def ttse__on_start(self) -> None:
        for number in range(self.timers):
            ttTimerSingleShot(hours=1, seconds=number)
        super().ttse__on_start()

    def ttse__on_timer(self, info: dict[str, Any]) -> None:
        raise AssertionError("no timer is due within an hour")


class ChainApp(ttFormula):
    """An app of one chain."""

    count = 0
    tonic = Chain

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self) -> None:
        self.tonic(self.count)


def chain(count: int, tonic: type[Chain] = Chain) -> float:
    ChainApp.count, ChainApp.tonic = count, tonic
    ChainApp()
    return Chain.seconds


def chain_among_timers(count: int) -> float:
    return chain(count, ChainAmongTimers)


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


def cross_int(count: int) -> float:
    return crossing(count, 7)


def cross_dict(count: int) -> float:
    return crossing(count, A_DICT)


def queue_int(count: int) -> float:
    return simple_queue(count, 7, isolate=False)


def queue_dict(count: int) -> float:
    return simple_queue(count, A_DICT, isolate=True)


def chains(scale: float) -> dict[str, Case]:
    count = scaled(200_000, scale)
    return {
        "bare": Case(bare_chain, count),
        "chain": Case(chain, count),
        "among timers": Case(chain_among_timers, count),
        "call_soon": Case(asyncio_chain, count),
        "pykka": Case(pykka_chain, count // 10, needs="pykka"),
    }


def crossings(scale: float) -> dict[str, Case]:
    count = scaled(20_000, scale)
    return {
        "queue int": Case(queue_int, count),
        "cross int": Case(cross_int, count),
        "queue dict": Case(queue_dict, count),
        "cross dict": Case(cross_dict, count),
    }


_OF_THE_FLOOR = 0.42 if sys.version_info >= (3, 13) else 0.55

COMPARISONS = (
    Comparison(
        "chains",
        chains,
        (
            Row("a tonic that sends itself sparkles", "chain", "bare", at_least(_OF_THE_FLOOR), "bare `deque` loop"),
            Row("the same, to a rival", "chain", "call_soon", at_least(7), "asyncio `call_soon`"),
            Row("the same, to a rival", "chain", "pykka", at_least(7), "Pykka `tell`"),
            Row("the same with 10,000 timers pending", "among timers", "chain", at_most(1.05), "without timers"),
        ),
    ),
    Comparison(
        "crossings",
        crossings,
        (
            Row(
                "from another thread: an int", "cross int", "queue int", at_least(0.4), "two threads on a `SimpleQueue`"
            ),
            Row(
                "from another thread: a dict of ten",
                "cross dict",
                "queue dict",
                at_least(2.5),
                "`SimpleQueue` + `deepcopy`",
            ),
        ),
    ),
)
