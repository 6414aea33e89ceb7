"""What the text of a tab and its file on disk have different, line by line."""

from __future__ import annotations

import difflib
from itertools import islice
from typing import Final

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from tasktonic_studio.ui.dialogs.fitting import fit

MOST_LINES: Final = 5_000
"""More are not compared: the window would wait for it."""
SAME: Final = "Both have the same text."
TOO_LONG: Final = "They differ in more than {most:,} lines, which are not compared here. Save yours under another name, and compare both."


class CompareDialog(QDialog):
    """Shows lines of the file with −, and of the tab with +. Gone when closed.

    Args:
        name: of the file.
        disk: its text on disk.
        mine: the text of the tab.
        parent: as in Qt.
    """

    def __init__(self, name: str, disk: str, mine: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Compare {name}")
        words = QLabel("Lines with − stand on disk only, lines with + only in your text.")
        words.setWordWrap(True)
        self.lines = QPlainTextEdit(differences(disk, mine))
        self.lines.setReadOnly(True)
        self.lines.setProperty("role", "code")
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.lines.setAccessibleName(f"Differences of {name}")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        for widget in (words, self.lines, buttons):
            layout.addWidget(widget, 1 if widget is self.lines else 0)
        fit(self, 760, 480)


def differences(disk: str, mine: str) -> str:
    """The lines that differ with those around them, or a sentence where there is nothing to list."""
    old, new = disk.split("\n"), mine.split("\n")
    if old == new:
        return SAME
    first = next((at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), 0)
    if max(len(old), len(new)) - first > MOST_LINES:
        return TOO_LONG.format(most=MOST_LINES)
    begin = max(0, first - 3)
    found = difflib.unified_diff(old[begin:], new[begin:], lineterm="", n=3)
    lines = [line for line in islice(found, 2, None) if not line.startswith("@@")]
    return "\n".join(line.replace("-", "−", 1) if line.startswith("-") else line for line in lines)
