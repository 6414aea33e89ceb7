"""How a project is run: the list of its configurations, and a form for the chosen one."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
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
from tasktonic_studio.ui.dialogs.form_dialog import FormDialog
from tasktonic_studio.ui.widgets import accessible

HIDDEN = "\u2022\u2022\u2022\u2022\u2022\u2022"
"""Stands for a value that is not shown; left as it is, the value stays."""


@dataclass(slots=True)
class _Draft:
    """One configuration while it is changed: what has to be understood first stays as it is typed, right or wrong."""

    like: RunConfiguration
    """As it was: what is not shown comes from here."""
    now: RunConfiguration
    arguments: str
    environment: str

    @classmethod
    def of(cls, given: RunConfiguration) -> _Draft:
        lines = [f"{name}={HIDDEN if is_secret(name) and value else value}" for name, value in given.environment]
        return cls(given, given, shlex.join(given.arguments), "\n".join(lines))

    def problem(self) -> str:
        """What is wrong with it, in a sentence; empty when nothing is."""
        name = self.now.name
        if not name:
            return "Every configuration needs a name."
        if not self.now.script:
            return f"{name}: name the script that is to be started."
        hidden = dict(self.like.environment)
        for line in filter(str.strip, self.environment.splitlines()):
            variable, sign, value = line.partition("=")
            if not sign or not variable.strip():
                return f"{name}: '{line}' is no variable: write NAME=value."
            if value == HIDDEN and variable.strip() not in hidden:
                return f"{name}: the value of {variable.strip()} is not known here: type it anew."
        try:
            shlex.split(self.arguments)
        except ValueError as error:
            return f"{name}: the arguments cannot be told apart: {error}."
        return ""

    def kept(self) -> RunConfiguration:
        """The configuration as it is to be; nothing is wrong with it."""
        hidden = dict(self.like.environment)
        pairs = [line.partition("=") for line in self.environment.splitlines() if line.strip()]
        environment = tuple(
            (name.strip(), hidden.get(name.strip(), "") if value == HIDDEN else value) for name, _, value in pairs
        )
        return replace(self.now, arguments=tuple(shlex.split(self.arguments)), environment=environment)


class RunConfigurationsDialog(FormDialog):
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
        about = (
            "Kept in the project as .tasktonic/run.json. Commit it, and write no secret into it: what is in the environment of the "
            "Studio is passed on."
        )
        super().__init__("Run configurations", about, "Keep", parent)
        self._project = project
        self._all = [_Draft.of(each) for each in configurations]
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
        self.environment.setFixedHeight(5 * self.fontMetrics().height())
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
        self.lay_out(760, 560, role="error", body=self._body())
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
        names = [each.name for each in configurations]
        self._fill(names.index(chosen) if chosen in names else 0)

    def _body(self) -> QWidget:
        """The list at the left, and the form of the chosen one."""
        form = self.form
        form.addRow("&Name", self.name)
        script = QLabel("&Script")
        script.setBuddy(self.script)
        which = QHBoxLayout()
        form.addRow(script, which)
        which.setSpacing(8)
        which.addWidget(self.script, 1)
        which.addWidget(self.choose)
        form.addRow("&Arguments", self.arguments)
        form.addRow("&Environment", self.environment)
        form.addRow("&Folder", self.folder)
        form.addRow("&Python", self.python)
        form.addRow("&It runs", self.how)
        form.addRow("See&d", self.seed)
        form.addRow("", self.record)
        body = QWidget()
        both = QHBoxLayout(body)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(16)
        left = QVBoxLayout()
        both.addLayout(left, 2)
        left.addWidget(self.list, 1)
        row = QHBoxLayout()
        left.addLayout(row)
        for button in (self.add, self.copy, self.remove):
            row.addWidget(button)
        scroll = QScrollArea()
        scroll.setWidget(self.fields)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        both.addWidget(scroll, 4)
        return body

    # ---- the list

    def _fill(self, row: int) -> None:
        self._row = -1
        self.list.clear()
        self.list.addItems([each.now.name for each in self._all])
        self.list.setCurrentRow(min(row, len(self._all) - 1))
        if not self._all:
            self._on_row(-1)

    def _on_row(self, row: int) -> None:
        self._row = -1  # what is filled in now was not typed
        there = 0 <= row < len(self._all)
        for widget in (self.fields, self.copy, self.remove):
            widget.setEnabled(there)
        draft = self._all[row] if there else _Draft.of(RunConfiguration("", ""))
        shown = draft.now
        self.name.setText(shown.name)
        self.script.setText(shown.script)
        self.arguments.setText(draft.arguments)
        self.environment.setPlainText(draft.environment)
        self.folder.setText(shown.folder)
        self.python.setText(shown.python)
        self.how.setCurrentIndex(max(0, self.how.findData(shown.how)))
        self.seed.setValue(shown.seed)
        self.record.setChecked(shown.record)
        self._on_how()
        self._row = row if there else -1
        self._judge()

    def _on_add(self) -> None:
        self._all.append(_Draft.of(RunConfiguration(self._free("app"), "app.py")))
        self._fill(len(self._all) - 1)
        self.name.setFocus()
        self.name.selectAll()

    def _on_copy(self) -> None:
        like = self._all[self._row]
        self._all.append(replace(like, now=replace(like.now, name=self._free(like.now.name))))
        self._fill(len(self._all) - 1)

    def _on_remove(self) -> None:
        row = self._row
        del self._all[row]
        self._fill(row)

    def _free(self, wanted: str) -> str:
        taken = {each.now.name for each in self._all}
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
        """Take over what the form says."""
        if self._row < 0:
            return
        draft = self._all[self._row]
        draft.arguments, draft.environment = self.arguments.text(), self.environment.toPlainText()
        draft.now = replace(
            draft.now,
            name=self.name.text().strip(),
            script=self.script.text().strip(),
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

    def _judge(self) -> bool:
        """Say what is wrong; tells whether all is well."""
        problem = self._problem()
        self.said.setText(problem)
        self.go.setEnabled(not problem)
        return not problem

    def _problem(self) -> str:
        names = [each.now.name for each in self._all]
        for each in self._all:
            if problem := each.problem():
                return problem
            if names.count(each.now.name) > 1:
                return f"There are two of the name {each.now.name}."
        return ""

    def take(self) -> None:
        """Hand on the configurations."""
        if self._judge():
            chosen = self._all[self._row].now.name if self._row >= 0 else ""
            self.wanted.emit(tuple(each.kept() for each in self._all), chosen)
            self.accept()


def _line(name: str, placeholder: str = "") -> QLineEdit:
    line = QLineEdit()
    line.setPlaceholderText(placeholder)
    accessible.name(line, name, placeholder)
    return line


__all__ = ["HIDDEN", "RunConfigurationsDialog"]
