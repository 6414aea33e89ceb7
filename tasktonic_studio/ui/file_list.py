"""The files of the open project, listed in a thread: going to one by typing must not wait for a disk."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject

from tasktonic_studio.project.files import walk
from tasktonic_studio.ui.newest_look import IsWanted, NewestLook

MOST: Final = 5_000
"""With more files than that the filter of the panel is the way."""


class FileList(QObject):
    """``files`` are those of the last look. Owned by the window, let go by ``stop``; UI thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.files: list[Path] = []
        self._is_looking = False
        self._look = NewestLook("studio file list", self)
        self._look.found.connect(self._on_found)

    def look(self, folder: Path) -> None:
        """List the files of this folder, unless that is being done."""
        if not self._is_looking:
            self._is_looking = True
            self._look.begin(lambda is_wanted: _listed(folder, is_wanted))

    def forget(self) -> None:
        """Another folder, or none: what is known is of no use. A look that goes on ends by itself; nobody waits for its disk."""
        self._look.forget()
        self._is_looking = False
        self.files = []

    def stop(self) -> None:
        """The window closes. Does not wait."""
        self.forget()

    def _on_found(self, number: int, files: list[Path]) -> None:
        if number == self._look.number:
            self.files, self._is_looking = files, False


def _listed(folder: Path, is_wanted: IsWanted) -> list[Path]:
    return list(islice(walk(folder, is_wanted), MOST))


__all__ = ["FileList"]
