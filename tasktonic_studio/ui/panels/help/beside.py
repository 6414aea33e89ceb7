"""The help in a window of its own, beside a dialog: the window behind it cannot be used meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout

from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.panels.help.view import HelpView

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
        context.theme.changed.connect(self.view.retheme)
        dialog.finished.connect(self.close)
        self.finished.connect(self.view.finish)
        fit(self, _WIDTH_PX, _HEIGHT_PX)
