"""What the timeline knows of one app: its lanes, names, gaps, what still runs, and the causes of one run. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tasktonic.events import ERROR, HOOK, IGNORED, NO_ESSENCE, SYSTEM
from tasktonic_studio.session.columns import Column
from tasktonic_studio.session.density import Density
from tasktonic_studio.session.filters import RunFilter
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.lanes import Lane, LaneIndex
from tasktonic_studio.session.order_finder import OrderFinder
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.target import AppFacts
from tasktonic_studio.session.timeline import OrderRow, RunRow, Runs
from tasktonic_studio.ui.panels.timeline.merging import Lost, lost_of
from tasktonic_studio.ui.panels.timeline.rows import LaneRow
from tasktonic_studio.ui.panels.timeline.time_scale import TimeScale
from tasktonic_studio.ui.widgets import figures

PIECE_ROWS: Final = 16_384
MOST_EFFECTS: Final = 100
"""So many arrows are drawn from one run; it says how many more there are."""
MOST_TONICS: Final = 500
"""So many lanes of tonics a catalyst unfolds to, the busiest ones."""

Rows = npt.NDArray[np.int64]


class Going(NamedTuple):
    """A run that has not ended: which tonic's, which sparkle, since when."""

    catalyst: int
    essence: int
    sparkle: int
    since_ns: int


class Link(NamedTuple):
    """An arrow: from a run (None: from outside) at the time when it ordered, to the run that came of it (None: not yet)."""

    source: RunRow | None
    ordered_ns: int
    run: RunRow | None
    order: OrderRow


class Chain(NamedTuple):
    """A run with what caused it and what it caused."""

    run: RunRow
    cause: Link | None
    effects: tuple[Link, ...]
    more_effects: int


