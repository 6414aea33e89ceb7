"""An app with a catalyst to hold: a counter on it, and a foreign thread that has its hand at the brake."""

from __future__ import annotations

import threading
from typing import Any

from tasktonic import brake, ttCatalyst, ttTonic
from tests.helpers.apps import in_thread, run_app, wait_for


class Counter(ttTonic):
    """Counts on another catalyst than the one that holds it."""

    count = 0

    def ttsc__count(self) -> None:
        self.count += 1


class Holding(ttTonic):
    """Makes a counter on a catalyst of its own, and has ``work`` done by a foreign thread."""

    def __init__(self, work: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.work = work

    def ttse__on_start(self) -> None:
        self.side = ttCatalyst(name="side", context=-1)
        self.counter = Counter(catalyst=self.side)
        self.helper = in_thread(self.do_work)

    def do_work(self) -> None:
        try:
            self.work(self)
        finally:
            self.finish()


def held_app(work: Any) -> Any:
    made: list[Any] = []
    run_app(lambda: made.append(Holding(work)))
    made[0].helper.join()
    return made[0]


def settled(catalyst_id: int) -> None:
    """Wait until a catalyst has run what it may run now: an errand comes after what was queued before it."""
    for _ in range(2):
        reached = threading.Event()
        brake.at_boundary(catalyst_id, reached.set)
        wait_for(reached)
