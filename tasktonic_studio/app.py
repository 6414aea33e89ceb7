"""Composition root: the Studio as a tasktonic app. Builds session, services, commands and window; closes in reverse."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from tasktonic import ttCatalyst, ttFormula, ttLog, ttTonic
from tasktonic.protocol.address import Found
from tasktonic.qt import ttPyside6Ui
from tasktonic_studio import __version__, locations
from tasktonic_studio.commands.running import RunningApp
from tasktonic_studio.long_lived import LongLived
from tasktonic_studio.project.environments import EnvironmentNews
from tasktonic_studio.project.pythons import PythonFacts
from tasktonic_studio.project.tests import TestNews
from tasktonic_studio.services.connection import Connection
from tasktonic_studio.services.discovery import Discovery, attachable, found_with_pid
from tasktonic_studio.services.launcher import Launcher
from tasktonic_studio.services.line_debugger import LineDebugger
from tasktonic_studio.services.playback import Playback
from tasktonic_studio.services.project_python import ProjectPython
from tasktonic_studio.services.recording import Recording
from tasktonic_studio.services.requests import StudioRequests
from tasktonic_studio.services.run_summaries import RunSummaries
from tasktonic_studio.services.test_runner import TestRunner
from tasktonic_studio.session.inbox import Inbox
from tasktonic_studio.session.recording import RecordingState
from tasktonic_studio.session.run_summary import RunSummary
from tasktonic_studio.session.selection import Selection
from tasktonic_studio.session.session import Session
from tasktonic_studio.settings import Settings
from tasktonic_studio.snapshot import Snapshot
from tasktonic_studio.told_to_end import EXIT_CODE_BASE, ToldToEnd
from tasktonic_studio.ui.dialogs.crash_report import report_text
from tasktonic_studio.ui.layouts import LayoutFile
from tasktonic_studio.ui.main_window import MainWindow
from tasktonic_studio.ui.panel_list import all_panels
from tasktonic_studio.ui.parts import Parts
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.workbench import Workbench
from tasktonic_studio.wishes import Wishes

NO_DISPLAY: Final = 3


@dataclass(slots=True)
class Outcome:
    """How it went: an exit code, and a sentence when there is something to say."""

    code: int = 0
    sentence: str = ""


def run(wishes: Wishes) -> Outcome:
    """Open the window and return when it has closed. In the main thread."""
    outcome = Outcome()
    if wishes.attach and wishes.pid:
        problem = found_with_pid(wishes.pid).problem
        if problem:
            return Outcome(1, problem)
    application = _application()
    faults = Faults()
    undo = faults.install()
    try:
        StudioApp(wishes, outcome, faults)
    finally:
        undo()
        if not application.allWidgets():  # what is deleted after it has lost its sheet Qt may want to dress once more
            application.setStyleSheet("")
    return outcome


class StudioApp(ttFormula):
    """The Studio's formula: the window on the Qt catalyst, the services on one of their own."""

    def __init__(self, wishes: Wishes, outcome: Outcome, faults: Faults) -> None:
        self._wishes = wishes
        self._outcome = outcome
        self._faults = faults
        self._told_to_end = ToldToEnd(self._on_told_to_end)
        try:
            super().__init__()
        finally:
            self._told_to_end.close()

    def creating_formula(self) -> Iterable[tuple[str, Any]]:
        return (
            ("tasktonic/project/name", "TaskTonic Studio"),
            ("tasktonic/log/to", "off"),
            ("tasktonic/log/default", ttLog.QUIET),
        )

    def creating_main_catalyst(self) -> None:
        ttPyside6Ui(name="window")

    def creating_starting_tonics(self) -> None:
        self._told_to_end.listen()
        Studio(self._wishes, self._outcome, self._faults, ttCatalyst(name="services"))

    def _on_told_to_end(self, number: int) -> None:
        # Nobody is asked: who sends a signal is not at the window. Unsaved texts are kept for the next start.
        self._outcome.code = EXIT_CODE_BASE + number
        self.finish()


