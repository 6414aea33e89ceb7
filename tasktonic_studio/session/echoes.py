"""Whether a path of a store is written again and again in consequence of itself.

The chain of causes goes back from a write, order by order. It is an echo when the path was written at regular distances along
it, and everybody in between wrote into a store as well, so that it went from write to write; or when two tonics answered each
other on one path. A tonic that notes its progress and then calls itself is none.
"""

from __future__ import annotations

from collections.abc import Container
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from tasktonic.events import StoreChanged

if TYPE_CHECKING:
    from tasktonic_studio.session.knowledge import Knowledge

WRITERS: Final = 256
"""So many runs that wrote into a store are remembered, the last ones."""
_HOPS: Final = 24
_ROUNDS: Final = 3


def is_echo(know: Knowledge, n: int, event: StoreChanged, writers: Container[int]) -> list[int]:
    """The tonics of one round, the one that wrote just now first; empty when the write is no echo.

    `writers` are runs that wrote into a store. Of the tables only what came before event `n` is looked at.
    """
    entry = know.store.get(event.store, event.path)
    if entry is None:
        return []
    history = entry.history
    own = {change.run for change in history.slice(max(history.first, len(history) - WRITERS), len(history))}
    runs, tonics = _back_from(know, event.run, n)
    hits = [at for at, run in enumerate(runs) if run in own]
    if len(hits) <= _ROUNDS or len({later - earlier for earlier, later in pairwise(hits)}) > 1:
        return []
    period = hits[1] - hits[0]
    if period == 1:
        # Everybody wrote the path itself: two who answer each other, or one who goes on by itself.
        return tonics[:2] if all(one != other for one, other in pairwise(tonics[: hits[-1] + 1])) else []
    went_from_write_to_write = all(run in writers for run in runs[: hits[-1] + 1])
    return tonics[:period] if went_from_write_to_write else []


def _back_from(know: Knowledge, run: int, n: int) -> tuple[list[int], list[int]]:
    """A run, the one that ordered it, and so on: their numbers and whose they are."""
    runs: list[int] = []
    tonics: list[int] = []
    while run and len(runs) < _HOPS:
        order = know.order_before(run, n)
        if order is None:
            break
        runs.append(run)
        tonics.append(order.essence)
        run = order.run
    return runs, tonics
