"""Trying a test that was just made: pytest in a process of its own, once, without the window waiting for it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer

import tasktonic

LONGEST_MS: Final = 60_000
_PASSED, _FAILED = 0, 1
_MOST_LINES: Final = 60

Tell = Callable[[str, str, str], None]
"""Takes a sentence, details, and the kind: ``info`` or ``warning``."""


class Trial(QObject):
    """Tries one test at a time; another one takes the place of the one before. Owned by the window; let go by ``shut``."""

    def __init__(self, tell: Tell, parent: QObject) -> None:
        super().__init__(parent)
        self._tell = tell
        self.file, self._name, self._by_hand = "", "", ""
        self._process: QProcess | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(LONGEST_MS)
        self._patience.timeout.connect(self._give_up)

    def try_out(self, file: str, python: str, by_hand: str) -> None:
        """Run the test in ``file`` with this Python; what came of it is told when it is known, and ``by_hand``: how to run it."""
        self.shut()
        self.file, self._by_hand = file, by_hand
        self._name = f"{Path(file).parent.name}/{Path(file).name}"
        process = self._process = QProcess(self)
        process.setProgram(python or sys.executable)
        process.setArguments(
            [
                "-m",
                "pytest",
                "-q",
                "-p",
                "tasktonic.testing.plugin",
                "-p",
                "no:cacheprovider",
                "--tasktonic-traces",
                "off",
                file,
            ]
        )
        process.setWorkingDirectory(str(Path(file).parent))
        process.setProcessEnvironment(_environment())
        process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        self._patience.start()
        process.start()

    def shut(self) -> None:
        """End what still runs; nothing is told of it any more."""
        self._patience.stop()
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._on_finished)
            process.errorOccurred.disconnect(self._on_error)
            if process.state() != QProcess.ProcessState.NotRunning:
                process.kill()
                process.waitForFinished()
            process.deleteLater()

    def _on_finished(self, code: int) -> None:
        said = bytes(self._process.readAll().data()).decode("utf-8", "replace") if self._process is not None else ""
        self.shut()
        details = "\n".join(said.splitlines()[-_MOST_LINES:])
        if code == _PASSED:
            self._tell(f"The test is in {self._name}, and passes as it stands. {self._by_hand}", "", "info")
        elif code == _FAILED:
            self._tell(
                f"The test is in {self._name}, but fails as it stands: something in the app is not the same each time, such as "
                "chance, the clock of the machine or the order of a set. The details say what.",
                details,
                "warning",
            )
        elif "No module named pytest" in said:
            self._tell(
                f"The test is in {self._name}. It was not tried: this Python has no pytest. {self._by_hand}", "", "info"
            )
        else:
            self._tell(f"The test is in {self._name}. It could not be tried. {self._by_hand}", details, "warning")

    def _on_error(self) -> None:
        self._not_tried("the Python of the app could not be started")

    def _give_up(self) -> None:
        self._not_tried(f"it had not ended after {LONGEST_MS // 1000} s")

    def _not_tried(self, why: str) -> None:
        self.shut()
        self._tell(f"The test is in {self._name}. It could not be tried: {why}. {self._by_hand}", "", "warning")


def _environment() -> QProcessEnvironment:
    """That of a terminal, with the framework where it would not be found."""
    environment = QProcessEnvironment.systemEnvironment()
    for name in environment.keys():  # noqa: SIM118 - it is no dict
        if name.startswith("TASKTONIC_") or name == "PYTEST_CURRENT_TEST":
            environment.remove(name)
    home = Path(tasktonic.__file__).resolve().parents[1]
    if home.name not in ("site-packages", "dist-packages"):
        known = [folder for folder in environment.value("PYTHONPATH").split(os.pathsep) if folder]
        environment.insert("PYTHONPATH", os.pathsep.join([*known, str(home)]))
    return environment
