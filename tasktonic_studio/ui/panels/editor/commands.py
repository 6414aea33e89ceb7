"""What the user can do in the editor, as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.line_commands import LINES_MENU, break_in_line, why_not_lines
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.view import EditorView

PANEL_ID: Final = "editor"

GetView = Callable[[], EditorView | None]


def editor_commands(get_view: GetView) -> Sequence[Command]:
    """The commands of the editor panel.

    They can always be done: without an open file they do nothing. A command that is grey while its key is pressed would
    leave the key to somebody else.

    Args:
        get_view: gives the view, or None before it is built.
    """

    def on_view(act: Callable[[EditorView], object]) -> Callable[[CommandContext], None]:
        """Something that needs no look at the text."""

        def run(_context: CommandContext) -> None:
            view = get_view()
            if view is not None:
                act(view)

        return run

    def saving(save: Callable[[EditorView], bool]) -> Callable[[CommandContext], None]:
        """Saving is done out of sight; that it failed has to be seen."""

        def run(context: CommandContext) -> None:
            view = get_view()
            if view is not None and not save(view):
                context.window.show_panel(PANEL_ID)

        return run

    def in_sight(act: Callable[[EditorView], object]) -> Callable[[CommandContext], None]:
        """Something that the user goes on with in the panel."""

        def run(context: CommandContext) -> None:
            view = get_view()
            if view is None:
                return
            # Showing a panel gives it the focus, which may be in one of its lines already.
            if not view.isVisible():
                context.window.show_panel(PANEL_ID)
            act(view)

        return run

    def on_text(act: Callable[[CodeEditor], object]) -> Callable[[CommandContext], None]:
        """A change of the text: only while it is on screen, for nothing is changed that nobody sees."""

        def run(_context: CommandContext) -> None:
            view = get_view()
            editor = view.editor() if view is not None else None
            if editor is not None and editor.isVisible():
                act(editor)
                editor.setFocus()

        return run

    def break_here(context: CommandContext) -> None:
        view = get_view()
        page = view.page() if view is not None else None
        if page is not None:
            break_in_line(context, str(page.document.path), page.editor.line_of(page.editor.caret()))

    def why_not_here(context: CommandContext) -> str:
        view = get_view()
        if view is None or view.page() is None:
            return "No file is open in the editor."
        return why_not_lines(context)

    return (
        Command(
            id="editor.break_in_line",
            title="Break in this line",
            help="Stop the app when it comes to the line of the editor in which the cursor is; again for no more.",
            run=break_here,
            keys=("Ctrl+Shift+B",),
            icon="lines",
            menu=LINES_MENU,
            section="lines",
            why_not=why_not_here,
        ),
        Command(
            id="editor.open_file",
            title="Open a file…",
            help="Open a file in the editor, without running it.",
            run=in_sight(EditorView.open_file),
            icon="file",
            menu="File",
            section="source",
        ),
        Command(
            id="editor.save",
            title="Save",
            help="Save the file in front.",
            run=saving(EditorView.save),
            keys=("Ctrl+S",),
            icon="save",
            menu="File",
            section="source",
        ),
        Command(
            id="editor.save_as",
            title="Save as…",
            help="Save the file in front under another name.",
            run=saving(EditorView.save_as),
            menu="File",
            section="source",
        ),
        Command(
            id="editor.save_all",
            title="Save all",
            help="Save every open file that has changes.",
            run=saving(EditorView.save_all),
            keys=("Ctrl+Alt+S",),
            menu="File",
            section="source",
        ),
        Command(
            id="editor.close_tab",
            title="Close the file",
            help="Close the file in front; unsaved changes are asked about.",
            run=on_view(EditorView.close_tab),
            keys=("Ctrl+W",),
            icon="close",
            menu="File",
            section="source",
        ),
        Command(
            id="editor.undo",
            title="Undo",
            help="Take the last change of the text back.",
            run=on_text(lambda editor: editor.undo()),
            keys=("Ctrl+Z",),
            menu="Edit",
            section="undo",
        ),
        Command(
            id="editor.redo",
            title="Redo",
            help="Bring a change of the text again that was taken back.",
            run=on_text(lambda editor: editor.redo()),
            keys=("Ctrl+Y", "Ctrl+Shift+Z"),
            menu="Edit",
            section="undo",
        ),
        Command(
            id="editor.find",
            title="Find in the file",
            help="Find text in the file in front.",
            run=in_sight(EditorView.show_find),
            icon="find",
            menu="Edit",
            section="find",
        ),
        Command(
            id="editor.find_next",
            title="Find the next hit",
            help="Select the next place where the text that is looked for stands.",
            run=in_sight(EditorView.find_next),
            keys=("F3",),
            menu="Edit",
            section="find",
        ),
        Command(
            id="editor.find_previous",
            title="Find the previous hit",
            help="Select the place before where the text that is looked for stands.",
            run=in_sight(EditorView.find_previous),
            keys=("Shift+F3",),
            menu="Edit",
            section="find",
        ),
        Command(
            id="editor.replace",
            title="Replace in the file",
            help="Find text in the file in front and put another one in its place.",
            run=in_sight(EditorView.show_replace),
            keys=("Ctrl+H",),
            menu="Edit",
            section="find",
        ),
        Command(
            id="editor.toggle_comment",
            title="Comment or uncomment",
            help="Make the selected lines comments, or code again.",
            run=on_text(lambda editor: editor.toggle_comment()),
            keys=("Ctrl+/",),
            menu="Edit",
            section="lines",
        ),
        Command(
            id="editor.go_to_line",
            title="Go to line…",
            help="Go to a line of the file in front by its number.",
            run=in_sight(EditorView.go_to_line),
            keys=("Ctrl+G",),
            icon="go_to",
            menu="Go",
            section="source",
        ),
        Command(
            id="editor.next_file",
            title="Show the next file",
            help="Bring the open file to the right to the front.",
            run=in_sight(EditorView.next_file),
            keys=("Ctrl+PgDown",),
            menu="Go",
            section="source",
        ),
        Command(
            id="editor.previous_file",
            title="Show the previous file",
            help="Bring the open file to the left to the front.",
            run=in_sight(EditorView.previous_file),
            keys=("Ctrl+PgUp",),
            menu="Go",
            section="source",
        ),
    )
