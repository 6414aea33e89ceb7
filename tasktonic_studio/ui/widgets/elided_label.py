"""A label of one line that is cut with an ellipsis where it does not fit, instead of in the middle of a letter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from tasktonic_studio.ui.tips import plain_tip


class ElidedLabel(QLabel):
    """Takes the width it is given. The tool tip has the whole text."""

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    @property
    def whole(self) -> str:
        """The text, also of what cannot be seen of it."""
        return self._whole

    def show_text(self, text: str) -> None:
        """Show a text."""
        if text != self._whole:
            self._whole = text
            self.setToolTip(plain_tip(text))
            self.setAccessibleName(text)
            self._cut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cut()

    def _cut(self) -> None:
        # The style sheet has its say about the font only once the label is polished.
        self.ensurePolished()
        fits = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.contentsRect().width())
        if fits != self.text():
            self.setText(fits)
