"""To which state shall a tonic go?"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from tasktonic_studio.ui.dialogs.fitting import fit


class ChangeStateDialog(QDialog):
    """Made by the workbench when asked for; gone when closed. ``chosen`` has the name of a state."""

    chosen = Signal(str)

    def __init__(self, tonic: str, states: Sequence[str], present: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Change state")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question = QLabel(f"To which state shall {tonic} go? It is an order like any other: on_exit and on_enter run.")
        question.setWordWrap(True)
        question.setTextFormat(Qt.TextFormat.PlainText)
        self.list = QListWidget()
        self.list.setAccessibleName(f"States of {tonic}")
        for state in states:
            item = QListWidgetItem(f"{state}  (it is in it)" if state == present else state)
            item.setData(Qt.ItemDataRole.UserRole, state)
            self.list.addItem(item)
        other = next((row for row, state in enumerate(states) if state != present), 0)
        self.list.setCurrentRow(other)
        self.list.itemActivated.connect(self._choose)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = buttons.addButton("Change state", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setProperty("kind", "primary")
        self.go.setDefault(True)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        for widget in (question, self.list, buttons):
            layout.addWidget(widget)
        fit(self, 340, 320)
        self.list.setFocus()

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))
            self.accept()
