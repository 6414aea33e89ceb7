"""Which hit comes next, and where a part of a text is that is searched alone. Pure; hits are found by ``analysis.text_search``."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

Span = tuple[int, int]


class Part(NamedTuple):
    """A part of a text, with what is around it."""

    before: str
    text: str
    behind: str

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Part:
        """What stands from `start` to `end`."""
        return cls(text[:start], text[start:end], text[end:])

    @property
    def span(self) -> Span:
        return len(self.before), len(self.before) + len(self.text)

    def in_changed(self, text: str, caret: int) -> Part | None:
        """The part in a text that was changed in one place since: inside it, before it, or behind it. None when more was changed.

        Where the text alone does not tell, as with a line that was doubled, it is where the caret is.
        """
        before, own, behind = self
        is_inside = len(text) >= len(before) + len(behind) and text.startswith(before) and text.endswith(behind)
        start, end = len(text) - len(own) - len(behind), len(before) + len(own)
        if text.endswith(own + behind) and (caret <= start or not is_inside):
            return Part.of(text, start, start + len(own))
        if text.startswith(before + own) and (caret > end or not is_inside):
            return Part.of(text, len(before), end)
        return Part.of(text, len(before), len(text) - len(behind)) if is_inside else None


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
