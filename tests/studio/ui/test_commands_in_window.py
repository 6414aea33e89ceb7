"""The commands of the window: that each can be run, where its key and its menu are, and what starting asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QMenu
from pytestqt.qtbot import QtBot

from tasktonic.protocol import messages
from tasktonic_studio import resources
from tasktonic_studio.session.inbox import TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.dialogs.keys import KeySheet
from tasktonic_studio.ui.panels.editor.panel import EditorPanel
from tests.helpers.builders import a_session_with_plant, plant_of
from tests.helpers.window_stand import NotingPanel, WindowStand

from .conftest import MakeStand


def close_dialogs(stand: WindowStand) -> None:
    for dialog in stand.window.findChildren(QDialog):
        dialog.reject()


# ---- commands


@pytest.mark.parametrize("filled", [False, True])
def test_every_command_can_be_run(make_stand: MakeStand, monkeypatch: pytest.MonkeyPatch, filled: bool) -> None:
    monkeypatch.setattr(ask, "script_to_open", lambda *_: "")
    monkeypatch.setattr(ask, "run_to_open", lambda *_: "")
    monkeypatch.setattr(ask, "folder_to_open", lambda *_: "")
    stand = make_stand(a_session_with_plant() if filled else None)
    if filled:
        stand.selection.select(Thing("essence", plant_of(stand.session).pumps[0]))

    for command in stand.bench.registry.all():
        if command.id != "file.quit":
            stand.bench.run(command.id)
            close_dialogs(stand)

    assert stand.window.isVisible()


@pytest.mark.parametrize("filled", [False, True])
def test_every_command_says_whether_it_can_be_done(make_stand: MakeStand, filled: bool) -> None:
    stand = make_stand(a_session_with_plant() if filled else None)

    for command in stand.bench.registry.all():
        assert command.enabled_when(stand.bench.context) in (True, False), command.id
        if command.checked_when is not None:
            assert command.checked_when(stand.bench.context) in (True, False), command.id


def test_every_command_is_worded(stand: WindowStand) -> None:
    for command in stand.bench.registry.all():
        assert command.title[0].isupper(), command.id
        assert command.help.endswith("."), command.id
        assert command.id == command.id.lower(), command.id


def test_every_icon_that_is_named_is_there(stand: WindowStand) -> None:
    there = set(resources.names("icons"))

    named = {command.icon for command in stand.bench.registry.all() if command.icon}

    assert named <= there


def test_every_key_is_one_that_qt_knows(stand: WindowStand) -> None:
    for command in stand.bench.registry.all():
        for key in command.keys:
            assert QKeySequence(key).toString(), f"{command.id}: {key}"


def test_every_command_of_a_menu_is_in_the_menu_bar(stand: WindowStand) -> None:
    in_menus = {action.objectName() for menu in stand.window.menuBar().findChildren(QMenu) for action in menu.actions()}

    for command in stand.bench.registry.all():
        assert (command.id in in_menus) == bool(command.menu), command.id


def test_the_menus_stand_in_the_usual_order(stand: WindowStand) -> None:
    titles = [action.text() for action in stand.window.menuBar().actions()]

    assert titles == ["File", "Edit", "Go", "Project", "Run", "Change", "View", "Help"]


@pytest.mark.parametrize(
    "key, command_id",
    [
        ("F5", "run.start"),
        ("Shift+F5", "run.stop"),
        ("Ctrl+Shift+F5", "run.restart"),
        ("F6", "run.hold"),
        ("F10", "run.step"),
        ("F11", "run.follow"),
        ("Shift+F11", "run.cascade"),
        ("Ctrl+F10", "run.to_order"),
        ("Ctrl+P", "go.anything"),
        ("Ctrl+Shift+P", "go.commands"),
        ("F1", "help.here"),
        ("Alt+Left", "go.back"),
        ("Alt+Right", "go.forward"),
        ("Ctrl+F", "edit.find"),
        ("Alt+End", "time.go_live"),
        ("Alt+1", "view.arrange_run"),
        ("Alt+2", "view.arrange_debug"),
        ("Alt+3", "view.arrange_analyse"),
        ("Alt+4", "view.arrange_learn"),
        ("Ctrl+1", "panel.ledger"),
    ],
)
def test_keys_are_where_people_expect_them(stand: WindowStand, key: str, command_id: str) -> None:
    command = stand.bench.registry.with_key(key)

    assert command is not None
    assert command.id == command_id


def test_a_key_runs_its_command(plant_stand: WindowStand, qtbot: QtBot) -> None:
    with qtbot.waitActive(plant_stand.window):
        plant_stand.window.activateWindow()

    qtbot.keyClick(plant_stand.window, Qt.Key.Key_F6)

    what, message = plant_stand.requests.asked[-1]
    assert (what, replace(message, request=0)) == ("send", messages.Hold(0, -1))


def test_a_single_key_is_typed_where_somebody_types(stand: WindowStand, qtbot: QtBot) -> None:
    stand.bench.show_panel("ledger")
    with qtbot.waitActive(stand.window):
        stand.window.activateWindow()
    stand.ledger.line.setFocus()

    qtbot.keyClicks(stand.ledger.line, "?")

    assert stand.ledger.line.text() == "?"
    assert not stand.window.findChildren(QDialog)


@pytest.mark.parametrize("plain", [False, True])
def test_a_single_key_is_typed_into_source(make_stand: MakeStand, qtbot: QtBot, tmp_path: Path, plain: bool) -> None:
    source = tmp_path / "app.py"
    source.write_text("x = 1\n")
    editor = EditorPanel(tmp_path / "drafts")
    stand = make_stand(panels=[NotingPanel("ledger"), editor], settings={"editor.plain": plain})
    with qtbot.waitActive(stand.window):
        stand.window.activateWindow()
    stand.bench.open_source(str(source), 1)

    qtbot.keyClicks(stand.window.focusWidget(), "?")

    assert editor.unsaved()
    assert not stand.window.findChildren(KeySheet)
    editor.save_source()


def test_a_single_key_is_heard_while_nobody_types(plant_stand: WindowStand, qtbot: QtBot) -> None:
    with qtbot.waitActive(plant_stand.window):
        plant_stand.window.activateWindow()
    plant_stand.bench.strip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    plant_stand.bench.strip.setFocus()

    qtbot.keyClicks(plant_stand.bench.strip, "?")

    assert plant_stand.window.findChildren(KeySheet)
    close_dialogs(plant_stand)


def test_own_keys_take_the_place_of_the_usual_ones(make_stand: MakeStand) -> None:
    stand = make_stand(settings={"keys": {"run.hold": "F7 Ctrl+H"}})

    keys = [key.toString() for key in stand.bench.actions_of_commands.action("run.hold").shortcuts()]

    assert keys == ["F7", "Ctrl+H"]


def test_commands_of_the_target_are_grey_without_one(stand: WindowStand) -> None:
    for command_id in ("run.stop", "run.hold", "run.step", "run.restart", "file.detach", "time.go_live"):
        assert not stand.bench.actions_of_commands.action(command_id).isEnabled(), command_id


def test_commands_of_the_target_wake_up_with_it(plant_stand: WindowStand) -> None:
    plant_stand.feed(TargetStatus("running", "running"))

    assert plant_stand.bench.actions_of_commands.action("run.stop").isEnabled()
    assert not plant_stand.bench.actions_of_commands.action("run.start").isEnabled()


# ---- start, continue, step


def test_start_asks_for_a_script_when_there_is_none(stand: WindowStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "script_to_open", lambda *_: "/tmp/some_app.py")

    stand.bench.run("run.start")

    assert stand.requests.asked[-1] == ("launch", "/tmp/some_app.py", ())


def test_start_starts_again_what_has_ended(plant_stand: WindowStand) -> None:
    plant_stand.feed(TargetStatus("ended", "ended", 0))

    plant_stand.bench.run("run.start")

    assert plant_stand.requests.asked[-1] == ("restart",)


def test_start_lets_a_held_app_go_on(plant_stand: WindowStand) -> None:
    plant_stand.feed(TargetStatus("held", "held"))

    plant_stand.bench.run("run.start")

    what, message = plant_stand.requests.asked[-1]
    assert (what, replace(message, request=0)) == ("send", messages.Release(0, -1))


def test_changed_files_are_saved_before_a_start(plant_stand: WindowStand) -> None:
    plant_stand.editor.dirty = ["plant.py"]

    plant_stand.bench.run("run.restart")

    assert plant_stand.editor.saved == 1
    assert plant_stand.requests.asked[-1] == ("restart",)


def test_changed_files_are_left_alone_when_the_user_wants_it_so(plant_stand: WindowStand) -> None:
    plant_stand.settings.set("editor.save_before_run", False)
    plant_stand.editor.dirty = ["plant.py"]

    plant_stand.bench.run("run.restart")

    assert plant_stand.editor.saved == 0
