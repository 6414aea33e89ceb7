"""The picture of a lane with more runs than pixels."""

from __future__ import annotations

import numpy as np

from tasktonic_studio.session.sorted_runs import Strip
from tasktonic_studio.ui.panels.timeline.bands import band, error_marks

SHADES = np.array([11, 12, 13], np.uint32)
ERROR = 99


def strip(counts: list[int], busy: list[int], errors: list[int] | None = None) -> Strip:
    return Strip(np.array(counts), np.array(busy), np.array(errors or [0] * len(counts)))


def heights(pixels: np.ndarray) -> list[int]:
    return [int((column > 0).sum()) for column in pixels.T]


def test_columns_are_as_high_as_it_was_busy() -> None:
    pixels = band(strip([1, 5, 5, 0], [0, 50, 100, 0]), 100, 20, SHADES, ERROR)

    assert heights(pixels) == [2, 10, 20, 0]


def test_a_column_stands_on_the_ground() -> None:
    pixels = band(strip([5], [50]), 100, 4, SHADES, ERROR)

    assert pixels[:, 0].tolist()[:2] == [0, 0]
    assert all(pixels[2:, 0])


def test_time_in_the_middle_of_a_long_run_is_busy_too() -> None:
    assert heights(band(strip([0], [100]), 100, 20, SHADES, ERROR)) == [20]


def test_more_runs_are_stronger() -> None:
    pixels = band(strip([1, 1_000_000], [100, 100]), 100, 4, SHADES, ERROR)

    assert pixels[0].tolist() == [11, 13]


def test_an_error_fills_its_column_whatever_else_is_in_it() -> None:
    pixels = band(strip([9, 9, 0, 0], [1, 1, 0, 0], [0, 1, 0, 0]), 100, 5, SHADES, ERROR)

    assert heights(pixels) == [2, 5, 5, 0]
    assert set(pixels[:, 1].tolist()) == {ERROR}


def test_more_than_one_busy_lane_in_one_is_no_higher_than_the_lane() -> None:
    assert heights(band(strip([9], [1_000]), 100, 5, SHADES, ERROR)) == [5]


def test_marks_of_errors_keep_apart() -> None:
    assert error_marks(strip([9] * 40, [0] * 40, [1] * 40), 16) == [0, 16, 32]


def test_where_the_clock_stands_still_columns_are_as_high_as_there_were_many() -> None:
    assert heights(band(strip([0, 1, 31, 1_023], [0, 0, 0, 0]), 100, 20, SHADES, ERROR)) == [0, 2, 10, 20]
