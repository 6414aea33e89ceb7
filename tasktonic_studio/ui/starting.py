"""Where one begins: the start page with what it offers, what was opened lately, and what runs on this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.recent import recent_projects, recent_runs, recent_scripts
from tasktonic_studio.commands.registry import Registry
from tasktonic_studio.commands.running import RecentProject, RecentRun, RecentScript, RunningApp
from tasktonic_studio.ui.dialogs.attach import AttachDialog
from tasktonic_studio.ui.start_page import StartPage
from tasktonic_studio.ui.theme.icons import Icons

OFFERS: Final = {
    "run.start_example": "A lively plant, made to be looked at.",
    "project.open": "Its files, how it is run, its tests.",
    "project.new_project": "From a template that runs at once.",
    "file.start_script": "With the probe switched on, to watch it.",
    "distiller.start": "By hand: sparkle by sparkle, in virtual time.",
    "file.attach": "Started with TASKTONIC_STUDIO=1.",
    "file.open_run": "Written by tasktonic record, or kept by a test.",
    "help.learn": "Lessons, from the first sparkle on.",
    "help.keys": "On one sheet.",
}
"""What the start page offers, most wanted first, each with a short line."""


def offers(registry: Registry, context: CommandContext) -> list[tuple[Command, str]]:
    """The commands of the start page that can be run, each with its line."""
    known = {command.id for command in registry.all()}  # some belong to panels
    can = [each for each in OFFERS if each in known and registry.is_enabled(each, context)]
    return [(registry.get(command_id), OFFERS[command_id]) for command_id in can]


class Starting(QObject):
    """Fills the start page and the dialog to attach, and opens what is chosen there. Owned by the workbench, made with it.

    Args:
        page: the start page.
        context: of the commands: the settings, which remember what was opened, and the requests.
        open_project: opens a folder as a project.
        icons: for the dialog.
        window: where the dialog belongs to.
    """

    def __init__(
        self,
        page: StartPage,
        context: CommandContext,
        open_project: Callable[[str], None],
        icons: Icons,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._page = page
        self._context = context
        self._open_project = open_project
        self._icons = icons
        self._window = window
        self._running: Sequence[RunningApp] = ()
        self._dialog: AttachDialog | None = None
        page.attach_wanted.connect(self._on_attach)
        page.recent_wanted.connect(self._on_recent)
        page.refresh_wanted.connect(context.requests.refresh_running)

    def begin(self) -> None:
        """The page has come to the front: everything on it is looked at anew."""
        self.show_recent()
        self._page.focus_first()
        if self._page.runs_shown:
            self._context.requests.look_at_runs(self._page.runs_shown)
        self._context.requests.refresh_running()

    def show_recent(self) -> None:
        """Show what was opened lately."""
        settings = self._context.settings
        self._page.show_recent(recent_scripts(settings), recent_runs(settings), recent_projects(settings))

    def show_running(self, apps: Sequence[RunningApp]) -> None:
        """Say what runs on this machine, wherever it is looked at."""
        self._running = tuple(apps)
        self._page.show_running(apps)
        if self._dialog is not None:
            self._dialog.show_running(apps)

    def ask_attach(self) -> None:
        """Let the user choose among what runs."""
        requests = self._context.requests
        if self._dialog is None:
            dialog = AttachDialog(self._icons, requests.refresh_running, self._window)
            dialog.chosen.connect(self._on_attach)
            dialog.finished.connect(self._on_attach_closed)
            self._dialog = dialog
        self._dialog.show_running(self._running)
        requests.refresh_running()
        self._dialog.open()

    def _on_attach(self, app: object) -> None:
        if isinstance(app, RunningApp):
            self._context.requests.attach(app.address)

    def _on_attach_closed(self) -> None:
        self._dialog = None

    def _on_recent(self, recent: object) -> None:
        if isinstance(recent, RecentScript):
            self._context.requests.launch(recent.script, recent.arguments)
        elif isinstance(recent, RecentRun):
            self._context.requests.open_run(recent.file)
        elif isinstance(recent, RecentProject):
            self._open_project(recent.folder)
