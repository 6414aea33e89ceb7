"""The service that runs the tests of a project: pytest in a process of its own, and what its plugin writes, read along."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tasktonic import ttTimerRepeat, ttTonic
from tasktonic_studio.project.layout import source_folders
from tasktonic_studio.project.tests import FILE_VARIABLE, PLUGIN, PLUGIN_FOLDER, TestNews, TestOrder
from tasktonic_studio.services.said import Said
from tasktonic_studio.services.script_process import Ending, ScriptProcess
from tasktonic_studio.services.surroundings import with_framework

GRACE_S: Final = 2.0
READ_EVERY_S: Final = 0.1
NOT_FOR_TESTS: Final = ("TASKTONIC_", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_")
"""What is about the Studio, or about a pytest that it runs in itself."""
_AT_ONCE: Final = 1 << 20
_CLOSE_S: Final = 2.0


class TestRunner(ttTonic):
    """Runs one pytest at a time; another order stops the one before. Made by `app.py` on the catalyst of the services.

    Args:
        told: called with each piece of news, on this catalyst.
    """

    __test__ = False
    _tt_is_service = "test_runner"

    def __init__(self, told: Callable[[TestNews], object], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._told = told
        self._order: TestOrder | None = None
        self._next: TestOrder | None = None
        self._process: ScriptProcess | None = None
        self._said = Said()
        self._folder = ""
        self._read = 0
        self._rest = b""
        self._number = 0
        self._beat: ttTimerRepeat | None = None

    def _init_service(self, *_args: Any, **_kwargs: Any) -> None:
        """Nobody has anything to say at an access."""

    def ttsc__run(self, order: TestOrder) -> None:
        """Run tests, or find out which there are."""
        self._next = order
        if self._process is None:
            self._start_next()
        else:
            self._process.stop(GRACE_S, gently=True)

    def ttsc__stop(self) -> None:
        """Stop what runs; the whole of it is killed when it does not end."""
        self._next = None
        if self._process is not None:
            self._process.stop(GRACE_S, gently=True)

    def ttse__on_beat(self, info: Any) -> None:
        """Some more may have been written."""
        self._read_along()

    def ttse__on_ended(self, number: int, ending: Ending) -> None:
        """Pytest has ended, however it did."""
        if number != self._number or self._order is None:
            return
        self._read_along()
        order, process = self._order, self._process
        self._order = self._process = None
        if process is not None and ending.left_behind:
            process.stop(0.0)
        if self._beat is not None:
            self._beat.finish()
            self._beat = None
        self._tidy()
        words = ending.sentence.removeprefix("ended: ")
        self._told(
            TestNews(
                order.project,
                ending=words,
                code=ending.code,
                output=self._said.text,
                was_stopped=ending.was_stopped,
            )
        )
        if self._next is not None:
            self._start_next()

    def ttse__on_finished(self) -> None:
        """The Studio ends, and with it the tests."""
        self._number += 1
        if self._process is not None:
            self._process.stop(_CLOSE_S / 2)
            self._process.join(_CLOSE_S)
        self._tidy()

    def _start_next(self) -> None:
        order, self._next = self._next, None
        if order is None:
            return
        self._number += 1
        number = self._number
        self._read, self._rest, self._said = 0, b"", Said()
        environment = with_framework(
            {name: value for name, value in os.environ.items() if not name.startswith(NOT_FOR_TESTS)},
            str(PLUGIN_FOLDER),
            *source_folders(Path(order.project)),
        )
        environment["PYTHONUNBUFFERED"] = "1"
        self._told(TestNews(order.project, began=order))
        try:
            self._folder = tempfile.mkdtemp(prefix="tasktonic-tests-")
            environment[FILE_VARIABLE] = str(self._file)
            self._process = ScriptProcess(
                command_of(order),
                environment,
                order.project,
                self._said,
                lambda ending: self.ttse__on_ended(number, ending),
            )
        except (OSError, ValueError) as error:
            self._tidy()
            why = getattr(error, "strerror", None) or error
            self._told(TestNews(order.project, problem=f"pytest could not be started: {why}."))
            return
        self._order = order
        self._beat = self.bind(ttTimerRepeat, READ_EVERY_S, name="beat")

    @property
    def _file(self) -> Path:
        return Path(self._folder) / "records.jsonl"

    def _read_along(self) -> None:
        """Pass on what was written since."""
        if self._order is None:
            return
        try:
            with self._file.open("rb") as file:
                file.seek(self._read)
                while data := file.read(_AT_ONCE):
                    self._read += len(data)
                    *lines, self._rest = (self._rest + data).split(b"\n")
                    records = tuple(record for line in lines if (record := _record(line)) is not None)
                    if records:
                        self._told(TestNews(self._order.project, records=records))
        except OSError:
            return  # it is not there yet, or somebody has taken it away: what pytest itself says comes all the same

    def _tidy(self) -> None:
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""


def command_of(order: TestOrder) -> list[str]:
    """The command line that carries out an order."""
    # The traces of failed tests are kept by the framework's own plugin, which is not installed where it runs from a clone.
    plugins = ["-p", PLUGIN, "-p", "tasktonic.testing.plugin"]
    what = ["--collect-only"] if order.collect else []
    return [order.python or sys.executable, "-m", "pytest", "-q", "--color=no", *plugins, *what, *order.arguments]


def _record(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


__all__ = ["TestRunner", "command_of"]
