"""The project in the window: opened, looked through, changed. Real files, keys and dialogs; no services."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.project.run_file import PLACE
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.dialogs.new_thing import NewThingDialog
from tests.helpers.window_stand import WindowStand
from tests.studio.ui.panels.project.acting import asked, choose, editor_of, says, view_of

# ---- opening


def test_without_a_project_it_says_what_to_do(bare: WindowStand, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    bare.bench.show_panel("project")
    button = view_of(bare).nothing.first_button()
    assert button is not None
    monkeypatch.setattr(ask, "folder_to_open", lambda *_: str(folder))

    button.click()

    assert bare.bench.project.folder == folder
    assert bare.settings.texts("recent.projects") == [str(folder)]
    assert asked(bare, "look_at_python") == [str(folder)]


def test_tree_shows_what_is_there_and_what_is_known_of_it(stand: WindowStand, folder: Path, qtbot: QtBot) -> None:
    view = view_of(stand)

    assert view.tree.names() == [
        ".tasktonic",
        "tests",
        "app.py",
        "conftest.py",
        "kettle.py",
        "pyproject.toml",
        "README.md",
    ]
    view.hidden.click()
    qtbot.waitUntil(lambda: ".venv" in view.tree.names())

    (folder / "valve.py").write_text("", encoding="utf-8")

    qtbot.waitUntil(lambda: "valve.py" in view_of(stand).tree.names())

    stand.bench.project.mark_files("tests", {str(folder / "app.py"): "2 tests failed"})
    stand.bench.project.mark_files("check", {str(folder / "app.py"): "1 problem"})

    assert "app.py   ⚠ 2 tests failed, 1 problem" in view_of(stand).tree.names()


def test_recent_project_is_on_the_start_page(stand: WindowStand, folder: Path) -> None:
    stand.bench.close_project()
    assert stand.bench.project.folder is None
    stand.bench.show_start_page()

    stand.bench.start_page.row("garden").click()

    assert stand.bench.project.folder == folder


def test_folder_that_is_opened_through_a_link_is_the_one_that_the_editor_knows(
    bare: WindowStand, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(folder)

    bare.bench.open_project(str(tmp_path / "link"))

    assert bare.bench.project.folder == folder
    assert bare.settings.texts("recent.projects") == [str(folder)]


def test_what_cannot_be_opened_or_read_is_said_and_left_alone(bare: WindowStand, folder: Path) -> None:
    (folder / PLACE).write_text("{", encoding="utf-8")

    bare.bench.open_project(str(folder))

    assert "run.json is damaged" in says(bare)
    assert (folder / PLACE).read_text(encoding="utf-8") == "{"

    bare.bench.open_project(str(folder.parent / "gone"))

    assert f"There is no folder {folder.parent / 'gone'} any more" in says(bare)
    assert bare.bench.project.folder == folder


# ---- files


def test_file_is_opened_from_the_filter_by_typing_its_name_and_from_the_tree(
    stand: WindowStand, folder: Path, qtbot: QtBot
) -> None:
    view = view_of(stand)
    view.search.setText("kettle test")
    qtbot.waitUntil(lambda: view.found.count() == 1)
    QTest.keyClick(view.search, Qt.Key.Key_Down)

    QTest.keyClick(view.found, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: editor_of(stand).opened == [(str(folder / "tests" / "test_kettle.py"), 0)])
    view.search.setText("nothing has this name")
    qtbot.waitUntil(lambda: view.pages.currentWidget() is view.none_found)
    view.search.clear()
    assert view.pages.currentWidget() is view.tree

    qtbot.waitUntil(lambda: bool(stand.bench.projecting.file_list.files))

    stand.bench.run("go.anything")
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, "test_kettle")
    QTest.keyClick(focus, Qt.Key.Key_Return)

    assert editor_of(stand).opened == [(str(folder / "tests" / "test_kettle.py"), 0)] * 2

    choose(stand, folder / "kettle.py", qtbot)

    QTest.keyClick(view_of(stand).tree, Qt.Key.Key_Return)

    assert editor_of(stand).opened[-1] == (str(folder / "kettle.py"), 0)


def test_files_are_made_renamed_and_moved_to_the_trash_after_a_question(
    stand: WindowStand, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(stand, folder / "tests", qtbot)
    monkeypatch.setattr(ask, "name_for", lambda *_: "test_more.py")

    stand.bench.run("project.new_file")

    assert (folder / "tests" / "test_more.py").read_text(encoding="utf-8") == ""
    assert editor_of(stand).opened == [(str(folder / "tests" / "test_more.py"), 1)]
    stand.bench.run("project.new_file")
    assert says(stand) == "There is a test_more.py already."

    choose(stand, folder / "app.py", qtbot)
    monkeypatch.setattr(ask, "name_for", lambda *_: "pot.py")

    QTest.keyClick(view_of(stand).tree, Qt.Key.Key_F2)

    assert (folder / "pot.py").is_file()
    qtbot.waitUntil(lambda: view_of(stand).chosen == folder / "pot.py")
    assert editor_of(stand).moved == [(str(folder / "app.py"), str(folder / "pot.py"))]
    assert "F5 starts app: pot.py" in view_of(stand).facts.text()

    monkeypatch.setenv("XDG_DATA_HOME", str(folder.parent / "data"))
    choose(stand, folder / "README.md", qtbot)
    answers = iter([False, True])
    monkeypatch.setattr(ask, "confirm", lambda *_: next(answers))

    QTest.keyClick(view_of(stand).tree, Qt.Key.Key_Delete)
    assert (folder / "README.md").is_file()
    QTest.keyClick(view_of(stand).tree, Qt.Key.Key_Delete)

    assert not (folder / "README.md").exists()
    assert list((folder.parent / "data").rglob("README.md")) != []


# ---- new things


def test_new_tonic_is_seen_before_it_is_made(stand: WindowStand, folder: Path) -> None:
    stand.bench.run("project.new_tonic")
    dialog = stand.bench.projecting.dialog
    assert isinstance(dialog, NewThingDialog)
    dialog.name.setText("")
    QTest.keyClicks(dialog.name, "random")
    assert "hide the module random of Python" in dialog.said.text()
    assert not dialog.go.isEnabled()
    dialog.name.clear()

    QTest.keyClicks(dialog.name, "water_pump")
    assert "class WaterPump(ttTonic):" in dialog.text.toPlainText()
    dialog.files.setCurrentIndex(1)
    assert "def test_it_works_off" in dialog.text.toPlainText()
    dialog.go.click()

    assert (folder / "water_pump.py").is_file()
    assert (folder / "tests" / "test_water_pump.py").is_file()
    assert editor_of(stand).opened == [(str(folder / "water_pump.py"), 1)]


def test_new_tonic_is_proposed_where_the_user_chose_and_not_where_the_tree_did(
    stand: WindowStand, folder: Path, qtbot: QtBot
) -> None:
    (folder / "parts").mkdir()
    tree = view_of(stand).tree
    qtbot.waitUntil(lambda: "parts" in tree.names())
    proposed = []
    for path in (None, "parts", "app.py", "tests"):
        if path is not None:
            row = tree.names().index(path)
            at = tree.visualRect(tree.model().index(row, 0, tree.rootIndex())).center()
            QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
        stand.bench.run("project.new_tonic")
        dialog = stand.bench.projecting.dialog
        assert isinstance(dialog, NewThingDialog)
        proposed.append(Path(dialog.folder.text()))
        assert "“Run this file” (Ctrl+Alt+F5)" in dialog.about.text()
        dialog.reject()

    assert proposed == [folder, folder / "parts", folder, folder]


def test_nothing_is_chosen_but_what_somebody_chose(stand: WindowStand, folder: Path, qtbot: QtBot) -> None:
    tree = view_of(stand).tree
    assert (tree.chosen, tree.selectedIndexes()) == (None, [])
    stand.bench.show_panel("project")
    tree.setFocus(Qt.FocusReason.TabFocusReason)
    assert (tree.chosen, tree.selectedIndexes()) == (None, [])
    assert not stand.bench.is_enabled("project.delete")

    QTest.keyClick(tree, Qt.Key.Key_Down)
    assert tree.chosen == folder / ".tasktonic"
    QTest.keyClick(tree, Qt.Key.Key_Down)
    assert tree.chosen == folder / "tests"

    choose(stand, folder / "kettle.py", qtbot)
    (folder / "kettle.py").unlink()
    qtbot.waitUntil(lambda: "kettle.py" not in tree.names())

    assert (tree.chosen, tree.selectedIndexes()) == (None, [])
    assert view_of(stand).chosen is None


def test_what_is_unfolded_stays_so_when_hidden_files_are_shown(stand: WindowStand, folder: Path, qtbot: QtBot) -> None:
    tree = view_of(stand).tree
    row = tree.model().index(tree.names().index("tests"), 0, tree.rootIndex())
    tree.expand(row)
    choose(stand, folder / "tests" / "test_kettle.py", qtbot)

    view_of(stand).hidden.click()
    qtbot.waitUntil(lambda: ".venv" in tree.names())

    assert tree.isExpanded(tree.model().index(tree.names().index("tests"), 0, tree.rootIndex()))
    assert tree.chosen == folder / "tests" / "test_kettle.py"


def test_new_project_is_opened(bare: WindowStand, tmp_path: Path) -> None:
    bare.bench.run("project.new_project")
    dialog = bare.bench.projecting.dialog
    assert isinstance(dialog, NewThingDialog)
    dialog.folder.setText(str(tmp_path))

    dialog.go.click()

    assert bare.bench.project.folder == tmp_path / "my_app"
    assert editor_of(bare).opened == [(str(tmp_path / "my_app" / "app.py"), 1)]
