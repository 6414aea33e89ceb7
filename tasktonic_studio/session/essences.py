"""Every essence of the present app, alive and finished: the tree, the services and their users, and live figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic.events import HOOK, NO_ESSENCE, NO_STATE, Born

ENDED_KEPT: Final = 50_000
"""So many finished essences stay known; the oldest are forgotten, a thousand at a time."""
UNBORN_KEPT: Final = 100_000
"""So many ids get figures before their birth is told; only a hostile sender has more."""
_MOST_CLASSES: Final = 2**30
_TABLE_IDS: Final = 2**21
"""Slots of ids below this are found in a table; an app that makes more tonics is a little slower to follow."""

BUCKET_NS: Final = 125_000_000
BUCKETS: Final = 8
"""Rates are counted in eight buckets of an eighth of a second."""


class EssenceFacts(NamedTuple):
    """What is known of one essence at one moment; immutable, so ask `Essences.get` again after a change.

    `context` and `catalyst` are -1 for none, `state` is an index, -1 for none. `born_ns` is 0 when the birth was not seen,
    `last_ns` 0 and `last_sparkle` -1 while nothing ran, `finishing_ns` and `ended_ns` None until then. `sparkles` counts runs
    without hooks as far as they were seen, `users` are the ids that use this service.
    """

    id: int
    name: str
    cls: int
    context: int
    catalyst: int
    service: str
    log_mode: int
    state: int
    born_ns: int
    finishing_ns: int | None
    ended_ns: int | None
    users: tuple[int, ...]
    sparkles: int
    last_ns: int
    last_sparkle: int
    errors: int

    @property
    def is_alive(self) -> bool:
        return self.ended_ns is None

    @property
    def life(self) -> str:
        """`alive`, `finishing` or `finished`."""
        return _life(self.finishing_ns, self.ended_ns)


class Identity(NamedTuple):
    """What seldom changes of an essence: the part of `EssenceFacts` that is there without being put together."""

    name: str
    cls: int
    context: int
    catalyst: int
    service: str
    log_mode: int
    born_ns: int
    finishing_ns: int | None
    ended_ns: int | None

    @property
    def is_alive(self) -> bool:
        return self.ended_ns is None

    @property
    def life(self) -> str:
        """As of `EssenceFacts`."""
        return _life(self.finishing_ns, self.ended_ns)


def _life(finishing_ns: int | None, ended_ns: int | None) -> str:
    if ended_ns is not None:
        return "finished"
    return "alive" if finishing_ns is None else "finishing"


_FIGURES: Final[dict[str, tuple[type[np.integer[Any]], int]]] = {
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


class Essences:
    """The ledger of the watched app. Made by `Knowledge`; begun anew with each app run.

    Copies share their tables until one of them changes (`fork`), so a keyframe costs what changes after it.
    """

    def __init__(self) -> None:
        self._identities: dict[int, Identity] = {}
        self._children: dict[int, dict[int, None]] = {}
        self._users: dict[int, dict[int, None]] = {}
        self._services: dict[int, None] = {}
        self._ended: dict[int, None] = {}
        self._parents_to_come: dict[int, None] = {}
        self._slots: dict[int, int] = {}
        # The same as a table by id, -1 where there is none: only of small ids, which those of an app are.
        self._slot_table: npt.NDArray[np.int64] = np.full(64, -1, np.int64)
        self._ids: npt.NDArray[np.int64] = np.full(64, -1, np.int64)
        self._free: list[int] = []
        self._figures: dict[str, npt.NDArray[Any]] = {
            name: np.full(64, begin, dtype) for name, (dtype, begin) in _FIGURES.items()
        }
        self._counts: npt.NDArray[np.int32] = np.zeros((64, BUCKETS), np.int32)
        self._bucket = 0
        self._t_ns = 0
        self.alive_count = 0
        self.ended_count = 0
        """Essences that ended since the app began, those forgotten included."""
        self._shared = False
        self._shared_slots = False
        self._shared_figures = False

    # ---- questions ---------------------------------------------------------------------------------------------

    def __contains__(self, essence: object) -> bool:
        return essence in self._identities

    def __len__(self) -> int:
        return len(self._identities)

    def __iter__(self) -> Iterator[int]:
        """Ids of all that are known, alive or finished, in order of birth as told."""
        return iter(self._identities)

    def get(self, essence: int) -> EssenceFacts | None:
        """All that is known of an essence, None for an unknown or forgotten id."""
        known = self._identities.get(essence)
        if known is None:
            return None
        slot = self._slots[essence]
        figures = self._figures
        return EssenceFacts(
            essence,
            known.name,
            known.cls,
            known.context,
            known.catalyst,
            known.service,
            known.log_mode,
            int(figures["state"][slot]),
            known.born_ns,
            known.finishing_ns,
            known.ended_ns,
            tuple(self._users.get(essence, ())),
            int(figures["sparkles"][slot]),
            int(figures["last_ns"][slot]),
            int(figures["last_sparkle"][slot]),
            int(figures["errors"][slot]),
        )

    def identity(self, essence: int) -> Identity | None:
        """Who an essence is, None for an unknown or forgotten id. Costs a fifth of `get`: for what is asked at every event."""
        return self._identities.get(essence)

    def name(self, essence: int) -> str:
        """The name of an essence; `essence 7` for one that is not known, empty for -1."""
        known = self._identities.get(essence)
        if known is not None:
            return known.name
        return "" if essence == NO_ESSENCE else f"essence {essence}"

    def children(self, essence: int) -> list[int]:
        """Ids whose context is `essence`, alive and finished, in order of birth; with -1 the roots."""
        if essence == NO_ESSENCE:
            return self.roots
        return list(self._children.get(essence, ()))

    @property
    def roots(self) -> list[int]:
        """Ids on the top level, and those whose context is not known (yet, or any more)."""
        found = list(self._children.get(NO_ESSENCE, ()))
        for parent in self._parents_to_come:
            found.extend(self._children.get(parent, ()))
        return found

    @property
    def services(self) -> list[int]:
        """Ids of the services, alive and finished."""
        return list(self._services)

    @property
    def ended(self) -> Sequence[int]:
        """Ids of the finished ones that are still known, the oldest first."""
        return list(self._ended)

    def in_states(self, cls: int) -> dict[int, int]:
        """How many living tonics of a class are in each state, by index; -1 for none. At once also for ten thousand."""
        # Slots that are free or of ids that were never born have no living class.
        states, counts = np.unique(self._figures["state"][self._figures["living_cls"] == cls + 1], return_counts=True)
        return dict(zip(states.tolist(), counts.tolist(), strict=True)) if cls >= 0 else {}

    def classes_of(self, essences: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """The class that each of these ids was first told to be of, -1 where none was."""
        if not len(essences):
            return np.empty(0, np.int64)
        found = self._known_slots(essences)
        if found is not None:
            return self._figures["first_cls"][found] - 1
        different, inverse = np.unique(essences, return_inverse=True)
        slots = [self._slots.get(essence, -1) for essence in different.tolist()]
        known = [int(self._figures["first_cls"][slot]) - 1 if slot >= 0 else -1 for slot in slots]
        return np.array(known, np.int64)[inverse]

    def unlike(self, other: Essences) -> set[int]:
        """Ids that are known at one of two moments only, or otherwise at the other: born, finished, renamed between them.

        Figures and states are not looked at. Quick where the two are of one app: what did not change is the same object.
        """
        mine, theirs = self._identities, other._identities
        if mine is theirs:
            return set()
        found = {essence for essence, known in mine.items() if theirs.get(essence) is not known}
        return found | (theirs.keys() - mine.keys())

    def path(self, essence: int) -> list[int]:
        """The contexts of an essence from the top level down, itself last; stops at an unknown one, never circles."""
        found: list[int] = []
        seen: set[int] = set()
        while (known := self._identities.get(essence)) is not None and essence not in seen:
            seen.add(essence)
            found.append(essence)
            essence = known.context
        return found[::-1]

    def rate(self, essence: int) -> float:
        """Sparkles per second over about the last second before the last event."""
        slot = self._slots.get(essence)
        if slot is None:
            return 0.0
        return int(self._counts[slot].sum()) / self._rate_seconds()

    def rates(self) -> dict[int, float]:
        """The rate of every essence that ran something in about the last second; for views that show many."""
        sums = self._counts.sum(axis=1)
        busy = np.nonzero(sums)[0]
        rates = sums[busy] / self._rate_seconds()
        return dict(zip(self._ids[busy].tolist(), rates.tolist(), strict=True))

    def _rate_seconds(self) -> float:
        return ((BUCKETS - 1) * BUCKET_NS + max(self._t_ns - self._bucket * BUCKET_NS, BUCKET_NS // 8)) / 1e9

    # ---- the fold: facts ---------------------------------------------------------------------------------------

    def fork(self) -> Essences:
        """The same, to be changed apart from this one; tables are copied when one of the two changes them."""
        other = Essences.__new__(Essences)
        other.__dict__.update(self.__dict__)
        self._shared = other._shared = True
        self._shared_slots = other._shared_slots = True
        self._shared_figures = other._shared_figures = True
        return other

    def _own(self) -> None:
        if self._shared:
            self._identities = dict(self._identities)
            self._children = {parent: dict(children) for parent, children in self._children.items()}
            self._users = {service: dict(users) for service, users in self._users.items()}
            self._services = dict(self._services)
            self._ended = dict(self._ended)
            self._parents_to_come = dict(self._parents_to_come)
            self._shared = False

    def _own_slots(self) -> None:
        """Which slot is whose changes with births and endings only: between those, copies go on sharing it."""
        if self._shared_slots:
            self._slots = dict(self._slots)
            self._free = list(self._free)
            self._slot_table = self._slot_table.copy()
            self._ids = self._ids.copy()
            self._shared_slots = False

    def _own_figures(self) -> None:
        if self._shared_figures:
            self._figures = {name: column.copy() for name, column in self._figures.items()}
            self._counts = self._counts.copy()
            self._shared_figures = False

    def _slot(self, essence: int) -> int:
        """Where the figures of an essence are; made on first use, as figures may come before the birth is told."""
        slot = self._slots.get(essence)
        if slot is None:
            self._own_slots()
            self._own_figures()
            slot = self._free.pop() if self._free else len(self._slots)
            if slot >= len(self._counts):
                self._grow()
            self._slots[essence] = slot
            self._ids[slot] = essence
            if 0 <= essence < _TABLE_IDS:
                if essence >= len(self._slot_table):
                    more = np.full(max(essence + 1 - len(self._slot_table), len(self._slot_table)), -1, np.int64)
                    self._slot_table = np.concatenate([self._slot_table, more])
                self._slot_table[essence] = slot
        return slot

    def _vacate(self, essence: int) -> None:
        """Nobody asks for the figures of an essence any more: its slot is as new for another one."""
        self._own_slots()
        self._own_figures()
        slot = self._slots.pop(essence)
        for name, (_, begin) in _FIGURES.items():
            self._figures[name][slot] = begin
        self._counts[slot] = 0
        self._free.append(slot)
        if 0 <= essence < _TABLE_IDS:
            self._slot_table[essence] = -1

    def _grow(self) -> None:
        more = len(self._counts)
        self._figures = {
            name: np.concatenate([column, np.full(more, _FIGURES[name][1], column.dtype)])
            for name, column in self._figures.items()
        }
        self._counts = np.concatenate([self._counts, np.zeros((more, BUCKETS), np.int32)])
        self._ids = np.concatenate([self._ids, np.full(more, -1, np.int64)])

    def born(self, event: Born, n: int) -> bool:
        """An essence lives, or is stated again; True when it was not known as living before."""
        known = self._identities.get(event.essence)
        again = known is not None and known.ended_ns is None
        if known is not None and known.ended_ns is not None and event.t_ns <= known.ended_ns:
            return False  # a statement from before its end, such as one of a snapshot that was overtaken
        self._own()
        slot = self._slot(event.essence)
        self._own_figures()
        identity = Identity(
            event.name,
            event.cls,
            event.context,
            event.catalyst,
            event.service,
            event.log_mode,
            event.t_ns or (known.born_ns if known is not None and again else 0),
            known.finishing_ns if known is not None and again else None,
            None,
        )
        if known is not None and known.context != event.context:
            self._unlink(event.essence, known.context)
        self._identities[event.essence] = identity
        self._ended.pop(event.essence, None)
        self._children.setdefault(event.context, {})[event.essence] = None
        self._parents_to_come.pop(event.essence, None)
        if event.context != NO_ESSENCE and event.context not in self._identities:
            self._parents_to_come[event.context] = None
        if event.service:
            self._services[event.essence] = None
        figures = self._figures
        if n > figures["state_n"][slot]:
            figures["state"][slot] = event.state
            figures["state_n"][slot] = n
        numbered = min(max(event.cls, -1), _MOST_CLASSES) + 1
        figures["living_cls"][slot] = numbered
        if not figures["first_cls"][slot]:
            figures["first_cls"][slot] = numbered
        if not again:
            self.alive_count += 1
        return not again

    def born_all(self, births: Sequence[tuple[int, Born]]) -> list[tuple[int, Born]]:
        """The same for many, (number of the event, event) in their order; gives those that were not known as living before.

        For ten thousand it takes a third of the time: figures are set all at once.
        """
        self._own()
        new: list[tuple[int, Born]] = []
        fresh: list[tuple[int, Born]] = []
        identities, children = self._identities, self._children
        for birth in births:
            n, event = birth
            t_ns, essence, name, cls, context, catalyst, service, log_mode, _, _ = event
            if essence in identities:
                self._settle(fresh)
                fresh = []
                if self.born(event, n):
                    new.append(birth)
                continue
            identities[essence] = Identity(name, cls, context, catalyst, service, log_mode, t_ns, None, None)
            siblings = children.get(context)
            if siblings is None:
                siblings = children[context] = {}
            siblings[essence] = None
            if essence in self._parents_to_come:
                del self._parents_to_come[essence]
            if context != NO_ESSENCE and context not in identities:
                self._parents_to_come[context] = None
            if service:
                self._services[essence] = None
            fresh.append(birth)
            new.append(birth)
        self._settle(fresh)
        return new

    def _settle(self, births: list[tuple[int, Born]]) -> None:
        """Set the figures of essences that are known since just now, each of them once."""
        if not births:
            return
        slots = self._new_slots([event.essence for _, event in births])
        self._own_figures()
        figures = self._figures
        numbers = np.array([n for n, _ in births], np.int64)
        states = np.array([event.state for _, event in births], np.int64)
        newer = numbers > figures["state_n"][slots]
        figures["state"][slots[newer]] = states[newer]
        figures["state_n"][slots[newer]] = numbers[newer]
        classes = np.clip(np.array([event.cls for _, event in births], np.int64), -1, _MOST_CLASSES) + 1
        figures["living_cls"][slots] = classes
        first = figures["first_cls"][slots] == 0
        figures["first_cls"][slots[first]] = classes[first]
        self.alive_count += len(births)

    def _new_slots(self, essences: list[int]) -> npt.NDArray[np.int64]:
        """As `_slot` for each of these, which are all different."""
        self._own_slots()
        slots, free = self._slots, self._free
        found = []
        for essence in essences:
            slot = slots.get(essence)
            if slot is None:
                slot = slots[essence] = free.pop() if free else len(slots)
            found.append(slot)
        places, ids = np.array(found, np.int64), np.array(essences, np.int64)
        most = int(places.max())
        if most >= len(self._counts):
            self._own_figures()
            while most >= len(self._counts):
                self._grow()
        self._ids[places] = ids
        small = (ids >= 0) & (ids < _TABLE_IDS)
        self._note_slots(ids[small], places[small])
        return places

    def _note_slots(self, ids: npt.NDArray[np.int64], places: npt.NDArray[np.int64]) -> None:
        """Put slots of small ids into the table."""
        if not len(ids):
            return
        lacks = int(ids.max()) + 1 - len(self._slot_table)
        if lacks > 0:
            more = np.full(max(lacks, len(self._slot_table)), -1, np.int64)
            self._slot_table = np.concatenate([self._slot_table, more])
        self._slot_table[ids] = places

    def _unlink(self, essence: int, context: int) -> None:
        siblings = self._children.get(context)
        if siblings is not None:
            siblings.pop(essence, None)
            if not siblings:
                del self._children[context]
                self._parents_to_come.pop(context, None)

    def finishing(self, essence: int, t_ns: int) -> None:
        known = self._identities.get(essence)
        if known is not None and known.finishing_ns is None:
            self._own()
            self._identities[essence] = known._replace(finishing_ns=t_ns)

    def end(self, essence: int, t_ns: int) -> list[int]:
        """An essence has finished; gives the ids that are forgotten now."""
        known = self._identities.get(essence)
        if known is None or known.ended_ns is not None:
            return []
        self._own()
        self._identities[essence] = known._replace(ended_ns=t_ns)
        self._own_figures()
        self._figures["living_cls"][self._slots[essence]] = 0
        self._ended[essence] = None
        self.alive_count -= 1
        self.ended_count += 1
        if len(self._ended) > ENDED_KEPT + 1000:
            return self._forget(len(self._ended) - ENDED_KEPT)
        return []

    def _forget(self, count: int) -> list[int]:
        gone = [essence for essence, _ in zip(self._ended, range(count), strict=False)]
        # A new dict: one whose front is eaten away gets slow to look at.
        forgotten = set(gone)
        self._ended = {essence: None for essence in self._ended if essence not in forgotten}
        for essence in gone:
            self._unlink(essence, self._identities.pop(essence).context)
            if essence in self._children:
                self._parents_to_come[essence] = None
            self._users.pop(essence, None)
            self._services.pop(essence, None)
            self._vacate(essence)
        return gone

    def used(self, service: int, user: int, joined: bool) -> None:
        self._own()
        if joined:
            self._users.setdefault(service, {})[user] = None
        elif service in self._users:
            self._users[service].pop(user, None)

    def log_mode(self, essence: int, log_mode: int) -> None:
        known = self._identities.get(essence)
        if known is not None:
            self._own()
            self._identities[essence] = known._replace(log_mode=log_mode)

    def raised(self, essence: int) -> None:
        if essence != NO_ESSENCE:
            slot = self._slot(essence)
            self._own_figures()
            self._figures["errors"][slot] += 1

    # ---- the fold: flow, a whole batch at once -------------------------------------------------------------------

    def advance(self, t_ns: int) -> None:
        """The time of the app is at least this now: buckets of the rate that are over a second old begin anew."""
        if t_ns <= self._t_ns:
            return
        bucket = t_ns // BUCKET_NS
        if bucket > self._bucket:
            self._own_figures()
            if bucket - self._bucket >= BUCKETS:
                self._counts[:] = 0
            else:
                for passed in range(self._bucket + 1, bucket + 1):
                    self._counts[:, passed % BUCKETS] = 0
            self._bucket = bucket
        self._t_ns = t_ns

    def _slots_of(self, essences: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], list[int]]:
        """The slot of each of these ids, and the different ids. -1 once too many ids were never born."""
        slots = self._known_slots(essences)
        if slots is None:
            different, inverse = np.unique(essences, return_inverse=True)
            ids: list[int] = different.tolist()
            full = len(self._slots) - len(self._identities) > UNBORN_KEPT
            found = [self._slots.get(essence, -1) if full else self._slot(essence) for essence in ids]
            return np.array(found, np.int64)[inverse], ids
        busy = np.flatnonzero(np.bincount(slots, minlength=1))
        return slots, self._ids[busy].tolist()

    def _known_slots(self, essences: npt.NDArray[Any]) -> npt.NDArray[np.int64] | None:
        """The slots of these ids, when all have one and are small: the rule, and without sorting them."""
        if int(essences.min()) < 0 or int(essences.max()) >= len(self._slot_table):
            return None
        slots = self._slot_table[essences]
        return slots if int(slots.min()) >= 0 else None

    def ran(
        self,
        essences: npt.NDArray[Any],
        sparkles: npt.NDArray[Any],
        end_ns: npt.NDArray[Any],
        flags: npt.NDArray[Any],
    ) -> list[int]:
        """Count runs, in stream order; gives the ids that ran. `advance` was called with the latest time."""
        counted = (flags & HOOK) == 0
        if not counted.all():
            essences, sparkles, end_ns = essences[counted], sparkles[counted], end_ns[counted]
        if not len(essences):
            return []
        self._own_figures()
        slots, ids = self._slots_of(essences)
        if slots.min() < 0:
            known = slots >= 0
            sparkles, end_ns, slots = sparkles[known], end_ns[known], slots[known]
        figures = self._figures
        size = len(self._counts)
        figures["sparkles"] += np.bincount(slots, minlength=size)
        # With a repeated index the last value stays, and rows are in stream order: the last run of each.
        figures["last_ns"][slots] = end_ns
        figures["last_sparkle"][slots] = sparkles
        buckets = end_ns // BUCKET_NS
        recent = buckets > self._bucket - BUCKETS
        flat = slots[recent] * BUCKETS + buckets[recent] % BUCKETS
        self._counts += np.bincount(flat, minlength=size * BUCKETS).reshape(size, BUCKETS).astype(np.int32)
        return ids

    def moved(self, n: npt.NDArray[Any], essences: npt.NDArray[Any], states: npt.NDArray[Any]) -> list[int]:
        """Take state changes, in stream order; gives the ids that changed."""
        if not len(n):
            return []
        self._own_figures()
        slots, ids = self._slots_of(essences)
        figures = self._figures
        newer = (slots >= 0) & (n > figures["state_n"][np.maximum(slots, 0)])
        figures["state"][slots[newer]] = states[newer]
        figures["state_n"][slots[newer]] = n[newer]
        return ids
