"""Every essence of the present app, alive and finished: who they are, the tree, the services and their users."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic.events import NO_ESSENCE, Born
from tasktonic_studio.session.essence_figures import EssenceFigures

ENDED_KEPT: Final = 50_000
"""So many finished essences stay known; the oldest are forgotten, a thousand at a time."""


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


class Essences:
    """The ledger of the watched app. Made by `Knowledge`; begun anew with each app run.

    Who is who and where is kept here, essence by essence; what changes all the time is kept by `EssenceFigures`, in columns.
    Copies share their tables until one of them changes (`fork`), so a keyframe costs what changes after it.
    """

    def __init__(self) -> None:
        self._identities: dict[int, Identity] = {}
        self._children: dict[int, dict[int, None]] = {}
        self._users: dict[int, dict[int, None]] = {}
        self._services: dict[int, None] = {}
        self._ended: dict[int, None] = {}
        self._parents_to_come: dict[int, None] = {}
        self._figures = EssenceFigures()
        self.alive_count = 0
        self.ended_count = 0
        """Essences that ended since the app began, those forgotten included."""
        self._shared = False

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
        state, sparkles, last_ns, last_sparkle, errors = self._figures.of(essence)
        return EssenceFacts(
            essence,
            known.name,
            known.cls,
            known.context,
            known.catalyst,
            known.service,
            known.log_mode,
            state,
            known.born_ns,
            known.finishing_ns,
            known.ended_ns,
            tuple(self._users.get(essence, ())),
            sparkles,
            last_ns,
            last_sparkle,
            errors,
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
        return self._figures.in_states(cls)

    def classes_of(self, essences: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
        """The class that each of these ids was first told to be of, -1 where none was."""
        return self._figures.classes_of(essences)

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
        return self._figures.rate(essence)

    def rates(self) -> dict[int, float]:
        """The rate of every essence that ran something in about the last second; for views that show many."""
        return self._figures.rates()

    # ---- the fold: facts ---------------------------------------------------------------------------------------

    def fork(self) -> Essences:
        """The same, to be changed apart from this one; tables are copied when one of the two changes them."""
        other = Essences.__new__(Essences)
        other.__dict__.update(self.__dict__)
        self._shared = other._shared = True
        other._figures = self._figures.fork()
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

    def born(self, event: Born, n: int) -> bool:
        """An essence lives, or is stated again; True when it was not known as living before."""
        known = self._identities.get(event.essence)
        again = known is not None and known.ended_ns is None
        if known is not None and known.ended_ns is not None and event.t_ns <= known.ended_ns:
            return False  # a statement from before its end, such as one of a snapshot that was overtaken
        self._own()
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
        self._figures.born(event, n)
        if not again:
            self.alive_count += 1
        return not again

    def born_all(self, births: Sequence[tuple[int, Born]]) -> list[tuple[int, Born]]:
        """The same for many, (number of the event, event) in their order; gives those that were not known as living before.

        Where none of them was known, which is the rule, they are taken a column at a time: in an eighth of the time.
        """
        ids = [event.essence for _, event in births]
        if not ids or len(set(ids)) < len(ids) or not self._identities.keys().isdisjoint(ids):
            return [birth for birth in births if self.born(birth[1], birth[0])]
        self._own()
        t_ns, _, names, classes, contexts, catalysts, services, log_modes, states, _ = zip(
            *(event for _, event in births), strict=True
        )
        never = (None,) * len(ids)
        rows = zip(names, classes, contexts, catalysts, services, log_modes, t_ns, never, never, strict=True)
        self._identities.update(zip(ids, map(Identity._make, rows), strict=True))
        self._link_all(ids, contexts)
        if any(services):
            self._services.update({it: None for it, service in zip(ids, services, strict=True) if service})
        self._figures.born_all(ids, [n for n, _ in births], classes, states)
        self.alive_count += len(ids)
        return list(births)

    def _link_all(self, ids: list[int], contexts: Sequence[int]) -> None:
        """Put each below its context, in their order; all of them are known by now."""
        children, to_come = self._children, self._parents_to_come
        for essence, context in zip(ids, contexts, strict=True):
            siblings = children.get(context)
            if siblings is None:
                siblings = children[context] = {}
            siblings[essence] = None
        if to_come:
            for essence in to_come.keys() & ids:
                del to_come[essence]
        for context in dict.fromkeys(contexts):
            if context != NO_ESSENCE and context not in self._identities:
                to_come[context] = None

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
        self._figures.ended(essence)
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
            self._figures.vacate(essence)
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
        self._figures.raised(essence, len(self._identities))

    # ---- the fold: flow, a whole batch at once -----------------------------------------------------------------

    def advance(self, t_ns: int) -> None:
        """As `EssenceFigures.advance`."""
        self._figures.advance(t_ns)

    def ran(
        self,
        essences: npt.NDArray[Any],
        sparkles: npt.NDArray[Any],
        end_ns: npt.NDArray[Any],
        flags: npt.NDArray[Any],
    ) -> list[int]:
        """Count runs, in stream order; gives the ids that ran. `advance` was called with the latest time."""
        return self._figures.ran(essences, sparkles, end_ns, flags, len(self._identities))

    def moved(self, n: npt.NDArray[Any], essences: npt.NDArray[Any], states: npt.NDArray[Any]) -> list[int]:
        """Take state changes, in stream order; gives the ids that changed."""
        return self._figures.moved(n, essences, states, len(self._identities))
