"""Files that the window opens, each by its kind: a run is shown, a script started or edited, a lesson played."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.panel import LessonPanel, Panel

RUN_SUFFIX: Final = ".ttt"
LESSON_SUFFIX: Final = ".lesson.md"


class Opening:
    """Asks which file, and hands it to who can open it. Owned by the workbench, made with it; Qt thread.

    Args:
        session: knows which script runs now: the next one is looked for beside it.
        panels: the panels of the window; lessons are played in one of them.
        context: of the commands: the settings, the requests, and the window that shows sources and panels.
        window: where the dialogs belong to.
    """

    def __init__(self, session: Session, panels: Sequence[Panel], context: CommandContext, window: QWidget) -> None:
        self._session = session
        self._panels = panels
        self._context = context
        self._window = window

    def ask_script(self) -> None:
        """Ask for a script, and start it."""
        recent = self._context.settings.texts("recent.scripts")
        last = self._session.live.target.script or (recent[0] if recent else "")
        script = ask.script_to_open(self._window, str(Path(last).parent))
        if script:
            self._context.requests.launch(script)

    def ask_run(self) -> None:
        """Ask for a recorded run, and show it."""
        recent = self._context.settings.texts("recent.traces")
        file = ask.run_to_open(self._window, str(Path(recent[0]).parent) if recent else "")
        if file:
            self._context.requests.open_run(file)

    def dropped(self, files: Sequence[str]) -> bool:
        """Open what was dropped on the window: one run, all scripts, one lesson. Returns whether something was taken."""
        run = next((file for file in files if file.endswith(RUN_SUFFIX)), "")
        if run:
            self._context.requests.open_run(run)
        scripts = [file for file in files if file.endswith(".py")]
        for script in scripts:
            self._context.window.open_source(script, 0)
        lesson = next((file for file in files if file.endswith(LESSON_SUFFIX)), "")
        if lesson:
            self.lesson(lesson)
        return bool(run or scripts or lesson)

    def lesson(self, file: str) -> None:
        """Play a lesson that a teacher wrote."""
        lessons = next((panel for panel in self._panels if isinstance(panel, LessonPanel)), None)
        if lessons is not None:
            self._context.window.show_panel(lessons.id)
            lessons.open_lesson_file(file)

    def file_of_project(self, file: Path) -> None:
        """Show a file of the project: a run as a run, anything else as source."""
        if file.suffix == RUN_SUFFIX:
            self._context.requests.open_run(str(file))
        else:
            self._context.window.open_source(str(file), 0)
