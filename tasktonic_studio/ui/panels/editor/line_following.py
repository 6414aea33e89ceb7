"""Lines at which an app stops, and the one in which it stands, beside a text that is being changed.

What is known of them counts in lines of the file as it is on disk. While a text has changes that are not saved, they are shown where
that code is in it; when it is saved, or read anew, the lines to stop at go where their code has gone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject

from tasktonic_studio.analysis.line_map import LineMap
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.line_commands import LINES_MENU
from tasktonic_studio.session.line_facts import LineBreak, LineFacts, LineFrame
from tasktonic_studio.ui.panels.editor.documents import DocumentProblem, real_path
from tasktonic_studio.ui.panels.editor.marks import Mark, line_break_mark, stands_mark
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.view import EditorView

FOLLOW: Final = "lines.follow_text"
_ABOUT: Final = "lines"
NOT_ON_DISK: Final = "This line is not in the file yet. Save it (Ctrl+S): then the app can stop here."


class LineFollowing(QObject):
    """Made by the editor panel with its view.

    Args:
        view: where the texts are.
        run: runs a command by its id.
        begun: what a file was when the app was started, where that is known.
        is_watched: whether there is an app that runs.
    """

    def __init__(
        self,
        view: EditorView,
        run: Callable[[str], None],
        begun: Callable[[Path], str | None],
        is_watched: Callable[[], bool],
    ) -> None:
        super().__init__(view)
        self._view = view
        self._run = run
        self._begun = begun
        self._is_watched = is_watched
        self._facts = LineFacts()
        self._shown: dict[EditorPage, tuple[LineBreak, ...]] = {}
        """For each page the lines to stop at, in the order of its marks."""
        self._disk: dict[EditorPage, str] = {}
        """What the file of such a page was when they were shown."""
        self._moved: list[tuple[str, str, dict[int, int], str | None]] = []
        """What the command has to tell: file, its name now, where each line is, what it was when the app was started."""
        self._said: LineFrame | None = None
        """Of which call it was said last that its line may be another one."""
        view.editor_made.connect(self._show)
        view.page_renamed.connect(self._show)
        view.page_saved.connect(self._on_saved)
        view.page_reloaded.connect(self._on_saved)

    def show(self, facts: LineFacts) -> None:
        """Mark where the app stops, and where it stands, in every open file."""
        self._facts = facts
        pages = list(self._view.pages())
        self._shown = {page: shown for page, shown in self._shown.items() if page in pages}
        self._disk = {page: text for page, text in self._disk.items() if page in pages}
        for page in pages:
            self._show(page)

    def line_in_text(self, page: EditorPage, line: int) -> int:
        """Where a line of the file on disk is in the text of a page, or would be."""
        return self._map(page).near_in_new(line) if page.document.changed and line > 0 else line

    def line_on_disk(self, page: EditorPage, line: int) -> int:
        """Where a line of the text of a page is in its file on disk; 0 when it is not there yet."""
        if not page.document.changed:
            return line
        stops = zip(self._shown.get(page, ()), page.line_marks, strict=False)
        # One that is marked is the same line, also when something was changed in it.
        return next((it.line for it, mark in stops if mark.line == line), 0) or self._map(page).in_old(line)

    def moved(self, old: str, new: str) -> None:
        """A file or a folder was renamed from here: what is to stop in it does so under its new name."""
        for file in sorted({it.file for it in self._facts.breaks}):
            if file == old or file.startswith(old.rstrip(os.sep) + os.sep):
                self._moved.append((file, new + file[len(old) :], {}, None))
        self._tell()

    def _tell(self) -> None:
        if self._moved:
            self._run(FOLLOW)

    def tell(self, context: CommandContext) -> None:
        """Have the lines to stop at moved that are elsewhere now."""
        moved, self._moved = self._moved, []
        for each in moved:
            context.requests.lines_moved(*each)

    def why_nothing(self) -> str:
        """Why there is nothing to move; empty when there is something."""
        return "" if self._moved else "The lines to stop at are where their text is."

    # ---- showing

    def _show(self, page: EditorPage, _editor: object = None) -> None:
        file = _file_of(page)
        frame = self._facts.stop.frame if self._facts.stop is not None else None
        frame = frame if frame is not None and frame.file == file and frame.line > 0 else None
        breaks = tuple(self._facts.breaks_in(file))
        self._say(page, frame)
        if not breaks and frame is None:
            self._shown.pop(page, None)
            self._disk.pop(page, None)
            page.show_line_marks([])
            return
        there = self._map(page) if page.document.changed else None
        marks = [line_break_mark(self._place(page, it, there), it.problem) for it in breaks]
        if frame is not None:
            marks.append(stands_mark(there.near_in_new(frame.line) if there is not None else frame.line))
        self._disk[page] = _on_disk(self._view, page)
        self._shown[page] = breaks
        page.show_line_marks(marks)

    def _place(self, page: EditorPage, wanted: LineBreak, there: LineMap | None) -> int:
        """Where to mark a line: where its text is, else where the mark of a line that was changed has gone with it."""
        if there is None:
            return wanted.line
        marked = zip(self._shown.get(page, ()), page.line_marks, strict=False)
        last = next((mark.line for it, mark in marked if (it.file, it.line) == (wanted.file, wanted.line)), 0)
        return there.in_new(wanted.line) or last or there.near_in_new(wanted.line)

    def _say(self, page: EditorPage, frame: LineFrame | None) -> None:
        if frame is None or not frame.problem:
            page.bar.take_back(_ABOUT)
        elif self._said != frame:  # once, for who has read it may close it
            self._said = frame
            page.bar.say(_ABOUT, frame.problem, (("Close", partial(page.bar.take_back, _ABOUT)),))

    def _map(self, page: EditorPage) -> LineMap:
        return LineMap(_on_disk(self._view, page), page.editor.text())

    # ---- following

    def _on_saved(self, page: EditorPage) -> None:
        file, now = _file_of(page), page.editor.text()
        before, moves = self._disk.get(page), dict[int, int]()
        breaks = self._shown.get(page, ())
        if before is not None and breaks and before != now:
            moves = _moves(LineMap(before, now), breaks, page.line_marks)
            self._disk[page] = now
        if moves or self._is_watched():
            self._moved.append((file, file, moves, self._begun(page.document.path)))
            self._tell()


def line_following_commands(get: Callable[[], LineFollowing | None]) -> Sequence[Command]:
    """What saving and renaming do by themselves."""

    def tell(context: CommandContext) -> None:
        following = get()
        if following is not None:
            following.tell(context)

    def why_not(_context: CommandContext) -> str:
        following = get()
        return following.why_nothing() if following is not None else "No file is open in the editor."

    return (
        Command(
            FOLLOW,
            "Let the lines to stop at follow their text",
            "Move the lines to stop at to where their text is now. Saving and renaming a file do it by themselves.",
            tell,
            menu=LINES_MENU,
            section="lines",
            why_not=why_not,
        ),
    )


def _moves(there: LineMap, breaks: tuple[LineBreak, ...], marks: list[Mark]) -> dict[int, int]:
    """Where each line to stop at is in the text that was saved; one that was changed is where its mark is, one that was deleted 0."""
    moves: dict[int, int] = {}
    for stop, mark in zip(breaks, marks, strict=False):
        line = there.in_new(stop.line) or (mark.line if not there.in_old(mark.line) else 0)
        if line != stop.line:
            moves[stop.line] = line
    return moves


def _file_of(page: EditorPage) -> str:
    return str(real_path(page.document.path))


def _on_disk(view: EditorView, page: EditorPage) -> str:
    """What the file of a page is now; one that cannot be read is taken to be as the text."""
    if not page.document.changed:
        return page.editor.text()
    try:
        return view.text_on_disk(page)
    except DocumentProblem:
        return page.editor.text()
