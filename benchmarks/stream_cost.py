"""What observation costs a sparkle: nobody, the empty slot, a reader of runs, and the full flow.

    python benchmarks/stream_cost.py [--quick]

The same chain of sparkles runs without a reader, with one that only wants facts (the slot is filled, the flow is off), with one
that gets a row per run, and with one that gets a row per order and per run with numbers and times. Readers count rows and
drop them. Lower is better.
"""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from catalyst_throughput import bare_chain, chain
from side_by_side import measure, rate, ratio

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and counts: for a look, not for quoting")
    quick = parser.parse_args().quick
    count, rounds = (20_000, 3) if quick else (200_000, 9)
    figures = measure(
        {
            "bare": lambda: bare_chain(count),
            "nobody": lambda: chain(count),
            "slot": lambda: watched_chain(count, Level.FACTS),
            "runs": lambda: watched_chain(count, Level.RUNS),
            "flow": lambda: watched_chain(count, Level.FLOW),
        },
        rounds,
    )
    print(f"Python {platform.python_version()}, {rounds} rounds, {count} sparkles")
    print(f"{'reader':40} {'M/s':>6} {'cost':>6}  goal")
    rows = [
        ("nobody", "nobody", ""),
        ("only facts: the flow is off", "slot", "at most 1.03"),
        ("a row per run", "runs", "at most 1.35"),
        ("a row per order and run, timed", "flow", "at most 2.3"),
    ]
    for title, name, goal in rows:
        print(f"{title:40} {rate(figures, name, count):6.2f} {ratio(figures, name, 'nobody'):6.2f}  {goal}")


if __name__ == "__main__":
    main()
