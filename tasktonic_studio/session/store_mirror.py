"""The watched app's stores: values by path, who wrote them, and what they were before.

Which paths there are below a path is known as well: `StoreShape` has all that ever were, and each mirror counts the values
that are there at its moment, so that a view can show a hundred thousand paths while it looks at those on screen only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final, NamedTuple

from tasktonic.events import StoreChanged
from tasktonic_studio.session.columns import RowStore, RowView
from tasktonic_studio.session.layers import Layers

HISTORY_ROWS: Final = 2_000
"""So many changes are remembered per path."""
ALL_HISTORY_ROWS: Final = 400_000
"""And so many of all paths together."""


class StoreChange(NamedTuple):
    """One change of one path; `n` is its event's number. `present` values were there when the Studio came."""

    n: int
    t_ns: int
    old: str
    new: str
    type: str
    removed: bool
    present: bool
    run: int
    source: str


class StoreEntry(NamedTuple):
    """The value at a path now; texts are short descriptions. It is the result of so many `changes`."""

    new: str
    old: str
    type: str
    run: int
    source: str
    t_ns: int
    removed: bool
    changes: int
    known_by: tuple[StoreHistories, int, int, str]

    @property
    def history(self) -> RowView[StoreChange]:
        """The changes of the path up to this one, the oldest first."""
        histories, app, store, path = self.known_by
        return RowView(histories.of(app, store, path), self.changes)


_REMOVED: Final = 6
_CHANGES: Final = 7

LEVELS: Final = 24
"""Deeper paths hang below the 24th level with all the rest of their name: nobody unfolds five hundred levels."""


def above(path: str) -> str:
    """The path that one stands below in the tree; '' for the first level. Not to be asked of ''."""
    if path.count("/") < LEVELS:
        return path.rpartition("/")[0]
    return path[: -len(path.split("/", LEVELS)[-1]) - 1]


class StoreShape:
    """Which paths ever were below which, in the order they came; only grows, so present and past share it.

    A path between (`house` of `house/lamp`) is there as well. `LEVELS` deep at most.
    """

    __slots__ = ("_below", "_ordinals")

    def __init__(self) -> None:
        self._below: dict[str, list[str]] = {}
        self._ordinals: dict[str, int] = {"": 0}

    def below(self, path: str) -> list[str]:
        """The paths right below one; read only."""
        return self._below.get(path, _NONE)

    def add(self, path: str) -> None:
        while path not in self._ordinals:
            parent = above(path)
            siblings = self._below.setdefault(parent, [])
            self._ordinals[path] = len(siblings)
            siblings.append(path)
            path = parent

    def ordinal(self, path: str) -> int:
        """As the how-manieth below its parent it came, from 0; 0 for one that never was."""
        return self._ordinals.get(path, 0)


_NONE: Final[list[str]] = []


