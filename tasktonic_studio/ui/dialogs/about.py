"""Versions and licences of what the Studio is made of, and where it keeps the user's files."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio import __version__
from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.theme.icons import Icons

PARTS: Final = (
    ("PySide6-Essentials", "LGPL-3.0"),
    ("pyside6-scintilla", "MIT, HPND"),
    ("lexilla", "MIT, HPND"),
    ("numpy", "BSD-3-Clause"),
    ("pyqtgraph", "MIT"),
)
"""Parts from outside, with their licences."""


def facts(folders: Mapping[str, Path]) -> str:
    """All that a report of a fault should say about this installation, as plain lines."""
    from importlib import metadata  # takes a twentieth of a start, and is asked for when something is wrong

    lines = [
        f"TaskTonic Studio {__version__} (MIT)",
        f"Python {platform.python_version()} on {platform.system()} {platform.machine()}",
        f"Qt {qVersion()}, platform {QGuiApplication.platformName()}",
        "",
    ]
    for name, licence in PARTS:
        try:
            lines.append(f"{name} {metadata.version(name)} ({licence})")
        except metadata.PackageNotFoundError:
            lines.append(f"{name} is not installed ({licence})")
    if folders:
        lines += ["", *(f"{what}: {where}" for what, where in folders.items())]
    return "\n".join(lines)


class AboutDialog(QDialog):
    """Made by the workbench when asked for; gone when closed."""

    def __init__(self, icons: Icons, folders: Mapping[str, Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About TaskTonic Studio")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        mark = QLabel()
        mark.setPixmap(icons.pixmap("app", "accent", 48, self.devicePixelRatioF()))
        title = QLabel("TaskTonic Studio")
        title.setProperty("role", "title")
        sentence = QLabel(f"Version {__version__}. Free software under the MIT licence.")
        sentence.setProperty("role", "muted")
        sentence.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(14)
        head = QHBoxLayout()
        layout.addLayout(head)
        head.setSpacing(14)
        head.addWidget(mark)
        words = QVBoxLayout()
        head.addLayout(words, 1)
        words.addWidget(title)
        words.addWidget(sentence)
        self.facts = QPlainTextEdit(facts(folders))
        self.facts.setReadOnly(True)
        self.facts.setProperty("role", "mono")
        self.facts.setAccessibleName("Versions, licences and folders")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self._copy = QPushButton("Copy")
        buttons.addButton(self._copy, QDialogButtonBox.ButtonRole.ActionRole)
        self._copy.clicked.connect(self._on_copy)
        buttons.rejected.connect(self.reject)
        layout.addWidget(self.facts)
        layout.addWidget(buttons)
        fit(self, 600, 400)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.facts.toPlainText())
