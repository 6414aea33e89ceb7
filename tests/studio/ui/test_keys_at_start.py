"""Where keys go when an app starts: to the window, not into the line above a list that is still empty."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic.blocks import StringTable, encode_block
from tasktonic_studio.session.inbox import BlockArrived, TargetBegan, TargetStatus
from tasktonic_studio.ui.panel_list import all_panels
from tasktonic_studio.ui.panels.ledger.view import LedgerView
from tests.helpers.builders import EventWriter
from tests.helpers.window_stand import WindowStand

from .conftest import MakeStand

KEYS = (Qt.Key.Key_Backslash, Qt.Key.Key_Comma, Qt.Key.Key_Period, Qt.Key.Key_M)
"""The last one opens a line for a note."""


@pytest.fixture
def stand(make_stand: MakeStand, qtbot: QtBot) -> WindowStand:
    """The window with the start page, in which an app starts."""
    made = make_stand(panels=[each for each in all_panels() if each.id in ("ledger", "inspector", "log", "why")])
    with qtbot.waitActive(made.window):
        made.window.activateWindow()
    made.feed(TargetBegan("launched", "/apps/plant.py"), TargetStatus("running", "running", pid=7))
    return made


def ledger_of(stand: WindowStand) -> LedgerView:
    view = stand.bench.area.dock("ledger").widget()
    assert isinstance(view, LedgerView)
    return view


def press(key: Qt.Key) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key)


def let_two_live(stand: WindowStand) -> None:
    write = EventWriter()
    write.born("Pump", "pump", catalyst=write.catalyst("main_catalyst"))
    stand.feed(BlockArrived(encode_block(0, write.take(), StringTable())))


def test_no_key_is_typed_above_a_list_that_is_still_empty(stand: WindowStand) -> None:
    ledger = ledger_of(stand)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert ledger.isAncestorOf(focus)
    assert ledger.nothing_yet.isVisible()

    for key in KEYS:
        press(key)

    assert ledger.search.text() == ""


def test_the_list_has_the_keys_once_there_is_something_in_it(stand: WindowStand) -> None:
    ledger = ledger_of(stand)

    let_two_live(stand)

    assert QApplication.focusWidget() is ledger.focus_target
    press(Qt.Key.Key_M)
    assert stand.bench.marking.bar.line.hasFocus()
    assert ledger.search.text() == ""


def test_keys_stay_the_windows_when_the_next_app_starts(stand: WindowStand) -> None:
    ledger = ledger_of(stand)
    let_two_live(stand)
    stand.feed(TargetStatus("ended", "ended"))

    stand.feed(TargetBegan("launched", "/apps/plant.py"), TargetStatus("running", "running", pid=8))
    for key in KEYS:
        press(key)

    assert ledger.nothing_yet.isVisible()
    assert ledger.search.text() == ""


def test_keys_stay_the_windows_when_an_app_starts_while_its_button_has_them(
    make_stand: MakeStand, qtbot: QtBot
) -> None:
    stand = make_stand(panels=[each for each in all_panels() if each.id in ("ledger", "inspector", "log", "why")])
    with qtbot.waitActive(stand.window):
        stand.window.activateWindow()
    stand.bench.show_panel("ledger")
    ledger = ledger_of(stand)
    assert QApplication.focusWidget() is ledger.nothing_yet.first_button()

    stand.feed(TargetBegan("launched", "/apps/plant.py"), TargetStatus("running", "running", pid=7))

    assert QApplication.focusWidget() is ledger.nothing_yet
    for key in KEYS:
        press(key)
    assert ledger.search.text() == ""
