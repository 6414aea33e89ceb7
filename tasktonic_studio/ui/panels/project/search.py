"""Looking for files by name, in a thread: the window never waits for a disk."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from tasktonic_studio.project.files import matching
from tasktonic_studio.ui.newest_look import NewestLook


class Search(NewestLook):
    """One search at a time; another one takes the place of the one before. Owned by the panel's view. Finds `Matches`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__("studio file search", parent)

    def look_for(self, project: Path, text: str) -> None:
        """Look for files with these words in their path."""
        self.begin(partial(matching, project, text))


__all__ = ["Search"]
