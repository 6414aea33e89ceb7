"""How an open project is run: its configurations, its Python, what is chosen for F5, and its file when others change it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tasktonic_studio.project.environments import EnvironmentNews
from tasktonic_studio.project.pythons import PythonFacts
from tasktonic_studio.project.run_file import PLACE, RunConfiguration, StartOrder
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.ui.dialogs.run_configurations import HIDDEN, RunConfigurationsDialog
from tasktonic_studio.ui.projecting import MAKING
from tests.helpers.window_stand import WindowStand
from tests.studio.ui.panels.project.acting import asked, editor_of, says, view_of


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
