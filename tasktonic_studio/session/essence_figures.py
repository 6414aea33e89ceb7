"""The figures of each essence in columns: its state, how often it ran and when last, and how much it runs per second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tasktonic.events import HOOK, NO_ESSENCE, NO_STATE, Born

UNBORN_KEPT: Final = 100_000
"""So many ids get figures before their birth is told; only a hostile sender has more."""
_MOST_CLASSES: Final = 2**30
_TABLE_IDS: Final = 2**21
"""Slots of ids below this are found in a table; an app that makes more tonics is a little slower to follow."""

BUCKET_NS: Final = 125_000_000
BUCKETS: Final = 8
"""Rates are counted in eight buckets of an eighth of a second."""

_COLUMNS: Final[dict[str, tuple[type[np.integer[Any]], int]]] = {
    "state": (np.int64, NO_STATE),
    "state_n": (np.int64, -1),
    "sparkles": (np.int64, 0),
    "last_ns": (np.int64, 0),
    "last_sparkle": (np.int64, -1),
    "errors": (np.int32, 0),
    "first_cls": (np.int64, 0),
    "living_cls": (np.int64, 0),
}
"""What a column holds, and what it begins with. The two classes are kept as one more than their ids: 0 is none."""


class EssenceFigures:
    """What changes all the time of every essence: a slot an essence, a column a figure, whole batches at once.

    Made and owned by `Essences`, which says who was born and who is forgotten. Copies share their columns until one of them
    changes (`fork`). Figures may come before the birth is told: an essence has a slot from its first figure on.
    """

    def __init__(self) -> None:
        self._slots: dict[int, int] = {}
        # The same as a table by id, -1 where there is none: only of small ids, which those of an app are.
        self._slot_table: npt.NDArray[np.int64] = np.full(64, -1, np.int64)
        self._ids: npt.NDArray[np.int64] = np.full(64, -1, np.int64)
        self._free: list[int] = []
        self._columns: dict[str, npt.NDArray[Any]] = {
            name: np.full(64, begin, dtype) for name, (dtype, begin) in _COLUMNS.items()
        }
        self._counts: npt.NDArray[np.int32] = np.zeros((64, BUCKETS), np.int32)
        self._bucket = 0
        self._t_ns = 0
        self._shared_slots = False
        self._shared_columns = False

    # ---- questions ---------------------------------------------------------------------------------------------

    def of(self, essence: int) -> tuple[int, int, int, int, int]:
        """State, sparkles, last_ns, last_sparkle and errors of an essence that was born, as they are in `EssenceFacts`."""
        slot, columns = self._slots[essence], self._columns
        return (
            int(columns["state"][slot]),
            int(columns["sparkles"][slot]),
            int(columns["last_ns"][slot]),
            int(columns["last_sparkle"][slot]),
            int(columns["errors"][slot]),
        )

    def in_states(self, cls: int) -> dict[int, int]:
        """As `Essences.in_states`."""
        # Slots that are free or of ids that were never born have no living class.
        states, counts = np.unique(self._columns["state"][self._columns["living_cls"] == cls + 1], return_counts=True)
        return dict(zip(states.tolist(), counts.tolist(), strict=True)) if cls >= 0 else {}

    def classes_of(self, essences: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """As `Essences.classes_of`."""
        if not len(essences):
            return np.empty(0, np.int64)
        found = self._known_slots(essences)
        if found is not None:
            return self._columns["first_cls"][found] - 1
        different, inverse = np.unique(essences, return_inverse=True)
        slots = [self._slots.get(essence, -1) for essence in different.tolist()]
        known = [int(self._columns["first_cls"][slot]) - 1 if slot >= 0 else -1 for slot in slots]
        return np.array(known, np.int64)[inverse]

    def rate(self, essence: int) -> float:
        """As `Essences.rate`."""
        slot = self._slots.get(essence)
        if slot is None:
            return 0.0
        return int(self._counts[slot].sum()) / self._rate_seconds()

    def rates(self) -> dict[int, float]:
        """As `Essences.rates`."""
        sums = self._counts.sum(axis=1)
        busy = np.nonzero(sums)[0]
        rates = sums[busy] / self._rate_seconds()
        return dict(zip(self._ids[busy].tolist(), rates.tolist(), strict=True))

    def _rate_seconds(self) -> float:
        return ((BUCKETS - 1) * BUCKET_NS + max(self._t_ns - self._bucket * BUCKET_NS, BUCKET_NS // 8)) / 1e9

    # ---- copies and slots --------------------------------------------------------------------------------------

    def fork(self) -> EssenceFigures:
        """The same, to be changed apart from this one; columns are copied when one of the two changes them."""
        other = EssenceFigures.__new__(EssenceFigures)
        other.__dict__.update(self.__dict__)
        self._shared_slots = other._shared_slots = True
        self._shared_columns = other._shared_columns = True
        return other

    def _own_slots(self) -> None:
        """Which slot is whose changes with births and endings only: between those, copies go on sharing it."""
        if self._shared_slots:
            self._slots = dict(self._slots)
            self._free = list(self._free)
            self._slot_table = self._slot_table.copy()
            self._ids = self._ids.copy()
            self._shared_slots = False

    def _own_columns(self) -> None:
        if self._shared_columns:
            self._columns = {name: column.copy() for name, column in self._columns.items()}
            self._counts = self._counts.copy()
            self._shared_columns = False

    def _slot(self, essence: int) -> int:
        """Where the figures of an essence are; made on first use."""
        slot = self._slots.get(essence)
        if slot is None:
            self._own_slots()
            self._own_columns()
            slot = self._free.pop() if self._free else len(self._slots)
            if slot >= len(self._counts):
                self._grow()
            self._slots[essence] = slot
            self._ids[slot] = essence
            if 0 <= essence < _TABLE_IDS:
                self._make_table_reach(essence)
                self._slot_table[essence] = slot
        return slot

    def _new_slots(self, essences: list[int]) -> npt.NDArray[np.int64]:
        """As `_slot` for each of these, which are all different."""
        self._own_slots()
        slots, free = self._slots, self._free
        if not free and slots.keys().isdisjoint(essences):
            begin = len(slots)
            places = np.arange(begin, begin + len(essences))
            slots.update(zip(essences, range(begin, begin + len(essences)), strict=True))
        else:
            found = []
            for essence in essences:
                slot = slots.get(essence)
                if slot is None:
                    slot = slots[essence] = free.pop() if free else len(slots)
                found.append(slot)
            places = np.array(found, np.int64)
        ids = np.array(essences, np.int64)
        most = int(places.max())
        if most >= len(self._counts):
            self._own_columns()
            while most >= len(self._counts):
                self._grow()
        self._ids[places] = ids
        is_small = (ids >= 0) & (ids < _TABLE_IDS)
        if is_small.any():
            small = ids[is_small]
            self._make_table_reach(int(small.max()))
            self._slot_table[small] = places[is_small]
        return places

    def _make_table_reach(self, essence: int) -> None:
        lacks = essence + 1 - len(self._slot_table)
        if lacks > 0:
            more = np.full(max(lacks, len(self._slot_table)), -1, np.int64)
            self._slot_table = np.concatenate([self._slot_table, more])

    def _grow(self) -> None:
        more = len(self._counts)
        self._columns = {
            name: np.concatenate([column, np.full(more, _COLUMNS[name][1], column.dtype)])
            for name, column in self._columns.items()
        }
        self._counts = np.concatenate([self._counts, np.zeros((more, BUCKETS), np.int32)])
        self._ids = np.concatenate([self._ids, np.full(more, -1, np.int64)])

    def _slots_of(self, essences: npt.NDArray[Any], born: int) -> tuple[npt.NDArray[np.int64], list[int]]:
        """The slot of each of these ids, and the different ids. -1 once too many ids were never born."""
        slots = self._known_slots(essences)
        if slots is None:
            different, inverse = np.unique(essences, return_inverse=True)
            ids: list[int] = different.tolist()
            is_full = self._is_full(born)
            found = [self._slots.get(essence, -1) if is_full else self._slot(essence) for essence in ids]
            return np.array(found, np.int64)[inverse], ids
        busy = np.flatnonzero(np.bincount(slots, minlength=1))
        return slots, self._ids[busy].tolist()

    def _is_full(self, born: int) -> bool:
        """Whether ids that were never born have slots enough. `born` is how many are known by their birth; all have one."""
        return len(self._slots) - born > UNBORN_KEPT

    def _known_slots(self, essences: npt.NDArray[Any]) -> npt.NDArray[np.int64] | None:
        """The slots of these ids, when all have one and are small: the rule, and without sorting them."""
        if int(essences.min()) < 0 or int(essences.max()) >= len(self._slot_table):
            return None
        # numpy takes four times as long where numbers that say a place are of another type.
        slots = self._slot_table[essences.astype(np.intp, copy=False)]
        return slots if int(slots.min()) >= 0 else None

    # ---- the fold: facts ---------------------------------------------------------------------------------------

    def born(self, event: Born, n: int) -> None:
        """An essence lives, or is stated again: its class, and its state if none is known from a later event than `n`."""
        slot = self._slot(event.essence)
        self._own_columns()
        columns = self._columns
        if n > columns["state_n"][slot]:
            columns["state"][slot] = event.state
            columns["state_n"][slot] = n
        numbered = min(max(event.cls, -1), _MOST_CLASSES) + 1
        columns["living_cls"][slot] = numbered
        if not columns["first_cls"][slot]:
            columns["first_cls"][slot] = numbered

    def born_all(
        self, essences: list[int], numbers: Sequence[int], classes: Sequence[int], states: Sequence[int]
    ) -> None:
        """The same for at least one of them, each essence once; of each the number of its event, its class and its state."""
        slots = self._new_slots(essences)
        self._own_columns()
        columns = self._columns
        n, state = np.array(numbers, np.int64), np.array(states, np.int64)
        newer = n > columns["state_n"][slots]
        columns["state"][slots[newer]] = state[newer]
        columns["state_n"][slots[newer]] = n[newer]
        numbered = np.clip(np.array(classes, np.int64), -1, _MOST_CLASSES) + 1
        columns["living_cls"][slots] = numbered
        first = columns["first_cls"][slots] == 0
        columns["first_cls"][slots[first]] = numbered[first]

    def ended(self, essence: int) -> None:
        """An essence that was born has finished: it is in no state of a living class any more."""
        self._own_columns()
        self._columns["living_cls"][self._slots[essence]] = 0

    def vacate(self, essence: int) -> None:
        """Nobody asks for the figures of an essence any more: its slot is as new for another one."""
        self._own_slots()
        self._own_columns()
        slot = self._slots.pop(essence)
        for name, (_, begin) in _COLUMNS.items():
            self._columns[name][slot] = begin
        self._counts[slot] = 0
        self._free.append(slot)
        if 0 <= essence < _TABLE_IDS:
            self._slot_table[essence] = -1

    def raised(self, essence: int, born: int) -> None:
        """An error was raised in an essence, if in one. `born` as for `ran`."""
        if essence != NO_ESSENCE and (essence in self._slots or not self._is_full(born)):
            slot = self._slot(essence)
            self._own_columns()
            self._columns["errors"][slot] += 1

    # ---- the fold: flow, a whole batch at once -----------------------------------------------------------------

    def advance(self, t_ns: int) -> None:
        """The time of the app is at least this now: buckets of the rate that are over a second old begin anew."""
        if t_ns <= self._t_ns:
            return
        bucket = t_ns // BUCKET_NS
        if bucket > self._bucket:
            self._own_columns()
            if bucket - self._bucket >= BUCKETS:
                self._counts[:] = 0
            else:
                for passed in range(self._bucket + 1, bucket + 1):
                    self._counts[:, passed % BUCKETS] = 0
            self._bucket = bucket
        self._t_ns = t_ns

    def ran(
        self,
        essences: npt.NDArray[Any],
        sparkles: npt.NDArray[Any],
        end_ns: npt.NDArray[Any],
        flags: npt.NDArray[Any],
        born: int,
    ) -> list[int]:
        """Count runs, in stream order; gives the ids that ran. `advance` was called with the latest time.

        `born` is how many essences are known by their birth: of the others only so many get figures.
        """
        counted = (flags & HOOK) == 0
        if not counted.all():
            essences, sparkles, end_ns = essences[counted], sparkles[counted], end_ns[counted]
        if not len(essences):
            return []
        self._own_columns()
        slots, ids = self._slots_of(essences, born)
        if slots.min() < 0:
            known = slots >= 0
            sparkles, end_ns, slots = sparkles[known], end_ns[known], slots[known]
        columns = self._columns
        size = len(self._counts)
        columns["sparkles"] += np.bincount(slots, minlength=size)
        # With a repeated index the last value stays, and rows are in stream order: the last run of each.
        columns["last_ns"][slots] = end_ns
        columns["last_sparkle"][slots] = sparkles
        recent = end_ns >= (self._bucket - BUCKETS + 1) * BUCKET_NS
        if not recent.all():
            slots, end_ns = slots[recent], end_ns[recent]
        flat = slots * BUCKETS + end_ns // BUCKET_NS % BUCKETS
        self._counts += np.bincount(flat, minlength=size * BUCKETS).reshape(size, BUCKETS).astype(np.int32)
        return ids

    def moved(self, n: npt.NDArray[Any], essences: npt.NDArray[Any], states: npt.NDArray[Any], born: int) -> list[int]:
        """Take state changes, in stream order; gives the ids that changed. `born` as for `ran`."""
        if not len(n):
            return []
        self._own_columns()
        slots, ids = self._slots_of(essences, born)
        columns = self._columns
        newer = (slots >= 0) & (n > columns["state_n"][np.maximum(slots, 0)])
        columns["state"][slots[newer]] = states[newer]
        columns["state_n"][slots[newer]] = n[newer]
        return ids
