"""What a record cannot know: what was before it began, what was not noted, what was lost, what was forgotten.

Facts always come, so births, states, timers and the store are known from the moment at which somebody came. Orders and runs
come only at a level, may be lost, and are forgotten when there are too many. Who answers a question about a stretch of time
asks here what is missing in it, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final, NamedTuple

from tasktonic_studio.session.answers import NOWHERE, Reason, Role, Sentence, seconds_since
from tasktonic_studio.session.knowledge import GapFacts, Knowledge

RUNS_LEVEL: Final = 1
"""Levels as in `tasktonic.events.LevelSet`: runs without times."""
FLOW_LEVEL: Final = 2
"""Orders and runs."""
_FOREVER: Final = 1 << 62
MOST_GAPS: Final = 5
"""So many gaps are told one by one."""


class Unseen(NamedTuple):
    """A stretch of time in which something may have happened that the record does not have; `why` is a sentence."""

    from_ns: int
    until_ns: int
    why: str
    moment: int = NOWHERE
    is_gap: bool = False

    def sentence(self) -> Sentence:
        """For an answer."""
        reason = Reason.LOST if self.is_gap else Reason.UNKNOWN
        at = self.from_ns if 0 < self.from_ns < _FOREVER else None
        return Sentence(Role.UNKNOWN, (self.why,), at, moment=self.moment, reason=reason, count=1)


def noted_from_ns(known: Knowledge) -> int:
    """From when on orders and runs of the present app are in the record; a time far ahead when they never were."""
    for level in _levels(known):
        if level[2] >= FLOW_LEVEL:
            return level[1]
    first = known.orders.count_at(known.app.first_n)
    return known.orders.row(first).t_ns if known.orders.first <= first < len(known.orders) else _FOREVER


def counts_now(known: Knowledge) -> bool:
    """Whether catalysts count their sparkles at this moment. While runs are left out they do not, and are no less busy for that."""
    return not known.levels or known.levels[-1][2] >= FLOW_LEVEL


def was_there_before(known: Knowledge, essence: int) -> bool:
    """Whether an essence lived already when the record of orders began, so that some may have come before."""
    facts = known.essences.get(essence)
    return facts is None or facts.born_ns < noted_from_ns(known)


def unseen_flow(known: Knowledge, from_ns: int, until_ns: int, *, orders: bool = True) -> list[Unseen]:
    """What is missing of orders (or else of runs) between two times of the present app, as sentences; nothing: all is there."""
    found = [
        *_before_the_record(known, from_ns),
        *_forgotten(known, from_ns, orders=orders),
        *_not_noted(known, from_ns, until_ns),
        *_lost(known, from_ns, until_ns, orders=orders),
    ]
    if known.target.damage and until_ns >= known.t_ns:
        found.append(Unseen(known.t_ns, _FOREVER, f"The file ends early: {known.target.damage}"))
    return found


def unseen_facts(known: Knowledge, essence: int) -> list[Unseen]:
    """What is missing of the facts about an essence: what was before somebody came, and what was forgotten."""
    facts = known.essences.get(essence)
    start_ns = told_from_ns(known)
    if start_ns and (facts is None or facts.born_ns < start_ns):
        name = known.essences.name(essence)
        return [
            Unseen(
                0,
                start_ns,
                f"{name} lived before the record began, at {_at(known, start_ns)}: of that nothing is known.",
            )
        ]
    first = known.happenings.first
    if first > known.happenings.count_at(known.app.first_n):
        t_ns = known.happenings.row(first).t_ns
        if facts is None or facts.born_ns < t_ns:
            return [Unseen(0, t_ns, f"What happened before {_at(known, t_ns)} has been forgotten: it is too long ago.")]
    return []


def told_from_ns(known: Knowledge) -> int:
    """When the record of facts began, if the app lived already by then; 0 when it is there from the begin."""
    return known.late_ns


def gap_after(known: Knowledge, t_ns: int) -> GapFacts | None:
    """The first loss of runs that reaches past a time, None for none."""
    return next((gap for gap in known.gaps if gap.n >= known.app.first_n and gap.until_ns >= t_ns), None)


# ---- the four kinds


def _before_the_record(known: Knowledge, from_ns: int) -> list[Unseen]:
    start_ns = noted_from_ns(known)
    if start_ns == _FOREVER:
        return [Unseen(0, _FOREVER, "No order is in the record: it was made at a level that leaves them out.")]
    if from_ns >= start_ns or not told_from_ns(known):
        return []
    return [Unseen(0, start_ns, f"The record of calls begins at {_at(known, start_ns)}; what was before is not known.")]


def _forgotten(known: Knowledge, from_ns: int, *, orders: bool) -> list[Unseen]:
    table = known.orders if orders else known.runs
    if table.first <= table.count_at(known.app.first_n) and table.first == 0:
        return []
    if table.first >= len(table):
        return []
    t_ns = int(table.column("t_ns" if orders else "begin_ns", table.first, table.first + 1)[0])
    if table.first == 0 or from_ns >= t_ns:
        return []
    what = "Orders" if orders else "Runs"
    return [Unseen(0, t_ns, f"{what} before {_at(known, t_ns)} have been forgotten: there are too many since.")]


def _not_noted(known: Knowledge, from_ns: int, until_ns: int) -> list[Unseen]:
    found: list[Unseen] = []
    levels = [*_levels(known), (known.n, _FOREVER, FLOW_LEVEL)]
    for (n, begin_ns, level), (_, end_ns, _) in pairwise(levels):
        if level < FLOW_LEVEL and begin_ns <= until_ns and end_ns > from_ns:
            what = "runs without times" if level == RUNS_LEVEL else "facts"
            until = "until now" if end_ns == _FOREVER else f"until {_at(known, end_ns)}"
            why = f"From {_at(known, begin_ns)} {until} only {what} were noted, no orders: nobody wanted more, or the probe saved."
            found.append(Unseen(begin_ns, end_ns, why, n + 1))
    return found


def _lost(known: Knowledge, from_ns: int, until_ns: int, *, orders: bool) -> list[Unseen]:
    lost: Callable[[GapFacts], int] = (lambda gap: gap.orders) if orders else (lambda gap: gap.runs)
    gaps = [
        gap
        for gap in known.gaps
        if gap.n >= known.app.first_n
        and gap.t_ns <= until_ns
        and gap.until_ns >= from_ns
        and (lost(gap) or not gap.runs)
    ]
    found = [Unseen(gap.t_ns, gap.until_ns, _gap_words(known, gap), gap.n + 1, True) for gap in gaps[-MOST_GAPS:]]
    if len(gaps) > MOST_GAPS:
        first, count = gaps[0], len(gaps) - MOST_GAPS
        why = f"{count:,} more gaps lie before, the first at {_at(known, first.t_ns)}."
        found.insert(0, Unseen(first.t_ns, gaps[-MOST_GAPS].t_ns, why, first.n + 1, True))
    return found


def _gap_words(known: Knowledge, gap: GapFacts) -> str:
    return (
        f"Between {_at(known, gap.t_ns)} and {_at(known, gap.until_ns)} {gap.orders:,} orders and {gap.runs:,} runs were lost; "
        "it may be among them."
    )


def _levels(known: Knowledge) -> list[tuple[int, int, int]]:
    """(number of event, time, level) of each change of the level, as far as the present app saw it."""
    here = [level for level in known.levels if level[0] >= known.app.first_n]
    before = [level for level in known.levels if level[0] < known.app.first_n]
    return here or before[-1:]


def _at(known: Knowledge, t_ns: int) -> str:
    return seconds_since(known.app.began_ns, t_ns)
