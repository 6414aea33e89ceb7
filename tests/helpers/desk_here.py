"""A code desk that answers in the process of the test: the real answers, without the second that a process takes to start."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer

from tasktonic_studio import answering, code_process
from tasktonic_studio.ui.code_desk import Answered, CodeDesk


class DeskHere(CodeDesk):
    """Answers later, as the real one, and drops what is not wanted any more. Of each kind the last question counts."""

    def __init__(self, command: Sequence[str] = (), parent: QObject | None = None) -> None:
        super().__init__(command, parent)
        self.asked: list[dict[str, Any]] = []
        self._last: dict[str, int] = {}

    def ask(
        self, request: dict[str, Any], answered: Answered, is_wanted: Any = lambda: True, limit_ms: int | None = None
    ) -> None:
        self.asked.append(request)
        number = self._last[request["do"]] = len(self.asked)

        def answer() -> None:
            if self._last.get(request["do"]) == number and is_wanted():
                line = answering.answer_to(json.dumps(request).encode(), code_process.doing)
                told = json.loads(json.dumps(line))
                if is_wanted():
                    answered(told)

        QTimer.singleShot(0, self, answer)

    def drop(self, kind: str) -> None:
        self._last.pop(kind, None)
