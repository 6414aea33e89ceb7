"""Facts that somebody asks for long after they happened, as columns: what was dropped, refused, stopped, held, asked to end.

The rest of `Knowledge` says how things are; for a question such as "why did that timer never fire" it matters how they came to
be so. A row takes some forty bytes, and a question looks at a column of all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import IntEnum
from itertools import chain
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic import events
from tasktonic_studio.session.columns import Column, ColumnStore
from tasktonic_studio.session.timeline import Table, Texts

HAPPENING_COLUMNS: Final = {
    "n": np.int64,
    "t_ns": np.int64,
    "kind": np.uint8,
    "essence": np.int32,
    "word": np.int32,
    "more": np.int64,
    "value": np.int64,
    "run": np.int64,
}


class Happening(IntEnum):
    """What happened, and what the columns hold then. `essence` is whom it is about, `run` the run in which it was."""

    DROPPED = 1
    """`word` the reason, `value` the order's number (0: not known), `more` the sparkle."""
    UNMOVED = 2
    """`value` the state."""
    REFUSED = 3
    """`word` the state by name, `more` the reason as a word."""
    TIMER_SET = 4
    """`word` what it calls, `value` when it is due, `more` its period."""
    TIMER_FIRED = 5
    TIMER_STOPPED = 6
    """`value` what was left."""
    UNCHANGED = 7
    """Of a store: `word` the path."""
    SILENCED = 8
    """Of a store: `word` the path, `value` who listens, `more` what would have been called, as a word."""
    QUIET = 9
    """Of a store: `word` the path."""
    BORN = 10
    """`value` its context."""
    FINISHING = 11
    ENDED = 12
    HELD = 13
    RELEASED = 14
    CATALYST_BEGAN = 15
    CATALYST_ENDED = 16
    OFFLOADED = 18
    """`word` the function, `value` the number of the work."""
    BY_HAND = 19
    """`word` what was done, in words, `more` who did it, as a word."""


class HappeningRow(NamedTuple):
    """One of them; `row` is its index, `n` its event's number, `word` a text."""

    row: int
    n: int
    t_ns: int
    kind: int
    essence: int
    word: str
    more: int
    value: int
    run: int

    @property
    def moment(self) -> int:
        """The number of events after which it has just happened."""
        return self.n + 1


class Happenings(Table[HappeningRow]):
    """The happenings known at a moment."""

    __slots__ = ("words",)

    def __init__(self, store: ColumnStore, words: Texts, count: int = 0) -> None:
        super().__init__(store, count)
        self.words = words

    def fork(self) -> Happenings:
        return Happenings(self._store, self.words, self._count)

    def _row(self, index: int) -> HappeningRow:
        row = self._store.row(index)
        word = self.words.text(row.pop("word"))
        return HappeningRow(row=index, word=word, **row)

    # ---- questions

    def of(self, *kinds: Happening, essence: int | None = None, first_n: int = 0) -> npt.NDArray[np.int64]:
        """Rows of these kinds (about this essence), of events from `first_n` on, ascending."""
        wanted = np.zeros(256, np.bool_)
        wanted[list(kinds)] = True

        def test(columns: dict[str, Column]) -> npt.NDArray[np.bool_]:
            found = wanted[columns["kind"]]
            return found if essence is None else found & (columns["essence"] == essence)

        return self.where(test, self.count_at(first_n))

    def rows_at(self, rows: npt.NDArray[np.int64]) -> list[HappeningRow]:
        """These rows as records."""
        return [self.row(int(row)) for row in rows]

    def last(self, *kinds: Happening, essence: int | None = None, first_n: int = 0) -> HappeningRow | None:
        """The last of these kinds, None for none."""
        found = self.of(*kinds, essence=essence, first_n=first_n)
        return self.row(int(found[-1])) if len(found) else None

    def word_number(self, word: str) -> int:
        """The number under which a word stands in the columns; -1 for one that never came."""
        return self.words.find(word)

    # ---- the fold

    def note(self, facts: Iterable[tuple[int, Any]]) -> None:
        """Take those facts of a stretch that are kept here; only counted when they are there already (the past is looked up)."""
        kept = [(n, fact) for n, fact in facts if type(fact) in KEPT]
        if kept and self._count == self._store.total:
            self._store.append(self._columns_of(kept), len(kept))
        self._count += len(kept)

    def _columns_of(self, kept: list[tuple[int, Any]]) -> dict[str, Column]:
        if {type(fact) for _, fact in kept} == {events.Born}:
            return _columns_of_births(kept)
        number, width = self.words.number, len(HAPPENING_COLUMNS)
        rows = chain.from_iterable((n, *_PACK[type(fact)](fact, number)) for n, fact in kept)
        columns = np.fromiter(rows, np.int64, len(kept) * width).reshape(-1, width).T
        return dict(zip(HAPPENING_COLUMNS, columns, strict=True))


