"""What is lit in the diagram: where the tonic stands and came from, what is selected and pointed at, what the search leaves."""

from __future__ import annotations

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.state_machine.diagram_view import Light
from tasktonic_studio.ui.panels.state_machine.machine import Machine, arrow_id, class_of, instance_of, trail_of
from tasktonic_studio.ui.panels.state_machine.matching import Matches
from tasktonic_studio.ui.panels.state_machine.subject import Subject


def lights_of(
    known: Knowledge,
    machine: Machine,
    subject: Subject,
    arrow: str,
    matches: Matches,
    selected: Thing | None,
    hovered: Thing | None,
) -> Light:
    """The lights of a diagram at one moment.

    Args:
        known: all that is known at that moment.
        machine: what the diagram shows, of the class of the subject.
        subject: whose state is lit.
        arrow: the chosen way, empty for none.
        matches: what the search asks for.
        selected: as it counts for the panel.
        hovered: what is pointed at in any panel.
    """
    instance = subject.instance(known)
    here, trail = "", dict[str, int]()
    if instance is not None and instance.is_alive:
        here = machine.node_of(instance.state)
        for age, move in enumerate(trail_of(known, instance.id), start=1):
            head = machine.node_of(move.new) if move.new >= 0 else "end"
            trail.setdefault(arrow_id(machine.node_of(move.old), head), age)
    return Light(
        here if here in machine.nodes else "",
        trail,
        _node_of_state(machine, subject, selected),
        arrow,
        _node_of_hovered(known, machine, subject, hovered),
        matches.dim_nodes,
        matches.dim_arrows,
        matches.dim_sparkles,
    )


def _node_of_state(machine: Machine, subject: Subject, thing: Thing | None) -> str:
    """The node of a thing that is a state of this class, empty for another thing."""
    if thing is None or thing.kind != "state" or not isinstance(thing.key, tuple) or thing.key[0] != subject.cls:
        return ""
    return machine.node_of(int(thing.key[1]))


def _node_of_hovered(known: Knowledge, machine: Machine, subject: Subject, hovered: Thing | None) -> str:
    """The node of a state, or of the state of a tonic of this class."""
    if hovered is None or class_of(known, hovered) != subject.cls:
        return ""
    if hovered.kind == "state":
        return _node_of_state(machine, subject, hovered)
    facts = instance_of(known, hovered)
    return machine.node_of(facts.state) if facts is not None else ""
