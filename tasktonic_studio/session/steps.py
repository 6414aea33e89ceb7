"""Steps of the time cursor: the run before and after, and the change before and after, of whatever is selected.

Where a moment is in a table is a binary search, as events are numbered in order. From there the tables are looked through
in stretches that grow, so that a neighbour nearby costs next to nothing, and a tonic that slept through ten million runs
costs one comparison of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session.columns import Column, RowView
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.store_mirror import StoreChange
from tasktonic_studio.session.timeline import RunRow, Table

FIRST_STRETCH: Final = 256
LONGEST_STRETCH: Final = 65_536
MOST_PATHS: Final = 20_000
"""A branch of a store with more paths than this is stepped through by the first of them: a step has to feel at once."""

Test = Callable[[dict[str, Column]], npt.NDArray[np.bool_]]


class Step(NamedTuple):
    """Where a step leads: to the moment after so many events, with this selected."""

    moment: int
    thing: Thing


def whole_app(session: Session, shown: Knowledge) -> Knowledge:
    """What is known of the shown app in all: now, or when the next app began. Ids mean other things from there on."""
    live = session.live
    if not shown.app.has_begun or shown.app.first_n == live.app.first_n:
        return live
    after = next(app for app in (*live.apps, live.app) if app.first_n > shown.app.first_n)
    return session.at(after.first_n)


# ---- rows ------------------------------------------------------------------------------------------------------


def last_row(table: Table[Any], test: Test, start: int, stop: int) -> int:
    """The last row from `start` to before `stop` for which `test` (columns to booleans) holds, -1 for none."""
    start, width = max(start, table.first), FIRST_STRETCH
    while stop > start:
        low = max(stop - width, start)
        for base, _, columns in reversed(list(table.chunks(low, stop))):
            hits = np.flatnonzero(test(columns))
            if hits.size:
                return base + int(hits[-1])
        stop, width = low, min(width * 4, LONGEST_STRETCH)
    return -1


def first_row(table: Table[Any], test: Test, start: int, stop: int) -> int:
    """The first row from `start` to before `stop` for which `test` holds, -1 for none."""
    start, width = max(start, table.first), FIRST_STRETCH
    while start < stop:
        high = min(start + width, stop)
        for base, _, columns in table.chunks(start, high):
            hits = np.flatnonzero(test(columns))
            if hits.size:
                return base + int(hits[0])
        start, width = high, min(width * 4, LONGEST_STRETCH)
    return -1


def is_value(name: str, value: int) -> Test:
    """A test for rows that have this value in a column."""
    return lambda columns: columns[name] == value


def _anything(columns: dict[str, Column]) -> npt.NDArray[np.bool_]:
    return np.ones(len(columns["n"]), np.bool_)


def run_beside(whole: Knowledge, column: str, value: int, n: int, steps: int) -> RunRow | None:
    """The run that ended next after (1) or last before (-1) event `n`, of this `catalyst` or `essence`; of all with -1."""
    runs = whole.runs
    test = is_value(column, value) if value >= 0 else _anything
    begin = runs.count_at(whole.app.first_n)
    if steps < 0:
        row = last_row(runs, test, begin, runs.count_at(n))
    else:
        row = first_row(runs, test, max(runs.count_at(n + 1), begin), len(runs))
    return runs.row(row) if row >= 0 else None


# ---- changes ---------------------------------------------------------------------------------------------------


class _Rows(NamedTuple):
    """Changes of a thing as rows of a table that pass a test."""

    table: Table[Any]
    test: Test
    start: int

    def before(self, n: int) -> int:
        row = last_row(self.table, self.test, self.start, self.table.count_at(n))
        return self._n(row)

    def after(self, n: int) -> int:
        row = first_row(self.table, self.test, max(self.table.count_at(n + 1), self.start), len(self.table))
        return self._n(row)

    def _n(self, row: int) -> int:
        return int(self.table.column("n", row, row + 1)[0]) if row >= 0 else -1


class _Written(NamedTuple):
    """Changes of a store path: its history."""

    history: RowView[StoreChange]

    def before(self, n: int) -> int:
        at = self._place(n)
        return self.history[at - 1].n if at > self.history.first else -1

    def after(self, n: int) -> int:
        at = self._place(n + 1)
        return self.history[at].n if at < len(self.history) else -1

    def _place(self, n: int) -> int:
        """The first change that is event `n` or later."""
        low, high = self.history.first, len(self.history)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.history[middle].n < n else (low, middle)
        return low


class _Known(NamedTuple):
    """Changes at events whose numbers are known."""

    numbers: tuple[int, ...]

    def before(self, n: int) -> int:
        return max((number for number in self.numbers if number < n), default=-1)

    def after(self, n: int) -> int:
        return min((number for number in self.numbers if number > n), default=-1)


Changed = _Rows | _Written | _Known


def changes_of(whole: Knowledge, thing: Thing) -> list[Changed]:
    """Where the changes of a thing are; nothing for what does not change.

    Runs and new states of an essence or class, writes of a store path, ways into and out of a state, the putting and the
    running of an order.
    """
    key = thing.key
    if thing.kind == "store" and isinstance(key, tuple):
        return [_Written(entry.history) for entry in _entries(whole, int(key[0]), str(key[1]))]
    if thing.kind == "state" and isinstance(key, tuple):
        return [_Rows(whole.transitions, _through_state(_of_class(whole, int(key[0])), int(key[1])), _begin(whole))]
    if thing.kind == "order" and isinstance(key, int):
        order = whole.order_of(key)
        ran = whole.runs.find("order", key, whole.runs.count_at(whole.app.first_n))
        put = () if order is None else (order.n,)
        return [_Known((*put, *(whole.runs.row(int(row)).n for row in ran)))]
    if not isinstance(key, int):
        return []
    if thing.kind == "catalyst":
        return [_Rows(whole.runs, is_value("catalyst", key), whole.runs.count_at(whole.app.first_n))]
    if thing.kind == "essence":
        return _of_essences(whole, is_value("essence", key))
    if thing.kind == "class":
        return _of_essences(whole, _among(_of_class(whole, key)))
    return []


def change_beside(changed: Iterable[Changed], n: int, steps: int) -> int:
    """The number of the event with the next (1) change after event `n`, or the last (-1) before it; -1 for none."""
    if steps < 0:
        return max((each.before(n) for each in changed), default=-1)
    return min((found for each in changed if (found := each.after(n)) >= 0), default=-1)


def _begin(whole: Knowledge) -> int:
    return whole.transitions.count_at(whole.app.first_n)


def _of_essences(whole: Knowledge, test: Test) -> list[Changed]:
    runs, first_n = whole.runs, whole.app.first_n
    return [_Rows(runs, test, runs.count_at(first_n)), _Rows(whole.transitions, test, _begin(whole))]


def _of_class(whole: Knowledge, cls: int) -> npt.NDArray[np.int64]:
    """The essences of a class, ended ones too."""
    facts = (whole.essences.get(essence) for essence in whole.essences)
    return np.array([each.id for each in facts if each is not None and each.cls == cls], np.int64)


def _among(essences: npt.NDArray[np.int64]) -> Test:
    return lambda columns: np.isin(columns["essence"], essences)


def _through_state(essences: npt.NDArray[np.int64], state: int) -> Test:
    is_of_class = _among(essences)
    return lambda columns: ((columns["old"] == state) | (columns["new"] == state)) & is_of_class(columns)


def _entries(whole: Knowledge, store: int, path: str) -> list[Any]:
    """The entries of a path and, when it has none of its own, of what is below it."""
    entry = whole.store.get(store, path)
    if entry is not None:
        return [entry]
    below = islice(_paths_below(whole, store, path), MOST_PATHS)
    return [entry for each in below if (entry := whole.store.get(store, each)) is not None]


def _paths_below(whole: Knowledge, store: int, path: str) -> Iterable[str]:
    waiting = [path]
    while waiting:
        children = whole.store.below(store, waiting.pop())
        yield from children
        waiting.extend(reversed(children))
