"""Real apps whose tonics do things at random: call each other over threads, change states, set timers, write, raise, finish."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from tasktonic import ttCatalyst, ttStore, ttTimerSingleShot, ttTonic
from tasktonic.recorder import record
from tasktonic.trace import TraceReader
from tests.helpers.apps import run_app

LONGEST = 150
"""After so many sparkles they only finish."""


class Restless(ttTonic):
    """Does something at random with each sparkle."""

    def __init__(self, world: World, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.world = world

    def ttse__on_start(self) -> None:
        self.to_state("idle")

    def ttsc__work(self, what: int) -> None:
        self.world.act(self)

    def ttsc__more(self) -> None: ...

    def ttsc_busy__more(self) -> None:
        self.world.act(self)

    def ttsc_busy__only(self) -> None:
        self.world.act(self)

    def ttse_busy__on_enter(self) -> None:
        self.world.act(self)

    def ttse_idle__on_enter(self) -> None: ...

    def ttse__on_timer(self, info: dict[str, Any]) -> None:
        self.world.act(self)

    def ttse__on_news(self, changes: Any) -> None: ...

    def ttse__on_error(self, failure: Any) -> None: ...


class World:
    """What they know of each other. Whatever thread acts takes the next choice, so the course is another one each time."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.left = LONGEST
        self.all: list[Restless] = []

    def build(self) -> None:
        """Make everything; for `run_app`."""
        side = ttCatalyst(name="side")
        self.all = [Restless(self, name=f"tonic {it}", catalyst=side if it % 2 else None) for it in range(4)]
        for tonic in self.all:
            tonic.ttsc__work(0)

    def act(self, tonic: Restless) -> None:
        """Do one thing or several."""
        self.left -= 1
        if self.left <= 0:
            for each in self.all:
                each.finish()
            return
        other = self.chance.choice(self.all)
        other.ttsc__work(self.left)
        match self.chance.randrange(9):
            case 0:
                tonic.to_state("busy")
            case 1:
                tonic.to_state("idle")
            case 2:
                other.ttsc__more()
                getattr(other, "ttsc__only")()  # noqa: B009 - made by the framework
            case 3:
                tonic.bind(ttStore).set("a", self.chance.randrange(3))
            case 4:
                ttTimerSingleShot(0.0, context=tonic)
            case 5:
                tonic.log("something")
            case 6:
                tonic.bind(ttStore).subscribe("a", tonic.ttse__on_news, ignore_source=tonic.id)
            case 7:
                raise ValueError("by chance")


def random_run(seed: int, file: Path) -> Path:
    """Run one, and record it whole."""
    recorder = record(file)
    try:
        run_app(World(seed).build)
    finally:
        recorder.stop()
    return file


def events_of(file: Path) -> list[Any]:
    """All events of a recorded run, in order."""
    found: list[Any] = []
    with TraceReader(file) as reader:
        for is_keyframe, block in reader.blocks(0):
            if not is_keyframe:
                found += [event for _, event in block.events()]
    return found
