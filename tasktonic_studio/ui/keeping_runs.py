"""How the watched run is kept: recorded while it goes on, or saved from what was seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.recording import RecordingState
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.opening import RUN_SUFFIX
from tasktonic_studio.ui.recording_sign import RecordingSign
from tasktonic_studio.ui.status_words import target_name


class KeepingRuns:
    """Knows how the recording stands, and where runs go. Owned by the workbench, made with it; Qt thread.

    Args:
        session: names the run by what is watched.
        context: of the commands: the settings, which remember runs, the requests, and the window that says what became of it.
        folder: where recorded runs lie.
        sign: shows how the recording stands.
        refresh_commands: what can be done is another now.
        window: where the dialog belongs to.
    """

    def __init__(
        self,
        session: Session,
        context: CommandContext,
        folder: Path,
        sign: RecordingSign,
        refresh_commands: Callable[[], None],
        window: QWidget,
    ) -> None:
        self._session = session
        self._context = context
        self._folder = folder
        self._sign = sign
        self._refresh_commands = refresh_commands
        self._window = window
        self.state = RecordingState()

    def record(self) -> None:
        """Write what happens from now on into a file with a name of its own."""
        self._context.requests.record(str(self._folder), self._name())

    def ask_save(self, previous: bool = False) -> None:
        """Ask for a file, and have what was seen written into it; ``previous``: what was seen of the run before."""
        folder = self._folder if self._folder.is_dir() else Path.home()
        proposal = str(folder / f"{'run-before' if previous else self._name()}{RUN_SUFFIX}")
        title = "Save the run before" if previous else "Save what was seen"
        file = ask.file_to_save(self._window, title, proposal, "Traces (*.ttt)")
        if file:
            self._context.requests.save_run(file if file.endswith(RUN_SUFFIX) else file + RUN_SUFFIX, previous)

    def show(self, state: RecordingState) -> None:
        """It stands otherwise with the recording."""
        before, self.state = self.state, state
        self.draw()
        if replace(before, size=0, left_out=0) != replace(state, size=0, left_out=0):
            self._refresh_commands()

    def draw(self) -> None:
        """Show how the recording stands."""
        has_ended = self._session.live.target.status in ("ended", "lost")
        self._sign.show_state(self.state, has_ended=has_ended)

    def was_saved(self, file: str, not_kept: int) -> None:
        """A run is in a file: it is one of the recent ones now."""
        self._context.settings.put_first("recent.traces", file)
        self._context.requests.look_at_runs([file])
        missing = f" The first {not_kept:,} events are not in it: they were no longer kept." if not_kept else ""
        self._context.window.say(f"The run is in {file}.{missing}")

    def shut(self) -> None:
        """Remember the file that is being written: its service closes it when nobody is here to hear of it."""
        if self.state.is_on:
            self._context.settings.put_first("recent.traces", self.state.file)

    def _name(self) -> str:
        """A name for a file: what is watched, and when."""
        name = Path(target_name(self._session.live.target)).stem.replace(" ", "-")
        return f"{name}-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}"
