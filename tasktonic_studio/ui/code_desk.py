"""Code desk: where the editor asks the code process, so that it never waits for an answer and gets none that is out of date."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from PySide6.QtCore import QObject

from tasktonic_studio import locations
from tasktonic_studio.ui.aside import Answer, Aside

IDLE_MS: Final = 300_000
"""A process that knows the project already answers at once; so it stays for some minutes."""
QUICK_MS: Final = 5_000
FILE_MS: Final = 10_000
PROJECT_MS: Final = 60_000
_LINES: Final = {"problems": "file", "folder_problems": "project", "callers": "project", "rename": "project"}
"""Questions about all of a file, or of a project, have a process of their own each: who types waits for none of them."""


def own_command() -> tuple[str, ...]:
    """How the code process is started; what it reads of libraries is kept with this user's things that can be made again."""
    cache = locations.cache_folder() / "code"
    return (sys.executable, "-P", "-m", "tasktonic_studio.code_process", str(cache))


Answered = Callable[[Answer], None]


class _Question(NamedTuple):
    request: dict[str, Any]
    answered: Answered
    is_wanted: Callable[[], bool]
    limit_ms: int


class CodeDesk(QObject):
    """Asks questions about source. Made and stopped by the editor panel; UI thread.

    Of each kind (``do`` of a request) only the last question counts: a new one takes the place of one that waits, and the
    answer to one that is being worked on is dropped. A process that takes too long or dies is started anew for the next
    question.

    Args:
        command: the program and its arguments; tests give others.
        parent: as in Qt.
    """

    def __init__(self, command: Sequence[str] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        command = command or own_command()
        self._lines = {name: _Line(Aside(command, self, idle_ms=IDLE_MS)) for name in ("place", "file", "project")}

    @property
    def is_busy(self) -> bool:
        """Whether an answer is to come."""
        return any(line.is_busy for line in self._lines.values())

    @property
    def process_ids(self) -> list[int]:
        """The ids of the running processes."""
        return [pid for line in self._lines.values() if (pid := line.aside.process_id)]

    def ask(
        self,
        request: dict[str, Any],
        answered: Answered,
        is_wanted: Callable[[], bool] = lambda: True,
        limit_ms: int | None = None,
    ) -> None:
        """Ask.

        Args:
            request: what `tasktonic_studio.code_process` understands.
            answered: called later, in this thread, with the answer: what was asked for, or `problem`, a sentence.
            is_wanted: whether the answer is still of use, such as while the text is the one that was asked about. Where it is
                not, nobody hears of it.
            limit_ms: what it may take.
        """
        name = _LINES.get(request["do"], "place")
        usual = {"place": QUICK_MS, "file": FILE_MS, "project": PROJECT_MS}[name]
        self._lines[name].ask(_Question(request, answered, is_wanted, usual if limit_ms is None else limit_ms))

    def drop(self, kind: str) -> None:
        """Nobody wants the answer to a question of this kind any more."""
        self._lines[_LINES.get(kind, "place")].drop(kind)

    def stop(self) -> None:
        """Forget all questions and end the processes."""
        for line in self._lines.values():
            line.stop()


class _Line:
    """The questions to one process, the last of each kind."""

    def __init__(self, aside: Aside) -> None:
        self.aside = aside
        self._waiting: dict[str, _Question] = {}
        self._asked: _Question | None = None
        self._is_working = False

    @property
    def is_busy(self) -> bool:
        return self._is_working or bool(self._waiting)

    def ask(self, question: _Question) -> None:
        self.drop(question.request["do"])
        self._waiting[question.request["do"]] = question
        self._next()

    def drop(self, kind: str) -> None:
        self._waiting.pop(kind, None)
        if self._asked is not None and self._asked.request["do"] == kind:
            self._asked = None

    def stop(self) -> None:
        self._waiting.clear()
        self._asked, self._is_working = None, False
        self.aside.stop()

    def _next(self) -> None:
        while self._waiting and not self._is_working:
            question = self._waiting.pop(next(iter(self._waiting)))
            if question.is_wanted():
                self._asked, self._is_working = question, True
                self.aside.ask(question.request, self._take, question.limit_ms)

    def _take(self, answer: Answer) -> None:
        question, self._asked, self._is_working = self._asked, None, False
        self._next()
        if question is not None and question.is_wanted():
            question.answered(answer)
