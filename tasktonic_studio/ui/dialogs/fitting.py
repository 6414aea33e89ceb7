"""How large a dialog is to be, whatever size the text has."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog

_USUAL_LINE_PX: Final = 17


def fit(dialog: QDialog, width: int, height: int) -> None:
    """Give a dialog that has its layout this size at the usual size of text, and accordingly more with larger text."""
    dialog.ensurePolished()
    by = max(1.0, dialog.fontMetrics().height() / _USUAL_LINE_PX)
    screen = dialog.screen().availableGeometry().size()
    dialog.resize(dialog.sizeHint().expandedTo(QSize(round(width * by), round(height * by))).boundedTo(screen))
