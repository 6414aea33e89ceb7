"""Calls: orders with what came of them, as columns. Which of them a chain of causes and effects has, or a stretch of time."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic.events import HOOK, NO_ESSENCE, NO_STATE
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.lookup import places_of

Numbers = npt.NDArray[np.int64]
_NONE: Final[Numbers] = np.empty(0, np.int64)

MOST_CALLS: Final = 100_000
"""So many calls are put into one diagram."""

OUTSIDE: Final = -2
"""Who called when it was no tonic: this less the number of the text that says what (`Knowledge.orders.texts`)."""

FORGET_AT: Final = 262_144
"""With so many hooks in memory those are looked for that mean nothing any more."""
_LAST: Final = int(np.iinfo(np.int64).max)

RAN: Final = 0
WAITING: Final = 1
"""It stands in a queue, or runs at the moment."""
NOT_SEEN: Final = 2
"""It was dropped, or its run was lost."""


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls in the order in which they were made, one array per property.

    `row` in the table of orders, `n` of the event, `order` its number; `sender` an essence or `OUTSIDE` and below, `receiver`
    an essence, `sparkle`; `parent` the index (here) of the call in whose run it was made, -1 for none; `sent_ns`,
    `begin_ns`, `end_ns` (-1 when it has not run), `before`, `after` (states), `flags` of the run; `fate` as above.
    """

    row: Numbers
    n: Numbers
    order: Numbers
    sender: Numbers
    receiver: Numbers
    sparkle: Numbers
    parent: Numbers
    sent_ns: Numbers
    begin_ns: Numbers
    end_ns: Numbers
    before: Numbers
    after: Numbers
    flags: Numbers
    fate: Numbers

    def __len__(self) -> int:
        return len(self.row)

    def only(self, wanted: npt.NDArray[np.bool_]) -> Calls:
        """These of the calls. One whose parent is not among them has none."""
        kept = np.flatnonzero(wanted)
        place = np.full(len(self) + 1, -1, np.int64)
        place[kept] = np.arange(len(kept))
        columns = {it.name: getattr(self, it.name)[kept] for it in fields(self)}
        # A parent of -1 is looked up at the end, where there is none.
        columns["parent"] = place[columns["parent"]]
        return Calls(**columns)

    def index_of(self, order: int) -> int:
        """The index of the call with this number, -1 for none."""
        found = np.flatnonzero(self.order == order)
        return int(found[0]) if len(found) else -1


NO_CALLS: Final = Calls(*[_NONE] * 14)


class Hooks:
    """Which order each hook belongs to: a call that was made in a hook came of that order. Grows; one per app.

    Those that no call in memory was made in are forgotten, now and then.
    """

    def __init__(self) -> None:
        self._in_order = _NONE
        self._numbers = _NONE
        self._orders = _NONE
        self._seen = 0
        self._forgotten = 0
        self._forget_at = FORGET_AT

    def __len__(self) -> int:
        """How many there were, with those that are forgotten."""
        return self._forgotten + len(self._in_order)

    def take(self, known: Knowledge) -> None:
        """Learn of the hooks that ran since the last time."""
        start = max(self._seen, known.runs.first, known.runs.count_at(known.app.first_n))
        new, orders = [], []
        for _, _, columns in known.runs.chunks(start):
            is_hook = (columns["flags"] & HOOK) != 0
            if is_hook.any():
                new.append(columns["run"][is_hook])
                orders.append(columns["order"][is_hook])
        self._seen = max(self._seen, len(known.runs))
        if new:
            self._in_order = np.concatenate([self._in_order, *new])
            self._numbers, self._orders = (
                np.concatenate([old, *parts]) for old, parts in ((self._numbers, new), (self._orders, orders))
            )
            if bool((self._numbers[1:] < self._numbers[:-1]).any()):
                by_number = np.argsort(self._numbers, kind="stable")
                self._numbers, self._orders = self._numbers[by_number], self._orders[by_number]
        if len(self._in_order) > self._forget_at:
            self._forget(known)

    def _forget(self, known: Knowledge) -> None:
        """Forget those before the first run that made an order which is still here."""
        calling = [runs[runs > 0].min(initial=_LAST) for runs in (it["run"] for _, _, it in known.orders.chunks())]
        first = min(calling, default=_LAST)
        kept = self._in_order[self._in_order >= first]
        self._forgotten += len(self._in_order) - len(kept)
        at = int(np.searchsorted(self._numbers, first))
        self._in_order, self._numbers, self._orders = kept, self._numbers[at:].copy(), self._orders[at:].copy()
        self._forget_at = max(FORGET_AT, 2 * len(kept))

    def since(self, count: int) -> Numbers:
        """The numbers of those that came after the first so many."""
        return self._in_order[max(count - self._forgotten, 0) :]

    def orders_of(self, runs: Numbers) -> Numbers:
        """The order that each of these runs came of: the hook's order, else the number itself."""
        if not len(self._numbers):
            return runs
        at = np.minimum(np.searchsorted(self._numbers, runs), len(self._numbers) - 1)
        return np.where(self._numbers[at] == runs, self._orders[at], runs)


