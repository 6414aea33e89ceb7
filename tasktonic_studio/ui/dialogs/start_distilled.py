"""Start a script under a distiller: which one, with what arguments, and in which order its catalysts take turns."""

from __future__ import annotations

import shlex
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QWidget

from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.dialogs.form_dialog import FormDialog


class StartDistilledDialog(FormDialog):
    """Made by the workbench when asked for; gone when closed."""

    wanted = Signal(str, str, int)
    """The script, its arguments as on a command line, and the seed."""

    def __init__(self, script: str, arguments: str, seed: int, parent: QWidget | None = None) -> None:
        about = (
            "Nothing of the script\u2019s app runs until you say so: sparkle by sparkle, until a state, until a contract is met. Its time "
            "is virtual, so that an hour of timers takes no time. What you do can be made into a test."
        )
        super().__init__("Start under a distiller", about, "Start", parent)
        self.script = QLineEdit(script)
        self.script.setPlaceholderText("A Python script that starts a formula")
        self.script.setAccessibleName("Script")
        self.choose = QPushButton("Choose\u2026")
        self.choose.clicked.connect(self._on_choose)
        self.arguments = QLineEdit(arguments)
        self.arguments.setPlaceholderText("As on a command line")
        self.arguments.setAccessibleName("Arguments of the script")
        self.seed = QSpinBox()
        self.seed.setRange(0, 999_999)
        self.seed.setValue(seed)
        self.seed.setAccessibleName("Seed")
        seeds = "0: catalysts take turns, one sparkle each. Any other number: another order, always the same one."
        self.seed.setToolTip(seeds)
        self.seed.setAccessibleDescription(seeds)
        which_script = QLabel("&Script")
        which_script.setBuddy(self.script)
        which = QHBoxLayout()
        self.form.addRow(which_script, which)
        which.setSpacing(8)
        which.addWidget(self.script, 1)
        which.addWidget(self.choose)
        self.form.addRow("&Arguments", self.arguments)
        self.form.addRow("S&eed", self.seed)
        self.lay_out(560, 300, role="error")
        self.script.setFocus()

    def _on_choose(self) -> None:
        folder = str(Path(self.script.text()).parent) if self.script.text() else ""
        if script := ask.script_to_open(self, folder):
            self.script.setText(script)

    def take(self) -> None:
        script = Path(self.script.text().strip()).expanduser()
        problem = ""
        if not self.script.text().strip():
            problem = "Name the script that is to be started, or choose it."
        elif not script.is_file():
            problem = f"There is no file {script}."
        try:
            shlex.split(self.arguments.text())
        except ValueError as error:
            problem = f"The arguments cannot be told apart: {error}."
        self.said.setText(problem)
        if not problem:
            self.wanted.emit(str(script), self.arguments.text(), self.seed.value())
            self.accept()
