from __future__ import annotations

import pytest

from tasktonic_studio.ui.panels.editor.searching import Span, next_hit


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
