"""Crossing threads: one tonic works hard on a thread of its own, another one stays responsive.

The worker looks for primes on a second catalyst. What it is asked and what it answers are copied on the way, so neither side
can change what the other one holds. Nobody waits for anybody, and there is not one lock in this file.
"""

from __future__ import annotations

import threading
from typing import Any

from tasktonic import ttCatalyst, ttFormula, ttTimerRepeat, ttTonic


class Worker(ttTonic):
    """Finds the primes of a range, in its catalyst's thread."""

    def ttsc__find(self, first: int, last: int, asker: Asker) -> None:
        primes = [n for n in range(first, last) if n > 1 and all(n % d for d in range(2, int(n**0.5) + 1))]
        self.log(f"{len(primes)} primes from {first} to {last}, found in {threading.current_thread().name}")
        asker.ttse__on_primes({"first": first, "primes": primes})


class Asker(ttTonic):
    """Hands out the work and stays awake meanwhile."""

    def __init__(self, worker: Worker) -> None:
        super().__init__(name="asker")
        self.worker = worker
        self.found: list[int] = []
        self.parts_left = 5
        self.ticks = 0

    def ttse__on_start(self) -> None:
        self.bind(ttTimerRepeat, seconds=0.05, name="tick")
        for part in range(self.parts_left):
            self.worker.ttsc__find(part * 40_000, (part + 1) * 40_000, self)

    def ttse__on_tick(self, info: dict[str, Any]) -> None:
        self.ticks += 1

    def ttse__on_primes(self, answer: dict[str, Any]) -> None:
        self.found += answer["primes"]
        self.parts_left -= 1
        if self.parts_left == 0:
            self.log(f"{len(self.found)} primes, the last is {self.found[-1]}; {self.ticks} ticks meanwhile, in "
                     f"{threading.current_thread().name}")  # fmt: skip
            self.worker.finish()
            self.finish()


class Primes(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        hall = ttCatalyst(name="workshop")
        Asker(Worker(name="worker", catalyst=hall))


if __name__ == "__main__":
    Primes()
