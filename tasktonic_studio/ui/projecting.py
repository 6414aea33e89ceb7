"""What the window does for a project: opens it, makes new things in it, keeps how it is run, hears of its tests."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QWidget

from tasktonic_studio.commands.context import Requests
from tasktonic_studio.project.environments import EnvironmentNews
from tasktonic_studio.project.opened import Project, What
from tasktonic_studio.project.pythons import PythonFacts, facts_at_rest
from tasktonic_studio.project.run_file import RunConfiguration
from tasktonic_studio.project.tests import BAD, TestNews, TestOrder
from tasktonic_studio.settings import Settings
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.dialogs.new_thing import NewThingDialog
from tasktonic_studio.ui.dialogs.run_configurations import RunConfigurationsDialog
from tasktonic_studio.ui.file_list import FileList
from tasktonic_studio.ui.problem_banner import Step

LOOK_MS: Final = 2_000
"""How often it is looked whether somebody else has changed how the project is run."""
AFTER_SAVE_MS: Final = 300
GONE: Final = "The folder {} is not there any more. What is open in the editor stays open: save it elsewhere, or open another folder."
MAKING: Final = "The environment of {} is being made; its panel Project says how far it is."
"""With the name of the project: another one may be opened meanwhile."""


class Projecting(QObject):
    """Owned by the workbench, made with it.

    Args:
        project: the open project.
        settings: remember projects and what was chosen in them.
        requests: ask about Pythons.
        say: tells a sentence over the panels.
        unsay: takes a sentence back.
        open_source: shows a file in the editor.
        show_panel: brings a panel to the front.
        run: runs a command by its id.
        window: where the dialogs belong to.
    """

    def __init__(
        self,
        project: Project,
        settings: Settings,
        requests: Requests,
        say: Callable[..., None],
        unsay: Callable[[str], None],
        open_source: Callable[[str, int], None],
        show_panel: Callable[[str], None],
        run: Callable[[str], object],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._project = project
        self._settings = settings
        self._requests = requests
        self._say = say
        self._unsay = unsay
        self._open_source = open_source
        self._show_panel = show_panel
        self._run = run
        self._window = window
        self.dialog: QDialog | None = None
        self.records_next = False
        """Whether the app that is started next is to be recorded."""
        self._is_gone = False
        """Whether the folder of the project is not there, and that was said."""
        self._saved_meanwhile = False
        """Whether something was saved while tests ran, which they may not have seen."""
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self.look_at_file)
        self._after_save = QTimer(self)
        self._after_save.setSingleShot(True)
        self._after_save.setInterval(AFTER_SAVE_MS)
        self._after_save.timeout.connect(self._on_saved)
        self.file_list = FileList(self)
        self._undo = project.watch(self._on_project)

    def shut(self) -> None:
        """The window closes."""
        self._look.stop()
        self._after_save.stop()
        self.file_list.stop()
        self._undo()

    # ---- opening

    def ask_open(self) -> None:
        """Ask which folder."""
        recent = self._settings.texts("recent.projects")
        begin = self._project.folder or (Path(recent[0]) if recent else Path.home())
        folder = ask.folder_to_open(self._window, "Open a folder as a project", str(begin))
        if folder:
            self.open(folder)

    def open(self, name: str) -> None:
        """Open this folder; say why that cannot be."""
        try:
            # As the editor names files: what a link leads to is one folder, by whatever name it is opened.
            folder = Path(name).expanduser().resolve()
        except (OSError, RuntimeError):
            folder = Path(name).absolute()
        try:
            is_folder = folder.is_dir()
            if is_folder:
                next(folder.iterdir(), None)
        except OSError as error:
            self._say(f"{folder} cannot be looked into: {error.strerror or error}.")
            return
        if not is_folder:
            self._say(f"There is no folder {folder} any more. Open another one: Project › Open a folder.")
            return
        self._settings.put_first("recent.projects", str(folder))
        self._project.open(folder, self._settings.get("project.chosen").get(str(folder), ""))
        self._show_panel("project")

    def close(self) -> None:
        """No project is open any more."""
        self._project.close()

    def _on_project(self, what: What) -> None:
        if what == "saved":
            if self._settings.flag("tests.run_on_save") and self._project.folder is not None:
                self._after_save.start()
            return
        if what != "folder":
            return
        self.file_list.forget()
        self._is_gone = self._saved_meanwhile = False
        folder, runs = self._project.folder, self._project.runs
        if folder is None:
            self._look.stop()
            return
        self._look.start()
        self.file_list.look(folder)
        facts = facts_at_rest(folder)
        self._project.know_python(facts)
        if not facts.program:
            self._requests.look_at_python(str(folder))  # it is that of the Studio: nothing of the folder is run
        elif facts.problem:
            self._say(facts.problem, kind="warning")
        if runs is not None and runs.problem:
            self._say(runs.problem, kind="warning")

    def look_at_file(self) -> None:
        """Whether somebody else has changed how the project is run, or taken it away."""
        folder = self._project.folder
        was_gone, self._is_gone = self._is_gone, folder is not None and not os.path.isdir(folder)  # noqa: PTH112 - never raises
        if self._is_gone and not was_gone:
            self._say(GONE.format(folder), kind="warning")
        elif was_gone and folder is not None and not self._is_gone:
            self._unsay(GONE.format(folder))
            self.file_list.look(folder)
            self._project.tell("back")
        runs = self._project.runs
        if runs is not None and runs.read():
            if runs.problem:
                self._say(runs.problem, kind="warning")
            self._project.tell("runs")

    def show_python(self, folder: str, facts: PythonFacts) -> None:
        """It is known which Python runs the project in a folder, or that it got one of its own."""
        if self._project.folder is None or str(self._project.folder) != folder:
            return
        self._project.know_python(facts)
        if facts.problem:
            self._say(facts.problem, kind="warning")

    def begin_making(self) -> None:
        """An environment is asked for."""
        if self._project.folder is not None:
            words = MAKING.format(self._project.name)
            self._project.note_making(self._project.folder, words)
            self._say(words, steps=(Step("Stop", "project.stop_making"),), kind="info")

    def show_making(self, news: EnvironmentNews) -> None:
        """It stands otherwise with the environment of a project."""
        folder = Path(news.project)
        was_made = self._project.made_for == folder
        self._project.note_making(folder, news.doing)
        if self._project.folder == folder and news.facts is not None:
            self._project.know_python(news.facts)
        if news.sentence:
            if was_made:
                self._unsay(MAKING.format(folder.name or folder))
            whose = "" if self._project.folder == folder else f"{folder}: "
            self._say(whose + news.sentence, news.details, kind="error" if news.is_problem else "info")

    def show_tests(self, news: TestNews) -> None:
        """Something is new of the tests of a project."""
        if self._project.folder is not None and str(self._project.folder) == news.project:
            news.told_to(self._project.tests)
            if news.ending:
                self._mark_failed()
                if self._saved_meanwhile and not news.was_stopped:
                    self._after_save.start()
                self._saved_meanwhile = False
            if not news.records:
                self._project.tell("tests")

    def look_for_tests(self, file: str) -> None:
        """A file of tests was written: have it in the list."""
        folder = self._project.folder
        if folder is None or not Path(file).is_relative_to(folder) or self._project.python.problem:
            return
        named = Path(file).relative_to(folder).as_posix()
        self._requests.run_tests(TestOrder(str(folder), self._project.python.program, (named,), (file,), collect=True))

    def _mark_failed(self) -> None:
        """Say of files in which tests failed that they did."""
        counts = Counter(each.file for each in self._project.tests.all if each.outcome in BAD)
        words = {file: f"{count} test{'' if count == 1 else 's'} failed" for file, count in counts.items()}
        self._project.mark_files("tests", words)

    def _on_saved(self) -> None:
        self._saved_meanwhile = self._project.tests.is_running
        if not self._saved_meanwhile:
            self._run("tests.run_all_quietly")

    # ---- new things

    def ask_new(self, kind: str) -> None:
        """Ask for the name of something new."""
        dialog = NewThingDialog(kind, self._place_of_new(kind), self._window)
        dialog.made.connect(self._on_made)
        self._open(dialog)

    def _place_of_new(self, kind: str) -> Path:
        """The folder that is proposed: the one the user chose in the tree of files, else that of the project."""
        folder, picked = self._project.folder, self._project.picked
        if folder is None:
            return Path.cwd()
        if kind == "project":
            return folder.parent
        if picked is None:
            return folder
        near = picked if picked.is_dir() else picked.parent
        if near.name == "tests" and near != folder:
            near = near.parent  # a new thing brings its test with it, in a folder tests beside it
        return near if near.is_dir() else folder

    def _on_made(self, kind: str, folder: str, main: str) -> None:
        open_folder = self._project.folder
        if kind == "project" or open_folder is None or not Path(main).is_relative_to(open_folder):
            self.open(folder)
        self._open_source(main, 1)

    # ---- how it is run

    def ask_run_configurations(self) -> None:
        """Have the list changed."""
        project = self._project
        if project.folder is None or project.runs is None:
            return
        chosen = project.configuration()
        dialog = RunConfigurationsDialog(
            project.folder, project.runs.all, chosen.name if chosen else "", project.python.words, self._window
        )
        dialog.wanted.connect(self._on_configurations)
        self._open(dialog)

    def _on_configurations(self, configurations: Sequence[RunConfiguration], chosen: str) -> None:
        runs = self._project.runs
        if runs is None:
            return
        if not runs.keep(configurations):
            self._say(runs.problem)
            return
        self.choose(chosen)

    def choose(self, name: str) -> None:
        """F5 starts this one from now on."""
        if self._project.folder is None:
            return
        chosen = dict(self._settings.get("project.chosen"))
        chosen[str(self._project.folder)] = name
        known = self._settings.texts("recent.projects")
        self._settings.set("project.chosen", {folder: each for folder, each in chosen.items() if folder in known})
        self._project.choose(name)

    # ---- dialogs

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._on_closed)
        dialog.open()

    def _on_closed(self) -> None:
        self.dialog = None
