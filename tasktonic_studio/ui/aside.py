"""Aside: asks the side process or one of its kind, and gives up on it in time. The window never waits for an answer."""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer

Answer = dict[str, Any]

COMMAND: Final = (sys.executable, "-P", "-m", "tasktonic_studio.side_process")
"""-P: the folder that the Studio was started in may have modules of its own, of the same names as those of Python."""
LIMIT_MS: Final = 2_000
"""What an answer may take, unless the question says otherwise."""
IDLE_MS: Final = 15_000
"""Without a question for so long the process ends; the next question starts another, which takes a tenth of a second."""
_START_MS: Final = 8_000
"""What starting may take on a busy machine, before the work itself."""
_READY: Final = b'{"do": "ready"}\n'
"""Asked first of a new process. Nobody knows this, but whatever is answered shows that it runs: then the time of the work begins."""
_MOST_BYTES: Final = 64_000_000


@dataclass(slots=True)
class _Question:
    request: dict[str, Any]
    answered: Callable[[Answer], None]
    limit_ms: int


class Aside(QObject):
    """One side process and the questions to it, answered one after the other. Made and stopped by a panel; UI thread.

    The process is started by the first question. One that takes too long is killed with it, and the next begins in a
    new one. Every question gets exactly one answer, unless `stop` or `forget` comes first: what `tasktonic_studio.side_process`
    says, or `problem`, a sentence, with `gave_up` where it took too long or the process died.

    Args:
        command: the program and its arguments; tests give others.
        parent: as in Qt.
        idle_ms: without a question for so long the process ends.
    """

    def __init__(self, command: Sequence[str] = COMMAND, parent: QObject | None = None, idle_ms: int = IDLE_MS) -> None:
        super().__init__(parent)
        self._command = tuple(command)
        self._waiting: deque[_Question] = deque()
        self._asked: _Question | None = None
        self._process: QProcess | None = None
        self._is_new = True
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._on_limit)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(idle_ms)
        self._idle.timeout.connect(self._end)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is to come."""
        return self._asked is not None or bool(self._waiting)

    @property
    def process_id(self) -> int:
        """The id of the running process, 0 for none."""
        return self._process.processId() if self._process is not None else 0

    def ask(self, request: dict[str, Any], answered: Callable[[Answer], None], limit_ms: int | None = None) -> None:
        """Ask; `answered` is called later, in this thread, never from inside this call. For `limit_ms` see `LIMIT_MS`."""
        self._waiting.append(_Question(request, answered, LIMIT_MS if limit_ms is None else limit_ms))
        if self._asked is None:
            QTimer.singleShot(0, self, self._next)

    def forget(self) -> None:
        """Nobody wants the answers any more. A question that is being worked on takes its process with it."""
        self._waiting.clear()
        if self._asked is not None:
            self._asked = None
            self._limit.stop()
            self._end()

    def stop(self) -> None:
        """Forget all questions and end the process."""
        self.forget()
        self._idle.stop()
        self._end()

    # ---- one question after the other

    def _next(self) -> None:
        if self._asked is not None or not self._waiting:
            return
        self._idle.stop()
        self._asked = self._waiting.popleft()
        process = self._process or self._start()
        self._limit.start(_START_MS if self._is_new else self._asked.limit_ms)
        process.write(json.dumps(self._asked.request).encode() + b"\n")

    def _start(self) -> QProcess:
        process = self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        root = str(Path(__file__).resolve().parents[2])
        others = environment.value("PYTHONPATH", "")
        environment.insert("PYTHONPATH", os.pathsep.join(filter(None, (root, others))))
        # What asks a program to be watched or recorded is not meant for this one.
        for name in [it for it in environment.keys() if it.startswith("TASKTONIC_")]:  # noqa: SIM118 - a Qt list, not a dict
            environment.remove(name)
        process.setProcessEnvironment(environment)
        process.setStandardErrorFile(QProcess.nullDevice())
        process.readyReadStandardOutput.connect(self._on_output)
        process.errorOccurred.connect(self._on_error)
        process.finished.connect(self._on_finished)
        self._is_new = True
        process.start(self._command[0], list(self._command[1:]))
        process.write(_READY)
        return process

    def _answer(self, answer: Answer) -> None:
        question, self._asked = self._asked, None
        self._limit.stop()
        if self._waiting:
            QTimer.singleShot(0, self, self._next)
        else:
            self._idle.start()
        if question is not None:
            question.answered(answer)

    def _on_output(self) -> None:
        process = self._process
        if process is None:
            return
        if self._is_new and process.canReadLine():
            process.readLine()
            self._is_new = False
            if self._asked is not None:
                self._limit.start(self._asked.limit_ms)
        if process.bytesAvailable() > _MOST_BYTES:
            self._give_up("The answer was too long.")
        elif process.canReadLine():
            line = bytes(process.readLine().data())
            try:
                answer = json.loads(line)
            except ValueError:
                self._give_up("The side process said something that is no answer.")
            else:
                if isinstance(answer, dict) and answer.get("ends"):
                    self._end()  # and the next question begins in a new one
                self._answer(answer if isinstance(answer, dict) else {"problem": "It is no answer."})

    def _on_limit(self) -> None:
        limit = self._asked.limit_ms if self._asked is not None else 0
        self._give_up(f"It took longer than {limit / 1_000:g} s.")

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._give_up("The side process could not be started.")

    def _on_finished(self) -> None:
        if self._asked is not None:
            self._give_up("The side process ended without an answer.")
        else:
            self._end()

    def _give_up(self, problem: str) -> None:
        self._end()
        self._answer({"problem": problem, "gave_up": True})

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for signal in (process.readyReadStandardOutput, process.errorOccurred, process.finished):
            signal.disconnect()
        if process.state() != QProcess.ProcessState.NotRunning:
            process.kill()
            # A killed process is gone within a millisecond or two; for one that is left alone Qt would wait as long, and complain.
            process.waitForFinished()
        process.deleteLater()
