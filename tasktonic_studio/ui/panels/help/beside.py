"""The help in a window of its own, beside a dialog: the window behind it cannot be used meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout

from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.panels.help.view import HelpView
from tasktonic_studio.ui.theme import tokens

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_WIDTH_PX: Final = 520
_HEIGHT_PX: Final = 560


class HelpBeside(QDialog):
    """Made by the Help panel for a dialog, and gone with it. Keeps nobody from going on in the dialog; Esc closes it."""

    def __init__(self, context: PanelContext, dialog: QDialog) -> None:
        super().__init__(dialog)
        self.setWindowTitle("Help")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.view = HelpView(context)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setContentsMargins(tokens.SPACE_PX, tokens.SPACE_PX // 2, tokens.SPACE_PX, tokens.SPACE_PX // 2)
        self.said.hide()
        layout.addWidget(self.said)
        context.theme.changed.connect(self.view.retheme)
        dialog.finished.connect(self.close)
        self.finished.connect(self.view.finish)
        fit(self, _WIDTH_PX, _HEIGHT_PX)

    def tell(self, sentence: str) -> None:
        """Say something below the page; aloud as well, wherever the focus is."""
        self.said.setText(sentence)
        self.said.setAccessibleName(sentence)
        self.said.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self.said, QAccessible.Event.Alert))
