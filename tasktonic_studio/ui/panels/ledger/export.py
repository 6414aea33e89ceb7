"""Tonics as CSV. No Qt; any thread, for what is known at a moment never changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.widgets.csv_text import csv_lines
from tasktonic_studio.ui.widgets.essence_words import state_words

FIELDS: Final = (
    "id", "name", "class", "above", "state", "life", "catalyst", "sparkles", "errors", "born_seconds",
    "ended_seconds", "last_seconds", "last_sparkle",
)  # fmt: skip


def csv_of(known: Knowledge, accepts: Callable[[int], bool] | None) -> Iterator[str]:
    """A heading and a line per tonic that is wanted, in order of birth; seconds are since the app began."""
    wanted = (essence for essence in known.essences if accepts is None or accepts(essence))
    return csv_lines(FIELDS, (_values(known, essence) for essence in wanted))


def _values(known: Knowledge, essence: int) -> tuple[object, ...]:
    facts = known.essences.get(essence)
    if facts is None:
        return (essence,)
    above = known.essences.get(facts.context)
    return (
        facts.id,
        facts.name,
        known.names.cls(facts.cls),
        above.name if above is not None else "",
        state_words(known, facts)[1],
        facts.life,
        known.essences.name(facts.catalyst) if facts.catalyst >= 0 else "",
        facts.sparkles,
        facts.errors,
        _seconds(known, facts.born_ns),
        _seconds(known, facts.ended_ns or 0),
        _seconds(known, facts.last_ns),
        known.names.sparkle(facts.last_sparkle) if facts.last_sparkle >= 0 else "",
    )


def _seconds(known: Knowledge, t_ns: int) -> float | None:
    return round((t_ns - known.app.began_ns) / 1e9, 9) if t_ns else None
