"""Rows of the stream as catalysts write them, without an app."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tasktonic import events
from tasktonic.events import StateChanged

made: Any = events
"""Events are made from plain strings here."""

PLANT: list[Any] = [
    made.AppBegan(10, 1, "plant", 1_000_000_000, 77),
    made.ClassDefined(1, "Pump", "plant", "", 3, "", "ttTonic"),
    made.Born(20, 1, "pump", 1, -1, 0, "", 2, -1, 0),
]


class Tonic:
    """As much of a tonic as a row of the stream refers to."""

    def __init__(self, essence: int, parameters: tuple[str, ...] = ()) -> None:
        sparkle = SimpleNamespace(id=10 + essence, signature=SimpleNamespace(parameters=dict.fromkeys(parameters)))
        self._tt_id = essence
        self._tt_catalyst = SimpleNamespace(_tt_id=0)
        self._tt_class = SimpleNamespace(sparkles=[sparkle])


def order(number: int, *arguments: Any, tonic: Tonic | None = None) -> tuple[Any, ...]:
    """A row as a catalyst writes it when a sparkle is called."""
    given = arguments if len(arguments) > 1 else (*arguments, None)[0]
    return (tonic or Tonic(1), 0, len(arguments), given, None, "outside", 0, number, number * 1_000)


def run(number: int) -> tuple[Any, ...]:
    """A row as a catalyst writes it when a sparkle has run."""
    return (order(number), number * 1_000, number * 1_000 + 500, -1, -1, 0, number)


def steps(first: int, count: int) -> list[Any]:
    """Pairs of a state change and a run."""
    rows: list[Any] = []
    for number in range(first, first + count):
        rows += [StateChanged(100 + number, 1, number % 5, (number + 1) % 5, number), run(number)]
    return rows
