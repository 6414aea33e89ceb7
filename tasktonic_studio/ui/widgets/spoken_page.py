"""A page that says something in a line, has a button beside it, and shows the details below."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.focus import FocusLeader


class SpokenPage(FocusLeader):
    """Made and owned as any widget. The keyboard goes to ``details``.

    Args:
        details: what fills the page.
        button: what the button says.
        tip: what it does, in a few words.
        name: the same for who does not see it.
    """

    def __init__(self, details: QWidget, button: str, tip: str, name: str) -> None:
        super().__init__()
        self.words = QLabel()
        self.words.setProperty("role", "small")
        self.words.setWordWrap(True)
        self.button = QPushButton(button)
        self.button.setToolTip(tip)
        accessible.name(self.button, name)
        space = tokens.SPACE_PX
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        bar = QHBoxLayout()
        layout.addLayout(bar)
        bar.setContentsMargins(space, space // 2, space, space // 2)
        bar.addWidget(self.words, 1)
        bar.addWidget(self.button)
        layout.addWidget(details, 1)
        self.lead_focus_to(details)
