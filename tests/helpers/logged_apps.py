"""Apps whose log goes to a target that a test looks at, and real terminals to show it on."""

from __future__ import annotations

import os
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tasktonic import ttFormula, ttLogService
from tasktonic.loggers import LogRecord
from tests.helpers.apps import WAIT_S, run_app

ROOT = Path(__file__).resolve().parents[2]

_NOT_TOLD = ("NO_COLOR", "PYTHONIOENCODING", "PYTHONUNBUFFERED", "TASKTONIC_STUDIO")
"""Variables of the one who runs the tests that would show in the output of a program."""


def environment_with(**more: str) -> dict[str, str]:
    """For a program that uses this checkout."""
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_TOLD}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


class Keeping(ttLogService):
    """A log target that keeps what it is given. ``may_go_on`` cleared, it takes the next record and stalls."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[LogRecord] = []
        self.flushes = 0
        self.closes = 0
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.is_at_work = threading.Event()

    def write(self, record: LogRecord) -> None:
        self.is_at_work.set()
        assert self.may_go_on.wait(WAIT_S)
        self.records.append(record)

    def flush(self) -> None:
        self.flushes += 1

    def close(self) -> None:
        self.closes += 1

    @property
    def lines(self) -> list[str]:
        """Name and line of each."""
        return [f"{record.name} {record.line}" for record in self.records]

    def of(self, event: str) -> list[LogRecord]:
        return [record for record in self.records if record.event == event]


def run_logged(
    start: Callable[[], object], target: ttLogService, to: str = "kept", settings: Mapping[str, Any] | None = None
) -> ttFormula:
    """Run an app that logs to ``target``, which is registered as ``kept``."""
    return run_app(
        start,
        settings={
            "tasktonic/log/service#": lambda: target,
            "tasktonic/log/service./name": "kept",
            "tasktonic/log/to": to,
            **(settings or {}),
        },
    )


def run_program(program: str, **environment: str) -> tuple[str, str]:
    """Run a program in a process of its own, without a terminal; gives its stdout and stderr."""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env=environment_with(PYTHONIOENCODING="utf-8", **environment),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout, ended.stderr


class Terminal:
    """A real terminal (a pty) of some width, and a program that runs in it.

    ``read`` gives all that has been shown when the program has ended. As long as nobody reads, the terminal takes a few
    thousand signs and then stalls.
    """

    def __init__(
        self, program: str, columns: int = 80, *, stderr_too: bool = False, environment: Mapping[str, str] | None = None
    ) -> None:
        self._ours, theirs = os.openpty()
        termios.tcsetwinsize(theirs, (24, columns))
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs if stderr_too else subprocess.PIPE,
            env=environment_with(**{"TERM": "xterm", "PYTHONUTF8": "1", **(environment or {})}),
        )
        os.close(theirs)

    def read(self) -> str:
        """What the program has shown until its end."""
        shown = b""
        while True:
            try:
                piece = os.read(self._ours, 65536)
            except OSError:  # the other end is closed
                piece = b""
            if not piece:
                break
            shown += piece
        self.wait()
        return shown.decode(errors="backslashreplace").replace("\r\n", "\n")

    def hang_up(self) -> None:
        """Close the window."""
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1

    def wait(self) -> str:
        """Wait for the end of the program; gives what went to stderr."""
        try:
            _, errors = self.process.communicate(timeout=WAIT_S)
        finally:
            self.process.kill()
            self.process.wait()
        return (errors or b"").decode()
