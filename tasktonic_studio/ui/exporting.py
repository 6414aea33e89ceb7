"""Saving what a panel shows as a file: what it is called, which kind it is, and what is said about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.status_words import target_name
from tasktonic_studio.ui.widgets import save_file

_KINDS: Final = {
    "svg": "Drawing that can be enlarged (*.svg)",
    "png": "Picture (*.png)",
    "mmd": "Mermaid (*.mmd)",
    "csv": "CSV (*.csv)",
    "txt": "Text (*.txt)",
}


def proposed_name(session: Session | None, what: str) -> str:
    """The name of a file with something of what is watched, as ``plant-trace.csv`` for ``trace.csv``."""
    target = session.live.target if session is not None else None
    return save_file.name_of(target_name(target) if target is not None and target.status != "none" else "", what)


def export(
    parent: QWidget, context: CommandContext, title: str, what: str, endings: str, save: Callable[[str], str]
) -> None:
    """Ask for a file, have it written, and say how that went.

    Args:
        parent: the window of the question belongs to it.
        context: of the command that saves.
        title: of the question.
        what: is saved, in a word or two: a part of the proposed name.
        endings: of the kinds of file it can be, as ``svg png``; the first one is proposed.
        save: writes into a file, and returns what is wrong, else nothing.
    """
    first, *_ = kinds = endings.split()
    proposal = proposed_name(context.session, f"{what}.{first}")
    file = save_file.file_to_save(parent, title, proposal, ";;".join(_KINDS[kind] for kind in kinds))
    if not file:
        return
    file = file if Path(file).suffix else f"{file}.{first}"
    if problem := save(file):
        context.window.problem(problem)
    else:
        context.window.say(f"Saved {file}.")
