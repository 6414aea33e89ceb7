"""The end of an app with heavy work, by itself and by Ctrl+C."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tasktonic import ttTonic
from tasktonic.events import Dropped
from tasktonic.stream import Level
from tests.helpers import heavy
from tests.helpers.apps import in_thread, reading, run_app, wait_for
from tests.helpers.pool_askers import (
    Asker,
    Blocked,
    environment,
    run,
)

# -- the end of the app -----------------------------------------------------------------------------------------------


def test_app_waits_for_work_that_runs_when_it_ends() -> None:
    blocked = Blocked()
    ended: list[str] = []

    def works() -> None:
        blocked.blocks()
        ended.append("work")

    def begin(asker: Asker) -> None:
        asker.ask(works)
        wait_for(blocked.begun)
        asker.finish()

    helper = in_thread(lambda: (wait_for(blocked.begun), blocked.gate.set()))
    run(begin)
    ended.append("app")
    helper.join()

    assert ended == ["work", "app"]


def test_app_does_not_wait_for_ever_for_a_thread() -> None:
    blocked = Blocked()
    threads: list[threading.Thread] = []

    def begin(asker: Asker) -> None:
        asker.ask(blocked.blocks)
        wait_for(blocked.begun)
        threads.extend(t for t in threading.enumerate() if t.name == "pool thread 1")
        asker.finish()

    with pytest.raises(RuntimeError) as raised:
        run_app(lambda: Asker(begin), settings={"tasktonic/shutdown/timeout": 0.01})
    with reading(Level.FLOW) as rows:
        run(lambda asker: (blocked.gate.set(), threads[0].join(20), asker.ask(heavy.square, 2)))

    text = str(raised.value)
    assert text.startswith(
        "offloaded work did not end within 0.01 seconds (tasktonic/shutdown/timeout): blocks() for asker, in thread pool "
        "thread 1:\n"
    )
    assert "in blocks\n    wait_for(self.gate)" in text
    assert text.endswith("Let a long function call report(…) now and then: it raises when nobody waits any more.")
    assert not threads[0].is_alive()
    assert rows.of(Dropped) == []
    assert [order[3] for order in rows.orders() if order[5] == "pool blocks"] == []


def test_app_does_not_wait_for_ever_for_a_process() -> None:
    pids: list[int] = []

    class Hasty(Asker):
        def ttse__progress(self, *values: Any) -> None:
            pids.append(values[0])
            self.finish()

    with pytest.raises(RuntimeError) as raised:
        run_app(
            lambda: Hasty(
                lambda asker: asker.ask(heavy.tells_pid_and_waits, where="process", on_progress=asker.ttse__progress)
            ),
            settings={"tasktonic/shutdown/timeout": 0.01},
        )

    assert f"tells_pid_and_waits() for asker, in process {pids[0]}, which was killed" in str(raised.value)
    assert not psutil.pid_exists(pids[0])


def test_several_apps_in_a_row_leave_nothing_behind() -> None:
    def one_app() -> None:
        run(
            lambda asker: (
                asker.ask(heavy.square, 2),
                asker.ask(heavy.square, 3, where="process"),
                asker.ask(heavy.kills_itself, where="process"),
            )
        )

    myself = psutil.Process()
    gc.collect()  # what other tests have left open is closed now, and not at any moment
    before = set(threading.enumerate()), myself.children(recursive=True), myself.num_fds()
    for _ in range(4):
        one_app()

    assert (set(threading.enumerate()), myself.children(recursive=True), myself.num_fds()) == before


def test_app_that_was_only_built_leaves_no_thread() -> None:
    class Early(ttTonic):
        def __init__(self) -> None:
            super().__init__()
            self.offload(heavy.square, 5)

    before = set(threading.enumerate())
    run_app(Early, settings={"tasktonic/testing/dont_start_catalysts": True})
    for thread in set(threading.enumerate()) - before:
        thread.join(20)

    assert set(threading.enumerate()) <= before


# -- Ctrl+C -----------------------------------------------------------------------------------------------------------


INTERRUPTED = """
import sys
from tests.helpers import heavy
from tests.helpers.apps import run_app
from tests.helpers.pool_askers import Asker

class Busy(Asker):
    def ttse__progress(self, *values):
        print("busy", flush=True)

    def ttse__on_finished(self):
        print("finished", flush=True)

def begin(asker):
    asker.ask(heavy.tells_pid_and_waits, where="process", on_progress=asker.ttse__progress)

run_app(lambda: Busy(begin), settings={"tasktonic/shutdown/timeout": float(sys.argv[1])})
"""


@pytest.fixture
def interrupted_app(tmp_path: Path) -> Iterator[Callable[[float], subprocess.Popen[str]]]:
    """Starts an app whose worker is busy, in a group of its own, as a shell would."""
    started: list[subprocess.Popen[str]] = []
    script = tmp_path / "app.py"
    script.write_text(INTERRUPTED, encoding="utf-8")

    def start(timeout: float) -> subprocess.Popen[str]:
        app = subprocess.Popen(
            [sys.executable, str(script), str(timeout)],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
        )
        started.append(app)
        assert app.stdout is not None
        assert app.stdout.readline() == "busy\n"
        return app

    yield start
    for app in started:
        if app.poll() is None:
            os.killpg(app.pid, signal.SIGKILL)
        app.communicate()


def test_interrupt_is_for_the_app_and_not_for_its_workers(
    interrupted_app: Callable[[float], subprocess.Popen[str]],
) -> None:
    app = interrupted_app(0.01)

    os.killpg(app.pid, signal.SIGINT)
    printed, said = app.communicate(timeout=60)

    assert printed == "finished\n"
    assert "tells_pid_and_waits() for asker, in process " in said
    assert "KeyboardInterrupt" not in said


def test_second_interrupt_does_not_wait_for_work(interrupted_app: Callable[[float], subprocess.Popen[str]]) -> None:
    app = interrupted_app(1000.0)

    os.killpg(app.pid, signal.SIGINT)
    assert app.stdout is not None
    assert app.stdout.readline() == "finished\n"
    os.killpg(app.pid, signal.SIGINT)
    _, said = app.communicate(timeout=60)  # the worker has the same stdout: it has ended too

    assert said.strip().endswith("KeyboardInterrupt")


def test_busy_worker_ends_when_the_app_is_killed(interrupted_app: Callable[[float], subprocess.Popen[str]]) -> None:
    app = interrupted_app(1000.0)

    app.kill()
    app.communicate(timeout=60)  # the worker has the same stdout: it has ended too

    assert app.returncode == -signal.SIGKILL
