"""Where the user has been in the sources: the places before each jump, to go back to and forward again. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

MOST: Final = 100


class Spot(NamedTuple):
    """A place: line and column from 1."""

    file: str
    line: int
    column: int


class Been:
    """Made and owned by `Knowing`."""

    def __init__(self) -> None:
        self._before: list[Spot] = []
        self._after: list[Spot] = []

    def jumped(self, start: Spot | None, end: Spot | None) -> None:
        """Somebody jumped from one place to another; one in the same line is no jump."""
        if start is None or end is None or start[:2] == end[:2]:
            return
        self._after.clear()
        self._before.append(start)
        del self._before[:-MOST]

    def back(self, here: Spot | None) -> Spot | None:
        """The place to go back to from here; None when there is none."""
        return _step(self._before, self._after, here)

    def forward(self, here: Spot | None) -> Spot | None:
        """The place that Back came from."""
        return _step(self._after, self._before, here)


def _step(out: list[Spot], into: list[Spot], here: Spot | None) -> Spot | None:
    if not out:
        return None
    if here is not None:
        into.append(here)
    return out.pop()
