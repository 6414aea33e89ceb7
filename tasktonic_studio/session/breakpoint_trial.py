"""What a breakpoint would have hit in a run that was seen, found in pieces so that nobody waits for it.

The same rules are asked as in the app. What the record does not have is said: a condition runs code on values that are gone, and
whether somebody took an exception is not kept.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic.events import HOOK
from tasktonic.rules import Breakpoint, Failing, Moment, Stored, Switched, Term, fits, is_about, matches_name
from tasktonic.rules.breakpoint import AFTER_NEWS, BEFORE, CONDITION, DURATION, EXCEPTION, PATH, SENDER, SPARKLE, STATE
from tasktonic.rules.matching import is_failing, is_stored, is_switched
from tasktonic_studio.session.breakpoint_offers import path_of
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.log_lines import LogLineFacts
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.store_mirror import StoreChange
from tasktonic_studio.session.timeline import RunRow

MOST_LISTED: Final = 1_000
_LONG_PATH: Final = 2_000
_A_FEW: Final = 64
"""After so many that were looked at it may be paused."""


class Would(NamedTuple):
    """One place where it would have hit: the moment to show, the thing to select, its time, and words."""

    n: int
    thing: Thing
    t_ns: int
    words: str


@dataclass(slots=True, eq=False)
class Recorded:
    """An essence of a run that was seen, as the rules see it."""

    known: Knowledge
    id: int

    @property
    def name(self) -> str:
        return self.known.essences.name(self.id)

    @property
    def path(self) -> str:
        return path_of(self.known.essences, self.id) or self.name

    @property
    def kinds(self) -> tuple[str, ...]:
        facts = self.known.essences.get(self.id)
        defined = self.known.names.classes.get(facts.cls) if facts is not None else None
        if defined is None:
            return ()
        return (defined.name, *(base for base in defined.bases.split(",") if base))


class Trial:
    """Looks for what one breakpoint would have hit in what is known. Made by who shows it; UI thread, a piece at a time.

    ``count`` is how often it would have been a hit so far, ``found`` has the first of these, ``share`` how much was looked at.
    """

    def __init__(self, known: Knowledge, point: Breakpoint) -> None:
        self.point = point
        self.known = known
        self.found: list[Would] = []
        self.count = 0
        self.fitted = 0
        self.share = 0.0
        self.is_done = False
        self._stored_by_run: dict[int, list[Stored]] = {}
        self._failing_by_run: dict[int, list[Failing]] = {}
        self._runs_with_states: list[npt.NDArray[np.int64]] = []
        """For each term about a state, the numbers of the runs that changed one as it says, ascending."""
        self._steps = self._look()

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What the record cannot know, in sentences."""
        terms = self.point.terms
        notes = []
        if any(term.kind == CONDITION for term in terms):
            notes.append("A condition cannot be asked of the past; it counts as met here, so these may be too many.")
        if any(term.kind == EXCEPTION and term.way for term in terms):
            notes.append("Whether somebody took an exception is not in the record; it counts as said.")
        if any(term.kind == EXCEPTION and term.what for term in terms):
            notes.append("Of an exception class of the app the record has the name, and not what it is derived from.")
        if any(term.kind == PATH for term in terms):
            notes.append(f"Of one store path the last {_LONG_PATH:,} changes are known.")
        if self.known.runs.first > 0 or self.known.gaps:
            notes.append("Some of the run is not in the record any more, or was lost.")
        return tuple(notes)

    def step(self) -> None:
        """Look at some more."""
        share = next(self._steps, None)
        self.is_done = share is None
        self.share = 1.0 if share is None else share

    def run(self) -> Trial:
        """Look at everything; for tests and for short runs."""
        while not self.is_done:
            self.step()
        return self

    # ---- inside

    def _look(self) -> Iterator[float]:
        if all(term.kind == CONDITION for term in self.point.terms):
            return
        if self.point.is_looked_at() == AFTER_NEWS:
            yield from self._look_at_news()
        else:
            yield from self._look_at_runs()

    def _fits(self, would: Would) -> None:
        self.fitted += 1
        if self.fitted % self.point.every or (self.point.once and self.count):
            return
        self.count += 1
        if len(self.found) < MOST_LISTED:
            self.found.append(would)

    # ---- before orders and after runs

    def _look_at_runs(self) -> Iterator[float]:
        known, point = self.known, self.point
        before = point.is_looked_at() == BEFORE
        # Nothing but whose sparkle and how long: then what may fit does, and need not be looked at to be counted.
        is_all_said = (point.every, point.once) == (1, False) and all(
            term.kind in (SPARKLE, DURATION) and not term.negated for term in point.terms
        )
        yield from self._sort_by_run()
        start = max(known.runs.first, known.runs.count_at(known.app.first_n))
        total = max(1, len(known.runs) - start)
        for base, rows, columns in known.runs.chunks(start):
            may_fit = np.flatnonzero(self._may_fit(columns)).tolist()
            if is_all_said:
                listed = MOST_LISTED - len(self.found)
                self.fitted += len(may_fit[listed:])
                self.count += len(may_fit[listed:])
                del may_fit[listed:]
            for at, index in enumerate(may_fit, 1):
                run = known.runs.row(base + index)
                if fits(point, self._moment(run, before=before)):
                    self._fits(self._of_run(run, before=before))
                if not at % _A_FEW:
                    yield (base + index - start) / total
            yield (base + rows - start) / total

    def _may_fit(self, columns: dict[str, npt.NDArray[np.generic]]) -> npt.NDArray[np.bool_]:
        """Which rows can fit, judged by whose sparkle it was and how long it took: all other questions cost more."""
        mask: npt.NDArray[np.bool_] = (columns["flags"].astype(np.int64) & HOOK) == 0
        pairs = (columns["essence"].astype(np.int64) << 32) | columns["sparkle"].astype(np.int64)
        different, where = np.unique(pairs, return_inverse=True)
        allowed = np.fromiter((self._may_be(int(pair)) for pair in different), np.bool_, len(different))
        mask &= allowed[where]
        for runs in self._runs_with_states:
            mask &= np.isin(columns["run"], runs)
        for term in self.point.terms:
            if term.kind == DURATION and not term.negated:
                took = columns["end_ns"].astype(np.int64) - columns["begin_ns"].astype(np.int64)
                mask &= took > term.longer_than_ns
        return mask

    def _may_be(self, pair: int) -> bool:
        who, sparkle = Recorded(self.known, pair >> 32), self.known.names.sparkle(pair & 0xFFFFFFFF)
        terms = [term for term in self.point.terms if not term.negated]
        if sparkle.startswith("_") and self.point.is_looked_at() == BEFORE:
            if not any(term.kind == SPARKLE and term.what.startswith("_") for term in terms):
                return False
        for term in terms:
            if term.kind == SPARKLE and not matches_name(term.what, sparkle):
                return False
            if term.kind in (SPARKLE, DURATION, CONDITION) and not is_about(term, who):
                return False
        return True

    def _moment(self, run: RunRow, *, before: bool) -> Moment:
        known = self.known
        kinds = {term.kind for term in self.point.terms}
        moment = Moment(before, Recorded(known, run.essence), known.names.sparkle(run.sparkle))
        if SENDER in kinds:
            order = known.cause_of(run)
            if order is not None:
                caller = known.run_of(order.run) if order.run else None
                moment.source = Recorded(known, order.source) if order.source >= 0 else None
                moment.via = known.names.sparkle(caller.sparkle) if caller is not None else _outside(order.cause)
        if before:
            return moment
        moment.took_ns = run.end_ns - run.begin_ns
        if STATE in kinds:
            moment.switched = self._switched_in(run.run)
        if PATH in kinds:
            moment.stored = self._stored_by_run.get(run.run, ())
        if EXCEPTION in kinds:
            moment.failing = self._failing_by_run.get(run.run, ())
        return moment

    def _of_run(self, run: RunRow, *, before: bool) -> Would:
        place = f"{self.known.essences.name(run.essence)}.{self.known.names.sparkle(run.sparkle)}"
        n = run.n if before else run.n + 1
        return Would(
            n,
            Thing("run", run.run),
            run.begin_ns if before else run.end_ns,
            f"{'before' if before else 'after'} {place}",
        )

    # ---- news

    def _look_at_news(self) -> Iterator[float]:
        found: list[tuple[Would, Moment]] = []
        for collect, terms in (
            (self._collect_states, self._positive(STATE)),
            (self._collect_paths, self._positive(PATH)),
            (self._collect_errors, self._positive(EXCEPTION)),
        ):
            if terms:
                yield from collect(terms, found)
        found.sort(key=lambda each: each[0].n)
        if self._is_one_state():
            self.count = self.fitted  # what is listed has been counted with all others
            self.found = [would for would, _ in found]
            return
        for at, (would, moment) in enumerate(found):
            if fits(self.point, moment):
                self._fits(would)
            if not at % _A_FEW:
                yield 0.5 + 0.5 * at / len(found)

    def _positive(self, kind: str) -> list[Term]:
        return [term for term in self.point.terms if term.kind == kind and not term.negated]

    def _is_one_state(self) -> bool:
        """Whether nothing but a change of a state is asked for: then all that are meant count, and few need to be looked at."""
        return (len(self.point.terms), self.point.every, self.point.once) == (1, 1, False) and bool(
            self._positive(STATE)
        )

    def _meant_states(self, terms: list[Term]) -> Iterator[tuple[int, npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
        """Of each chunk of the changes of states its first row, which rows after that one of the terms means, and their runs."""
        table = self.known.transitions
        for base, _, columns in table.chunks(max(table.first, table.count_at(self.known.app.first_n))):
            keys = np.stack([columns[name].astype(np.int64) for name in ("essence", "old", "new")])
            different, where = np.unique(keys, axis=1, return_inverse=True)
            meant = np.fromiter((self._is_meant(terms, *each) for each in different.T.tolist()), np.bool_)
            rows = np.flatnonzero(meant[where.reshape(-1)])
            yield base, rows, columns["run"][rows].astype(np.int64)

    def _collect_states(self, terms: list[Term], found: list[tuple[Would, Moment]]) -> Iterator[float]:
        table = self.known.transitions
        for base, meant, _ in self._meant_states(terms):
            if self._is_one_state():
                self.fitted += len(meant)
                meant = meant[: MOST_LISTED - len(found)]
            for at in meant.tolist():
                row = table.row(base + at)
                switched = self._switched(row.essence, row.old, row.new)
                thing = Thing("run", row.run) if row.run else Thing("essence", row.essence)
                would = Would(row.n + 1, thing, row.t_ns, f"{switched.who.name}: {switched.old} → {switched.new}")
                found.append((would, self._news_moment(row.run, [switched], (), ())))
                if not len(found) % _A_FEW:
                    yield 0.2
            yield 0.2

    def _is_meant(self, terms: list[Term], essence: int, old: int, new: int) -> bool:
        switched = self._switched(essence, old, new)
        return any(is_switched(term, switched) for term in terms)

    def _collect_paths(self, terms: list[Term], found: list[tuple[Would, Moment]]) -> Iterator[float]:
        for at, (store, path, change) in enumerate(self._changes()):
            stored = Stored(Recorded(self.known, store), path)
            if any(is_stored(term, stored) for term in terms):
                words = f"{path} = {change.new}" if not change.removed else f"{path} is removed"
                would = Would(change.n + 1, Thing("store", (store, path)), change.t_ns, words)
                found.append((would, self._news_moment(change.run, (), [stored], ())))
            if not at % _A_FEW:
                yield 0.3

    def _collect_errors(self, terms: list[Term], found: list[tuple[Would, Moment]]) -> Iterator[float]:
        for at, line in enumerate(self._lines()):
            if line is not None:
                failing = self._failing(line)
                if any(is_failing(term, failing) for term in terms):
                    thing = Thing("run", line.run) if line.run else Thing("essence", line.essence)
                    would = Would(line.n + 1, thing, line.t_ns, f"{line.name}: {line.text}")
                    found.append((would, self._news_moment(line.run, (), (), [failing])))
            if not at % _A_FEW:
                yield 0.4

    def _news_moment(
        self,
        run: int,
        switched: list[Switched] | tuple[()],
        stored: list[Stored] | tuple[()],
        failing: list[Failing] | tuple[()],
    ) -> Moment:
        row = self.known.run_of(run) if run else None
        who = Recorded(self.known, row.essence) if row is not None else None
        sparkle = self.known.names.sparkle(row.sparkle) if row is not None else ""
        return Moment(False, who, sparkle, switched=switched, stored=stored, failing=failing)

    # ---- what the record has

    def _switched(self, essence: int, old: int, new: int) -> Switched:
        facts = self.known.essences.get(essence)
        cls = facts.cls if facts is not None else -1
        return Switched(
            Recorded(self.known, essence), self.known.names.state(cls, old), self.known.names.state(cls, new)
        )

    def _switched_in(self, run: int) -> list[Switched]:
        rows = [self.known.transitions.row(int(at)) for at in self.known.transitions.find("run", run)]
        return [self._switched(row.essence, row.old, row.new) for row in rows]

    def _changes(self) -> Iterator[tuple[int, str, StoreChange]]:
        """What was written into stores while somebody watched."""
        store_mirror = self.known.store
        for store in store_mirror:
            for path in store_mirror.paths(store):
                entry = store_mirror.get(store, path)
                if entry is not None:
                    yield from ((store, path, change) for change in entry.history if not change.present)

    def _lines(self) -> Iterator[LogLineFacts | None]:
        """The errors of this app; None for every other line, so that who looks can pause."""
        log, app = self.known.log, self.known.app.number
        for index in range(log.first, len(log)):
            line = log[index]
            yield line if line.level == "error" and line.app == app else None

    def _failing(self, line: LogLineFacts) -> Failing:
        taken = any(term.way == "taken" for term in self._positive(EXCEPTION))
        return Failing(Recorded(self.known, line.essence) if line.essence >= 0 else None, kinds_of(line.text), taken)

    def _sort_by_run(self) -> Iterator[float]:
        """Find what each run changed, wrote and raised, as far as the breakpoint asks."""
        kinds = {term.kind for term in self.point.terms}
        for term in self._positive(STATE):
            parts = [np.empty(0, np.int64)]
            for _, _, runs in self._meant_states([term]):
                parts.append(runs)
                yield 0.0
            self._runs_with_states.append(np.unique(np.concatenate(parts)))
        if PATH in kinds:
            for at, (store, path, change) in enumerate(self._changes()):
                self._stored_by_run.setdefault(change.run, []).append(Stored(Recorded(self.known, store), path))
                if not at % _A_FEW:
                    yield 0.0
        if EXCEPTION in kinds:
            for at, line in enumerate(self._lines()):
                if line is not None:
                    self._failing_by_run.setdefault(line.run, []).append(self._failing(line))
                if not at % _A_FEW:
                    yield 0.0


def kinds_of(text: str) -> tuple[str, ...]:
    """The class of an exception out of a line of the log, and of a built-in one those it is derived from."""
    name = text.partition(" in ")[0].partition(":")[0].strip()
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, BaseException):
        return tuple(base.__name__ for base in kind.__mro__ if base is not object)
    return (name, "Exception", "BaseException")


def _outside(cause: str) -> str:
    return "" if cause == "outside" else cause


__all__ = ["MOST_LISTED", "Recorded", "Trial", "Would", "kinds_of"]
