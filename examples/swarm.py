"""A simulation: how a rumour goes through a town of 5,000 people, each of them a tonic that acts for itself.

Everybody is ignorant at first. Who has heard the rumour tells it to somebody at random, after a moment, and again, and
again, until the one he meets knows it already: then it is no fun any more, and he keeps quiet from then on. Nobody counts or
directs anything; there are states, timers and calls between tonics.

Will everybody hear of it? No: about one in five never does (Daley and Kendall, 1964). The town counts when nobody talks
any more.

That takes most of a day, but nobody wants to wait so long. So the main catalyst is a ttDistiller: it is driven by hand, and its
time is virtual. With nothing queued it goes straight to the next timer, so the day is over in a few seconds, and it is
the same day each time.
"""

from __future__ import annotations

import random
from typing import Any

from tasktonic import ttDistiller, ttFormula, ttLog, ttTimerSingleShot, ttTonic

PEOPLE = 5_000
SLOWEST_S = 2 * 3600.0
"""The longest time between two talks of one person."""


class Person(ttTonic):
    """Ignorant, then talking, then bored."""

    def __init__(self, town: Town) -> None:
        super().__init__(log_mode=ttLog.STEALTH)
        self.town = town

    def ttse__on_start(self) -> None:
        self.to_state("ignorant")

    def ttsc_ignorant__hear(self, teller: Person | None) -> None:
        self.to_state("talking")

    def ttsc__hear(self, teller: Person) -> None:
        teller.ttse__on_known()

    def ttse_talking__on_enter(self) -> None:
        self.town.ttse__on_heard()
        self.tts__wait()

    def tts_talking__wait(self) -> None:
        self.bind(ttTimerSingleShot, seconds=self.town.dice.uniform(0, SLOWEST_S), name="meeting")

    def ttse_talking__on_meeting(self, info: dict[str, Any]) -> None:
        self.town.someone_else_than(self).ttsc__hear(self)
        self.tts__wait()

    def ttse_talking__on_known(self) -> None:
        self.to_state("bored")

    def ttse_bored__on_enter(self) -> None:
        self.town.ttse__on_bored()


class Town(ttTonic):
    """Where they live. It knows how many have heard, and how many still talk."""

    def __init__(self) -> None:
        super().__init__(name="town", log_mode=ttLog.QUIET)
        self.dice = random.Random(1964)
        self.heard = self.talking = 0
        self.people: list[Person] = []

    def ttse__on_start(self) -> None:
        self.people = [self.bind(Person, self) for _ in range(PEOPLE)]
        self.log(f"{len(self.people)} people, and one of them has heard something")
        self.people[0].ttsc__hear(None)

    def someone_else_than(self, person: Person) -> Person:
        while (other := self.dice.choice(self.people)) is person:
            pass
        return other

    def ttse__on_heard(self) -> None:
        self.heard += 1
        self.talking += 1
        if self.heard % 1_000 == 0:
            self.log(f"{self.heard} have heard it, {self.talking} talk about it")

    def ttse__on_bored(self) -> None:
        self.talking -= 1
        if self.talking == 0:
            self.log(f"nobody talks any more; {100 * (PEOPLE - self.heard) / PEOPLE:.0f} % have never heard it")
            self.finish()


class Swarm(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen", "tasktonic/log/default": ttLog.STEALTH}

    def creating_main_catalyst(self) -> None:
        ttDistiller()

    def creating_starting_tonics(self) -> None:
        Town()


if __name__ == "__main__":
    swarm = Swarm()
    swarm.ledger.main_catalyst.sparkle(timeout=7 * 24 * 3600)
