"""Everything about one row of a comparison, here and there, fact by fact. Pure, no Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from tasktonic_studio.session.comparing.comparison import Comparison, Facet
from tasktonic_studio.session.comparing.side import Side
from tasktonic_studio.session.comparing.words import outcome

NOTHING: Final = "—"
_MOST_EFFECTS: Final = 12


class PairFact(NamedTuple):
    """A fact with its two values; `differs` only for what is compared: times never are."""

    title: str
    here: str
    there: str
    differs: bool


def facts_of(
    comparison: Comparison, row: int, moment: Callable[[int, int], str], duration: Callable[[int], str]
) -> list[PairFact]:
    """All facts of a row. `moment` and `duration` write times: (time, begin of the app), and lengths."""
    sides = (
        (comparison.side_here, int(comparison.here[row])),
        (comparison.side_there, int(comparison.there[row])),
    )
    facets = Facet(int(comparison.facets[row]))

    def fact(title: str, tell: Callable[[Side, int], str], facet: int = 0) -> PairFact:
        here, there = (tell(side, item) if item >= 0 else NOTHING for side, item in sides)
        return PairFact(title, here, there, bool(facets & facet))

    return [
        fact("Run", lambda side, item: str(int(side.number[item]))),
        fact("Caused by", _cause),
        fact("Arguments", lambda side, item: side.arguments_of(item) or NOTHING, Facet.ARGUMENTS),
        fact("State before", lambda side, item: side.state(item, int(side.before[item])), Facet.BEFORE),
        fact("State after", lambda side, item: side.state(item, int(side.after[item])), Facet.AFTER),
        fact("What it did", outcome, Facet.HANDLING | Facet.RAN),
        fact("Exception", lambda side, item: side.error_of(item) or NOTHING, Facet.ERROR),
        fact("Effects", _effects, Facet.EFFECTS),
        fact("Began", lambda side, item: moment(int(side.begin_ns[item]), side.began_ns)),
        fact("Took", lambda side, item: duration(int(side.end_ns[item]) - int(side.begin_ns[item]))),
        fact("Waited", lambda side, item: duration(max(0, int(side.begin_ns[item]) - int(side.ordered_ns[item])))),
    ]


def _cause(side: Side, item: int) -> str:
    parent = int(side.parent[item])
    cause = side.cause_of(item)
    return f"{cause} (run {int(side.number[parent])})" if parent >= 0 else cause


def _effects(side: Side, item: int) -> str:
    caused = side.effects_of(item)
    names = [side.title_of(effect) for effect in caused[:_MOST_EFFECTS].tolist()]
    more = [f"{len(caused) - _MOST_EFFECTS:,} more"] if len(caused) > _MOST_EFFECTS else []
    return ", ".join([*names, *more]) or NOTHING


def telling(comparison: Comparison, row: int, *, is_here: bool) -> str:
    """What a row shows for one side, in a few words: what differs when something does, else what became of it."""
    side = comparison.side_here if is_here else comparison.side_there
    item = int((comparison.here if is_here else comparison.there)[row])
    if item < 0:
        return NOTHING
    facets = Facet(int(comparison.facets[row]))
    parts = []
    if facets & Facet.ARGUMENTS:
        parts.append(side.arguments_of(item) or "no arguments")
    if not facets or facets & ~(Facet.ARGUMENTS | Facet.EFFECTS):
        parts.append(outcome(side, item))
    if facets & Facet.EFFECTS:
        count = len(side.effects_of(item))
        parts.append(f"{count:,} effect{'' if count == 1 else 's'}")
    return "; ".join(parts)
