"""Work that tonics of the present app handed to its pool: what waits, what runs, and the last that is over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from tasktonic.events import WorkBegan, WorkEnded, WorkOffloaded

OPEN_KEPT: Final = 100_000
"""So much work may wait or run before the oldest is forgotten; by itself a pool refuses from 10,000 of a kind on."""
OUTCOMES: Final = ("done", "failed", "cancelled")

ENDED_KEPT: Final = 4
"""Of each tonic so many pieces stay known that are over, of each outcome: a tonic that finishes cancels all that waits."""
TONICS_KEPT: Final = 1_000
"""Of so many tonics; those whose last piece ended longest ago are forgotten first."""
ERROR_KEPT: Final = 2_000
"""Characters of what an error says."""


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """One piece of offloaded work. Replaced, never changed.

    `number` is that of the app, `place` is `thread` or `process`, `run` the one that handed it off (0: none). Times are None
    until it is so; `worker` names who does it. `outcome` is empty until it is over, then one of `OUTCOMES`; `error` says with
    what it failed.
    """

    number: int
    essence: int
    function: str
    place: str = ""
    run: int = 0
    offloaded_ns: int | None = None
    began_ns: int | None = None
    worker: str = ""
    ended_ns: int | None = None
    outcome: str = ""
    error: str = ""


class EndedWork(NamedTuple):
    """What is over of one tonic: how many pieces of each outcome, and the last ones, the latest first."""

    counts: tuple[int, ...] = (0, 0, 0)
    """As in `OUTCOMES`."""

    last: tuple[WorkFacts, ...] = ()


class HeavyWork:
    """All work of an app run. Copies share until one changes."""

    def __init__(self) -> None:
        self._open: dict[int, WorkFacts] = {}
        """By number."""
        self._ended: dict[int, EndedWork] = {}
        """By tonic."""
        self._shared = False

    def open_of(self, essence: int) -> list[WorkFacts]:
        """What a tonic waits for, in the order in which it was handed off."""
        return [work for work in self._open.values() if work.essence == essence]

    def ended_of(self, essence: int) -> EndedWork:
        """What is over of a tonic."""
        return self._ended.get(essence, EndedWork())

    def causes_of(self, essence: int) -> set[str]:
        """What orders name as their cause when they come from work of this tonic, as far as that is remembered."""
        works = (*self.open_of(essence), *self.ended_of(essence).last)
        return {f"pool {work.function}" for work in works}

    def fork(self) -> HeavyWork:
        other = HeavyWork()
        other._open, other._ended = self._open, self._ended
        self._shared = other._shared = True
        return other

    def _own(self) -> None:
        if self._shared:
            self._open, self._ended = dict(self._open), dict(self._ended)
            self._shared = False

    def offloaded(self, event: WorkOffloaded) -> None:
        if event.work in self._open:
            return  # stated again by a snapshot
        self._open_up(
            WorkFacts(event.work, event.essence, event.function, event.place, event.run, offloaded_ns=event.t_ns)
        )

    def began(self, event: WorkBegan) -> None:
        known = self._open.get(event.work) or WorkFacts(event.work, event.essence, event.function)
        self._open_up(replace(known, began_ns=event.t_ns, worker=event.worker))

    def _open_up(self, work: WorkFacts) -> None:
        self._own()
        self._open[work.number] = work
        if len(self._open) > OPEN_KEPT:
            del self._open[next(iter(self._open))]

    def ended(self, event: WorkEnded) -> None:
        self._own()
        known = self._open.pop(event.work, None) or WorkFacts(event.work, event.essence, event.function)
        outcome = event.outcome if event.outcome in OUTCOMES else "cancelled"  # a way to end that is not known yet
        work = replace(known, ended_ns=event.t_ns, outcome=outcome, error=event.error[:ERROR_KEPT])
        counts, last = self._ended.pop(work.essence, EndedWork())  # it goes to the end of those that are known
        alike = [other for other in last if other.outcome == outcome]
        if len(alike) >= ENDED_KEPT:
            last = tuple(other for other in last if other is not alike[-1])
        counts = tuple(count + (name == outcome) for name, count in zip(OUTCOMES, counts, strict=True))
        self._ended[work.essence] = EndedWork(counts, (work, *last))
        if len(self._ended) > TONICS_KEPT:
            del self._ended[next(iter(self._ended))]
