"""Real apps that are too much, each started and watched by a real Studio of its own, in the arrangement Analyse.

What they do is in `flooding_app.py`. The app has the second core of the machine to itself, if nothing else runs. A row says how
long the loop of the window was away; beside it, how many events a second came and what was lost, which the log tells as well.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QApplication

from studio.apart import ROOT, measure_apart
from studio.made import FRAME_EVENTS, a_file_of
from studio.rows import Row, resident_mb
from studio.window import LoopProbe, collect_seldom, use_studio
from tasktonic.trace import TraceReader
from tasktonic_studio.services.discovery import found_with_pid
from tasktonic_studio.session.inbox import BlockArrived, Inbox, TargetBegan
from tasktonic_studio.ui.panel_list import all_panels
from tests.helpers.real_studio import Person
from tests.helpers.window_stand import WindowStand

SECONDS: Final = 10.0
APP: Final = Path(__file__).with_name("flooding_app.py")
CASES: Final = {
    "calls": "250,000 events a second, governor off",
    "all_out": "an app that calls itself without pause",
    "states": "50,000 changes of state a second",
    "births": "1,000 tonics a second made and dropped",
    "value": "a store value of 50 MB",
    "deep": "a tree 500 deep",
    "many": "10,000 living tonics",
    "paths": "100,000 paths in the store, its panel in front",
}
BURST_PER_SECOND: Final = 1_000_000
_TURNS: Final = 50
_SETTLE_S: Final = 1.0
_LOOK_S: Final = 10.0
_PATIENCE_S: Final = 120.0
"""So much longer the app goes on, if nobody stops it: the Studio does when it closes."""


def rows(scale: float) -> Iterator[Row]:
    """All rows of floods."""
    short, long = (max(SECONDS * min(scale, most), 3.0) for most in (1.0, 60.0))
    found = measure_apart("flood", "burst", events=int(5 * BURST_PER_SECOND * min(scale, 1.0)))
    words = "a burst of 1 M events a second for 5 s, from a generator"
    yield Row(f"{words}: longest gap", 100, "ms", found["gaps"]["longest"], f"{found['lost']:,} lost and told")
    yield Row(f"{words}: shown so long after its end", None, "s", found["late_s"])
    for case, words in CASES.items():
        seconds = long if case == "calls" else short
        found = measure_apart("flood", "watched", case=case, seconds=seconds)
        gaps = found["gaps"]
        rate = f"{found['per_second']:,.0f} events/s came, {found['lost']:,} lost, {found['mb']:.0f} MB"
        yield Row(f"{words}: longest gap", 100, "ms", gaps["longest"], f"{rate}, for {seconds:g} s")
        yield Row(f"{words}: p99 of gaps", 50, "ms", gaps["p99"], f"p95 {gaps['p95']:.1f}")
        if case == "calls":
            yield Row(f"{words}: a frame, p95", 16.7, "ms", gaps["p95"])
        if case == "many":
            yield Row(f"{words}: from the start of the script to the last in the ledger", None, "s", found["all_s"])


def watched(case: str, seconds: float) -> dict[str, Any]:
    """Start the app in a new Studio and look at it. In a process of its own."""
    found: dict[str, Any] = {}
    apps: list[subprocess.Popen[bytes]] = []

    def steps(person: Person) -> Generator[Callable[[], Any], None, None]:
        person.bench.set_arrangement("analyse")
        began = time.perf_counter()
        arguments = (case, str(seconds + _PATIENCE_S))
        if case == "calls":
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            apps.append(subprocess.Popen([sys.executable, str(APP), *arguments], env=environment))
            yield lambda: not found_with_pid(apps[0].pid).problem
            person.bench.requests.attach(found_with_pid(apps[0].pid))
        else:
            person.bench.requests.launch(str(APP), arguments)
        least = {"many": 10_000, "deep": 500}.get(case, 1)
        yield lambda: person.live.essences.alive_count > least
        found["all_s"] = time.perf_counter() - began
        if case == "paths":
            person.bench.show_panel("store")
            yield lambda: any(len(person.live.store[it]) >= 100_000 for it in person.live.store)
        settled = time.perf_counter() + _SETTLE_S
        yield lambda: time.perf_counter() > settled
        probe, first_n, begin = LoopProbe(), person.live.n, time.perf_counter()
        probe.start()
        while (left := begin + seconds - time.perf_counter()) > 0 and person.live.target.is_alive:
            until = time.perf_counter() + min(left, _LOOK_S)
            # Whoever looks on gives up what takes minutes: ten of them are many short waits.
            yield partial(_is_past, until, person)
        took = time.perf_counter() - begin
        found["gaps"] = probe.stop()
        found["per_second"] = (person.live.n - first_n) / took
        found["lost"] = person.live.target.lost_orders + person.live.target.lost_runs
        found["mb"] = resident_mb()

    try:
        use_studio([], steps)
    finally:
        for app in apps:
            app.kill()
            app.wait()
    return found


def _is_past(moment: float, person: Person) -> bool:
    return time.perf_counter() > moment or not person.live.target.is_alive


def burst(events: int) -> dict[str, Any]:
    """Blocks that a thread puts into the inbox of a window at this pace, whether it keeps up or not."""
    application = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory(prefix="tt-") as folder:
        file = Path(folder, "burst.ttt")
        a_file_of(file, events)
        with TraceReader(file) as reader:
            blocks = [data for _, data in reader.data()]
        stand = WindowStand(Path(folder), panels=all_panels(), settings={"arrangement": "analyse"})
        stand.window.show()
        stand.feed(TargetBegan("attached", events=events))
        for _ in range(_TURNS):
            application.processEvents()
        collect_seldom()
        probe = LoopProbe()
        thread = threading.Thread(target=_put_at_pace, args=(stand.inbox, blocks))
        probe.start()
        thread.start()
        while thread.is_alive():
            application.processEvents()
        ended = time.perf_counter()
        while stand.session.live.n < events:
            application.processEvents()
        target = stand.session.live.target
        late_s, lost = time.perf_counter() - ended, target.lost_orders + target.lost_runs
        gaps = probe.stop()
        stand.close()
    return {"gaps": gaps, "late_s": late_s, "lost": lost}


def _put_at_pace(inbox: Inbox, blocks: list[bytes]) -> None:
    began = time.perf_counter()
    for number, block in enumerate(blocks):
        time.sleep(max(began + number * FRAME_EVENTS / BURST_PER_SECOND - time.perf_counter(), 0))
        inbox.put(BlockArrived(block))
