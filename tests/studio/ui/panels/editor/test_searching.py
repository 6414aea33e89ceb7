from __future__ import annotations

import pytest

from tasktonic_studio.ui.panels.editor.searching import MOST_HITS, Query, Span, find_all, next_hit


@pytest.mark.parametrize(
    "query, spans",
    [
        (Query("one"), [(0, 3), (4, 7), (9, 12)]),
        (Query("one", match_case=True), [(4, 7), (9, 12)]),
        (Query("one", whole_word=True), [(0, 3), (4, 7)]),
        (Query(""), []),
        (Query("."), [(13, 14)]),
    ],
)
def test_hits_are_found(query: Query, spans: list[Span]) -> None:
    assert find_all("One one bone .", query) == spans


def test_positions_count_characters() -> None:
    assert find_all("😀é a", Query("a")) == [(3, 4)]


def test_there_is_an_end_to_looking() -> None:
    assert len(find_all("a" * (MOST_HITS + 5), Query("a"))) == MOST_HITS


@pytest.mark.parametrize(
    "selection, forward, index",
    [
        ((0, 0), True, 0),
        ((0, 2), True, 1),
        ((0, 1), True, 0),
        ((5, 5), True, 2),
        ((8, 10), True, 0),
        ((8, 10), False, 1),
        ((0, 2), False, 2),
        ((3, 3), False, 0),
    ],
)
def test_the_next_hit_goes_round(selection: Span, forward: bool, index: int) -> None:
    assert next_hit([(0, 2), (4, 6), (8, 10)], selection, forward) == index


def test_without_hits_there_is_no_next_one() -> None:
    assert next_hit([], (0, 0), True) == -1
