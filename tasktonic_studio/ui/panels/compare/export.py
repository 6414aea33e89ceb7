"""A comparison as CSV or as text. No Qt; any thread, for a comparison never changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from tasktonic_studio.session.comparing.comparison import Comparison, Mark
from tasktonic_studio.session.comparing.side import Side
from tasktonic_studio.session.comparing.words import (
    MARK_WORDS,
    explain,
    facet_words,
    mark_of,
    outcome,
    reservations,
    verdict,
)
from tasktonic_studio.ui.widgets.csv_text import csv_lines

_OF_SIDE: Final = ("run", "begin_seconds", "arguments", "state_before", "state_after", "outcome")
FIELDS: Final = (
    "mark", "differs_in", "not_reached", "tonic", "sparkle", "cause",
    *(f"{field}_here" for field in _OF_SIDE), *(f"{field}_there" for field in _OF_SIDE),
)  # fmt: skip


def csv_of(comparison: Comparison, rows: Iterable[int]) -> Iterator[str]:
    """A heading and a line per row; seconds are since the begin of each app."""
    return csv_lines(FIELDS, (_values(comparison, row) for row in rows))


def _values(comparison: Comparison, row: int) -> tuple[object, ...]:
    here, there = int(comparison.here[row]), int(comparison.there[row])
    side, one = (comparison.side_here, here) if here >= 0 else (comparison.side_there, there)
    return (
        MARK_WORDS[mark_of(comparison, row)],
        facet_words(comparison, row),
        bool(comparison.beyond[row]),
        side.tonic(one),
        side.sparkle_name(one),
        side.cause_of(one),
        *_values_of(comparison.side_here, here),
        *_values_of(comparison.side_there, there),
    )


def _values_of(side: Side, item: int) -> tuple[object, ...]:
    if item < 0:
        return (None,) * len(_OF_SIDE)
    return (
        int(side.number[item]),
        round((int(side.begin_ns[item]) - side.began_ns) / 1e9, 9),
        side.arguments_of(item),
        side.state(item, int(side.before[item])),
        side.state(item, int(side.after[item])),
        outcome(side, item),
    )


def text_of(comparison: Comparison, rows: Iterable[int]) -> Iterator[str]:
    """What is compared, the verdict, and a sentence for each of these rows that differs."""
    yield f"Here:  {comparison.side_here.title}\n"
    yield f"There: {comparison.side_there.title}\n"
    yield f"\n{verdict(comparison)}\n"
    for sentence in reservations(comparison):
        yield f"{sentence}\n"
    counts = ", ".join(f"{comparison.count(mark):,} {MARK_WORDS[mark]}" for mark in Mark)
    yield f"\n{len(comparison):,} rows: {counts}\n\n"
    for row in rows:
        if mark_of(comparison, row) != Mark.SAME:
            yield f"{MARK_WORDS[mark_of(comparison, row)]:<11} {explain(comparison, row)}\n"
