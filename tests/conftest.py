"""What every test needs: no display, user folders of its own, and a look at what it leaves behind."""

from __future__ import annotations

import faulthandler
import gc
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest
from _pytest.assertion import rewrite
from _pytest.faulthandler import fault_handler_stderr_fd_key

from tests.helpers.last_words import LastWords, write_last_words_to_file
from tests.helpers.left_running import end_what_was_left_running

# A shell has its background jobs ignore Ctrl+C, and their children with them: tests send it to programs that should hear it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Before anything imports Qt. A test that wants a real X server starts one and sets this for its own child process.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# No test asserts a duration, so examples have no deadline. The gate must not be green by luck: there they are the same ones.
hypothesis.settings.register_profile("project", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("project")

# How long a thread that was told to end may take to do so. Nobody waits that long where all is well.
_THREADS_END_WITHIN_SECONDS = 40.0

_USER_FOLDER_VARIABLES = {
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "XDG_CACHE_HOME": "cache",
    "XDG_RUNTIME_DIR": "run",
    "APPDATA": "config",
    "LOCALAPPDATA": "data",
}


@pytest.hookimpl(trylast=True)
def pytest_exception_interact(node: pytest.Item | pytest.Collector) -> None:
    """Arm the watchdog anew.

    pytest puts it to rest when a test fails, for the sake of debuggers. But it is the test that failed which is likely
    to hang while it is cleared away, and then nobody would ever be told.
    """
    seconds = float(node.config.getini("faulthandler_timeout") or 0)
    if seconds > 0 and isinstance(node, pytest.Item):
        stderr = node.config.stash[fault_handler_stderr_fd_key]
        faulthandler.dump_traceback_later(seconds, exit=True, file=stderr)


class _ToldAtOnce:
    """Tells what failed at once, with all of its text: a run that is broken off gets to no summary."""

    def __init__(self, reporter: pytest.TerminalReporter) -> None:
        self._reporter = reporter

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._reporter.write_line(f"\n>>> failed in its {report.when}: {report.nodeid}\n{report.longreprtext}\n")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Tell it where the results come together: not in the processes that run files of tests side by side."""
    if hasattr(config, "workerinput"):
        write_last_words_to_file(config)
        return
    config.pluginmanager.register(LastWords(config.rootpath))
    reporter = config.pluginmanager.getplugin("terminalreporter")
    if isinstance(reporter, pytest.TerminalReporter):
        config.pluginmanager.register(_ToldAtOnce(reporter))


_WHAT_PROCESSES_IMPORT = ("TaskTonic.py", "tasktonic", "tasktonic_studio", "benchmarks", "tests/helpers")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile once what the processes of the tests import, before the first of them starts.

    In a clean checkout each would do that for itself, and where `PYTHONDONTWRITEBYTECODE` is set none would keep it for the
    next: half of the time in which a Studio starts. What cannot be written, in a folder that is read only, they do as before.
    """
    config = session.config
    if hasattr(config, "workerinput"):
        if config.args_source is config.ArgsSource.TESTPATHS:
            _rewrite_a_share(config)
    elif not config.option.collectonly:
        command = [sys.executable, "-m", "compileall", "-qq", "-j", "0", *_WHAT_PROCESSES_IMPORT]
        subprocess.run(command, cwd=config.rootpath, check=False)


def _rewrite_a_share(config: pytest.Config) -> None:
    """Rewrite the asserts in some of the files of tests for the processes beside this one, which do the same for others.

    Each of them loads all files. To rewrite them takes two thirds of that, and as many times as there are processes.
    """
    number, of = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")), int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    state = config.stash[rewrite.assertstate_key]
    for file in sorted(config.rootpath.glob("tests/**/test_*.py"))[number::of]:
        pyc = rewrite.get_cache_dir(file) / (file.stem + rewrite.PYC_TAIL)
        if rewrite.try_makedirs(pyc.parent) and rewrite._read_pyc(file, pyc) is None:
            source_hash, code = rewrite._rewrite_test(file, config)
            rewrite._write_pyc(state, code, source_hash, pyc)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keep the collector from what stays for the whole run, the modules of all tests and the tests themselves.

    After each file with Qt everything is looked through (see below): with these among it that took as long as the tests of a
    small file.
    """
    gc.collect()
    gc.freeze()


_WITH_STUDIO = ("tests/studio/", "tests/end_to_end/")
_WITH_QT = (*_WITH_STUDIO, "tests/framework/qt/")

_CORNER = (0, 0)
"""Of the screen, where the pointer is over nothing that a test would point at."""


def _is_below(request: pytest.FixtureRequest, folders: tuple[str, ...]) -> bool:
    return request.path.is_relative_to(request.config.rootpath) and request.path.relative_to(
        request.config.rootpath
    ).as_posix().startswith(folders)


@pytest.fixture(autouse=True, scope="module")
def no_qt_object_is_left_to_others(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect in the main thread what tests with Qt have left: the threads of later tests must not (see tasktonic/qt/garbage.py)."""
    yield
    if _is_below(request, _WITH_QT):
        gc.collect()
        if not gc.get_freeze_count():  # a Studio that ended in this process has let all of it go
            gc.freeze()


@pytest.fixture(autouse=True)
def cycles_die_in_the_main_thread(
    request: pytest.FixtureRequest, no_qt_object_is_left_to_others: None
) -> Iterator[None]:
    """Where windows and threads share a process without a Qt catalyst that would see to it: no collector in the threads."""
    if not _is_below(request, _WITH_QT) or not gc.isenabled():
        yield
        return
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> object:
    """The usual one, with more patience."""
    from tests.helpers.patient_qtbot import PatientQtBot

    return PatientQtBot(request)


@pytest.fixture(autouse=True)
def looks_of_no_other_test(request: pytest.FixtureRequest) -> None:
    """Dress the application in the usual theme: what an earlier test has put on, text of twice the size say, would stay."""
    if _is_below(request, _WITH_STUDIO):
        from tasktonic_studio.ui.theme.stylesheet import dress
        from tasktonic_studio.ui.theme.theme import Theme

        dress(request.getfixturevalue("qapp"), Theme("dark"))


@pytest.fixture(autouse=True)
def faults_of_no_other_test(request: pytest.FixtureRequest) -> None:
    """Forget what was reported: a fault in an override of Qt is told once, to the first test of a process that comes upon it."""
    if _is_below(request, _WITH_STUDIO):
        from tasktonic_studio.ui import guard

        guard._reported.clear()


@pytest.fixture(autouse=True)
def windows_end_with_their_test(request: pytest.FixtureRequest, looks_of_no_other_test: None) -> Iterator[None]:
    """Delete at once what was told to `deleteLater`: no loop turns between tests, and each window would be styled by all later ones."""
    yield
    if _is_below(request, _WITH_STUDIO):
        from PySide6.QtCore import QCoreApplication, QEvent

        QCoreApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete))


