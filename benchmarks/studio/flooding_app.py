"""An app that is too much: what it does is its first argument, for how many seconds its second.

calls      250,000 events a second: sparkles that are called and run; the probe may cost what it likes
all_out    as many as it can
states     a tonic that changes its state 50,000 times a second
births     1,000 tonics a second are made and finish
value      a store value of 50 MB, another one each second
deep       a tree of 500 tonics, each below the one before, the last of them busy
many       10,000 tonics, 5,000 changes of state a second
paths      100,000 paths in the store, 5,000 changes a second
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from typing import Any

from tasktonic import probe, ttFormula, ttStore, ttTimerRepeat, ttTimerSingleShot, ttTonic

EVERY_S = 0.01
PER_SECOND = 100


class Worker(ttTonic):
    """Has two states, and goes from one to the other."""

    def ttse__on_start(self) -> None:
        self.to_state("up")

    def ttsc__work(self) -> None:
        """Nothing: what costs is that it is called."""

    def ttsc_up__turn(self) -> None:
        self.to_state("down")

    def ttsc_down__turn(self) -> None:
        self.to_state("up")


class Mayfly(ttTonic):
    """Lives for one sparkle."""

    def ttse__on_start(self) -> None:
        self.finish()


class Link(Worker):
    """Makes the next one below it, until there are enough; the last one works."""

    def __init__(self, left: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._left = left

    def ttse__on_start(self) -> None:
        self.to_state("up")
        if self._left > 1:
            self.bind(Link, self._left - 1)
        else:
            self.bind(ttTimerRepeat, seconds=EVERY_S, name="work")

    def ttse__on_work(self, info: dict[str, Any]) -> None:
        for _ in range(10):
            self.ttsc__turn()


class Flood(ttTonic):
    """Does a hundred times a second what the case asks for."""

    def __init__(self, case: str, **kwargs: Any) -> None:
        super().__init__(name="flood", **kwargs)
        self._case = case
        self._number = itertools.count()

    def ttse__on_start(self) -> None:
        self._do: Callable[[], None] = getattr(self, f"_begin_{self._case}")()
        self.bind(ttTimerRepeat, seconds=EVERY_S, name="more")

    def ttse__on_more(self, info: dict[str, Any]) -> None:
        self._do()

    def ttsc__again(self) -> None:
        self.ttsc__again()

    # ---- each says what is done

    def _begin_calls(self) -> Callable[[], None]:
        worker = Worker(name="worker")
        return lambda: [worker.ttsc__work() for _ in range(125_000 // PER_SECOND)] and None

    def _begin_all_out(self) -> Callable[[], None]:
        self.ttsc__again()
        return lambda: None

    def _begin_states(self) -> Callable[[], None]:
        worker = Worker(name="worker")
        return lambda: [worker.ttsc__turn() for _ in range(50_000 // PER_SECOND)] and None

    def _begin_births(self) -> Callable[[], None]:
        return lambda: [self.bind(Mayfly) for _ in range(1_000 // PER_SECOND)] and None

    def _begin_value(self) -> Callable[[], None]:
        store = self.bind(ttStore)

        def change() -> None:
            number = next(self._number)
            if number % PER_SECOND == 0:
                store.set("large", chr(97 + number // PER_SECOND % 26) * 50_000_000)

        return change

    def _begin_deep(self) -> Callable[[], None]:
        self.bind(Link, 500)
        return lambda: None

    def _begin_many(self) -> Callable[[], None]:
        workers = [Worker(name=f"worker {number}") for number in range(10_000)]
        return lambda: [workers[next(self._number) * 7 % 10_000].ttsc__turn() for _ in range(50)] and None

    def _begin_paths(self) -> Callable[[], None]:
        store = self.bind(ttStore)
        store.set([(f"area {number // 100}/device {number % 100}", 0) for number in range(100_000)])

        def change() -> None:
            numbers = [next(self._number) for _ in range(50)]
            store.set([(f"area {it * 7 % 1_000}/device {it * 3 % 100}", it) for it in numbers])

        return change


class FloodApp(ttFormula):
    """One flood, for a while."""

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self) -> None:
        Flood(sys.argv[1])
        End(float(sys.argv[2]), self)


class End(ttTonic):
    """Ends the app when its time is up."""

    def __init__(self, seconds: float, app: FloodApp, **kwargs: Any) -> None:
        super().__init__(name="end", **kwargs)
        self._seconds = seconds
        self._app = app

    def ttse__on_start(self) -> None:
        self.bind(ttTimerSingleShot, seconds=self._seconds, name="over")

    def ttse__on_over(self, info: dict[str, Any]) -> None:
        self._app.finish()


if __name__ == "__main__":
    if sys.argv[1] == "calls":
        probe.start(ceiling_percent=400)
    FloodApp()
