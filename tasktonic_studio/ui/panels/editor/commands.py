"""What the user can do in the editor, as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.line_commands import LINES_MENU, break_in_line, why_not_lines
from tasktonic_studio.ui.panels.editor.acting import Acting, GetView
from tasktonic_studio.ui.panels.editor.line_following import NOT_ON_DISK
from tasktonic_studio.ui.panels.editor.page import EditorPage
from tasktonic_studio.ui.panels.editor.run_notes import SETTING as FIGURES
from tasktonic_studio.ui.panels.editor.text_commands import text_commands
from tasktonic_studio.ui.panels.editor.view import EditorView


def editor_commands(get_view: GetView, line_on_disk: Callable[[EditorPage, int], int]) -> Sequence[Command]:
    """The commands of the editor panel.

    They can always be done: without an open file they do nothing. A command that is grey while its key is pressed would
    leave the key to somebody else.

    Args:
        get_view: gives the view, or None before it is built.
        line_on_disk: where a line of a page is in its file; 0 when it is not there yet.
    """
    acting = Acting(get_view)
    on_view, saving, in_sight = acting.on_view, acting.saving, acting.in_sight

    def get_page() -> EditorPage | None:
        found = get_view()
        return found.page() if found is not None else None

    def break_here(context: CommandContext) -> None:
        page = get_page()
        if page is None:
            return
        line = line_on_disk(page, page.editor.line_of(page.editor.caret()))
        if line:
            break_in_line(context, str(page.document.path), line)
        else:
            context.window.say(NOT_ON_DISK)

    def start_distilled(context: CommandContext) -> None:
        page = get_page()
        if page is not None:
            context.window.ask_distil(str(page.document.path))

    def why_no_script(_context: CommandContext) -> str:
        page = get_page()
        is_script = page is not None and page.document.path.suffix == ".py"
        return "" if is_script else "No Python file is open in the editor."

    def why_not_here(context: CommandContext) -> str:
        return why_not_lines(context) if get_page() is not None else "No file is open in the editor."

    file = partial(Command, menu="File", section="source")
    find = partial(Command, menu="Edit", section="find")
    go = partial(Command, menu="Go/In the source", section="source")
    view = partial(Command, menu="View", section="editor")
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
        file(
            "editor.open_file",
            "Open a file…",
            "Open a file in the editor, without running it.",
            in_sight(EditorView.open_file),
            icon="file",
        ),
        file("editor.save", "Save", "Save the file in front.", saving(EditorView.save), keys=("Ctrl+S",), icon="save"),
        file("editor.save_as", "Save as…", "Save the file in front under another name.", saving(EditorView.save_as)),
        file(
            "editor.save_all",
            "Save all",
            "Save every open file that has changes.",
            saving(EditorView.save_all),
            keys=("Ctrl+Alt+S",),
        ),
        file(
            "editor.close_tab",
            "Close the file",
            "Close the file in front; unsaved changes are asked about.",
            on_view(EditorView.close_tab),
            keys=("Ctrl+W",),
            icon="close",
        ),
        find(
            "editor.find",
            "Find in the file",
            "Find text in the file in front.",
            in_sight(EditorView.show_find),
            icon="find",
        ),
        find(
            "editor.find_next",
            "Find the next hit",
            "Select the next place where the text that is looked for stands.",
            in_sight(EditorView.find_next),
            keys=("F3",),
        ),
        find(
            "editor.find_previous",
            "Find the previous hit",
            "Select the place before where the text that is looked for stands.",
            in_sight(EditorView.find_previous),
            keys=("Shift+F3",),
        ),
        find(
            "editor.replace",
            "Replace in the file",
            "Find text in the file in front and put another one in its place.",
            in_sight(EditorView.show_replace),
            keys=("Ctrl+H",),
        ),
        go(
            "editor.go_to_line",
            "Go to line…",
            "Go to a line of the file in front by its number.",
            in_sight(EditorView.go_to_line),
            keys=("Ctrl+G",),
            icon="go_to",
        ),
        go(
            "editor.outline",
            "Outline of the file",
            "Show the classes, states, sparkles and functions of the file in front, and go to one; again to hide them.",
            in_sight(lambda view: view.outline_side.go()),
            keys=("Ctrl+Shift+U",),
        ),
        view(
            "editor.figures",
            "Figures beside the code",
            "Show behind each handler how often it ran and how long the last time, at the moment that is shown.",
            lambda context: context.settings.set(FIGURES, not context.settings.flag(FIGURES)),
            checked_when=lambda context: context.settings.flag(FIGURES),
        ),
        view(
            "editor.split_beside",
            "Two views side by side",
            "Show the file in front twice, side by side: one text, one undo; again for a single view.",
            in_sight(EditorView.split_beside),
            keys=("Ctrl+\\",),
        ),
        view(
            "editor.split_below",
            "Two views, one below the other",
            "Show the file in front twice, one below the other: one text, one undo; again for a single view.",
            in_sight(EditorView.split_below),
            keys=("Ctrl+Shift+J",),
        ),
        go(
            "editor.other_view",
            "Go to the other view",
            "Give the keys to the other view of the file in front.",
            in_sight(EditorView.other_view),
            keys=("Ctrl+J",),
        ),
        go(
            "editor.next_file",
            "Show the next file",
            "Bring the open file to the right to the front.",
            in_sight(EditorView.next_file),
            keys=("Ctrl+PgDown",),
        ),
        go(
            "editor.previous_file",
            "Show the previous file",
            "Bring the open file to the left to the front.",
            in_sight(EditorView.previous_file),
            keys=("Ctrl+PgUp",),
        ),
    )
