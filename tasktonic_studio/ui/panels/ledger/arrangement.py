"""Where in the tree an essence stands: by context, with services, crowds and finished ones in groups. No Qt.

Timers and parts of the framework get no rows, unless a filter asks for them: every other tonic has a timer, and rows that
say so would double the tree. They are counted for the tonic they belong to.

The place of an essence depends on its siblings: the fifty-first sensor makes a group of all of them. So the siblings are
counted here, and whoever notes a change gets the ids whose place is another one from now on. A group that was made
stays for as long as the app runs: rows that jump out of it again would help nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from tasktonic_studio.session.essences import EssenceFacts, Identity
from tasktonic_studio.session.names import Names

CROWD: Final = 50
"""So many living siblings of one class stand one by one; more become a group."""
FINISHED_SHOWN: Final = 3
"""So many finished siblings of one class stand one by one; more become a group."""

Sort = Literal["plain", "catalyst", "service", "timer", "system"]
GroupKind = Literal["services", "crowd", "finished"]
GroupKey = tuple[GroupKind, int, int]
"""What it gathers, below which essence (-1: the top), of which class (0: any)."""
Key = int | GroupKey
"""The identity of a row: the id of an essence, or a group."""

Known = Identity | EssenceFacts
"""An essence, as far as its place depends on it."""

TOP: Final = -1
HIDDEN: Final = -2
SERVICES: Final[GroupKey] = ("services", TOP, 0)


class Arrangement:
    """Places of the essences of one app run. Made anew when the tree is filled anew."""

    def __init__(self, names: Names) -> None:
        self.names = names
        """Those of the moment that is shown."""
        self._sorts: dict[int, Sort] = {}
        self._alive: dict[tuple[int, int], set[int]] = {}
        self._finished: dict[tuple[int, int], set[int]] = {}
        self._crowds: set[tuple[int, int]] = set()
        self._piles: set[tuple[int, int]] = set()
        self._timers: dict[int, set[int]] = {}

    def sort(self, facts: Known) -> Sort:
        """What kind of thing an essence is, by its class."""
        if facts.service:
            return "service"
        known = self._sorts.get(facts.cls)
        if known is None:
            known = sort_of_class(self.names, facts.cls)
            if facts.cls in self.names.classes:
                self._sorts[facts.cls] = known
        return known

    def note(self, essence: int, facts: Known) -> set[int]:
        """Count an essence that was born or has ended, or, where time goes backwards, lives again.

        Returns:
            Ids of others whose place changed by that.
        """
        sort = self.sort(facts)
        if sort == "timer":
            timers = self._timers.setdefault(facts.context, set())
            (timers.add if facts.is_alive else timers.discard)(essence)
        if sort in ("service", "timer", "system"):
            return set()
        siblings = (facts.context, facts.cls)
        if facts.is_alive:
            if siblings in self._finished:
                self._finished[siblings].discard(essence)
            alive = self._alive.setdefault(siblings, set())
            alive.add(essence)
            if len(alive) > CROWD and siblings not in self._crowds:
                self._crowds.add(siblings)
                return alive - {essence}
            return set()
        self._alive.get(siblings, set()).discard(essence)
        finished = self._finished.setdefault(siblings, set())
        finished.add(essence)
        if len(finished) > FINISHED_SHOWN and siblings not in self._piles:
            self._piles.add(siblings)
            return finished - {essence}
        return set()

    def is_crowd(self, siblings: tuple[int, int]) -> bool:
        """Whether living tonics of one class below one essence, (essence, class), are a group by now."""
        return siblings in self._crowds and self._sorts.get(siblings[1]) in ("plain", "catalyst")

    def join(self, siblings: tuple[int, int], essences: Iterable[int]) -> None:
        """Count living ones that are new in a crowd. As `note` does for each, which has no consequences there."""
        self._alive[siblings].update(essences)

    def forget(self, facts_id: int, siblings: tuple[int, int]) -> None:
        """An essence is not known any more: it ended long ago. Or not yet, where time goes backwards."""
        for group in (self._finished.get(siblings), self._alive.get(siblings), self._timers.get(siblings[0])):
            if group is not None:
                group.discard(facts_id)

    def timers(self, essence: int) -> int:
        """How many timers of an essence live."""
        return len(self._timers.get(essence, ()))

    def parent(self, facts: Known, *, asked_for: bool = False) -> Key:
        """The row below which an essence stands; `TOP`, or `HIDDEN` for one that gets no row.

        ``asked_for``: a filter looks for it, so that timers and parts of the framework have rows as well.
        """
        sort = self.sort(facts)
        if sort == "service":
            return SERVICES
        if sort in ("timer", "system"):
            return facts.context if asked_for else HIDDEN
        siblings = (facts.context, facts.cls)
        if facts.is_alive:
            return ("crowd", *siblings) if siblings in self._crowds else facts.context
        return ("finished", *siblings) if siblings in self._piles else facts.context


def sort_of_class(names: Names, cls: int) -> Sort:
    """What the essences of a class are, by the framework classes they derive from."""
    known = names.classes.get(cls)
    if known is None:
        return "plain"
    bases = [known.name, *known.bases.split(",")]
    if any(base.startswith("ttTimer") for base in bases):
        return "timer"
    if any(base in ("ttCatalyst", "ttDistiller") for base in bases):
        return "catalyst"
    return "system" if known.module.split(".")[0] in ("tasktonic", "TaskTonic") else "plain"


def order(key: Key, first: int = 0) -> tuple[int | str, ...]:
    """The place of a row among its siblings: in order of birth, then what is finished, then groups of small things.

    ``first`` is the essence that made a crowd: the group stands where it stood.
    """
    if isinstance(key, int):
        return (1, key, 0)
    kind, context, cls = key
    if kind == "crowd":
        return (1, first, 1)
    return (2 + ("finished", "services").index(kind), cls, context)
