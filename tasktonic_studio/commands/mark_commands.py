"""Commands about marks: put one at the shown moment, list them, go from one to the next."""

from __future__ import annotations

from collections.abc import Sequence

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.session.session import Session


def _moment(context: CommandContext, session: Session) -> int:
    time = context.selection.time
    return session.live.n if time is None else time


def _has_run(context: CommandContext) -> bool:
    return context.session is not None and context.session.live.target.status != "none"


def _add(context: CommandContext) -> None:
    session = context.session
    if session is None:
        return
    n = _moment(context, session)
    known = session.at(n)
    mark = session.marks.add(n, known.t_ns)
    if mark is None:
        context.window.problem("There are too many marks in this run. Take some away, in the list of marks (Shift+M).")
    else:
        context.window.edit_mark(mark.id)


def _list(context: CommandContext) -> None:
    context.window.show_marks()


def _can_go(context: CommandContext, steps: int) -> bool:
    session = context.session
    return session is not None and session.marks.beside(_moment(context, session), steps) is not None


def _go(context: CommandContext, steps: int) -> None:
    session = context.session
    mark = session.marks.beside(_moment(context, session), steps) if session is not None else None
    if session is not None and mark is not None:
        context.selection.look_at(session.marks.moment(mark))


def mark_commands() -> Sequence[Command]:
    """The commands of the menu Go that concern marks."""
    return (
        Command(
            "marks.add",
            "Mark this moment",
            "Put a mark at the shown moment, with a note; it is kept in the file of the run.",
            _add,
            keys=("M", "Alt+M"),
            icon="mark",
            menu="Go",
            enabled_when=_has_run,
            single_key=True,
            section="marks",
        ),
        Command(
            "marks.list",
            "Marks…",
            "List all marks of this run: go to one, change its note, take it away.",
            _list,
            keys=("Shift+M", "Alt+Shift+M"),
            icon="mark",
            menu="Go",
            enabled_when=_has_run,
            single_key=True,
            section="marks",
        ),
        Command(
            "marks.next",
            "Next mark",
            "Look at the next marked moment.",
            lambda context: _go(context, 1),
            keys=("Alt+PgDown",),
            menu="Go",
            enabled_when=lambda context: _can_go(context, 1),
            section="marks",
        ),
        Command(
            "marks.previous",
            "Previous mark",
            "Look at the marked moment before this one.",
            lambda context: _go(context, -1),
            keys=("Alt+PgUp",),
            menu="Go",
            enabled_when=lambda context: _can_go(context, -1),
            section="marks",
        ),
    )
