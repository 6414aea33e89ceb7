"""Alt+click asks of what was clicked, and leaves controls and editors alone."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.alt_click import AltClick


def clicked(qtbot: QtBot, inside: QWidget, modifiers: Qt.KeyboardModifier) -> int:
    """How often was asked when the middle of a widget inside a window is clicked."""
    window, asked = QWidget(), []
    QVBoxLayout(window).addWidget(inside)
    qtbot.addWidget(window)
    AltClick(window, lambda: asked.append(1))
    window.show()
    qtbot.waitExposed(window)
    at = inside.mapTo(window, inside.rect().center())
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, modifiers, at)
    QApplication.processEvents()
    return len(asked)


def test_a_click_with_alt_asks(qtbot: QtBot) -> None:
    assert clicked(qtbot, QLabel("a row"), Qt.KeyboardModifier.AltModifier) == 1


def test_a_click_without_alt_does_not(qtbot: QtBot) -> None:
    assert clicked(qtbot, QLabel("a row"), Qt.KeyboardModifier.NoModifier) == 0


@pytest.mark.parametrize("control", [QPushButton, QLineEdit, QPlainTextEdit])
def test_a_control_keeps_its_click(qtbot: QtBot, control: type[QWidget]) -> None:
    assert clicked(qtbot, control(), Qt.KeyboardModifier.AltModifier) == 0


def test_a_window_that_went_right_after_the_click_asks_nothing(qtbot: QtBot) -> None:
    window, asked = QWidget(), []
    AltClick(window, lambda: asked.append(1))
    window.show()
    qtbot.waitExposed(window)
    at = QPointF(window.rect().center())
    kind, button, alt = QEvent.Type.MouseButtonRelease, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier

    # Sent, and not clicked: a click of the test's turns the loop.
    QApplication.sendEvent(window.windowHandle(), QMouseEvent(kind, at, at, button, Qt.MouseButton.NoButton, alt))
    window.deleteLater()
    QApplication.sendPostedEvents(window, int(QEvent.Type.DeferredDelete))
    QApplication.processEvents()

    assert not shiboken6.isValid(window)
    assert asked == []
