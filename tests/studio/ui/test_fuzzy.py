"""A few letters find the text that was meant."""

from __future__ import annotations

import pytest

from tasktonic_studio.ui.widgets.fuzzy import match


@pytest.mark.parametrize(
    "typed, better, worse",
    [
        ("rs", "Restart the script", "Browse"),
        ("st", "Stop", "Restart"),
        ("gta", "Go to anything", "Grand total amount of stacks"),
        ("pump", "pump 1", "the pump of the plant"),
        ("op", "Open", "ttsc__open"),
        ("ttsc open", "ttsc__open", "ttsc__reopen_soon"),
    ],
)
def test_the_better_fit_scores_higher(typed: str, better: str, worse: str) -> None:
    first, second = match(typed, better), match(typed, worse)

    assert first is not None
    assert second is None or first[0] > second[0]


@pytest.mark.parametrize("typed, text", [("x", "abc"), ("ba", "ab"), ("aa", "a"), ("open run", "open")])
def test_letters_out_of_order_do_not_fit(typed: str, text: str) -> None:
    assert match(typed, text) is None


def test_nothing_typed_fits_everything() -> None:
    assert match("  ", "anything") == (0, ())


def test_the_places_of_the_letters_are_told() -> None:
    found = match("gs", "Go to Source")

    assert found is not None
    assert found[1] == (0, 6)


def test_words_may_come_in_any_order() -> None:
    assert match("script start", "Start a script…") is not None
