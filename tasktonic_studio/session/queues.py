"""Per catalyst: what it does at the moment, how much waits, how busy it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic.events import NO_ESSENCE, Beat, CatalystBegan
from tasktonic_studio.session.columns import ColumnStore

DEPTH_COLUMNS: Final = {
    "n": np.int64,
    "t_ns": np.int64,
    "catalyst": np.int32,
    "depth": np.int64,
    "busy_ns": np.int64,
    "sparkles": np.int64,
}

_LOOK_ROWS: Final = 4_096

WINDOW_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class CatalystFacts:
    """One catalyst. Replaced, never changed.

    `depth` orders wait. `inside` is the essence whose sparkle runs since `since_ns` (-1 and 0 when idle), `inside_sparkle`
    that sparkle. `busy_share` (0 to 1) and `rate` (sparkles per second) are over about the last second. `beat_ns` is the time
    of the last beat: what is said here was so then. `failed_line` is the line of the log that tells of the last error that one
    of its tonics raised, -1 for none.
    """

    id: int
    name: str = ""
    driver: str = ""
    thread: str = ""
    thread_id: int = 0
    depth: int = 0
    inside: int = NO_ESSENCE
    inside_sparkle: int = -1
    since_ns: int = 0
    busy_share: float = 0.0
    rate: float = 0.0
    sparkles: int = 0
    busy_ns: int = 0
    beat_ns: int = 0
    held: bool = False
    held_ns: int = 0
    """Since when it is held: by that time its timers go as long as it is. 0 when it is not."""
    hold_asked_ns: int = 0
    """When it was asked to hold and has not come to it yet; 0 otherwise."""
    alive: bool = True
    failed_line: int = -1
    recent: tuple[tuple[int, int, int], ...] = ()
    """(time, sparkles, busy_ns) of the beats of the last second; what the shares are made from."""

    def inside_for_ns(self, now_ns: int) -> int:
        """How long the running sparkle has been running at `now_ns`; 0 when idle."""
        return max(now_ns - self.since_ns, 0) if self.inside != NO_ESSENCE else 0


class Queues:
    """The catalysts of the present app. Copies share until one changes."""

    def __init__(self) -> None:
        self.by_id: dict[int, CatalystFacts] = {}
        self._shared = False

    def fork(self) -> Queues:
        other = Queues()
        other.by_id = self.by_id
        self._shared = other._shared = True
        return other

    def _put(self, facts: CatalystFacts) -> None:
        if self._shared:
            self.by_id = dict(self.by_id)
            self._shared = False
        self.by_id[facts.id] = facts

    def _get(self, catalyst: int) -> CatalystFacts:
        return self.by_id.get(catalyst) or CatalystFacts(catalyst)

    def began(self, event: CatalystBegan) -> None:
        known = self._get(event.catalyst)
        self._put(replace(known, driver=event.driver, thread=event.thread, thread_id=event.thread_id, alive=True))

    def named(self, catalyst: int, name: str) -> None:
        """An essence with this id was born; if it is a catalyst this is its name."""
        if catalyst in self.by_id and self.by_id[catalyst].name != name:
            self._put(replace(self.by_id[catalyst], name=name))

    def ended(self, catalyst: int) -> None:
        known = self._get(catalyst)
        self._put(
            replace(
                known,
                alive=False,
                held=False,
                held_ns=0,
                hold_asked_ns=0,
                inside=NO_ESSENCE,
                since_ns=0,
                rate=0.0,
                busy_share=0.0,
            )
        )

    def stands_still(self, catalyst: int) -> None:
        """The process has ended: nothing turns any more. What it was inside of is kept: there it ended."""
        self._put(
            replace(self._get(catalyst), alive=False, held=False, held_ns=0, hold_asked_ns=0, rate=0.0, busy_share=0.0)
        )

    def held(self, catalyst: int, held: bool, t_ns: int) -> int:
        """It is held from a time on, or goes on; returns for how long it was held then, 0 when it was not."""
        known = self._get(catalyst)
        self._put(replace(known, held=held, held_ns=t_ns if held else 0, hold_asked_ns=0))
        return max(t_ns - known.held_ns, 0) if known.held and known.held_ns else 0

    def asked_to_hold(self, catalyst: int, t_ns: int) -> None:
        """A catalyst (-1: all of them) was asked to hold at a time, or with 0 to go on."""
        for known in list(self.by_id.values()):
            if known.id == catalyst or catalyst < 0:
                asked_ns = t_ns if known.alive and not known.held else 0
                if known.hold_asked_ns != asked_ns:
                    self._put(replace(known, hold_asked_ns=asked_ns))

    def failed(self, catalyst: int, line: int) -> None:
        """One of its tonics raised; the line of the log says what."""
        self._put(replace(self._get(catalyst), failed_line=line))

    def beat(self, event: Beat) -> None:
        """Take a beat; shares are made from the beats of the last second."""
        known = self._get(event.catalyst)
        recent = (
            *(it for it in known.recent if it[0] >= event.t_ns - WINDOW_NS),
            (event.t_ns, event.sparkles, event.busy_ns),
        )
        recent = recent[-16:]
        first = recent[0]
        seconds = (event.t_ns - first[0]) / 1e9
        self._put(
            replace(
                known,
                depth=event.depth,
                inside=event.inside,
                inside_sparkle=event.sparkle,
                since_ns=event.since_ns,
                sparkles=event.sparkles,
                busy_ns=event.busy_ns,
                beat_ns=event.t_ns,
                rate=max(event.sparkles - first[1], 0) / seconds if seconds > 0 else known.rate,
                busy_share=min(max((event.busy_ns - first[2]) / 1e9 / seconds, 0.0), 1.0)
                if seconds > 0
                else known.busy_share,
                recent=recent,
            )
        )


class Depths:
    """Queue depth over time, one row per beat: columns as in `DEPTH_COLUMNS`; busy time and sparkles as in `Beat`."""

    __slots__ = ("_count", "_store")

    def __init__(self, store: ColumnStore, count: int = 0) -> None:
        self._store = store
        self._count = count

    def __len__(self) -> int:
        return self._count

    def fork(self) -> Depths:
        return Depths(self._store, self._count)

    def append(self, n: int, event: Beat) -> None:
        if self._count == self._store.total:
            row = {
                "n": n,
                "t_ns": event.t_ns,
                "catalyst": event.catalyst,
                "depth": event.depth,
                "busy_ns": event.busy_ns,
                "sparkles": event.sparkles,
            }
            self._store.append({name: np.array([value]) for name, value in row.items()}, 1)
        self._count += 1

    def of(self, catalyst: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Times and depths of one catalyst, ascending."""
        start = self._store.first
        mask = self._store.column("catalyst", start, self._count) == catalyst
        times = self._store.column("t_ns", start, self._count)[mask]
        return times, self._store.column("depth", start, self._count)[mask]

    def deepest(self, catalyst: int, from_ns: int, until_ns: int, before_n: int) -> int:
        """The most that waited for a catalyst between two times, as told by the last some thousand beats before an event."""
        stop = self._store.count_at(before_n)
        start = max(self._store.first, stop - _LOOK_ROWS)
        times = self._store.column("t_ns", start, stop)
        mine = (times >= from_ns) & (times <= until_ns) & (self._store.column("catalyst", start, stop) == catalyst)
        return int(self._store.column("depth", start, stop)[mine].max(initial=0))

    def since(self, first_n: int, from_ns: int = 0) -> dict[str, npt.NDArray[np.int64]]:
        """Columns of the beats of one app run (which began with event `first_n`) from a time on; times nearly ascend."""
        start = max(self._store.first, self._store.count_at(first_n))
        look = self._count
        # From the end backwards: a minute of beats is a small part of hours.
        while look > start:
            look = max(start, look - _LOOK_ROWS)
            if int(self._store.column("t_ns", look, look + 1)[0]) < from_ns:
                break
        times = self._store.column("t_ns", look, self._count)
        skip = int(np.argmax(times >= from_ns)) if len(times) and times[-1] >= from_ns else len(times)
        return {name: self._store.column(name, look + skip, self._count) for name in DEPTH_COLUMNS}


def busy_shares(
    times_ns: npt.NDArray[np.int64], busy_ns: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """How busy a catalyst was between its beats: a time and a share (0 to 1) for each beat but the first."""
    passed = np.diff(times_ns)
    apart = passed > 0
    shares = np.diff(busy_ns)[apart] / passed[apart]
    return times_ns[1:][apart], np.clip(shares, 0.0, 1.0)
