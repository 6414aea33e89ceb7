"""Commands about the windows of the watched app: show a tonic's widget there, and pick a tonic by clicking on its widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tasktonic_studio.commands.change_commands import selected_essence, why_not_act
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext

SHOW: Final = "app.show_widget"
PICK: Final = "app.pick_widget"
CAPABILITY: Final = "widgets"


def why_no_windows(context: CommandContext) -> str:
    """Why nothing can be shown in the windows of the app; empty when it can. Who only views may."""
    if context.session is None or context.session.live.target.status == "none":
        return "Nothing is watched."
    target = context.session.live.target
    if target.how == "file":
        return "This is a recorded run: it has no windows."
    if not target.is_alive:
        return "The app has ended."
    if not target.role:
        return "The app is not connected yet."
    if CAPABILITY not in target.capabilities:
        return "The app cannot do that: its tasktonic is older than this Studio."
    return ""


def _why_not_show(context: CommandContext) -> str:
    reason = why_no_windows(context)
    if reason:
        return reason
    facts = selected_essence(context)
    if facts is None:
        return "Select a tonic first."
    return "" if facts.is_alive else f"{facts.name} has finished."


def _show(context: CommandContext) -> None:
    facts = selected_essence(context)
    if facts is not None:
        context.window.show_in_app(facts.id)


def _is_shown(context: CommandContext) -> bool:
    facts = selected_essence(context)
    return facts is not None and context.window.shown_in_app() == facts.id


def _why_not_pick(context: CommandContext) -> str:
    return why_no_windows(context) or why_not_act(context, CAPABILITY)


def _pick(context: CommandContext) -> None:
    context.window.pick_in_app()


def _is_picking(context: CommandContext) -> bool:
    return context.window.is_picking_in_app()


def widget_commands() -> Sequence[Command]:
    """The commands, for the menu Go."""
    return (
        Command(
            SHOW,
            "Show in the app",
            "Outline the widget of the selected tonic in the app's own window, until it is pressed again.",
            _show,
            keys=("Ctrl+Alt+W",),
            menu="Go",
            section="app",
            why_not=_why_not_show,
            checked_when=_is_shown,
        ),
        Command(
            PICK,
            "Pick in the app",
            "Choose a tonic by a click on its widget in the app's window; the widget does not get that click. Esc ends it.",
            _pick,
            keys=("Ctrl+Alt+P",),
            menu="Go",
            section="app",
            why_not=_why_not_pick,
            checked_when=_is_picking,
        ),
    )
