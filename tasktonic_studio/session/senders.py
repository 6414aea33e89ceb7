"""Who sends most to a catalyst at the moment."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from tasktonic_studio.session.knowledge import Knowledge

LOOK_BACK_NS: Final = 1_000_000_000
_LOOK_ROWS: Final = 16_384
_WIDTH: Final = 1 << 32
_CAUSES_FROM: Final = 2
"""An order without a sender counts for its cause: by the number of the cause's text, below -1."""


class Sender(NamedTuple):
    """Who, and how many of the orders of the last second. ``essence`` is -1 when it was no tonic; then ``name`` is a cause."""

    essence: int
    name: str
    orders: int


def top_senders(known: Knowledge) -> dict[int, Sender]:
    """For each catalyst that got orders in the last second before the last event: who sent most of them.

    Of more than 16,384 orders in that second only the last ones are looked at.
    """
    orders = known.orders
    start = max(orders.count_at(known.app.first_n), orders.first, len(orders) - _LOOK_ROWS)
    recent = orders.column("t_ns", start) >= known.t_ns - LOOK_BACK_NS
    if not recent.any():
        return {}
    catalysts = orders.column("catalyst", start)[recent].astype(np.int64)
    sources = orders.column("source", start)[recent].astype(np.int64)
    causes = orders.column("cause", start)[recent].astype(np.int64)
    senders = np.where(sources >= 0, sources, -_CAUSES_FROM - causes)
    # Both in one number: sorting pairs takes thirty times as long.
    pairs, counts = np.unique(catalysts * _WIDTH + senders + _WIDTH // 2, return_counts=True)
    found: dict[int, Sender] = {}
    for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
        catalyst, sender = pair // _WIDTH, pair % _WIDTH - _WIDTH // 2
        best = found.get(catalyst)
        if best is None or count > best.orders:
            found[catalyst] = Sender(max(sender, -1), _name(known, sender), count)
    return found


def _name(known: Knowledge, sender: int) -> str:
    if sender >= 0:
        return known.essences.name(sender)
    return known.orders.texts.text(-_CAUSES_FROM - sender) or "outside"
