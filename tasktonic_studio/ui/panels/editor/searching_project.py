"""Find and replace in the project: what the list under the text asks for is done here, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.panels.editor.acting import PANEL_ID
from tasktonic_studio.ui.panels.editor.file_changes import FileChanges
from tasktonic_studio.ui.panels.editor.project_search import ProjectSearch, Replacement
from tasktonic_studio.ui.panels.editor.rename_dialog import TextChange
from tasktonic_studio.ui.panels.editor.view import EditorView


class SearchingProject(QObject):
    """Made by the editor panel with its view. ``root`` gives the open project; without one it is that of the file in front."""

    def __init__(self, view: EditorView, root: Callable[[], str]) -> None:
        super().__init__(view)
        self._root = root
        self._view = view
        self.search = ProjectSearch(self._folder, self._texts, view)
        view.add_below(self.search)
        self._changes = FileChanges(view, "replacing in the project", "Undo", self.search.look)
        self.search.chosen.connect(self._go)
        self.search.replace_wanted.connect(self.replace)
        self.search.closed.connect(view.focus_text)

    def finish(self) -> None:
        """The window closes for good."""
        self.search.stop()

    def open(self) -> None:
        """Let the user find in the project, first of all what is selected."""
        editor = self._view.editor()
        self.search.open(editor.selected_text() if editor is not None else "")

    def open_in(self, context: CommandContext) -> None:
        """Do so in sight of the user."""
        if not self._view.isVisible():
            context.window.show_panel(PANEL_ID)
        self.open()

    def _folder(self) -> str:
        from tasktonic.check import root_of  # all rules of the checker come with it: not at every start

        page = self._view.page()
        return self._root() or (root_of(str(page.document.path)) if page is not None else "")

    def _texts(self) -> dict[str, str]:
        return {str(page.document.path): page.editor.text() for page in self._view.pages()}

    def _go(self, file: str, line: int, column: int, focus: bool) -> None:
        self._view.open_place(file, line)
        editor = self._view.editor()
        if editor is not None:
            editor.go_to(line, column + 1)
        if focus:
            self._view.focus_text()

    def replace(self, wanted: Sequence[Replacement]) -> None:
        """Put these texts in these places, in files that are open or not: all or none."""
        changes = [TextChange(it.hit.file, it.hit.line, it.hit.column, it.hit.found, it.by) for it in wanted]
        self._changes.make(changes, lambda counted: f"{counted} replaced")


def project_search_commands(get_searching: Callable[[], SearchingProject | None]) -> Sequence[Command]:
    """Find and replace in the project, as data."""

    def run(context: CommandContext) -> None:
        found = get_searching()
        if found is not None:
            found.open_in(context)

    return (
        Command(
            id="editor.find_in_project",
            title="Find and replace in the project",
            help="Find text in all files of the project of the file in front, and put another one in its place.",
            run=run,
            keys=("Ctrl+Shift+F",),
            menu="Edit",
            section="find",
        ),
    )
