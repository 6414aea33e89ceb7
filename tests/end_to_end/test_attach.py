"""Attaching to apps that run already, leaving them, and what stays behind: nothing."""

from __future__ import annotations

import gc
import select
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.helpers.patience import PATIENCE_S
from tests.helpers.scripts_apart import listening

ROOT = Path(__file__).resolve().parents[2]
TIMES = 20
MOST_GROWTH_BYTES = 12_000_000
"""What twenty rounds may leave in memory: allocators do not give back every page, but twenty sessions kept are far more."""

Steps = Generator[Callable[[], Any], None, None]

TELLS_WHETHER_IT_IS_WATCHED = """
    import sys
    from tasktonic import *
    from tasktonic.stream import Level, stream

    class Teller(ttTonic):
        def ttse__on_start(self):
            self.watched = None
            self.bind(ttTimerRepeat, seconds=0.02)

        def ttse__on_timer(self, info):
            watched = stream.level >= Level.FLOW
            if watched != self.watched:
                self.watched = watched
                print("watched" if watched else "alone", flush=True)

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self):
            Teller(name="teller")

    App()
    """


def has_printed(app: subprocess.Popen[bytes], within_s: float = 0.0) -> bool:
    """Whether a line of the app waits to be read. Its pipe is not buffered here, so waiting on it is honest."""
    assert app.stdout is not None
    ready, _, _ = select.select([app.stdout], [], [], within_s)
    return bool(ready)


def next_line(app: subprocess.Popen[bytes]) -> str:
    """The next line that the app prints; fails when none comes."""
    assert app.stdout is not None
    assert has_printed(app, PATIENCE_S), f"the app printed nothing for {PATIENCE_S} seconds"
    return app.stdout.readline().decode().strip()


@contextmanager
def running(script: str) -> Iterator[subprocess.Popen[bytes]]:
    """An app that opted in, as a process of its own; told when it is up by its first line."""
    with listening(script, subprocess.PIPE, bufsize=0) as process:
        assert next_line(process) == "alone"
        yield process


def test_an_app_that_opted_in_is_watched_and_runs_on_afterwards(run_studio: Any, script: Any) -> None:
    with running(script(TELLS_WHETHER_IT_IS_WATCHED)) as app:

        def steps(person: Any) -> Steps:
            yield lambda: person.live.target.status == "running"
            assert person.live.target.pid == app.pid
            yield lambda: any(person.live.essences.get(e).name == "teller" for e in person.live.essences)
            yield lambda: has_printed(app)  # it looks now and then, and is not to miss that somebody was there

        run_studio(steps, "--attach", str(app.pid))

        assert next_line(app) == "watched"
        assert next_line(app) == "alone"
        assert app.poll() is None


def test_the_start_page_offers_the_running_app(run_studio: Any, script: Any) -> None:
    with running(script(TELLS_WHETHER_IT_IS_WATCHED)) as app:

        def steps(person: Any) -> Steps:
            page = person.bench.start_page
            yield lambda: any(str(app.pid) in row.title for row in page.rows)
            person.click(next(row for row in page.rows if str(app.pid) in row.title))
            yield lambda: person.live.target.status == "running"

        run_studio(steps)


def test_twenty_times_there_and_back_leaves_nothing_on_either_side(run_studio: Any, script: Any) -> None:
    with running(script(TELLS_WHETHER_IT_IS_WATCHED)) as app:
        here, there = psutil.Process(), psutil.Process(app.pid)

        def held() -> tuple[int, int, int, int]:
            return here.num_threads(), here.num_fds(), there.num_threads(), there.num_fds()

        def steps(person: Any) -> Steps:
            before: tuple[int, int, int, int] | None = None
            memory = (0, 0)
            for number in range(TIMES + 3):
                person.bench.context.requests.attach(app.pid)
                yield lambda: person.live.target.status == "running" and len(person.live.essences) > 0
                person.bench.run("file.detach")
                yield lambda: person.live.target.status != "running"
                if number == 2:  # whatever is made once has been made by now
                    gc.collect()
                    before, memory = held(), (here.memory_info().rss, there.memory_info().rss)
            gc.collect()
            # When it was counted first, something may still have been on its way out.
            yield lambda: all(now <= then for now, then in zip(held(), before or (), strict=True))
            assert here.memory_info().rss - memory[0] < MOST_GROWTH_BYTES
            assert there.memory_info().rss - memory[1] < MOST_GROWTH_BYTES

        run_studio(steps)


def test_the_app_runs_on_when_the_studio_is_killed(script: Any) -> None:
    with running(script(TELLS_WHETHER_IT_IS_WATCHED)) as app:
        studio = subprocess.Popen(
            [sys.executable, "-m", "tasktonic_studio", "--attach", str(app.pid)], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        assert next_line(app) == "watched"

        studio.kill()
        studio.wait()

        assert next_line(app) == "alone"
        assert app.poll() is None