def _columns_of_births(births: list[tuple[int, events.Born]]) -> dict[str, Column]:
    """Births among themselves, as `_PACK` would have them: an app may begin with a hundred thousand."""
    t_ns, essences, _, _, contexts, _, _, _, _, runs = zip(*(event for _, event in births), strict=True)
    kind = np.full(len(births), Happening.BORN, np.int64)
    none = np.zeros(len(births), np.int64)
    numbers = ([n for n, _ in births], t_ns, essences, contexts, runs)
    n, times, ids, values, of_runs = (np.array(column, np.int64) for column in numbers)
    columns = (n, times, kind, ids, none, none, values, of_runs)
    return dict(zip(HAPPENING_COLUMNS, columns, strict=True))


Number = Callable[[str], int]
Packed = tuple[int, int, int, int, int, int, int]
"""t_ns, kind, essence, word, more, value, run."""


def _silenced(event: events.StoreSilenced, number: Number) -> Packed:
    kind = Happening.QUIET if event.reason == "quiet" else Happening.SILENCED
    return (
        event.t_ns, kind, event.store, number(event.path), number(event.callback), event.essence, event.run,
    )  # fmt: skip


_PACK: Final[dict[type, Callable[[Any, Number], Packed]]] = {
    events.Dropped: lambda it, number: (
        it.t_ns,
        Happening.DROPPED,
        it.essence,
        number(it.reason),
        it.sparkle,
        it.order,
        0,
    ),
    events.Unmoved: lambda it, number: (it.t_ns, Happening.UNMOVED, it.essence, 0, 0, it.state, it.run),
    events.StateRefused: lambda it, number: (
        it.t_ns,
        Happening.REFUSED,
        it.essence,
        number(it.state),
        number(it.reason),
        0,
        it.run,
    ),
    events.TimerSet: lambda it, number: (
        it.t_ns,
        Happening.TIMER_SET,
        it.timer,
        number(it.callback),
        it.period_ns,
        it.due_ns,
        it.run,
    ),
    events.TimerFired: lambda it, number: (it.t_ns, Happening.TIMER_FIRED, it.timer, 0, 0, 0, 0),
    events.TimerStopped: lambda it, number: (it.t_ns, Happening.TIMER_STOPPED, it.timer, 0, 0, it.remaining_ns, it.run),
    events.StoreUnchanged: lambda it, number: (
        it.t_ns,
        Happening.UNCHANGED,
        it.store,
        number(it.path),
        0,
        0,
        it.run,
    ),
    events.StoreSilenced: _silenced,
    events.Born: lambda it, number: (it.t_ns, Happening.BORN, it.essence, 0, 0, it.context, it.run),
    events.Finishing: lambda it, number: (it.t_ns, Happening.FINISHING, it.essence, 0, 0, 0, it.run),
    events.Ended: lambda it, number: (it.t_ns, Happening.ENDED, it.essence, 0, 0, 0, it.run),
    events.CatalystHeld: lambda it, number: (
        it.t_ns,
        Happening.HELD if it.held else Happening.RELEASED,
        it.catalyst,
        0,
        0,
        0,
        0,
    ),
    events.CatalystBegan: lambda it, number: (it.t_ns, Happening.CATALYST_BEGAN, it.catalyst, 0, 0, 0, 0),
    events.CatalystEnded: lambda it, number: (it.t_ns, Happening.CATALYST_ENDED, it.catalyst, 0, 0, 0, 0),
    events.WorkOffloaded: lambda it, number: (
        it.t_ns,
        Happening.OFFLOADED,
        it.essence,
        number(it.function),
        0,
        it.work,
        it.run,
    ),
    events.ByHand: lambda it, number: (
        it.t_ns,
        Happening.BY_HAND,
        it.essence,
        number(f"{it.what}: {it.text}" if it.text else it.what),
        number(it.who),
        0,
        0,
    ),
}
KEPT: Final = frozenset(_PACK)
"""The kinds of facts that are kept here."""
