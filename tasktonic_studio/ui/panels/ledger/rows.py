"""What a row of the ledger shows, for an essence and for a group. No widgets, no model."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.item_models.roles import Column
from tasktonic_studio.ui.panels.ledger.arrangement import CROWD, GroupKey, Sort
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.essence_words import state_words

COLUMNS: Final = (
    Column(
        "name",
        "Name",
        "What it is called, below what made it.",
        "sensor",
        stretch=True,
        icon=True,
        roomy="historian  ·  12 users",
    ),
    Column("state", "State", "The state of its state machine, or how it is.", "overheated", icon=True, shrinks=True),
    Column("type", "Type", "Its class.", "ConveyorBelt", rank=3),
    Column("catalyst", "Catalyst", "The catalyst that runs it.", "main_catalyst", rank=4),
    Column("rate", "Rate", "Sparkles run per second, over about the last second.", "9 999", right=True, rank=1),
    Column(
        "activity",
        "Active",
        "How long ago it last ran a sparkle, or finished; of what has ended, how long before its end.",
        "at the end",
        right=True,
        rank=2,
    ),
    Column("timers", "Timers", "How many timers of its own live.", "99", right=True, rank=6),
    Column("errors", "Errors", "How many of its sparkles raised.", "99", right=True, rank=5),
)

_FULL_DIGITS: Final = 4
"""A full bar stands for a rate of ten to this power."""
_USERS_NAMED: Final = 12

_ICONS: Final = {"plain": "tonic", "catalyst": "catalyst", "service": "service", "timer": "timer", "system": "settings"}
_ICON_ROLES: Final = {
    "plain": "text_muted",
    "catalyst": "accent",
    "service": "accent",
    "timer": "text_muted",
    "system": "text_muted",
}
SHAPE_WORDS: Final = {
    "ok": "",
    "finishing": "finishing",
    "finished": "finished",
    "dead": "its catalyst is dead",
    "paused": "its catalyst is held",
    "running": "inside a sparkle for long",
}
"""What the shapes mean, for tool tip and screen reader."""


class LedgerRow(NamedTuple):
    """All that the cells of one row show at one moment."""

    texts: tuple[str, ...]
    icon: str
    icon_role: str
    shape: str
    state_role: str
    share: float
    figure: float
    aside: bool
    heading: bool
    tip: str


NO_ROW: Final = LedgerRow(("",) * len(COLUMNS), "", "text", "", "", 0.0, 0.0, True, False, "")
"""What a row shows whose essence is not known any more."""


def essence_row(
    known: Knowledge, facts: EssenceFacts, *, sort: Sort, timers: int, rate: float, active: str, is_hit: bool
) -> LedgerRow:
    """The row of an essence. ``rate`` and ``active`` are given, as they are not taken anew each time; ``is_hit`` is false
    for one that only stands above what a filter found.
    """
    shape, words, role = state_words(known, facts)
    kind = known.names.cls(facts.cls)
    has_failed = facts.errors > 0 and facts.is_alive
    # Who used a service when it finished may have finished after it, and is of no use any more.
    users = f"  ·  {figures.counted(len(facts.users), 'user')}" if sort == "service" and facts.is_alive else ""
    return LedgerRow(
        texts=(
            figures.short(facts.name) + users,
            figures.short(words),
            figures.short(kind),
            figures.short(known.essences.name(facts.catalyst)) if facts.catalyst not in (facts.id, -1) else "",
            figures.rate(rate),
            active,
            figures.grouped(timers) if timers else "",
            figures.grouped(facts.errors) if facts.errors else "",
        ),
        icon="error" if has_failed else _ICONS[sort],
        icon_role="error" if has_failed else _ICON_ROLES[sort] if is_hit else "text_muted",
        shape=shape,
        state_role=role,
        share=share(rate),
        figure=rate,
        aside=not facts.is_alive or not is_hit,
        heading=False,
        tip=_tip(known, facts, words, shape, timers),
    )


def _tip(known: Knowledge, facts: EssenceFacts, words: str, shape: str, timers: int) -> str:
    parts = [f"{figures.short(facts.name)}: {known.names.cls(facts.cls)}", words]
    if SHAPE_WORDS[shape] not in ("", words):
        parts.append(SHAPE_WORDS[shape])
    if timers:
        parts.append(figures.counted(timers, "timer"))
    if facts.errors:
        parts.append(figures.counted(facts.errors, "error"))
    tip = ", ".join(parts)
    if facts.users:
        named = ", ".join(figures.short(known.essences.name(user), 40) for user in facts.users[:_USERS_NAMED])
        tip += f"\nUsed by {named}{' …' if len(facts.users) > _USERS_NAMED else ''}"
    return tip


def group_row(known: Knowledge, key: GroupKey, count: int, rate: float) -> LedgerRow:
    """The row of a group of so many."""
    kind, _, cls = key
    name = figures.short(known.names.cls(cls))
    many = figures.grouped(count)
    text, icon, tip = {
        "services": ("Services", "service", "Instances that are shared by name, with the number of their users."),
        "crowd": (f"×{many} {name}", "tonic", f"More than {CROWD} siblings of class {name}."),
        "finished": (f"{many} finished {name}", "tonic", f"Siblings of class {name} that have finished."),
    }[kind]
    return LedgerRow(
        texts=(text, "", name if kind == "crowd" else "", "", figures.rate(rate), "", "", ""),
        icon=icon,
        icon_role="text_muted",
        shape="",
        state_role="",
        share=share(rate),
        figure=rate,
        aside=kind == "finished",
        heading=kind == "services",
        tip=tip,
    )


def share(rate: float) -> float:
    """The length of the bar for a rate, 0 to 1: it grows with the number of digits."""
    return min(1.0, math.log10(1 + rate) / _FULL_DIGITS)
