"""Comparing two runs of a million events in the real Studio: how long until the first difference is shown, and how the window does.

One pair is of runs that are alike, the other of runs of which hardly anything has the same cause: the begin and the end of
what a comparison has to look through.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

from studio.apart import measure_apart
from studio.made import BUSY, a_file_of
from studio.rows import Row, resident_mb
from studio.window import LoopProbe, use_studio
from tests.helpers.real_studio import Person

MILLION = 1_000_000


def rows(scale: float) -> Iterator[Row]:
    """All rows of comparing."""
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        here, alike, unlike = (Path(folder, f"{name}.ttt") for name in ("here", "alike", "unlike"))
        events = int(MILLION * scale)
        count = a_file_of(here, events)
        a_file_of(alike, events)
        a_file_of(unlike, events, BUSY._replace(seed=2))
        for words, there in (("alike", alike), ("unlike", unlike)):
            found = measure_apart("comparing", "compared", here=str(here), there=str(there), events=count)
            of = f"comparing two runs of 1 M events, {words}"
            yield Row(of, None, "s", found["took_s"], f"{found['different']:,} of {found['rows']:,} rows differ")
            yield Row(f"{of}: longest gap", 100, "ms", found["gaps"]["longest"])
            yield Row(f"{of}: memory of the Studio", None, "MB", found["mb"], f"{found['before_mb']:.0f} before")


def compared(here: str, there: str, events: int) -> dict[str, Any]:
    """Open one, compare it with the other. In a process of its own."""
    found: dict[str, Any] = {}

    def steps(person: Person) -> Generator[Callable[[], Any], None, None]:
        person.bench.requests.open_run(here)
        yield lambda: person.live.n >= events and person.live.target.status == "ended"
        view = person.panel("compare")
        yield lambda: person.bench.clock.is_idle
        found["before_mb"] = resident_mb()
        probe = LoopProbe()
        probe.start()
        began = time.perf_counter()
        view.compare(there)
        yield lambda: view.comparison is not None
        # Its rows are painted when this comes around.
        found["took_s"] = time.perf_counter() - began
        found["gaps"] = probe.stop()
        found["rows"], found["different"] = len(view.comparison), len(view.comparison.different)
        found["mb"] = resident_mb()

    use_studio([], steps)
    return found
