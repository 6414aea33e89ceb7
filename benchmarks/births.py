"""What a tonic costs to make, to keep and to end, at 10,000 and at 100,000 living.

    python benchmarks/births.py [--quick]

A birth is all of it: the call of the class, the entry in the ledger, a place on the catalyst and the start sparkle, up to
the end of that sparkle. An ending lasts from the call of ``finish()`` until the ledger and the memory have lost the tonic,
on a catalyst that a chain of sparkles keeps busy. Times are of the thread that does it all, by its own processor clock,
and the garbage collector runs as it always does.
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
import sys
import time
import tracemalloc
import weakref
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from side_by_side import measure

from tasktonic import ttFormula, ttTonic


class Child(ttTonic):
    """What is made by the thousand: it has a state, a sparkle and a thing to do at its start."""

    started = 0

    def ttse__on_start(self) -> None:
        Child.started += 1

    def ttsc_open__close(self) -> None:
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


def births_among_many(count: int) -> float:
    """Seconds for ``count`` births while 100,000 others live."""
    return births(count, 100_000)


def bytes_each(count: int, living: int = 10_000) -> float:
    """Bytes for each of ``count`` more tonics while ``living`` others live; no seconds."""
    return _found(WeighedBirths, living, count)


def endings(count: int) -> float:
    """Seconds until ``count`` tonics, each of which finishes by itself, are gone from ledger and memory."""
    return _found(Endings, count, 0)


def endings_together(count: int) -> float:
    """Seconds until ``count`` tonics that finish with their parent are gone from ledger and memory."""
    return _found(TogetherEndings, count, 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: for a look, not for quoting")
    rounds = 2 if parser.parse_args().quick else 7
    count = 10_000
    figures = measure(
        {
            "few": lambda: births(count),
            "many": lambda: births_among_many(count),
            "each": lambda: endings(count),
            "together": lambda: endings_together(count),
        },
        rounds,
    )
    print(f"Python {platform.python_version()}, {rounds} rounds, {count} tonics")
    few, many, each, together = (statistics.median(figures[name]) for name in ("few", "many", "each", "together"))
    print(f"a birth at 10,000 living, us     {few / count * 1e6:8.2f}  at most 4.5")
    print(f"a birth at 100,000 living, us    {many / count * 1e6:8.2f}  at most 9")
    print(f"bytes each at 10,000 living      {bytes_each(count):8.0f}  at most 1,000")
    print(f"bytes each at 100,000 living     {bytes_each(count, 100_000):8.0f}  at most 1,000")
    print(f"10,000 finish one by one, s      {each:8.3f}  at most 0.1")
    print(f"10,000 finish with their parent  {together:8.3f}  at most 0.1")


if __name__ == "__main__":
    main()