class Studio(ttTonic):
    """The root of the Studio: makes all that lives long, in order, and ends it by finishing.

    Lives on the Qt catalyst. What fails in a sparkle below it arrives in its ``ttse__on_error``.
    """

    def __init__(self, wishes: Wishes, outcome: Outcome, faults: Faults, services: ttCatalyst, **kwargs: Any) -> None:
        super().__init__(name="studio", **kwargs)
        self._wishes = wishes
        self._outcome = outcome
        self._faults = faults
        self._services = services
        self.window: MainWindow | None = None
        self._settings: Settings | None = None
        self._long_lived = LongLived(self._is_run_read)

    def ttse__on_start(self) -> None:
        """Everything is made here, in the Qt thread; the window shows when it is whole."""
        wishes, on = self._wishes, self._services
        settings = self._settings = Settings(locations.settings_file(), aside=True)
        inbox = Inbox()
        connection = Connection(inbox, context=self, catalyst=on)
        launcher = Launcher(grace_s=settings.integer("launch.grace_seconds"), context=self, catalyst=on)
        discovery = Discovery(self.ttsc__show_running, context=self, catalyst=on)
        playback = Playback(connection, self.ttsc__say_problem, context=self, catalyst=on)
        recording = Recording(
            connection,
            self.ttsc__show_recording,
            self.ttsc__say_saved,
            self.ttsc__say_problem,
            settings.integer("record.keep_megabytes"),
            context=self,
            catalyst=on,
        )
        summaries = RunSummaries(
            locations.cache_folder() / "runs",
            self.ttsc__show_summary,
            lambda: playback.is_reading,
            context=self,
            catalyst=on,
        )
        lines = LineDebugger(inbox, connection, context=self, catalyst=on)
        pythons = ProjectPython(self.ttsc__show_python, self.ttsc__show_making, context=self, catalyst=on)
        tests = TestRunner(self.ttsc__show_tests, context=self, catalyst=on)
        requests = StudioRequests(
            launcher, connection, discovery, playback, recording, summaries, lines, pythons, tests
        )
        theme = Theme(wishes.theme or settings.text("theme"), text_scale=settings.integer("ui.scale_percent") / 100)
        parts = Parts(
            session=Session(),
            selection=Selection(),
            settings=settings,
            requests=requests,
            take_all=inbox.take_all,
            panels=all_panels(),
            layouts=LayoutFile(locations.layouts_folder() / "layouts.json"),
            theme=theme,
            folders=_folders(),
        )
        window = self.window = MainWindow(parts, self.finish, name="main_window", context=self)
        bench = window.bench
        self._faults.occurred.connect(bench.show_crash)
        inbox.on_first = bench.clock.wake
        if wishes.arrangement:
            bench.set_arrangement(wishes.arrangement)
            bench.show_start_page()
        if wishes.snapshot:
            window.resize(*wishes.size)
            self._snapshot = Snapshot(window, wishes, self._take_outcome)
        window.show()
        self._long_lived.begin()
        bench.clock.has_taken.connect(self._long_lived.look_at_new)
        self._begin(requests, bench)

    def _is_run_read(self) -> bool:
        return self.window is not None and self.window.bench.session.is_recorded_run_coming

    def ttse__on_error(self, error: Any) -> None:
        """A sparkle of the Studio's own has failed."""
        self._faults.tell(str(error.traceback))
        if self.window is None:
            self._outcome.code = 1
            self._outcome.sentence = "The window could not be made; what is above says why."
            self.finish()

    def ttse__on_finished(self) -> None:
        """The window has closed: the loop is about to collect what it was made of."""
        self._long_lived.end()
        if self._settings is not None:
            self._settings.finish()

    def ttsc__show_running(self, found: Sequence[Found]) -> None:
        """Discovery has looked for apps that run."""
        if self.window is not None:
            self.window.bench.show_running([_running(each) for each in found])

    def ttsc__show_recording(self, state: RecordingState) -> None:
        """It stands otherwise with keeping the watched run."""
        if self.window is not None:
            self.window.bench.show_recording(state)

    def ttsc__show_summary(self, summary: RunSummary) -> None:
        """It is known what a recorded run is."""
        if self.window is not None:
            self.window.bench.show_summary(summary)

    def ttsc__show_python(self, folder: str, facts: PythonFacts) -> None:
        """It is known which Python runs the project in a folder."""
        if self.window is not None:
            self.window.bench.projecting.show_python(folder, facts)

    def ttsc__show_making(self, news: EnvironmentNews) -> None:
        """It stands otherwise with the environment of a project."""
        if self.window is not None:
            self.window.bench.projecting.show_making(news)

    def ttsc__show_tests(self, news: TestNews) -> None:
        """Something is new of the tests of a project."""
        if self.window is not None:
            self.window.bench.projecting.show_tests(news)

    def ttsc__say_saved(self, file: str, not_kept: int) -> None:
        """A run has been written into a file."""
        if self.window is not None:
            self.window.bench.run_was_saved(file, not_kept)

    def ttsc__say_problem(self, sentence: str) -> None:
        """A service could not do what it was asked for."""
        if self.window is not None:
            self.window.bench.problem(sentence)

    def _begin(self, requests: StudioRequests, bench: Workbench) -> None:
        """Do what was asked for on the command line."""
        wishes = self._wishes
        if wishes.project:
            bench.open_project(wishes.project)
        elif wishes.run:
            requests.open_run(wishes.run)
        elif wishes.script:
            # As on a command line: the script runs where the person is.
            folder = str(Path.cwd())
            if wishes.seed is None:
                requests.launch(wishes.script, wishes.arguments, folder)
            else:
                requests.distil(wishes.script, wishes.arguments, wishes.seed, folder)
        elif wishes.pid:
            requests.attach(wishes.pid)
        elif wishes.attach:
            able = [found for found in attachable() if not found.problem]
            if len(able) == 1:
                requests.attach(able[0])
            else:
                bench.ask_attach()

    def _take_outcome(self, code: int, sentence: str) -> None:
        self._outcome.code, self._outcome.sentence = code, sentence
        if self.window is not None:
            self.window.bench.settings.set("confirm.stop_on_close", False)
            self.window.close()


