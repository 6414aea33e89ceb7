"""What is found in a text, by words and by patterns, and what comes in its place."""

from __future__ import annotations

import pytest

from tasktonic_studio.analysis.text_search import MOST_HITS, Query, QueryProblem, Span, find_all, replaced


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


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+$",
        "(?:x*y*)*",
        "((a{2,})|b)+",
        "(?=(a+)+)b",
        "(a|aa)+$",
        r"(\w\w|ab)+$",
        "(ab|AB)+$",
        "(a{1,3})+$",
        "(a|)+$",
    ],
)
def test_a_pattern_that_may_look_for_ever_is_refused(text: str) -> None:
    with pytest.raises(QueryProblem, match="may never end"):
        find_all("a" * 50 + "b", Query(text, is_pattern=True))


@pytest.mark.parametrize(
    "text", ["(ab)+", "a+b+", r"def \w+\(.*?\)", "(a{1,3})b?", "(open|shut)+", "[ab]+", "(a{2}b)*"]
)
def test_usual_patterns_are_not_refused(text: str) -> None:
    find_all("abab", Query(text, is_pattern=True))


def test_groups_come_back_in_the_replacement() -> None:
    query = Query(r"(\w+)\.(\w+)", is_pattern=True)

    assert replaced("x a.b", (2, 5), query, r"\2.\1") == "b.a"
    assert replaced("x a.b", (2, 5), Query("a.b"), r"\2") == r"\2"
    with pytest.raises(QueryProblem, match="This replacement cannot be used"):
        replaced("x a.b", (2, 5), query, r"\3")
