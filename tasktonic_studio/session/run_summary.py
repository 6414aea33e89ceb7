"""What a recorded run is, at a glance: how long, how much, how dense when, with how many errors. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BUCKETS: Final = 96
FULL: Final = 255


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One trace file.

    Attributes:
        file: its path.
        problem: why nothing can be said of it, as a sentence; empty when all is well.
        duration_ns: from its first event to its last.
        runs: how many runs there are.
        errors: how many errors were raised.
        density: how much ran in each of `BUCKETS` stretches of its time, 0 to `FULL`, on a logarithmic scale.
        error_at: numbers of the stretches in which an error was raised.
        damaged: whether not all of the file can be read.
    """

    file: str
    problem: str = ""
    duration_ns: int = 0
    runs: int = 0
    errors: int = 0
    density: tuple[int, ...] = ()
    error_at: tuple[int, ...] = ()
    damaged: bool = False
