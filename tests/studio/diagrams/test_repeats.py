"""What repeats in a row of keys, against looking at every place by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic_studio.diagrams.repeats import Repeat, find_repeats


def repeats_in(text: str) -> list[tuple[str, int]]:
    """Patterns with how often they come, of a row of letters."""
    found = find_repeats(np.array([ord(sign) for sign in text], np.int64))
    return [(text[it.start : it.start + it.period], it.times) for it in found]


@pytest.mark.parametrize(
    "text, patterns",
    [
        ("", []),
        ("a", []),
        ("abcd", []),
        ("aa", []),
        ("aaa", [("a", 3)]),
        ("xaaaay", [("a", 4)]),
        ("abab", []),
        ("abababc", [("ab", 3)]),
        ("abcbcbcbcd", [("bc", 4)]),
        ("aaabaaabaaab", [("aaab", 3)]),
        ("aaabbb", [("a", 3), ("b", 3)]),
        ("abcabcabca", [("abc", 3)]),
    ],
)
def test_a_pattern_that_comes_three_times_is_found(text: str, patterns: list[tuple[str, int]]) -> None:
    assert repeats_in(text) == patterns


def test_a_pattern_longer_than_asked_for_is_not_looked_for() -> None:
    keys = np.tile(np.arange(5), 4)

    assert find_repeats(keys, longest=4) == []
    assert find_repeats(keys, longest=5) == [Repeat(0, 5, 4)]


def saved_by_hand(keys: list[int], start: int, period: int, least: int) -> int:
    times = 1
    while keys[start + times * period : start + (times + 1) * period] == keys[start : start + period]:
        times += 1
    return (times - 1) * period if times >= least else 0


def repeats_by_hand(keys: list[int], longest: int, least: int) -> list[Repeat]:
    found, at = [], 0
    while at < len(keys):
        periods = range(1, min(longest, len(keys) // least) + 1)
        saved = [(saved_by_hand(keys, at, period, least), -period) for period in periods]
        best, period = max(saved, default=(0, 0))
        if best:
            found.append(Repeat(at, -period, best // -period + 1))
            at = found[-1].stop
        else:
            at += 1
    return found


@given(st.lists(st.integers(0, 2), max_size=90), st.integers(1, 6), st.integers(2, 4))
def test_repeats_are_those_that_a_loop_over_all_places_finds(keys: list[int], longest: int, least: int) -> None:
    found = find_repeats(np.array(keys, np.int64), longest=longest, least=least)

    assert found == repeats_by_hand(keys, longest, least)
