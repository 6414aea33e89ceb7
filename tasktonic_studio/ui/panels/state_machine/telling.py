"""What the panel says in words: about the tonic, and when there is nothing to draw. No Qt."""

from __future__ import annotations

from typing import Final

from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.timeline import TransitionRow
from tasktonic_studio.ui.panels.state_machine.machine import Machine, trail_of
from tasktonic_studio.ui.widgets import figures

TOO_FAST_PER_S: Final = 20
"""Above so many changes a second the way cannot be read: the pace is told instead."""


def heading_words(known: Knowledge, machine: Machine, instance: EssenceFacts | None) -> str:
    """What is shown and how it is there: one tonic with its way, or all tonics of the class."""
    if instance is None:
        return f"{figures.short(machine.name, 60)} · {figures.counted(machine.alive, 'tonic')}"
    name = figures.short(instance.name, 60)
    parts = [name if machine.name in name else f"{name} ({figures.short(machine.name, 40)})"]
    if not instance.is_alive:
        parts.append("has finished")
    elif machine.has_states:
        state = machine.state_name(instance.state)
        parts.append("is in no state" if instance.state < 0 else f"is in {figures.short(state, 60)}")
        parts.append(_way(machine, trail_of(known, instance.id)))
    return " · ".join(filter(None, parts))


def _way(machine: Machine, moves: list[TransitionRow]) -> str:
    if not moves:
        return ""
    spent_ns = moves[0].t_ns - moves[-1].t_ns
    if len(moves) > 2 and spent_ns * TOO_FAST_PER_S < (len(moves) - 1) * 1_000_000_000:
        pace = (len(moves) - 1) / max(spent_ns, 1_000) * 1e9
        return f"about {figures.rate(pace)} changes a second"
    states = [moves[-1].old, *(move.new for move in reversed(moves))]
    return "came " + " → ".join(figures.short(machine.state_name(state), 24) for state in states)


def nothing_words(known: Knowledge) -> tuple[str, str, bool]:
    """Title and sentence for when no class is shown, and whether there is one that could be."""
    if known.names.classes and busiest(known) >= 0:
        return (
            "Nothing is selected",
            "Select a tonic in the ledger: its states and the ways between them are drawn here, with the state it is in.",
            True,
        )
    if known.target.is_alive:
        return (
            "No states yet",
            "The program runs, and no tonic of it has states so far. A method such as ttsc_open__close makes the state open.",
            False,
        )
    return (
        "No state machine yet",
        "When a program runs, the states of the selected tonic are drawn here, and the sparkles that lead from each to others.",
        False,
    )


def busiest(known: Knowledge) -> int:
    """The class with the most changes of state, else one that has states at all; -1 for none."""
    best, most = -1, -1
    for cls in known.names.classes:
        if known.names.states(cls):
            count = sum(known.machines.moves(cls).values())
            if count > most:
                best, most = cls, count
    return best
