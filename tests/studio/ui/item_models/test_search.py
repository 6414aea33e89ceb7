"""A search through a long list, from its end."""

from __future__ import annotations

import numpy as np

from tasktonic_studio.ui.item_models.search import BackwardSearch
from tasktonic_studio.ui.item_models.table import Items


def test_a_search_looks_from_the_end() -> None:
    asked: list[tuple[int, int]] = []

    def look(start: int, stop: int) -> Items:
        asked.append((start, stop))
        return np.arange(start, stop)[::10]

    search = BackwardSearch(5, 105, look)
    while not search.is_done:
        search.step(40)

    assert asked == [(65, 105), (25, 65), (5, 25)]
    assert search.items().tolist() == [5, 15, 25, 35, 45, 55, 65, 75, 85, 95]


def test_a_search_tells_how_far_it_is() -> None:
    search = BackwardSearch(0, 100, np.arange)
    before = (search.has_begun, search.share)

    search.step(25)

    assert before == (False, 0.0)
    assert (search.has_begun, search.share, search.is_done) == (True, 0.25, False)


def test_a_search_through_nothing_finds_nothing() -> None:
    search = BackwardSearch(7, 7, np.arange)

    assert search.is_done
    assert search.items().tolist() == []
