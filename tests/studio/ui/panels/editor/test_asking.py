from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.editor.asking import ask


def click_soon(words: str) -> None:
    """Answer the next question by a click; by Escape without words."""

    def click() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        button = next((button for button in box.buttons() if button.text() == words), None)
        if button is not None:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        else:
            QTest.keyClick(box, Qt.Key.Key_Escape)

    QTimer.singleShot(0, click)


@pytest.mark.parametrize(
    "words, answer", [("Save", "Save"), ("Discard", "Discard"), ("Cancel", "Cancel"), ("", "Cancel")]
)
def test_the_answer_is_what_was_clicked(qtbot: QtBot, words: str, answer: str) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    click_soon(words)

    assert ask(parent, "Save?", "", ("Save", "Discard", "Cancel")) == answer


def test_two_answers_are_enough(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    click_soon("Discard")

    assert ask(parent, "Throw away?", "", ("Discard", "Cancel")) == "Discard"
