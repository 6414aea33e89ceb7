"""What to show when the Studio itself fails: a sentence, the details, and the way on. The window lives on."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from tasktonic_studio.ui.dialogs.about import facts
from tasktonic_studio.ui.dialogs.fitting import fit


def report_text(
    kind: type[BaseException], problem: BaseException, trace: TracebackType | None, folders: Mapping[str, Path]
) -> str:
    """The text to hand in: what failed, where, and what the Studio is made of."""
    return "".join(traceback.format_exception(kind, problem, trace)) + "\n" + facts(folders)


class CrashReport(QDialog):
    """Tells of a fault of the Studio. More faults while it is open are added to it, not stacked on top."""

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("The Studio has made a mistake")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._count = 1
        title = QLabel("Something in the Studio failed")
        title.setProperty("role", "title")
        self._sentence = QLabel(
            "Your app is not touched by it and runs on. You can go on as well; what failed may show less than it should. "
            "The details below say what happened: please hand them in."
        )
        self._sentence.setWordWrap(True)
        self._more = QLabel()
        self._more.setProperty("role", "warning")
        self._more.hide()
        self.details = QPlainTextEdit(report)
        self.details.setReadOnly(True)
        self.details.setProperty("role", "mono")
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setAccessibleName("Details of the fault")
        self.details.setMinimumSize(640, 260)
        buttons = QDialogButtonBox()
        go_on = buttons.addButton("Go on", QDialogButtonBox.ButtonRole.AcceptRole)
        go_on.setDefault(True)
        copy = QPushButton("Copy the details")
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self._on_copy)
        buttons.accepted.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        for widget in (title, self._sentence, self._more, self.details, buttons):
            layout.addWidget(widget)
        fit(self, 680, 420)

    def add(self, report: str) -> None:
        """One more fault, while this one is still on screen."""
        self._count += 1
        self._more.setText(f"{self._count} things have failed by now.")
        self._more.show()
        if self._count <= 20:
            self.details.appendPlainText("\n" + "-" * 60 + "\n" + report)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())
