"""Which hit comes next. Pure; what hits there are is found by ``analysis.text_search``."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

Span = tuple[int, int]


def next_hit(hits: Sequence[Span], selection: Span, forward: bool) -> int:
    """The index of the hit after or before a selection, round the end of the text; -1 without any hit.

    Going forward, a hit that begins where the selection begins counts only when it is not the selection itself: typing
    one letter more then stays at the hit.
    """
    if not hits:
        return -1
    index = bisect_left(hits, (selection[0], -1))
    if forward:
        if index < len(hits) and hits[index] == selection:
            index += 1
        return index % len(hits)
    return (index - 1) % len(hits)


def hit_at(hits: Sequence[Span], selection: Span) -> int:
    """The index of the hit that is selected; -1 when none is."""
    index = bisect_left(hits, selection)
    return index if index < len(hits) and hits[index] == selection else -1
