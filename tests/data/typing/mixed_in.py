"""Handlers from a plain mixin, in a class that mypy reads before it knows all of its types."""

from __future__ import annotations

from tasktonic import ttTonic


class Switchable:
    def ttsc_off__switch(self, level: Level) -> None: ...

    def ttsc_on__switch(self, level: Level) -> None: ...


class Dimmer(Switchable, ttTonic):
    def ttse__on_start(self) -> None:
        self.ttsc__switch(Level(5))  # plain ! attr-defined
        self.ttsc__switch(5)  # plugin ! arg-type # plain ! attr-defined


class Level:
    def __init__(self, percent: int) -> None:
        self.percent = percent
