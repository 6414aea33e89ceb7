"""What it costs to make and to end a tonic does not grow with how many live: counted in steps, locks and bytes."""

from __future__ import annotations

import gc
import threading
import tracemalloc
import weakref
from collections.abc import Callable
from typing import Any

from tasktonic import ttTonic
from tasktonic.endings import drive_ending
from tests.helpers.apps import run_app
from tests.helpers.steps import steps_of

FEW, MANY = 10, 10_000

MOST_BYTES = 1_000


class Child(ttTonic):
    """What is made by the thousand."""

    def ttse__on_start(self) -> None:
        self.has_started = True


class Nest(ttTonic):
    """Has so many children, all started, when ``look`` is called with it."""

    def __init__(self, living: int, look: Callable[[Nest], None]) -> None:
        super().__init__()
        self.living, self.look = living, look

    def ttse__on_start(self) -> None:
        for _ in range(self.living):
            Child()
        self.ttsc__look()

    def ttsc__look(self) -> None:
        try:
            self.look(self)
        finally:
            self.finish()


class CountingLock:
    """A lock that counts how often it is taken."""

    def __init__(self) -> None:
        self.taken = 0
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self.taken += 1
        self._lock.acquire()

    def __exit__(self, *error: object) -> None:
        self._lock.release()


def found_in_a_nest(living: int, look: Callable[[Nest], Any]) -> Any:
    found: list[Any] = []
    run_app(lambda: Nest(living, lambda nest: found.append(look(nest))))
    return found[0]


def steps_of_a_birth(living: int) -> int:
    return int(found_in_a_nest(living, lambda nest: steps_of(Child)))


def steps_of_an_ending(living: int) -> int:
    def look(nest: Nest) -> int:
        youngest = nest.ledger.get_essence_by_id(nest.bindings[-1])
        assert isinstance(youngest, Child)
        return steps_of(lambda: drive_ending(youngest))

    return int(found_in_a_nest(living, look))


def locks_taken(living: int, work: Callable[[Nest], object]) -> int:
    def look(nest: Nest) -> int:
        own, counting = nest.ledger.lock, CountingLock()
        nest.ledger.lock = counting  # type: ignore[assignment]
        try:
            work(nest)
        finally:
            nest.ledger.lock = own
        return counting.taken

    return int(found_in_a_nest(living, look))


def bytes_each(made: int) -> float:
    def look(nest: Nest) -> float:
        gc.collect()
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            for _ in range(made):
                Child()
            return (tracemalloc.get_traced_memory()[0] - before) / made
        finally:
            tracemalloc.stop()

    return float(found_in_a_nest(1, look))


def test_a_birth_takes_as_many_steps_among_many() -> None:
    assert steps_of_a_birth(MANY) == steps_of_a_birth(FEW) > 0


def test_an_ending_takes_as_many_steps_among_many() -> None:
    assert steps_of_an_ending(MANY) == steps_of_an_ending(FEW) > 0


def test_a_birth_on_its_own_thread_takes_one_lock() -> None:
    assert [locks_taken(living, lambda nest: Child()) for living in (FEW, MANY)] == [1, 1]


def test_the_first_child_takes_a_lock_more() -> None:
    assert locks_taken(0, lambda nest: Child()) == 2


def test_a_tonic_takes_less_than_a_kilobyte() -> None:
    """With its entries everywhere and the order for its start."""
    assert 0 < bytes_each(1_000) < MOST_BYTES
    assert 0 < bytes_each(MANY) < MOST_BYTES


def test_ten_thousand_finished_tonics_are_gone_when_the_next_order_runs() -> None:
    """On a catalyst that is never without an order: nothing waits for it to be idle."""
    left: list[int] = []

    class Busy(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__go()

        def ttsc__go(self) -> None:
            self.ttsc__go()

    class Watched(Nest):
        def ttsc__look(self) -> None:
            self.children = [weakref.ref(self.ledger.get_essence_by_id(child)) for child in self.bindings]
            Busy(context=self)
            for child in self.children:
                child().finish()  # type: ignore[union-attr]
            self.ttsc__count()

        def ttsc__count(self) -> None:
            left.extend([len(self.bindings), sum(child() is not None for child in self.children)])
            self.finish()

    run_app(lambda: Watched(MANY, lambda nest: None))

    assert left == [1, 0]
