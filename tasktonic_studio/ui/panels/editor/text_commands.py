"""What the user can do with the text in front, as data."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.panels.editor.acting import Acting
from tasktonic_studio.ui.panels.editor.commenting import NoCommentProblem
from tasktonic_studio.ui.panels.editor.text_widget import TooManyPlaces

ONE_CARET: Final = "The plain editor has one caret; several need the usual one (setting editor.plain off)."


def text_commands(acting: Acting) -> Sequence[Command]:
    """Undo, lines, carets and folds. Without an open file they do nothing."""
    on_text = acting.on_text

    def toggle_comment(context: CommandContext) -> None:
        try:
            on_text(lambda editor: editor.toggle_comment())(context)
        except NoCommentProblem as problem:
            context.window.say(str(problem))

    def caret_at_all(context: CommandContext) -> None:
        try:
            on_text(lambda editor: editor.add_all_hits())(context)
        except TooManyPlaces as problem:
            context.window.say(str(problem))

    def why_one_caret(_context: CommandContext) -> str:
        editor = acting.editor()
        return ONE_CARET if editor is not None and not editor.has_carets else ""

    undoing = partial(Command, menu="Edit", section="undo")
    lines = partial(Command, menu="Edit", section="lines")
    carets = partial(Command, menu="Edit/Several carets", why_not=why_one_caret)
    folds = partial(Command, menu="View/Folds")
    return (
        undoing(
            "editor.undo",
            "Undo",
            "Take the last change of the text back.",
            on_text(lambda editor: editor.undo()),
            keys=("Ctrl+Z",),
        ),
        undoing(
            "editor.redo",
            "Redo",
            "Bring a change of the text again that was taken back.",
            on_text(lambda editor: editor.redo()),
            keys=("Ctrl+Y", "Ctrl+Shift+Z"),
        ),
        lines(
            "editor.toggle_comment",
            "Comment or uncomment",
            "Make the selected lines comments, or code again.",
            toggle_comment,
            keys=("Ctrl+/",),
        ),
        lines(
            "editor.move_in",
            "Move lines in",
            "Move the selected lines one step to the right.",
            on_text(lambda editor: editor.move_lines_in()),
            keys=("Ctrl+]",),
        ),
        lines(
            "editor.move_out",
            "Move lines out",
            "Move the selected lines one step to the left.",
            on_text(lambda editor: editor.move_lines_out()),
            keys=("Ctrl+[",),
        ),
        lines(
            "editor.duplicate_lines",
            "Double the lines",
            "Put the selected lines once more below themselves.",
            on_text(lambda editor: editor.duplicate_lines()),
            keys=("Alt+Shift+D",),
        ),
        lines(
            "editor.delete_lines",
            "Delete the lines",
            "Take the selected lines away.",
            on_text(lambda editor: editor.delete_lines()),
            keys=("Ctrl+Shift+K",),
        ),
        lines(
            "editor.lines_up",
            "Move the lines up",
            "Let the selected lines and the one above them change places.",
            on_text(lambda editor: editor.move_lines(-1)),
            keys=("Ctrl+Shift+Up",),
        ),
        lines(
            "editor.lines_down",
            "Move the lines down",
            "Let the selected lines and the one below them change places.",
            on_text(lambda editor: editor.move_lines(1)),
            keys=("Ctrl+Shift+Down",),
        ),
        carets(
            "editor.caret_at_next",
            "Select the next one too",
            "Select the word at the caret, then also the next place where it stands: all change together.",
            on_text(lambda editor: editor.add_next_hit()),
            keys=("Ctrl+D",),
        ),
        carets(
            "editor.caret_at_all",
            "Select all of them",
            "Select every place in the file where the word at the caret, or the selected text, stands.",
            caret_at_all,
            keys=("Alt+F3",),
        ),
        carets(
            "editor.caret_above",
            "Add a caret above",
            "Write also in the line above; Alt and a click does it anywhere.",
            on_text(lambda editor: editor.add_caret_beside(-1)),
            keys=("Ctrl+Alt+Up",),
        ),
        carets(
            "editor.caret_below",
            "Add a caret below",
            "Write also in the line below; Alt and a click does it anywhere.",
            on_text(lambda editor: editor.add_caret_beside(1)),
            keys=("Ctrl+Alt+Down",),
        ),
        folds(
            "editor.fold",
            "Fold or unfold",
            "Fold the block at the caret away, or show it again.",
            on_text(lambda editor: editor.toggle_fold(editor.line_of(editor.caret()))),
            keys=("Alt+-",),
        ),
        folds(
            "editor.fold_all",
            "Fold all",
            "Fold every block of the file.",
            on_text(lambda editor: editor.fold_all(True)),
            keys=("Alt+0",),
        ),
        folds(
            "editor.unfold_all",
            "Unfold all",
            "Show every line of the file.",
            on_text(lambda editor: editor.fold_all(False)),
            keys=("Alt+=",),
        ),
    )
