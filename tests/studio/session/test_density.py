"""The histogram over an app's whole time, against a count of every moment."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic_studio.session import density
from tasktonic_studio.session.density import Density


@pytest.fixture(autouse=True)
def few_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(density, "BUCKETS", 8)
    monkeypatch.setattr(density, "_NARROWEST_NS", 4)


moments = st.lists(st.tuples(st.integers(-200, 5_000), st.booleans()), min_size=1, max_size=60)


def counted(taken: list[tuple[int, bool]], batch: int) -> Density:
    made = Density()
    for start in range(0, len(taken), batch):
        part = taken[start : start + batch]
        made.take(np.array([t for t, _ in part], np.int64), np.array([failed for _, failed in part]))
    return made


@given(taken=moments, batch=st.integers(1, 20), pixels=st.integers(1, 40))
def test_nothing_is_lost_however_time_grows(taken: list[tuple[int, bool]], batch: int, pixels: int) -> None:
    made = counted(taken, batch)
    assert made.first_ns is not None

    runs, errors = made.over(-100_000, 100_000, pixels)

    assert runs.sum() == pytest.approx(len(taken))
    assert errors.sum() == sum(failed for _, failed in taken)
    assert (made.first_ns, made.last_ns) == (min(t for t, _ in taken), max(t for t, _ in taken))


@given(taken=moments, batch=st.integers(1, 20))
def test_buckets_hold_what_happened_in_them(taken: list[tuple[int, bool]], batch: int) -> None:
    made = counted(taken, batch)
    first, wide = made._from_ns, made._bucket_ns

    runs, errors = made.over(first, first + 8 * wide, 8)

    for bucket in range(8):
        inside = [failed for t, failed in taken if first + bucket * wide <= t < first + (bucket + 1) * wide]
        assert (round(runs[bucket]), errors[bucket]) == (len(inside), sum(inside))


def test_a_bucket_that_is_wider_than_a_pixel_is_shared() -> None:
    made = counted([(0, False), (1, True)], 2)

    runs, errors = made.over(0, 4, 4)

    assert runs.tolist() == [0.5, 0.5, 0.5, 0.5]
    assert errors.tolist() == [1, 0, 0, 0]


def test_an_error_just_left_of_the_first_pixel_is_shown_in_it() -> None:
    made = counted([(0, True), (30, False)], 2)

    assert made.over(1, 9, 4)[1].tolist() == [1, 0, 0, 0]


def test_an_empty_one_has_nothing_to_show() -> None:
    runs, errors = Density().over(0, 0, 3)

    assert (runs.tolist(), errors.tolist(), Density().first_ns) == ([0, 0, 0], [0, 0, 0], None)
