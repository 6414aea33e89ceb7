"""Narrow runs are drawn together, wide ones by themselves, and none is lost."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tasktonic_studio.ui.panels.timeline.merging import ALONE_PX, APART_PX, blocks_of, lost_of, wide_ones

runs = st.lists(st.tuples(st.floats(0, 300), st.floats(0, 8), st.booleans()), max_size=60).map(sorted)


@given(runs=runs)
def test_every_run_is_drawn_exactly_once(runs: list[tuple[float, float, bool]]) -> None:
    left = np.array([run[0] for run in runs])
    right = left + np.array([run[1] for run in runs])
    failed = np.array([run[2] for run in runs], np.bool_)

    blocks = blocks_of(left, right, failed)

    assert int(blocks.runs.sum()) + len(wide_ones(left, right)) == len(runs)
    narrow = right - left < ALONE_PX
    assert bool(blocks.failed.any()) == bool((failed & narrow).any())


@given(runs=runs)
def test_blocks_do_not_touch_unless_something_wide_is_between(runs: list[tuple[float, float, bool]]) -> None:
    left = np.array([run[0] for run in runs])
    right = left + np.array([run[1] for run in runs])
    blocks = blocks_of(left, right, np.zeros(len(runs), np.bool_))
    wide = wide_ones(left, right)

    for number in range(1, len(blocks.runs)):
        is_between = bool(((wide < blocks.first[number]) & (wide > blocks.first[number - 1])).any())
        assert is_between or blocks.left[number] > blocks.right[number - 1] + APART_PX


def test_runs_within_a_pixel_are_one_block() -> None:
    left = np.array([0.0, 0.4, 1.2, 50.0])

    blocks = blocks_of(left, left + 0.2, np.array([False, True, False, False]))

    assert blocks.runs.tolist() == [3, 1]
    assert blocks.failed.tolist() == [True, False]
    assert (blocks.left[0], round(float(blocks.right[0]), 6)) == (0.0, 1.4)


def test_gaps_that_cannot_be_told_apart_are_one() -> None:
    left = np.array([50.0, 0.0, 2.0, 90.0])

    lost = lost_of(left, left + np.array([20.0, 0.0, 0.0, 1.0]), np.array([5, 1, 2, 7]))

    assert list(zip(*(column.tolist() for column in lost), strict=True)) == [(0, 6, 3), (50, 70, 5), (90, 94, 7)]


def test_no_gap_is_no_stretch() -> None:
    none = np.empty(0)

    assert len(lost_of(none, none, np.empty(0, np.int64)).left) == 0
