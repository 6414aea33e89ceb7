"""Tabs with whole names, and a menu of those that have no room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QTabBar, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets.more_tabs import MoreTabs

NAMES = (
    "Ledger",
    "Store",
    "Project",
    "Inspector",
    "State machine",
    "Why",
    "Trace",
    "Compare",
    "Timeline",
    "Sequence",
    "Log",
)


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[QTabBar]:
    """More tabs than there is room for."""
    place = QWidget()
    qtbot.addWidget(place)
    bar = QTabBar(place)
    bar.setExpanding(False)
    for name in NAMES:
        bar.addTab(name)
    place.resize(450, 60)
    bar.resize(450, 40)
    MoreTabs(bar, "panel")
    place.show()
    yield bar
    place.close()


def front_in_sight(bar: QTabBar) -> bool:
    return bar.rect().contains(bar.tabRect(bar.currentIndex()).center())


def test_the_tab_in_front_is_in_sight_wherever_qt_scrolled_to_before(bar: QTabBar, qtbot: QtBot) -> None:
    more = bar.findChild(MoreTabs)
    assert more is not None
    qtbot.waitUntil(lambda: bool(more.hidden_tabs))

    # As when docks are placed anew: all of them are there, and the last one comes to the front.
    for number in range(bar.count()):
        bar.setTabVisible(number, True)
    bar.setCurrentIndex(bar.count() - 1)
    assert bar.tabRect(0).right() < 0, "Qt has scrolled to it"

    qtbot.waitUntil(lambda: bar.count() - 1 not in more.hidden_tabs and bool(more.hidden_tabs))
    qtbot.waitUntil(lambda: front_in_sight(bar))
