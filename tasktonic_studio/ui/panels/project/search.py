"""Looking for files by name, in a thread: the window never waits for a disk."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from tasktonic_studio.project.files import matching

_END_S: Final = 5.0


class Search(QObject):
    """One search at a time; another one takes the place of the one before. Owned by the panel's view, let go by ``stop``."""

    found = Signal(int, object)
    """The number of the search, and its `Matches`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.number = 0
        self._threads: list[threading.Thread] = []

    def begin(self, project: Path, text: str) -> None:
        """Look for files with these words in their path."""
        self.number += 1
        thread = threading.Thread(target=self._look, args=(self.number, project, text), name="studio file search")
        self._threads = [each for each in self._threads if each.is_alive()]
        self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """Nobody wants to know any more."""
        self.number += 1
        for thread in self._threads:
            thread.join(_END_S)

    def _look(self, number: int, project: Path, text: str) -> None:
        matches = matching(project, text, lambda: number == self.number)
        if number == self.number:
            self.found.emit(number, matches)


__all__ = ["Search"]
