"""New project, tonic, service, window or server: its name, its place, and what will be written, before it is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from tasktonic.errors import ttNewError
from tasktonic.new import KINDS, Plan, plan, write
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.dialogs.form_dialog import FormDialog
from tasktonic_studio.ui.widgets import accessible

PROPOSALS = {
    "project": "my_app",
    "tonic": "worker",
    "service": "log_book",
    "window": "board",
    "server": "gate",
}


HOW_RUN = {"project": "F5 starts it."}
HOW_RUN_ALONE = "To run it, choose “Run this file” (Ctrl+Alt+F5); F5 starts what the project was started with before."


class NewThingDialog(FormDialog):
    """Made by the window when asked for; gone when closed.

    Args:
        kind: what is to be made first of all; another one can be chosen.
        folder: where to make it.
        parent: as in Qt.
    """

    made = Signal(str, str, str)
    """The kind, the folder it is in, and the file to run."""

    def __init__(self, kind: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__("New", "", "Make", parent)
        self._plan: Plan | None = None
        self._own_name = False
        self.kind = QComboBox()
        for each in KINDS.values():
            self.kind.addItem(each.name.capitalize(), each.name)
        self.kind.setCurrentIndex(max(0, self.kind.findData(kind)))
        accessible.name(self.kind, "What to make")
        self.name = QLineEdit(PROPOSALS[self._kind()])
        accessible.name(self.name, "Name")
        self.folder = QLineEdit(str(folder))
        accessible.name(self.folder, "Folder to make it in")
        self.choose = QPushButton("Choose\u2026")
        self.files = QComboBox()
        accessible.name(self.files, "File to look at", "What will be written into it is shown below")
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("role", "mono")
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        accessible.name(self.text, "What will be written")
        self._fill_in()
        self.lay_out(720, 600, role="error", below=self.text)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.name.textEdited.connect(self._on_name)
        self.folder.textChanged.connect(self._look)
        self.choose.clicked.connect(self._on_choose)
        self.files.currentIndexChanged.connect(self._show_text)
        self._on_kind()
        self.name.setFocus()
        self.name.selectAll()

    def _fill_in(self) -> None:
        self.form.addRow("&What", self.kind)
        self.form.addRow("&Name", self.name)
        folder = QLabel("In &folder")
        folder.setBuddy(self.folder)
        where = QHBoxLayout()
        self.form.addRow(folder, where)
        where.setSpacing(8)
        where.addWidget(self.folder, 1)
        where.addWidget(self.choose)
        self.form.addRow("&Preview", self.files)

    def _kind(self) -> str:
        return str(self.kind.currentData())

    def _on_kind(self) -> None:
        kind = KINDS[self._kind()]
        self.about.setText(
            f"{kind.help} It runs at once, and short comments say why it works. {HOW_RUN.get(kind.name, HOW_RUN_ALONE)}"
        )
        if not self._own_name:
            self.name.setText(PROPOSALS[kind.name])
        self._look()

    def _on_name(self) -> None:
        self._own_name = True
        self._look()

    def _on_choose(self) -> None:
        if folder := ask.folder_to_open(self, "Make it in this folder", self.folder.text()):
            self.folder.setText(folder)

    def _look(self) -> None:
        """Say what would be made of what is typed."""
        folder = self.folder.text().strip()
        self._plan = plan(self._kind(), self.name.text(), Path(folder).expanduser() if folder else Path())
        problem = self._plan.problem if folder else "Name the folder to make it in."
        self.said.setText(problem)
        self.go.setEnabled(not problem)
        shown = self.files.currentIndex()
        self.files.blockSignals(True)
        self.files.clear()
        for file in self._plan.files:
            words = file.path.relative_to(self._plan.folder).as_posix()
            self.files.addItem(f"{words} (is there, is left as it is)" if file.is_there else words)
        self.files.setCurrentIndex(shown if 0 <= shown < self.files.count() else 0)
        self.files.blockSignals(False)
        self.files.setEnabled(self.files.count() > 0)
        self._show_text()

    def _show_text(self) -> None:
        files = self._plan.files if self._plan is not None else ()
        index = self.files.currentIndex()
        text = files[index].text if 0 <= index < len(files) else ""
        if self.text.toPlainText() != text:
            self.text.setPlainText(text)

    def take(self) -> None:
        """Write what is planned."""
        planned = self._plan
        if planned is None:
            return
        try:
            write(planned)
        except ttNewError as error:
            self.said.setText(str(error))
            return
        self.made.emit(planned.kind, str(planned.folder), str(planned.main))
        self.accept()


__all__ = ["NewThingDialog"]
