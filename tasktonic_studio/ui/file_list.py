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
        self._thread: threading.Thread | None = None
        self._found.connect(self._on_found)

    def look(self, folder: Path) -> None:
        """List the files of this folder; one look at a time."""
        if self._thread is None or not self._thread.is_alive():
            self._number += 1
            self._thread = threading.Thread(target=self._list, args=(self._number, folder), name="studio file list")
            self._thread.start()

    def forget(self) -> None:
        """Another folder, or none: what is known is of no use."""
        self._number += 1
        self.files = []
        if self._thread is not None:
            self._thread.join(_END_S)
            self._thread = None

    def stop(self) -> None:
        """The window closes."""
        self.forget()

    def _list(self, number: int, folder: Path) -> None:
        found = list(islice(walk(folder, lambda: number == self._number), MOST))
        if number == self._number:
            self._found.emit(number, found)

    def _on_found(self, number: int, files: list[Path]) -> None:
        if number == self._number:
            self.files = files


__all__ = ["FileList"]
