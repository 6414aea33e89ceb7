"""Every word in every theme can be read."""

from __future__ import annotations

import pytest

from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.tokens import THEMES


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("background", tokens.BACKGROUND_ROLES)
@pytest.mark.parametrize("role", tokens.TEXT_ROLES)
def test_text_stands_out_four_and_a_half_to_one(theme: str, role: str, background: str) -> None:
    colours = THEMES[theme]

    ratio = tokens.contrast(getattr(colours, role), getattr(colours, background))

    assert ratio >= 4.5, f"{role} on {background} in {theme}: {ratio:.2f}"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("background", tokens.EDITOR_BACKGROUND_ROLES)
@pytest.mark.parametrize("role", tokens.EDITOR_TEXT_ROLES)
def test_source_code_stands_out_four_and_a_half_to_one(theme: str, role: str, background: str) -> None:
    colours = THEMES[theme]

    assert tokens.contrast(getattr(colours, role), getattr(colours, background)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role, fill", tokens.PAIRS)
def test_text_on_its_own_fill_stands_out(theme: str, role: str, fill: str) -> None:
    colours = THEMES[theme]

    assert tokens.contrast(getattr(colours, role), getattr(colours, fill)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("background", ["panel", "window", "raised", "input"])
def test_edges_one_can_act_on_stand_out_three_to_one(theme: str, background: str) -> None:
    colours = THEMES[theme]

    assert tokens.contrast(colours.border_strong, getattr(colours, background)) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_is_written_in_full(theme: str) -> None:
    for role in tokens.ROLES:
        value = getattr(THEMES[theme], role)

        assert len(value) == 7, role
        assert value == value.lower(), role
        assert int(value[1:], 16) >= 0, role


def test_high_contrast_text_is_at_least_seven_to_one() -> None:
    for role in tokens.TEXT_ROLES:
        assert tokens.contrast(getattr(tokens.CONTRAST, role), tokens.CONTRAST.panel) >= 7, role


def test_contrast_of_black_on_white_is_twenty_one() -> None:
    assert tokens.contrast("#000000", "#ffffff") == pytest.approx(21)
