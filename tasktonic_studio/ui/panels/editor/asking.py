"""The two questions of the editor that need a window of their own. Tests answer them in the place of these functions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget


def ask(parent: QWidget, question: str, details: str, answers: Sequence[str]) -> str:
    """Ask one thing with a few answers; the last one is also what Escape means."""
    box = QMessageBox(QMessageBox.Icon.Question, "TaskTonic Studio", question, parent=parent)
    box.setInformativeText(details)
    role = QMessageBox.ButtonRole
    roles = [role.AcceptRole, *[role.DestructiveRole] * (len(answers) - 2), role.RejectRole]
    buttons = [box.addButton(words, its_role) for words, its_role in zip(answers, roles, strict=True)]
    box.setDefaultButton(buttons[0])
    box.exec()
    clicked = box.clickedButton()
    return next((words for words, button in zip(answers, buttons, strict=True) if button is clicked), answers[-1])


def ask_file(parent: QWidget, title: str, start: str, to_save: bool) -> str:
    """Ask for a file; empty when none was chosen."""
    choose = QFileDialog.getSaveFileName if to_save else QFileDialog.getOpenFileName
    file, _ = choose(parent, title, start, "Python (*.py *.pyw);;All files (*)")
    return file
