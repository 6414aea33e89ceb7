"""What the user can do about problems of a text, as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.panels.editor.acting import acting_on
from tasktonic_studio.ui.panels.editor.checking import Checking

GetChecking = Callable[[], Checking | None]


def checking_commands(get_checking: GetChecking) -> Sequence[Command]:
    """They do nothing without an open file: a command that is grey would leave its key to somebody else."""
    checking = acting_on(get_checking)

    def check_folder(context: CommandContext) -> None:
        found = get_checking()
        if found is not None:
            context.window.show_panel("problems")
            found.check_folder()

    edit = partial(Command, menu="Edit", section="problems")
    go = partial(Command, menu="Go/In the source", section="problems")
    return (
        edit(
            "editor.check_folder",
            "Check the whole folder",
            "Look for faults in all files of the project of the file in front, and list them in the panel Problems.",
            check_folder,
            icon="warning",
        ),
        edit(
            "editor.mend",
            "Mend the problem…",
            "Offer ways to mend what is wrong in the line of the editor's cursor: the closest name, the missing handler.",
            checking(Checking.offer_fixes),
            keys=("Ctrl+.",),
            icon="warning",
        ),
        go(
            "editor.next_problem",
            "Next problem in the file",
            "Go to the next place in the file in front at which something is wrong.",
            checking(lambda it: it.go_on(1)),
            keys=("Ctrl+F3",),
        ),
        go(
            "editor.previous_problem",
            "Previous problem in the file",
            "Go to the place before at which something is wrong.",
            checking(lambda it: it.go_on(-1)),
            keys=("Ctrl+Shift+F3",),
        ),
    )
