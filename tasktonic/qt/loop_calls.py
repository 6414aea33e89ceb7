"""Calls handed to the thread of the Qt loop by any other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import cache
from typing import Final

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt

_CALL: Final = QEvent.Type(QEvent.registerEventType())


class LoopCalls(QObject):
    """Calls what it is given in the thread of the ``QApplication``, after input and painting, also while a modal dialog is open.

    ``loop_calls`` makes the only one. It lives as long as the application object: posting to it is safe whatever Qt deletes meanwhile.
    """

    def __init__(self) -> None:
        super().__init__()
        self._calls: deque[Callable[[], None]] = deque()

    def soon(self, call: Callable[[], None]) -> None:
        """Have something called. Any thread. Nothing happens when the application object is gone: no loop turns any more."""
        self._calls.append(call)
        try:
            QCoreApplication.postEvent(self, QEvent(_CALL), Qt.EventPriority.LowEventPriority.value)
        except RuntimeError:  # PySide deletes every Qt object with the application object
            self._calls.clear()

    def event(self, event: QEvent) -> bool:
        if event.type() == _CALL:
            if self._calls:  # one event for each
                self._calls.popleft()()
            return True
        return super().event(event)


@cache
def _made() -> LoopCalls:
    calls, app = LoopCalls(), QCoreApplication.instance()
    assert app is not None
    calls.moveToThread(app.thread())
    return calls


def loop_calls() -> LoopCalls:
    """The one of the application object there is; first asked for when there is one. Any thread."""
    if not shiboken6.isValid(_made()) and QCoreApplication.instance() is not None:
        _made.cache_clear()  # it went with an application object before this one
    return _made()
