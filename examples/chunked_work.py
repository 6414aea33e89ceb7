"""Long work in small sparkles: one thread, and still everybody gets a turn.

A sparkle that computes for a minute holds up its whole catalyst for a minute. Here the work is cut up: each sparkle does a
small piece and then calls itself, which puts the next piece at the end of the queue. Whatever was called meanwhile comes
first. So two computations run side by side, the watcher's timer fires in between, and one of them can be told to stop.

Compare two_catalysts.py, where the work has a thread of its own. Cutting up needs no thread, and the work can be asked how
far it is at any time.
"""

from __future__ import annotations

from typing import Any

from tasktonic import ttFormula, ttTimerRepeat, ttTonic

PIECE = 500
"""Numbers per sparkle: about a millisecond of work. Smaller pieces answer faster, larger ones cost less."""


class Search(ttTonic):
    """Looks for the number with the longest way to 1, halving the even ones and taking three times the odd ones plus one."""

    def __init__(self, name: str, first: int, last: int, asker: Counter) -> None:
        super().__init__(name=name)
        self.at, self.last = first, last
        self.asker = asker
        self.best = self.steps = 0

    def ttse__on_start(self) -> None:
        self.to_state("searching")
        self.tts__piece()

    def tts_searching__piece(self) -> None:
        end = min(self.at + PIECE, self.last)
        for number in range(self.at, end):
            if (steps := way_to_one(number)) > self.steps:
                self.best, self.steps = number, steps
        self.at = end
        if self.at < self.last:
            self.tts__piece()  # not a call: it waits its turn behind what others have asked for
        else:
            self.asker.ttse__on_found(self.name, self.best, self.steps)
            self.finish()

    def ttsc__stop(self) -> None:
        """Give up. The piece that is queued finds no handler in this state, and nothing more happens."""
        self.to_state("stopped")

    def ttse_stopped__on_enter(self) -> None:
        self.log(f"stopped at {self.at} of {self.last}")
        self.finish()


def way_to_one(number: int) -> int:
    """How many steps it takes."""
    steps = 0
    while number > 1:
        number = number // 2 if number % 2 == 0 else 3 * number + 1
        steps += 1
    return steps


class Counter(ttTonic):
    """Starts the work, and shows that it stays awake."""

    def ttse__on_start(self) -> None:
        self.ticks = 0
        self.bind(ttTimerRepeat, seconds=0.01, name="tick")
        self.small = self.bind(Search, "small_search", 1, 20_000, self)
        self.large = self.bind(Search, "large_search", 1, 50_000_000, self)

    def ttse__on_tick(self, info: dict[str, Any]) -> None:
        self.ticks += 1

    def ttse__on_found(self, who: str, number: int, steps: int) -> None:
        self.log(f"{who}: {number} takes {steps} steps; {self.ticks} ticks meanwhile")
        self.large.ttsc__stop()

    def ttse__on_large_search_finished(self) -> None:
        self.finish()


class ChunkedWork(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        Counter(name="counter")


if __name__ == "__main__":
    ChunkedWork()
