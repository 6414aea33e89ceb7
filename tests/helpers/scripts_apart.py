"""Scripts in processes of their own, with the framework of this tree and nothing else of the user's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.helpers.apps import WAIT_S

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen"}

Start = Callable[[str], "subprocess.Popen[str]"]

QT_APP = """
    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_main_catalyst(self):
            ttPyside6Ui()

        def creating_starting_tonics(self):
            FIRST

    App()
    """
"""The end of a script: a silent app on Qt's loop. `FIRST` makes its first tonic; put it in by `replace`."""


def run_script(script: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a script to its end; a warning is an error."""
    return subprocess.run(
        [sys.executable, "-W", "error", *options, str(script)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )


def run_pytest(tests: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a file or folder of tests as a user does who has the framework: in that folder, with the plugin."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tasktonic.testing.plugin", "-p", "no:cacheprovider"]
    folder = tests if tests.is_dir() else tests.parent
    return subprocess.run(
        [*command, *options, str(tests)], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )


@contextmanager
def listening(
    script: str | Path, stdout: int | None = subprocess.DEVNULL, **streams: Any
) -> Iterator[subprocess.Popen[Any]]:
    """An app that lets a studio attach to it, with the environment of the test. It is killed in the end.

    `stdout` and `streams` are as for `Popen`.
    """
    environment = {**os.environ, "TASKTONIC_STUDIO": "1", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, str(script)], env=environment, stdout=stdout, **streams)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def ready_scripts(folder: Path) -> Iterator[Start]:
    """Starts scripts by their text, each until it has said `ready`. What still runs in the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(text: str) -> subprocess.Popen[str]:
        script = folder / "app.py"
        script.write_text(text, encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-u", "-W", "error", str(script)],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    try:
        yield start
    finally:
        for process in started:
            process.kill()
            process.communicate()


def stubborn_app(main: str, at_end: str = "pass") -> str:
    """The text of an app for `ready_scripts` that says when it is asked to end, and goes on for ever.

    `main` makes its main catalyst; `at_end` is what its tonic does when it has finished all the same.
    """
    return f"""
    import time
    class Stubborn(ttTonic):
        def ttse__on_start(self):
            print("ready")
            while not self.ledger.ending_since_ns:
                time.sleep(0.001)
            print("asked")
            while True:
                time.sleep(0.001)
        def ttse__on_finished(self):
            {at_end}

    class App(ttFormula):
        def creating_formula(self):
            return {{"tasktonic/log/to": "off"}}
        def creating_main_catalyst(self):
            {main}
        def creating_starting_tonics(self):
            Stubborn()
    try:
        App()
    except KeyboardInterrupt:
        print("interrupted")
"""
