"""A trace as JSON in the trace-event format, which ``ui.perfetto.dev`` and ``chrome://tracing`` open.

A track per catalyst with its runs, arrows from where a sparkle was called to where it ran, a counter of waiting orders per
catalyst, a span for each piece of offloaded work while it runs, and marks for errors, log lines and changes of states and
stores. Times are microseconds since the first event.
A counter shows the first, the most and the last of each millisecond: more could not be told apart on a screen.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final

from tasktonic.events import (
    ERROR,
    HOOK,
    IGNORED,
    AppBegan,
    Beat,
    Dropped,
    Gap,
    LogLine,
    Ordered,
    Raised,
    Ran,
    StateChanged,
    StoreChanged,
    WorkBegan,
    WorkEnded,
)
from tasktonic.trace.naming import Names
from tasktonic.trace.reader import TraceReader
from tasktonic.trace.selecting import Selection, begin_of, walk

_MOST_WAITING: Final = 1_000_000
"""Orders whose run may still come; of more the oldest get no arrow."""
_COUNTED_NS: Final = 1_000_000
"""What happens to a queue in so much time is told in three numbers."""
_LOST_TRACK: Final = 1
_FIRST_TRACK: Final = 2
"""Track of catalyst 0; perfetto takes a thread id of 0 for none."""

Entry = dict[str, Any]


def entries(reader: TraceReader, selection: Selection) -> Iterator[Entry]:
    """The objects of the list ``traceEvents``, in the order of the stream."""
    export = _Export(begin_of(reader), int(reader.meta.get("pid") or 1) if _is_number(reader.meta.get("pid")) else 1)
    for _, event, names in walk(reader, selection):
        take = _TAKERS.get(type(event))
        if take is not None:
            for entry in take(export, event, names):
                yield from export.titles(entry, names)
                yield entry
    yield from export.rest()


def _is_number(value: object) -> bool:
    return isinstance(value, int) and 0 < value < 1 << 31


class _Queue:
    """What waits at one catalyst: orders count when they are queued, and no more when their run begins.

    Its methods give the times and depths that are worth showing, in the order of time.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.queued: deque[int] = deque()
        self._began_ns = -_COUNTED_NS
        self._most = (0, -1)
        self._last = (0, -1)

    def until(self, time_ns: int) -> Iterator[tuple[int, int]]:
        """What becomes of it up to a time."""
        while self.queued and self.queued[0] <= time_ns:
            yield from self.is_now(self.queued.popleft(), self.depth + 1)

    def taken(self, time_ns: int) -> Iterator[tuple[int, int]]:
        """The same, and then one order less."""
        yield from self.until(time_ns)
        yield from self.is_now(time_ns, max(0, self.depth - 1))

    def is_now(self, time_ns: int, depth: int) -> Iterator[tuple[int, int]]:
        """It has another depth."""
        self.depth = depth
        if time_ns - self._began_ns < _COUNTED_NS:
            self._last = (time_ns, depth)
            if depth > self._most[1]:
                self._most = self._last
            return
        yield from self.rest()
        self._began_ns = time_ns
        self._most = (time_ns, depth)
        yield time_ns, depth

    def rest(self) -> Iterator[tuple[int, int]]:
        """What has not been told of the millisecond that is over."""
        if self._began_ns < self._most[0] < self._last[0]:
            yield self._most
        if self._last[1] >= 0:
            yield self._last
        self._last = (0, -1)


