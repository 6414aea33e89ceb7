"""What the user can ask the editor about a source, as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.panels.editor.acting import acting_on
from tasktonic_studio.ui.panels.editor.knowing import Knowing
from tasktonic_studio.ui.panels.editor.renaming import Renaming
from tasktonic_studio.ui.panels.editor.text_knowing import TextKnowing

GetKnowing = Callable[[], Knowing | None]
GetRenaming = Callable[[], Renaming | None]


def know_commands(get_knowing: GetKnowing, get_renaming: GetRenaming) -> Sequence[Command]:
    """The commands of code intelligence. They do nothing without an open file.

    Some keys are not here but in `text_knowing`: while they go to a text they mean this, elsewhere something else.
    """

    def get_text() -> TextKnowing | None:
        found = get_knowing()
        return found.of_text() if found is not None else None

    knowing, of_text, renaming = acting_on(get_knowing), acting_on(get_text), acting_on(get_renaming)

    def why_no_undo(_context: CommandContext) -> str:
        found = get_renaming()
        return "" if found is not None and found.can_undo else "Nothing was renamed."

    edit = partial(Command, menu="Edit", section="know")
    go = partial(Command, menu="Go/In the source", section="source")
    return (
        edit(
            "editor.complete",
            "Complete the word",
            "Offer ways to go on at the cursor of the editor (Ctrl+Space there).",
            of_text(TextKnowing.complete),
        ),
        edit(
            "editor.show_signature",
            "Show the arguments of the call",
            "Show what the call at the cursor of the editor takes.",
            of_text(TextKnowing.show_signature),
            keys=("Ctrl+Shift+Space",),
        ),
        edit(
            "editor.show_meaning",
            "Say what this is",
            "Say what the word at the cursor of the editor is, and what is written about it.",
            of_text(TextKnowing.show_meaning),
            keys=("Ctrl+I",),
        ),
        edit(
            "editor.rename",
            "Rename a sparkle or a state…",
            "Rename the sparkle or the state at the cursor of the editor in the whole project (F2 in the editor).",
            renaming(Renaming.ask),
        ),
        edit(
            "editor.undo_rename",
            "Undo the rename",
            "Take the last rename back in all its files.",
            renaming(Renaming.undo),
            why_not=why_no_undo,
        ),
        go(
            "editor.go_to_definition",
            "Go to definition",
            "Go to where the word at the cursor of the editor is defined: a sparkle in each state (F12 in the editor).",
            knowing(Knowing.go_to_definition),
            icon="go_to",
        ),
        go(
            "editor.find_callers",
            "Find callers",
            "List everything in the project that calls the sparkle, enters the state or uses the name at the cursor.",
            knowing(Knowing.find_callers),
            keys=("Shift+F12",),
            icon="find",
        ),
        go(
            "editor.back",
            "Back in the source",
            "Go to where the cursor of the editor was before the last jump (Alt+Left in the editor).",
            knowing(Knowing.back),
            icon="back",
        ),
        go(
            "editor.forward",
            "Forward in the source",
            "Undo one step back in the source (Alt+Right in the editor).",
            knowing(Knowing.forward),
            icon="forward",
        ),
    )
