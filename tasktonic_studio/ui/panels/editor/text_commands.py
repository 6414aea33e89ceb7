"""What the user can do with the text in front, as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.ui.panels.editor.acting import Acting

ONE_CARET: Final = "The plain editor has one caret; several need the usual one (setting editor.plain off)."


def text_commands(acting: Acting) -> Sequence[Command]:
    """Undo, lines, carets and folds. Without an open file they do nothing."""
    on_text = acting.on_text

    def why_one_caret(_context: CommandContext) -> str:
        editor = acting.editor()
        return ONE_CARET if editor is not None and not editor.has_carets else ""

    return (
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
            id="editor.toggle_comment",
            title="Comment or uncomment",
            help="Make the selected lines comments, or code again.",
            run=on_text(lambda editor: editor.toggle_comment()),
            keys=("Ctrl+/",),
            menu="Edit",
            section="lines",
        ),
        Command(
            id="editor.move_in",
            title="Move lines in",
            help="Move the selected lines one step to the right.",
            run=on_text(lambda editor: editor.move_lines_in()),
            keys=("Ctrl+]",),
            menu="Edit",
            section="lines",
        ),
        Command(
            id="editor.move_out",
            title="Move lines out",
            help="Move the selected lines one step to the left.",
            run=on_text(lambda editor: editor.move_lines_out()),
            keys=("Ctrl+[",),
            menu="Edit",
            section="lines",
        ),
        Command(
            id="editor.duplicate_lines",
            title="Double the lines",
            help="Put the selected lines once more below themselves.",
            run=on_text(lambda editor: editor.duplicate_lines()),
            keys=("Alt+Shift+D",),
            menu="Edit",
            section="lines",
        ),
        Command(
            id="editor.delete_lines",
            title="Delete the lines",
            help="Take the selected lines away.",
            run=on_text(lambda editor: editor.delete_lines()),
            keys=("Ctrl+Shift+K",),
            menu="Edit",
            section="lines",
        ),
        Command(
            id="editor.lines_up",
            title="Move the lines up",
            help="Let the selected lines and the one above them change places.",
            run=on_text(lambda editor: editor.move_lines(-1)),
            keys=("Ctrl+Shift+Up",),
            menu="Edit",
            section="lines",
        ),
        Command(
            id="editor.lines_down",
            title="Move the lines down",
            help="Let the selected lines and the one below them change places.",
            run=on_text(lambda editor: editor.move_lines(1)),
            keys=("Ctrl+Shift+Down",),
            menu="Edit",
            section="lines",
        ),
        Command(
            id="editor.caret_at_next",
            title="Select the next one too",
            help="Select the word at the caret, then also the next place where it stands: all change together.",
            run=on_text(lambda editor: editor.add_next_hit()),
            keys=("Ctrl+D",),
            menu="Edit/Several carets",
            section="",
            why_not=why_one_caret,
        ),
        Command(
            id="editor.caret_at_all",
            title="Select all of them",
            help="Select every place in the file where the word at the caret, or the selected text, stands.",
            run=on_text(lambda editor: editor.add_all_hits()),
            keys=("Alt+F3",),
            menu="Edit/Several carets",
            section="",
            why_not=why_one_caret,
        ),
        Command(
            id="editor.caret_above",
            title="Add a caret above",
            help="Write also in the line above; Alt and a click does it anywhere.",
            run=on_text(lambda editor: editor.add_caret_beside(-1)),
            keys=("Ctrl+Alt+Up",),
            menu="Edit/Several carets",
            section="",
            why_not=why_one_caret,
        ),
        Command(
            id="editor.caret_below",
            title="Add a caret below",
            help="Write also in the line below; Alt and a click does it anywhere.",
            run=on_text(lambda editor: editor.add_caret_beside(1)),
            keys=("Ctrl+Alt+Down",),
            menu="Edit/Several carets",
            section="",
            why_not=why_one_caret,
        ),
        Command(
            id="editor.fold",
            title="Fold or unfold",
            help="Fold the block at the caret away, or show it again.",
            run=on_text(lambda editor: editor.toggle_fold(editor.line_of(editor.caret()))),
            keys=("Alt+-",),
            menu="View/Folds",
            section="",
        ),
        Command(
            id="editor.fold_all",
            title="Fold all",
            help="Fold every block of the file.",
            run=on_text(lambda editor: editor.fold_all(True)),
            keys=("Alt+0",),
            menu="View/Folds",
            section="",
        ),
        Command(
            id="editor.unfold_all",
            title="Unfold all",
            help="Show every line of the file.",
            run=on_text(lambda editor: editor.fold_all(False)),
            keys=("Alt+=",),
            menu="View/Folds",
            section="",
        ),
    )
