"""The sequence diagram beside the other panels in the window: one selection, the span of the timeline, keys of the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panel_list import all_panels
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tests.helpers.builders import MS, a_session_with_plant, plant_of
from tests.helpers.window_stand import WindowStand

LEFT = Qt.MouseButton.LeftButton
NO = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowStand]:
    """The arrangement Analyse with every panel there is, on a lively plant; the timeline above, the sequence below it."""
    stand = WindowStand(tmp_path, a_session_with_plant(), panels=all_panels(), settings={"arrangement": "analyse"})
    stand.window.show()
    stand.catch_up()
    with qtbot.waitActive(stand.window):
        stand.window.activateWindow()
    qtbot.keyClick(stand.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: view_in(stand, "sequence").isVisible() and view_in(stand, "timeline").isVisible())
    stand.catch_up()
    yield stand
    stand.close()


def view_in(stand: WindowStand, name: str) -> Any:
    panel: Any = next(panel for panel in stand.panels if panel.id == name)
    return panel.view


def names(stand: WindowStand) -> list[str]:
    diagram = view_in(stand, "sequence").model.diagram
    return [diagram.row(number).name for number in range(len(diagram))]


def settle(stand: WindowStand, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view_in(stand, "sequence").model.is_done)


def test_a_run_selected_in_the_trace_has_its_chain_shown(window: WindowStand, qtbot: QtBot) -> None:
    window.bench.selection.select(Thing("run", plant_of(window.bench.session).first_run + 1))

    settle(window, qtbot)
    assert names(window) == ["ttse__on_stroke", "ttsc__turn", "ttsc__record"]


def test_a_click_on_an_arrow_is_followed_by_the_timeline(window: WindowStand, qtbot: QtBot) -> None:
    window.bench.selection.select(Thing("run", plant_of(window.bench.session).first_run + 1))
    settle(window, qtbot)
    view = view_in(window, "sequence")
    picture = view.diagram.picture()
    row = view.model.diagram.row(1)
    x = (picture.sizes.x(row.sender) + picture.sizes.x(row.receiver)) / 2
    at = QPoint(int(x), int(picture.places.came[1]) - picture.top + picture.sizes.head)

    qtbot.mouseClick(view.diagram.viewport(), LEFT, NO, at)

    chain = view_in(window, "timeline").lanes.over.chain
    assert chain is not None
    assert window.bench.selection.thing == Thing("run", chain.run.run)
    assert view_in(window, "timeline").model.words(chain.run.essence, chain.run.sparkle).endswith("ttsc__turn")


def test_an_area_marked_in_the_timeline_is_the_window_of_the_sequence(window: WindowStand, qtbot: QtBot) -> None:
    window.bench.run("sequence.show_window")
    settle(window, qtbot)
    before = len(view_in(window, "sequence").model.diagram.calls)
    lanes = view_in(window, "timeline").lanes
    middle, y = lanes.gutter_px + lanes.viewport().width() // 3, lanes.lanes[0].height // 2

    qtbot.mousePress(lanes.viewport(), LEFT, NO, QPoint(middle, y))
    qtbot.mouseMove(lanes.viewport(), QPoint(middle + 30, y))
    qtbot.mouseMove(lanes.viewport(), QPoint(middle + 60, y))
    qtbot.mouseRelease(lanes.viewport(), LEFT, NO, QPoint(middle + 60, y))

    span = window.bench.selection.span
    area = lanes.over.area
    assert span == (area.from_ns, area.until_ns)
    settle(window, qtbot)
    view = view_in(window, "sequence")
    assert 0 < len(view.model.diagram.calls) < before
    assert bool((view.model.diagram.calls.sent_ns >= span[0]).all())
    assert "as in the timeline" in view.bar.heading.whole

    qtbot.keyClick(lanes, Qt.Key.Key_Escape)
    qtbot.keyClick(lanes, Qt.Key.Key_End)
    assert window.bench.selection.span is None


def test_what_the_timeline_shows_is_told_once_it_stays(window: WindowStand, qtbot: QtBot) -> None:
    timeline = view_in(window, "timeline")
    timeline.time.fit(timeline.model.began_ns, timeline.model.began_ns + 200 * MS)

    span = window.bench.selection.span
    assert span == (timeline.time.from_ns, timeline.time.until_ns)
    window.bench.area.dock("timeline").close()
    qtbot.waitUntil(lambda: not timeline.isVisible())
    assert window.bench.selection.span is None


def test_freezing_the_moment_stops_what_moves(window: WindowStand, qtbot: QtBot) -> None:
    plant = plant_of(window.bench.session)
    window.bench.run("time.freeze")
    settle(window, qtbot)
    before = names(window)

    window.bench.session.apply_events(window.bench.session.live.n, plant.live(3))
    window.catch_up()

    settle(window, qtbot)
    assert names(window) == before


@pytest.mark.parametrize("panel", ["trace", "log", "timeline"])
def test_the_menu_of_a_panel_that_lists_calls_shows_the_sequence(window: WindowStand, qtbot: QtBot, panel: str) -> None:
    window.bench.area.close_panel("sequence")
    qtbot.waitUntil(lambda: not view_in(window, "sequence").isVisible())
    window.bench.selection.select(Thing("run", plant_of(window.bench.session).first_run + 1))
    view = view_in(window, panel)
    open_menu = view._on_menu if panel == "timeline" else view.open_menu

    open_menu(view.mapToGlobal(view.rect().center()))
    menu = view.findChild(CommandMenu)
    line = next(it for it in menu.actions() if it.objectName() == "sequence.show")
    assert line.isEnabled()
    line.trigger()
    menu.close()

    qtbot.waitUntil(lambda: view_in(window, "sequence").isVisible())
    settle(window, qtbot)
    assert names(window) == ["ttse__on_stroke", "ttsc__turn", "ttsc__record"]
