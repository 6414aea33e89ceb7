"""What the user can do in the editor, as data."""

from __future__ import annotations

from collections.abc import Sequence

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.line_commands import LINES_MENU, break_in_line, why_not_lines
from tasktonic_studio.ui.panels.editor.acting import Acting, GetView
from tasktonic_studio.ui.panels.editor.run_notes import SETTING as FIGURES
from tasktonic_studio.ui.panels.editor.text_commands import text_commands
from tasktonic_studio.ui.panels.editor.view import EditorView


def editor_commands(get_view: GetView) -> Sequence[Command]:
    """The commands of the editor panel.

    They can always be done: without an open file they do nothing. A command that is grey while its key is pressed would
    leave the key to somebody else.

    Args:
        get_view: gives the view, or None before it is built.
    """
    acting = Acting(get_view)
    on_view, saving, in_sight = acting.on_view, acting.saving, acting.in_sight

    def break_here(context: CommandContext) -> None:
        view = get_view()
        page = view.page() if view is not None else None
        if page is not None:
            break_in_line(context, str(page.document.path), page.editor.line_of(page.editor.caret()))

    def start_distilled(context: CommandContext) -> None:
        view = get_view()
        page = view.page() if view is not None else None
        if page is not None:
            context.window.ask_distil(str(page.document.path))

    def why_no_script(_context: CommandContext) -> str:
        view = get_view()
        page = view.page() if view is not None else None
        is_script = page is not None and page.document.path.suffix == ".py"
        return "" if is_script else "No Python file is open in the editor."

    def why_not_here(context: CommandContext) -> str:
        view = get_view()
        if view is None or view.page() is None:
            return "No file is open in the editor."
        return why_not_lines(context)

    return (
        *text_commands(acting),
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
            id="editor.start_distilled",
            title="Start this file under a distiller…",
            help="Run the file of the editor by hand: sparkle by sparkle, and its time is virtual.",
            run=start_distilled,
            icon="step",
            menu="File",
            section="start",
            why_not=why_no_script,
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
            id="editor.outline",
            title="Outline of the file",
            help="Show the classes, states, sparkles and functions of the file in front, and go to one; again to hide them.",
            run=in_sight(lambda view: view.outline_side.go()),
            keys=("Ctrl+Shift+U",),
            menu="Go",
            section="source",
        ),
        Command(
            id="editor.figures",
            title="Figures beside the code",
            help="Show behind each handler how often it ran and how long the last time, at the moment that is shown.",
            run=lambda context: context.settings.set(FIGURES, not context.settings.flag(FIGURES)),
            checked_when=lambda context: context.settings.flag(FIGURES),
            menu="View",
            section="editor",
        ),
        Command(
            id="editor.split_beside",
            title="Two views side by side",
            help="Show the file in front twice, side by side: one text, one undo; again for a single view.",
            run=in_sight(EditorView.split_beside),
            keys=("Ctrl+\\",),
            menu="View",
            section="editor",
        ),
        Command(
            id="editor.split_below",
            title="Two views, one below the other",
            help="Show the file in front twice, one below the other: one text, one undo; again for a single view.",
            run=in_sight(EditorView.split_below),
            keys=("Ctrl+Shift+J",),
            menu="View",
            section="editor",
        ),
        Command(
            id="editor.other_view",
            title="Go to the other view",
            help="Give the keys to the other view of the file in front.",
            run=in_sight(EditorView.other_view),
            keys=("Ctrl+J",),
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
