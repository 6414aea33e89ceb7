"""The window on a screen of 800 × 600: all of it is there, and each part can be used."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolBar
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panel_list import all_panels
from tests.helpers.builders import a_session_with_plant
from tests.helpers.window_stand import WindowStand

from .conftest import MakeStand


def small(make_stand: MakeStand, qtbot: QtBot, arrangement: str, percent: int = 100) -> WindowStand:
    settings = {"arrangement": arrangement, "ui.scale_percent": percent}
    stand = make_stand(a_session_with_plant(), panels=all_panels(), settings=settings)
    stand.theme.set_text_scale(percent / 100)

    def is_small() -> bool:
        # A part whose words get shorter in a narrow window lets it become narrower still.
        stand.window.resize(800, 600)
        # With a wide font, twice as large, the words of the tool bar alone may take more.
        bars = [bar.minimumSizeHint().width() for bar in stand.window.findChildren(QToolBar)]
        return stand.window.width() <= max(800, sum(bars)) and stand.window.height() == 600

    qtbot.waitUntil(is_small)
    return stand


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("arrangement", ["run", "debug", "analyse", "learn"])
def test_the_window_fits_with_any_size_of_text(
    make_stand: MakeStand, qtbot: QtBot, arrangement: str, percent: int
) -> None:
    stand = small(make_stand, qtbot, arrangement, percent)

    assert stand.bench.area.minimumSizeHint().width() <= 800
    assert stand.window.minimumSizeHint().height() <= 560, "a desktop's own bars take some"


def test_catalysts_and_their_queue_are_side_by_side_where_it_is_low(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = small(make_stand, qtbot, "debug")

    stand.bench.show_panel("catalysts")
    view = next(it for it in stand.panels if it.id == "catalysts").view  # type: ignore[attr-defined]

    assert view.split.orientation() == Qt.Orientation.Horizontal
    assert view.table.viewport().height() >= 2 * view.table.rowHeight(0)
    assert view.below.height() > 3 * view.table.rowHeight(0)


def test_no_button_of_the_tool_bar_is_left_out(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = small(make_stand, qtbot, "run")
    (bar,) = [it for it in stand.window.findChildren(QToolBar) if it.objectName() == "tool_bar"]

    left_out = [it.text() for it in bar.actions() if not it.isSeparator() and not bar.widgetForAction(it).isVisible()]

    assert left_out == []
