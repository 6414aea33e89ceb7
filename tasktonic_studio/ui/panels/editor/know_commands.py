"""What the user can ask the editor about a source, as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.panels.editor.knowing import Knowing
from tasktonic_studio.ui.panels.editor.renaming import Renaming
from tasktonic_studio.ui.panels.editor.text_knowing import TextKnowing

GetKnowing = Callable[[], Knowing | None]
GetRenaming = Callable[[], Renaming | None]


def know_commands(get_knowing: GetKnowing, get_renaming: GetRenaming) -> Sequence[Command]:
    """The commands of code intelligence. They do nothing without an open file.

    Some keys are not here but in `text_knowing`: while they go to a text they mean this, elsewhere something else.
    """

    def knowing(act: Callable[[Knowing], None]) -> Callable[[CommandContext], None]:
        def run(_context: CommandContext) -> None:
            found = get_knowing()
            if found is not None:
                act(found)

        return run

    def of_text(act: Callable[[TextKnowing], None]) -> Callable[[CommandContext], None]:
        def run(_context: CommandContext) -> None:
            found = get_knowing()
            text = found.of_text() if found is not None else None
            if text is not None:
                act(text)

        return run

    def renaming(act: Callable[[Renaming], None]) -> Callable[[CommandContext], None]:
        def run(_context: CommandContext) -> None:
            found = get_renaming()
            if found is not None:
                act(found)

        return run

    def why_no_undo(_context: CommandContext) -> str:
        found = get_renaming()
        return "" if found is not None and found.can_undo else "Nothing was renamed."

    return (
        Command(
            id="editor.complete",
            title="Complete the word",
            help="Offer ways to go on at the cursor of the editor (Ctrl+Space there).",
            run=of_text(TextKnowing.complete),
            menu="Edit",
            section="know",
        ),
        Command(
            id="editor.show_signature",
            title="Show the arguments of the call",
            help="Show what the call at the cursor of the editor takes.",
            run=of_text(TextKnowing.show_signature),
            keys=("Ctrl+Shift+Space",),
            menu="Edit",
            section="know",
        ),
        Command(
            id="editor.show_meaning",
            title="Say what this is",
            help="Say what the word at the cursor of the editor is, and what is written about it.",
            run=of_text(TextKnowing.show_meaning),
            keys=("Ctrl+I",),
            menu="Edit",
            section="know",
        ),
        Command(
            id="editor.rename",
            title="Rename a sparkle or a state…",
            help="Rename the sparkle or the state at the cursor of the editor in the whole project (F2 in the editor).",
            run=renaming(Renaming.ask),
            menu="Edit",
            section="know",
        ),
        Command(
            id="editor.undo_rename",
            title="Undo the rename",
            help="Take the last rename back in all its files.",
            run=renaming(Renaming.undo),
            menu="Edit",
            section="know",
            why_not=why_no_undo,
        ),
        Command(
            id="editor.go_to_definition",
            title="Go to definition",
            help="Go to where the word at the cursor of the editor is defined: a sparkle in each state (F12 in the editor).",
            run=knowing(Knowing.go_to_definition),
            icon="go_to",
            menu="Go",
            section="source",
        ),
        Command(
            id="editor.find_callers",
            title="Find callers",
            help="List everything in the project that calls the sparkle, enters the state or uses the name at the cursor.",
            run=knowing(Knowing.find_callers),
            keys=("Shift+F12",),
            icon="find",
            menu="Go",
            section="source",
        ),
        Command(
            id="editor.back",
            title="Back in the source",
            help="Go to where the cursor of the editor was before the last jump (Alt+Left in the editor).",
            run=knowing(Knowing.back),
            icon="back",
            menu="Go",
            section="source",
        ),
        Command(
            id="editor.forward",
            title="Forward in the source",
            help="Undo one step back in the source (Alt+Right in the editor).",
            run=knowing(Knowing.forward),
            icon="forward",
            menu="Go",
            section="source",
        ),
    )
