"""Who in the ledger has no row by now, because the group it stands in was never unfolded. No Qt.

A group of a hundred thousand then costs what is seen of it: its first rows, and how many there are. What is below somebody
without a row has none either.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Final

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.panels.ledger.arrangement import SERVICES, Key

ROWS_UNASKED: Final = 200
"""So many of a group have rows before it was ever unfolded."""


class Folded:
    """The essences without a row and their places, of one `LedgerModel`."""

    def __init__(self, rows_unasked: int = ROWS_UNASKED) -> None:
        self._rows_unasked = rows_unasked
        self._places: dict[int, Key] = {}
        self._groups: dict[Key, set[int]] = {}
        self._unfolded: set[Key] = set()

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, essence: object) -> bool:
        return essence in self._places

    def place(self, essence: int) -> Key | None:
        """Where it would stand; None when it is not folded."""
        return self._places.get(essence)

    def within(self, key: Key) -> Collection[int]:
        """Those that stand right in a group."""
        return self._groups.get(key, ())

    def takes(self, key: Key, rows: int) -> bool:
        """Whether one more that comes into a group with so many rows gets none."""
        return rows >= self._rows_unasked and key != SERVICES and key not in self._unfolded

    def put(self, essence: int, place: Key) -> None:
        """It gets no row by now."""
        self._places[essence] = place
        if not isinstance(place, int):
            self._groups.setdefault(place, set()).add(essence)

    def put_all(self, essences: Collection[int], group: Key) -> None:
        """The same for many that stand right in a group."""
        self._places.update(dict.fromkeys(essences, group))
        self._groups.setdefault(group, set()).update(essences)

    def let_out(self, essence: int) -> bool:
        """It gets a row, or goes. Returns whether it was folded till now."""
        place = self._places.pop(essence, None)
        group = self._groups.get(place) if place is not None else None
        if group is not None and place is not None:
            group.discard(essence)
            if not group:
                del self._groups[place]
        return place is not None

    def unfold(self, key: Key, known: Knowledge, has_row: Callable[[int], bool]) -> set[int]:
        """A group is unfolded from now on: gives who is in it and below that, and is folded."""
        self._unfolded.add(key)
        found = set(self._groups.get(key, ()))
        if found and len(self._places) > sum(map(len, self._groups.values())):
            for essence in list(found):
                found.update(self.below(known, essence, has_row))
        return found

    def below(self, known: Knowledge, essence: int, has_row: Callable[[int], bool]) -> Iterator[int]:
        """Who is folded and stands below an essence, at once or below what has no row of its own kind."""
        pending, seen = known.essences.children(essence), {essence}
        while pending:
            each = pending.pop()
            if each not in seen and not has_row(each):
                seen.add(each)
                pending += known.essences.children(each)
                if each in self._places:
                    yield each
