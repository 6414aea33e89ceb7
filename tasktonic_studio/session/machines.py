"""What was seen of the state machines: changes of state per class, by which sparkles, and what ran or was ignored where.

Counts since the present app began, however long ago that is: they are not read out of the tables, which forget. A change
of state is a fact and always counted. Which sparkle asked for it is known from the run with the number that the change
names, which comes later in the stream and may have been lost; such changes are counted without a cause.

All counts come out the same however a stretch is cut into batches (see `folding.py`): a change belongs to the class that its
tonic was first told to be of, and has the first later run with its number as its cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic.events import HOOK, IGNORED
from tasktonic_studio.session.columns import Column
from tasktonic_studio.session.lookup import places_of

MOST_KEYS: Final = 100_000
"""So many different counts are kept of each kind; only a hostile sender has more."""
MOST_WAITING: Final = 4_096
"""So many changes wait for their runs; the runs of those that waited longest were lost."""
MOST_UNPLACED: Final = 1_000

Ints = npt.NDArray[np.int64]

_MANY: Final = 1_024
_FEW_KEYS: Final = 1 << 16


class Move(NamedTuple):
    """A change of state between two states by index; -1 is none."""

    old: int
    new: int


class Cause(NamedTuple):
    """A sparkle that led from one state to another. `chained`: as a further change of the same run."""

    sparkle: int
    old: int
    new: int
    chained: bool


class Cell(NamedTuple):
    """A sparkle that came in a state (by index, -1 for none): ran or was ignored."""

    sparkle: int
    state: int
    ignored: bool


class Machines:
    """The counts. Made by `Knowledge`, begun anew with each app run. Copies share their tables until one of them changes."""

    def __init__(self) -> None:
        self._moves: dict[int, dict[Move, int]] = {}
        self._causes: dict[Cause, int] = {}
        self._cells: dict[Cell, int] = {}
        self._unplaced: dict[int, dict[Move, int]] = {}
        self._waiting = _no_changes()
        self._moves_known = 0
        self._shared = False

    # ---- questions ---------------------------------------------------------------------------------------------

    def moves(self, cls: int) -> dict[Move, int]:
        """How often tonics of a class changed their state, by from and to."""
        return dict(self._moves.get(cls, {}))

    def causes(self, sparkles: set[int]) -> dict[Cause, int]:
        """How often each of these sparkles led from one state to another."""
        return {cause: count for cause, count in self._causes.items() if cause.sparkle in sparkles}

    def cells(self, sparkles: set[int]) -> dict[Cell, int]:
        """How often each of these sparkles came in each state."""
        return {cell: count for cell, count in self._cells.items() if cell.sparkle in sparkles}

    # ---- the fold ----------------------------------------------------------------------------------------------

    def fork(self) -> Machines:
        """The same, to be counted on apart from this one."""
        other = Machines.__new__(Machines)
        other.__dict__.update(self.__dict__)
        self._shared = other._shared = True
        return other

    def _own(self) -> None:
        if self._shared:
            self._moves = {cls: dict(moves) for cls, moves in self._moves.items()}
            self._causes = dict(self._causes)
            self._cells = dict(self._cells)
            self._unplaced = {essence: dict(moves) for essence, moves in self._unplaced.items()}
            self._shared = False

    @property
    def has_unplaced(self) -> bool:
        """Whether changes of state were told of essences of which nobody knew the class."""
        return bool(self._unplaced)

    def born(self, essence: int, cls: int) -> None:
        """It is told of which class an essence is: what it did before that is counted there."""
        if essence in self._unplaced:
            self._own()
            for move, count in self._unplaced.pop(essence).items():
                self._count_move(cls, move, count)

    def ran(self, columns: dict[str, Column]) -> None:
        """Count what ran or was ignored in which state; hooks as well."""
        self._own()
        ignored = (columns["flags"] & IGNORED) != 0
        sparkle, state = columns["sparkle"].astype(np.int64), columns["before"].astype(np.int64)
        # Packed as closely as these states allow: there are few different keys then, and they are quickly counted.
        least, states = int(state.min()), int(state.max()) - int(state.min()) + 1
        key = ((sparkle * states + (state - least)) << 1) | ignored
        for packed, count in _counted(key):
            number, offset = divmod(packed >> 1, states)
            cell = Cell(number, offset + least, bool(packed & 1))
            if cell in self._cells or len(self._cells) < MOST_KEYS:
                self._cells[cell] = self._cells.get(cell, 0) + count

    def moved(self, columns: dict[str, Column], classes: Ints) -> None:
        """Count changes of state; `classes` are those of their tonics, -1 where none was told yet."""
        self._own()
        key = classes.astype(np.int64) << 32
        key |= (columns["old"].astype(np.int64) & 0xFFFF) << 16
        key |= columns["new"].astype(np.int64) & 0xFFFF
        placed = classes >= 0
        for packed, count in _counted(key[placed]):
            self._count_move(packed >> 32, Move(_state(packed >> 16), _state(packed)), count)
        if not placed.all():
            self._put_aside(columns, ~placed)
        asked = columns["run"] > 0
        new = {name: columns[name][asked].astype(np.int64) for name in _WAITING}
        self._waiting = {name: np.concatenate([self._waiting[name], new[name]]) for name in _WAITING}

    def _count_move(self, cls: int, move: Move, count: int) -> None:
        moves = self._moves.setdefault(cls, {})
        if move not in moves:
            if self._moves_known >= MOST_KEYS:
                return
            self._moves_known += 1
        moves[move] = moves.get(move, 0) + count

    def _put_aside(self, columns: dict[str, Column], which: npt.NDArray[np.bool_]) -> None:
        for essence, old, new in zip(*(columns[it][which].tolist() for it in ("essence", "old", "new")), strict=True):
            if essence in self._unplaced or len(self._unplaced) < MOST_UNPLACED:
                moves = self._unplaced.setdefault(essence, {})
                moves[Move(old, new)] = moves.get(Move(old, new), 0) + 1

    @property
    def is_waiting(self) -> bool:
        """Whether some changes wait for their runs."""
        return bool(len(self._waiting["n"]))

    def settle(self, stretches: Callable[[], Iterator[dict[str, Column]]]) -> None:
        """Find the causes of the changes that wait among these runs: those of the stretch that was taken in."""
        wanted = np.sort(self._waiting["run"])
        parts = []
        for columns in stretches():
            number = columns["run"]
            fits = (places_of(number, wanted) >= 0) & ((columns["flags"] & HOOK) == 0)
            parts.append({name: columns[name][fits].astype(np.int64) for name in ("n", "run", "sparkle", "before")})
        parts = [part for part in parts if len(part["n"])]
        if parts:
            self._join({name: np.concatenate([part[name] for part in parts]) for name in parts[0]})
        if len(self._waiting["n"]) > MOST_WAITING:
            self._waiting = {name: column[-MOST_WAITING:] for name, column in self._waiting.items()}

    def _join(self, runs: dict[str, Ints]) -> None:
        """Give each waiting change the first later run with its number."""
        waiting, size = self._waiting, len(self._waiting["n"])
        number = np.concatenate([waiting["run"], runs["run"]])
        order = np.lexsort((np.concatenate([waiting["n"], runs["n"]]), number))
        is_run = order >= size
        # For each place in this order the next place that is a run; past the end for none.
        places = np.where(is_run, np.arange(len(order)), len(order))
        following = np.minimum.accumulate(places[::-1])[::-1]
        changes = np.flatnonzero(~is_run)
        after = following[changes]
        found = after < len(order)
        found[found] = number[order[after[found]]] == number[order[changes[found]]]
        which, run = order[changes[found]], order[after[found]] - size
        old, new = waiting["old"][which], waiting["new"][which]
        chained = old != runs["before"][run]
        self._count_causes(runs["sparkle"][run], old, new, chained)
        left = np.ones(size, bool)
        left[which] = False
        self._waiting = {name: column[left] for name, column in waiting.items()}

    def _count_causes(self, sparkle: Ints, old: Ints, new: Ints, chained: npt.NDArray[np.bool_]) -> None:
        # A number of states and one of sparkles do not fit into 64 bits together with all else: sparkles by their rank.
        sparkles, rank = np.unique(sparkle, return_inverse=True)
        key = (rank.astype(np.int64) << 33) | ((old & 0xFFFF) << 17) | ((new & 0xFFFF) << 1) | chained
        for packed, count in _counted(key):
            cause = Cause(int(sparkles[packed >> 33]), _state(packed >> 17), _state(packed >> 1), bool(packed & 1))
            if cause in self._causes or len(self._causes) < MOST_KEYS:
                self._causes[cause] = self._causes.get(cause, 0) + count


_WAITING: Final = ("n", "run", "old", "new")


def _no_changes() -> dict[str, Any]:
    return {name: np.empty(0, np.int64) for name in _WAITING}


def _counted(keys: Ints) -> Iterator[tuple[int, int]]:
    """Each different key with how often it is there, ascending."""
    least = int(keys.min()) if len(keys) else 0
    if len(keys) > _MANY and int(keys.max()) - least < _FEW_KEYS:
        counted = np.bincount(keys - least)  # no sorting: a fifth of the time
        found = np.flatnonzero(counted)
        return zip((found + least).tolist(), counted[found].tolist(), strict=True)
    different, counts = np.unique(keys, return_counts=True)
    return zip(different.tolist(), counts.tolist(), strict=True)


def _state(packed: int) -> int:
    """A state index out of the lowest sixteen bits."""
    low = packed & 0xFFFF
    return low - 0x10000 if low & 0x8000 else low
