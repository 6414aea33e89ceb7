"""The watched app's stores: values by path, who wrote them, and what they were before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from tasktonic.events import StoreChanged
from tasktonic_studio.session.columns import RowStore, RowView

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
    """The value at a path now; texts are short descriptions. `history` has its changes, the oldest first."""

    new: str
    old: str
    type: str
    run: int
    source: str
    t_ns: int
    removed: bool
    history: RowView[StoreChange]


class StoreHistories:
    """The changes of every path ever; shared by present and past.

    Each path remembers its last `HISTORY_ROWS`, and fewer when there are so many paths that all together would be more than
    `budget_rows`.
    """

    def __init__(self, budget_rows: int = ALL_HISTORY_ROWS) -> None:
        self._by_path: dict[tuple[int, int, str], RowStore[StoreChange]] = {}
        self._budget_rows = budget_rows
        self._rows = 0

    def of(self, app: int, store: int, path: str) -> RowStore[StoreChange]:
        key = (app, store, path)
        known = self._by_path.get(key)
        if known is None:
            known = self._by_path[key] = RowStore(HISTORY_ROWS, StoreChange._make)
        return known

    def count_row(self) -> None:
        """A row was added to one of the histories."""
        self._rows += 1
        if self._rows > self._budget_rows:
            each = max(self._budget_rows // (2 * len(self._by_path)), 1)
            self._rows = 0
            for history in self._by_path.values():
                history.keep(each)
                self._rows += history.total - history.first


class StoreMirror:
    """store id → path → entry. A removed path keeps its entry, with `removed` set, so that its history can be read.

    Copies share until one changes.
    """

    def __init__(self, histories: StoreHistories, app: int = 0) -> None:
        self._histories = histories
        self._app = app
        self._stores: dict[int, dict[str, StoreEntry]] = {}
        self._owned: set[int] = set()

    def __iter__(self) -> Iterator[int]:
        """Ids of the stores."""
        return iter(self._stores)

    def __len__(self) -> int:
        return len(self._stores)

    def __contains__(self, store: object) -> bool:
        return store in self._stores

    def __getitem__(self, store: int) -> dict[str, StoreEntry]:
        """Entries by path of one store, removed ones too (`entry.removed`); read only."""
        return self._stores[store]

    def paths(self, store: int) -> list[str]:
        """Paths that have a value now, sorted."""
        return sorted(path for path, entry in self._stores.get(store, {}).items() if not entry.removed)

    def get(self, store: int, path: str) -> StoreEntry | None:
        return self._stores.get(store, {}).get(path)

    def fork(self) -> StoreMirror:
        other = StoreMirror(self._histories, self._app)
        other._stores = dict(self._stores)
        self._owned.clear()
        return other

    def changed(self, event: StoreChanged, n: int) -> None:
        entries = self._stores.get(event.store)
        if entries is None:
            entries = self._stores[event.store] = {}
            self._owned.add(event.store)
        elif event.store not in self._owned:
            entries = self._stores[event.store] = dict(entries)
            self._owned.add(event.store)
        known = entries.get(event.path)
        change = (
            n,
            event.t_ns,
            event.old,
            event.new,
            event.type,
            event.removed,
            event.present,
            event.run,
            event.source,
        )
        if known is not None:
            history = known.history.fork()
            if event.present and not known.removed and known.new == event.new:
                return  # a snapshot states what is known already
        else:
            history = RowView(self._histories.of(self._app, event.store, event.path))
        if history.append(change):
            self._histories.count_row()
        entries[event.path] = StoreEntry(
            event.new, event.old, event.type, event.run, event.source, event.t_ns, event.removed, history
        )
