"""Changes in several files as one thing: made, said in the bar of the editor with what can be done then, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject

from tasktonic_studio.ui.panels.editor.changing_files import CannotChange, Edit, OpenText, Step, apply, take_back
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.rename_dialog import TextChange
from tasktonic_studio.ui.panels.editor.sentence_bar import Answer
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.widgets import figures


class FileChanges(QObject):
    """One for renaming, one for replacing in a project. Ends with the view.

    Args:
        view: where the open texts are.
        about: what its sentences are about, so that one takes the place of the other.
        undo: the words on the button that takes all back.
        changed: called when files were changed, and when that was taken back.
    """

    def __init__(self, view: EditorView, about: str, undo: str, changed: Callable[[], None] = lambda: None) -> None:
        super().__init__(view)
        self._view = view
        self._about = about
        self._undo_words = undo
        self._changed = changed
        self._steps: list[Step] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._steps)

    def make(self, changes: Sequence[TextChange], said: Callable[[str], str]) -> None:
        """Make these changes in all their files, open or not: all or none.

        Args:
            changes: in any files.
            said: gives the sentence about them, without its full stop, for how many places in how many files it is.
        """
        try:
            self._steps = apply(changes, self._opened())
        except CannotChange as problem:
            self._say_problem(problem)
            return
        counted = f"{figures.counted(len(changes), 'place')} in {figures.counted(len(self._steps), 'file')}"
        left = "; open files are not saved yet" if any(step.form is None for step in self._steps) else ""
        buttons = ((self._undo_words, self.undo), ("Save all", self._save_all), ("Close", self._close))
        self._view.bar.say(self._about, f"{said(counted)}{left}.", buttons)
        self._changed()

    def undo(self) -> None:
        """Take the last changes back in all their files."""
        try:
            take_back(self._steps, self._opened())
        except CannotChange as problem:
            self._say_problem(problem, (self._undo_words, self.undo))
            return
        self._steps = []
        self._close()
        self._changed()

    def _opened(self) -> dict[str, OpenText]:
        return {
            str(page.document.path): OpenText(
                page.editor.text(), partial(_change, page.editor), page.document.read_only
            )
            for page in self._view.pages()
        }

    def _say_problem(self, problem: CannotChange, *ways_out: Answer) -> None:
        self._view.bar.say(self._about, str(problem), (*ways_out, ("Close", self._close)), problem=True)

    def _save_all(self) -> None:
        if self._view.save_all():
            self._close()

    def _close(self) -> None:
        self._view.bar.take_back(self._about)


def _change(editor: CodeEditor, edits: Sequence[Edit]) -> None:
    editor.replace_many([(it.start, it.end, it.text) for it in edits])