class Faults(QObject):
    """Where faults of the Studio go: exceptions in slots, overrides and threads. The window tells them and lives on.

    The same fault again and again, as from a timer, is told once.
    """

    occurred = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._told: set[str] = set()

    def install(self) -> Any:
        """Take over Python's hooks. Returns a function that gives them back."""
        before, before_in_threads = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_exception_in_thread

        def undo() -> None:
            sys.excepthook, threading.excepthook = before, before_in_threads

        return undo

    def tell(self, report: str) -> None:
        """Something failed. Any thread."""
        if report in self._told:
            return
        self._told.add(report)
        sys.stderr.write(report + "\n")
        self.occurred.emit(report)

    def _on_exception(self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        self.tell(report_text(kind, problem, trace, _folders()))

    def _on_exception_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and args.exc_type is not SystemExit:
            self.tell(report_text(args.exc_type, args.exc_value, args.exc_traceback, _folders()))


def _application() -> QApplication:
    """The application object. Where no window can be opened this says so and ends the process with 3.

    Qt ends the process with an abort and a misleading hint when it finds no display; this net says it first.
    """
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    qInstallMessageHandler(_on_message)
    QApplication.setApplicationName("TaskTonic Studio")
    QApplication.setApplicationVersion(__version__)
    QApplication.setDesktopFileName("tasktonic-studio")
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, False)
    return QApplication([sys.argv[0] if sys.argv else "tasktonic-studio"])


def _on_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """What Qt has to say goes to the terminal; what ends the process is said in our words first."""
    if kind == QtMsgType.QtFatalMsg:
        sys.stderr.write(
            "No window can be opened here: there is no display, or Qt cannot reach it. "
            "For a picture without one: ./studio --snapshot out.png. For a virtual one: xvfb-run -a ./studio. "
            f"Qt says: {text.splitlines()[0] if text else 'nothing'}\n"
        )
        sys.stderr.flush()
        os._exit(NO_DISPLAY)
    # The platform without a display says this of every window; nothing can be done about it.
    if not text.startswith("This plugin does not support"):
        sys.stderr.write(text + "\n")


def _running(found: Found) -> RunningApp:
    name = Path(found.script).name if found.script else f"process {found.pid}"
    return RunningApp(found.pid, name, found.script or found.cwd, found.problem, found)


def _folders() -> dict[str, Path]:
    """Where the user's files lie, in words."""
    return {
        "Settings": locations.settings_file(),
        "Arrangements": locations.layouts_folder(),
        "Unsaved texts": locations.drafts_folder(),
        "Recorded runs": locations.data_folder(),
        "Breakpoints": locations.breakpoints_folder(),
        "Programs of lessons": locations.lessons_folder(),
    }
