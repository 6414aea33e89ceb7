"""What has a place on screen: also what its children cover, not what lies beside the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.on_screen import is_on_screen


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(200, 100)
    return window


def test_what_a_child_covers_whole_is_on_screen(window: QWidget) -> None:
    view = QWidget(window)
    view.resize(200, 100)
    cover = QWidget(view)
    cover.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
    cover.resize(200, 100)
    window.show()

    assert view.visibleRegion().isEmpty()
    assert is_on_screen(view)


def test_what_lies_beside_the_window_or_is_hidden_is_not(window: QWidget) -> None:
    beside, hidden = QWidget(window), QWidget(window)
    inside = QWidget(beside)
    for each in (beside, hidden, inside):
        each.resize(50, 50)
    beside.move(-60, 0)
    window.show()
    hidden.hide()

    assert [is_on_screen(each) for each in (beside, inside, hidden)] == [False, False, False]
    beside.move(-40, 0)
    assert [is_on_screen(each) for each in (beside, inside, hidden)] == [True, True, False]
