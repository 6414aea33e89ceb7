"""Commands of the debugger's hand: hold, go on, the next sparkle, follow an order, run through a cascade, run to an order."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Final

from tasktonic.protocol import messages
from tasktonic.rules import Breakpoint
from tasktonic_studio.commands.breakpoint_commands import NOTHING_TO_BREAK_ON, wanted_term
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.things import catalyst_of, name_of, run_number
from tasktonic_studio.session.holding import (
    catalyst_of_order,
    effects_of,
    next_catalyst,
    next_timer,
    open_cascade,
    waits,
)
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.queues import CatalystFacts
from tasktonic_studio.session.selection import Thing

FIRST_REQUEST: Final = 5_000_000
LAST_REQUEST: Final = 5_999_999
"""Requests of ours have numbers between these, so that whoever waits for an answer knows it."""

BY_HAND: Final = "This app is run by hand: it stands until F8 lets its next sparkle run; see Run › By hand."

_numbers = itertools.count(FIRST_REQUEST)

ALL_CATALYSTS: Final = -1

RUNS_ON: Final = "run on"
"""The capability of a probe that can run on to an order."""
FIRES_TIMERS: Final = "fire timer"
"""The capability of a probe that lets the next timer of a held catalyst fire."""
RUNS_UNTIL: Final = "run until"
"""The same, until something happens."""


def new_request() -> int:
    """A number for a request."""
    return FIRST_REQUEST + next(_numbers) % (LAST_REQUEST - FIRST_REQUEST)


# ---- why not


def why_no_control(context: CommandContext) -> str:
    """Why nothing can be done to the app now, in a sentence; empty when it can."""
    if context.session is None:
        return "Nothing is watched."
    target = context.session.live.target
    if target.how == "file":
        return "This is a recorded run; only an app that lives can be held."
    if not target.is_alive:
        return "No app runs."
    if target.role == "view":
        return "This Studio only views; another one controls the app."
    return ""


def why_no_hold(context: CommandContext) -> str:
    """Why this app cannot be held at all, in a sentence: nothing can be done to it, or a distiller turns it."""
    reason = why_no_control(context)
    return reason or (BY_HAND if _live(context).distiller.is_there else "")


def why_not_held(context: CommandContext) -> str:
    """Why nothing can be stepped now, in a sentence; empty when something is held and this Studio controls."""
    reason = why_no_hold(context)
    if not reason and context.session is not None and context.session.live.target.status != "held":
        return "Nothing is held. Hold first (F6)."
    return reason


def _why_no_running_on(context: CommandContext) -> str:
    reason = why_not_held(context)
    if not reason and RUNS_ON not in _live(context).target.capabilities:
        return "The probe of this app cannot do that: it is older than this Studio."
    return reason


def _live(context: CommandContext) -> Knowledge:
    assert context.session is not None
    return context.session.live


def _why_not_hold(context: CommandContext) -> str:
    reason = why_no_hold(context)
    if reason:
        return reason
    catalysts = [facts for facts in _live(context).catalysts.values() if facts.alive]
    if catalysts and all(facts.held for facts in catalysts):
        return "All catalysts are held."
    return ""


def _chosen_number(context: CommandContext) -> int:
    """The number of the selected run or order, 0 for none. A run has the number of its order."""
    thing = context.selection.thing
    if thing is None:
        return 0
    if thing.kind == "order" and isinstance(thing.key, int):
        return thing.key
    number = run_number(_live(context), thing) if thing.kind in ("run", "log") else 0
    run = _live(context).run_of(number) if number else None
    return number if run is None else run.order  # a hook stands for the order that it was part of


def _why_not_follow(context: CommandContext) -> str:
    reason = _why_no_running_on(context)
    if reason:
        return reason
    number = _chosen_number(context)
    if not number:
        return "Select a run or a waiting order first."
    if waits(_live(context), number):
        return ""
    effects = effects_of(_live(context), number)
    return "" if effects.waiting or effects.ran else f"{_name(context)} has called nothing."


def _why_no_cascade(context: CommandContext) -> str:
    reason = _why_no_running_on(context)
    if reason:
        return reason
    return "" if _chosen_number(context) else "Select a run or a waiting order first."


def _why_not_run_to(context: CommandContext) -> str:
    reason = _why_no_running_on(context)
    if reason:
        return reason
    thing = context.selection.thing
    if thing is None or thing.kind != "order" or not isinstance(thing.key, int):
        return "Select a waiting order first, in the queue of the Catalysts panel."
    return "" if waits(_live(context), thing.key) else "The selected order waits no longer."


def _timer(context: CommandContext) -> int:
    """The next timer of the selected thing's catalyst, when that is held and has one, else of any that is held."""
    facts = chosen_catalyst(context)
    own = next_timer(_live(context), facts.id) if facts is not None and facts.held else -1
    return own if own >= 0 else next_timer(_live(context))


