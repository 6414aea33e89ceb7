"""Words beside a picture stand a little apart from it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QStyleOptionToolButton
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.word_button import WordButton

BESIDE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon


def drawn(button: WordButton) -> str:
    """The words as they are given to the style."""
    option = QStyleOptionToolButton()
    button.initStyleOption(option)
    return str(option.text)


def test_words_beside_a_picture_keep_apart_and_take_no_more_room(qtbot: QtBot) -> None:
    button = WordButton()
    qtbot.addWidget(button)
    button.setText("Table")
    button.setToolButtonStyle(BESIDE)
    assert drawn(button) == "Table", "there is no picture yet"
    button.setIcon(QIcon(QPixmap(16, 16)))
    width = button.sizeHint().width()

    assert drawn(button) == " Table"
    assert button.text() == "Table"
    assert button.sizeHint().width() == width
