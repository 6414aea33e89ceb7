"""Where in source a state or a way between states stands. No Qt."""

from __future__ import annotations

from tasktonic_studio.session.names import Place
from tasktonic_studio.ui.panels.state_machine.machine import ON_ENTER, Arrow, Machine


def place_of_way(machine: Machine, arrow: Arrow) -> Place | None:
    """Where the source asks for it, else the handler of a sparkle that was seen to cause it."""
    for label in arrow.labels:
        if label.place is not None:
            return label.place
    tail = machine.nodes[arrow.tail].index
    for label in arrow.labels:
        facts = machine.cells.get((tail, label.sparkle))
        if facts is not None and facts.place is not None:
            return facts.place
    return None


def place_of_state(machine: Machine, state: int) -> Place | None:
    """Its own on_enter, else its first handler in the file."""
    own = [facts for (row, _), facts in machine.cells.items() if row == state and facts.handler == "own"]
    entering = machine.cells.get((state, ON_ENTER))
    if entering is not None and entering.handler == "own" and entering.place is not None:
        return entering.place
    return min((facts.place for facts in own if facts.place is not None), default=None)
