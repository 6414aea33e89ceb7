"""Reading folders in a thread: the window never waits for a disk."""

from __future__ import annotations

import os
import re
import threading
from collections import deque
from typing import Final, NamedTuple

from PySide6.QtCore import QObject, Signal

from tasktonic_studio.project.files import is_left_out

_NUMBER: Final = re.compile(r"\d+")
_DIGITS: Final = 12


class Row(NamedTuple):
    """One name in a folder. Rows are in the order in which they are shown: folders first, and ``pump2`` before ``pump10``."""

    is_file: bool
    order: str
    name: str


def row_of(name: str, *, is_folder: bool) -> Row:
    """The row of a name."""
    return Row(not is_folder, _NUMBER.sub(lambda it: it[0].zfill(_DIGITS), name.lower()), name)


def rows_in(folder: str, *, shows_hidden: bool) -> list[Row]:
    """What a folder has, in order; nothing of one that cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                row_of(entry.name, is_folder=_is_folder(entry))
                for entry in entries
                if shows_hidden or not is_left_out(entry.name)
            )
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


class FolderReader(QObject):
    """Reads one folder after the other. Owned by the model of the tree, let go by ``stop``.

    The thread is a daemon and nobody waits for it, as that of a `NewestLook`: a disk that does not answer keeps neither the window
    nor the process, and what it says after ``stop`` is told to nobody.
    """

    read = Signal(str, object)
    """A folder, and its rows."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.shows_hidden = False
        self._lock = threading.Lock()
        """Held while rows are told, too: after ``stop`` this may be gone."""
        self._waiting: deque[str] = deque()
        """With the lock: what is still to be read."""
        self._thread: threading.Thread | None = None
        """With the lock: who reads it; None when all is read."""
        self._is_stopped = False
        """With the lock."""

    def begin(self, folder: str) -> None:
        """Read a folder, after those that were asked for before."""
        with self._lock:
            if folder not in self._waiting:
                self._waiting.append(folder)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="studio folder reader", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Nobody wants to know any more. Does not wait."""
        with self._lock:
            self._waiting.clear()
            self._is_stopped = True

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                folder = self._waiting.popleft()
            rows = rows_in(folder, shows_hidden=self.shows_hidden)
            with self._lock:
                if self._is_stopped:
                    return
                self.read.emit(folder, rows)


__all__ = ["FolderReader", "Row", "row_of", "rows_in"]
