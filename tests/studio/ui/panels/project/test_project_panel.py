"""The project in the window: opened, looked through, changed, run. Real files, keys and dialogs; no services."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tasktonic.new import plan, write
from tasktonic_studio.project.environments import EnvironmentNews
from tasktonic_studio.project.pythons import PythonFacts
from tasktonic_studio.project.run_file import PLACE, RunConfiguration, StartOrder
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.dialogs.new_thing import NewThingDialog
from tasktonic_studio.ui.dialogs.run_configurations import HIDDEN, RunConfigurationsDialog
from tasktonic_studio.ui.panels.project.panel import ProjectPanel
from tasktonic_studio.ui.panels.project.view import ProjectView
from tasktonic_studio.ui.projecting import MAKING
from tests.helpers.window_stand import NotingEditor, NotingPanel, WindowStand

MakeStand = Callable[..., WindowStand]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project as `tasktonic new project garden` makes it."""
    write(plan("project", "garden", tmp_path))
    (tmp_path / "garden" / ".venv" / "lib").mkdir(parents=True)
    return tmp_path / "garden"


@pytest.fixture
def bare(make_stand: MakeStand) -> WindowStand:
    """A window with a project panel and no project."""
    return make_stand(panels=[ProjectPanel(), NotingPanel("log"), NotingEditor()])


@pytest.fixture
def stand(bare: WindowStand, folder: Path, qtbot: QtBot) -> WindowStand:
    """The same with the project open."""
    bare.bench.open_project(str(folder))
    qtbot.waitUntil(lambda: "app.py" in view_of(bare).tree.names())
    return bare


def view_of(stand: WindowStand) -> ProjectView:
    panel: Any = stand.bench.area.panel("project")
    view: ProjectView = panel.view
    return view


def editor_of(stand: WindowStand) -> NotingEditor:
    editor: Any = stand.bench.area.panel("editor")
    assert isinstance(editor, NotingEditor)
    return editor


def choose(stand: WindowStand, path: Path, qtbot: QtBot) -> None:
    view_of(stand).tree.choose(path)
    qtbot.waitUntil(lambda: view_of(stand).chosen == path)


def asked(stand: WindowStand, what: str) -> list[Any]:
    return [each[1] for each in stand.requests.asked if each[0] == what]


def says(stand: WindowStand) -> str:
    problem = stand.bench.banner.problem
    return problem.sentence if problem is not None else ""


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


# ---- how it is run


def test_f5_starts_what_is_chosen(stand: WindowStand, folder: Path, qtbot: QtBot) -> None:
    stand.bench.project.know_python(PythonFacts("/p/python", ".venv", "3.12.4", True))
    assert "F5 starts app: app.py\nPython 3.12.4 from .venv" in view_of(stand).facts.text()

    QTest.keyClick(view_of(stand).tree, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: len(asked(stand, "start")) == 1)
    stand.bench.choose_configuration("app by hand")
    stand.bench.run("run.start")

    assert asked(stand, "start") == [
        StartOrder(str(folder / "app.py"), (), str(folder), (), "/p/python", None),
        StartOrder(str(folder / "app.py"), (), str(folder), (), "/p/python", 0),
    ]
    assert stand.settings.get("project.chosen") == {str(folder): "app by hand"}

    stand.bench.run("run.choose")
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, "by hand")
    QTest.keyClick(focus, Qt.Key.Key_Return)

    assert stand.bench.project.chosen == "app by hand"
    assert asked(stand, "start")[-1].seed == 0


def test_python_that_will_not_do_is_said_instead_of_a_start(stand: WindowStand, folder: Path) -> None:
    stand.bench.projecting.show_python(str(folder), PythonFacts("/p/python", ".venv", problem="It is too old."))
    stand.bench.run("run.start")

    assert asked(stand, "start") == []
    assert says(stand) == "It is too old."
    assert asked(stand, "look_at_python") == [str(folder), str(folder)]


