"""The source of the app, as the window asks for it: whichever panel is the editor does the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tasktonic.rules import Term
from tasktonic_studio.session.line_facts import LineStop
from tasktonic_studio.settings import Settings
from tasktonic_studio.ui.panel import Panel, SourcePanel


class Sources:
    """Finds the editor among the panels, and has it show, save and tell. Owned by the workbench, made with it; Qt thread.

    Args:
        panels: the panels of the window; there may be no editor among them.
        settings: say whether files are written before a start.
        show_panel: brings a panel to the front.
        has_focus: whether the panel of this id has the focus.
        problem: tells a sentence over the panels.
    """

    def __init__(
        self,
        panels: Sequence[Panel],
        settings: Settings,
        show_panel: Callable[[str], None],
        has_focus: Callable[[str], bool],
        problem: Callable[[str], None],
    ) -> None:
        self._panels = panels
        self._settings = settings
        self._show_panel = show_panel
        self._panel_has_focus = has_focus
        self._problem = problem
        self._last_line: tuple[int, str, int] | None = None
        """Where the app stood between two lines when that was last looked at."""

    def open(self, file: str, line: int) -> None:
        """Show a line of a file; without an editor it is said that there is none."""
        editor = self._shown(file, line)
        if editor is not None:
            editor.open_source(file, line)

    def open_saved(self, file: str, line: int) -> None:
        """The same for a line of the file as it was saved last."""
        editor = self._shown(file, line)
        if editor is not None:
            editor.open_saved(file, line)

    def _shown(self, file: str, line: int) -> SourcePanel | None:
        editor = self._editor()
        if editor is None:
            self._problem(f"There is no editor to show {file}, line {line}.")
        else:
            self._show_panel(editor.id)
        return editor

    def place(self) -> tuple[str, int]:
        """The file and the line of the caret."""
        editor = self._editor()
        return editor.source_place() if editor is not None else ("", 0)

    def save(self) -> None:
        """Write the file that is shown."""
        editor = self._editor()
        if editor is not None:
            editor.save_source()

    def moved(self, old: str, new: str) -> None:
        """A file or a folder was renamed from here."""
        editor = self._editor()
        if editor is not None:
            editor.source_moved(old, new)

    def save_before_start(self) -> None:
        """An app is about to start: what was changed is written first, if the user wants that."""
        editor = self._editor()
        if (
            editor is not None
            and self._settings.flag("editor.save_before_run")
            and editor.unsaved()
            and not editor.save_all()
        ):
            self._problem("Not all changed files could be saved; the script starts as it is on disk.")

    def has_focus(self) -> bool:
        """Whether somebody is typing in the editor."""
        editor = self._editor()
        return editor is not None and self._panel_has_focus(editor.id)

    def names_at_caret(self) -> tuple[str, ...]:
        """The classes and functions around the caret, from outside in."""
        editor = self._editor()
        return editor.names_at_caret() if editor is not None else ()

    def term_at_caret(self) -> Term | None:
        """What a breakpoint could be about, at the caret."""
        editor = self._editor()
        return editor.term_at_caret() if editor is not None else None

    def focused_word(self) -> str:
        """The word at the caret of an editor that has the focus; else empty."""
        editor = self._editor()
        return editor.word_at_caret() if editor is not None and self.has_focus() else ""

    def follow(self, stop: LineStop | None) -> None:
        """Where the app stands comes to the front, once for each stop and each call that is looked at."""
        frame = stop.frame if stop is not None else None
        place = (frame.number, frame.file, frame.line) if frame is not None else None
        if place != self._last_line and frame is not None and Path(frame.file).is_file():
            self.open_saved(frame.file, frame.line)
            self._show_panel("lines")
        self._last_line = place

    def _editor(self) -> SourcePanel | None:
        return next((panel for panel in self._panels if isinstance(panel, SourcePanel)), None)
