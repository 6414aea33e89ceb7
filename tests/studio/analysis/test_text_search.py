"""What is found in a text, by words and by patterns, and what comes in its place."""

from __future__ import annotations

import pytest

from tasktonic_studio.analysis.text_search import MOST_HITS, Query, QueryProblem, Span, find_all, replacements


@pytest.mark.parametrize(
    "query, spans",
    [
        (Query("one"), [(0, 3), (4, 7), (9, 12)]),
        (Query("one", match_case=True), [(4, 7), (9, 12)]),
        (Query("one", whole_word=True), [(0, 3), (4, 7)]),
        (Query(""), []),
        (Query("."), [(13, 14)]),
        (Query(r"\bo\w+", is_pattern=True), [(0, 3), (4, 7)]),
        (Query("o|b", match_case=True, is_pattern=True), [(4, 5), (8, 9), (9, 10)]),
        (Query("on|one", whole_word=True, is_pattern=True), [(0, 3), (4, 7)]),
        (Query("^one|x*", is_pattern=True), [(0, 3)]),
    ],
)
def test_hits_are_found(query: Query, spans: list[Span]) -> None:
    assert find_all("One one bone .", query) == spans


def test_positions_count_characters() -> None:
    assert find_all("😀é a", Query("a")) == [(3, 4)]


def test_there_is_an_end_to_looking() -> None:
    assert len(find_all("a" * (MOST_HITS + 5), Query("a"))) == MOST_HITS


def test_begins_and_ends_of_lines_are_those_of_each_line() -> None:
    assert find_all("ab\nab", Query("^a|b$", is_pattern=True)) == [(0, 1), (1, 2), (3, 4), (4, 5)]


@pytest.mark.parametrize("text", ["(", "[a", "*", "a{9999999999999}", r"\2"])
def test_what_is_no_pattern_is_explained(text: str) -> None:
    with pytest.raises(QueryProblem, match=r"This pattern cannot be used: .*\."):
        find_all("a", Query(text, is_pattern=True))


def test_a_hit_begins_and_ends_in_the_part_that_is_asked_for() -> None:
    assert find_all("aa aa aa", Query("a+", is_pattern=True), within=(1, 4)) == [(1, 2), (3, 4)]
    assert find_all("door door", Query("door", whole_word=True), within=(1, 9)) == [(5, 9)]


def test_groups_come_back_in_the_replacement() -> None:
    query = Query(r"(\w+)\.(\w+)", is_pattern=True)

    assert replacements([("x a.b", 2, 5)], query, r"\2.\1") == ["b.a"]
    assert replacements([("x a.b", 2, 5)], Query("a.b"), r"\2") == [r"\2"]
    with pytest.raises(QueryProblem, match="This replacement cannot be used"):
        replacements([("x a.b", 2, 5)], query, r"\3")


def test_what_comes_in_the_place_of_a_hit_is_made_of_that_hit_alone() -> None:
    query = Query(r"(a+)", is_pattern=True)

    assert replacements([("aaa", 0, 2), ("xaa", 1, 3)], query, r"<\1>") == ["<aa>", "<aa>"]
    assert replacements([("b", 0, 1)], Query(r"(?<=a)b", is_pattern=True), "c") == [None]
