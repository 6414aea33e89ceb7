"""The pending timers of one catalyst: a heap, so starting, firing and stopping cost the logarithm of how many there are."""

from __future__ import annotations

import heapq
import itertools
from typing import Any


class TimerHeap:
    """Due times with what is due. Only its catalyst's thread touches it.

    Stopping marks an entry; marked ones are left where they are until they come up, or until they are the majority, so
    that neither stopping nor a pile of stopped timers costs a scan each.
    """

    __slots__ = ("_dead", "_heap", "_serial")

    def __init__(self) -> None:
        self._heap: list[list[Any]] = []
        self._serial = itertools.count().__next__
        self._dead = 0

    def __len__(self) -> int:
        return len(self._heap) - self._dead

    def add(self, due_ns: int, what: object) -> list[Any]:
        """Enter something; the entry returned is what ``remove`` takes."""
        entry = [due_ns, self._serial(), what]
        heapq.heappush(self._heap, entry)
        return entry

    def remove(self, entry: list[Any]) -> None:
        """Take an entry out before it is due. Harmless afterwards."""
        if entry[2] is None:
            return
        entry[2] = None
        self._dead += 1
        if self._dead > 64 and self._dead * 2 > len(self._heap):
            self._heap = [e for e in self._heap if e[2] is not None]
            heapq.heapify(self._heap)
            self._dead = 0

    def next_due_ns(self) -> int | None:
        """When the earliest is due; ``None`` when nothing is pending."""
        heap = self._heap
        while heap and heap[0][2] is None:
            heapq.heappop(heap)
            self._dead -= 1
        return heap[0][0] if heap else None

    def pop_due(self, now_ns: int) -> Any:
        """Take out what is due, the earliest first; ``None`` when nothing is."""
        due_ns = self.next_due_ns()
        if due_ns is None or due_ns > now_ns:
            return None
        entry = heapq.heappop(self._heap)
        what, entry[2] = entry[2], None
        return what

    def shift(self, by_ns: int) -> None:
        """Move every pending time: what was held does not burst afterwards.

        What goes by the wall clock (it has a true ``follows_wall``) stays where it is: no brake holds the wall clock.
        """
        for entry in self._heap:
            if not getattr(entry[2], "follows_wall", False):
                entry[0] += by_ns
        heapq.heapify(self._heap)
