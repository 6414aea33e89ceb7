"""Links to what an answer speaks of: named as one would write it down, each with the moment at which it had just happened."""

from __future__ import annotations

from tasktonic.events import NO_STATE
from tasktonic_studio.session.answers import NOWHERE, Link
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.timeline import OrderRow, RunRow


def tonic(known: Knowledge, essence: int, moment: int = NOWHERE) -> Link:
    """An essence by its name."""
    is_catalyst = essence in known.catalysts
    return Link(
        known.essences.name(essence) or "nobody", Thing("catalyst" if is_catalyst else "essence", essence), moment
    )


def sparkle_words(known: Knowledge, essence: int, sparkle: int) -> str:
    """A sparkle of a tonic: `door.ttsc__open`."""
    return f"{known.essences.name(essence)}.{known.names.sparkle(sparkle)}"


def run_link(known: Knowledge, run: RunRow) -> Link:
    """A run, at its end."""
    return Link(sparkle_words(known, run.essence, run.sparkle), Thing("run", run.run), run.n + 1)


def order_link(known: Knowledge, order: OrderRow) -> Link:
    """An order, when it was queued."""
    return Link(sparkle_words(known, order.essence, order.sparkle), Thing("order", order.order), order.n + 1)


def state_name(known: Knowledge, essence: int, state: int) -> str:
    """A state of a tonic by name; `no state` for none."""
    facts = known.essences.get(essence)
    return "no state" if state == NO_STATE else known.names.state(facts.cls if facts else -1, state)


def state_link(known: Knowledge, essence: int, state: int, moment: int = NOWHERE) -> Link:
    """A state of a tonic."""
    facts = known.essences.get(essence)
    thing = Thing("state", (facts.cls, state)) if facts is not None and state != NO_STATE else Thing("essence", essence)
    return Link(state_name(known, essence, state), thing, moment)


def path_link(store: int, path: str, moment: int = NOWHERE) -> Link:
    """A path of a store."""
    return Link(path or "the store itself", Thing("store", (store, path)), moment)


def is_timer(known: Knowledge, essence: int) -> bool:
    """Whether an essence is, or was, a timer."""
    if essence in known.timers:
        return True
    facts = known.essences.get(essence)
    defined = known.names.classes.get(facts.cls) if facts is not None else None
    return defined is not None and "ttTimer" in (defined.name, *defined.bases.split(","))
