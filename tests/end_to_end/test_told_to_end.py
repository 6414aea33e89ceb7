"""The Studio is told to end, or killed: what becomes of the script that it launched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.helpers.patience import PATIENCE_S
from tests.helpers.studio_end import wait_for

ROOT = Path(__file__).parents[2]

TICKER = """
    import os, sys
    from tasktonic import *

    class Ticker(ttTonic):
        def ttse__on_start(self):
            self.count = 0
            self.bind(ttTimerRepeat, seconds=0.02)

        def ttse__on_timer(self, info):
            self.count += 1
            print("x" * 2000, flush=True)
            # In one piece: who reads meanwhile has the notes before.
            with open(sys.argv[1] + ".new", "w") as file:
                file.write(f"{os.getpid()} {self.count}")
            os.replace(sys.argv[1] + ".new", sys.argv[1])

    class App(ttFormula):
        def creating_starting_tonics(self):
            Ticker(name="ticker")

    App()
    """


def told_by(notes: Path) -> tuple[int, int]:
    """The script's process id, and how many ticks it has counted."""
    words = notes.read_text().split() if notes.exists() else []
    return (int(words[0]), int(words[1])) if len(words) == 2 else (0, 0)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def studio(script: Any, notes: Path, tmp_path: Path) -> Any:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "TASKTONIC_STUDIO_FOLDER": str(tmp_path / "folder"),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "tasktonic_studio", script(TICKER), str(notes)]
    # Under nohup it would ignore being hung up, as it should.
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        studio = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    finally:
        signal.signal(signal.SIGHUP, before)
    try:
        wait_for(lambda: told_by(notes)[1] > 5, "the script to tick")
        yield studio
    finally:
        studio.kill()
        studio.wait()
        if psutil.pid_exists(told_by(notes)[0]):
            os.kill(told_by(notes)[0], signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_studio_that_is_told_to_end_takes_its_script_along(studio: Any, notes: Path, number: int) -> None:
    studio.send_signal(number)
    studio.wait(PATIENCE_S)

    wait_for(lambda: not psutil.pid_exists(told_by(notes)[0]), "the script to end")


def test_the_script_runs_on_when_the_studio_is_killed(studio: Any, notes: Path) -> None:
    studio.kill()
    studio.wait()
    ticks = told_by(notes)[1]

    wait_for(lambda: told_by(notes)[1] > ticks + 20, "the script to tick on")
