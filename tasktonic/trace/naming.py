"""Names for the numbers in the events of a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from tasktonic.events import NO_ESSENCE, NO_STATE, AppBegan, Born, ClassDefined, SparkleDefined, StateDefined


class Names:
    """Learns from facts, in their order, and answers. What has ended keeps its name: events after its end tell of it.

    Made for one pass over a trace.
    """

    def __init__(self) -> None:
        self._app = -1
        self._essences: dict[int, Born] = {}
        self._classes: dict[int, str] = {}
        self._states: dict[tuple[int, int], str] = {}
        self._sparkles: dict[int, str] = {}

    def take(self, facts: Iterable[Any]) -> None:
        """Learn from these."""
        for fact in facts:
            taken = _TAKERS.get(type(fact))
            if taken is not None:
                taken(self, fact)

    def essence(self, essence: int) -> str:
        """The name of an essence; its number when it is not known, empty for none."""
        born = self._essences.get(essence)
        if born is not None:
            return born.name
        return "" if essence == NO_ESSENCE else f"#{essence}"

    def class_of(self, essence: int) -> str:
        """The name of the class of an essence."""
        born = self._essences.get(essence)
        return "" if born is None else self._classes.get(born.cls, f"class {born.cls}")

    def catalyst_of(self, essence: int) -> int:
        """The id of the catalyst that runs an essence, -1 when that is not known."""
        born = self._essences.get(essence)
        return -1 if born is None else born.catalyst

    def sparkle(self, sparkle: int) -> str:
        """The name of a sparkle."""
        return self._sparkles.get(sparkle, f"sparkle {sparkle}")

    def state(self, essence: int, state: int) -> str:
        """The name of a state of an essence; ``--`` for none."""
        if state == NO_STATE:
            return "--"
        born = self._essences.get(essence)
        return self._states.get((born.cls, state), f"state {state}") if born is not None else f"state {state}"

    def _app_began(self, fact: AppBegan) -> None:
        if fact.app != self._app:
            self._app = fact.app
            self._essences.clear()

    def _born(self, fact: Born) -> None:
        self._essences[fact.essence] = fact

    def _class(self, fact: ClassDefined) -> None:
        self._classes[fact.cls] = fact.name

    def _state(self, fact: StateDefined) -> None:
        self._states[fact.cls, fact.index] = fact.name

    def _sparkle(self, fact: SparkleDefined) -> None:
        self._sparkles[fact.sparkle] = fact.name


_TAKERS: Final[dict[type, Callable[[Names, Any], None]]] = {
    AppBegan: Names._app_began,
    Born: Names._born,
    ClassDefined: Names._class,
    StateDefined: Names._state,
    SparkleDefined: Names._sparkle,
}
