"""How times, durations, rates and counts are written."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasktonic_studio.ui.widgets import figures

US, MS, S = 1_000, 1_000_000, 1_000_000_000


def plain(text: str) -> str:
    return text.replace(figures.NARROW_SPACE, " ")


@pytest.mark.parametrize(
    "ns, written",
    [
        (0, "0 ns"),
        (999, "999 ns"),
        (1_000, "1.00 µs"),
        (9_994, "9.99 µs"),
        (9_996, "10.0 µs"),
        (99_960, "100 µs"),
        (999_400, "999 µs"),
        (999_700, "1.00 ms"),
        (12_345_678, "12.3 ms"),
        (999_999_999, "1.00 s"),
        (61 * S, "61.0 s"),
        (999_400 * MS, "999 s"),
        (999_500 * MS, "16 min 40 s"),
        (12_345 * S, "3 h 25 min"),
        (78_188 * S, "21 h 43 min"),
        (1_000_000 * S, "11 d 13 h"),
        (-2 * MS, "−2.00 ms"),
    ],
)
def test_durations_have_three_digits_with_a_fitting_unit(ns: int, written: str) -> None:
    assert plain(figures.duration(ns)) == written


@settings(deadline=None)
@given(st.integers(0, 10**15))
def test_no_duration_is_long(ns: int) -> None:
    assert len(figures.duration(ns)) <= 11


@pytest.mark.parametrize(
    "t_ns, began_ns, written",
    [
        (10 * S, 10 * S, "0.000 s"),
        (22_345_600_000, 10 * S, "12.346 s"),
        (9 * S, 10 * S, "−1.000 s"),
        (3_599_999_400_000, 0, "3599.999 s"),
        (3_599_999_600_000, 0, "1:00:00.000"),
        (78_187_955_000_000, 0, "21:43:07.955"),
        (10_000_000 * S, 0, "2 777:46:40.000"),
    ],
)
def test_moments_count_from_the_begin_of_the_app(t_ns: int, began_ns: int, written: str) -> None:
    assert plain(figures.moment(t_ns, began_ns)) == written


@pytest.mark.parametrize(
    "ns, written",
    [
        (0, "now"),
        (S - 1, "now"),
        (S, "1 s"),
        (59 * S, "59 s"),
        (61 * S, "1 min"),
        (7_200 * S, "2 h"),
        (2 * 86_400 * S, "2 d"),
    ],
)
def test_ages_are_coarse(ns: int, written: str) -> None:
    assert plain(figures.age(ns)) == written


@pytest.mark.parametrize(
    "per_second, written",
    [
        (0.0, ""),
        (0.04, ""),
        (0.4, "0.4"),
        (1.1, "1"),
        (9.6, "10"),
        (1_240.2, "1 240"),
        (9_999.4, "9 999"),
        (48_200, "48.2 k"),
        (2_500_000, "2.50 M"),
    ],
)
def test_rates_are_short(per_second: float, written: str) -> None:
    assert plain(figures.rate(per_second)) == written


@pytest.mark.parametrize("number, written", [(0, "0 lines"), (1, "1 line"), (1_234, "1 234 lines")])
def test_counts_agree_with_their_word(number: int, written: str) -> None:
    assert plain(figures.counted(number, "line")) == written


def test_an_odd_plural_is_given() -> None:
    assert figures.counted(2, "new entry", "new entries") == "2 new entries"


def test_an_age_in_what_is_over_is_not_now() -> None:
    assert figures.age(0, is_over=True) == "at the end"
    assert plain(figures.age(3_000_000_000, is_over=True)) == "3 s"


@pytest.mark.parametrize(
    "number, written",
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (21, "21st"),
        (113, "113th"),
        (1_002, "1 002nd"),
    ],
)
def test_ordinals_are_those_of_english(number: int, written: str) -> None:
    assert plain(figures.ordinal(number)) == written


def test_a_copied_row_has_tabs_between_its_cells_and_plain_spaces_in_its_figures() -> None:
    assert figures.tabbed([figures.duration(4_210_000), "pump", figures.grouped(12_345)]) == "4.21 ms\tpump\t12 345"
