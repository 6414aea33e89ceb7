"""Marks: moments that a person wants to find again, in the numbers of the session. They are kept in the run's file elsewhere."""

from __future__ import annotations

import time
import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tasktonic.trace.marks import MAX_NOTE, MOST_MARKS, MOST_TEXT, Mark, latest
from tasktonic_studio.watchers import Watchers

_MOST_STRETCHES: Final = 100_000


class Numbering:
    """Which number an event of the stream has in the session. UI thread.

    The session counts everything that came, also what was told besides the stream, and begins with zero; the stream counts its
    events from the begin of the process. The difference changes where something else came between.
    """

    def __init__(self) -> None:
        self._numbers: list[int] = []
        self._events: list[int] = []
        self._next = 0

    def note(self, n: int, first: int, count: int) -> None:
        """A block has come: its event `first` has the number `n` here, and so on."""
        if not self._numbers or n - self._numbers[-1] != first - self._events[-1]:
            if len(self._numbers) >= _MOST_STRETCHES:
                # Less exact in the far past: a mark may be some events off then.
                del self._numbers[1::2], self._events[1::2]
            self._numbers.append(n)
            self._events.append(first)
        self._next = max(self._next, first + count)

    def event_at(self, n: int) -> int:
        """The number in the stream of the first event that had not come at moment `n`."""
        at = bisect_right(self._numbers, n) - 1
        if at < 0:
            return self._events[0] if self._events else 0
        until = self._events[at + 1] if at + 1 < len(self._events) else self._next
        return min(self._events[at] + n - self._numbers[at], until)

    def moment_before(self, event: int) -> int:
        """The moment at which this event of the stream had not come, and all before it had."""
        at = bisect_right(self._events, event) - 1
        if at < 0:
            return self._numbers[0] if self._numbers else 0
        n = self._numbers[at] + event - self._events[at]
        return min(n, self._numbers[at + 1]) if at + 1 < len(self._numbers) else n


class Marks:
    """The marks of what is watched. Owned by its `Session`, made anew with each target; tells those who watch. UI thread.

    `all` has them in the order of time.
    """

    def __init__(self) -> None:
        self.all: Sequence[Mark] = ()
        self.numbering = Numbering()
        self._changed: dict[str, Mark] = {}
        self._watchers = Watchers[[]]()

    def begin(self) -> None:
        """Another target is watched: it has no marks, until its file says so."""
        self.numbering = Numbering()
        self._changed.clear()
        if self.all:
            self.all = ()
            self._tell()

    def read(self, marks: Iterable[Mark]) -> None:
        """Take over what a file has."""
        self.all = latest([*self.all, *marks])
        self._tell()

    def moment(self, mark: Mark) -> int:
        """The moment of a mark, as a number of events."""
        return self.numbering.moment_before(mark.event)

    def find(self, mark_id: str) -> Mark | None:
        """The mark of this id, None when there is none (any more)."""
        return next((mark for mark in self.all if mark.id == mark_id), None)

    def at(self, n: int) -> Mark | None:
        """The mark at exactly this moment; the latest of several."""
        event = self.numbering.event_at(n)
        return next((mark for mark in reversed(self.all) if mark.event == event), None)

    def beside(self, n: int, steps: int) -> Mark | None:
        """The next mark (1) or the one before (-1), seen from a moment."""
        moments = [self.moment(mark) for mark in self.all]
        index = bisect_right(moments, n) if steps > 0 else bisect_left(moments, n) - 1
        return self.all[index] if 0 <= index < len(self.all) else None

    def room(self, mark_id: str) -> int:
        """How many characters the note of a mark may have: a file takes only so many in all."""
        others = sum(len(mark.note) for mark in self.all if mark.id != mark_id)
        return max(min(MAX_NOTE, MOST_TEXT - others), 0)

    def add(self, n: int, t_ns: int, note: str = "") -> Mark | None:
        """Mark a moment; None when there are too many already."""
        if len(self.all) >= MOST_MARKS:
            return None
        note = note[: self.room("")]
        mark = Mark(uuid.uuid4().hex, self.numbering.event_at(n), max(t_ns, 0), note, time.time_ns())
        self._put(mark)
        return mark

    def write(self, mark_id: str, note: str) -> None:
        """Change the note of a mark; nothing when it is gone or has that note."""
        mark, note = self.find(mark_id), note[: self.room(mark_id)]
        if mark is not None and mark.note != note:
            self._put(mark._replace(note=note))

    def remove(self, mark_id: str) -> None:
        """Take a mark away."""
        mark = self.find(mark_id)
        if mark is not None:
            self._put(mark._replace(gone=True))

    def take_changed(self) -> list[Mark]:
        """What has changed since the last time, to be kept in a file; what is gone says so."""
        changed, self._changed = list(self._changed.values()), {}
        return changed

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after every change, until the returned function is called."""
        return self._watchers.add(callback)

    def _put(self, mark: Mark) -> None:
        self._changed[mark.id] = mark
        self.all = latest([*self.all, mark])
        self._tell()

    def _tell(self) -> None:
        self._watchers.tell()