def _why_no_timer(context: CommandContext) -> str:
    reason = why_not_held(context)
    if not reason and FIRES_TIMERS not in _live(context).target.capabilities:
        return "The probe of this app cannot do that: it is older than this Studio."
    return reason or ("" if _timer(context) >= 0 else "No timer runs on what is held.")


def _name(context: CommandContext) -> str:
    return name_of(_live(context), context.selection.thing)


def _why_no_running_until(context: CommandContext) -> str:
    reason = why_no_hold(context)
    if not reason and RUNS_UNTIL not in _live(context).target.capabilities:
        return "The probe of this app cannot do that: it is older than this Studio."
    return reason


def _why_not_until(context: CommandContext) -> str:
    reason = _why_no_running_until(context)
    return reason or ("" if wanted_term(context) is not None else NOTHING_TO_BREAK_ON)


# ---- one catalyst


def chosen_catalyst(context: CommandContext) -> CatalystFacts | None:
    """The catalyst of the selected thing."""
    if context.session is None:
        return None
    known, thing = context.session.live, context.selection.thing
    found = catalyst_of(known, thing)
    if found < 0 and thing is not None and thing.kind == "order" and isinstance(thing.key, int):
        found = catalyst_of_order(known, thing.key)
    return known.catalysts.get(found)


def _why_not_one(held: bool) -> Callable[[CommandContext], str]:
    def why_not(context: CommandContext) -> str:
        reason = why_no_hold(context)
        facts = None if reason else chosen_catalyst(context)
        if reason:
            return reason
        if facts is None or not facts.alive:
            return "Select a catalyst that lives, or something that runs on it."
        if facts.held != held:
            return f"{facts.name} is {'not ' if held else ''}held."
        return ""

    return why_not


def _hold_one(context: CommandContext) -> None:
    facts = chosen_catalyst(context)
    if facts is not None:
        context.requests.send(messages.Hold(new_request(), facts.id))


def _release_one(context: CommandContext) -> None:
    facts = chosen_catalyst(context)
    if facts is not None:
        context.requests.send(messages.Release(new_request(), facts.id))


# ---- what is done


def _hold(context: CommandContext) -> None:
    context.requests.send(messages.Hold(new_request(), ALL_CATALYSTS))


def _step(context: CommandContext) -> None:
    known, facts = _live(context), chosen_catalyst(context)
    catalyst = facts.id if facts is not None and facts.held else next_catalyst(known)
    if catalyst < 0:
        return
    if RUNS_ON in known.target.capabilities:
        _run_on(context, messages.RunOn(new_request(), "steps", catalyst))
    else:
        context.requests.send(messages.Step(new_request(), catalyst))


def _follow(context: CommandContext) -> None:
    known, number = _live(context), _chosen_number(context)
    if waits(known, number):
        _run_on(context, messages.RunOn(new_request(), "run", orders=(number,)))
        return
    effects = effects_of(known, number)
    if effects.ran:
        context.selection.select(Thing("run", effects.ran[0]))
    else:
        _run_on(context, messages.RunOn(new_request(), "run", orders=effects.waiting))


def _cascade(context: CommandContext) -> None:
    orders = open_cascade(_live(context), _chosen_number(context))
    if not orders:
        context.window.problem(f"All that came of {_name(context)} has run already.")
        return
    _run_on(context, messages.RunOn(new_request(), "cascade", orders=orders))


