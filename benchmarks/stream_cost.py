"""What observation costs a sparkle: nobody, the empty slot, a reader of runs, and the full flow.

The same chain of sparkles runs without a reader, with one that only wants facts (the slot is filled, the flow is off), with one
that gets a row per run, and with one that gets a row per order and per run with numbers and times, which is what a recorder
takes. Readers count rows and drop them.
"""

from __future__ import annotations

from typing import Any

from catalyst_throughput import chain
from side_by_side import Case, Comparison, Row, at_most, scaled

from tasktonic.stream import Level, stream


class Counter:
    """Counts rows."""

    def __init__(self, level: Level) -> None:
        self.level = level
        self.rows = 0

    def on_rows(self, first: int, rows: list[Any]) -> None:
        self.rows += len(rows)


def watched_chain(count: int, level: Level) -> float:
    reader = Counter(level)
    stream.attach(reader)
    try:
        return chain(count)
    finally:
        stream.detach(reader)
        wanted = {Level.FACTS: 0, Level.RUNS: count, Level.FLOW: 2 * count}[level]
        if reader.rows < wanted:
            raise AssertionError(f"a reader at level {level.name} saw {reader.rows} rows of {wanted}")


def facts_only(count: int) -> float:
    return watched_chain(count, Level.FACTS)


def row_per_run(count: int) -> float:
    return watched_chain(count, Level.RUNS)


def full_flow(count: int) -> float:
    return watched_chain(count, Level.FLOW)


def readers(scale: float) -> dict[str, Case]:
    runs = {"nobody": chain, "slot": facts_only, "runs": row_per_run, "flow": full_flow}
    return {name: Case(run, scaled(200_000, scale)) for name, run in runs.items()}


_NOBODY = "the chain without a reader"

COMPARISONS = (
    Comparison(
        "readers",
        readers,
        (
            Row("the chain with an empty observer slot", "slot", "nobody", at_most(1.03), _NOBODY),
            Row("the chain with a Python reader, a row per run", "runs", "nobody", at_most(1.35), _NOBODY),
            Row("the chain fully recorded, a row per order and run", "flow", "nobody", at_most(2.3), _NOBODY),
        ),
    ),
)
