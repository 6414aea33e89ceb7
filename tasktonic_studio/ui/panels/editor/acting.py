"""How a command acts on the editor: on its view, in sight of the user, or on the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from tasktonic_studio.commands.command import Run
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.view import EditorView

PANEL_ID: Final = "editor"

GetView = Callable[[], EditorView | None]
T = TypeVar("T")


def acting_on(get: Callable[[], T | None]) -> Callable[[Callable[[T], object]], Run]:
    """Makes commands that act on something which may not be there yet; until it is they do nothing."""

    def doing(act: Callable[[T], object]) -> Run:
        def run(_context: CommandContext) -> None:
            found = get()
            if found is not None:
                act(found)

        return run

    return doing


class Acting:
    """Made with the commands of the editor.

    Args:
        get_view: gives the view, or None before it is built.
    """

    def __init__(self, get_view: GetView) -> None:
        self._get_view = get_view
        self.on_view = acting_on(get_view)
        """Something that needs no look at the text."""

    def editor(self) -> CodeEditor | None:
        """The text in front."""
        view = self._get_view()
        return view.editor() if view is not None else None

    def saving(self, save: Callable[[EditorView], bool]) -> Run:
        """Saving is done out of sight; that it failed has to be seen."""

        def run(context: CommandContext) -> None:
            view = self._get_view()
            if view is not None and not save(view):
                context.window.show_panel(PANEL_ID)

        return run

    def in_sight(self, act: Callable[[EditorView], object]) -> Run:
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

    def on_text(self, act: Callable[[CodeEditor], object]) -> Run:
        """A change of the text: only while it is on screen, for nothing is changed that nobody sees."""

        def run(_context: CommandContext) -> None:
            view = self._get_view()
            editor = view.editor() if view is not None else None
            if editor is not None and editor.isVisible():
                act(editor)
                editor.setFocus()

        return run