def _run_to(context: CommandContext) -> None:
    _run_on(context, messages.RunOn(new_request(), "before", orders=(_chosen_number(context),)))


def _run_until(context: CommandContext) -> None:
    term = wanted_term(context)
    if term is not None:
        run_until(context, Breakpoint(1, (term,)))


def run_until(context: CommandContext, point: Breakpoint) -> None:
    """Let all go on until a breakpoint of its own is hit."""
    context.selection.look_at(None)
    context.requests.send(messages.RunUntil(new_request(), point))


def _ask_until(context: CommandContext) -> None:
    context.window.ask_until(wanted_term(context), lambda point: run_until(context, point))


def _fire_timer(context: CommandContext) -> None:
    essence = _live(context).essences.get(_timer(context))
    if essence is not None:
        context.selection.look_at(None)
        context.requests.send(messages.FireTimer(new_request(), essence.catalyst))


def _run_on(context: CommandContext, request: messages.RunOn) -> None:
    """What runs is looked at live: the time cursor goes there first."""
    context.selection.look_at(None)
    context.requests.send(request)


def step_commands() -> Sequence[Command]:
    """The commands of the menu Run that hold and step, for all catalysts and for one."""
    return (
        Command(
            "run.hold",
            "Hold",
            "Hold all catalysts, each before its next sparkle.",
            _hold,
            keys=("F6",),
            icon="hold",
            menu="Run",
            toolbar=True,
            section="run",
            why_not=_why_not_hold,
        ),
        Command(
            "run.step",
            "Run the next sparkle",
            "While held: let the catalyst of the selected thing run its next sparkle.",
            _step,
            keys=("F10",),
            icon="step",
            menu="Run",
            toolbar=True,
            section="run",
            why_not=why_not_held,
        ),
        Command(
            "run.follow",
            "Follow the order",
            "While held: run on until the first sparkle that the selected run has called has run, or the selected order.",
            _follow,
            keys=("F11",),
            icon="follow",
            menu="Run",
            toolbar=True,
            section="run",
            why_not=_why_not_follow,
        ),
        Command(
            "run.cascade",
            "Run through all that comes of it",
            "While held: run on until the selected run or order and all that comes of it has run, on all catalysts.",
            _cascade,
            keys=("Shift+F11",),
            icon="cascade",
            menu="Run",
            toolbar=True,
            section="run",
            why_not=_why_no_cascade,
        ),
        Command(
            "run.to_order",
            "Run up to the selected order",
            "While held: run on until the selected waiting order is the next of its catalyst.",
            _run_to,
            keys=("Ctrl+F10",),
            icon="run_to",
            menu="Run",
            section="run",
            why_not=_why_not_run_to,
        ),
        Command(
            "run.until",
            "Run until it happens",
            "Let all go on until the selected thing happens: its sparkle, its state, its store path; then hold.",
            _run_until,
            icon="run_to",
            menu="Run",
            section="run",
            why_not=_why_not_until,
        ),
        Command(
            "run.until_rule",
            "Run until\u2026",
            "Let all go on until something happens that you say: a sparkle, a state, a path, an exception, a condition; then hold.",
            _ask_until,
            keys=("Shift+F10",),
            icon="run_to",
            menu="Run",
            section="run",
            why_not=_why_no_running_until,
        ),
        Command(
            "run.next_timer",
            "Let the next timer fire",
            "While held: let time jump to the next timer of the selected thing's catalyst; what it calls waits.",
            _fire_timer,
            keys=("Alt+F10",),
            icon="timer",
            menu="Run",
            section="run",
            why_not=_why_no_timer,
        ),
        Command(
            "run.hold_catalyst",
            "Hold this catalyst",
            "Hold the catalyst of the selected thing alone; the others run on.",
            _hold_one,
            icon="hold",
            menu="Run",
            section="one",
            why_not=_why_not_one(held=False),
        ),
        Command(
            "run.release_catalyst",
            "Let this catalyst go on",
            "Let the catalyst of the selected thing run on; the others stay as they are.",
            _release_one,
            icon="start",
            menu="Run",
            section="one",
            why_not=_why_not_one(held=True),
        ),
    )
