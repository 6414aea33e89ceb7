"""What a search in a state machine leaves bright. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from tasktonic_studio.ui.panels.state_machine.machine import Machine


@dataclass(frozen=True, slots=True)
class Matches:
    """What is dimmed in the diagram, and what is shown in the tables; None for all."""

    dim_nodes: frozenset[str] = frozenset()
    dim_arrows: frozenset[str] = frozenset()
    dim_sparkles: frozenset[str] = frozenset()
    shown_states: frozenset[int] | None = None
    shown_sparkles: frozenset[str] | None = None
    problems: tuple[str, ...] = ()


def matches_of(machine: Machine, text: str) -> Matches:
    """Look for words in the names of states and sparkles; each word must be in one name."""
    words = text.lower().split()
    if not words:
        return Matches()

    def fits(name: str) -> bool:
        low = name.lower()
        return all(word in low for word in words)

    nodes = {it.id for it in machine.nodes.values() if fits(it.name)}
    causes = {label.sparkle for arrow in machine.arrows.values() for label in arrow.labels}
    sparkles = {it for it in {*machine.sparkles, *causes} if fits(it)}
    by_sparkle = {it.id for it in machine.arrows.values() if any(label.sparkle in sparkles for label in it.labels)}
    arrows = by_sparkle | {it.id for it in machine.arrows.values() if it.tail in nodes or it.head in nodes}
    ends = {end for name in by_sparkle for end in (machine.arrows[name].tail, machine.arrows[name].head)}
    if not nodes and not sparkles:
        return Matches(problems=(f"No state and no sparkle has “{text.strip()[:60]}” in its name.",))
    states = frozenset(machine.nodes[it].index for it in nodes if machine.nodes[it].kind == "state")
    return Matches(
        dim_nodes=frozenset(machine.nodes.keys() - nodes - ends),
        dim_arrows=frozenset(machine.arrows.keys() - arrows),
        dim_sparkles=frozenset(causes - sparkles) if not nodes else frozenset(),
        shown_states=states or None,
        shown_sparkles=frozenset(sparkles) or None,
    )
