"""Commands of the time cursor: a run or a change further, a run or a change back, freeze, go live."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.things import catalyst_of, essence_of, run_number
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.steps import Step, change_beside, changes_of, run_beside, whole_app
from tasktonic_studio.session.timeline import RunRow

Find = Callable[[CommandContext, Session, Knowledge, int], Step | None]


def _whole(context: CommandContext, session: Session) -> Knowledge:
    time = context.selection.time
    return whole_app(session, session.live if time is None else session.at(time))


def _selected_run(whole: Knowledge, thing: Thing | None) -> RunRow | None:
    """The run that is selected, or that a selected line comes from."""
    number = run_number(whole, thing) if thing is not None and thing.kind in ("run", "log") else 0
    return whole.run_of(number) if number else None


def _from_event(context: CommandContext, session: Session, selected: RunRow | None) -> int:
    """The event that a step begins at: the selected run, or what the shown moment is right after when that was moved since.

    Live is after everything, so that the last event lies before it.
    """
    time = context.selection.time
    if selected is not None and not context.selection.moment_is_newer:
        return selected.n
    return session.live.n if time is None else time - 1


def _run_beside(context: CommandContext, session: Session, whole: Knowledge, steps: int) -> Step | None:
    """The run before or after on the catalyst of the selected thing."""
    thing = context.selection.thing
    selected = _selected_run(whole, thing)
    catalyst = catalyst_of(whole, thing) if selected is None else selected.catalyst
    run = run_beside(whole, "catalyst", catalyst, _from_event(context, session, selected), steps)
    return None if run is None else Step(run.n + 1, Thing("run", run.run))


def _change_beside(context: CommandContext, session: Session, whole: Knowledge, steps: int) -> Step | None:
    """The change before or after. A run does not change: the next one of its tonic it is then."""
    thing = context.selection.thing
    if thing is None:
        return None
    if thing.kind in ("run", "log"):
        selected = _selected_run(whole, thing)
        n = _from_event(context, session, selected)
        run = run_beside(whole, "essence", essence_of(whole, thing), n, steps)
        return None if run is None else Step(run.n + 1, Thing("run", run.run))
    found = change_beside(changes_of(whole, thing), _from_event(context, session, None), steps)
    return None if found < 0 else Step(found + 1, thing)


def _go(find: Find, steps: int) -> Callable[[CommandContext], None]:
    def go(context: CommandContext) -> None:
        session = context.session
        if session is None:
            return
        step = find(context, session, _whole(context, session), steps)
        if step is not None and step.moment >= session.first_n:
            context.selection.go_to(step.thing, step.moment)
        elif step is None and steps > 0:
            # Nothing comes after it yet: what is known now is what was known then.
            context.selection.look_at(None)

    return go


def _has_runs(context: CommandContext) -> bool:
    return context.session is not None and len(context.session.live.runs) > 0


def _can_change(context: CommandContext) -> bool:
    thing = context.selection.thing
    return _has_runs(context) and thing is not None and thing.kind != "place"


def _go_live(context: CommandContext) -> None:
    context.selection.look_at(None)


def _is_past(context: CommandContext) -> bool:
    return context.selection.time is not None


def _freeze(context: CommandContext) -> None:
    if context.session is not None:
        context.selection.look_at(context.session.live.n)


def _can_freeze(context: CommandContext) -> bool:
    return context.session is not None and context.session.live.n > 0 and context.selection.time is None


def time_commands() -> Sequence[Command]:
    """The commands of the menu Go that move the time."""
    return (
        Command(
            "time.previous_run",
            "Previous run",
            "Select the run before this one on its catalyst, and show everything as it was when that run ended.",
            _go(_run_beside, -1),
            keys=(",", "Alt+,"),
            icon="back",
            menu="Go",
            enabled_when=_has_runs,
            single_key=True,
            section="time",
        ),
        Command(
            "time.next_run",
            "Next run",
            "Select the run after this one on its catalyst, and show everything as it was then; live after the last.",
            _go(_run_beside, 1),
            keys=(".", "Alt+."),
            icon="forward",
            menu="Go",
            enabled_when=_has_runs,
            single_key=True,
            section="time",
        ),
        Command(
            "time.previous_change",
            "Previous change",
            "Show everything as it was when the selected thing changed before: a run, a new state, a write.",
            _go(_change_beside, -1),
            keys=("[", "Alt+["),
            icon="back",
            menu="Go",
            enabled_when=_can_change,
            single_key=True,
            section="time",
        ),
        Command(
            "time.next_change",
            "Next change",
            "Show everything as it was when the selected thing changed next; live after the last change.",
            _go(_change_beside, 1),
            keys=("]", "Alt+]"),
            icon="forward",
            menu="Go",
            enabled_when=_can_change,
            single_key=True,
            section="time",
        ),
        Command(
            "time.freeze",
            "Freeze this moment",
            "Keep on screen what is known now; the app runs on.",
            _freeze,
            keys=("Ctrl+Shift+H",),
            icon="history",
            menu="Go",
            enabled_when=_can_freeze,
            section="time",
        ),
        Command(
            "time.go_live",
            "Go live",
            "Leave the past: show what is known now.",
            _go_live,
            keys=("Alt+End",),
            icon="live",
            menu="Go",
            enabled_when=_is_past,
            section="time",
        ),
    )
