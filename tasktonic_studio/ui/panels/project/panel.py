"""The project panel: the files of the open folder, and what one does to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFile, QStandardPaths
from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.project_commands import start, why_no_project
from tasktonic_studio.project.files import make_file, make_folder, rename, why_not_named
from tasktonic_studio.project.run_file import configuration_for
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.panel import PanelContext
from tasktonic_studio.ui.panels.project.view import ProjectView
from tasktonic_studio.ui.view_panel import SearchingPanel


class ProjectPanel(SearchingPanel):
    """The files of a project."""

    id = "project"
    title = "Project"
    icon = "project"
    key = "Ctrl+Shift+E"
    help = "The files of the open folder, how it is run and with which Python."

    view: ProjectView

    def build(self, context: PanelContext) -> QWidget:
        self._context = context
        self.view = ProjectView(context)
        return self.view

    def tab_title(self) -> str:
        return self.title

    def edit(self) -> None:
        """F2 gives what is chosen another name."""
        self._context.run("project.rename")

    def commands(self) -> Sequence[Command]:
        return (
            Command(
                "project.open_chosen",
                "Open the chosen file",
                "Open the file that is chosen in the project; a trace is shown as a run.",
                self._open,
                icon="open",
                why_not=self._why_none_chosen,
            ),
            Command(
                "project.run_chosen",
                "Run the chosen file",
                "Start the Python file that is chosen in the project, and keep that as a run configuration.",
                self._run_chosen,
                icon="start",
                why_not=self._why_no_python,
            ),
            Command(
                "project.new_file",
                "New file…",
                "Make an empty file beside what is chosen, or in the chosen folder.",
                self._new_file,
                icon="new",
                menu="Project/New",
                why_not=why_no_project,
            ),
            Command(
                "project.new_folder",
                "New folder…",
                "Make a folder beside what is chosen, or in the chosen folder.",
                self._new_folder,
                icon="folder",
                menu="Project/New",
                why_not=why_no_project,
            ),
            Command(
                "project.rename",
                "Rename the chosen file…",
                "Give the file or folder that is chosen in the project another name.",
                self._rename,
                icon="edit",
                why_not=self._why_none_chosen,
            ),
            Command(
                "project.delete",
                "Move the chosen file to the trash…",
                "Move the file or folder that is chosen in the project to the trash of the desktop, after a question.",
                self._delete,
                icon="close",
                why_not=self._why_none_chosen,
            ),
            Command(
                "project.copy_path",
                "Copy its path",
                "Put the path of the chosen file on the clipboard.",
                self._copy_path,
                icon="copy",
                why_not=self._why_none_chosen,
            ),
        )

    def save_state(self) -> dict[str, Any]:
        return {"hidden": self.view.hidden.isChecked()} if hasattr(self, "view") else {}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        if hasattr(self, "view"):
            self.view.hidden.setChecked(state.get("hidden") is True)

    # ---- the commands

    @property
    def _chosen(self) -> Path | None:
        return self.view.chosen if hasattr(self, "view") else None

    def _why_none_chosen(self, context: CommandContext) -> str:
        return why_no_project(context) or ("" if self._chosen is not None else "No file is chosen in the project.")

    def _why_no_python(self, context: CommandContext) -> str:
        reason = self._why_none_chosen(context)
        chosen = self._chosen
        return reason or ("" if chosen is not None and chosen.suffix == ".py" else "The chosen file is no Python file.")

    def _open(self, context: CommandContext) -> None:
        chosen = self._chosen
        if chosen is None or chosen.is_dir():
            return
        if chosen.suffix == ".ttt":
            context.requests.open_run(str(chosen))
        else:
            context.window.open_source(str(chosen), 0)

    def _run_chosen(self, context: CommandContext) -> None:
        project, chosen = context.project, self._chosen
        if project.folder is None or project.runs is None or chosen is None:
            return
        configuration = configuration_for(chosen, project.folder, project.runs)
        if project.runs.find(configuration.name) is None and not project.runs.keep([*project.runs.all, configuration]):
            context.window.problem(project.runs.problem)
            return
        context.window.choose_configuration(configuration.name)
        start(context, configuration)

    def _place(self, context: CommandContext) -> Path:
        """The folder in which something new is made."""
        chosen = self._chosen
        if chosen is None:
            return context.project.folder or Path()
        return chosen if chosen.is_dir() else chosen.parent

    def _new_file(self, context: CommandContext) -> None:
        made = self._make(context, "New file", "Name of the file", make_file)
        if made is not None:
            context.window.open_source(str(made), 1)

    def _new_folder(self, context: CommandContext) -> None:
        self._make(context, "New folder", "Name of the folder", make_folder)

    def _make(self, context: CommandContext, title: str, words: str, make: Callable[[Path], str]) -> Path | None:
        place = self._place(context)
        name = ask.name_for(self.view, title, f"{words}, in {place}:")
        if not name:
            return None
        problem = why_not_named(place, name) or make(place / name)
        if problem:
            context.window.problem(problem)
            return None
        self.view.show_path(place / name)
        return place / name

    def _rename(self, context: CommandContext) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        name = ask.name_for(self.view, "Rename", f"Another name for {chosen.name}:", chosen.name)
        if not name or name == chosen.name:
            return
        problem = rename(chosen, name)
        if problem:
            context.window.problem(problem)
            return
        new = chosen.with_name(name)
        context.window.source_moved(str(chosen), str(new))
        runs = context.project.runs
        if runs is not None and runs.follow(chosen, new):
            context.project.tell("runs")
        elif runs is not None and runs.problem:
            context.window.problem(runs.problem)
        self.view.show_path(new)

    def _delete(self, context: CommandContext) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        what = "The folder and all that is in it" if chosen.is_dir() else "The file"
        question = f"{what} {chosen} is moved to the trash."
        if not ask.confirm(self.view, "Move to the trash", question, "Move to the trash"):
            return
        with suppress(OSError):  # Qt makes the trash, but not the folder that it is in
            Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)).mkdir(
                parents=True, exist_ok=True
            )
        if not QFile(str(chosen)).moveToTrash():
            context.window.problem(
                f"{chosen} could not be moved to the trash: there is none here, or it may not be written."
            )

    def _copy_path(self, context: CommandContext) -> None:
        if self._chosen is not None:
            context.window.copy_text(str(self._chosen))
