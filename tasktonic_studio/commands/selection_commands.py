"""Commands about the selected thing: go, show, copy, back, forward."""

from __future__ import annotations

from collections.abc import Sequence

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.things import essence_of, name_of, place_of
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing


def known(context: CommandContext) -> Knowledge | None:
    """What is known at the moment that is shown; None without a session."""
    if context.session is None:
        return None
    time = context.selection.time
    return context.session.live if time is None else context.session.at(time)


def _has_selection(context: CommandContext) -> bool:
    return context.session is not None and context.selection.thing is not None


def _has_place(context: CommandContext) -> bool:
    now = known(context)
    return now is not None and place_of(now, context.selection.thing) is not None


def _has_essence(context: CommandContext) -> bool:
    now = known(context)
    return now is not None and essence_of(now, context.selection.thing) in now.essences


def _has_parent(context: CommandContext) -> bool:
    return _parent(context) >= 0


def _parent(context: CommandContext) -> int:
    """The context of the selected essence, or the essence that a selected run belongs to; -1 for none."""
    now = known(context)
    if now is None:
        return -1
    essence = essence_of(now, context.selection.thing)
    facts = now.essences.get(essence)
    if facts is None:
        return -1
    thing = context.selection.thing
    return facts.context if thing is not None and thing.kind in ("essence", "catalyst") else essence


def _go_to_source(context: CommandContext) -> None:
    now = known(context)
    place = place_of(now, context.selection.thing) if now is not None else None
    if place is not None:
        context.window.open_source(place.file, place.line)


def _copy_name(context: CommandContext) -> None:
    now = known(context)
    if now is not None:
        context.window.copy_text(name_of(now, context.selection.thing))


def _show_in_inspector(context: CommandContext) -> None:
    context.window.show_panel("inspector")


def _show_in_trace(context: CommandContext) -> None:
    context.window.show_panel("trace")


def _show_in_ledger(context: CommandContext) -> None:
    now = known(context)
    if now is not None:
        essence = essence_of(now, context.selection.thing)
        if context.selection.thing is None or context.selection.thing.kind not in ("essence", "catalyst"):
            context.selection.select(Thing("essence", essence))
        context.window.show_panel("ledger")


def _select_parent(context: CommandContext) -> None:
    context.selection.select(Thing("essence", _parent(context)))


def _back(context: CommandContext) -> None:
    context.selection.back()


def _forward(context: CommandContext) -> None:
    context.selection.forward()


def _can_go_back(context: CommandContext) -> bool:
    return context.selection.can_go_back


def _can_go_forward(context: CommandContext) -> bool:
    return context.selection.can_go_forward


def selection_commands() -> Sequence[Command]:
    """The commands of the menu Go."""
    return (
        Command(
            "go.back",
            "Back",
            "Select what was selected before, at the moment that was shown then.",
            _back,
            keys=("Alt+Left",),
            icon="back",
            menu="Go",
            enabled_when=_can_go_back,
            section="history",
        ),
        Command(
            "go.forward",
            "Forward",
            "Undo one Back.",
            _forward,
            keys=("Alt+Right",),
            icon="forward",
            menu="Go",
            enabled_when=_can_go_forward,
            section="history",
        ),
        Command(
            "selection.go_to_source",
            "Go to source",
            "Open the source of the selected thing: its class, or the handler that ran.",
            _go_to_source,
            keys=("F12",),
            icon="editor",
            menu="Go",
            enabled_when=_has_place,
            section="selection",
        ),
        Command(
            "selection.show_in_ledger",
            "Show in the ledger",
            "Select the tonic of the selected thing in the ledger.",
            _show_in_ledger,
            icon="ledger",
            menu="Go",
            enabled_when=_has_essence,
            section="selection",
        ),
        Command(
            "selection.show_in_inspector",
            "Show in the inspector",
            "Everything about the selected thing.",
            _show_in_inspector,
            icon="inspector",
            menu="Go",
            enabled_when=_has_selection,
            section="selection",
        ),
        Command(
            "selection.show_in_trace",
            "Show in the trace",
            "The runs of the selected thing, one per row.",
            _show_in_trace,
            icon="trace",
            menu="Go",
            enabled_when=_has_selection,
            section="selection",
        ),
        Command(
            "selection.select_context",
            "Select its context",
            "Select the tonic that made the selected one, or the one that a selected run belongs to.",
            _select_parent,
            keys=("Alt+Up",),
            menu="Go",
            enabled_when=_has_parent,
            section="selection",
        ),
        Command(
            "selection.copy_name",
            "Copy its name",
            "Put the name of the selected thing on the clipboard.",
            _copy_name,
            keys=("Ctrl+Shift+C",),
            icon="copy",
            menu="Edit",
            enabled_when=_has_selection,
            section="selection",
        ),
    )
