"""The rows of a list of places under the text: as high as they need, and lower where the text would be left without room."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QTreeWidget, QWidget

from tasktonic_studio.ui.theme import tokens

_FRAME_PX: Final = 6
_LEAST_ROWS: Final = 2


class PlacesTree(QTreeWidget):
    """Owned by a list under the text. In the Qt thread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted_px = 0

    def want(self, rows: int) -> None:
        """Be as high as so many rows, fewer where there is no room for them."""
        row_px = max(tokens.ROW_HEIGHT_PX, self.sizeHintForRow(0))
        head_px = self.header().sizeHint().height() + _FRAME_PX
        self._wanted_px = head_px + row_px * rows
        self.setMinimumHeight(head_px + row_px * min(rows, _LEAST_ROWS))
        self.setMaximumHeight(self._wanted_px)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._wanted_px)
