"""Commands for an app that is run by hand: start it, let it run for a while, call sparkles, make a test of what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tasktonic.protocol import messages
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.things import run_number
from tasktonic_studio.session.distiller import DistillerFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.target import TargetFacts

MENU: Final = "Run/By hand"
SECTION: Final = "by hand"
_END_S: Final = 5.0


def distiller_commands() -> Sequence[Command]:
    """The commands of the menu “By hand” and the one that starts a script so."""
    return (
        Command(
            "distiller.start",
            "Start under a distiller…",
            "Run a script by hand: nothing of it runs until you say so, sparkle by sparkle, and its time is virtual.",
            lambda context: context.window.ask_distil(),
            keys=("Alt+F5",),
            icon="step",
            menu="File",
            section="start",
        ),
        Command(
            "distiller.start_plain",
            "Start it without a distiller",
            "Start the script of this run as it is, so that it runs by itself.",
            _start_plain,
            icon="start",
            menu=MENU,
            why_not=_why_not_plain,
            section="start by hand",
        ),
        _by_hand(
            "step", "Run one sparkle", "Let the sparkle that is next run, whichever catalyst it is on.", _step, "F8"
        ),
        _by_hand(
            "run",
            "Run until nothing is left to do",
            "Let all that is queued run, and timers as they come due; time jumps to them.",
            _run,
            "Shift+F8",
            "start",
        ),
        _by_hand(
            "run_until",
            "Run until…",
            "Let it run for a number of sparkles or a time, until a state or until a sparkle.",
            lambda context: context.window.ask_run_until(),
            "Ctrl+F8",
            "timer",
        ),
        _by_hand(
            "run_to_selected",
            "Run until the selected state or sparkle",
            "Let it run until a tonic is in the selected state, or until the selected sparkle runs again.",
            _run_to_selected,
            "",
            "state",
            lambda context: why_not_now(context) or _why_not_selected(context),
        ),
        _by_hand(
            "contract",
            "Run until a contract is met…",
            "Build a contract of conditions, such as states and values of several tonics, and run until it is met.",
            lambda context: context.window.ask_contract(),
            "Ctrl+Shift+F8",
            "table",
        ),
        _by_hand(
            "call",
            "Call a sparkle by hand…",
            "Call a sparkle of a tonic as a test would; it is queued, and runs when you let it.",
            lambda context: context.window.ask_call(),
            "Alt+F8",
            "sparkle",
        ),
        _by_hand(
            "stop",
            "Stop the run by hand",
            "End what runs now after the present sparkle; the app waits for you again.",
            _stop,
            "Alt+Shift+F8",
            "stop",
            _why_not_stop,
        ),
        _by_hand(
            "finish",
            "End the app in order",
            "Finish all tonics of the app, as finish_distiller() does in a test.",
            _finish,
            "",
            "quit",
        ),
        Command(
            "distiller.make_test",
            "Make a test of this…",
            "Write a pytest file that does the same steps again and compares what comes of them.",
            lambda context: context.window.ask_make_test(),
            keys=("Ctrl+Shift+T",),
            icon="ok",
            menu=MENU,
            section="test by hand",
        ),
    )


def _by_hand(
    name: str,
    title: str,
    words: str,
    run: Callable[[CommandContext], None],
    key: str,
    icon: str = "step",
    why_not: Callable[[CommandContext], str] | None = None,
) -> Command:
    return Command(
        f"distiller.{name}",
        title,
        words,
        run,
        keys=(key,) if key else (),
        icon=icon,
        menu=MENU,
        section=SECTION,
        why_not=why_not or why_not_now,
    )


# ---- when


def _live(context: CommandContext) -> Knowledge | None:
    return context.session.live if context.session is not None else None


def _facts(context: CommandContext) -> tuple[TargetFacts, DistillerFacts]:
    live = _live(context)
    return (live.target, live.distiller) if live is not None else (TargetFacts(), DistillerFacts())


def _why_not_there(context: CommandContext) -> str:
    target, distiller = _facts(context)
    if not target.is_alive:
        return "Nothing is run by hand: start a script under a distiller first (Alt+F5)."
    if not distiller.is_there:
        return "This app runs by itself: start its script under a distiller to run it by hand (Alt+F5)."
    if target.role == "view":
        return "This Studio only watches: another one controls the app."
    return ""


def why_not_now(context: CommandContext) -> str:
    """Why an app cannot be run by hand at this moment; empty when it can."""
    problem = _why_not_there(context)
    if problem:
        return problem
    _, distiller = _facts(context)
    if distiller.runs:
        return "It runs already: wait until it stops, or stop it (Alt+Shift+F8)."
    return "" if distiller.is_ready else "The app has ended: start the script again (Ctrl+Shift+F5)."


def _why_not_stop(context: CommandContext) -> str:
    problem = _why_not_there(context)
    return problem or ("" if _facts(context)[1].runs else "Nothing runs at the moment.")


def _why_not_plain(context: CommandContext) -> str:
    target, distiller = _facts(context)
    if distiller.state is None or not target.script or target.how == "file":
        return "There is no script here that was started under a distiller."
    return ""


def _wanted(context: CommandContext) -> tuple[str, str]:
    """The state and the sparkle that the selected thing is or stands for; empty ones for neither."""
    live, thing = _live(context), context.selection.thing
    if live is None or thing is None:
        return "", ""
    if thing.kind == "state" and isinstance(thing.key, tuple):
        return live.names.state(int(thing.key[0]), int(thing.key[1])), ""
    if thing.kind == "order" and isinstance(thing.key, int):
        order = live.order_of(thing.key)
        return "", live.names.sparkle(order.sparkle) if order is not None else ""
    run = live.run_of(run_number(live, thing))
    return "", live.names.sparkle(run.sparkle) if run is not None else ""


def _why_not_selected(context: CommandContext) -> str:
    return "" if any(_wanted(context)) else "Select a state, or a run of a sparkle, that it shall run to."


# ---- what


def _start_plain(context: CommandContext) -> None:
    target, _ = _facts(context)
    context.requests.launch(target.script, target.arguments)


def _step(context: CommandContext) -> None:
    context.requests.send(messages.DistillerRun(0, sparkle_count=1, contract=context.window.standing_contract()))


def _run(context: CommandContext) -> None:
    context.requests.send(messages.DistillerRun(0, contract=context.window.standing_contract()))


def _run_to_selected(context: CommandContext) -> None:
    state, sparkle = _wanted(context)
    wanted = messages.DistillerRun(
        0,
        till_state_in=(state,) if state else (),
        till_sparkle_in=(sparkle,) if sparkle else (),
        contract=context.window.standing_contract(),
    )
    context.requests.send(wanted)


def _stop(context: CommandContext) -> None:
    context.requests.send(messages.DistillerStop(0))


def _finish(context: CommandContext) -> None:
    context.requests.send(messages.DistillerFinish(0, _END_S))
