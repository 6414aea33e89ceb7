"""Findings: what went wrong in a run, or looks as if it will. A fold: one small function for each kind.

What is found out here is ids and numbers; the words are made in `finding_words.py`, when somebody looks. Findings of one kind
about one place are one finding that counts. However a stretch is cut into batches, they are the same.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tasktonic.events import (
    HOOK,
    IGNORED,
    NO_ESSENCE,
    SYSTEM,
    Beat,
    Dropped,
    Finishing,
    Gap,
    Raised,
    StoreChanged,
    TimerFired,
    TimerSet,
)
from tasktonic_studio.session.columns import Column
from tasktonic_studio.session.echoes import WRITERS, is_echo
from tasktonic_studio.session.finding import (
    HANGS_NS,
    Finding,
    about,
    about_run,
    found_now,
    hanging,
    kind_of_error,
)

if TYPE_CHECKING:
    from tasktonic_studio.session.knowledge import Knowledge

MOST: Final = 1_000
"""Different findings that are remembered; what comes after these is not told apart any more."""
STORM: Final = 100
"""A sparkle that a tonic ignores so often, in one state, is a storm."""
_MOST_IGNORERS: Final = 50_000

GIANT_NS: Final = 100_000_000
"""A run that takes longer while others wait is a giant."""
_LOOK_ROWS: Final = 65_536

STEP_NS: Final = 500_000_000
STEPS: Final = 5
LONG_QUEUE: Final = 50
"""A queue grows when its shortest length was longer in each of so many steps than in the one before, and is so long now."""

PILE: Final = 20
"""So many single-shot timers of one tonic that wait at once to call the same sparkle are a pile."""

_FIGURES: Final = re.compile(r"0x[0-9a-fA-F]+|\d+")


class _Growth(NamedTuple):
    """How the queue of a catalyst went: the step it is in, the shortest it was in this one and the one before."""

    step: int
    low: int
    low_before: int
    rises: int
    begin_n: int
    begin_ns: int


class Ignorer(NamedTuple):
    """A tonic that ignores a sparkle in a state: how often, when first, and which run was the last."""

    times: int
    first_n: int
    first_ns: int
    last_n: int = 0
    last_ns: int = 0
    last_order: int = 0


class Findings:
    """What was found so far. Part of `Knowledge`; copies share until one changes."""

    __slots__ = ("_growths", "_ignorers", "_piles", "_released_ns", "_shared", "_writers", "by_key")

    def __init__(self) -> None:
        self.by_key: dict[Hashable, Finding] = {}
        self._ignorers: dict[tuple[int, int, int], Ignorer] = {}
        self._growths: dict[int, _Growth] = {}
        self._piles: dict[tuple[int, str], int] = {}
        self._writers: deque[int] = deque(maxlen=WRITERS)
        self._released_ns = 0
        self._shared = False

    @property
    def ignorers(self) -> Mapping[tuple[int, int, int], Ignorer]:
        """Who ignored which sparkle in which state, in the present app."""
        return self._ignorers

    def fork(self) -> Findings:
        other = Findings()
        other.by_key, other._ignorers, other._growths = self.by_key, self._ignorers, self._growths
        other._piles, other._writers, other._released_ns = self._piles, self._writers, self._released_ns
        self._shared = other._shared = True
        return other

    def begin_app(self) -> None:
        """Ids mean something else from here on; what was found stays."""
        self._ignorers, self._growths, self._piles = {}, {}, {}
        self._writers = deque(maxlen=WRITERS)
        self._released_ns = 0

    def _own(self) -> None:
        if self._shared:
            self.by_key = dict(self.by_key)
            self._ignorers = dict(self._ignorers)
            self._growths = dict(self._growths)
            self._piles = dict(self._piles)
            self._writers = self._writers.copy()
            self._shared = False

    def add(self, key: Hashable, found: Finding) -> None:
        """Put this with what was found before under the same key."""
        before = self.by_key.get(key)
        if before is None and len(self.by_key) >= MOST:
            return
        self._own()
        if before is not None:
            found = found._replace(
                times=before.times + found.times,
                first_n=min(before.first_n, found.first_n),
                first_ns=min(before.first_ns, found.first_ns),
                worst=max(before.worst, found.worst),
                taken=before.taken and found.taken,
            )
        self.by_key[key] = found._replace(key=key)

    # ---- one function per kind

    def raised(self, know: Knowledge, n: int, event: Raised, line: int) -> None:
        """An exception; those of one class, sparkle and first line, but for figures, are one finding."""
        facts = know.essences.get(event.essence)
        cls = facts.cls if facts is not None else -1
        first_line = event.text.split("\n", 1)[0]
        kind = kind_of_error(event.type, first_line)
        found = found_now(
            know,
            kind,
            n,
            event.t_ns,
            **about(know, event.essence),
            called=event.sparkle,
            run=event.run,
            line=line,
            text=first_line if kind != "error" else f"{event.type}: {first_line}" if first_line else event.type,
            detail=event.traceback,
            taken=event.taken_by != NO_ESSENCE,
        )
        alike = _FIGURES.sub("#", first_line)
        self.add((kind, know.app.number, cls, event.sparkle, event.type, alike), found)

    def dropped(self, know: Knowledge, n: int, event: Dropped) -> None:
        """An order that did not run because its tonic was finishing; not while the whole app or its catalyst finishes.

        A tonic's timers and its offloaded work end with it: that one of them had just fired, or had just told something, is
        usual, and nobody waits for an answer.
        """
        facts = know.essences.identity(event.essence)
        if facts is None or event.reason not in ("finishing", "finished", "ended"):
            return
        if event.order in know.timer_table.last_orders:
            return
        if know.names.sparkle(event.sparkle).startswith("_ttss"):
            return
        above = (
            know.essences.identity(facts.catalyst),
            know.essences.identity(min(know.catalysts, default=NO_ESSENCE)),
        )
        if any(it is not None and it.life != "alive" for it in above):
            return
        if causes := know.heavy_work.causes_of(event.essence):
            order = know.order_before(event.order, n)
            if order is not None and order.cause in causes:
                return
        found = found_now(
            know, "dropped", n, event.t_ns, **about(know, event.essence), sparkle=event.sparkle, order=event.order
        )
        self.add(("dropped", know.app.number, facts.cls, event.sparkle), found)

    def finishing(self, know: Knowledge, n: int, event: Finishing) -> None:
        """A service was asked to finish while it has more than one user: the others lose it. Asked before it is folded."""
        known = know.essences.identity(event.essence)
        facts = know.essences.get(event.essence) if known is not None and known.service else None
        if facts is None or facts.life != "alive":
            return
        users = [user for user in map(know.essences.get, facts.users) if user is not None and user.life == "alive"]
        above = know.essences.get(min(know.catalysts, default=NO_ESSENCE))
        if len(users) < 2 or (above is not None and above.life != "alive"):
            return
        names = ", ".join(user.name for user in users[:5]) + (" and others" if len(users) > 5 else "")
        found = found_now(know, "service", n, event.t_ns, **about(know, event.essence), run=event.run, text=names)
        self.add(("service", know.app.number, facts.cls), found)

    def timer_set(self, know: Knowledge, n: int, event: TimerSet) -> None:
        """One more single-shot timer, of how many that wait for the same? Asked before it is folded."""
        facts = know.essences.identity(event.timer)
        if facts is None or event.period_ns or event.timer in know.timers:
            return
        self._own()
        count = self._piles[facts.context, event.callback] = self._piles.get((facts.context, event.callback), 0) + 1
        owner = know.essences.get(facts.context) if count >= PILE else None
        if owner is None:
            return
        key = ("pile", know.app.number, owner.cls, event.callback)
        found = found_now(
            know, "pile", n, event.t_ns, **about(know, owner.id), called=event.callback, run=event.run, worst=count,
            times=0 if key in self.by_key else 1,
        )  # fmt: skip
        self.add(key, found)

    def timer_gone(self, know: Knowledge, timer: int) -> None:
        """It has ended, whatever it was. Asked before it is folded."""
        timer_facts = know.timers.get(timer)
        facts = know.essences.identity(timer) if timer_facts is not None and not timer_facts.period_ns else None
        key = (facts.context, timer_facts.callback) if facts is not None and timer_facts is not None else None
        if key in self._piles and key is not None:
            self._own()
            self._piles[key] -= 1
            if not self._piles[key]:
                del self._piles[key]

    def timer_fired(self, know: Knowledge, n: int, event: TimerFired) -> None:
        """A timer fired, perhaps late. Asked before it is folded.

        What is known of the time at which it was due is from before its catalyst was held, if it was: a timer stands still
        meanwhile. Such a firing is not judged.
        """
        timer, facts = know.timers.get(event.timer), know.essences.identity(event.timer)
        if timer is None or facts is None:
            return
        due_ns = timer.due_ns
        if self._released_ns and timer.period_ns > 0:
            if timer.last_fired_ns <= self._released_ns:
                return
            due_ns = max(due_ns, timer.last_fired_ns + timer.period_ns)
        elif self._released_ns and facts.born_ns <= self._released_ns:
            return
        late_ns = event.t_ns - due_ns
        owner = know.essences.get(facts.context) if late_ns > GIANT_NS else None
        if owner is None:
            return
        found = found_now(know, "late", n, event.t_ns, **about(know, owner.id), called=timer.callback, worst=late_ns)
        self.add(("late", know.app.number, owner.cls, timer.callback), found)

    def released(self, t_ns: int) -> None:
        """A catalyst goes on that was held."""
        self._released_ns = t_ns

    def stored_all(self, know: Knowledge, stored: Iterable[tuple[int, StoreChanged]], changes: Iterable[int]) -> None:
        """Paths were written; `changes` gives of each the how-manieth time, when the one before has been looked at.

        Perhaps one is written again and again in consequence of itself.
        """
        for (n, event), times in zip(stored, changes, strict=True):
            if event.present or not event.run:
                continue
            if self._shared:
                self._own()
            self._writers.append(event.run)
            if times % STORM == 0:
                self._stored_often(know, n, event, times)

    def _stored_often(self, know: Knowledge, n: int, event: StoreChanged, changes: int) -> None:
        # At 100, 200, 400, 800 and so on: a look along the chain costs as much as a hundred writes.
        storms = changes // STORM
        if not storms or storms & (storms - 1):
            return
        hops = is_echo(know, n, event, self._writers)
        if not hops:
            return
        key = ("echo", know.app.number, event.store, event.path)
        found = found_now(
            know, "echo", n, event.t_ns, **about(know, hops[0]), run=event.run, text=event.path,
            tonics=len(set(hops)), times=changes - (self.by_key[key].times if key in self.by_key else 0),
        )  # fmt: skip
        self.add(key, found)

    def lost(self, know: Knowledge, n: int, event: Gap) -> None:
        """Flow was lost: what is shown has holes."""
        key = ("lost", know.app.number)
        before = self.by_key.get(key)
        lost = event.orders + event.runs + (before.worst if before is not None else 0)
        self.add(key, Finding("lost", know.app.number, 1, n, event.t_ns, n, event.until_ns, worst=lost))

    def app_ended(self, know: Knowledge, n: int, t_ns: int, problem: str) -> None:
        """The app ended, and says that something was wrong."""
        self.add(("dead", know.app.number, problem), found_now(know, "dead", n, t_ns, text=problem))

    def died(self, know: Knowledge, n: int, sentence: str) -> None:
        """The process died while catalysts turned."""
        turned = [facts.id for facts in know.catalysts.values() if facts.alive]
        if turned:
            found = found_now(know, "dead", n, know.t_ns, catalyst=turned[0], tonics=len(turned), text=sentence)
            self.add(("died", know.app.number), found)

    def beat(self, know: Knowledge, n: int, event: Beat) -> None:
        """A queue that grows and grows."""
        self._own()
        catalyst, step = event.catalyst, event.t_ns // STEP_NS
        was = self._growths.get(catalyst)
        if was is not None and was.step == step:
            self._growths[catalyst] = was._replace(low=min(was.low, event.depth))
            return
        if was is None or step != was.step + 1:
            self._growths[catalyst] = _Growth(step, event.depth, event.depth, 0, n, event.t_ns)
            return
        now = _Growth(step, event.depth, was.low, 0, n, event.t_ns)
        if was.low > was.low_before:
            now = now._replace(rises=was.rises + 1, begin_n=was.begin_n, begin_ns=was.begin_ns)
        self._growths[catalyst] = now
        if now.rises >= STEPS and was.low >= LONG_QUEUE:
            self._grows(know, n, event, now)

    def _grows(self, know: Knowledge, n: int, event: Beat, growth: _Growth) -> None:
        key = ("growing", know.app.number, event.catalyst)
        before = self.by_key.get(key)
        goes_on = before is not None and before.last_n >= growth.begin_n
        found = found_now(
            know, "growing", n, event.t_ns, **about(know, event.catalyst), worst=event.depth,
            times=0 if goes_on else 1, first_n=growth.begin_n, first_ns=growth.begin_ns,
        )  # fmt: skip
        self.add(key, found)

    def ran(self, know: Knowledge, columns: dict[str, Column]) -> None:
        """Runs came: look for what was ignored, and for giants. They have happened already, and are in the tables."""
        flags = columns["flags"]
        ignored = (flags & (IGNORED | HOOK | SYSTEM)) == IGNORED
        if ignored.any():
            self._ignored(know, {name: column[ignored] for name, column in columns.items()})
        took = columns["end_ns"] - columns["begin_ns"]
        giants = (took > GIANT_NS) & ((flags & HOOK) == 0)
        for at in np.flatnonzero(giants).tolist():
            self._giant(know, {name: int(column[at]) for name, column in columns.items()})

    def _ignored(self, know: Knowledge, columns: dict[str, Column]) -> None:
        """Count per tonic, sparkle and state; from a storm on, all tonics of a class together are one finding."""
        both = (columns["essence"].astype(np.int64) << 32) | (columns["sparkle"].astype(np.int64) & 0xFFFFFFFF)
        order = np.lexsort((columns["n"], columns["before"], both))
        both, states = both[order], columns["before"][order]
        cuts = np.flatnonzero((both[1:] != both[:-1]) | (states[1:] != states[:-1])) + 1
        self._own()
        for low, high in pairwise([0, *cuts.tolist(), len(both)]):
            first, last = int(order[low]), int(order[high - 1])
            key = (int(columns["essence"][first]), int(columns["sparkle"][first]), int(states[low]))
            known = self._ignorers.get(key)
            if known is None:
                if len(self._ignorers) >= _MOST_IGNORERS:
                    continue
                known = Ignorer(0, int(columns["n"][first]), int(columns["begin_ns"][first]))
            self._ignorers[key] = now = known._replace(
                times=known.times + high - low,
                last_n=int(columns["n"][last]),
                last_ns=int(columns["begin_ns"][last]),
                last_order=int(columns["order"][last]),
            )
            if now.times >= STORM:
                self._storm(know, known, now, {name: int(column[last]) for name, column in columns.items()})

    def _storm(self, know: Knowledge, was: Ignorer, now: Ignorer, run: dict[str, int]) -> None:
        is_new = was.times < STORM
        app, cls = know.app.number, int(know.essences.classes_of(np.array([run["essence"]]))[0])
        key = ("ignored", app, cls, run["sparkle"], run["before"])
        before = self.by_key.get(key)
        found = found_now(
            know, "ignored", run["n"], run["begin_ns"], **about_run(run, cls), first_n=now.first_n, first_ns=now.first_ns,
            times=now.times if is_new else now.times - was.times,
            tonics=(before.tonics if before is not None else 0) + is_new,
        )  # fmt: skip
        if before is not None and before.last_n > found.last_n:
            kept = ("last_n", "last_ns", "essence", "catalyst", "run")
            found = found._replace(**{field: getattr(before, field) for field in kept})
        self.add(key, found)

    def _giant(self, know: Knowledge, run: dict[str, int]) -> None:
        """A run that took long while something else waited for the catalyst, or very long."""
        took = run["end_ns"] - run["begin_ns"]
        waiting = _waited(know, run)
        if not waiting and took < HANGS_NS:
            return
        app, cls = know.app.number, int(know.essences.classes_of(np.array([run["essence"]]))[0])
        found = found_now(know, "giant", run["n"], run["begin_ns"], **about_run(run, cls), worst=took)
        self.add(("giant", app, cls, run["sparkle"]), found)


def _waited(know: Knowledge, run: dict[str, int]) -> bool:
    """Whether anything waited for its catalyst while it ran, but for what it ordered itself."""
    if know.depths.deepest(run["catalyst"], run["begin_ns"], run["end_ns"], run["n"]) > 0:
        return True
    stop = know.orders.count_at(run["n"])
    start = max(know.orders.count_at(know.app.first_n), stop - _LOOK_ROWS)
    for _, _, columns in know.orders.chunks(start, stop):
        # What came before it began may have run by then; of that the beats tell.
        during = (columns["t_ns"] > run["begin_ns"]) & (columns["t_ns"] <= run["end_ns"])
        others = columns["run"] != run["run"]
        if bool((during & others & (columns["catalyst"] == run["catalyst"])).any()):
            return True
    return False


__all__ = ["MOST", "PILE", "STORM", "Finding", "Findings", "Ignorer", "hanging"]
