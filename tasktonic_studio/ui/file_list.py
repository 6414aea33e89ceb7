"""The files of the open project, listed in a thread: going to one by typing must not wait for a disk."""

from __future__ import annotations

import threading
from itertools import islice
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal

from tasktonic_studio.project.files import walk

MOST: Final = 5_000
"""With more files than that the filter of the panel is the way."""
_END_S: Final = 5.0


class FileList(QObject):
    """``files`` are those of the last look. Owned by the window, let go by ``stop``; UI thread."""

    _found = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.files: list[Path] = []
        self._number = 0
        self._is_looking = False
        self._threads: list[threading.Thread] = []
        self._found.connect(self._on_found)

    def look(self, folder: Path) -> None:
        """List the files of this folder, unless that is being done."""
        self._threads = [each for each in self._threads if each.is_alive()]
        if self._is_looking and self._threads:
            return
        self._number += 1
        self._is_looking = True
        thread = threading.Thread(target=self._list, args=(self._number, folder), name="studio file list")
        self._threads.append(thread)
        thread.start()

    def forget(self) -> None:
        """Another folder, or none: what is known is of no use. A look that goes on ends by itself; nobody waits for its disk."""
        self._number += 1
        self._is_looking = False
        self.files = []

    def stop(self) -> None:
        """The window closes."""
        self.forget()
        for thread in self._threads:
            thread.join(_END_S)

    def _list(self, number: int, folder: Path) -> None:
        found = list(islice(walk(folder, lambda: number == self._number), MOST))
        if number == self._number:
            self._found.emit(number, found)

    def _on_found(self, number: int, files: list[Path]) -> None:
        if number == self._number:
            self.files, self._is_looking = files, False


__all__ = ["FileList"]
