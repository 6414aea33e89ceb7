"""The small buttons beside a line to search in: never narrower than their words, never smaller than one can hit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from tasktonic_studio.ui.theme import tokens


class LineButton(QToolButton):
    """One of them; `help_` is its tool tip and its name for a screen reader."""

    def __init__(self, words: str, help_: str, parent: QWidget, *, toggles: bool = False) -> None:
        super().__init__(parent)
        self.setText(words)
        self.setToolTip(help_)
        self.setAccessibleName(help_)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCheckable(toggles)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(tokens.ROW_HEIGHT_PX, tokens.ROW_HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