def test_environment_that_is_made_says_how_far_it_is_and_how_it_ended(stand: WindowStand, folder: Path) -> None:
    bench = stand.bench
    assert not bench.is_enabled("project.install_needs")
    bench.run("project.make_environment")
    assert asked(stand, "make_environment") == [str(folder)]
    assert (says(stand), bench.banner.step_words) == (MAKING.format("garden"), ["Stop"])
    assert not bench.is_enabled("project.make_environment")

    bench.projecting.show_making(EnvironmentNews(str(folder), "Installing pytest: Collecting pytest"))
    assert "Installing pytest: Collecting pytest" in view_of(stand).facts.text()
    bench.run("project.stop_making")
    assert stand.requests.asked[-1] == ("stop_making",)

    facts = PythonFacts("/p/python", ".venv", "3.12.4", True)
    bench.projecting.show_making(
        EnvironmentNews(str(folder), "", "pytest could not be installed: the disk is full.", True, "ERROR", facts)
    )

    assert says(stand) == "pytest could not be installed: the disk is full."
    assert bench.banner.problem is not None
    assert bench.banner.problem.details == "ERROR"
    assert "Python 3.12.4 from .venv" in view_of(stand).facts.text()
    assert bench.is_enabled("project.install_needs")
    assert not bench.is_enabled("project.stop_making")
    bench.banner.put_away()
    assert says(stand) != MAKING.format("garden")


def test_environment_can_be_stopped_while_another_folder_is_open(
    stand: WindowStand, folder: Path, tmp_path: Path
) -> None:
    bench = stand.bench
    (tmp_path / "kitchen").mkdir()
    bench.run("project.make_environment")
    bench.open_project(str(tmp_path / "kitchen"))
    assert says(stand) == MAKING.format("garden")
    assert bench.registry.why_not("project.make_environment", bench.context) == (
        f"The environment of {folder} is being made; try it again when that is done."
    )

    (button,) = (each for each in bench.banner.findChildren(QPushButton) if each.text() == "Stop")
    button.click()

    assert stand.requests.asked[-1] == ("stop_making",)
    bench.projecting.show_making(EnvironmentNews(str(folder), "Installing pytest…"))
    bench.open_project(str(folder))
    assert "Installing pytest…" in view_of(stand).facts.text()
    bench.projecting.close()
    bench.projecting.show_making(EnvironmentNews(str(folder), "", "Making the environment was stopped."))
    assert says(stand) == f"{folder}: Making the environment was stopped."
    assert not bench.is_enabled("project.stop_making")


