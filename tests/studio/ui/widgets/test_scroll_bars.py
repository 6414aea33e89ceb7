"""Scroll bars that keep their place, and show a handle only when there is something to scroll."""

from __future__ import annotations

from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.scroll_bars import keep_place


def test_a_bar_rests_while_everything_fits(qtbot: QtBot) -> None:
    rows = QListWidget()
    qtbot.addWidget(rows)
    keep_place(rows)
    rows.resize(200, 100)
    rows.show()

    rested = rows.verticalScrollBar().isEnabled()
    rows.addItems([str(number) for number in range(100)])
    qtbot.waitUntil(rows.verticalScrollBar().isEnabled)
    rows.clear()
    qtbot.waitUntil(lambda: not rows.verticalScrollBar().isEnabled())

    assert not rested
