"""Cases measured side by side: each round runs all of them in a new order, so a busy machine disturbs all alike."""

from __future__ import annotations

import gc
import random
import statistics
from collections.abc import Callable, Mapping

Case = Callable[[], float]
"""Runs once and returns the seconds it took."""


def measure(cases: Mapping[str, Case], rounds: int, seed: int = 1) -> dict[str, list[float]]:
    """Seconds of each case, one figure per round, after one round to warm up."""
    dice = random.Random(seed)
    figures: dict[str, list[float]] = {name: [] for name in cases}
    order = list(cases)
    for round_number in range(rounds + 1):
        dice.shuffle(order)
        for name in order:
            gc.collect()
            seconds = cases[name]()
            if round_number:
                figures[name].append(seconds)
    return figures


def ratio(figures: Mapping[str, list[float]], of: str, to: str) -> float:
    """The median over the rounds of ``of`` divided by ``to`` within a round."""
    return statistics.median(a / b for a, b in zip(figures[of], figures[to], strict=True))


def rate(figures: Mapping[str, list[float]], name: str, count: int) -> float:
    """Millions per second, from the median."""
    return count / statistics.median(figures[name]) / 1e6
