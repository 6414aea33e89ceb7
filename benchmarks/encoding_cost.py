"""What it costs to turn rows of the stream into blocks: the sender's work while a probe watches or a recorder writes.

The rows are those of a chain of sparkles that was recorded in full: an order and a run for each sparkle. A row is an event
on the wire. Nothing is compared: the goal is a time, for the machine that ``docs/benchmarks.md`` names.
"""

from __future__ import annotations

import time
from typing import Any

from catalyst_throughput import chain
from side_by_side import Case, Comparison, Row, at_most, scaled

from tasktonic.blocks import StringTable, encode_blocks
from tasktonic.stream import Level, stream


class Keeper:
    """Keeps all rows of orders and runs."""

    level = Level.FLOW

    def __init__(self) -> None:
        self.rows: list[Any] = []

    def on_rows(self, first: int, rows: list[Any]) -> None:
        self.rows += rows


def recorded(sparkles: int) -> list[Any]:
    keeper = Keeper()
    stream.attach(keeper)
    try:
        chain(sparkles)
    finally:
        stream.detach(keeper)
    return keeper.rows


def flow(scale: float) -> dict[str, Case]:
    count = scaled(100_000, scale)
    rows = recorded(count // 2 + 2)[:count]

    def encode(events: int) -> float:
        strings = StringTable()
        began = time.thread_time()
        encode_blocks(0, rows, strings)
        return time.thread_time() - began

    return {"encode": Case(encode, len(rows))}


COMPARISONS = (
    Comparison(
        "encoding",
        flow,
        (Row("encode a row of the flow into blocks", "encode", "", at_most(300, "ns"), "–"),),
    ),
)
