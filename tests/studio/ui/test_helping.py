"""F1: in the window, in its menus, in its dialogs and beside them."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

import tasktonic_studio.ui
from tasktonic_studio.documents import pages
from tasktonic_studio.documents.topics import target_of
from tasktonic_studio.ui.dialogs.form_dialog import FormDialog
from tasktonic_studio.ui.dialogs.keys import KeySheet
from tasktonic_studio.ui.helping import DIALOGS
from tasktonic_studio.ui.panels.catalysts.order_dialog import _ArgumentsDialog
from tasktonic_studio.ui.panels.help.beside import HelpBeside
from tasktonic_studio.ui.panels.help.panel import HelpPanel
from tasktonic_studio.ui.panels.learn.panel import LearnPanel
from tests.helpers.window_stand import NotingPanel, WindowStand
from tests.studio.ui.conftest import MakeStand


@pytest.fixture
def stand(make_stand: MakeStand, qtbot: QtBot) -> WindowStand:
    """A window with the help, active, so that keys come to it."""
    stand = make_stand(panels=[HelpPanel(), LearnPanel(), NotingPanel("ledger", "Ctrl+1")])
    stand.window.activateWindow()
    qtbot.waitUntil(stand.window.isActiveWindow)
    return stand


def press_f1() -> None:
    """As a keyboard does: the key comes to the window that has the focus, which hands it on."""
    QTest.keyClick(QApplication.focusWindow(), Qt.Key.Key_F1)


def page_of(stand: WindowStand) -> tuple[str, str]:
    """Page and anchor that the panel Help shows."""
    view: Any = stand.bench.area.dock("help").widget()
    return view.place.page, view.place.anchor


def beside(dialog: QDialog) -> HelpBeside:
    found = dialog.findChild(HelpBeside)
    assert found is not None
    return found


def a_dialog(stand: WindowStand, qtbot: QtBot) -> KeySheet:
    stand.bench.show_keys()
    dialog = stand.window.findChild(KeySheet)
    assert dialog is not None
    qtbot.waitUntil(lambda: QApplication.focusWindow() is dialog.windowHandle())
    return dialog


def test_in_a_menu_it_is_about_the_line_that_is_chosen(stand: WindowStand, qtbot: QtBot) -> None:
    top = next(action for action in stand.window.menuBar().actions() if action.text() == "Help")
    menu = top.menu()
    assert isinstance(menu, QMenu)
    menu.popup(QPoint(20, 20))
    qtbot.waitUntil(menu.isVisible)
    menu.setActiveAction(next(action for action in menu.actions() if action.text() == "Learn"))

    press_f1()

    view: Any = stand.bench.area.dock("help").widget()
    assert view.browser.path == "commands.md"
    assert view.browser.marked[0] == "Learn"
    assert not menu.isVisible()


def test_in_a_menu_that_no_command_made_its_line_is_searched_for(stand: WindowStand, qtbot: QtBot) -> None:
    menu = QMenu(stand.window)
    menu.addAction("&Distiller\tCtrl+D")
    menu.popup(QPoint(20, 20))
    qtbot.waitUntil(menu.isVisible)
    menu.setActiveAction(menu.actions()[0])

    press_f1()

    view: Any = stand.bench.area.dock("help").widget()
    assert view.place.query == "Distiller"
    qtbot.waitUntil(lambda: len(view.list.items) > 3)  # when all pages have been read


def test_in_a_dialog_its_section_opens_beside_it_is_read_there_and_gone_with_it(
    stand: WindowStand, qtbot: QtBot
) -> None:
    dialog = a_dialog(stand, qtbot)

    press_f1()

    shown = beside(dialog)
    assert (shown.view.place.page, shown.view.place.anchor) == ("studio.md", "keys")
    assert shown.isVisible()
    assert dialog.isVisible()
    QTest.mouseClick(shown.view.contents_button, Qt.MouseButton.LeftButton)
    assert len(shown.view.list.items) > 30
    assert page_of(stand) == ("", ""), "the panel behind the dialog stays as it is"

    # There it is about the help, in the same window.
    qtbot.waitUntil(lambda: QApplication.focusWindow() is shown.windowHandle())
    press_f1()
    assert shown.view.place.anchor == "help"
    assert shown.findChildren(HelpBeside) == []

    gone: list[bool] = []
    shown.destroyed.connect(lambda: gone.append(True))
    dialog.reject()
    qtbot.waitUntil(lambda: gone == [True])


def test_an_example_that_is_named_beside_a_dialog_opens_when_that_is_closed(
    stand: WindowStand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(stand.bench.sources, "open", lambda file, line: opened.append(file))
    dialog = a_dialog(stand, qtbot)
    press_f1()
    shown = beside(dialog)
    shown.view.follow("guide/17-qt.md", from_page="")

    shown.view.follow("../../examples/qt_thermostat.py")

    assert opened == []
    assert shown.said.isVisible()
    assert shown.said.text() == "qt_thermostat.py opens in the editor as soon as the dialog is closed."
    dialog.reject()
    assert [Path(file).name for file in opened] == ["qt_thermostat.py"]


def test_in_a_question_it_is_about_the_panel_that_asks(stand: WindowStand, qtbot: QtBot) -> None:
    stand.bench.show_panel("ledger")
    box = QMessageBox(stand.bench.area.dock("ledger").widget())
    box.open()
    qtbot.waitUntil(lambda: QApplication.focusWindow() is box.windowHandle())

    press_f1()

    assert beside(box).view.place.anchor == "ledger"
    box.close()


def test_in_the_palette_it_is_about_the_command_that_is_chosen(stand: WindowStand, qtbot: QtBot) -> None:
    stand.bench.show_palette()
    line = QApplication.focusWidget()
    assert line is not None
    QTest.keyClicks(line, "about tasktonic")

    assert stand.bench.help_topic() == "command:About TaskTonic Studio"
    stand.bench.show_go_to()
    assert stand.bench.help_topic() == "tour:The window"
    stand.bench.palette_box.dismiss()


def test_on_the_start_page_it_is_about_how_to_start(stand: WindowStand) -> None:
    stand.bench.show_start_page()
    stand.window.setFocus()

    press_f1()

    assert page_of(stand) == ("studio.md", "start")


def test_another_key_is_heard_when_the_user_has_chosen_one(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(panels=[HelpPanel()], settings={"keys": {"help.here": "Ctrl+J"}})
    dialog = a_dialog(stand, qtbot)

    press_f1()
    assert dialog.findChild(HelpBeside) is None
    QTest.keyClick(QApplication.focusWindow(), Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)

    assert beside(dialog).isVisible()


def dialogs() -> set[str]:
    """Names of all dialogs of the Studio, without those that others are made from."""
    for module in pkgutil.walk_packages(tasktonic_studio.ui.__path__, "tasktonic_studio.ui."):
        importlib.import_module(module.name)
    found, waiting = set[type[QDialog]](), [QDialog]
    while waiting:
        below = [it for it in waiting.pop().__subclasses__() if it.__module__.startswith("tasktonic_studio.")]
        found.update(below)
        waiting += below
    return {it.__name__ for it in found - {FormDialog, _ArgumentsDialog}}


def test_every_dialog_has_its_section_in_the_tour() -> None:
    anchors = {section.anchor for section in pages.pages()["studio.md"].sections}

    assert set(DIALOGS) == dialogs()
    for section in set(DIALOGS.values()) | {"Start"}:
        target = target_of(f"tour:{section}")
        assert target is not None
        assert target.anchor in anchors


def test_a_window_that_is_shut_hears_nothing_any_more(stand: WindowStand, qtbot: QtBot) -> None:
    stand.bench.shut()
    other = QDialog()
    qtbot.addWidget(other)
    other.show()
    qtbot.waitUntil(lambda: QApplication.focusWindow() is other.windowHandle())

    press_f1()

    assert other.findChildren(QWidget) == []
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
