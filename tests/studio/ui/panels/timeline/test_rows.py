"""Lanes one below the other, found by height and by what they are about."""

from __future__ import annotations

from tasktonic_studio.ui.panels.timeline.rows import LaneRows, arrange


def test_tonics_stand_below_their_catalyst() -> None:
    rows = arrange([0, 5], {5: (7, 9)}, 30, 20)

    assert [(row.catalyst, row.tonic, row.top) for row in rows.between(0, 999)] == [
        (0, -1, 0),
        (5, -1, 30),
        (5, 7, 60),
        (5, 9, 80),
    ]
    assert rows.height == 100


def test_a_lane_is_found_at_every_height_of_its_own() -> None:
    rows = arrange([0, 5], {5: (7,)}, 30, 20)

    assert [rows.at(y) for y in (-1, 0, 29, 30, 59, 60, 79, 80)] == [-1, 0, 0, 1, 1, 2, 2, -1]


def test_only_lanes_on_screen_are_given() -> None:
    rows = arrange(range(500), {}, 30, 20)

    assert [row.catalyst for row in rows.between(305, 360)] == [10, 11, 12]


def test_a_lane_is_found_by_what_it_is_about() -> None:
    rows = arrange([0, 5], {5: (7,)}, 30, 20)

    assert (rows.number_of(5), rows.number_of(5, 7), rows.number_of(8)) == (1, 2, -1)


def test_no_lanes_are_nowhere() -> None:
    assert (len(LaneRows()), LaneRows().height, LaneRows().at(0), LaneRows().between(0, 9)) == (0, 0, -1, ())
