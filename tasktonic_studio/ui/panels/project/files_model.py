"""The files of a project as a Qt model: folders are read when they are opened, and what changes on disk is noticed.

A folder may have tens of thousands of files: the rows come in turns, and Qt's own table of rows carries them, so that a view that lays
itself out asks no Python for each of them.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

from PySide6.QtCore import QFileSystemWatcher, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer
from PySide6.QtGui import QStandardItem, QStandardItemModel

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.item_models.roles import ACCESSIBLE_TEXT, DECORATION, DISPLAY, TOOL_TIP, Index
from tasktonic_studio.ui.panels.project.folder_reader import FolderReader, Row, row_of
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.tips import plain_tip

ROWS_PER_TURN: Final = 1_000
CHANGED_MS: Final = 100
"""After a folder has changed it is read when nothing more has for so long."""
WARNING: Final = "⚠"
COMES: Final = "…"
"""In the place of what is still being read."""
_PATH: Final = int(Qt.ItemDataRole.UserRole) + 1
_OURS: Final = frozenset({DISPLAY, ACCESSIBLE_TEXT, TOOL_TIP, DECORATION})


@dataclass(eq=False)
class _Folder:
    """A folder that was read, or is being read."""

    path: str
    at: QPersistentModelIndex
    """Where its own row is; invalid for the project."""
    rows: list[Row] = field(default_factory=list)
    """What is shown of it."""
    coming: deque[Row] = field(default_factory=deque)
    is_read: bool = False


class FilesModel(QStandardItemModel):
    """Owned by the tree, which makes one for each project. UI thread.

    Args:
        root: the folder of the project.
        icons: pictures of files and folders.
        shows_hidden: whether nothing is left out.
        parent: its owner.
    """

    def __init__(self, root: str, icons: Icons, shows_hidden: bool, parent: QObject) -> None:
        super().__init__(0, 1, parent)
        self._root = root
        self._icons = icons
        self.marks: Mapping[str, str] = {}
        self._folders: dict[str, _Folder] = {}
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._on_changed)
        self._changed: dict[str, None] = {}
        self._again = _timer(self, CHANGED_MS, self._read_changed)
        self._turn = _timer(self, 0, self._take_turn)
        self._reader = FolderReader(self)
        self._reader.shows_hidden = shows_hidden
        self._reader.read.connect(self._on_read)
        self._block: list[Row] = []
        """What is being inserted."""
        # Before any view, and neither sooner nor later than Qt's own rows change: what is asked then is answered from what is there.
        self.rowsInserted.connect(self._on_rows_inserted)
        self.rowsRemoved.connect(self._on_rows_removed)
        self._begin(root, QModelIndex())

    def finish(self) -> None:
        """Nobody looks at it any more."""
        self._turn.stop()
        self._again.stop()
        self._reader.read.disconnect(self._on_read)
        self._reader.stop()
        self._watcher.directoryChanged.disconnect(self._on_changed)

    # ---- what is where

    def path(self, index: Index) -> str:
        """The path of a row; empty for none, and for one that only says that more will come."""
        folder = self._folder_above(index) if index.isValid() else None
        if folder is None or index.row() >= len(folder.rows):
            return ""
        return os.path.join(folder.path, folder.rows[index.row()].name)  # noqa: PTH118 - asked for every row that is painted

    def is_folder(self, index: Index) -> bool:
        """Whether a row is one of a folder."""
        folder = self._folder_above(index) if index.isValid() else None
        return folder is not None and index.row() < len(folder.rows) and not folder.rows[index.row()].is_file

    def index_of(self, path: str) -> QModelIndex:
        """The row of a path; an invalid one as long as it is not known. Folders on the way to it are read."""
        try:
            steps = PurePath(os.path.relpath(path, self._root)).parts
        except ValueError:
            return QModelIndex()  # on another drive of Windows
        at, folder = QModelIndex(), self._folders[self._root]
        for number, name in enumerate(steps):
            row = _find(folder.rows, name)
            if row < 0:
                return QModelIndex()
            at = self.index(row, 0, at)
            if number < len(steps) - 1:
                if folder.rows[row].is_file:
                    return QModelIndex()
                self.read(at)
                folder = self._folders[self.path(at)]
        return at

    def _folder_above(self, index: Index) -> _Folder | None:
        return self._folder_at(index.parent())

    def _folder_at(self, index: QModelIndex) -> _Folder | None:
        return self._folders.get(super().data(index, _PATH) if index.isValid() else self._root)

    # ---- reading

    def read(self, index: QModelIndex) -> None:
        """Read the folder of a row, if that was not done yet; from then on its changes are noticed."""
        if self.is_folder(index) and self.path(index) not in self._folders:
            self._begin(self.path(index), index)

    def look_again(self) -> None:
        """Read all that was read anew: it may have been away."""
        for path in self._folders:
            self._watcher.addPath(path)
            self._reader.begin(path)

    def show_hidden(self, shows: bool) -> None:
        """Leave nothing out, or again what is nobody's own work."""
        self._reader.shows_hidden = shows
        self.look_again()

    def _begin(self, path: str, index: QModelIndex) -> None:
        self._folders[path] = _Folder(path, QPersistentModelIndex(index))
        self._watcher.addPath(path)
        self._reader.begin(path)

    @guarded(None)
    def _on_changed(self, path: str) -> None:
        self._changed[path] = None
        self._again.start()

    @guarded(None)
    def _read_changed(self) -> None:
        changed, self._changed = self._changed, {}
        for path in changed:
            if path in self._folders:
                self._watcher.addPath(path)  # one that went and came at once is watched no more
                self._reader.begin(path)

    @guarded(None)
    def _on_read(self, path: str, rows: list[Row]) -> None:
        folder = self._folders.get(path)
        if folder is None:
            return  # gone meanwhile
        folder.is_read = True
        wanted = set(rows)
        gone = [number for number, row in enumerate(folder.rows) if row not in wanted]
        self._remove(folder, gone)
        present = set(folder.rows)
        folder.coming = deque(row for row in rows if row not in present)
        self._turn.start()

    def _remove(self, folder: _Folder, numbers: list[int]) -> None:
        """Take rows out; neighbours at once."""
        while numbers:
            last = first = numbers.pop()
            while numbers and numbers[-1] == first - 1:
                first = numbers.pop()
            self.removeRows(first, last - first + 1, folder.at)

    @guarded(None)
    def _on_rows_inserted(self, parent: QModelIndex, first: int, _last: int) -> None:
        folder = self._folder_at(parent)
        if folder is not None:
            folder.rows[first:first] = self._block

    @guarded(None)
    def _on_rows_removed(self, parent: QModelIndex, first: int, last: int) -> None:
        folder = self._folder_at(parent)
        if folder is None:
            return
        gone = folder.rows[first : last + 1]
        del folder.rows[first : last + 1]
        for row in gone:
            if not row.is_file:
                self._forget(os.path.join(folder.path, row.name))  # noqa: PTH118

    def _forget(self, path: str) -> None:
        for known in [it for it in self._folders if it == path or it.startswith(path + os.sep)]:
            del self._folders[known]
            self._watcher.removePath(known)

    # ---- showing what was read, so much at a time that nobody notices

    @guarded(None)
    def _take_turn(self) -> None:
        left = ROWS_PER_TURN
        for folder in [it for it in self._folders.values() if it.is_read]:
            while folder.coming and left > 0:
                left -= self._insert(folder, left)
            if not folder.coming:
                self._settle(folder)
            if left <= 0:
                self._turn.start()
                return

    def _insert(self, folder: _Folder, most: int) -> int:
        """Insert the next rows that come to stand side by side; how many."""
        at = bisect_left(folder.rows, folder.coming[0])
        behind = folder.rows[at] if at < len(folder.rows) else None
        block: list[Row] = []
        while folder.coming and len(block) < most and (behind is None or folder.coming[0] < behind):
            block.append(folder.coming.popleft())
        self._block = block
        self.insertRows(at, len(block), folder.at)
        above = self.itemFromIndex(folder.at) if folder.at.isValid() else self.invisibleRootItem()
        for number, row in enumerate(block, at):
            if not row.is_file:
                above.setChild(number, 0, _of_folder(os.path.join(folder.path, row.name)))  # noqa: PTH118
        return len(block)

    def _settle(self, folder: _Folder) -> None:
        """All of it is there: nothing says any more that something will come."""
        if folder.at.isValid() and self.rowCount(folder.at) > len(folder.rows):
            self.removeRows(len(folder.rows), 1, folder.at)

    # ---- what is shown

    def show_marks(self, marks: Mapping[str, str]) -> None:
        """Something else is known of files."""
        changed = {path for path in set(self.marks) | set(marks) if self.marks.get(path) != marks.get(path)}
        self.marks = marks
        for folder in self._folders.values():
            for path in changed:
                above, name = os.path.split(path)
                row = _find(folder.rows, name) if above == folder.path else -1
                if row >= 0:
                    index = self.index(row, 0, folder.at)
                    self.dataChanged.emit(index, index)

    @guarded(None)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _OURS:
            return super().data(index, role)
        folder = self._folder_above(index)
        if folder is None or index.row() >= len(folder.rows):
            return COMES if role in (DISPLAY, ACCESSIBLE_TEXT) else None
        row = folder.rows[index.row()]
        if role == DECORATION:
            return self._icons.icon("file" if row.is_file else "folder", "text_muted")
        mark = self.marks.get(os.path.join(folder.path, row.name), "") if self.marks else ""  # noqa: PTH118
        name = row.name.encode(errors="replace").decode()  # of another encoding than the disk has
        if role == TOOL_TIP:
            return plain_tip(f"{name}: {mark}" if mark else name)
        if role == DISPLAY:
            return f"{name}   {WARNING} {mark}" if mark else name
        return f"{name}, {mark}" if mark else name


def _of_folder(path: str) -> QStandardItem:
    """The row of a folder, with one below it that says that more will come. Rows of files need nothing of their own."""
    item, comes = QStandardItem(), QStandardItem()
    item.setData(path, _PATH)
    comes.setFlags(Qt.ItemFlag.NoItemFlags)
    item.appendRow(comes)
    return item


def _find(rows: list[Row], name: str) -> int:
    """Which of some rows has a name; -1 for none."""
    for is_folder in (True, False):
        wanted = row_of(name, is_folder=is_folder)
        at = bisect_left(rows, wanted)
        if at < len(rows) and rows[at] == wanted:
            return at
    return -1


def _timer(parent: QObject, wait_ms: int, act: Any) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(wait_ms)
    timer.timeout.connect(act)
    return timer


__all__ = ["COMES", "ROWS_PER_TURN", "FilesModel"]
