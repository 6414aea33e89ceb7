"""A box for a name: one may choose it, or type it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter


def name_box(words: str, names: Sequence[str], chosen: str = "") -> QComboBox:
    """An editable box that offers ``names``; ``words`` say what it is for, also while it is empty."""
    box = QComboBox()
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setAccessibleName(words)
    box.setMinimumContentsLength(8)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    line = box.lineEdit()
    if line is not None:
        line.setPlaceholderText(words)
    completer = box.completer()
    if completer is not None:
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    offer(box, names, chosen)
    return box


def offer(box: QComboBox, names: Sequence[str], chosen: str = "") -> None:
    """Offer other names; what is typed stays, or becomes ``chosen``."""
    text = chosen or box.currentText()
    blocked = box.blockSignals(True)
    box.clear()
    box.addItems(list(names))
    box.setCurrentIndex(-1)
    box.setEditText(text)
    box.blockSignals(blocked)
