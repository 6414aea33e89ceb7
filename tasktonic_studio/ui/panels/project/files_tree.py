"""The tree of a project's files: its keys, and what is chosen in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTreeView, QWidget

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.project.files_model import FilesModel
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.widgets import accessible

Index = QModelIndex | QPersistentModelIndex
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


class FilesTree(QTreeView):
    """Shows the files of one folder. Owned by the panel's view.

    Each folder gets a model of its own.
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
        self._files: FilesModel | None = None
        self._shows_hidden = False
        self._marks: Mapping[str, str] = {}
        self._chosen = ""
        self._sought: Path | None = None
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(True)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        accessible.name(self, "Files of the project", "Enter opens a file; F2 renames, Del takes away")
        self.doubleClicked.connect(self._open)
        self.expanded.connect(self._on_expanded)

    def show_folder(self, folder: Path | None) -> None:
        """Show the files of this folder; none for None."""
        self._let_go()
        self._sought = None
        if folder is None:
            return
        files = self._files = FilesModel(str(folder), self._icons, self._shows_hidden, self)
        files.marks = self._marks
        # Before the view connects itself, which then chooses a neighbour.
        files.rowsAboutToBeRemoved.connect(self._on_leaving)
        self.setModel(files)
        files.rowsInserted.connect(self._seek)

    def look_again(self) -> None:
        """Read all anew: the folder was away, and is there again."""
        if self._files is not None:
            self._files.look_again()

    def finish(self) -> None:
        """The window closes: watch nothing any more."""
        self._let_go()

    def _let_go(self) -> None:
        self._chosen = ""
        files, self._files = self._files, None
        if files is None:
            return
        files.rowsInserted.disconnect(self._seek)
        files.rowsAboutToBeRemoved.disconnect(self._on_leaving)
        files.finish()
        self.setModel(None)
        files.deleteLater()

    def show_hidden(self, shows: bool) -> None:
        """Show also what is usually left out, or no more."""
        if shows != self._shows_hidden:
            self._shows_hidden = shows
            if self._files is not None:
                self._files.show_hidden(shows)

    def show_marks(self, marks: Mapping[str, str]) -> None:
        """Say of these files what is known of them."""
        self._marks = marks
        if self._files is not None:
            self._files.show_marks(marks)

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
        files = self._files
        return [] if files is None else [str(files.index(row, 0).data()) for row in range(files.rowCount())]

    def _seek(self) -> None:
        if self._sought is None or self._files is None:
            return
        index = self._files.index_of(str(self._sought))
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
        path = self._files.path(rows[0]) if rows and self._files is not None else ""
        if path:
            self._sought = None
            self._chosen = path
            self.picked.emit(path)

    def _is_folder(self, index: QModelIndex) -> bool:
        return self._files is not None and self._files.is_folder(index)

    def _on_expanded(self, index: QModelIndex) -> None:
        if self._files is not None:
            self._files.read(index)

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
