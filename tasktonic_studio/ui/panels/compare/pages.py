"""What the panel shows while there are no rows yet: how far the comparison is, with a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible

_PARTS = 1_000


class ProgressPage(QWidget):
    """A title, what is being done, a bar and a button. Made by the view."""

    def __init__(self) -> None:
        super().__init__()
        self.title = QLabel("Comparing")
        self.title.setProperty("role", "title")
        self.doing = QLabel()
        self.doing.setProperty("role", "muted")
        self.doing.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setRange(0, _PARTS)
        self.bar.setMaximumWidth(420)
        accessible.name(self.bar, "How far the comparison is")
        self.cancel = QPushButton("Cancel")
        layout = QVBoxLayout(self)
        space = tokens.SPACE_PX
        layout.setContentsMargins(2 * space, 2 * space, 2 * space, 2 * space)
        layout.setSpacing(space)
        layout.addStretch(2)
        for label in (self.title, self.doing):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            layout.addWidget(label)
        layout.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def show_progress(self, share: float, doing: str) -> None:
        """Say how far it is: a share from 0 to 1, and what is being done."""
        self.bar.setValue(round(share * _PARTS))
        self.doing.setText(f"{doing[:1].upper()}{doing[1:]} …")
