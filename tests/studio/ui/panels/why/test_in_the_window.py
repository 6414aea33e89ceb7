"""Why? and Why not? in a whole window: keys, palette, menus, Alt+click."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.ledger.panel import LedgerPanel
from tasktonic_studio.ui.panels.why.panel import WhyPanel
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tests.helpers.builders import a_session_with_plant, plant_of
from tests.helpers.window_stand import WindowStand

MakeStand = Callable[..., WindowStand]


@pytest.fixture
def stand(make_stand: MakeStand) -> WindowStand:
    return make_stand(a_session_with_plant(), panels=[LedgerPanel(), WhyPanel()])


def why_view(stand: WindowStand) -> Any:
    return stand.bench.area.dock("why").widget()


def press(stand: WindowStand, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    stand.window.activateWindow()
    QTest.keyClick(QApplication.focusWidget() or stand.window, key, modifiers)


def test_backslash_asks_why(stand: WindowStand, qtbot: QtBot) -> None:
    stand.bench.show_panel("ledger")
    stand.selection.select(Thing("essence", plant_of(stand.session).plant))

    press(stand, Qt.Key.Key_Backslash)

    qtbot.waitUntil(lambda: why_view(stand).isVisible())
    assert why_view(stand).question.text() == "Why is plant in state running?"


def test_shift_backslash_lets_one_choose_what_did_not_happen(stand: WindowStand, qtbot: QtBot) -> None:
    stand.bench.show_panel("ledger")
    stand.selection.select(Thing("essence", plant_of(stand.session).plant))

    press(stand, Qt.Key.Key_Backslash, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(stand.bench.palette_box.isVisible)
    line = QApplication.focusWidget()
    assert line is not None
    QTest.keyClicks(line, "report")
    QTest.keyClick(line, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: why_view(stand).question.text() == "Why did plant.ttsc__report not run?")


def test_why_not_of_a_path_needs_no_choice(stand: WindowStand) -> None:
    plant = plant_of(stand.session)
    path = f"pumps/{plant.pumps[0]}/level"
    stand.selection.select(Thing("store", (plant.store, path)))

    stand.bench.run("why.why_not")

    assert why_view(stand).question.text() == f"Why did {path} not change, or who was not told?"
    assert not stand.bench.palette_box.isVisible()


def test_with_nothing_selected_all_that_lives_can_be_asked_about(stand: WindowStand) -> None:
    stand.selection.select(None)

    stand.bench.run("why.why_not")

    titles = {hit.entry.title for hit in stand.bench.palette_box.hits}
    assert "plant.ttsc__report" in titles
    assert "plant in state running" in titles


def test_why_says_why_it_cannot_be_asked(stand: WindowStand) -> None:
    stand.selection.select(None)

    assert stand.bench.registry.why_not("why.why", stand.bench.context) == (
        "Nothing is selected. Select a tonic, a run, a value or a line of the log."
    )


def test_the_menu_of_a_panel_ends_with_both_questions_and_breakpoints(stand: WindowStand) -> None:
    menu = CommandMenu(stand.window, stand.bench.panel_context, ("selection.copy_name",))

    assert [line.objectName() for line in menu.actions() if line.objectName()] == [
        "selection.copy_name",
        "why.why",
        "why.why_not",
        "breakpoints.toggle",
        "breakpoints.edit",
    ]
    menu.deleteLater()


def test_a_click_with_alt_asks_why_of_what_is_clicked(stand: WindowStand, qtbot: QtBot) -> None:
    stand.bench.show_panel("ledger")
    ledger: Any = stand.bench.area.dock("ledger").widget()
    tree = ledger.tree
    qtbot.waitUntil(lambda: tree.model().rowCount() > 0)
    tree.expandAll()
    index = tree.model().index(0, 0)
    at = tree.viewport().mapTo(stand.window, tree.visualRect(index).center())

    QTest.mouseClick(stand.window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, at)

    qtbot.waitUntil(lambda: why_view(stand).isVisible() and why_view(stand).history.shown is not None)
    assert why_view(stand).history.shown.subject == stand.selection.thing
