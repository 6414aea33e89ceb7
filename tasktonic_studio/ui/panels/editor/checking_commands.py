"""What the user can do about problems of a text, as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.panels.editor.checking import Checking

GetChecking = Callable[[], Checking | None]


def checking_commands(get_checking: GetChecking) -> Sequence[Command]:
    """They do nothing without an open file: a command that is grey would leave its key to somebody else."""

    def checking(act: Callable[[Checking], None]) -> Callable[[CommandContext], None]:
        def run(_context: CommandContext) -> None:
            found = get_checking()
            if found is not None:
                act(found)

        return run

    def check_folder(context: CommandContext) -> None:
        found = get_checking()
        if found is not None:
            context.window.show_panel("problems")
            found.check_folder()

    return (
        Command(
            id="editor.check_folder",
            title="Check the whole folder",
            help="Look for faults in all files of the project of the file in front, and list them in the panel Problems.",
            run=check_folder,
            icon="warning",
            menu="Edit",
            section="problems",
        ),
        Command(
            id="editor.mend",
            title="Mend the problem…",
            help="Offer ways to mend what is wrong in the line of the editor's cursor: the closest name, the missing handler.",
            run=checking(Checking.offer_fixes),
            keys=("Ctrl+.",),
            icon="warning",
            menu="Edit",
            section="problems",
        ),
        Command(
            id="editor.next_problem",
            title="Next problem in the file",
            help="Go to the next place in the file in front at which something is wrong.",
            run=checking(lambda it: it.go_on(1)),
            keys=("Ctrl+F3",),
            menu="Go",
            section="problems",
        ),
        Command(
            id="editor.previous_problem",
            title="Previous problem in the file",
            help="Go to the place before at which something is wrong.",
            run=checking(lambda it: it.go_on(-1)),
            keys=("Ctrl+Shift+F3",),
            menu="Go",
            section="problems",
        ),
    )
