"""What the dialogs that fill in a form have in common: a line about it, the form, what it says or lacks, and two buttons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from tasktonic_studio.ui.dialogs.fitting import fit

_SPACING_PX: Final = 12


class FormDialog(QDialog):
    """Made when asked for; gone when closed. A subclass fills ``form``, lays it out, and says in ``take`` what the button does.

    Args:
        title: of the window.
        about: a sentence above the form.
        verb: what the button says that does it.
    """

    def __init__(self, title: str, about: str, verb: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.about = QLabel(about)
        self.about.setWordWrap(True)
        self.about.setProperty("role", "muted")
        self.fields = QWidget()
        """Holds the form."""
        self.form = QFormLayout(self.fields)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.form.setVerticalSpacing(10)
        self.said = QLabel()
        """What comes of the form, or what is wrong with it."""
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)  # it has what was typed
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self._buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setProperty("kind", "primary")
        self._buttons.accepted.connect(self.take)
        self._buttons.rejected.connect(self.reject)

    def lay_out(
        self,
        width: int,
        height: int,
        *,
        role: str = "mono",
        above: Sequence[QWidget] = (),
        body: QWidget | None = None,
        below: QWidget | None = None,
    ) -> None:
        """Put everything in its place. What stands around the form takes what room there is.

        Args:
            width: at the usual size of text.
            height: the same.
            role: how what comes of the form is written.
            above: what stands above the form, from top to bottom; the first one gets the room.
            body: stands in the place of the form, and has its fields somewhere inside.
            below: stands between the form and what comes of it.
        """
        self.said.setProperty("role", role)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(_SPACING_PX)
        layout.addWidget(self.about)
        for number, widget in enumerate(above):
            layout.addWidget(widget, not number, Qt.AlignmentFlag(0) if not number else Qt.AlignmentFlag.AlignLeft)
        if body is not None:
            layout.addWidget(body, 1)
        else:
            layout.addWidget(self.fields)
        if below is not None:
            layout.addWidget(below, 1)
        layout.addWidget(self.said)
        if not above and body is None and below is None:
            layout.addStretch(1)
        layout.addWidget(self._buttons)
        fit(self, width, height)

    def take(self) -> None:
        """Do what the form says, and close."""
        raise NotImplementedError
