"""A simulation: how a rumour goes through a town of 5,000 people, each of them a tonic that acts for itself.

    python examples/swarm.py                     a day of the town in virtual time: over in two seconds or so
    python examples/swarm.py --real 0.5          the same in real time, where an hour of the town lasts half a second
    python examples/swarm.py --seed 7            another day

Everybody is ignorant at first. Who has heard the rumour tells it to somebody at random, after a moment, and again, and
again, until the one he meets knows it already: then it is no fun any more, and he keeps quiet from then on. Nobody counts or
directs anything; there are states, timers and calls between tonics.

Will everybody hear of it? No: about one in five never does (Daley and Kendall, 1964). The town counts when nobody talks
any more.

Not a line of the town knows what turns it. In virtual time the main catalyst is a ttDistiller: with nothing queued it goes straight to
the next timer, so the day is over as soon as it is computed, and it is the same day each time for the same seed. In real time the
main catalyst is a plain one, and timers go by the clock on the wall: a thing to look at in the Studio, and never twice the same.
"""

from __future__ import annotations

import argparse
import random
import time
from typing import Any

from tasktonic import ttDistiller, ttFormula, ttLog, ttTimerSingleShot, ttTonic

SLOWEST_H = 2.0
"""The longest time between two talks of one person, in hours."""
HOUSES = 100
"""So many people live in a street."""


class Person(ttTonic):
    """Ignorant, then talking, then bored."""

    def __init__(self, town: Town, number: int) -> None:
        super().__init__(name=f"person {number}", log_mode=ttLog.STEALTH)
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
        self.bind(ttTimerSingleShot, seconds=self.town.soon_s(), name="meeting")

    def ttse_talking__on_meeting(self, info: dict[str, Any]) -> None:
        self.town.someone_else_than(self).ttsc__hear(self)
        self.tts__wait()

    def ttse_talking__on_known(self) -> None:
        self.to_state("bored")

    def ttse_bored__on_enter(self) -> None:
        self.town.ttse__on_bored()


class Street(ttTonic):
    """Where some of them live."""

    def __init__(self, town: Town, number: int, first: int, last: int) -> None:
        super().__init__(name=f"street {number}", log_mode=ttLog.STEALTH)
        self.people = [self.bind(Person, town, person) for person in range(first, last)]


class Town(ttTonic):
    """All of the streets. It knows how many have heard, and how many still talk.

    Args:
        people: how many.
        seed: of its dice.
        hour_s: how many seconds an hour has.
    """

    def __init__(self, people: int, seed: int, hour_s: float) -> None:
        super().__init__(name="town", log_mode=ttLog.QUIET)
        self.dice = random.Random(seed)
        self.hour_s = hour_s
        self.heard = self.talking = 0
        streets = range(0, people, HOUSES)
        self.streets = [
            self.bind(Street, self, n, first, min(first + HOUSES, people)) for n, first in enumerate(streets)
        ]
        self.people = [person for street in self.streets for person in street.people]

    def ttse__on_start(self) -> None:
        self.began_s = time.perf_counter()
        self.log(f"{len(self.people)} people, and one of them has heard something")
        self.people[0].ttsc__hear(None)

    def soon_s(self) -> float:
        return self.dice.uniform(0, SLOWEST_H * self.hour_s)

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
            never = len(self.people) - self.heard
            self.log(f"nobody talks any more; {never} have never heard it, {100 * never / len(self.people):.0f} %")
            self.log(f"it took {time.perf_counter() - self.began_s:.1f} s")
            self.finish()


class Swarm(ttFormula):
    """The town, in virtual time unless it is given how many real seconds an hour lasts."""

    def __init__(self, people: int, seed: int, real: float | None) -> None:
        self.people, self.seed, self.real = people, seed, real
        super().__init__()

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen", "tasktonic/log/default": ttLog.STEALTH}

    def creating_main_catalyst(self) -> None:
        if self.real is None:
            ttDistiller()
        else:
            super().creating_main_catalyst()

    def creating_starting_tonics(self) -> None:
        Town(self.people, self.seed, hour_s=3600.0 if self.real is None else self.real)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A rumour goes through a town.")
    parser.add_argument(
        "--real", type=float, metavar="SECONDS", help="in real time: how many seconds an hour of the town lasts"
    )
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1964)
    wanted = parser.parse_args()
    if wanted.people < 2:
        parser.error("a rumour needs two people at least")
    swarm = Swarm(**vars(wanted))  # in real time it is over when this returns; a distiller waits to be turned
    if wanted.real is None:
        swarm.ledger.main_catalyst.sparkle(timeout=7 * 24 * 3600)
