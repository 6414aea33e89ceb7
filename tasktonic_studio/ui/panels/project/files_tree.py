"""The tree of a project's files: folders are read when they are opened, and changes on disk are noticed by Qt.

Reading and watching is done by Qt's model of the file system, in a thread of its own; only folders that were opened are watched.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import (
    QDir,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileSystemModel, QTreeView, QWidget

from tasktonic_studio.project.files import is_left_out
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.item_models.roles import ACCESSIBLE_TEXT, DECORATION, DISPLAY, TOOL_TIP
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible

Index = QModelIndex | QPersistentModelIndex
WARNING: Final = "⚠"
_OWN_KEYS: Final = (Qt.Key.Key_F2, Qt.Key.Key_Delete)
_MOVING: Final = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Right,
    Qt.Key.Key_Left,
)
_ONLY_THIS: Final = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class _Kept(QSortFilterProxyModel):
    """Leaves out what is nobody's own work, and says of files what is known of them."""

    def __init__(self, files: QFileSystemModel, icons: Icons, root: str, shows_hidden: bool) -> None:
        super().__init__()
        self._files = files
        self._icons = icons
        self._root = root
        self._shows_hidden = shows_hidden
        self.marks: Mapping[str, str] = {}
        self.setSourceModel(files)

    @guarded(True)
    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        # By the name first: a folder of thousands of files is asked for each.
        if self._shows_hidden or not is_left_out(self._files.fileName(self._files.index(row, 0, parent))):
            return True
        above = self._files.filePath(parent)
        # The folders above the project are no concern of ours; without them there is no way to it.
        return above != self._root and not above.startswith(self._root.rstrip("/") + "/")

    @guarded(None)
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == DECORATION:
            source = self.mapToSource(index)
            return self._icons.icon("folder" if self._files.isDir(source) else "file", "text_muted")
        if role in (DISPLAY, ACCESSIBLE_TEXT, TOOL_TIP):
            source = self.mapToSource(index)
            mark = self.marks.get(self.path(source), "") if self.marks else ""
            name = self._files.fileName(source)
            if role == TOOL_TIP:
                return plain_tip(f"{name}: {mark}" if mark else name)
            if role == DISPLAY:
                return f"{name}   {WARNING} {mark}" if mark else name
            return f"{name}, {mark}" if mark else name
        return super().data(index, role)

    def path(self, source: Index) -> str:
        """The path of a row of the files, as the rest of the program writes it."""
        return QDir.toNativeSeparators(self._files.filePath(source))

    def show_hidden(self, shows: bool) -> None:
        """Leave nothing out, or again what is nobody's own work."""
        self.beginFilterChange()
        self._shows_hidden = shows
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def show_marks(self, marks: Mapping[str, str]) -> None:
        """Something else is known of files."""
        changed = set(self.marks) | set(marks)
        self.marks = marks
        for path in changed:
            index = self.mapFromSource(self._files.index(path))
            if index.isValid():
                self.dataChanged.emit(index, index)