class StoreHistories:
    """The changes of every path ever, and the shape of every store; shared by present and past.

    Each path remembers its last `HISTORY_ROWS`, and fewer when there are so many paths that all together would be more than
    `budget_rows`.
    """

    def __init__(self, budget_rows: int = ALL_HISTORY_ROWS) -> None:
        # By app and store, then by path. Most paths of a large store are written once: their one row is kept as it is, without a
        # table around it.
        self._by_store: dict[tuple[int, int], dict[str, _History]] = {}
        self._shapes: dict[tuple[int, int], StoreShape] = {}
        self._budget_rows = budget_rows
        self._rows = 0

    def of(self, app: int, store: int, path: str) -> RowStore[StoreChange]:
        paths = self._paths(app, store)
        known = paths.get(path)
        if isinstance(known, RowStore):
            return known
        found = paths[path] = RowStore(HISTORY_ROWS, StoreChange._make)
        if known is not None:
            found.append(known)
        return found

    def add(self, app: int, store: int, path: str, known: int, change: tuple[Any, ...]) -> None:
        """Remember a change of a path of which `known` changes were known before; nothing when this one is known too."""
        paths = self._by_store.get((app, store)) or self._paths(app, store)
        history = paths.get(path)
        if history is None:
            if known:
                return
            paths[path] = change
        else:
            if isinstance(history, tuple):
                if known != 1:
                    return
                history = self.of(app, store, path)
            if not history.take(known, change):
                return
        self._rows += 1
        if self._rows > self._budget_rows:
            self._forget()

    def shape(self, app: int, store: int) -> StoreShape:
        key = (app, store)
        known = self._shapes.get(key)
        if known is None:
            known = self._shapes[key] = StoreShape()
        return known

    def _paths(self, app: int, store: int) -> dict[str, _History]:
        key = (app, store)
        known = self._by_store.get(key)
        if known is None:
            known = self._by_store[key] = {}
        return known

    def _forget(self) -> None:
        """Half of the rows are kept, of each history as many."""
        histories = list(chain.from_iterable(paths.values() for paths in self._by_store.values()))
        each = max(self._budget_rows // (2 * len(histories)), 1)
        self._rows = 0
        for history in histories:
            if isinstance(history, RowStore):
                history.keep(each)
                self._rows += history.total - history.first
            else:
                self._rows += 1


_History = RowStore[StoreChange] | tuple[Any, ...]
_Packed = tuple[str, str, str, int, str, int, bool, int]
"""The fields of a `StoreEntry`, and how many changes its history had: a plain tuple, as in `RowStore` and for its reason."""


class StoreEntries(Mapping[str, StoreEntry]):
    """The entries of one store at a moment, by path, removed ones too; read only."""

    __slots__ = ("_app", "_histories", "_packed", "_store")

    def __init__(self, packed: Layers[str, _Packed], histories: StoreHistories, app: int, store: int) -> None:
        self._packed = packed
        self._histories = histories
        self._app = app
        self._store = store

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __getitem__(self, path: str) -> StoreEntry:
        packed = self._packed.get(path)
        if packed is None:
            raise KeyError(path)
        return StoreEntry(*packed, (self._histories, self._app, self._store, path))


class StoreMirror:
    """store id → path → entry. A removed path keeps its entry, with `removed` set, so that its history can be read.

    Copies share what neither has changed since.
    """

    def __init__(self, histories: StoreHistories, app: int = 0) -> None:
        self._histories = histories
        self._app = app
        self._stores: dict[int, Layers[str, _Packed]] = {}
        self._counts: dict[int, Layers[str, int]] = {}
        """How many values there are below a path, by store."""
        self.looks_back = False
        """A moment of the past is made: all that its changes tell is in the histories already. Copies do the same."""

    def __iter__(self) -> Iterator[int]:
        """Ids of the stores."""
        return iter(self._stores)

    def __len__(self) -> int:
        return len(self._stores)

    def __contains__(self, store: object) -> bool:
        return store in self._stores

    def __getitem__(self, store: int) -> StoreEntries:
        """Entries by path of one store, removed ones too (`entry.removed`)."""
        return StoreEntries(self._stores[store], self._histories, self._app, store)

    def paths(self, store: int) -> list[str]:
        """Paths that have a value now, sorted."""
        entries = self._stores.get(store)
        return sorted(path for path in entries or () if self._has_value(store, path))

    def get(self, store: int, path: str) -> StoreEntry | None:
        return self[store].get(path) if store in self._stores else None

    def below(self, store: int, path: str) -> list[str]:
        """The paths right below one that ever were there, in the order they came; read only. '' is the store itself."""
        return self._histories.shape(self._app, store).below(path)

    def ordinal(self, store: int, path: str) -> int:
        """As the how-manieth below its parent a path came, from 0: the same for as long as the app runs."""
        return self._histories.shape(self._app, store).ordinal(path)

    def values_below(self, store: int, path: str) -> int:
        """How many paths below this one have a value now, all levels together."""
        counts = self._counts.get(store)
        return (counts.get(path) or 0) if counts is not None else 0

    def is_there(self, store: int, path: str) -> bool:
        """Whether the path has a value now, or something below it has."""
        return self._has_value(store, path) or self.values_below(store, path) > 0

    def _has_value(self, store: int, path: str) -> bool:
        entries = self._stores.get(store)
        packed = entries.get(path) if entries is not None else None
        return packed is not None and not packed[_REMOVED]

    def fork(self) -> StoreMirror:
        other = StoreMirror(self._histories, self._app)
        other._stores = {store: entries.fork() for store, entries in self._stores.items()}
        other._counts = {store: counts.fork() for store, counts in self._counts.items()}
        other.looks_back = self.looks_back
        return other

    def of_next_app(self, histories: StoreHistories, app: int) -> StoreMirror:
        """An empty one for the app that begins after this one."""
        other = StoreMirror(histories, app)
        other.looks_back = self.looks_back
        return other

    def changed_all(self, stored: Iterable[tuple[int, StoreChanged]]) -> Iterator[int]:
        """Take changes with the numbers of their events, one each time: how many its path has had by then."""
        app, histories, is_kept = self._app, self._histories, not self.looks_back
        entries, whose = Layers[str, _Packed](), None
        for n, (t_ns, store, path, old, new, type_, removed, present, run, source) in stored:
            if store != whose:
                entries, whose = self._stores.setdefault(store, Layers()), store
            known = entries.get(path)
            before, was_there = (known[_CHANGES], not known[_REMOVED]) if known is not None else (0, False)
            if present and was_there and known is not None and known[0] == new:
                yield before  # a snapshot states what is known already
                continue
            if is_kept:
                if not before:
                    histories.shape(app, store).add(path)
                histories.add(app, store, path, before, (n, t_ns, old, new, type_, removed, present, run, source))
            if was_there == removed and path:
                self._count(store, path, -1 if removed else 1)
            entries.put(path, (new, old, type_, run, source, t_ns, removed, before + 1), known is None)
            yield before + 1

    def _count(self, store: int, path: str, by: int) -> None:
        """A value came or went: count it for all that is above it."""
        counts = self._counts.setdefault(store, Layers())
        while path:
            path = above(path)
            before = counts.get(path)
            counts.put(path, (before or 0) + by, before is None)
