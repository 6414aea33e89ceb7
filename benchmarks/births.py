"""What a tonic costs to make, to keep and to end, at 10,000 and at 100,000 living.

A birth is all of it: the call of the class, the entry in the ledger, a place on the catalyst and the start sparkle, up to
the end of that sparkle. An ending lasts from the call of ``finish()`` until the ledger and the memory have lost the tonic,
on a catalyst that a chain of sparkles keeps busy. Times are of the thread that does it all, by its own processor clock,
and the garbage collector runs as it always does.
"""

from __future__ import annotations

import gc
import time
import tracemalloc
import weakref
from functools import partial
from typing import Any

from side_by_side import Case, Comparison, Row, at_most, scaled

from tasktonic import ttFormula, ttTonic


class Child(ttTonic):
    """What is made by the thousand: it has a state, a sparkle and a thing to do at its start."""

    started = 0

    def ttse__on_start(self) -> None:
        Child.started += 1

    def ttsc_open__close(self) -> None:  # tasktonic: ignore[unentered-state]
        self.to_state(-1)


class Nest(ttTonic):
    """Has ``living`` children that have started when ``ttsc__measure`` runs; what that finds out is in ``found``."""

    found = 0.0

    def __init__(self, living: int, count: int) -> None:
        super().__init__()
        self.living, self.count = living, count

    def ttse__on_start(self) -> None:
        Child.started = 0
        self.make(self.living)
        self.ttsc__collect()

    def make(self, count: int) -> None:
        for _ in range(count):
            Child()

    def ttsc__collect(self) -> None:
        gc.collect()
        self.ttsc__measure()

    def ttsc__measure(self) -> None:
        self.finish()


class TimedBirths(Nest):
    """Times the births of ``count`` more."""

    def ttsc__measure(self) -> None:
        self.began = time.thread_time()
        self.make(self.count)
        self.ttsc__have_started()

    def ttsc__have_started(self) -> None:
        Nest.found = time.thread_time() - self.began
        assert Child.started == self.living + self.count
        self.finish()


class WeighedBirths(Nest):
    """Weighs ``count`` more: the memory that Python gives out for one, with its entries everywhere."""

    def ttsc__measure(self) -> None:
        tracemalloc.start()
        self.before = tracemalloc.get_traced_memory()[0]
        self.make(self.count)
        self.ttsc__have_started()

    def ttsc__have_started(self) -> None:
        gc.collect()
        Nest.found = (tracemalloc.get_traced_memory()[0] - self.before) / self.count
        tracemalloc.stop()
        self.finish()


class Busy(ttTonic):
    """Keeps its catalyst busy: it never is without an order."""

    def ttse__on_start(self) -> None:
        self.ttsc__go()

    def ttsc__go(self) -> None:
        self.ttsc__go()


class Endings(Nest):
    """Times how long it takes until its children are gone, all with their parent or each by itself."""

    together = False

    def ttse__on_start(self) -> None:
        Busy(context=-1)
        Witness(context=-1)
        super().ttse__on_start()

    def ttsc__measure(self) -> None:
        children = [self.ledger.get_essence_by_id(child) for child in self.bindings]
        Witness.left = [weakref.ref(child) for child in children]
        Witness.began = time.thread_time()
        if self.together:
            self.finish()
        else:
            for child in children:
                assert child is not None
                child.finish()


class TogetherEndings(Endings):
    """The same for children that finish with their parent."""

    together = True


class Witness(ttTonic):
    """Looks whenever it comes to run whether the children are gone, and ends the app when they are."""

    left: list[weakref.ref[Any]] = []
    began = 0.0

    def ttse__on_start(self) -> None:
        self.ttsc__look()

    def ttsc__look(self) -> None:
        if self.left and self.left[-1]() is None and self.left[0]() is None:
            Nest.found = time.thread_time() - self.began
            assert not any(child() is not None for child in self.left)
            Witness.left = []
            self.catalyst.finish()
        else:
            self.ttsc__look()


class NestApp(ttFormula):
    """An app of one nest."""

    kind: type[Nest] = Nest
    living = 0
    count = 0

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self) -> None:
        self.kind(self.living, self.count)


def _found(kind: type[Nest], living: int, count: int) -> float:
    NestApp.kind, NestApp.living, NestApp.count = kind, living, count
    NestApp()
    return Nest.found


def births(count: int, living: int = 10_000) -> float:
    """Seconds for ``count`` births while ``living`` others live."""
    return _found(TimedBirths, living, count)


def weighed(count: int) -> float:
    """Bytes of ``count`` tonics; no seconds."""
    return _found(WeighedBirths, 0, count) * count


def endings(count: int) -> float:
    """Seconds until ``count`` tonics, each of which finishes by itself, are gone from ledger and memory."""
    return _found(Endings, count, 0)


def endings_together(count: int) -> float:
    """Seconds until ``count`` tonics that finish with their parent are gone from ledger and memory."""
    return _found(TogetherEndings, count, 0)


def crowds(scale: float) -> dict[str, Case]:
    count, few, many = scaled(10_000, scale), scaled(10_000, scale), scaled(100_000, scale)
    return {
        "few": Case(partial(births, living=few), count),
        "many": Case(partial(births, living=many), count),
        "weighed": Case(weighed, few),
        "weighed among many": Case(weighed, many),
        "each": Case(endings, count),
        "together": Case(endings_together, count),
    }


COMPARISONS = (
    Comparison(
        "crowds",
        crowds,
        (
            Row("create a tonic, 10,000 living", "few", "", at_most(4.5, "us"), "–"),
            Row("create a tonic, 100,000 living", "many", "few", at_most(2), "10,000 living"),
            Row("memory of a tonic, 10,000 living", "weighed", "", at_most(1.0, "kB"), "–"),
            Row("memory of a tonic, 100,000 living", "weighed among many", "", at_most(1.0, "kB"), "–"),
            Row("10,000 finished tonics, each by itself, gone on a busy loop", "each", "", at_most(0.1, "s"), "–"),
            Row(
                "10,000 finished tonics, with their parent, gone on a busy loop", "together", "", at_most(0.1, "s"), "–"
            ),
        ),
    ),
)
