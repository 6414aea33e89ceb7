from __future__ import annotations

import pytest

from tasktonic_studio.ui.panels.editor.differing import differing


@pytest.mark.parametrize(
    "old, new, found",
    [
        ("abc", "abc", (3, 3, 3)),
        ("abc", "aXc", (1, 2, 2)),
        ("aa", "aaa", (2, 2, 3)),
        ("aaa", "aa", (2, 3, 2)),
        ("", "abc", (0, 0, 3)),
        ("abc", "", (0, 3, 0)),
        ("one two", "two", (0, 4, 0)),
        ("x\ny\nz", "x\nz", (2, 4, 2)),
    ],
)
def test_what_differs_is_between_what_is_the_same(old: str, new: str, found: tuple[int, int, int]) -> None:
    begin, end_of_old, end_of_new = differing(old, new)

    assert (begin, end_of_old, end_of_new) == found
    assert old[:begin] + new[begin:end_of_new] + old[end_of_old:] == new