class FilesTree(QTreeView):
    """Shows the files of one folder. Owned by the panel's view.

    Each folder gets models of its own: one that has shown another folder, or none, keeps what it knows of the whole disk.
    What is chosen is what is selected: Qt makes a row the current one by itself, when the keys come or a row goes.
    """

    opened = Signal(str)
    """A file was opened: Enter, or a double click."""
    picked = Signal(str)
    """A file or folder was chosen."""
    delete_wanted = Signal()
    rename_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._files: QFileSystemModel | None = None
        self._kept: _Kept | None = None
        self._folder: Path | None = None
        self._shows_hidden = False
        self._marks: Mapping[str, str] = {}
        self._chosen = ""
        self._sought: Path | None = None
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        accessible.name(self, "Files of the project", "Enter opens a file; F2 renames, Del takes away")
        self.doubleClicked.connect(self._open)

    def show_folder(self, folder: Path | None) -> None:
        """Show the files of this folder; none for None."""
        self._let_go()
        self._folder, self._sought = folder, None
        if folder is None:
            return
        files = self._files = QFileSystemModel(self)
        files.setReadOnly(True)
        files.setFilter(QDir.Filter.AllEntries | QDir.Filter.NoDotAndDotDot | QDir.Filter.Hidden)
        files.setOption(QFileSystemModel.Option.DontUseCustomDirectoryIcons, True)
        root = files.setRootPath(str(folder))
        kept = self._kept = _Kept(files, self._icons, files.filePath(root), self._shows_hidden)
        kept.setParent(self)
        kept.marks = self._marks
        kept.rowsAboutToBeRemoved.connect(
            self._on_leaving
        )  # before the view connects itself, which then chooses a neighbour
        self.setModel(kept)
        for column in range(1, kept.columnCount()):
            self.hideColumn(column)
        self.setRootIndex(kept.mapFromSource(root))
        kept.rowsInserted.connect(self._seek)
        self._seek()

    def finish(self) -> None:
        """The window closes: watch nothing any more."""
        self._let_go()

    def _let_go(self) -> None:
        self._chosen = ""
        files, kept, self._files, self._kept = self._files, self._kept, None, None
        if files is None or kept is None:
            return
        kept.rowsInserted.disconnect(self._seek)
        kept.rowsAboutToBeRemoved.disconnect(self._on_leaving)
        self.setModel(None)
        kept.deleteLater()
        files.deleteLater()

    def show_hidden(self, shows: bool) -> None:
        """Show also what is usually left out, or no more."""
        if shows != self._shows_hidden:
            self._shows_hidden = shows
            if self._kept is not None:
                self._kept.show_hidden(shows)

    def show_marks(self, marks: Mapping[str, str]) -> None:
        """Say of these files what is known of them."""
        self._marks = marks
        if self._kept is not None:
            self._kept.show_marks(marks)

    @property
    def chosen(self) -> Path | None:
        """The file or folder that is chosen."""
        return Path(self._chosen) if self._chosen else None

    def choose(self, path: Path) -> None:
        """Go to a file or folder; as soon as it is known that it is there."""
        self._sought = path
        self._seek()

    def names(self) -> list[str]:
        """The rows that are there, as they are shown: top level only."""
        root, kept = self.rootIndex(), self._kept
        return [] if kept is None else [str(kept.index(row, 0, root).data()) for row in range(kept.rowCount(root))]

    def _seek(self) -> None:
        if self._sought is None or self._files is None or self._kept is None:
            return
        index = self._kept.mapFromSource(self._files.index(str(self._sought)))
        if index.isValid():
            self._sought = None
            self.setCurrentIndex(index)
            self.scrollTo(index)

    @guarded(None)
    def _on_leaving(self, parent: Index, first: int, last: int) -> None:
        """Rows go: nobody has chosen the one beside them, but the keys go on from there."""
        leaving = self.currentIndex()
        while leaving.isValid() and leaving.parent() != parent:
            leaving = leaving.parent()
        if leaving.isValid() and first <= leaving.row() <= last:
            beside = leaving.siblingAtRow(last + 1)
            beside = beside if beside.isValid() else leaving.siblingAtRow(first - 1)
            self.clearSelection()
            self.selectionModel().setCurrentIndex(beside, QItemSelectionModel.SelectionFlag.NoUpdate)

    @guarded(None)
    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        # Kept as a path: asked for later, an index may be of one of a row that is on its way out.
        super().selectionChanged(selected, deselected)
        rows = self.selectedIndexes()
        self._chosen = ""
        if rows and self._files is not None and self._kept is not None:
            self._sought = None
            self._chosen = self._kept.path(self._kept.mapToSource(rows[0]))
            self.picked.emit(self._chosen)

    def _is_folder(self, index: QModelIndex) -> bool:
        return self._files is not None and self._kept is not None and self._files.isDir(self._kept.mapToSource(index))

    def _open(self, index: QModelIndex) -> None:
        if index.isValid() and self._chosen and not self._is_folder(index):
            self.opened.emit(self._chosen)

    @guarded(False)
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()  # elsewhere they are about the selected thing of an app
            return True
        return super().event(event)

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if index.isValid() and not self._chosen and event.key() in _MOVING:
            # Where the keys have come to, but nothing was chosen yet: begin there.
            self.selectionModel().select(index, _ONLY_THIS)
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            if self._is_folder(index):
                self.setExpanded(index, not self.isExpanded(index))
            else:
                self._open(index)
        elif event.key() == Qt.Key.Key_Delete and self._chosen:
            self.delete_wanted.emit()
        elif event.key() == Qt.Key.Key_F2 and self._chosen:
            self.rename_wanted.emit()
        else:
            super().keyPressEvent(event)


__all__ = ["FilesTree"]
