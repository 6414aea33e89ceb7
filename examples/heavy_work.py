"""Heavy work beside the catalysts: a survey of prime gaps on all processors, with progress, and the app stays awake.

The arithmetic runs in worker processes, one piece for each stretch of numbers. What they report arrives as sparkles, so the
surveyor adds it up without a lock, while its clock ticks on. When somebody has found a gap that is wide enough, the surveyor
cancels what is left: pieces that wait never begin, and those that run end at their next report.

Functions for worker processes stand at the top level of a module. This one is the script itself, which the workers load as
well: hence the guard around the last line.
"""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttTimerRepeat, ttTonic
from tasktonic.failures import Failure
from tasktonic.pool import Report, Work

STRETCH = 20_000
WIDE_ENOUGH = 100
REPORT_EVERY = 2_000


def widest_gap(first: int, last: int, report: Report) -> tuple[int, int]:
    """The widest gap between two primes that begins in a stretch, and where it begins."""
    before, widest, at = 0, 0, 0
    number = first
    while number < last or before == 0 or not is_prime(number):
        if is_prime(number):
            if before and number - before > widest:
                widest, at = number - before, before
            before = number
        number += 1
        if number % REPORT_EVERY == 0:
            report(first, number - first)  # raises when nobody waits any more, and that ends the work
    return max((widest, at), (number - before, before))


def is_prime(number: int) -> bool:
    """Try the divisors up to the root."""
    if number < 4:
        return number > 1
    if number % 2 == 0:
        return False
    divisor = 3
    while divisor * divisor <= number:
        if number % divisor == 0:
            return False
        divisor += 2
    return True


class Surveyor(ttTonic):
    """Hands out the stretches and adds up what comes back."""

    def ttse__on_start(self) -> None:
        self.ticks = self.reports = 0
        self.widest = (0, 0)
        self.bind(ttTimerRepeat, seconds=0.02, name="tick")
        self.works: list[Work] = [
            self.offload(
                widest_gap,
                first,
                first + STRETCH,
                on_result=self.ttse__surveyed,
                on_error=self.ttse__failed,
                on_progress=self.ttse__progress,
                where="process",
            )
            for first in range(0, 100 * STRETCH, STRETCH)
        ]
        self.log(f"{len(self.works)} stretches handed out")

    def ttse__on_tick(self, info: dict[str, Any]) -> None:
        self.ticks += 1

    def ttse__progress(self, first: int, done: int) -> None:
        self.reports += 1

    def ttse__surveyed(self, found: tuple[int, int]) -> None:
        if found <= self.widest:
            return
        self.widest = found
        self.log(f"after {found[1]} comes no prime for {found[0]} numbers")
        if found[0] >= WIDE_ENOUGH:
            self.finish()

    def ttse__failed(self, error: Failure) -> None:
        self.log(f"{error}: {error.exception}")

    def ttse__on_finished(self) -> None:
        spared = sum(work.state == "queued" for work in self.works)
        self.log(f"{spared} stretches spared; {self.reports} reports, {self.ticks} ticks meanwhile")


class HeavyWork(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen", "tasktonic/pool/processes": 2}

    def creating_starting_tonics(self) -> None:
        Surveyor(name="surveyor")


if __name__ == "__main__":
    HeavyWork()