class _Export:
    """One pass over a trace."""

    def __init__(self, begin_ns: int, pid: int) -> None:
        self._begin_ns = begin_ns
        self._pid = pid
        self._titled: dict[int, str] = {}
        self._queues: dict[int, _Queue] = {}
        self._waiting: dict[int, tuple[int, int]] = {}
        self._works: dict[int, int] = {}
        """The tracks of work that runs; a snapshot tells of its begin again."""

    def rest(self) -> Iterator[Entry]:
        """What is still to be told at the end."""
        for catalyst, queue in self._queues.items():
            for time_ns, depth in (*queue.until(1 << 63), *queue.rest()):
                yield self._counter(catalyst, time_ns, depth)

    def titles(self, entry: Entry, names: Names) -> Iterator[Entry]:
        """What names the track of an entry, when that is new."""
        track = entry["tid"]
        name = "not recorded" if track == _LOST_TRACK else names.essence(track - _FIRST_TRACK)
        if entry["ph"] != "M" and self._titled.get(track) != name:
            self._titled[track] = name
            yield self._title("thread_name", track, name)
            yield {**self._title("thread_sort_index", track, ""), "args": {"sort_index": track}}

    # ---- pieces

    def _entry(self, phase: str, track: int, time_ns: int, name: str, **more: Any) -> Entry:
        microseconds = (time_ns - self._begin_ns) / 1000
        return {"ph": phase, "pid": self._pid, "tid": track, "ts": microseconds, "name": name, **more}

    def _mark(self, track: int, time_ns: int, name: str, category: str, **arguments: Any) -> Entry:
        return self._entry("i", track, time_ns, name, cat=category, s="t", args=arguments)

    def _counter(self, catalyst: int, time_ns: int, depth: int) -> Entry:
        name = f"orders waiting: {self._titled.get(_track(catalyst), catalyst)}"
        return self._entry("C", _track(catalyst), time_ns, name, args={"orders": depth})

    def _title(self, kind: str, track: int, name: str) -> Entry:
        return {"ph": "M", "pid": self._pid, "tid": track, "name": kind, "args": {"name": name}}

    def _queue(self, catalyst: int) -> _Queue:
        return self._queues.setdefault(catalyst, _Queue())

    # ---- kinds of events

    def _app(self, event: AppBegan, names: Names) -> Iterator[Entry]:
        yield self._title("process_name", 0, event.name or "tasktonic app")

    def _ordered(self, event: Ordered, names: Names) -> Iterator[Entry]:
        self._queue(event.catalyst).queued.append(event.t_ns)
        caller = names.catalyst_of(event.source)
        if event.run and caller >= 0:
            if len(self._waiting) >= _MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
            self._waiting[event.order] = (event.t_ns, _track(caller))
        yield from ()

    def _ran(self, event: Ran, names: Names) -> Iterator[Entry]:
        if not event.begin_ns:  # a recorder that wanted no times
            return
        track = _track(event.catalyst)
        arguments: Entry = {"run": event.run, "order": event.order, "tonic": names.essence(event.essence)}
        arguments["class"] = names.class_of(event.essence)
        if event.before >= 0 or event.after >= 0:
            arguments["state"] = names.state(event.essence, event.before)
            arguments["state after"] = names.state(event.essence, event.after)
        for flag, word in ((ERROR, "raised"), (IGNORED, "ignored"), (HOOK, "hook")):
            if event.flags & flag:
                arguments[word] = True
        name = f"{names.essence(event.essence)}.{names.sparkle(event.sparkle)}"
        took = (event.end_ns - event.begin_ns) / 1000
        yield self._entry("X", track, event.begin_ns, name, dur=took, cat="sparkle", args=arguments)
        if event.flags & HOOK:
            return
        for time_ns, depth in self._queue(event.catalyst).taken(event.begin_ns):
            yield self._counter(event.catalyst, time_ns, depth)
        called = self._waiting.pop(event.order, None)
        if called is not None:
            arrow = {"cat": "order", "id": event.order}
            yield self._entry("s", called[1], called[0], "order", **arrow)
            yield self._entry("f", track, event.begin_ns, "order", bp="e", **arrow)

    def _dropped(self, event: Dropped, names: Names) -> Iterator[Entry]:
        self._waiting.pop(event.order, None)
        catalyst = names.catalyst_of(event.essence)
        if event.order and catalyst in self._queues:
            for time_ns, depth in self._queue(catalyst).taken(event.t_ns):
                yield self._counter(catalyst, time_ns, depth)
        text = f"dropped: {names.essence(event.essence)}.{names.sparkle(event.sparkle)}"
        yield self._mark(_track(catalyst), event.t_ns, text, "dropped", reason=event.reason)

    def _beat(self, event: Beat, names: Names) -> Iterator[Entry]:
        queue = self._queue(event.catalyst)
        queue.queued.clear()
        for time_ns, depth in queue.is_now(event.t_ns, event.depth):
            yield self._counter(event.catalyst, time_ns, depth)

    def _changed(self, event: StateChanged, names: Names) -> Iterator[Entry]:
        old, new = (names.state(event.essence, state) for state in (event.old, event.new))
        text = f"{names.essence(event.essence)}: {old} → {new}"
        yield self._mark(_track(names.catalyst_of(event.essence)), event.t_ns, text, "state", run=event.run)

    def _raised(self, event: Raised, names: Names) -> Iterator[Entry]:
        arguments = {"text": event.text, "traceback": event.traceback, "run": event.run}
        text = f"{event.type} in {names.essence(event.essence)}.{event.sparkle}"
        yield self._mark(_track(names.catalyst_of(event.essence)), event.t_ns, text, "error", **arguments)

    def _logged(self, event: LogLine, names: Names) -> Iterator[Entry]:
        text = f"{names.essence(event.essence)}: {event.text}"
        yield self._mark(_track(names.catalyst_of(event.essence)), event.t_ns, text, "log", run=event.run)

    def _stored(self, event: StoreChanged, names: Names) -> Iterator[Entry]:
        if event.t_ns:
            arguments = {"old": event.old, "new": event.new, "by": event.source}
            track = _track(names.catalyst_of(event.store))
            yield self._mark(track, event.t_ns, f"{event.path} = {event.new}", "store", **arguments)

    def _work_began(self, event: WorkBegan, names: Names) -> Iterator[Entry]:
        if event.work not in self._works:
            track = self._works[event.work] = _track(names.catalyst_of(event.essence))
            who = {"worker": event.worker, "for": names.essence(event.essence)}
            yield self._entry("b", track, event.t_ns, event.function, cat="work", id=event.work, args=who)

    def _work_ended(self, event: WorkEnded, names: Names) -> Iterator[Entry]:
        track = self._works.pop(event.work, None)
        if track is not None:
            how = {"outcome": event.outcome, **({"error": event.error} if event.error else {})}
            yield self._entry("e", track, event.t_ns, event.function, cat="work", id=event.work, args=how)

    def _gap(self, event: Gap, names: Names) -> Iterator[Entry]:
        self._waiting.clear()
        text = f"{event.orders:,} orders and {event.runs:,} runs"
        took = max(0, event.until_ns - event.t_ns) / 1000
        yield self._entry("X", _LOST_TRACK, event.t_ns, text, dur=took, cat="gap", args={})


def _track(catalyst: int) -> int:
    return catalyst + _FIRST_TRACK if catalyst >= 0 else _LOST_TRACK


_TAKERS: Final[dict[type, Callable[[_Export, Any, Names], Iterator[Entry]]]] = {
    AppBegan: _Export._app,
    Ordered: _Export._ordered,
    Ran: _Export._ran,
    Dropped: _Export._dropped,
    Beat: _Export._beat,
    StateChanged: _Export._changed,
    Raised: _Export._raised,
    LogLine: _Export._logged,
    StoreChanged: _Export._stored,
    WorkBegan: _Export._work_began,
    WorkEnded: _Export._work_ended,
    Gap: _Export._gap,
}
