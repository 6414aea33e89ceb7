"""The selected thing, whatever it is, as a subject of the inspector. No Qt."""

from __future__ import annotations

from dataclasses import replace

from tasktonic_studio.session.breakpoints import Breakpoints
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.inspector import essence_facts, flow_facts, other_facts
from tasktonic_studio.ui.panels.inspector.breakpoint_facts import breakpoint_lines
from tasktonic_studio.ui.panels.inspector.fact import Subject, section

_NOUNS = {
    "essence": "tonic",
    "catalyst": "catalyst",
    "class": "class",
    "run": "run",
    "order": "order",
    "state": "state",
    "store": "store value",
    "log": "log line",
    "place": "place",
}


def describe(
    known: Knowledge, thing: Thing, *, can_ask: bool = False, breakpoints: Breakpoints | None = None
) -> Subject:
    """Everything that is known about a thing at one moment, and the breakpoints that are about it, whatever the moment."""
    found = _find(known, thing, can_ask=can_ask)
    if found is not None and breakpoints is not None:
        lines = section("breakpoints", "Breakpoints", breakpoint_lines(known, thing, breakpoints))
        # They are few: behind what the thing is, before what can be long.
        return replace(found, sections=(*found.sections[:1], *lines, *found.sections[1:]))
    if found is not None:
        return found
    noun = _NOUNS[thing.kind]
    return Subject(f"This {noun} is not known here", "at the shown moment it was not there, or it was forgotten")


def _find(known: Knowledge, thing: Thing, *, can_ask: bool) -> Subject | None:
    kind, key = thing.kind, thing.key
    if isinstance(key, int):
        if kind in ("essence", "catalyst"):
            facts = known.essences.get(key)
            return essence_facts.describe_essence(known, facts, can_ask=can_ask) if facts is not None else None
        if kind == "run":
            run = known.run_of(key)
            return flow_facts.describe_run(known, run) if run is not None else None
        if kind == "order":
            order = known.order_of(key)
            return flow_facts.describe_order(known, order) if order is not None else None
        return other_facts.describe_log(known, key) if kind == "log" else other_facts.describe_class(known, key)
    first, second = key
    if kind == "state" and isinstance(first, int) and isinstance(second, int):
        return other_facts.describe_state(known, first, second)
    if kind == "store" and isinstance(first, int) and isinstance(second, str):
        return other_facts.describe_store(known, first, second)
    if kind == "place" and isinstance(first, str) and isinstance(second, int):
        return other_facts.describe_place(first, second)
    return None
