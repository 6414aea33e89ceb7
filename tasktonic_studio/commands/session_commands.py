"""Commands that begin, end, hold and watch: files, scripts, running apps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tasktonic.protocol import messages
from tasktonic_studio import resources
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.project_commands import start_chosen
from tasktonic_studio.commands.step_commands import ALL_CATALYSTS, new_request, step_commands, why_no_control
from tasktonic_studio.session.target import TargetFacts

PLANT: Final = "watch_me.py"
"""The example that shows most; the first thing the Studio offers."""


def _target(context: CommandContext) -> TargetFacts:
    return context.session.live.target if context.session is not None else TargetFacts()


def _is_alive(context: CommandContext) -> bool:
    return _target(context).is_alive


def _is_held(context: CommandContext) -> bool:
    return _target(context).status == "held"


def _is_launched(context: CommandContext) -> bool:
    return _target(context).how == "launched"


def _can_stop(context: CommandContext) -> bool:
    return _is_launched(context) and _is_alive(context)


def _can_restart(context: CommandContext) -> bool:
    return _is_launched(context) and bool(_target(context).script)


def _can_detach(context: CommandContext) -> bool:
    return _is_alive(context) and _target(context).how == "attached"


def _has_plant(_context: CommandContext) -> bool:
    return resources.example(PLANT) is not None


def _start_or_continue(context: CommandContext) -> None:
    if _is_held(context):
        context.requests.send(messages.Release(new_request(), ALL_CATALYSTS))
    elif _is_alive(context) or start_chosen(context):
        return
    elif _can_restart(context):
        context.requests.restart()
    else:
        context.window.ask_open_script()


def _can_start_or_continue(context: CommandContext) -> bool:
    return _is_held(context) or not _is_alive(context)


def _start_plant(context: CommandContext) -> None:
    plant = resources.example(PLANT)
    if plant is not None:
        context.requests.launch(str(plant))


def _stop(context: CommandContext) -> None:
    context.requests.stop()


def _restart(context: CommandContext) -> None:
    context.requests.restart()


def _open_script(context: CommandContext) -> None:
    context.window.ask_open_script()


def _show_start_page(context: CommandContext) -> None:
    context.window.show_start_page()


def _open_run(context: CommandContext) -> None:
    context.window.ask_open_run()


def _ask_attach(context: CommandContext) -> None:
    context.window.ask_attach()


def _detach(context: CommandContext) -> None:
    context.requests.detach()


def _refresh_running(context: CommandContext) -> None:
    context.requests.refresh_running()


def _quit(context: CommandContext) -> None:
    context.window.close()


def session_commands() -> Sequence[Command]:
    """The commands of the menus File and Run that concern the watched app."""
    return (
        Command(
            "run.start_example",
            "Start the example plant",
            "A small plant with furnaces, robots and carts on four catalysts: something to watch at once.",
            _start_plant,
            icon="start",
            menu="File",
            enabled_when=_has_plant,
            section="start",
        ),
        Command(
            "file.start_script",
            "Start a script…",
            "Choose a Python script, start it with the probe switched on, and watch it.",
            _open_script,
            keys=("Ctrl+O",),
            icon="open",
            menu="File",
            section="start",
        ),
        Command(
            "file.attach",
            "Attach to a running app…",
            "Watch an app that runs already, started with TASKTONIC_STUDIO=1.",
            _ask_attach,
            keys=("Ctrl+Shift+A",),
            icon="attach",
            menu="File",
            section="start",
        ),
        Command(
            "file.open_run",
            "Open a recorded run…",
            "Choose a trace file, NAME.ttt, and look at the run in it as at a live one.",
            _open_run,
            keys=("Ctrl+Shift+O",),
            icon="trace",
            menu="File",
            section="start",
        ),
        Command(
            "file.detach",
            "Detach",
            "Stop watching; the app runs on.",
            _detach,
            icon="detach",
            menu="File",
            enabled_when=_can_detach,
            section="start",
        ),
        Command(
            "file.refresh_running",
            "Look again for running apps",
            "Look again for apps on this machine that can be watched.",
            _refresh_running,
        ),
        Command(
            "file.start_page",
            "Show the start page",
            "What one can begin with: the plant, a script, a running app, something recent.",
            _show_start_page,
            keys=("Ctrl+Alt+Home",),
            icon="home",
            menu="File",
            section="start",
        ),
        Command(
            "run.start",
            "Start or continue",
            "Start what is chosen in the project, or the script again that has ended, or let a held app go on.",
            _start_or_continue,
            keys=("F5",),
            icon="start",
            menu="Run",
            toolbar=True,
            enabled_when=_can_start_or_continue,
            why_not=lambda context: why_no_control(context) if _is_held(context) else "",
            section="run",
        ),
        *step_commands(),
        Command(
            "run.restart",
            "Restart",
            "Stop the script and start it again with the same arguments.",
            _restart,
            keys=("Ctrl+Shift+F5",),
            icon="restart",
            menu="Run",
            toolbar=True,
            enabled_when=_can_restart,
            section="run",
        ),
        Command(
            "run.stop",
            "Stop",
            "Ask the script to end; it is killed when it does not.",
            _stop,
            keys=("Shift+F5",),
            icon="stop",
            menu="Run",
            toolbar=True,
            enabled_when=_can_stop,
            section="run",
        ),
    )


def last_commands() -> Sequence[Command]:
    """What stands at the end of the menu File."""
    return (
        Command(
            "file.quit",
            "Quit",
            "Close the Studio. A launched script is stopped, an attached app runs on.",
            _quit,
            keys=("Ctrl+Q",),
            icon="quit",
            menu="File",
            section="quit",
        ),
    )
