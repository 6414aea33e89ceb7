"""Runs as CSV. No Qt; any thread, for what is known at a moment never changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from tasktonic.events import HOOK
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.timeline import RunRow
from tasktonic_studio.ui.panels.trace.model import cause_words, flag_words
from tasktonic_studio.ui.widgets.csv_text import csv_lines

FIELDS: Final = (
    "run", "begin_seconds", "took_seconds", "waited_seconds", "catalyst", "tonic", "class", "sparkle", "state_before",
    "state_after", "flags", "cause", "arguments", "probes",
)  # fmt: skip


def csv_of(known: Knowledge, items: Iterable[int]) -> Iterator[str]:
    """A heading and a line per run of the present app; ``begin_seconds`` is since it began. Forgotten runs are left out."""
    runs = (run for item in items for run in known.runs.rows(item, item + 1))
    return csv_lines(FIELDS, (_values(known, run) for run in runs if run.n >= known.app.first_n))


def _values(known: Knowledge, run: RunRow) -> tuple[object, ...]:
    facts, order = known.essences.get(run.essence), known.order_of(run.order)
    cls = facts.cls if facts is not None else -1
    has_waited = order is not None and not run.flags & HOOK
    return (
        run.run,
        round((run.begin_ns - known.app.began_ns) / 1e9, 9),
        round((run.end_ns - run.begin_ns) / 1e9, 9),
        round(max(0, run.begin_ns - order.t_ns) / 1e9, 9) if order is not None and has_waited else None,
        known.essences.name(run.catalyst),
        known.essences.name(run.essence),
        known.names.cls(cls) if cls >= 0 else "",
        known.names.sparkle(run.sparkle),
        known.names.state(cls, run.before) if run.before >= 0 else "",
        known.names.state(cls, run.after) if run.after >= 0 else "",
        flag_words(run.flags),
        cause_words(known, order),
        order.arguments if order is not None else "",
        known.distillation.probe_words(run.run),
    )
