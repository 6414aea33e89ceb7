"""Hands that one test has let go are free in the next: the tests of this file are run in their order."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

PLACE = QPoint(40, 30)


class Heard(QObject):
    """With which buttons the pointer came."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: list[Qt.MouseButton] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            self.buttons.append(event.buttons())
        return False


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    page.setMouseTracking(True)
    page.resize(200, 100)
    page.move(100, 100)
    with qtbot.waitExposed(page):
        page.show()
    return page


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_pointer_comes_to_the_same_place_with_no_button_down(page: QWidget, qtbot: QtBot, turn: str) -> None:
    heard = Heard()
    page.installEventFilter(heard)

    QTest.mouseMove(page, PLACE)
    qtbot.waitUntil(lambda: bool(heard.buttons))

    assert set(heard.buttons) == {Qt.MouseButton.NoButton}
    QTest.mouseDClick(page, Qt.MouseButton.LeftButton, pos=PLACE)
    assert QGuiApplication.mouseButtons() == Qt.MouseButton.LeftButton, "that is what the next one must not meet"
