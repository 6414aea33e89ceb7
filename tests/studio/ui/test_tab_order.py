"""Where Tab leads in the window as a whole."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.on_screen import is_on_screen
from tests.helpers.window_stand import NotingPanel, WindowStand


def test_tab_leads_over_what_is_in_a_panel_behind_another_one(plant_stand: WindowStand, qtbot: QtBot) -> None:
    plant_stand.window.activateWindow()
    qtbot.waitUntil(plant_stand.window.isActiveWindow)
    lines = {panel.id: panel.line for panel in plant_stand.panels if isinstance(panel, NotingPanel)}
    behind = {panel_id for panel_id, line in lines.items() if not is_on_screen(line)}
    assert behind
    lines["ledger"].setFocus()

    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        walked = set()
        for _ in range(40):
            focused = QApplication.focusWidget()
            assert focused is not None
            walked.add(next((panel_id for panel_id, line in lines.items() if line is focused), ""))
            QTest.keyClick(focused, key)

        assert walked & behind == set()
        assert len(walked - {""}) > 1
