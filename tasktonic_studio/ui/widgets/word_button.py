"""A tool button whose words do not touch its picture."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyleOptionToolButton, QToolButton

from tasktonic_studio.ui.guard import guarded


class WordButton(QToolButton):
    """For words beside a picture. The style leaves two pixels between the two and knows no way to ask for more."""

    @guarded(None)
    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        super().initStyleOption(option)
        if option.toolButtonStyle == Qt.ToolButtonStyle.ToolButtonTextBesideIcon and not option.icon.isNull():
            option.text = f" {option.text}"
