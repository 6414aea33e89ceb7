"""What recording costs: a sparkle with a recorder and with the flight recorder on, bytes per event, opening a long trace.

    python benchmarks/recording_cost.py [--quick]

Times of a sparkle are processor time of the thread that runs it, as what it costs the app; the recorder's own thread comes
on top and is shown apart. The goal of the flight recorder is 0.35 µs a sparkle on the reference machine.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from catalyst_throughput import chain

from tasktonic.recorder import flight, record
from tasktonic.stream import Level, stream
from tasktonic.trace import TraceReader, TraceWriter


class Counter:
    """Takes the full flow and drops it."""

    level = Level.FLOW

    def on_rows(self, first: int, rows: list[Any]) -> None:
        pass


def with_flow(count: int) -> float:
    reader = Counter()
    stream.attach(reader)
    try:
        return chain(count)
    finally:
        stream.detach(reader)


def with_flight(count: int) -> float:
    flight.start("unused.ttt", on=())
    try:
        return chain(count)
    finally:
        flight.stop()


def with_recorder(count: int, path: Path) -> float:
    with record(path):
        return chain(count)


def costs(count: int, rounds: int, path: Path) -> dict[str, list[float]]:
    cases: dict[str, Callable[[], float]] = {
        "nobody": lambda: chain(count),
        "full flow": lambda: with_flow(count),
        "flight": lambda: with_flight(count),
        "recorder": lambda: with_recorder(count, path),
    }
    figures: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds + 1):
        for name, case in cases.items():
            figures[name].append(case() / count * 1e6)
    return {name: seconds[1:] for name, seconds in figures.items()}


def long_trace(events: int, path: Path) -> float:
    """Write a trace of so many events; the processor time of one, in microseconds."""
    writer = TraceWriter(path, {}, with_sources=False)
    sparkles = [SimpleNamespace(id=1)]
    tonic = SimpleNamespace(
        _tt_id=1, _tt_catalyst=SimpleNamespace(_tt_id=0), _tt_class=SimpleNamespace(sparkles=sparkles)
    )
    spent = 0.0
    for first in range(0, events, 4_096):
        rows: list[Any] = []
        for number in range(first // 2 + 1, first // 2 + 2_049):
            order = (tonic, 0, 1, number, None, "outside", number - 1, number, number * 1_000)
            rows += (order, (order, number * 1_000 + 300, number * 1_000 + 800, 0, 1, 0, number))
        began = time.thread_time()
        writer.add_rows(first, rows)
        spent += time.thread_time() - began
    writer.close()
    return spent / writer.events * 1e6


def opening(path: Path) -> tuple[float, float]:
    """Seconds to open a trace, and from there to an event in its middle."""
    began = time.perf_counter()
    with TraceReader(path) as reader:
        opened = time.perf_counter()
        next(reader.happened(reader.events // 2))
        return opened - began, time.perf_counter() - opened


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and events: for a look, not for quoting")
    quick = parser.parse_args().quick
    count, rounds, events = (30_000, 3, 500_000) if quick else (300_000, 7, 10_000_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run.ttt")
        print(f"Python {platform.python_version()}, {rounds} rounds, {count} sparkles")
        figures = costs(count, rounds, path)
        nobody = statistics.median(figures["nobody"])
        for name, seconds in figures.items():
            middle = statistics.median(seconds)
            print(f"{name:12} {middle:6.3f} µs a sparkle, {middle - nobody:+6.3f}")
        with TraceReader(path) as reader:
            print(f"a recording has {reader.size / reader.events:.1f} bytes an event (goal: about 10)")
        cost = long_trace(events, path)
        data = path.read_bytes()
        print(f"{events:,} events: {cost:.2f} µs to write one, {len(data) / events:.1f} bytes each")
        opened, found = opening(path)
        print(f"opened in {opened * 1e3:.1f} ms, an event in its middle {found * 1e3:.1f} ms later (goal: 500)")
        path.write_bytes(data[:-1_000])
        opened, found = opening(path)
        print(f"the same without its index: {opened * 1e3:.1f} ms, and {found * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
