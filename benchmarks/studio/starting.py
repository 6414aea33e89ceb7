"""How long one waits before there is anything to look at: the Studio itself, and a script that it starts."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import psutil

from studio.apart import measure_apart
from studio.rows import Row, resident_mb
from studio.window import use_studio
from tests.helpers.real_studio import Person

TIMES = 5
PLANT = Path(__file__).resolve().parents[2] / "examples" / "watch_me.py"


def rows(scale: float) -> Iterator[Row]:
    """Start and idle memory; the median of some starts, after one that warms the disk. A look at it takes fewer."""
    found = [measure_apart("starting", "started") for _ in range(TIMES + 1 if scale >= 1.0 else 2)][1:]
    for what, goal, unit, key in (
        ("cold start to a usable window", 1.5, "s", "start_s"),
        ("F5 to the first row of the ledger", 0.7, "s", "ledger_s"),
        ("memory when idle, on the start page", 250, "MB", "idle_mb"),
    ):
        values = sorted(it[key] for it in found)
        yield Row(
            what, goal, unit, values[len(values) // 2], f"{values[0]:.3g} to {values[-1]:.3g}, {len(values)} starts"
        )


def started() -> dict[str, Any]:
    """Start the Studio, and in it the plant. In a process of its own."""
    found: dict[str, Any] = {}

    def steps(person: Person) -> Generator[Callable[[], Any], None, None]:
        # The window is on screen, active, and its loop turns; what the process did before is within.
        found["start_s"] = time.time() - psutil.Process().create_time()
        yield lambda: person.bench.clock.is_idle
        gc.collect()
        found["idle_mb"] = resident_mb()
        ledger = person.bench.area.dock("ledger").widget()
        person.bench.requests.launch(str(PLANT), ("1",))
        yield lambda: person.live.target.status == "ended"
        began = time.perf_counter()
        person.bench.run("run.start")
        yield lambda: person.live.target.status != "ended" and ledger.model.matches > 0
        found["ledger_s"] = time.perf_counter() - began

    use_studio([], steps)
    return found
