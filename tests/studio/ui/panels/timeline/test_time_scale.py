"""Time to pixels and back, and the lines of the ruler."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasktonic_studio.ui.panels.timeline.time_scale import FINEST_NS, TimeScale, fitting, label, step_ns, ticks

SECOND = 1_000_000_000
LATE = 40 * 24 * 3600 * SECOND
"""Forty days after the clock began: a float holds only every other nanosecond there."""

scales = st.builds(TimeScale, st.floats(-1e15, 1e15), st.floats(FINEST_NS, 1e9))


@given(scale=scales, x=st.floats(0, 4_000), factor=st.floats(0.01, 100))
def test_zooming_keeps_the_time_under_the_pointer(scale: TimeScale, x: float, factor: float) -> None:
    zoomed = scale.zoomed(factor, x)

    assert abs(zoomed.t_at(x) - scale.t_at(x)) <= 2


@given(scale=scales, px=st.floats(-5_000, 5_000))
def test_moving_moves_by_pixels(scale: TimeScale, px: float) -> None:
    assert scale.moved(px).from_ns == pytest.approx(scale.from_ns + px * scale.ns_per_px)


@given(begin=st.integers(-(10**15), 10**15), took=st.integers(0, 10**13), width=st.integers(1, 3_000))
def test_what_is_fitted_is_on_screen(begin: int, took: int, width: int) -> None:
    scale = fitting(begin, begin + took, width)

    assert scale.x_of(begin) >= -2
    assert scale.x_of(begin + took) <= width + 2


def test_a_zoom_ends_where_a_nanosecond_is_ten_pixels_wide() -> None:
    assert TimeScale(0, 1).zoomed(1_000_000, 0).ns_per_px == FINEST_NS


def test_nanoseconds_late_on_the_clock_are_told_apart() -> None:
    scale = TimeScale(float(LATE), 0.1)

    xs = scale.xs_of(np.array([LATE, LATE + 1, LATE + 2]))

    assert np.diff(xs).tolist() == [10, 10]


def test_edges_are_the_borders_of_pixels() -> None:
    assert TimeScale(100, 10).edges(3).tolist() == [100, 110, 120, 130]


@pytest.mark.parametrize("ns_per_px", [7.0, 12_345.678, 1e6 / 3])
def test_a_pixel_that_is_followed_keeps_its_edges_while_it_moves(ns_per_px: float) -> None:
    one = TimeScale(0, ns_per_px).ending_at(LATE, 1_000)
    other = one.ending_at(LATE + round(50 * ns_per_px), 1_000)

    moved = round((other.from_ns - one.from_ns) / ns_per_px)

    assert moved in (50, 51)
    assert one.edges(1_100)[moved:].tolist() == other.edges(1_100 - moved).tolist()


def test_following_moves_by_whole_pixels() -> None:
    """Else columns would change their height while only time goes on."""
    one = TimeScale(0, 7).ending_at(1_000, 100)
    other = TimeScale(0, 7).ending_at(1_003, 100)

    assert (other.from_ns - one.from_ns) % 7 == 0
    assert 99 <= one.x_of(1_000) <= 100


@pytest.mark.parametrize(
    "least, step",
    [
        *((0.5, 1), (1, 1), (1.5, 2), (3, 5), (7, 10), (999, 1_000), (1.5e9, 2 * SECOND), (2e9, 2 * SECOND)),
        *((11e9, 20 * SECOND), (21e9, 30 * SECOND), (31e9, 60 * SECOND), (2_000e9, 3_600 * SECOND)),
        *((50_000e9, 86_400 * SECOND), (3 * 86_400e9, 5 * 86_400 * SECOND)),
    ],
)
def test_steps_are_round(least: float, step: int) -> None:
    assert step_ns(least) == step


@pytest.mark.parametrize(
    "t_ns, step, words",
    [
        (0, SECOND, "0 s"),
        (12_500_000_000, 500_000_000, "12.5 s"),
        (1_250_000_000, 50_000_000, "1.25 s"),
        (59_000_000_000, SECOND, "59 s"),
        (60_000_000_000, 30 * SECOND, "1:00"),
        (1_234_567_000_000, SECOND, "20:34"),
        (100_500_000_000, 500_000_000, "1:40.5"),
        (8 * 3_600 * SECOND + 127_500_000_000, 500_000_000, "8:02:07.5"),
        (1_000 * 3_600 * SECOND, 86_400 * SECOND, "1 000:00:00"),
        (1_000_200, 100, "0.001 000 2 s"),
        (7, 1, "0.000 000 007 s"),
        (-1_500_000_000, 500_000_000, "−1.5 s"),
    ],
)
def test_labels_have_the_decimals_that_their_step_needs(t_ns: int, step: int, words: str) -> None:
    assert label(t_ns, step).replace("\u202f", " ") == words


@given(scale=scales, width=st.integers(1, 3_000))
def test_ticks_are_few_and_stand_at_their_time(scale: TimeScale, width: int) -> None:
    found = ticks(scale, width, 0)

    assert len(found) < width / 8 + 40
    assert all(-90 <= tick.x <= width + 90 for tick in found)


def test_ticks_count_from_the_begin_of_the_app() -> None:
    found = ticks(TimeScale(5 * SECOND, 10_000_000), 300, 5 * SECOND)

    assert [tick.text.replace("\u202f", " ") for tick in found if tick.text and 0 <= tick.x < 300] == [
        "0 s",
        "1 s",
        "2 s",
    ]
