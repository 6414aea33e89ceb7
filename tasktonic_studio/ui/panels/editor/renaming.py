"""Renaming: asks what a new name would change, lets the user look at it, changes the files and takes that back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import shiboken6
from PySide6.QtCore import QObject

from tasktonic_studio.ui.aside import Answer
from tasktonic_studio.ui.code_desk import CodeDesk
from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.panels.editor.changing_files import CannotChange, Edit, OpenText, Step, apply, take_back
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.knowing import Knowing
from tasktonic_studio.ui.panels.editor.rename_dialog import RenameDialog, TextChange
from tasktonic_studio.ui.panels.editor.text_knowing import why_not
from tasktonic_studio.ui.panels.editor.view import EditorView

_ABOUT = "renaming"


class Renaming(QObject):
    """Made by the editor panel with its view, and ends with it.

    Args:
        view: where the texts are.
        desk: whom to ask.
        knowing: knows the place that is meant.
    """

    def __init__(self, view: EditorView, desk: CodeDesk, knowing: Knowing) -> None:
        super().__init__(view)
        self._view = view
        self._desk = desk
        self._knowing = knowing
        self._steps: list[Step] = []
        self._words = ""
        self.dialog: RenameDialog | None = None

    @property
    def can_undo(self) -> bool:
        """Whether there is a rename to take back."""
        return bool(self._steps)

    def ask(self) -> None:
        """Let the user rename what stands at the caret."""
        of_text, editor = self._knowing.of_text(), self._view.editor()
        if of_text is None or editor is None:
            return
        caret = editor.caret()
        place = of_text.place(caret)
        of_text.ask("rename", caret, partial(self._open, editor, caret, place), new="")

    def _open(self, editor: CodeEditor, caret: int, place: dict[str, object], answer: Answer) -> None:
        refused = answer.get("refused") or (why_not(answer, "") if "problem" in answer else "")
        if refused:
            editor.show_tip(caret, refused)
            return
        dialog = RenameDialog(answer["subject"], answer["old"], partial(self._look, place), self._view.window())
        fit(dialog, 700, 440)
        dialog.chosen.connect(self.rename)
        self.dialog = dialog
        dialog.open()

    def _look(self, place: dict[str, object], new: str) -> None:
        dialog = self.dialog
        if dialog is not None:
            request = {"do": "rename", **place, "new": new}
            self._words = f"{dialog.old} is {new} now"
            self._desk.ask(request, dialog.show_answer, lambda: shiboken6.isValid(dialog) and dialog.wanted == new)

    def rename(self, changes: Sequence[TextChange]) -> None:
        """Make these changes in all their files, open or not."""
        try:
            steps = apply(changes, self._opened())
        except CannotChange as problem:
            self._view.bar.say(_ABOUT, str(problem), (("Close", self._close),), problem=True)
            return
        self._steps = steps
        places, files = len(changes), len(steps)
        counted = f"{places} place{'' if places == 1 else 's'} in {files} file{'' if files == 1 else 's'}"
        left = ", open ones not saved yet" if any(it.form is None for it in steps) else ""
        self._view.bar.say(
            _ABOUT,
            f"{self._words}: {counted}{left}.",
            (("Undo the rename", self.undo), ("Save all", self._save_all), ("Close", self._close)),
        )

    def undo(self) -> None:
        """Take the last rename back in all its files."""
        try:
            take_back(self._steps, self._opened())
        except CannotChange as problem:
            self._view.bar.say(_ABOUT, str(problem), (("Close", self._close),), problem=True)
            return
        self._steps = []
        self._close()

    def _opened(self) -> dict[str, OpenText]:
        return {
            str(page.document.path): OpenText(
                page.editor.text(), partial(_change, page.editor), page.document.read_only
            )
            for page in self._view.pages()
        }

    def _save_all(self) -> None:
        if self._view.save_all():
            self._close()

    def _close(self) -> None:
        self._view.bar.take_back(_ABOUT)


def _change(editor: CodeEditor, edits: Sequence[Edit]) -> None:
    editor.replace_many([(it.start, it.end, it.text) for it in edits])
