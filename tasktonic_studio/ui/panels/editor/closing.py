"""What becomes of unsaved changes when a file is closed, or the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.recovery import Recovery

if TYPE_CHECKING:
    from tasktonic_studio.ui.panels.editor.view import EditorView

SAVE: Final = "Save"
DISCARD: Final = "Discard"
CANCEL: Final = "Cancel"


class Closing:
    """Made by the editor's view. What is discarded goes only with `finish`: the window may stay open for another reason."""

    def __init__(self, view: EditorView, recovery: Recovery) -> None:
        self._view = view
        self._recovery = recovery
        self._discarded: dict[EditorPage, str] = {}

    def may_close_all(self) -> bool:
        """Ask for every file with changes; False when the user would rather stay."""
        self._discarded.clear()
        for page in list(self._view.pages()):
            answer = self.ask_about(page)
            if answer == CANCEL:
                return False
            if answer == DISCARD:
                self._discarded[page] = page.editor.text()
        return True

    def ask_about(self, page: EditorPage) -> str:
        """What becomes of the changes of a file; saved already when that is the answer."""
        if not page.document.changed:
            return SAVE
        view = self._view
        view.tabs.setCurrentWidget(page)
        question = f"Save the changes of {page.document.name}?"
        answer = view.ask(view, question, "What is discarded cannot be had back.", (SAVE, DISCARD, CANCEL))
        return CANCEL if answer == SAVE and not page.save() else answer

    def forget(self, page: EditorPage) -> None:
        """This file is closed alone."""
        self._discarded.pop(page, None)

    def finish(self) -> None:
        """The window ends: what was discarded need not be kept."""
        for page, text in self._discarded.items():
            # A text that was changed after the answer is another one.
            if page.editor.text() == text:
                self._recovery.forget(page.document.path)
        self._discarded.clear()
