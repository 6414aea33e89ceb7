"""Carries out what a lesson has one do: with the same requests and commands that keys and buttons have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tasktonic.protocol import messages
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.step_commands import new_request
from tasktonic_studio.lessons.actions import Action
from tasktonic_studio.lessons.looking import essences_named, latest_run_of, ordinary_runs
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing

Run = Callable[[str], None]


def perform(action: Action, context: CommandContext, file: Path, run: Run) -> str:
    """Do it. Returns a sentence when it cannot be done.

    Args:
        action: what.
        context: what commands may touch.
        file: the learner's copy of the lesson's program.
        run: runs a command by its id.
    """
    known = context.session.live if context.session is not None else Knowledge()
    verb, window = action.verb, context.window
    if verb == "open":
        window.open_source(str(file), action.number or 1)
    elif verb == "distil":
        context.requests.distil(str(file), (), action.number)
    elif verb == "start":
        context.requests.launch(str(file))
    elif verb == "show":
        window.show_panel(action.target)
    elif verb in ("step", "run"):
        _let_run(action, context, known, run)
    elif verb == "call":
        return _call(action, context, known)
    elif verb == "select":
        return _select(action, context, known)
    elif verb == "back":
        return _look_back(action, context, known)
    else:
        run(action.command)
    return ""


def _let_run(action: Action, context: CommandContext, known: Knowledge, run: Run) -> None:
    if not known.distiller.is_there:
        run("run.step" if action.verb == "step" else "run.start")
        return
    wanted = messages.DistillerRun(
        0,
        sparkle_count=action.number if action.verb == "step" else -1,
        timeout=action.seconds,
        till_state_in=(action.state,) if action.state else (),
        till_sparkle_in=(action.till,) if action.till else (),
        contract=context.window.standing_contract(),
    )
    context.requests.send(wanted)


def _living(known: Knowledge, name: str) -> int:
    alive = (id_ for id_ in essences_named(known, name) if (facts := known.essences.get(id_)) and facts.is_alive)
    return next(alive, -1)


def _call(action: Action, context: CommandContext, known: Knowledge) -> str:
    essence = _living(known, action.target)
    if essence < 0:
        return f"No tonic {action.target} lives now: it cannot be called."
    kind = messages.Call if not known.distiller.is_there else messages.DistillerCall
    request = 0 if known.distiller.is_there else new_request()
    context.requests.send(kind(request, essence, action.sparkle, action.arguments))
    return ""


def _select(action: Action, context: CommandContext, known: Knowledge) -> str:
    if action.sparkle:
        row = latest_run_of(known, action.target, action.sparkle)
        if row is None:
            return f"{action.target}.{action.sparkle} has not run yet."
        context.selection.select(Thing("run", row.run))
        return ""
    found = essences_named(known, action.target)
    if not found:
        return f"There is no {action.target} yet."
    context.selection.select(Thing("essence", found[0]))
    return ""


def _look_back(action: Action, context: CommandContext, known: Knowledge) -> str:
    rows = ordinary_runs(known)
    if action.number > len(rows):
        return f"Only {len(rows)} sparkles have run: there is no number {action.number} yet."
    row = known.runs.row(int(rows[action.number - 1]))
    context.selection.go_to(Thing("run", row.run), row.n + 1)
    return ""
