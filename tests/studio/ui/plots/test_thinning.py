"""Points that are left out of a plot, and those that never are."""

from __future__ import annotations

import numpy as np
import pytest

from tasktonic_studio.ui.plots.thinning import round_top, thin, window


def test_a_short_series_stays_as_it_is() -> None:
    times, values = np.arange(100), np.arange(100.0)

    assert thin(times, values, 50) == (times, values)


@pytest.mark.parametrize("width", [1, 7, 400])
def test_a_long_series_gets_at_most_two_points_per_pixel(width: int) -> None:
    times = np.arange(100_000) * 1_000
    values = np.sin(np.arange(100_000.0))

    thinned_times, thinned = thin(times, values, width)

    assert len(thinned_times) == len(thinned) <= 2 * width
    assert (np.diff(thinned_times) >= 0).all()


def test_a_single_peak_survives() -> None:
    values = np.zeros(1_000_000)
    values[654_321] = 7
    values[123_456] = -3

    _, thinned = thin(np.arange(1_000_000), values, 300)

    assert (thinned.max(), thinned.min()) == (7, -3)


def test_a_rising_line_is_drawn_rising() -> None:
    _, thinned = thin(np.arange(10_000), np.arange(10_000), 100)

    assert (np.diff(thinned) >= 0).all()


def test_a_series_of_one_moment_is_one_pixel() -> None:
    times, thinned = thin(np.zeros(1_000, np.int64), np.arange(1_000), 100)

    assert (times.tolist(), thinned.tolist()) == ([0, 0], [0, 999])


def test_times_without_values_are_refused() -> None:
    with pytest.raises(ValueError, match=r"3 times and 2 values make no series: there must be as many of both\."):
        thin(np.arange(3), np.arange(2), 10)


def test_a_window_has_one_point_more_at_each_side() -> None:
    times = np.array([0, 10, 20, 30, 40, 50])

    assert times[window(times, 15, 35)].tolist() == [10, 20, 30, 40]
    assert times[window(times, -5, 100)].tolist() == times.tolist()


@pytest.mark.parametrize("most, top", [(0, 1), (1, 1), (3, 5), (0.07, 0.1), (11, 20), (1_000, 1_000), (6e7, 1e8)])
def test_an_axis_ends_at_a_round_number(most: float, top: float) -> None:
    assert round_top(most) == pytest.approx(top)
