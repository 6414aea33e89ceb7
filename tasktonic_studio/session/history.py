"""The way back: keyframes of what was known, and the facts to fold again from there."""

from __future__ import annotations

import gc
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, Final

from tasktonic import events
from tasktonic.events import code_by_type, type_by_code
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.folding import fold
from tasktonic_studio.session.knowledge import Budget, Knowledge

KEYFRAME_FACTS: Final = 4_096
KEYFRAME_EVENTS: Final = 131_072
"""A keyframe is kept after so many facts or events, whichever comes first: a moment is then at most so far from one."""

_COPIED_PER_FACT: Final = 8
"""What follows a keyframe copies what is known of every tonic. A fact takes longer than copying so many of them."""

CACHED: Final = 4

_FRONTS: Final[dict[type, tuple[int]]] = {kind: (code,) for kind, code in code_by_type.items()}


class History:
    """The journal of all facts of a session, with keyframes. Owned by its `Session`; UI thread.

    Flow is not in the journal: it is in the shared tables, whose column `n` says what was known when.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._numbers: list[int] = []
        self._facts: list[Any] = []
        self._keyframes: list[Knowledge] = []
        self._cache: dict[int, Knowledge] = {}
        self._facts_since = 0
        self.first_n = 0
        """The earliest number of events that can be gone back to."""

    def begin(self, start: Knowledge) -> None:
        """Start with what was known when nothing had happened yet."""
        self._keyframes = [start.fork()]

    def record(self, facts: list[tuple[int, Any]], live: Knowledge) -> None:
        """Remember facts that `live` has just taken; keep a keyframe when it is time for one."""
        self._numbers += [n for n, _ in facts]
        front_of = _FRONTS.get
        # As plain tuples, which cost the garbage collector nothing (see `RowStore`); the code says what each is.
        self._facts += [fact if (front := front_of(type(fact))) is None else front + fact for _, fact in facts]
        self._facts_since += len(facts)
        many = max(KEYFRAME_FACTS, len(live.essences) // _COPIED_PER_FACT)
        if self._facts_since >= many or live.n - self._keyframes[-1].n >= KEYFRAME_EVENTS:
            self._add_keyframe(live)
            self._stay_within_budget(live)
        elif self._oldest_flow(live) > self._keyframes[0].n:
            self._stay_within_budget(live)

    def _add_keyframe(self, live: Knowledge) -> None:
        self._facts_since = 0
        self._keyframes.append(live.fork())

    def _stay_within_budget(self, live: Knowledge) -> None:
        if len(self._keyframes) > self._budget.keyframes:
            # Thin out the older ones: the further back, the longer the way from a keyframe, and nothing is unreachable.
            older = self._keyframes[: -self._budget.keyframes // 4]
            self._keyframes = older[::2] + self._keyframes[-self._budget.keyframes // 4 :]
        surplus = len(self._facts) - self._budget.facts
        oldest = max(self._numbers[surplus] if surplus > 0 else 0, self._oldest_flow(live))
        if oldest > self._keyframes[0].n:
            if oldest > self._keyframes[-1].n:
                self._add_keyframe(live)
            kept = bisect_left(self._keyframes, oldest, key=_number)
            self._keyframes = self._keyframes[kept:]
            self.first_n = self._keyframes[0].n
            gone = bisect_left(self._numbers, self.first_n)
            del self._numbers[:gone]
            del self._facts[:gone]
            self._cache = {n: known for n, known in self._cache.items() if n >= self.first_n}

    @staticmethod
    def _oldest_flow(live: Knowledge) -> int:
        """The number of the oldest event from which on all runs and transitions are still in the tables."""
        oldest = 0
        for table in (live.runs, live.transitions):
            if table.first > 0:
                oldest = max(oldest, table.row(table.first).n)
        return oldest

    def at(self, n: int) -> Knowledge:
        """What was known after the first `n` events; `n` lies between `first_n` and the present."""
        cached = self._cache.pop(n, None)
        if cached is None:
            cached = self._nearest(n).fork()
            self._fold_again(cached, n)
        self._cache[n] = cached
        while len(self._cache) > CACHED:
            del self._cache[next(iter(self._cache))]
        return cached

    def _nearest(self, n: int) -> Knowledge:
        nearest = self._keyframes[bisect_right(self._keyframes, n, key=_number) - 1]
        for known in self._cache.values():
            if nearest.n < known.n <= n:
                nearest = known
        return nearest

    def _fold_again(self, known: Knowledge, n: int) -> None:
        changes = Changes()
        known.store.looks_back = True
        start = bisect_left(self._numbers, known.n)
        stop = bisect_left(self._numbers, n)
        with _uncollected():
            facts = list(zip(self._numbers[start:stop], map(_unpacked, self._facts[start:stop]), strict=True))
            for stretch, until in stretches(facts, n):
                fold(known, stretch, until, changes)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector out for a moment.

    Some thousand records that live for a moment would make it look at all there is, several times over, in the middle of a
    step of the time cursor.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _unpacked(fact: Any) -> Any:
    if type(fact) is not tuple:
        return fact
    kind: Any = type_by_code[fact[0]]
    return kind._make(fact[1:])


def _number(known: Knowledge) -> int:
    return known.n


def stretches(facts: list[tuple[int, Any]], until: int) -> list[tuple[list[tuple[int, Any]], int]]:
    """Cut before each `AppBegan`, as ids mean other things from there on; each with the number of events at its end."""
    cuts = [index for index, (_, fact) in enumerate(facts) if type(fact) is events.AppBegan and index > 0]
    if not cuts and (not facts or type(facts[0][1]) is not events.AppBegan):
        return [(facts, until)]
    if facts and type(facts[0][1]) is events.AppBegan:
        cuts = [0, *cuts]
    edges = [0, *cuts, len(facts)]
    found = []
    for begin, end in pairwise(edges):
        found.append((facts[begin:end], facts[end][0] if end < len(facts) else until))
    return found
