"""Commands that change something in the watched app: values, attributes, states, ends, log modes, calls, evaluation.

Each says why it cannot be done when it cannot: nobody has to guess what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from tasktonic.protocol import messages
from tasktonic_studio.commands.command import Command, Tell
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.things import essence_of
from tasktonic_studio.session.edits import AttributeSpot, StoreSpot
from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge

LOG_MODES: Final = (
    ("stealth", "Nothing of the selected tonic is logged."),
    ("off", "Only birth and end of the selected tonic are logged."),
    ("quiet", "Birth, end and what the selected tonic says are logged."),
    ("full", "Every sparkle of the selected tonic is logged."),
)
"""By number: the word for each mode, and what it means."""

LOG_MODE_COMMANDS: Final = tuple(f"change.log_{mode}" for mode, _ in LOG_MODES)

NOT_HELD: Final = "The app runs: hold it first (F6), or switch on 'Edit while it runs'."


def why_not_act(context: CommandContext, capability: str) -> str:
    """Why nothing can be done to the app now, in a sentence; empty when something can. For all commands that act."""
    if context.session is None:
        return "Nothing is watched."
    target = context.session.live.target
    if target.status == "none":
        return "Nothing is watched."
    if target.how == "file":
        return "This is a recorded run: nothing in it can be changed."
    if not target.is_alive:
        return "The app has ended."
    if target.role == "view":
        return "This Studio only views: another one controls the app."
    if target.role and capability not in target.capabilities:
        return "The app cannot do that: its tasktonic is older than this Studio."
    if not target.role:
        return "The app is not connected yet."
    if not context.selection.is_live:
        return "A past moment is shown: go back to live first (End)."
    return ""


def selected_essence(context: CommandContext) -> EssenceFacts | None:
    """The essence that the selected thing is or belongs to."""
    if context.session is None:
        return None
    live = context.session.live
    return live.essences.get(essence_of(live, context.selection.thing))


def is_held(known: Knowledge, essence: int) -> bool:
    """Whether what an essence is touched by stands still: its catalyst, or the main one for what is on none."""
    facts = known.essences.get(essence)
    catalyst = known.catalysts.get(facts.catalyst) if facts is not None else None
    if catalyst is None and known.catalysts:
        catalyst = known.catalysts[min(known.catalysts)]
    return catalyst is not None and catalyst.held


def _why_not_essence(context: CommandContext, capability: str, *, tonic: bool = True) -> str:
    reason = why_not_act(context, capability)
    if reason:
        return reason
    facts = selected_essence(context)
    if facts is None:
        return "Select a tonic first."
    if facts.ended_ns is not None:
        return f"{facts.name} has finished."
    if facts.finishing_ns is not None:
        return f"{facts.name} is finishing."
    is_tonic = not tonic or context.session is None or facts.id not in context.session.live.store
    return "" if is_tonic else f"{facts.name} is a store: it has no states and no sparkles."


def why_not_edit(context: CommandContext, essence: int, capability: str) -> str:
    """Why values of an essence cannot be edited now."""
    reason = why_not_act(context, capability)
    if reason or context.session is None:
        return reason
    facts = context.session.live.essences.get(essence)
    if facts is not None and facts.ended_ns is not None:
        return f"{facts.name} has finished."
    return "" if context.session.edits.live or is_held(context.session.live, essence) else NOT_HELD


def _why_not_edit_selected(context: CommandContext) -> str:
    thing = context.selection.thing
    if thing is not None and thing.kind == "store" and isinstance(thing.key, tuple):
        return why_not_edit(context, int(thing.key[0]), "store set")
    facts = selected_essence(context)
    reason = why_not_act(context, "set attribute")
    if reason:
        return reason
    if thing is None or thing.kind not in ("essence", "catalyst") or facts is None:
        return "Select a path of a store, or a tonic, whose attributes can be edited in the inspector."
    return why_not_edit(context, facts.id, "set attribute")


def _edit(context: CommandContext) -> None:
    thing = context.selection.thing
    context.window.edit_in_panel("store" if thing is not None and thing.kind == "store" else "inspector")


def _why_not_send_typed(context: CommandContext) -> str:
    typed = context.session.edits.typed if context.session is not None else None
    if typed is None:
        return "Nothing was typed."
    spot = typed.spot
    if isinstance(spot, StoreSpot):
        return why_not_edit(context, spot.store, "store set")
    return why_not_edit(context, spot.essence, "set attribute")


def _send_typed(context: CommandContext) -> None:
    if context.session is None or context.session.edits.typed is None:
        return
    edits = context.session.edits
    typed, edits.typed = context.session.edits.typed, None
    request, spot = edits.new_number(), typed.spot
    edits.sent(spot, request, typed.literal)
    seen, kind = typed.seen, typed.seen_type
    if isinstance(spot, AttributeSpot):
        context.requests.send(messages.SetAttribute(request, spot.essence, spot.name, typed.literal, True, seen, kind))
        # What shows it: attributes have no events.
        context.requests.send(messages.Inspect(edits.new_number(), spot.essence))
    else:
        context.requests.send(messages.StoreSet(request, spot.store, spot.path, None, typed.literal, True, seen, kind))


def _why_not_live(context: CommandContext) -> str:
    return why_not_act(context, "store set")


def _toggle_live(context: CommandContext) -> None:
    if context.session is not None:
        context.session.edits.set_live(not context.session.edits.live)


def _is_live(context: CommandContext) -> bool:
    return context.session is not None and context.session.edits.live


def _why_not_state(context: CommandContext) -> str:
    reason = _why_not_essence(context, "change state")
    facts = selected_essence(context)
    if reason or facts is None or context.session is None:
        return reason
    return "" if context.session.live.names.states(facts.cls) else f"{facts.name} has no states."


def _ask_state(context: CommandContext) -> None:
    facts = selected_essence(context)
    if facts is not None:
        context.window.ask_state(facts.id)


def _ask_call(context: CommandContext) -> None:
    facts = selected_essence(context)
    if facts is not None:
        context.window.ask_sparkle(facts.id)


def _finish(context: CommandContext) -> None:
    facts = selected_essence(context)
    if facts is not None and context.session is not None:
        context.requests.send(messages.Finish(context.session.edits.new_number(), facts.id))


def _set_log_mode(mode: int, context: CommandContext) -> None:
    facts = selected_essence(context)
    if facts is not None and context.session is not None:
        context.requests.send(messages.SetLogMode(context.session.edits.new_number(), facts.id, mode))


def _is_log_mode(mode: int, context: CommandContext) -> bool:
    facts = selected_essence(context)
    return facts is not None and facts.log_mode == mode


def _needs(capability: str) -> Tell:
    return lambda context: _why_not_essence(context, capability)


def change_commands() -> Sequence[Command]:
    """The commands of the menu Change."""
    return (
        Command(
            "change.edit_value",
            "Edit the value",
            "Edit the selected value of a store, or an attribute in the inspector, where it stands.",
            _edit,
            keys=("F2",),
            icon="edit",
            menu="Change",
            why_not=_why_not_edit_selected,
            section="values",
        ),
        Command(
            "change.live_edit",
            "Edit while it runs",
            "Let values be edited while the app runs, not only while it is held; they may change under your hands.",
            _toggle_live,
            menu="Change",
            why_not=_why_not_live,
            checked_when=_is_live,
            section="values",
        ),
        Command(
            "change.send_typed",
            "Set what was typed",
            "Send what was typed in a panel to the app.",
            _send_typed,
            why_not=_why_not_send_typed,
        ),
        Command(
            "change.state",
            "Change state…",
            "Send the selected tonic to another state, as to_state does.",
            _ask_state,
            icon="state",
            menu="Change",
            why_not=_why_not_state,
            section="tonic",
        ),
        Command(
            "change.call",
            "Call a sparkle…",
            "Call a sparkle of the selected tonic, with arguments typed as Python literals.",
            _ask_call,
            icon="sparkle",
            menu="Change",
            why_not=_needs("call"),
            section="tonic",
        ),
        Command(
            "change.finish",
            "Finish",
            "Ask the selected tonic to finish.",
            _finish,
            icon="stop",
            menu="Change",
            why_not=lambda context: _why_not_essence(context, "finish", tonic=False),
            section="tonic",
        ),
        *(
            Command(
                f"change.log_{mode}",
                f"Log mode {mode}",
                help_text,
                partial(_set_log_mode, number),
                menu="Change/Log mode",
                why_not=lambda context: _why_not_essence(context, "log mode", tonic=False),
                checked_when=partial(_is_log_mode, number),
                section="tonic",
            )
            for number, (mode, help_text) in enumerate(LOG_MODES)
        ),
    )
