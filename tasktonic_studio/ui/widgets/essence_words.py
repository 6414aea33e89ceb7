"""How an essence is, in a word and a shape: the same in every panel. No Qt."""

from __future__ import annotations

from typing import Final

from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.queues import CatalystFacts
from tasktonic_studio.ui.widgets import figures

GONE: Final = ("ended", "lost")
"""How a target is of which nothing more will come: what lived last still stands there, but does nothing."""

LONG_NS: Final = 100_000_000
"""A sparkle that runs this long is said to run. Shorter ones would only flicker."""


def state_words(known: Knowledge, facts: EssenceFacts) -> tuple[str, str, str]:
    """How an essence is: shape, words, colour role of the words (empty: as usual).

    The state of its own machine comes before words on its catalyst: the shape tells of that, and so does the tool tip.
    """
    state = known.names.state(facts.cls, facts.state) if facts.state >= 0 else ""
    if facts.life != "alive":
        return facts.life, facts.life, "text_muted"
    if known.target.status in GONE:
        return "finished", state or "ended", "text_muted"
    catalyst = known.catalysts.get(facts.catalyst)
    if catalyst is not None and not catalyst.alive:
        return "dead", state or "dead", "error"
    if catalyst is not None and catalyst.held:
        return "paused", state or "held", "warning"
    if catalyst is not None and catalyst.inside == facts.id:
        inside_ns = catalyst.inside_for_ns(known.t_ns)
        if inside_ns >= LONG_NS:
            return "running", f"{state or 'runs'} {figures.duration(inside_ns)}", "running"
    return "ok", state or "alive", "" if state else "text_muted"


def depth_of(known: Knowledge, facts: CatalystFacts) -> int:
    """How many orders wait: as its last beat said, which knows of more than was seen; once it has ended those that are left."""
    is_alive = facts.alive and known.target.status not in GONE
    return facts.depth if facts.beat_ns and is_alive else len(known.waiting_of(facts.id)[0])
