"""Breakpoints: those of the project that is watched, and what has become of them. Where they are kept is a service's affair."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from tasktonic.events import BreakpointHit
from tasktonic.rules import Breakpoint, Term, ttBreakpointError
from tasktonic_studio.watchers import Watchers

OWNER: Final = "studio"
"""Whose the window's own are in the app."""
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class BreakpointsRead:
    """What is kept of a project, and with it what was set before any project was known. ``problem`` is a sentence."""

    project: str
    points: tuple[Breakpoint, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HitFacts:
    """How often one was hit in this run, and the last time: event number, words and whether that was a fault."""

    count: int = 0
    n: int = -1
    words: str = ""
    is_fault: bool = False


class Breakpoints:
    """The breakpoints of one project. Owned by its `Session`; tells those who watch. UI thread.

    ``project`` is the path of the script, empty while none is known. Numbers are not given again as long as a project is watched.
    """

    def __init__(self) -> None:
        self.project = ""
        self.all: tuple[Breakpoint, ...] = ()
        self.problem = ""
        """Why what was kept could not be read, in a sentence."""
        self._hits: dict[int, HitFacts] = {}
        self._highest = 0
        self._is_changed = False
        self._watchers = Watchers[[]]()

    # ---- what the session does

    def begin(self) -> None:
        """Another run is watched: nothing has been hit in it."""
        self._hits.clear()
        self._tell()

    def read(self, kept: BreakpointsRead) -> None:
        """Take over what is kept of the project that is watched from now on."""
        self.project, self.all, self.problem = kept.project, kept.points, kept.problem
        self._highest = max([self._highest, *(point.id for point in self.all)])
        self._is_changed = False
        self._tell()

    def was_hit(self, n: int, hit: BreakpointHit) -> None:
        """The app told of a hit, or of a fault in a condition."""
        if hit.owner != OWNER:
            return
        before = self._hits.get(hit.breakpoint, HitFacts())
        is_fault = hit.off and not hit.held and "condition of this breakpoint raised" in hit.words
        self._hits[hit.breakpoint] = HitFacts(before.count + (not is_fault), n, hit.words, is_fault)
        point = self.find(hit.breakpoint)
        if hit.off and point is not None and point.enabled:
            self._put(replace(point, enabled=False))
        else:
            self._tell()

    # ---- questions

    def find(self, number: int) -> Breakpoint | None:
        """The one with this number."""
        return next((point for point in self.all if point.id == number), None)

    def hits_of(self, number: int) -> HitFacts:
        """How often one was hit in the run that is watched."""
        return self._hits.get(number, HitFacts())

    def about(self, term: Term) -> Breakpoint | None:
        """One that says this, perhaps with more."""
        plain = next((point for point in self.all if point.terms == (term,)), None)
        return plain or next((point for point in self.all if term in point.terms), None)

    # ---- what the user does

    def add(self, point: Breakpoint) -> Breakpoint:
        """Set one more, with a number of its own.

        Raises:
            ttBreakpointError: it cannot be, or there are too many.
        """
        if len(self.all) >= MOST:
            raise ttBreakpointError(f"There are {MOST} breakpoints already. Remove some, in the panel Breakpoints.")
        self._highest += 1
        point = replace(point, id=self._highest)
        point.check()
        self._put(point)
        return point

    def change(self, point: Breakpoint) -> None:
        """Put one in the place of that with its number; nothing when that is gone.

        Raises:
            ttBreakpointError: it cannot be.
        """
        point.check()
        if self.find(point.id) is not None:
            self._put(point)

    def enable(self, number: int, is_on: bool) -> None:
        """Switch one on or off."""
        point = self.find(number)
        if point is not None and point.enabled != is_on:
            self._put(replace(point, enabled=is_on))

    def enable_all(self, is_on: bool) -> None:
        """Switch all on or off."""
        self._take(replace(point, enabled=is_on) for point in self.all)

    def remove(self, numbers: Iterable[int]) -> None:
        """Take some away."""
        gone = frozenset(numbers)
        self._take(point for point in self.all if point.id not in gone)

    def toggle(self, term: Term) -> str:
        """Set one that says this, or take it away; one that says more is switched off and on instead. Says what was done."""
        point = self.about(term)
        if point is None:
            return f"Breakpoint {self.add(Breakpoint(0, (term,))).id} is set."
        if point == Breakpoint(point.id, (term,)):
            self.remove((point.id,))
            return f"Breakpoint {point.id} is removed."
        self.enable(point.id, not point.enabled)
        return f"Breakpoint {point.id} is switched {'off' if point.enabled else 'on'}."

    def take_changed(self) -> tuple[Breakpoint, ...] | None:
        """The whole list when it has changed since the last time, to be kept and sent."""
        is_changed, self._is_changed = self._is_changed, False
        return self.all if is_changed else None

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after every change, until the returned function is called."""
        return self._watchers.add(callback)

    def _put(self, point: Breakpoint) -> None:
        others = [other for other in self.all if other.id != point.id]
        self._take(sorted((*others, point), key=lambda each: each.id))

    def _take(self, points: Iterable[Breakpoint]) -> None:
        self.all = tuple(points)
        self._is_changed = True
        self._tell()

    def _tell(self) -> None:
        self._watchers.tell()
