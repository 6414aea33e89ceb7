"""Numbers are found among numbers, whether they lie close together or far apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic_studio.session.lookup import different_in, distinct, places_of

WHOLE = np.iinfo(np.int64)
NUMBERS = st.one_of(st.integers(0, 40), st.integers(0, 100_000), st.integers(int(WHOLE.min), int(WHOLE.max)))


@given(st.lists(NUMBERS, max_size=60), st.lists(NUMBERS, max_size=60))
def test_a_place_is_one_at_which_the_number_stands(asked: list[int], known: list[int]) -> None:
    known = sorted(known)

    places = places_of(np.array(asked, np.int64), np.array(known, np.int64)).tolist()

    assert len(places) == len(asked)
    for number, place in zip(asked, places, strict=True):
        assert (known[place] == number) if place >= 0 else (number not in known)


def test_numbers_that_lie_close_together_are_not_searched_for_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[int] = []
    search = np.searchsorted

    def counted(known: np.ndarray, numbers: object, side: str = "left") -> object:
        searched.append(np.size(numbers))  # type: ignore[arg-type]
        return search(known, numbers, side)  # type: ignore[call-overload]

    monkeypatch.setattr("tasktonic_studio.session.lookup.np.searchsorted", counted)
    asked = np.arange(1_000_000, 1_065_536, dtype=np.int64)

    places = places_of(asked, asked[::2])

    assert places[::2].tolist() == list(range(32_768))
    assert not (places[1::2] >= 0).any()
    assert sum(searched) == 2, "the ends, and nothing else"


@given(st.lists(st.integers(-50, 50) | st.integers(-(2**60), 2**60)))
def test_different_numbers_are_those_that_sorting_finds(numbers: list[int]) -> None:
    column = np.array(numbers, np.int64)

    different, which = different_in(column)

    assert different.tolist() == sorted(set(numbers))
    assert different[which].tolist() == numbers


def test_different_numbers_of_names_are_found_without_sorting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic_studio.session.lookup.np.unique", None)

    different, which = different_in(np.array([7, 9, 7, 100], np.uint32))

    assert different.tolist() == [7, 9, 100]
    assert which.tolist() == [0, 1, 0, 2]


@given(
    st.lists(st.integers(-50, 50) | st.integers(-(2**60), 2**60)),
    st.sampled_from([np.int64, np.int32, np.uint8]),
)
def test_what_is_distinct_is_what_sorting_finds(numbers: list[int], dtype: type) -> None:
    column: np.ndarray[Any, Any] = np.array(numbers, np.int64).astype(dtype)

    found = distinct(column)

    assert found.tolist() == sorted(set(column.tolist()))
    assert found.dtype == np.int64


def test_what_is_distinct_is_told_without_what_numpy_loads_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "ma", None, raising=False)

    assert distinct(np.array([3, 1, 3], np.uint8)).tolist() == [1, 3]
    assert distinct(np.array([2**60, -5, 2**60])).tolist() == [-5, 2**60]
