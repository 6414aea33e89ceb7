"""Keys that one test holds down are let go before the next."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot


@pytest.mark.parametrize(
    "key", [Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier]
)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_begins_with_no_key_held_down(qtbot: QtBot, turn: str, key: Qt.KeyboardModifier) -> None:
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier, turn
    line = QLineEdit()
    qtbot.addWidget(line)

    QTest.keyClick(line, Qt.Key.Key_Return, key)