class TimelineModel:
    """The lanes of one app. Made by the view; `look_at` says which app, `catch_up` takes what is new."""

    def __init__(self) -> None:
        self.known = Knowledge()
        """What gives names: the present, or the last moment of an app that was before."""
        self.app = AppFacts()
        self.is_present_app = True
        self.filter = RunFilter("")
        self.index = LaneIndex("catalyst")
        self.is_open = True
        """Whether new runs of the app are taken in. Nothing moves while a person looks at the past."""
        self.of_tonics: dict[int, LaneIndex] = {}
        """The lanes of tonics of those catalysts that are unfolded."""
        self._shown = self._live = self.known
        self._stop = 0
        self._finder = OrderFinder()
        self._words: dict[tuple[int, int], str] = {}
        self._tonic_order: dict[int, tuple[int, tuple[int, ...]]] = {}
        self._gaps_seen = 0
        self._gaps: Rows = np.empty((0, 3), np.int64)

    # ---- which app ---------------------------------------------------------------------------------------------

    def look_at(self, session: Session, shown: Knowledge) -> bool:
        """Be about the app that is shown. Returns whether that is another one than before."""
        live = session.live
        app = shown.app if shown.app.has_begun else live.app
        is_same = live is self._live and app.number == self.app.number and app.first_n == self.app.first_n
        self._live, self._shown = live, shown
        self.is_present_app = app.first_n == live.app.first_n
        if self.is_present_app:
            self.known = live
            self._stop = self._stop if is_same else len(live.runs)
        elif not is_same:
            after = next(it for it in (*live.apps, live.app) if it.first_n > app.first_n)
            self.known, self._stop = session.at(after.first_n), live.runs.count_at(after.first_n)
        self.app = self.known.app if self.is_present_app else app
        if not is_same:
            self.of_tonics.clear()
            self._begin()
        return not is_same

    def _begin(self) -> None:
        """Begin the lanes anew: another app, another filter."""
        self._words.clear()
        self._tonic_order.clear()
        self._gaps_seen, self._gaps = 0, self._gaps[:0]
        self._finder = OrderFinder(self._live.orders.count_at(self.app.first_n))
        self.index = self._new_index("catalyst")
        for catalyst in self.of_tonics:
            self.of_tonics[catalyst] = self._new_index("essence", catalyst)

    def _new_index(self, key: str, catalyst: int | None = None) -> LaneIndex:
        return LaneIndex(key, self._first, self._accepts(catalyst))

    def _accepts(self, catalyst: int | None) -> Callable[[dict[str, Column]], npt.NDArray[np.bool_]] | None:
        if catalyst is None and not self.filter:
            return None

        def accepts(columns: dict[str, Column]) -> npt.NDArray[np.bool_]:
            wanted = self.filter.mask(self.known, columns)
            return wanted if catalyst is None else wanted & (columns["catalyst"] == catalyst)

        return accepts

    def set_filter(self, text: str) -> None:
        """Have only runs that fit in the lanes, from now on; `catch_up` finds them."""
        self.filter = RunFilter(text)
        self._begin()

    def catch_up(self, seconds: float) -> bool:
        """Take new runs into the lanes, for about so long. Returns whether all of them are in."""
        if self.is_present_app and self.is_open:
            self._stop = len(self._live.runs)
        until = time.perf_counter() + seconds
        for index in (self.index, *self.of_tonics.values()):
            index.forget_before(self._live.runs.first)
            while not index.extend(self._live.runs, self._stop, PIECE_ROWS):
                if time.perf_counter() >= until:
                    return False
        return True

    @property
    def _first(self) -> int:
        """The oldest run of the app that is still here."""
        return max(self._live.runs.count_at(self.app.first_n), self._live.runs.first)

    @property
    def total(self) -> int:
        """How many runs of the app there are, with those that a filter leaves out."""
        return max(self._stop - self._first, 0)

    @property
    def share(self) -> float:
        """How many of the app's runs were looked at, 0 to 1."""
        seen = min(index.seen for index in (self.index, *self.of_tonics.values()))
        return max(seen - self._first, 0) / self.total if self.total else 1.0

    # ---- lanes -------------------------------------------------------------------------------------------------

    @property
    def density(self) -> Density:
        """Where something is, over the whole time of the app."""
        return self.index.density

    @property
    def catalysts(self) -> list[int]:
        """All that have something to show, in the order of their birth."""
        return sorted({*self.known.catalysts, *self.index.lanes})

    def unfold(self, catalyst: int, unfolded: bool) -> None:
        """Have lanes for the tonics of a catalyst, or no more."""
        if unfolded and catalyst not in self.of_tonics:
            self.of_tonics[catalyst] = self._new_index("essence", catalyst)
        elif not unfolded:
            self.of_tonics.pop(catalyst, None)

    def tonics_of(self, catalyst: int) -> Sequence[int]:
        """The tonics that have lanes below an unfolded catalyst: in the order of birth, the busiest when they are many."""
        index = self.of_tonics.get(catalyst)
        if index is None:
            return ()
        lanes = index.lanes
        count, kept = self._tonic_order.get(catalyst, (-1, ()))
        if count != len(lanes):
            busiest = sorted(lanes, key=lambda it: -len(lanes[it]))[:MOST_TONICS]
            kept = tuple(sorted(busiest))
            self._tonic_order[catalyst] = len(lanes), kept
        return kept

    def lane(self, row: LaneRow) -> Lane | None:
        """The runs of a lane, None when it has none."""
        if not row.is_tonic:
            return self.index.lanes.get(row.catalyst)
        index = self.of_tonics.get(row.catalyst)
        return index.lanes.get(row.tonic) if index is not None else None

    # ---- times -------------------------------------------------------------------------------------------------

    @property
    def began_ns(self) -> int:
        """From when times are counted: the begin of the app, or its earliest run when that was not seen."""
        if self.app.has_begun:
            return self.app.began_ns
        return self.density.first_ns or 0

    @property
    def now_ns(self) -> int:
        """The latest time known of this app."""
        last = max(self.density.last_ns, self.app.ended_ns or 0)
        if self.is_present_app:
            beats = [facts.beat_ns for facts in self.known.catalysts.values()]
            last = max(last, *beats) if beats else last
            # An app whose clock stands before that of the one in front of it: the session's clock never goes back.
            if not self.known.apps:
                last = max(last, self.known.t_ns)
        return max(last, self.began_ns)

    @property
    def span(self) -> tuple[int, int]:
        """From the first to the last time there is something to see."""
        first = self.density.first_ns
        begin = self.began_ns if first is None else min(first, self.began_ns)
        if self._live.runs.first and self.index.lanes:
            # The oldest runs are gone: what is left begins later.
            begin = max(begin, min(lane.began_ns for lane in self.index.lanes.values()))
        return begin, max(self.now_ns, begin + 1)

    def lost(self, scale: TimeScale, width: int) -> Lost:
        """Where flow of this app was lost, in pixels, as far as that is on screen."""
        self._take_gaps()
        left, right = scale.xs_of(self._gaps[:, 0]), scale.xs_of(self._gaps[:, 1])
        seen = (right >= 0) & (left <= width)
        return lost_of(np.maximum(left[seen], -2.0), np.minimum(right[seen], width + 2.0), self._gaps[seen, 2])

    def _take_gaps(self) -> None:
        """Learn of the gaps that came since the last time: with each frame of a flood there may be one more."""
        rows = self.known.gap_rows
        if self._gaps_seen == len(rows):
            return
        new = rows.slice(max(self._gaps_seen, rows.first), len(rows))
        self._gaps_seen = len(rows)
        times = [(gap.t_ns, gap.until_ns, gap.runs) for gap in new if gap.n >= self.app.first_n]
        self._gaps = np.concatenate([self._gaps, np.array(times, np.int64).reshape(-1, 3)])[rows.first - len(rows) :]

    def going(self) -> list[Going]:
        """What had not ended at the moment that is shown, as the last beats said."""
        found = []
        for facts in self._shown.catalysts.values() if self.is_present_app else ():
            if facts.inside == NO_ESSENCE or not facts.since_ns:
                continue
            lane = self.index.lanes.get(facts.id)
            if lane is None or not lane.parts or lane.reach_ns <= facts.since_ns:
                found.append(Going(facts.id, facts.inside, facts.inside_sparkle, facts.since_ns))
        return found

    def moment_at(self, t_ns: int) -> int | None:
        """The number of events after which all runs were known that had ended at a time; None before the first."""
        rows = [lane.last_row_ended_by(t_ns) for lane in self.index.lanes.values()]
        row = max(rows, default=-1)
        runs = self._live.runs
        return runs.row(row).n + 1 if row >= runs.first else None

    def moment_ns(self, shown: Knowledge) -> int:
        """The time of a moment: of the last event then known, as far as the clock of this app tells."""
        if not shown.apps:
            return shown.t_ns
        row = len(shown.runs) - 1
        is_of_app = row >= max(self._live.runs.first, self._live.runs.count_at(self.app.first_n))
        return self._live.runs.row(row).end_ns if is_of_app else self.began_ns

    # ---- runs --------------------------------------------------------------------------------------------------

    @property
    def runs(self) -> Runs:
        """The table of all runs, those of other apps of the process included."""
        return self._live.runs

    def columns(self, names: Sequence[str], rows: Rows) -> dict[str, Column]:
        """Columns of these runs."""
        return self._live.runs.take(names, rows)

    def run(self, row: int) -> RunRow | None:
        """The run in a row of the table, None when it is gone."""
        runs = self._live.runs
        return runs.row(row) if runs.first <= row < len(runs) else None

    def run_of(self, number: int) -> RunRow | None:
        """The run of this app with a number, None when it is not known."""
        return self.known.run_of(number)

    def queued_ns(self, orders: Rows) -> Rows:
        """When orders of this app were queued, -1 where that is not known."""
        return self._finder.queued_ns(self._live.orders, orders)

    def waited_ns(self, run: RunRow) -> int:
        """How long a run had waited, -1 when that is not known."""
        queued = int(self.queued_ns(np.array([run.order]))[0])
        return max(run.begin_ns - queued, 0) if queued >= 0 and run.run == run.order else -1

    def chain(self, run: RunRow) -> Chain:
        """What caused a run and what it caused, one step each."""
        known = self.known
        order = known.cause_of(run)
        cause = None
        if order is not None:
            source = known.run_of(order.run) if order.run > 0 and order.run != run.run else None
            cause = Link(source, order.t_ns, run, order)
        effects = known.effects_of(run.run)
        links = tuple(Link(run, it.t_ns, known.run_of(it.order), it) for it in effects[:MOST_EFFECTS])
        return Chain(run, cause, links, max(len(effects) - MOST_EFFECTS, 0))

    # ---- words -------------------------------------------------------------------------------------------------

    def words(self, essence: int, sparkle: int) -> str:
        """What is written on a run: ``pump 1 · ttse__on_stroke``."""
        found = self._words.get((essence, sparkle))
        if found is None:
            if len(self._words) > 20_000:
                self._words.clear()
            name = figures.short(self.known.essences.name(essence), 60)
            found = self._words[essence, sparkle] = f"{name} · {figures.short(self.known.names.sparkle(sparkle), 60)}"
        return found

    def forget_words(self) -> None:
        """Names may have become known."""
        self._words.clear()

    def lane_name(self, row: LaneRow) -> str:
        """What a lane is called."""
        essence = row.tonic if row.is_tonic else row.catalyst
        facts = self.known.catalysts.get(essence)
        return self.known.essences.name(essence) or (facts.name if facts is not None else "") or f"catalyst {essence}"

    def describe(self, run: RunRow) -> list[tuple[str, str]]:
        """All about a run, as words and values, for a tool tip, a screen reader and the table."""
        known = self.known
        facts = known.essences.get(run.essence)
        cls = facts.cls if facts is not None else -1
        before, after = known.names.state(cls, run.before), known.names.state(cls, run.after)
        waited = self.waited_ns(run)
        order = known.cause_of(run)
        rows: list[tuple[str, str]] = [
            ("began", figures.moment(run.begin_ns, self.began_ns)),
            ("took", figures.duration(run.end_ns - run.begin_ns)),
        ]
        if waited >= 0:
            rows.append(("waited", figures.duration(waited)))
        if run.before >= 0 or run.after >= 0:
            rows.append(("state", before if before == after else f"{before} → {after}"))
        flags = flag_words(run.flags)
        if flags:
            rows.append(("flags", flags))
        if order is not None:
            rows.append(("caused by", self._cause(order)))
            if order.arguments:
                rows.append(("with", figures.short(order.arguments, 80)))
        return rows

    def _cause(self, order: OrderRow) -> str:
        if order.run <= 0:
            return order.cause or "outside"
        source = self.known.run_of(order.run)
        return (
            self.words(source.essence, source.sparkle) if source is not None else self.known.essences.name(order.source)
        )


def flag_words(flags: int) -> str:
    """What was special about a run."""
    return ", ".join(word for flag, word in _FLAGS if flags & flag)


_FLAGS: Final = ((ERROR, "error"), (HOOK, "hook"), (IGNORED, "ignored"), (SYSTEM, "system"))
