"""Which time is on screen: it follows the live edge until somebody moves it."""

from __future__ import annotations

import pytest

from tasktonic_studio.ui.panels.timeline.time_scale import TimeScale
from tasktonic_studio.ui.panels.timeline.viewport import MARGIN_PX, Viewport

SECOND = 1_000_000_000


@pytest.fixture
def view() -> Viewport:
    """A viewport of 1,000 pixels on an app of three seconds."""
    view = Viewport()
    view.set_width(1_000)
    view.set_span(10 * SECOND, 13 * SECOND)
    return view


def test_a_young_app_is_shown_whole(view: Viewport) -> None:
    assert view.from_ns <= 10 * SECOND
    assert view.scale.x_of(13 * SECOND) == pytest.approx(1_000 - MARGIN_PX, abs=1)


def test_of_an_old_app_the_last_seconds_are_shown(view: Viewport) -> None:
    view.set_span(10 * SECOND, 100 * SECOND)

    assert 94 * SECOND < view.from_ns < 96 * SECOND


def test_of_a_recorded_app_all_is_shown_while_it_is_read(view: Viewport) -> None:
    view.begin()
    view.set_whole(True)

    for seconds in (3, 60, 600):
        view.set_span(10 * SECOND, (10 + seconds) * SECOND)

    assert view.scale.x_of(10 * SECOND) == pytest.approx(MARGIN_PX, abs=1)


def test_an_app_that_has_ended_is_shown_whole_unless_somebody_has_zoomed(view: Viewport) -> None:
    view.set_span(10 * SECOND, 100 * SECOND)
    view.set_whole(True)

    view.set_span(10 * SECOND, 100 * SECOND)
    whole = view.scale
    view.zoom(5, 500)
    zoomed = view.scale.ns_per_px
    view.set_span(10 * SECOND, 100 * SECOND)

    assert whole.x_of(10 * SECOND) == pytest.approx(MARGIN_PX, abs=1)
    assert view.scale.ns_per_px == zoomed


def test_the_live_edge_stays_where_it_is(view: Viewport) -> None:
    view.set_span(10 * SECOND, 100 * SECOND)
    span = view.until_ns - view.from_ns

    view.set_span(10 * SECOND, 103 * SECOND)

    assert view.until_ns - view.from_ns == pytest.approx(span, rel=1e-6)
    assert view.scale.x_of(103 * SECOND) == pytest.approx(1_000 - MARGIN_PX, abs=1)


def test_what_was_moved_stays_where_it_is(view: Viewport) -> None:
    view.pan(-100)
    before = view.scale

    view.set_span(10 * SECOND, 50 * SECOND)

    assert view.scale == before
    assert not view.is_following


def test_zooming_at_the_live_edge_goes_on_following(view: Viewport) -> None:
    view.zoom(4, 500)

    assert view.is_following
    assert view.scale.x_of(13 * SECOND) == pytest.approx(1_000 - MARGIN_PX, abs=1)


def test_nobody_gets_lost(view: Viewport) -> None:
    view.pan(-1e9)
    early = view.until_ns
    view.pan(1e9)

    assert early > 10 * SECOND
    assert view.from_ns < 13 * SECOND


def test_nobody_zooms_out_for_ever(view: Viewport) -> None:
    view.pan(-1)
    for _ in range(100):
        view.zoom(0.5, 500)

    assert view.until_ns - view.from_ns == pytest.approx(30 * SECOND)


def test_all_is_shown_with_room_at_both_ends(view: Viewport) -> None:
    view.pan(-500)

    view.fit_all()

    assert view.scale.x_of(10 * SECOND) == pytest.approx(MARGIN_PX)
    assert view.scale.x_of(13 * SECOND) == pytest.approx(1_000 - MARGIN_PX)


def test_a_long_stretch_is_centred_on_its_begin(view: Viewport) -> None:
    view.show(TimeScale(11 * SECOND, 1_000))

    view.centre(12 * SECOND, 13 * SECOND)

    assert view.scale.x_of(12 * SECOND) == pytest.approx(500)


def test_following_again_is_told(view: Viewport) -> None:
    said: list[bool] = []
    view.followed.connect(said.append)

    view.pan(-10)
    view.follow()
    view.follow()

    assert said == [False, True]


@pytest.mark.parametrize("width", [0, 1, 2, 30])
def test_hardly_any_pixels_do_no_harm(view: Viewport, width: int) -> None:
    view.set_width(width)
    view.zoom(2, 0)
    view.fit_all()
    view.follow()

    assert view.width >= 1
    assert view.is_following
