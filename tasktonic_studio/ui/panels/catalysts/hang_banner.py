"""Says that a catalyst has been inside of one sparkle for long, and leads to where."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.widgets import accessible

_WORDS: Final = "Show where"
_ROOMY_SIGNS: Final = 60
"""Where fewer fit across, the button has a picture instead of words: the sentence would be a column of single words beside it."""


class HangBanner(QFrame):
    """A sentence and a button across the whole panel: within half of it the sentence would cover the rows. Made by the view."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self.setObjectName("problem_banner")
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.show_where = QPushButton(_WORDS)
        self.show_where.setToolTip("Show where in the source it is")
        accessible.name(self.show_where, _WORDS)
        space = tokens.SPACE_PX
        row = QHBoxLayout(self)
        row.setContentsMargins(space, space // 2, space, space // 2)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.show_where)
        self.hide()

    def say(self, sentence: str, *, can_show: bool) -> None:
        """Show this; ``can_show``: where it is can be found out."""
        self.sentence.setText(sentence)
        self.show_where.setVisible(can_show)
        self.show()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < _ROOMY_SIGNS * self.fontMetrics().averageCharWidth()
        self.show_where.setText("" if is_narrow else _WORDS)
        self.show_where.setIcon(self._icons.icon("editor" if is_narrow else ""))
