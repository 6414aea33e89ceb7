"""Scripts in processes of their own, with the framework of this tree and nothing else of the user's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.apps import WAIT_S

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen"}

Start = Callable[[str], "subprocess.Popen[str]"]


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


def run_pytest(file: Path) -> subprocess.CompletedProcess[str]:
    """Run a file of tests as a user does who has the framework: in the file's folder, with the plugin."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tasktonic.testing.plugin",
        "-p",
        "no:cacheprovider",
        str(file),
    ]
    return subprocess.run(command, cwd=file.parent, env=ENVIRONMENT, capture_output=True, text=True, check=False)


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
