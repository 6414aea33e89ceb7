"""Which breakpoints are asked when: found once per class, so that the others cost next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from tasktonic.rules import Breakpoint, matches_name
from tasktonic.rules.breakpoint import AFTER_NEWS, AFTER_RUN, BEFORE, CONDITION, DURATION, EXCEPTION, PATH, SPARKLE
from tasktonic.states import ClassTable

from .living import kinds_of


@dataclass(slots=True, eq=False)
class Live:
    """A breakpoint that is set, and what has become of it. Changed only under the lock of the breaker."""

    owner: str
    breakpoint: Breakpoint
    given: Breakpoint
    """As its owner has set it."""
    fitted: int = 0
    """How often all its terms held."""
    hits: int = 0
    true_of: set[int] = field(default_factory=set)
    """Of one that is only a condition: the ids of the tonics for which it held when it was last asked."""
    most_true: int = 256
    """When it has held for so many, those that have finished are forgotten."""

    def held_before(self, tonic: int, holds: bool, lives: Callable[[int], object]) -> bool:
        """Note whether the condition holds for a tonic now; returns whether it did when it was last asked.

        ``lives`` says whether there still is one with an id. In the thread of any catalyst.
        """
        did = tonic in self.true_of
        (self.true_of.add if holds else self.true_of.discard)(tonic)
        if len(self.true_of) >= self.most_true:
            gone = {other for other in self.true_of.copy() if not lives(other)}  # copied at once: others add to it
            self.true_of -= gone
            self.most_true = max(256, 2 * len(self.true_of))
        return did

    def switch_off(self) -> None:
        self.breakpoint = replace(self.breakpoint, enabled=False)


Candidates = tuple[tuple[Live, ...], tuple[Live, ...]]
"""To be asked before an order of a sparkle, and after its run."""

Row = list[Candidates | None]
"""By slot of a class; ``None`` for a sparkle that no breakpoint is about."""


class Rows(dict[type, Row | None]):
    """The row of each class, made when it is first met; ``None`` for a class that no breakpoint is about."""

    def __init__(self, before: tuple[Live, ...], after: tuple[Live, ...]) -> None:
        super().__init__()
        self._before = before
        self._after = after

    def __missing__(self, cls: type) -> Row | None:
        table: ClassTable | None = getattr(cls, "_tt_class", None)
        row = None if table is None else self._row_of(table)
        self[cls] = row
        return row

    def _row_of(self, table: ClassTable) -> Row | None:
        row: Row = []
        for sparkle in table.sparkles:
            before = _may_concern(self._before, table, sparkle.called, asks_system=False)
            after = _may_concern(self._after, table, sparkle.called, asks_system=True)
            row.append((before, after) if before or after else None)
        return row if any(row) else None


class Plan:
    """What is set at one time. Never changed: another list of breakpoints is another plan."""

    def __init__(self, lives: Iterable[Live]) -> None:
        enabled = [live for live in lives if live.breakpoint.enabled]
        by_when = {
            when: tuple(live for live in enabled if live.breakpoint.is_looked_at() == when)
            for when in (BEFORE, AFTER_RUN, AFTER_NEWS)
        }
        self.is_empty = not enabled
        self.news = by_when[AFTER_NEWS]
        self.asks_at_orders = bool(by_when[BEFORE] or by_when[AFTER_RUN])
        self.rows = Rows(by_when[BEFORE], by_when[AFTER_RUN])
        self.wants_stores = any(term.kind in (PATH, EXCEPTION) for live in enabled for term in live.breakpoint.terms)


def _may_concern(lives: tuple[Live, ...], table: ClassTable, sparkle: str, *, asks_system: bool) -> tuple[Live, ...]:
    """Those that may fit an order of this sparkle, judged by what is known of the class."""
    is_system = sparkle.startswith("_")
    found = []
    for live in lives:
        terms = [term for term in live.breakpoint.terms if not term.negated]
        names = [term.what for term in terms if term.kind == SPARKLE]
        if is_system and not names and not asks_system:
            continue
        if is_system and not all(name.startswith("_") for name in names):
            continue
        if not all(matches_name(name, sparkle) for name in names):
            continue
        patterns = [term.cls for term in terms if term.kind in (SPARKLE, DURATION, CONDITION) and term.cls]
        if all(any(matches_name(cls, kind) for kind in kinds_of(table)) for cls in patterns):
            found.append(live)
    return tuple(found)
