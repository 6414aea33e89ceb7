"""Every status has a shape of its own, in every theme."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QObject

from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.shapes import ROLES, Shapes


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_shapes_differ_by_more_than_colour(qapp: QObject, theme: str) -> None:
    shapes = Shapes(Theme(theme))

    drawn = {}
    for status in ROLES:
        image = shapes.icon(status).pixmap(16, 16).toImage()
        drawn[status] = [
            image.pixelColor(x, y).alpha() > 127 for x in range(image.width()) for y in range(image.height())
        ]

    for one, other in itertools.combinations(ROLES, 2):
        assert drawn[one] != drawn[other], (one, other)


def test_an_unknown_status_has_no_shape(qapp: QObject) -> None:
    assert Shapes(Theme("dark")).icon("no such status").isNull()


def test_shapes_are_drawn_anew_for_another_theme(qapp: QObject) -> None:
    theme = Theme("dark")
    shapes = Shapes(theme)
    before = shapes.icon("ok").pixmap(16, 16).toImage().pixelColor(8, 8)

    theme.choose("light")

    assert shapes.icon("ok").pixmap(16, 16).toImage().pixelColor(8, 8) != before
