"""Signals by which the system tells the Studio to end: it ends in order, and with it the script that it launched."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

NAMES: Final = ("SIGTERM", "SIGHUP")
"""Ctrl+C is not among them: every tasktonic app ends in order by it."""

EXIT_CODE_BASE: Final = 128
"""A shell shows a process that was ended by signal number n as one that ended with this plus n."""


class ToldToEnd:
    """Calls ``end`` with the signal's number, in the main thread, between two steps of Python; a second signal kills at once.

    A signal that was being ignored, as under nohup, stays ignored.
    """

    def __init__(self, end: Callable[[int], None]) -> None:
        self._end = end
        self._before: dict[int, Any] = {}

    def listen(self) -> None:
        """Begin. Does nothing in a thread other than the main one: Python delivers no signals there."""
        if threading.current_thread() is not threading.main_thread():
            return
        for name in NAMES:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                self._before[number] = signal.signal(number, self._on_signal)

    def close(self) -> None:
        """Put everything back."""
        while self._before:
            number, before = self._before.popitem()
            signal.signal(number, before)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        self._end(number)