@pytest.fixture(autouse=True)
def keys_are_let_go(request: pytest.FixtureRequest, windows_end_with_their_test: None) -> Iterator[None]:
    """Let go of Ctrl and the like: after `QTest.keyClick` with one Qt takes it as held until the next key.

    The rows that a later test selects would be switched by that instead.
    """
    yield
    if _is_below(request, _WITH_STUDIO):
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QGuiApplication
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QWidget

        if QGuiApplication.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
            QTest.keyRelease(QWidget(), Qt.Key.Key_Control)


@pytest.fixture(autouse=True)
def mouse_is_let_go(request: pytest.FixtureRequest, windows_end_with_their_test: None) -> Iterator[None]:
    """Let go of the buttons of the mouse and take the pointer away: `QTest.mouseDClick` leaves the left one pressed.

    To all that a later test points at, the mouse would be dragging; and a pointer that is already there does not come.
    """
    yield
    if _is_below(request, _WITH_STUDIO):
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtGui import QCursor, QGuiApplication
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QWidget

        held = QGuiApplication.mouseButtons()
        for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            if held & button:
                QTest.mouseRelease(QWidget(), button)
        if QCursor.pos() != QPoint(*_CORNER):
            QCursor.setPos(*_CORNER)


_has_failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note that a test has failed, for what clears away after it."""
    report = yield
    if report.failed:
        item.stash[_has_failed] = True
    return report


@pytest.fixture(autouse=True)
def user_folders(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Settings, caches and sockets of this test; gone afterwards, and so is what a failed test has left running with them.

    Not below `tmp_path`: that path is long, and a Unix socket's address may have 107 bytes at most.
    """
    base = Path(tempfile.mkdtemp(prefix="tt-"))
    for variable, name in _USER_FOLDER_VARIABLES.items():
        (base / name).mkdir(mode=0o700, exist_ok=True)
        monkeypatch.setenv(variable, str(base / name))
    yield base
    if request.node.stash.get(_has_failed, False):
        end_what_was_left_running(base)
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(autouse=True)
def no_thread_is_left_behind(user_folders: Path) -> Iterator[None]:
    """Fail a test that leaves a thread running. A thread that is about to end is waited for."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(_THREADS_END_WITHIN_SECONDS)
    left = sorted(thread.name for thread in set(threading.enumerate()) - before if thread.is_alive())
    if left:
        pytest.fail(f"threads left behind: {', '.join(left)}")


class _Remarks(logging.Handler):
    """Keeps what is logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def nothing_is_logged_unexpectedly(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which a warning or worse was logged. One that takes `caplog` looks at its lines itself."""
    remarks = _Remarks()
    logging.getLogger().addHandler(remarks)
    yield
    logging.getLogger().removeHandler(remarks)
    if remarks.lines and "caplog" not in request.fixturenames:
        pytest.fail("logged unexpectedly:\n" + "\n".join(remarks.lines))
