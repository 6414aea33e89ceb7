"""Rename a sparkle or a state: its new name, and every change that would be made, each to be left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.ui.tips import plain_tip

WAIT_MS: Final = 250
"""Changes are looked for when nothing was typed for so long."""
_CHANGE: Final = Qt.ItemDataRole.UserRole


class TextChange(NamedTuple):
    """A text in a file, and what is put there. `line` from 1, `column` from 0, in characters, of its begin."""

    file: str
    line: int
    column: int
    old: str
    new: str


class RenameDialog(QDialog):
    """Made by `Renaming`; gone when closed. ``chosen`` has the changes that are to be made.

    Args:
        subject: what is renamed, in words.
        old: its present name.
        look: asks for the changes with another name; the answer goes to `show_answer`.
        parent: as in Qt.
    """

    chosen = Signal(list)

    def __init__(self, subject: str, old: str, look: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Rename")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.old = old
        self._look = look
        self._shown_for = self._scope = ""
        question = QLabel(f"New name for {subject}:")
        question.setWordWrap(True)
        question.setTextFormat(Qt.TextFormat.PlainText)
        self.name = QLineEdit(old)
        self.name.setAccessibleName("New name")
        self.name.selectAll()
        self.sentence = QLabel("Type another name: every place that would change is listed here.")
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Changes")
        self.tree.setHeaderLabels(["Place", "Now", "Then"])
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.tree.setUniformRowHeights(True)
        self.tree.itemChanged.connect(self._count)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.do_it = self.buttons.addButton("Rename", QDialogButtonBox.ButtonRole.AcceptRole)
        self.do_it.setProperty("kind", "primary")
        self.do_it.setDefault(True)
        self.do_it.setEnabled(False)
        self.buttons.accepted.connect(self._choose)
        self.buttons.rejected.connect(self.reject)
        self.wait = QTimer(self)
        self.wait.setSingleShot(True)
        self.wait.setInterval(WAIT_MS)
        self.wait.timeout.connect(self._on_rest)
        self.name.textChanged.connect(self._on_typed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        for widget in (question, self.name, self.sentence, self.tree, self.buttons):
            layout.addWidget(widget, 1 if widget is self.tree else 0)
        self.name.setFocus()

    def _on_typed(self) -> None:
        self.do_it.setEnabled(False)
        self.wait.start()

    def _on_rest(self) -> None:
        if self.name.text():
            self._shown_for = self.name.text()
            self._look(self._shown_for)

    @property
    def wanted(self) -> str:
        """The name that is asked for; answers about another one come too late."""
        return self._shown_for

    def show_answer(self, answer: dict[str, Any]) -> None:
        """Show what a new name would change, or why it cannot be."""
        if self.name.text() != self._shown_for:
            return
        self.tree.clear()
        problem = answer.get("refused") or answer.get("problem", "")
        if problem:
            self.sentence.setText(f"✕  {problem}")
            self.do_it.setEnabled(False)
            return
        self._scope = answer.get("scope", "")
        self.tree.blockSignals(True)
        self._add_changes([it for it in answer["changes"] if it[3]], "")
        self._add_changes([it for it in answer["changes"] if not it[3]], " — perhaps: whose it is cannot be told")
        self._add_left(answer["left"])
        self.tree.expandAll()
        self.tree.blockSignals(False)
        self._count()

    def _add_changes(self, changes: Sequence[Sequence[Any]], remark: str) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for place, old, new, is_sure in changes:
            file, line, column, _end, _where, text, _sure = place
            if file not in groups:
                groups[file] = QTreeWidgetItem(self.tree, [f"{Path(file).name}{remark}"])
                groups[file].setFirstColumnSpanned(True)
                groups[file].setToolTip(0, plain_tip(file))
            item = QTreeWidgetItem(groups[file], [f"line {line}", text, new])
            item.setData(0, _CHANGE, TextChange(file, line, column, old, new))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, Qt.CheckState.Checked if is_sure else Qt.CheckState.Unchecked)
            item.setToolTip(1, plain_tip(text))

    def _add_left(self, left: Sequence[Sequence[Any]]) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for place, why in left:
            if why not in groups:
                groups[why] = QTreeWidgetItem(self.tree, [f"Not changed, look at it yourself: {why}"])
                groups[why].setFirstColumnSpanned(True)
            item = QTreeWidgetItem(groups[why], [f"{Path(place[0]).name}, line {place[1]}", place[5]])
            item.setToolTip(1, plain_tip(place[5]))

    def changes(self) -> list[TextChange]:
        """Those that are ticked."""
        found = []
        for index in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(index)
            for row in range(group.childCount() if group is not None else 0):
                item = group.child(row) if group is not None else None
                change = item.data(0, _CHANGE) if item is not None else None
                if item is not None and change is not None and item.checkState(0) == Qt.CheckState.Checked:
                    found.append(TextChange(*change))
        return found

    def _count(self) -> None:
        chosen = self.changes()
        files = len({it.file for it in chosen})
        places = f"{len(chosen)} place{'' if len(chosen) == 1 else 's'}"
        what = f"{places} in {files} file{'' if files == 1 else 's'}"
        self.sentence.setText(f"{what} will change; “Undo the rename” takes all back. {self._scope}".rstrip())
        self.do_it.setEnabled(bool(chosen) and not self.wait.isActive())

    def _choose(self) -> None:
        if self.do_it.isEnabled():
            self.chosen.emit(self.changes())
            self.accept()
