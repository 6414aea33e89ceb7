"""Which line of one text is which line of a later one."""

from __future__ import annotations

import pytest

from tasktonic_studio.analysis.line_map import LineMap

OLD = "a\nb\nc\nd\ne\n"


@pytest.mark.parametrize(
    "new, places",
    [
        (OLD, [1, 2, 3, 4, 5]),
        ("x\ny\n" + OLD, [3, 4, 5, 6, 7]),
        ("a\nb\nx\nc\nd\ne\n", [1, 2, 4, 5, 6]),
        ("a\nd\ne\n", [1, 0, 0, 2, 3]),
        ("a\nB\nc\nx\nd\nE\n", [1, 0, 3, 5, 0]),
        ("", [0, 0, 0, 0, 0]),
    ],
)
def test_lines_are_where_their_text_is(new: str, places: list[int]) -> None:
    there = LineMap(OLD, new)

    assert [there.in_new(line) for line in range(1, 6)] == places
    assert [there.in_old(place) for place in places if place] == [at for at, place in enumerate(places, 1) if place]
    assert there.is_same == (new == OLD)


def test_a_line_that_is_gone_is_near_where_it_was() -> None:
    there = LineMap(OLD, "a\nd\ne\n")

    assert [there.near_in_new(line) for line in range(1, 6)] == [1, 2, 2, 2, 3]


def test_lines_beyond_the_text_are_nowhere() -> None:
    there = LineMap(OLD, "a\n")

    assert (there.in_new(9), there.in_old(9), there.near_in_new(9)) == (0, 0, 1)
