"""How a command acts on the editor: on its view, in sight of the user, or on the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.view import EditorView

PANEL_ID: Final = "editor"

GetView = Callable[[], EditorView | None]


class Acting:
    """Made with the commands of the editor.

    Args:
        get_view: gives the view, or None before it is built.
    """

    def __init__(self, get_view: GetView) -> None:
        self._get_view = get_view

    def editor(self) -> CodeEditor | None:
        """The text in front."""
        view = self._get_view()
        return view.editor() if view is not None else None

    def on_view(self, act: Callable[[EditorView], object]) -> Callable[[CommandContext], None]:
        """Something that needs no look at the text."""

        def run(_context: CommandContext) -> None:
            view = self._get_view()
            if view is not None:
                act(view)

        return run

    def saving(self, save: Callable[[EditorView], bool]) -> Callable[[CommandContext], None]:
        """Saving is done out of sight; that it failed has to be seen."""

        def run(context: CommandContext) -> None:
            view = self._get_view()
            if view is not None and not save(view):
                context.window.show_panel(PANEL_ID)

        return run

    def in_sight(self, act: Callable[[EditorView], object]) -> Callable[[CommandContext], None]:
        """Something that the user goes on with in the panel."""

        def run(context: CommandContext) -> None:
            view = self._get_view()
            if view is None:
                return
            # Showing a panel gives it the focus, which may be in one of its lines already.
            if not view.isVisible():
                context.window.show_panel(PANEL_ID)
            act(view)

        return run

    def on_text(self, act: Callable[[CodeEditor], object]) -> Callable[[CommandContext], None]:
        """A change of the text: only while it is on screen, for nothing is changed that nobody sees."""

        def run(_context: CommandContext) -> None:
            view = self._get_view()
            editor = view.editor() if view is not None else None
            if editor is not None and editor.isVisible():
                act(editor)
                editor.setFocus()

        return run