def test_file_in_front_is_run_and_kept_as_a_configuration(
    stand: WindowStand, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = editor_of(stand)
    monkeypatch.setattr(editor, "source_place", lambda: (str(folder / "kettle.py"), 3))

    stand.bench.run("run.this_file")
    stand.bench.run("run.this_file")

    assert [each.script for each in asked(stand, "start")] == [str(folder / "kettle.py")] * 2
    written = json.loads((folder / PLACE).read_text(encoding="utf-8"))["configurations"]
    assert [each["name"] for each in written] == ["app", "app by hand", "kettle"]
    configuration = stand.bench.project.configuration()
    assert configuration is not None
    assert configuration.name == "kettle"


def test_run_that_is_to_be_recorded_is_recorded_from_its_begin(stand: WindowStand, folder: Path) -> None:
    runs = stand.bench.project.runs
    assert runs is not None
    runs.keep([replace(runs.all[0], record=True)])

    stand.bench.run("run.start")
    stand.feed(TargetBegan("launched", str(folder / "app.py")), TargetStatus("starting"))
    stand.feed(TargetStatus("ended", "ended: exit code 0"))
    stand.feed(TargetBegan("launched", "other.py"), TargetStatus("starting"))

    assert len(asked(stand, "record")) == 1


def test_configurations_are_changed_in_their_dialog(stand: WindowStand, folder: Path) -> None:
    runs = stand.bench.project.runs
    assert runs is not None
    runs.keep([replace(runs.all[0], environment=(("API_TOKEN", "s3cret"), ("SPEED", "1")))])
    stand.bench.run("run.configurations")
    dialog = stand.bench.projecting.dialog
    assert isinstance(dialog, RunConfigurationsDialog)
    assert dialog.environment.toPlainText() == f"API_TOKEN={HIDDEN}\nSPEED=1"

    dialog.arguments.clear()
    QTest.keyClicks(dialog.arguments, "--fast 'a b'")
    dialog.environment.setPlainText(f"API_TOKEN={HIDDEN}\nSPEED=2")
    dialog.copy.click()
    QTest.keyClicks(dialog.name, "!")
    dialog.how.setCurrentIndex(1)
    dialog.seed.setValue(7)
    dialog.record.setChecked(True)
    dialog.go.click()

    first, second = runs.all
    assert first.arguments == ("--fast", "a b")
    assert first.environment == (("API_TOKEN", "s3cret"), ("SPEED", "2"))
    assert (second.name, second.how, second.seed, second.record) == ("app 2!", "distiller", 7, True)
    assert stand.bench.project.chosen == "app 2!"

    stand.bench.run("run.configurations")
    again = stand.bench.projecting.dialog
    assert isinstance(again, RunConfigurationsDialog)

    again.environment.setPlainText("nonsense")
    assert again.said.text() == "app 2!: 'nonsense' is no variable: write NAME=value."
    assert not again.go.isEnabled()
    again.environment.clear()
    QTest.keyClicks(again.arguments, "'x")
    assert again.said.text() == "app 2!: the arguments cannot be told apart: No closing quotation."
    again.arguments.clear()
    QTest.keyClicks(again.arguments, "x")
    assert (again.said.text(), again.go.isEnabled()) == ("", True)
    again.script.clear()
    QTest.keyClicks(again.script, " ")
    assert again.said.text() == "app 2!: name the script that is to be started."
    again.reject()


def test_what_is_wrong_in_one_configuration_stays_wrong_behind_another(stand: WindowStand) -> None:
    runs = stand.bench.project.runs
    assert runs is not None
    runs.keep(
        [RunConfiguration("a", "app.py", environment=(("API_TOKEN", "s3cret"),)), RunConfiguration("b", "app.py")]
    )
    stand.bench.run("run.configurations")
    dialog = stand.bench.projecting.dialog
    assert isinstance(dialog, RunConfigurationsDialog)
    dialog.list.setCurrentRow(0)
    dialog.arguments.setFocus()
    QTest.keyClicks(dialog.arguments, "'x")
    dialog.environment.appendPlainText("=5")

    dialog.list.setCurrentRow(1)

    assert dialog.said.text() == "a: '=5' is no variable: write NAME=value."
    assert not dialog.go.isEnabled()
    dialog.list.setCurrentRow(0)
    assert dialog.arguments.text() == "'x"
    assert dialog.environment.toPlainText().endswith("=5")

    dialog.arguments.clear()
    QTest.keyClicks(dialog.arguments, "x")
    dialog.environment.setPlainText(f"API_TOKENS={HIDDEN}")
    assert dialog.said.text() == "a: the value of API_TOKENS is not known here: type it anew."
    dialog.environment.setPlainText(f"API_TOKEN={HIDDEN}")
    dialog.go.click()

    assert runs.all[0].environment == (("API_TOKEN", "s3cret"),)
    assert runs.all[0].arguments == ("x",)


def test_folder_that_is_taken_away_is_said_once(stand: WindowStand, folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))

    stand.bench.projecting.look_at_file()
    stand.bench.projecting.look_at_file()

    assert says(stand).startswith(f"The folder {folder} is not there any more. What is open in the editor stays open")
    stand.bench.banner.put_away()
    stand.bench.projecting.look_at_file()
    assert not says(stand).startswith("The folder")


def test_folder_that_is_there_again_is_shown_as_it_is_now(stand: WindowStand, folder: Path, qtbot: QtBot) -> None:
    shutil.rmtree(folder)
    stand.bench.projecting.look_at_file()
    assert says(stand).startswith(f"The folder {folder} is not there any more.")
    qtbot.waitUntil(lambda: view_of(stand).tree.names() == [])

    folder.mkdir()
    (folder / "pot.py").touch()
    stand.bench.projecting.look_at_file()

    assert not says(stand).startswith("The folder")
    qtbot.waitUntil(lambda: view_of(stand).tree.names() == ["pot.py"])
    qtbot.waitUntil(lambda: folder / "pot.py" in stand.bench.projecting.file_list.files)


def test_change_of_the_file_by_somebody_else_is_shown(stand: WindowStand, folder: Path) -> None:
    (folder / PLACE).write_text(json.dumps({"configurations": [{"name": "other", "script": "kettle.py"}]}), "utf-8")

    stand.bench.projecting.look_at_file()

    assert "F5 starts other: kettle.py" in view_of(stand).facts.text()
