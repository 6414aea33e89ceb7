"""The Studio's services in an app of their own, without a window: what the inbox gets is folded into a session."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tasktonic import ttCatalyst, ttFormula, ttTonic
from tasktonic_studio import locations
from tasktonic_studio.project.environments import EnvironmentNews
from tasktonic_studio.project.pythons import PythonFacts
from tasktonic_studio.project.tests import TestNews, Tests
from tasktonic_studio.services.connection import Connection
from tasktonic_studio.services.discovery import Discovery
from tasktonic_studio.services.launcher import Launcher
from tasktonic_studio.services.line_debugger import LineDebugger
from tasktonic_studio.services.playback import Playback
from tasktonic_studio.services.project_python import ProjectPython
from tasktonic_studio.services.recording import Recording
from tasktonic_studio.services.requests import StudioRequests
from tasktonic_studio.services.run_summaries import RunSummaries
from tasktonic_studio.services.test_runner import TestRunner
from tasktonic_studio.session.inbox import Inbox, InboxItem
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.recording import RecordingState
from tasktonic_studio.session.run_summary import RunSummary
from tasktonic_studio.session.session import Session
from tests.helpers.patience import PATIENCE_S

"""No test waits that long where all is well."""


class ServicesApp(ttFormula):
    """A main catalyst that stands for the window, and the services on a catalyst of their own."""

    def __init__(self, stand: ServicesStand) -> None:
        self._stand = stand
        super().__init__()

    def creating_formula(self) -> tuple[tuple[str, Any], ...]:
        return (("tasktonic/log/to", "off"),)

    def creating_starting_tonics(self) -> None:
        stand = self._stand
        services = ttCatalyst(name="services")
        connection = Connection(stand.inbox, context=-1, catalyst=services)
        launcher = Launcher(sys.executable, stand.grace_s, context=-1, catalyst=services)
        discovery = Discovery(stand.found.append, context=-1, catalyst=services)
        playback = Playback(connection, stand.problems.append, context=-1, catalyst=services)
        recording = Recording(
            connection, stand.states.append, stand.take_saved, stand.problems.append, context=-1, catalyst=services
        )
        summaries = RunSummaries(
            stand.cache, stand.summaries.append, lambda: playback.is_reading, context=-1, catalyst=services
        )
        lines = LineDebugger(stand.inbox, connection, context=-1, catalyst=services)
        pythons = ProjectPython(
            lambda *facts: stand.pythons.append(facts), stand.making.append, context=-1, catalyst=services
        )
        tests = TestRunner(stand.take_tests, context=-1, catalyst=services)
        stand.requests = StudioRequests(
            launcher, connection, discovery, playback, recording, summaries, lines, pythons, tests
        )
        stand.launcher, stand.connection, stand.debugger = launcher, connection, lines
        ttTonic(name="window", context=-1)
        stand.formula = self
        stand.started.set()


class ServicesStand:
    """Services, their inbox, and a session that is brought up to date by `until`."""

    requests: StudioRequests
    launcher: Launcher
    connection: Connection
    debugger: LineDebugger
    formula: ttFormula

    def __init__(self, grace_s: float = 2.0) -> None:
        self.grace_s = grace_s
        self.started = threading.Event()
        self._arrived = threading.Event()
        self.inbox = Inbox(on_first=self._arrived.set)
        self.session = Session()
        self.items: list[InboxItem] = []
        self.found: list[Any] = []
        self.states: list[RecordingState] = []
        self.summaries: list[RunSummary] = []
        self.cache = locations.cache_folder() / "runs"
        self.saved: list[str] = []
        """Files with runs that were written whole."""
        self.problems: list[str] = []
        """Sentences of services that could not do what they were asked for."""
        self.pythons: list[tuple[str, PythonFacts]] = []
        self.making: list[EnvironmentNews] = []
        self.tests = Tests()
        self.tests_ended = False
        self.problem: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="services app")

    def take_tests(self, news: TestNews) -> None:
        """Something is new of the tests of a project. On the catalyst of the services."""
        news.told_to(self.tests)
        self.tests_ended = bool(news.ending)
        self._arrived.set()

    def take_saved(self, file: str, _not_kept: int) -> None:
        """A run was written."""
        self.saved.append(file)

    @property
    def known(self) -> Knowledge:
        return self.session.live

    def _run(self) -> None:
        try:
            ServicesApp(self)
        except BaseException as error:
            self.problem = error
            self.started.set()

    def start(self) -> None:
        self._thread.start()
        assert self.started.wait(PATIENCE_S)
        if self.problem is not None:
            raise self.problem

    def stop(self) -> None:
        self.formula.finish()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the services end"
        if self.problem is not None:
            raise self.problem

    def until(self, condition: Callable[[], bool], what: str = "") -> None:
        """Take what comes until a condition holds; fails after a long time, with what is known."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            self._arrived.clear()
            taken = self.inbox.take_all()
            self.items.extend(taken)
            self.session.apply(taken)
            if condition():
                return
            if time.monotonic() > deadline:
                lines = "\n".join(f"{line.level}: {line.text}" for line in list(self.known.log)[-30:])
                raise AssertionError(f"it never came to be: {what}\n{self.known.target}\n{self.known.app}\n{lines}")
            self._arrived.wait(0.2)

    def until_status(self, status: str, sentence: str = "") -> None:
        """Until the target has this status, and its sentence contains these words."""
        self.until(
            lambda: self.known.target.status == status and sentence in self.known.target.sentence,
            f"status '{status}' with '{sentence}'",
        )

    def until_line(self, text: str) -> None:
        """Until a line of the log contains this."""
        self.until(lambda: any(text in line.text for line in self.known.log), f"a line with '{text}'")

    def lines(self, level: str) -> list[str]:
        return [line.text for line in self.known.log if line.level == level]


@contextmanager
def services(grace_s: float = 2.0) -> Iterator[ServicesStand]:
    """Services that run; ended afterwards, with the script that they started."""
    stand = ServicesStand(grace_s)
    stand.start()
    try:
        yield stand
    finally:
        stand.stop()


def script(folder: Path, text: str, name: str = "app.py") -> str:
    """Write a script and give its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


A_PUMP = """
import sys
from tasktonic import ttFormula, ttTonic, ttTimerRepeat, ttLog

class Pump(ttTonic):
    def ttse__on_start(self):
        self.log("the pump starts")
        self.to_state("open")
        self.strokes = 0
        self.bind(ttTimerRepeat, 0.02, name="stroke")

    def ttse__on_stroke(self, info):
        self.strokes += 1
        if self.strokes == STROKES:
            END

    def ttse_open__on_enter(self):
        pass

class App(ttFormula):
    def creating_formula(self):
        return (("tasktonic/log/to", "off"),)

    def creating_starting_tonics(self):
        Pump(name="pump")

if __name__ == "__main__":
    App()
"""
"""A small app; `STROKES` and `END` are to be replaced: after so many strokes it does that."""


def a_pump(folder: Path, end: str = "self.finish()", strokes: int = 5, before: str = "", after: str = "") -> str:
    """Write an app whose pump makes some strokes and then does `end`; `before` and `after` are lines of the script."""
    text = A_PUMP.replace("STROKES", str(strokes)).replace("END", end)
    return script(folder, f"{before}\n{text}\n    {after or 'pass'}\n")
