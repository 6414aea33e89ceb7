"""What is wrong in a teacher's lesson file, with the ways on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from tasktonic_studio.lessons.problems import Problem
from tasktonic_studio.ui.theme import tokens


class FaultPage(QWidget):
    """Owned by the Learn panel's view."""

    read_again_wanted = Signal()
    edit_wanted = Signal()
    list_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.file: Path | None = None
        """The file that was shown last."""
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.words)
        scroll.setAccessibleName("What is wrong in the lesson file")
        title = QLabel("This lesson cannot be played yet")
        title.setProperty("role", "title")
        title.setWordWrap(True)
        self.read_again = QPushButton("Read it again")
        self.edit = QPushButton("Open it in the editor")
        self.away = QPushButton("All lessons")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[tokens.SPACE_PX] * 4)
        layout.setSpacing(tokens.SPACE_PX)
        layout.addWidget(title)
        layout.addWidget(scroll, 1)
        for button, wanted in (
            (self.read_again, self.read_again_wanted),
            (self.edit, self.edit_wanted),
            (self.away, self.list_wanted),
        ):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            button.clicked.connect(wanted)

    def show_faults(self, file: Path, problems: Sequence[Problem]) -> None:
        """Say what is wrong in a file."""
        self.file = file
        self.words.setText("\n\n".join([str(file), *map(str, problems)]))
