"""Which line of one text is which line of a later one. Pure."""

from __future__ import annotations

from bisect import bisect_right
from difflib import SequenceMatcher
from typing import Final

_MOST_COMPARED: Final = 20_000
"""Lines between the same begin and the same end; of more none is taken for the same."""


class LineMap:
    """Two texts, line by line; lines count from 1. A line is the same only with the same characters, blanks included.

    Args:
        old: the one text.
        new: the other one.
    """

    def __init__(self, old: str, new: str) -> None:
        olds, news = old.splitlines(), new.splitlines()
        self.is_same = olds == news
        self._old_count, self._new_count = len(olds), len(news)
        self._blocks = [(begin, other, size) for begin, other, size in _same_blocks(olds, news) if size]
        """First line of each same part in both, from 0, and how many lines it has."""

    def in_new(self, line: int) -> int:
        """Where a line of the old text is in the new one; 0 when it is not there."""
        return _across([(old, new, size) for old, new, size in self._blocks], line)

    def in_old(self, line: int) -> int:
        """Where a line of the new text was in the old one; 0 when it was not there."""
        return _across([(new, old, size) for old, new, size in self._blocks], line)

    def near_in_new(self, line: int) -> int:
        """The same as `in_new`, and for a line that is not there the place where it would be."""
        return self.in_new(line) or _near([(old, new, size) for old, new, size in self._blocks], line, self._new_count)


def _same_blocks(olds: list[str], news: list[str]) -> list[tuple[int, int, int]]:
    begin, most = 0, min(len(olds), len(news))
    while begin < most and olds[begin] == news[begin]:
        begin += 1
    end = 0
    while end < most - begin and olds[-1 - end] == news[-1 - end]:
        end += 1
    own, other = olds[begin : len(olds) - end], news[begin : len(news) - end]
    found = [(0, 0, begin)]
    if max(len(own), len(other)) <= _MOST_COMPARED:
        blocks = SequenceMatcher(None, own, other).get_matching_blocks()
        found += [(begin + one, begin + two, size) for one, two, size in blocks]
    return [*found, (len(olds) - end, len(news) - end, end)]


def _across(blocks: list[tuple[int, int, int]], line: int) -> int:
    at = bisect_right(blocks, line - 1, key=lambda block: block[0]) - 1
    if at < 0:
        return 0
    begin, other, size = blocks[at]
    return other + line - begin if line - 1 < begin + size else 0


def _near(blocks: list[tuple[int, int, int]], line: int, most: int) -> int:
    at = bisect_right(blocks, line - 1, key=lambda block: block[0]) - 1
    behind = blocks[at][1] + blocks[at][2] if at >= 0 else 0
    return max(1, min(behind + 1, most))
