"""How a project is run: the list of its configurations, and a form for the chosen one."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.project.run_file import DISTILLER, NORMAL, RunConfiguration, is_secret
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.widgets import accessible

HIDDEN = "\u2022\u2022\u2022\u2022\u2022\u2022"
"""Stands for a value that is not shown; left as it is, the value stays."""


class RunConfigurationsDialog(QDialog):
    """Made by the window when asked for; gone when closed.

    Args:
        project: the folder of the project; scripts are named relative to it.
        configurations: those there are.
        chosen: the name of the one that F5 starts.
        python: which Python the project has, in words.
        parent: as in Qt.
    """

    wanted = Signal(object, str)
    """The configurations as they are to be, and the name of the chosen one."""

    def __init__(
        self,
        project: Path,
        configurations: Sequence[RunConfiguration],
        chosen: str,
        python: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Run configurations")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._project = project
        self._all = list(configurations)
        self._row = -1
        self.list = QListWidget()
        self.list.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustIgnored)
        accessible.name(self.list, "Run configurations", "F5 starts the chosen one")
        self.add, self.copy, self.remove = QPushButton("Add"), QPushButton("Copy"), QPushButton("Remove")
        self.name = _line("Name")
        self.script = _line("Script", "Relative to the project, such as app.py")
        self.choose = QPushButton("Choose\u2026")
        self.arguments = _line("Arguments", "As on a command line")
        self.environment = QPlainTextEdit()
        self.environment.setTabChangesFocus(True)
        self.environment.setMinimumHeight(4 * self.fontMetrics().height())
        self.environment.setPlaceholderText("NAME=value, a line each; beside the variables of the Studio")
        accessible.name(self.environment, "Environment", "A line NAME=value each; values of secrets are not shown")
        self.folder = _line("Folder it runs in", "That of the project")
        self.python = _line("Python", f"That of the project: {python}")
        self.how = QComboBox()
        self.how.addItem("By itself", NORMAL)
        self.how.addItem("By hand, under a distiller", DISTILLER)
        accessible.name(self.how, "How it runs")
        self.seed = QSpinBox()
        self.seed.setRange(0, 999_999)
        accessible.name(self.seed, "Seed of the distiller")
        self.record = QCheckBox("Record each run into a file")
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setProperty("role", "error")
        self._lay_out()
        self.list.currentRowChanged.connect(self._on_row)
        self.add.clicked.connect(self._on_add)
        self.copy.clicked.connect(self._on_copy)
        self.remove.clicked.connect(self._on_remove)
        self.choose.clicked.connect(self._on_choose)
        self.how.currentIndexChanged.connect(self._on_how)
        for line in (self.name, self.script, self.arguments, self.folder, self.python):
            line.textEdited.connect(self._take)
        self.environment.textChanged.connect(self._take)
        self.how.currentIndexChanged.connect(self._take)
        self.seed.valueChanged.connect(self._take)
        self.record.toggled.connect(self._take)
        names = [each.name for each in self._all]
        self._fill(names.index(chosen) if chosen in names else 0)
        fit(self, 760, 480)

    def _lay_out(self) -> None:
        which = QHBoxLayout()
        which.setSpacing(8)
        which.addWidget(self.script, 1)
        which.addWidget(self.choose)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setVerticalSpacing(8)
        form.addRow("&Name", self.name)
        script = QLabel("&Script")
        script.setBuddy(self.script)
        form.addRow(script, which)
        form.addRow("&Arguments", self.arguments)
        form.addRow("&Environment", self.environment)
        form.addRow("&Folder", self.folder)
        form.addRow("&Python", self.python)
        form.addRow("&It runs", self.how)
        form.addRow("See&d", self.seed)
        form.addRow("", self.record)
        self.form = QWidget()
        self.form.setLayout(form)
        form.setContentsMargins(0, 0, 0, 0)
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        row = QHBoxLayout()
        for button in (self.add, self.copy, self.remove):
            row.addWidget(button)
        left.addLayout(row)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addLayout(left, 2)
        scroll = QScrollArea()
        scroll.setWidget(self.form)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        both.addWidget(scroll, 4)
        about = QLabel(
            "Kept in the project as .tasktonic/run.json. Commit it, and write no secret into it: what is in the environment of the "
            "Studio is passed on."
        )
        about.setWordWrap(True)
        about.setProperty("role", "muted")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.keep = buttons.addButton("Keep", QDialogButtonBox.ButtonRole.AcceptRole)
        self.keep.setProperty("kind", "primary")
        buttons.accepted.connect(self._on_keep)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(about)
        layout.addLayout(both, 1)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)

    # ---- the list

    def _fill(self, row: int) -> None:
        self._row = -1
        self.list.clear()
        self.list.addItems([each.name for each in self._all])
        self.list.setCurrentRow(min(row, len(self._all) - 1))
        if not self._all:
            self._on_row(-1)

    def _on_row(self, row: int) -> None:
        self._row = -1  # what is filled in now was not typed
        there = 0 <= row < len(self._all)
        for widget in (self.form, self.copy, self.remove):
            widget.setEnabled(there)
        shown = self._all[row] if there else RunConfiguration("", "")
        self.name.setText(shown.name)
        self.script.setText(shown.script)
        self.arguments.setText(shlex.join(shown.arguments))
        lines = [f"{name}={HIDDEN if is_secret(name) and value else value}" for name, value in shown.environment]
        self.environment.setPlainText("\n".join(lines))
        self.folder.setText(shown.folder)
        self.python.setText(shown.python)
        self.how.setCurrentIndex(max(0, self.how.findData(shown.how)))
        self.seed.setValue(shown.seed)
        self.record.setChecked(shown.record)
        self._on_how()
        self._row = row if there else -1
        self._judge()

    def _on_add(self) -> None:
        self._all.append(RunConfiguration(self._free("app"), "app.py"))
        self._fill(len(self._all) - 1)
        self.name.setFocus()
        self.name.selectAll()

    def _on_copy(self) -> None:
        like = self._all[self._row]
        self._all.append(replace(like, name=self._free(like.name)))
        self._fill(len(self._all) - 1)

    def _on_remove(self) -> None:
        row = self._row
        del self._all[row]
        self._fill(row)

    def _free(self, wanted: str) -> str:
        taken = {each.name for each in self._all}
        names = [wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 3))]
        return next(name for name in names if name not in taken)

    # ---- the form

    def _on_how(self) -> None:
        self.seed.setEnabled(self.how.currentData() == DISTILLER)

    def _on_choose(self) -> None:
        script = ask.script_to_open(self, str(self._project))
        if script:
            path = Path(script)
            inside = path.is_relative_to(self._project)
            self.script.setText(path.relative_to(self._project).as_posix() if inside else script)
            self._take()

    def _take(self) -> None:
        """Take over what the form says, as far as it can be understood."""
        if self._row < 0:
            return
        before = self._all[self._row]
        try:
            arguments = tuple(shlex.split(self.arguments.text()))
        except ValueError:
            arguments = before.arguments
        self._all[self._row] = replace(
            before,
            name=self.name.text().strip(),
            script=self.script.text().strip(),
            arguments=arguments,
            environment=self._environment(dict(before.environment)),
            folder=self.folder.text().strip(),
            python=self.python.text().strip(),
            how=str(self.how.currentData()),
            seed=self.seed.value(),
            record=self.record.isChecked(),
        )
        item = self.list.item(self._row)
        if item is not None:
            item.setText(self.name.text())
        self._judge()

    def _environment(self, before: dict[str, str]) -> tuple[tuple[str, str], ...]:
        pairs = (line.partition("=") for line in self.environment.toPlainText().splitlines() if line.strip())
        return tuple(
            (name.strip(), before.get(name.strip(), "") if value == HIDDEN else value) for name, _, value in pairs
        )

    def _judge(self) -> bool:
        """Say what is wrong; tells whether all is well."""
        problem = self._problem()
        self.problem.setText(problem)
        self.keep.setEnabled(not problem)
        return not problem

    def _problem(self) -> str:
        names = [each.name for each in self._all]
        for each in self._all:
            if not each.name:
                return "Every configuration needs a name."
            if names.count(each.name) > 1:
                return f"There are two of the name {each.name}."
            if not each.script:
                return f"{each.name}: name the script that is to be started."
        for line in self.environment.toPlainText().splitlines():
            if line.strip() and (not line.partition("=")[1] or not line.partition("=")[0].strip()):
                return f"'{line}' is no variable: write NAME=value."
        try:
            shlex.split(self.arguments.text())
        except ValueError as error:
            return f"The arguments cannot be told apart: {error}."
        return ""

    def _on_keep(self) -> None:
        if self._judge():
            chosen = self._all[self._row].name if self._row >= 0 else ""
            self.wanted.emit(tuple(self._all), chosen)
            self.accept()


def _line(name: str, placeholder: str = "") -> QLineEdit:
    line = QLineEdit()
    line.setPlaceholderText(placeholder)
    accessible.name(line, name, placeholder)
    return line


__all__ = ["HIDDEN", "RunConfigurationsDialog"]
