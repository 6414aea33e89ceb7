"""Timers in a sparkle of an app, by a clock that stands still."""

from __future__ import annotations

from typing import Any

from tasktonic import (
    ttTonic,
)
from tests.helpers.apps import run_app

HOUR_NS = 3_600_000_000_000


def app_with(work: Any, **methods: Any) -> Any:
    """Run an app of one tonic that does ``work(tonic)`` at its start; a plain ``finish`` if it has no timer sparkles."""
    made: list[Any] = []

    def start(self: Any) -> None:
        made.append(self)
        self.seen = []
        work(self)

    def on_timer(self: Any, info: Any) -> None:
        self.seen.append(info["name"])
        self.finish()

    cls: Any = type(ttTonic)("Waiter", (ttTonic,), {"ttse__on_timer": on_timer, **methods, "ttse__on_start": start})
    run_app(lambda: cls(name="waiter"))
    return made[0]


def look(work: Any) -> Any:
    """What ``work(tonic)`` gives, called in a sparkle of a tonic that then finishes."""
    found: list[Any] = []

    def at_start(tonic: Any) -> None:
        try:
            found.append(work(tonic))
        finally:
            tonic.finish()

    app_with(at_start)
    return found[0]


def due(timer: Any) -> int:
    return int(timer._due_ns_now())


def fired_late(timer: Any, late_ns: int) -> int:
    """Let a timer fire as if the catalyst had been stalled; gives when it was due."""
    was_due = due(timer)
    heap = timer._tt_catalyst.timers
    assert next(heap.take_due(was_due)) is timer
    timer.fire(was_due + late_ns)
    return was_due
