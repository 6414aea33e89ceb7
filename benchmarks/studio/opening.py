"""Opening a long trace in the real Studio: how long until there is something to see, and until all of it can be searched.

The file has runs of 1,000 tonics with their orders, changes of state, a store of 10,000 paths, lines of the log and beats.
Something useful: the ledger and the trace of the arrangement Analyse show rows. Searchable: the session has all events, and a
search is about all of them. Then the time cursor goes to moments all over the run.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from studio.apart import measure_apart
from studio.made import Plan, a_file_of
from studio.rows import Row, Stopwatch, resident_mb
from studio.window import LoopProbe, use_studio
from tests.helpers.real_studio import Person

MILLION = 1_000_000
MANY_TONICS = 100_000
MOMENTS = 60
WARM_EVENTS = 600_000
"""So many that another process reads most of them."""


def rows(scale: float) -> Iterator[Row]:
    """All rows of opening."""
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        # Where nothing may be written the process that reads ahead would compile its modules each time; no second one of a user does.
        bytecode = str(Path(folder, "bytecode"))
        if scale >= 1.0:
            warm = Path(folder, "warm.ttt")
            measure_apart("opening", "opened", bytecode, file=str(warm), events=a_file_of(warm, WARM_EVENTS))
        for millions in (1, 10):
            file = Path(folder, f"{millions}.ttt")
            events = a_file_of(file, int(millions * MILLION * scale))
            yield from _rows_of(f"trace of {millions} M events", file, events, millions, bytecode)
            file.unlink()
        tonics = int(MANY_TONICS * scale)
        file = Path(folder, "many.ttt")
        events = a_file_of(file, tonics, Plan(tonics=tonics, moves=4.0))
        found = measure_apart("opening", "opened", bytecode, file=str(file), events=events)
        of = "trace of 100,000 living tonics"
        yield Row(f"{of}: all in the ledger", 1.0, "s", found["ledger_s"], f"{events:,} events")
        yield Row(f"{of}: longest gap", 100, "ms", found["gaps"]["longest"])


def _rows_of(of: str, file: Path, events: int, millions: int, bytecode: str) -> Iterator[Row]:
    yield Row(f"{of}: on disk", 10, "bytes an event", file.stat().st_size / events, f"{events:,} events")
    found = measure_apart("opening", "opened", bytecode, file=str(file), events=events)
    yield Row(f"{of}: opened, something useful", 0.5, "s", found["useful_s"], f"{found['useful_n']:,} events by then")
    more = f"processor time of the window {found['processor_s']:.2f} s"
    yield Row(f"{of}: opened, searchable", 3.0, "s", found["all_s"], more)
    yield Row(f"{of}: opening, longest gap", 100, "ms", found["gaps"]["longest"])
    yield Row(f"{of}: opening, p99 of gaps", 50, "ms", found["gaps"]["p99"])
    yield Row(f"{of}: a search in all of it", None, "s", found["search_s"], f"{found['hits']:,} runs found")
    moment = found["moment_ms"]
    more = f"median {moment['median']:.1f}, longest {moment['longest']:.1f}, processor p95 {moment['processor']:.1f}"
    yield Row(f"{of}: any moment, all panels of Analyse", 50, "ms", moment["p95"], more)
    goal = 1_200 if millions == 10 else None
    yield Row(f"{of}: memory of the Studio", goal, "MB", found["mb"], f"{found['idle_mb']:.0f} before it was opened")


def opened(file: str, events: int) -> dict[str, Any]:
    """Open the file in a new Studio and look at it. In a process of its own."""
    found: dict[str, Any] = {}

    def steps(person: Person) -> Generator[Callable[[], Any], None, None]:
        person.bench.set_arrangement("analyse")
        person.bench.show_start_page()
        yield lambda: person.bench.clock.is_idle
        found["idle_mb"] = resident_mb()
        ledger, trace, timeline = (_view(person, name) for name in ("ledger", "trace", "timeline"))
        probe = LoopProbe()
        probe.start()
        began, processor = time.perf_counter(), time.thread_time()
        person.bench.requests.open_run(file)
        yield lambda: ledger.model.matches > 0 and trace.model.count > 0
        # The rows are painted when this comes around.
        found["useful_s"], found["useful_n"] = time.perf_counter() - began, person.live.n
        yield lambda: person.live.n >= events and person.live.target.status == "ended"
        found["all_s"], found["processor_s"] = time.perf_counter() - began, time.thread_time() - processor
        yield lambda: not ledger._moved and not ledger._coming
        found["ledger_s"] = time.perf_counter() - began
        found["gaps"] = probe.stop()
        yield lambda: timeline.model.share >= 1 and person.bench.clock.is_idle
        found["mb"] = resident_mb()
        began = time.perf_counter()
        trace.search.setText("error:")
        trace.apply_filter()
        yield lambda: trace._search is None
        found["search_s"], found["hits"] = time.perf_counter() - began, trace.model.count
        trace.search.clear()
        yield lambda: trace.model.count > found["hits"]
        found["moment_ms"] = _moments(timeline)

    use_studio([], steps)
    return found


def _view(person: Person, panel_id: str) -> Any:
    return person.bench.area.dock(panel_id).widget()


def _moments(timeline: Any) -> dict[str, float]:
    """Press on the ruler, all over the run: every panel shows that moment."""
    watch = Stopwatch()
    for number in range(MOMENTS):
        place = timeline.time.width * (number * 37 % 97) / 100
        timeline.time.fit(*timeline.model.span)

        def go(place: float = place) -> None:
            timeline.ruler.scrubbed.emit(timeline.time.scale.t_at(place))
            timeline.moments.scrubs.flush()
            QApplication.processEvents()

        watch.time(go)
    times = watch.times()
    return {"median": times.median, "p95": times.p95, "longest": times.longest, "processor": times.processor}
