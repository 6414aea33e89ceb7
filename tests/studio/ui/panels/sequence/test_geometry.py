"""Where rows and lifelines stand."""

from __future__ import annotations

import numpy as np
import pytest

from tasktonic_studio.session.calls import Hooks, calls_of, last_calls
from tasktonic_studio.session.sequence import Asked, SequenceDiagram, an_empty_sequence, sequence_of
from tasktonic_studio.ui.panels.sequence.geometry import (
    MOST_DRAWN,
    Places,
    fitting_scale,
    kept_in_bounds,
    sizes_for,
)
from tests.helpers.builders import MS
from tests.studio.ui.panels.sequence.conftest import Hall

SIZES = sizes_for(800, 4, 14, 7, 60)


def calls_in_hall(hall: Hall, folded: bool = False) -> SequenceDiagram:
    known = hall.tell().live
    hooks = Hooks()
    hooks.take(known)
    calls = calls_of(known, last_calls(known, 100_000), hooks)
    return sequence_of(known, calls, Asked(selves=folded, repeats=folded))


@pytest.mark.parametrize(
    "width, lanes, lane_px",
    [(800, 4, 178.0), (800, 12, 77.0), (4_000, 2, 238.0), (100, 5, 77.0), (0, 0, 77.0)],
)
def test_lanes_share_the_width_but_stay_readable(width: int, lanes: int, lane_px: float) -> None:
    assert sizes_for(width, lanes, 14, 7, 60).lane == lane_px


def test_rows_stand_one_below_the_other(hall: Hall) -> None:
    hall.story()

    places = Places(calls_in_hall(hall, folded=True), SIZES)

    assert np.diff(places.came).tolist() == [float(SIZES.row)] * (len(places.came) - 1)
    assert places.height >= places.came[-1]


def test_each_row_is_found_at_its_place(hall: Hall) -> None:
    hall.story()
    diagram = calls_in_hall(hall, folded=True)
    places = Places(diagram, SIZES)

    for row, y in enumerate(places.came.tolist()):
        assert places.row_at(y) == row
        assert places.row_at(y - SIZES.line) == row
    assert places.row_at(-50) == -1
    assert places.row_at(places.height + 50) == -1


def test_a_single_row_is_found(hall: Hall) -> None:
    hall.call(hall.boss, "ttsc__go")

    places = Places(calls_in_hall(hall), SIZES)

    assert places.row_at(float(places.came[0])) == 0


def test_nothing_has_no_places(hall: Hall) -> None:
    for scale in (0.0, 1_000.0):
        places = Places(an_empty_sequence(hall.tell().live), SIZES, scale)

        assert places.row_at(10) == -1
        assert places.between(0, 1_000)[1] == 0


def test_to_scale_an_arrow_comes_when_its_run_begins(hall: Hall) -> None:
    hall.call(hall.boss, "ttsc__go")
    hall.wait(10 * MS)
    hall.call(hall.boss, "ttsc__go")

    places = Places(calls_in_hall(hall), SIZES, MS / 10)

    assert (places.came - places.sent).tolist() == [10.0, 10.0]
    assert (places.bar_until - places.came).tolist() == [10.0, 10.0]
    assert (places.sent[1] - places.sent[0]) == 120.0
    assert places.t_at(float(places.sent[1]), SIZES) - places.began_ns == 12 * MS


def test_to_scale_a_call_that_has_not_run_has_no_bar(hall: Hall) -> None:
    hall.order(hall.boss, "ttsc__go")

    places = Places(calls_in_hall(hall), SIZES, MS)

    assert places.sent.tolist() == places.came.tolist() == places.bar_until.tolist()


def test_only_what_can_be_seen_is_drawn(hall: Hall) -> None:
    for _ in range(100):
        hall.call(hall.boss, "ttsc__go")
    places = Places(calls_in_hall(hall), SIZES)

    rows, count = places.between(0, 10 * SIZES.row)

    assert count == len(rows) <= 11


def test_to_scale_no_more_is_drawn_than_a_frame_bears(hall: Hall) -> None:
    for _ in range(4_000):
        hall.call(hall.boss, "ttsc__go")
    diagram = calls_in_hall(hall)
    places = Places(diagram, SIZES, fitting_scale(diagram, 100_000))

    rows, count = places.between(0, 200_000)

    assert count == 4_000
    assert len(rows) <= MOST_DRAWN
    assert rows[0] == 0


def test_a_scale_stays_between_all_of_it_and_what_scroll_bars_count(hall: Hall) -> None:
    hall.story()
    diagram = calls_in_hall(hall)
    coarsest = fitting_scale(diagram, 500)

    assert kept_in_bounds(coarsest * 50, diagram, 500) == coarsest
    assert kept_in_bounds(coarsest / 3, diagram, 500) == coarsest / 3
    finest = kept_in_bounds(0.0, diagram, 500)
    assert Places(diagram, SIZES, finest).height < 2**31
