"""Cases measured side by side: each round runs all of them in a new order, so a busy machine disturbs all alike.

A module of benchmarks declares ``COMPARISONS``: cases that are measured together, and the rows of the table that come of
them. ``run.py`` collects and prints them.
"""

from __future__ import annotations

import gc
import importlib.metadata
import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Run = Callable[[int], float]
"""Does something so many times and returns the seconds it took (for a case of memory: the bytes)."""


class Case(NamedTuple):
    """One way to do something."""

    run: Run
    count: int
    """How many times in a round."""
    needs: str = ""
    """The package of a rival, as it is installed; it may be absent."""

    def version(self) -> str | None:
        """Which version of the rival there is: ``None`` when it is absent, empty when none is needed."""
        try:
            return importlib.metadata.version(self.needs) if self.needs else ""
        except importlib.metadata.PackageNotFoundError:
            return None


class Goal(NamedTuple):
    """What a figure should be. A ratio (no unit) that should be high is a speed, one that should be low is a cost."""

    number: float
    is_least: bool
    unit: str = ""
    """``us`` or ``ns`` for one, ``kB`` for one, ``s`` for all; empty for a ratio."""
    note: str = ""

    def __str__(self) -> str:
        words = f"at {'least' if self.is_least else 'most'} {self.number:g} {self.unit}".strip()
        return f"{self.note}: {words}" if self.note else words

    def is_met(self, figure: float) -> bool:
        return figure >= self.number if self.is_least else figure <= self.number


def at_least(number: float) -> Goal:
    """So many times the speed of the other case."""
    return Goal(number, is_least=True)


def at_most(number: float, unit: str = "", note: str = "") -> Goal:
    """So many times the cost of the other case, or so much of a unit."""
    return Goal(number, is_least=False, unit=unit, note=note)


class Row(NamedTuple):
    """One row of the table."""

    what: str
    ours: str
    """A case."""
    than: str
    """The case it is compared with: the floor, or a rival. Empty for a figure with a unit."""
    goal: Goal
    compared_to: str
    """The other case in words."""


class Comparison(NamedTuple):
    """Cases that are measured together. Built when their turn comes: some need a crowd around them."""

    name: str
    build: Callable[[float], Mapping[str, Case]]
    """Makes the cases; its argument is 1.0, or less for a short run with smaller counts."""
    rows: Sequence[Row]


class Figure(NamedTuple):
    """What a row came to: the median over the rounds, and the lowest and highest round."""

    median: float
    low: float
    high: float


def scaled(count: int, scale: float) -> int:
    """The count of a case for a shorter run."""
    return max(2, round(count * scale))


def measure(cases: Mapping[str, Case], rounds: int, seed: int = 1) -> dict[str, list[float]]:
    """Seconds for one of each case, one figure per round, after one round to warm up.

    What lives when it begins is kept from the collector: a crowd is there to be in the way of what is measured only. The
    collector runs during the cases as it does in any program.
    """
    dice = random.Random(seed)
    figures: dict[str, list[float]] = {name: [] for name in cases}
    order = list(cases)
    gc.collect()
    gc.freeze()
    try:
        for round_number in range(rounds + 1):
            dice.shuffle(order)
            for name in order:
                gc.collect()
                seconds = cases[name].run(cases[name].count)
                if round_number:
                    figures[name].append(seconds / cases[name].count)
    finally:
        gc.unfreeze()
    return figures


def figure_of(row: Row, cases: Mapping[str, Case], figures: Mapping[str, Sequence[float]]) -> Figure:
    """What a row came to. A ratio is taken within each round."""
    ours = figures[row.ours]
    if row.goal.unit:
        factor = {"us": 1e6, "ns": 1e9, "kB": 1e-3, "s": cases[row.ours].count}[row.goal.unit]
        rounds = [each * factor for each in ours]
    else:
        pairs = zip(ours, figures[row.than], strict=True)
        rounds = [other / own if row.goal.is_least else own / other for own, other in pairs]
    return Figure(statistics.median(rounds), min(rounds), max(rounds))


def in_words(seconds: float) -> str:
    """Seconds for one, with a unit that fits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{digits(seconds / size)} {unit}"
    return f"{digits(seconds * 1e9)} ns"


def digits(number: float) -> str:
    """Three digits that count."""
    return f"{number:#.3g}".removesuffix(".") if number < 1000 else f"{number:.0f}"
