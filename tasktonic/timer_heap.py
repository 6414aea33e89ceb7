"""The pending timers of one catalyst: a heap, so starting, firing and stopping cost the logarithm of how many there are."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator
from typing import Any, Final

_SERIAL_BITS: Final = 48
"""How much of a key tells those apart that are due at the same moment; enough for three years at a million a second."""


class TimerHeap:
    """Due times with what is due. Only its catalyst's thread touches it.

    The heap is of plain numbers, the due time above a serial number: comparing two of them costs a third of comparing two
    records, and what is due at the same time comes out in the order in which it went in. What each number stands for is in
    ``pending``. Stopping takes it out of there only; its number is left where it is until it comes up, or until such numbers
    are the majority, so that neither stopping nor a pile of stopped timers costs a scan each.
    """

    __slots__ = ("_keys", "_serial", "_shifted_ns", "pending")

    def __init__(self) -> None:
        self.pending: dict[int, Any] = {}
        """What is pending by its key."""
        self._keys: list[int] = []
        self._serial = itertools.count().__next__
        self._shifted_ns = 0
        """How far all have been moved: their keys say when they would have been due without that."""

    def __len__(self) -> int:
        return len(self.pending)

    def add(self, due_ns: int, what: object) -> int:
        """Enter something; the key returned is what ``remove`` takes. No key is given twice."""
        key = (due_ns - self._shifted_ns) << _SERIAL_BITS | self._serial()
        self.pending[key] = what
        heapq.heappush(self._keys, key)
        return key

    def due_ns(self, key: int) -> int:
        """When that is due, or was."""
        return (key >> _SERIAL_BITS) + self._shifted_ns

    def remove(self, key: int) -> None:
        """Take something out before it is due. Harmless afterwards."""
        pending = self.pending
        if pending.pop(key, None) is not None and len(self._keys) > 2 * len(pending) + 64:
            self._keys[:] = pending  # the same list: something may be on its way through it
            heapq.heapify(self._keys)

    def next_due_ns(self) -> int | None:
        """When the earliest is due; ``None`` when nothing is pending."""
        keys = self._keys
        while keys and keys[0] not in self.pending:
            heapq.heappop(keys)
        return self.due_ns(keys[0]) if keys else None

    def is_due(self, now_ns: int) -> bool:
        """Whether ``take_due`` may find something: a timer that was cancelled looks due as well."""
        keys = self._keys
        return bool(keys) and keys[0] < (now_ns - self._shifted_ns + 1) << _SERIAL_BITS

    def take_due(self, now_ns: int) -> Iterator[Any]:
        """Take out what is due, the earliest first, one at each step: what is removed in between does not come any more.

        Nor does what is entered in between, even if it is due at once: it waits for the next time, so that timers which set
        one another cannot keep all else from running, however coarse the clock is, or virtual.
        """
        keys = self._keys
        take = self.pending.pop
        first_later = (now_ns - self._shifted_ns) << _SERIAL_BITS | self._serial()
        while keys and keys[0] < first_later:
            what = take(heapq.heappop(keys), None)
            if what is not None:
                yield what

    def shift(self, by_ns: int) -> None:
        """Move every pending time: what was held does not burst afterwards.

        What goes by the wall clock (it has a true ``follows_wall``) stays where it is: no brake holds the wall clock. It is
        entered anew, and told its new key (``re_entered``).
        """
        staying = [(key, what) for key, what in self.pending.items() if getattr(what, "follows_wall", False)]
        due = [self.due_ns(key) for key, _ in staying]
        self._shifted_ns += by_ns
        for (key, what), due_ns in zip(staying, due, strict=True):
            del self.pending[key]
            what.re_entered(self.add(due_ns, what))