@dataclass(frozen=True, slots=True)
class CallsByNow:
    """Calls with what came of them by now. Those of an earlier moment are cut from them, without searching their runs again.

    `runs` is the row of each call's run, -1 for none; `reach` says how far the tables went, and where they began.
    """

    calls: Calls
    runs: Numbers
    reach: tuple[int, int, int, int]

    def covers(self, known: Knowledge) -> bool:
        """Whether a moment lies before now, and nothing was forgotten since."""
        first, orders, first_run, runs = _reach(known)
        return (first, first_run) == self.reach[::2] and orders <= self.reach[1] and runs <= self.reach[3]

    def at(self, known: Knowledge) -> Calls:
        """The calls that were made by a moment, with what had come of them then."""
        count = int(np.searchsorted(self.calls.row, len(known.orders)))
        cut = {it.name: getattr(self.calls, it.name)[:count] for it in fields(Calls)}
        has_run = (self.runs[:count] >= 0) & (self.runs[:count] < len(known.runs))
        for name, nothing in _NOT_RUN.items():
            cut[name] = np.where(has_run, cut[name], nothing)
        # Who caused a call may be told after it.
        cut["parent"] = np.where(cut["parent"] < count, cut["parent"], -1)
        return Calls(**(cut | {"fate": _fates(known, cut["row"], has_run)}))


_NOT_RUN: Final = {"begin_ns": -1, "end_ns": -1, "before": NO_STATE, "after": NO_STATE, "flags": 0}


def _reach(known: Knowledge) -> tuple[int, int, int, int]:
    return known.orders.first, len(known.orders), known.runs.first, len(known.runs)


def calls_of(known: Knowledge, rows: Numbers, hooks: Hooks) -> Calls:
    """The calls in these rows of `known.orders` (ascending; those that are forgotten are left out)."""
    return calls_by_now(known, rows, hooks).calls


def calls_by_now(known: Knowledge, rows: Numbers, hooks: Hooks) -> CallsByNow:
    """The same, with the rows of their runs."""
    rows = rows[(rows >= known.orders.first) & (rows < len(known.orders))]
    if not len(rows):
        return CallsByNow(NO_CALLS, _NONE, _reach(known))
    names = ("n", "order", "essence", "sparkle", "source", "run", "cause", "t_ns")
    orders = {name: column.astype(np.int64) for name, column in known.orders.take(names, rows).items()}
    number = orders["order"]
    by_number = np.argsort(number, kind="stable")
    ran = _runs_of(known, number[by_number], int(orders["n"][0]))
    runs = np.empty(len(rows), np.int64)
    runs[by_number] = ran
    has_run = runs >= 0
    columns = known.runs.take(tuple(_NOT_RUN), runs[has_run])
    of_run = {}
    for name, nothing in _NOT_RUN.items():
        of_run[name] = np.full(len(rows), nothing, np.int64)
        of_run[name][has_run] = columns[name]
    is_outside = (orders["run"] <= 0) | (orders["source"] == NO_ESSENCE)
    sender = np.where(is_outside, OUTSIDE - orders["cause"], orders["source"])
    parent = _places(number, by_number, hooks.orders_of(orders["run"]))
    parent[(orders["run"] <= 0) | (parent == np.arange(len(rows)))] = -1
    calls = Calls(
        rows, orders["n"], number, sender, orders["essence"], orders["sparkle"], parent, orders["t_ns"],
        of_run["begin_ns"], of_run["end_ns"], of_run["before"], of_run["after"], of_run["flags"],
        _fates(known, rows, has_run),
    )  # fmt: skip
    return CallsByNow(calls, runs, _reach(known))


def _fates(known: Knowledge, rows: Numbers, has_run: npt.NDArray[np.bool_]) -> Numbers:
    """What became of the orders in these rows."""
    fate = np.where(has_run, RAN, NOT_SEEN)
    left = np.flatnonzero(~has_run)
    fate[left[np.isin(rows[left], known.waiting.all_rows())]] = WAITING
    return fate


def _places(numbers: Numbers, by_number: Numbers, wanted: Numbers) -> Numbers:
    """The index at which each wanted number stands, -1 for none."""
    placed = numbers[by_number]
    at = np.minimum(np.searchsorted(placed, wanted), len(placed) - 1)
    return np.where(placed[at] == wanted, by_number[at], -1)


def _runs_of(known: Knowledge, numbers: Numbers, first_n: int) -> Numbers:
    """The row of the run of each of these orders (ascending numbers), -1 where none is known."""
    found = np.full(len(numbers), -1, np.int64)
    left = len(numbers)
    start = max(known.runs.first, known.runs.count_at(first_n))
    for base, _, columns in known.runs.chunks(start):
        run = columns["run"]
        near = np.flatnonzero((run >= numbers[0]) & (run <= numbers[-1]))
        if not len(near):
            continue
        at = places_of(run[near], numbers)
        hits = at >= 0
        found[at[hits]] = base + near[hits]
        left -= int(np.count_nonzero(hits))
        if left <= 0:
            break
    return found


def last_calls(known: Knowledge, count: int) -> Numbers:
    """The rows of the last so many calls of the app that is shown."""
    first = max(known.orders.first, known.orders.count_at(known.app.first_n))
    return np.arange(max(first, len(known.orders) - count), len(known.orders), dtype=np.int64)


def calls_between(known: Knowledge, from_ns: int, until_ns: int) -> Numbers:
    """The rows of the calls of the app that is shown that were made between two times (both included)."""
    first = max(known.orders.first, known.orders.count_at(known.app.first_n))
    return known.orders.where(lambda it: (it["t_ns"] >= from_ns) & (it["t_ns"] <= until_ns), first)


def calls_with(known: Knowledge, essences: frozenset[int], start: int, stop: int) -> Numbers:
    """The rows, from `start` to `stop`, of the calls that one of these essences made or got."""
    ids = np.array(sorted(essences), np.int64)
    return known.orders.where(lambda it: np.isin(it["essence"], ids) | np.isin(it["source"], ids), start, stop)
