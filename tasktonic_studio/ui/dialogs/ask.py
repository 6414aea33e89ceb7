"""Ask the user one thing. Each question is a function of its own, so that a test can answer it."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from tasktonic_studio.ui.widgets import save_file


def script_to_open(parent: QWidget, folder: str) -> str:
    """Which script to start; empty when the user thought better of it."""
    name, _ = QFileDialog.getOpenFileName(parent, "Start a script", folder, "Python scripts (*.py);;All files (*)")
    return name


def run_to_open(parent: QWidget, folder: str) -> str:
    """Which trace file to show; empty when the user thought better of it."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open a recorded run", folder, "Traces (*.ttt);;All files (*)")
    return name


def lesson_to_open(parent: QWidget, folder: str) -> str:
    """Which lesson to play; empty when the user thought better of it."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open a lesson file", folder, "Lessons (*.lesson.md);;All files (*)")
    return name


def run_to_compare(parent: QWidget, folder: str) -> str:
    """Which trace file to compare with; empty when the user thought better of it."""
    name, _ = QFileDialog.getOpenFileName(
        parent, "Compare with a recorded run", folder, "Traces (*.ttt);;All files (*)"
    )
    return name


def file_to_save(parent: QWidget, title: str, proposal: str, kinds: str) -> str:
    """Where to save something; empty when the user thought better of it. ``kinds`` as in Qt: ``Pictures (*.svg)``."""
    return save_file.file_to_save(parent, title, proposal, kinds)


def confirm(parent: QWidget, title: str, question: str, yes: str) -> bool:
    """Ask before something that cannot be taken back. ``yes`` is the verb on the button that does it."""
    box = QMessageBox(QMessageBox.Icon.NoIcon, title, question, parent=parent)
    do_it = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole))
    box.exec()
    return box.clickedButton() is do_it


def folder_to_open(parent: QWidget, title: str, folder: str) -> str:
    """Which folder is meant; empty when the user thought better of it."""
    return QFileDialog.getExistingDirectory(parent, title, folder)


def name_for(parent: QWidget, title: str, words: str, proposal: str = "") -> str:
    """A name for something; empty when the user thought better of it."""
    name, is_wanted = QInputDialog.getText(parent, title, words, text=proposal)
    return name.strip() if is_wanted else ""
