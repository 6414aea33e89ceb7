"""Finding text in a text. Pure, and the same for every editor; positions are in characters."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST_HITS: Final = 10_000
"""More are not looked for: nobody reads them, and each costs a mark on the screen."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for."""

    text: str
    match_case: bool = False
    whole_word: bool = False


def find_all(text: str, query: Query) -> list[Span]:
    """Where the query stands in the text, in order; at most ``MOST_HITS``."""
    if not query.text:
        return []
    pattern = re.escape(query.text)
    if query.whole_word:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    spans: list[Span] = []
    for found in re.finditer(pattern, text, 0 if query.match_case else re.IGNORECASE):
        spans.append(found.span())
        if len(spans) == MOST_HITS:
            break
    return spans


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
