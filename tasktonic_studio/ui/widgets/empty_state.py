"""What to show when there is nothing yet, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tasktonic_studio.ui.theme import tokens


class EmptyState(QWidget):
    """A title, a sentence and one button that runs a command. Owned by the panel that has nothing to show.

    Args:
        title: what is so, in three or four words.
        sentence: why, and what will appear here.
        button_text: what one can do about it; empty for no button.
        command_id: the command behind the button.
        run: how a command is run, as ``PanelContext.run``.
        parent: as in Qt.
    """

    def __init__(
        self,
        title: str,
        sentence: str,
        button_text: str = "",
        command_id: str = "",
        run: Callable[[str], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._run = run
        self._command_id = command_id
        self._title = QLabel(title)
        self._title.setProperty("role", "title")
        self._sentence = QLabel(sentence)
        self._sentence.setProperty("role", "muted")
        self._sentence.setWordWrap(True)
        self._sentence.setMaximumWidth(420)
        for label in (self._title, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)
        self._button = QPushButton(button_text)
        self._button.setVisible(bool(button_text and command_id and run))
        self._button.clicked.connect(self._on_clicked)

        centred = QHBoxLayout()
        centred.addStretch()
        centred.addWidget(self._sentence, 10)
        centred.addStretch()
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self._button)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        space = tokens.SPACE_PX
        layout.setContentsMargins(2 * space, 2 * space, 2 * space, 2 * space)
        layout.setSpacing(space)
        layout.addStretch(2)
        layout.addWidget(self._title)
        layout.addLayout(centred)
        layout.addSpacing(space // 2)
        layout.addLayout(buttons)
        layout.addStretch(3)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def say(self, title: str, sentence: str) -> None:
        """Say something else, for instance that a filter hides everything."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)

    def _on_clicked(self) -> None:
        if self._run is not None:
            self._run(self._command_id)
