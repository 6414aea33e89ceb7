"""Renaming: asks what a new name would change, lets the user look at it, changes the files and takes that back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import shiboken6
from PySide6.QtCore import QObject

from tasktonic_studio.ui.aside import Answer
from tasktonic_studio.ui.code_desk import CodeDesk
from tasktonic_studio.ui.dialogs.fitting import fit
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.file_changes import FileChanges
from tasktonic_studio.ui.panels.editor.knowing import Knowing
from tasktonic_studio.ui.panels.editor.rename_dialog import RenameDialog, TextChange
from tasktonic_studio.ui.panels.editor.text_knowing import why_not
from tasktonic_studio.ui.panels.editor.view import EditorView


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
        self._changes = FileChanges(view, "renaming", "Undo the rename")
        self._words = ""
        self.dialog: RenameDialog | None = None

    @property
    def can_undo(self) -> bool:
        """Whether there is a rename to take back."""
        return self._changes.can_undo

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
        self._changes.make(changes, lambda counted: f"{self._words}: {counted}")

    def undo(self) -> None:
        """Take the last rename back in all its files."""
        self._changes.undo()
