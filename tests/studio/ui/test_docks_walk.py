"""Panels opened, closed and arranged anew in a small window, in random order: none lies over another one or hangs out."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.docks import DockArea
from tasktonic_studio.ui.panel_list import all_panels
from tasktonic_studio.ui.widgets.on_screen import is_on_screen
from tests.helpers.builders import a_session_with_plant
from tests.helpers.window_stand import NotingPanel, WindowStand

from .conftest import MakeStand

IDS = [panel.id for panel in all_panels() if panel.id not in ("project", "tests")]


def tab_bars(area: DockArea) -> list[QTabBar]:
    bars = area.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [bar for bar in bars if bar.count() and is_on_screen(bar)]


def out_of_place(area: DockArea) -> list[str]:
    """What lies over something else, or not within the area."""
    places: dict[str, QRect] = {it: area.dock(it).geometry() for it in IDS if is_on_screen(area.dock(it))}
    places |= {f"tabs of {bar.tabText(0)} {number}": bar.geometry() for number, bar in enumerate(tab_bars(area))}
    over = [f"{a} over {b}" for (a, one), (b, other) in combinations(places.items(), 2) if one.intersects(other)]
    return over + [f"{it} hangs out" for it, place in places.items() if not area.rect().contains(place)]


def do_something(stand: WindowStand, chance: random.Random) -> None:
    what, panel = chance.choice(("show", "show", "close", "close", "arrange", "reset", "resize")), chance.choice(IDS)
    if what == "show":
        stand.bench.show_panel(panel)
    elif what == "close":
        stand.bench.area.close_panel(panel)
    elif what == "arrange":
        stand.bench.arranging.choose(chance.choice(("run", "debug", "analyse", "learn")))
    elif what == "reset":
        stand.bench.arranging.reset()
    else:
        stand.window.resize(chance.choice((800, 1000)), chance.choice((600, 720)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_panel_and_no_tab_bar_lies_over_another(make_stand: MakeStand, qtbot: QtBot, seed: int) -> None:
    stand = make_stand(a_session_with_plant(), panels=[NotingPanel(it) for it in IDS])
    stand.window.resize(800, 600)
    chance = random.Random(seed)

    for _ in range(25):
        do_something(stand, chance)
        qtbot.waitUntil(lambda: not out_of_place(stand.bench.area))


def test_another_arrangement_leaves_no_tab_of_the_last_one(make_stand: MakeStand) -> None:
    stand = make_stand(a_session_with_plant(), panels=[NotingPanel(it) for it in IDS])

    for name in ("debug", "learn", "run"):
        stand.bench.arranging.choose(name)

    area = stand.bench.area
    bars = area.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    tabs = [bar.tabText(at) for bar in bars for at in range(bar.count())]
    assert tabs
    assert len(tabs) == len(set(tabs))
