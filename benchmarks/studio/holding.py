"""Hold and step: a real app over the real socket, in the real window, by the commands behind the keys.

A hold counts from the end of the sparkle that ran when it was asked for, by the app's own events; beside it, what the window takes until it
says so. A step counts from the command of its key to the moment at which the window knows the run that it made: there and back.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Final

from studio.apart import ROOT, measure_apart
from studio.rows import Row
from studio.window import use_studio
from tasktonic.events import ByHand, CatalystHeld, Ran
from tasktonic.protocol.messages import Granted, Hold, Release
from tasktonic_studio.session.changes import Changes
from tests.helpers.real_studio import Person
from tests.helpers.studio_end import StudioEnd

APP: Final = Path(__file__).with_name("holding_app.py")
HOLDS: Final = 100
STEPS: Final = 200
_LONG_MS: Final = 5.0
_SHORT_MS: Final = 0.2
_BETWEEN_S: Final = 0.12
"""Between two steps: nobody presses faster, and beats come in all places."""


def rows(scale: float) -> Iterator[Row]:
    """All rows of hold and step."""
    holds, steps = max(5, int(HOLDS * min(scale, 1.0))), max(10, int(STEPS * min(scale, 1.0)))
    stood = measure_apart("holding", "stands", times=holds)
    said = measure_apart("holding", "in_the_window", holds=holds, steps=steps)
    yield _row(
        "hold: stands so long after the end of the sparkle that ran", 20, stood["ms"], "holds of 2 busy catalysts"
    )
    yield _row("hold: from the key until the window says so, sparkles of 0.2 ms", None, said["hold_ms"], "holds")
    yield _row("a step there and back: from the key until the window knows the run", 15, said["step_ms"], "steps")
    yield _row("a step: from the key until it is selected and the panels show it", None, said["shown_ms"], "steps")


def _row(what: str, goal_ms: float | None, took_ms: list[float], times: str) -> Row:
    ordered = sorted(took_ms)
    p95 = ordered[max(-(-len(ordered) * 95 // 100) - 1, 0)]
    more = f"p95; median {ordered[len(ordered) // 2]:.1f}, longest {ordered[-1]:.1f}, {len(ordered)} {times}"
    return Row(what, goal_ms, "ms", p95, more)


def stands(times: int) -> dict[str, Any]:
    """Hold and let go so many times, over the socket. In a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TASKTONIC_STUDIO": "1"}
    app = subprocess.Popen([sys.executable, str(APP), str(_LONG_MS)], env=environment)
    took_ms: list[float] = []
    try:
        with StudioEnd.of_running(app.pid) as end:
            end.message(Granted)
            for number in range(1, times + 1):
                end.events.clear()
                end.until(lambda: len(end.seen(Ran)) > 4, "sparkles")
                end.say(Hold(2 * number))
                end.until(lambda: sum(held.held for held in end.seen(CatalystHeld)) == 3, "all to be held")
                took_ms += _after_the_end(end)
                end.say(Release(2 * number + 1))
    finally:
        app.kill()
        app.wait()
    return {"ms": took_ms}


def _after_the_end(end: StudioEnd) -> list[float]:
    """How long each busy catalyst went on after the end of what it ran when it was asked to hold."""
    asked_ns = next(deed.t_ns for deed in end.seen(ByHand) if deed.what == "hold")
    took_ms = []
    for held in end.seen(CatalystHeld):
        ends_ns = [ran.end_ns for ran in end.seen(Ran) if ran.catalyst == held.catalyst and ran.end_ns <= held.t_ns]
        inside_ns = [end_ns for end_ns in ends_ns if end_ns >= asked_ns]
        if held.held and inside_ns:
            took_ms.append((held.t_ns - inside_ns[0]) / 1e6)
    return took_ms


def in_the_window(holds: int, steps: int) -> dict[str, Any]:
    """Hold and let go, and step, so many times each, by the commands of the window. In a process of its own."""
    found: dict[str, list[float]] = {"hold_ms": [], "step_ms": [], "shown_ms": []}
    seen: list[float] = []

    def hand(person: Person) -> Generator[Callable[[], Any], None, None]:
        bench = person.bench
        bench.set_arrangement("debug")
        bench.context.requests.launch(str(APP), (str(_SHORT_MS),))
        yield lambda: person.live.target.status == "running" and len(person.live.runs) > 200
        undo = bench.clock.watch(lambda changes: seen.append(time.perf_counter()) if _are_held(person) else None)
        for _ in range(holds):
            seen.clear()
            began = time.perf_counter()
            bench.run("run.hold")
            yield lambda: seen
            found["hold_ms"].append((seen[0] - began) * 1e3)
            bench.run("run.start")
            runs = len(person.live.runs)
            yield lambda runs=runs: person.live.target.status == "running" and len(person.live.runs) > runs + 20
        undo()
        bench.run("run.hold")
        yield lambda: _are_held(person)
        settled = time.perf_counter() + 1.0
        yield lambda: time.perf_counter() > settled
        known: list[float] = []
        undo_known = _at_the_begin_of_a_frame(person, lambda: known.append(time.perf_counter()))
        undo = bench.selection.watch(lambda: seen.append(time.perf_counter()))
        for _ in range(steps):
            rests_until = time.perf_counter() + _BETWEEN_S
            yield lambda until=rests_until: time.perf_counter() > until
            seen.clear()
            began = time.perf_counter()
            bench.run("run.step")
            yield lambda: seen
            # It is selected in the frame in which the window comes to know it.
            found["step_ms"].append((max(at for at in known if at <= seen[0]) - began) * 1e3)
            found["shown_ms"].append((seen[0] - began) * 1e3)
        undo()
        undo_known()

    use_studio([], hand)
    return found


def _at_the_begin_of_a_frame(person: Person, do: Callable[[], object]) -> Callable[[], None]:
    """Have something done when a frame has brought the session up to date, before anything is shown."""
    watchers = person.bench.clock._watchers
    tell = watchers.tell

    def first(changes: Changes) -> None:
        do()
        tell(changes)

    watchers.tell = first  # type: ignore[method-assign,assignment]

    def undo() -> None:
        watchers.tell = tell  # type: ignore[method-assign]

    return undo


def _are_held(person: Person) -> bool:
    alive = [facts for facts in person.live.catalysts.values() if facts.alive]
    return bool(alive) and all(facts.held for facts in alive)
