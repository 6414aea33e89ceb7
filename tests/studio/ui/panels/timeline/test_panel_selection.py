"""Runs that are chosen, by mouse and keys, and what led to them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tests.helpers.builders import MS
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.timeline.acting import LEFT, Key, a_stroke, click, plant_in, press, zoom_to


def test_a_click_selects_the_run(stand: PanelStand, qtbot: QtBot) -> None:
    run = a_stroke(stand)
    zoom_to(stand, run)

    click(qtbot, stand, stand.view.lanes.point_of(run))

    assert stand.selection.thing == Thing("run", run.run)
    assert stand.view.lanes.over.chain.run == run


def test_a_click_where_runs_are_dense_selects_the_longest(stand: PanelStand, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    for took in (1_000, 900_000, 2_000):
        plant.write.sparkles(plant.pumps[0], "ttse__on_stroke", took_ns=took)
    stand.feed(plant.write.take())
    long = max(stand.session.live.runs.rows(0, 999), key=lambda it: it.end_ns - it.begin_ns)
    stand.view.time.fit_all()

    click(qtbot, stand, stand.view.lanes.point_of(long))

    assert stand.selection.thing == Thing("run", long.run)


def test_a_double_click_opens_the_source(stand: PanelStand, qtbot: QtBot) -> None:
    run = a_stroke(stand)
    zoom_to(stand, run)

    qtbot.mouseDClick(stand.view.lanes.viewport(), LEFT, pos=stand.view.lanes.point_of(run))

    assert stand.selection.thing == Thing("run", run.run)
    assert stand.ran == ["selection.go_to_source"]


def test_the_right_button_offers_commands_for_the_run_under_it(stand: PanelStand) -> None:
    stand.offer("selection.go_to_source", "trace.look_at")
    run = a_stroke(stand)
    zoom_to(stand, run)
    at = stand.view.lanes.point_of(run)
    viewport = stand.view.lanes.viewport()

    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewport.mapToGlobal(at))
    QApplication.sendEvent(viewport, event)

    menu = next(it for it in stand.widget.findChildren(QMenu) if it.isVisible())
    ids = [line.objectName() for line in menu.actions() if line.objectName()]
    menu.close()
    assert stand.selection.thing == Thing("run", run.run)
    assert {"trace.look_at", "selection.go_to_source", "timeline.fit_selection"} <= set(ids)


def test_the_menu_key_offers_commands_at_the_selected_run(stand: PanelStand) -> None:
    run = a_stroke(stand)
    stand.selection.select(Thing("run", run.run))
    zoom_to(stand, run)
    viewport = stand.view.lanes.viewport()
    wanted: list[QPoint] = []
    stand.view.lanes.menu_wanted.connect(wanted.append)

    QApplication.sendEvent(viewport, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))

    next(it for it in stand.widget.findChildren(QMenu) if it.isVisible()).close()
    assert wanted == [viewport.mapToGlobal(stand.view.lanes.point_of(run))]
    assert stand.selection.thing == Thing("run", run.run)


def test_a_run_selected_elsewhere_comes_into_view_with_its_chain(stand: PanelStand) -> None:
    run = a_stroke(stand)
    stand.view.time.fit(run.end_ns + 20 * MS, run.end_ns + 30 * MS)

    stand.selection.select(Thing("run", run.run))

    over = stand.view.lanes.over
    assert stand.view.time.is_on_screen(run.begin_ns, run.end_ns)
    assert (over.chain.run, len(over.chain.effects)) == (run, 2)
    assert not stand.view.time.is_following


def test_a_selected_log_line_shows_its_run(stand: PanelStand) -> None:
    log = stand.session.live.log
    index = next(it for it in range(len(log)) if log[it].text == "the plant runs")

    stand.selection.select(Thing("log", index))

    assert stand.view.lanes.over.chain.run.run == plant_in(stand).first_run


def test_arrows_are_painted_for_the_selected_run_only(stand: PanelStand) -> None:
    run = a_stroke(stand)
    zoom_to(stand, run, 200_000)
    selection = stand.theme.color("selection").rgb()

    def pixels() -> int:
        image = stand.view.lanes.viewport().grab().toImage()
        gutter = stand.view.lanes.gutter_px
        return sum(
            image.pixel(x, y) == selection for x in range(gutter, image.width()) for y in range(0, image.height(), 3)
        )

    before = pixels()
    stand.selection.select(Thing("run", run.run))

    assert before == 0
    assert pixels() > 50


def test_effects_that_come_later_get_their_arrows(stand: PanelStand) -> None:
    plant = plant_in(stand)
    stroke = plant.write.sparkles(plant.pumps[0], "ttse__on_stroke")
    turn = plant.write.order(plant.valves[0], "ttsc__turn", plant.pumps[0], stroke)
    stand.feed(plant.write.take())
    stand.selection.select(Thing("run", stroke))
    before = [link.run for link in stand.view.lanes.over.chain.effects]
    plant.write.run(plant.valves[0], "ttsc__turn", turn)

    stand.feed(plant.write.take())

    assert before == [None]
    assert stand.view.lanes.over.chain.effects[0].run.run == turn


@pytest.mark.parametrize("key", [Key.Key_Right, Key.Key_Left])
def test_the_next_run_of_a_lane_is_a_key_away(stand: PanelStand, qtbot: QtBot, key: Key) -> None:
    run = a_stroke(stand)
    stand.selection.select(Thing("run", run.run))
    steps = 1 if key == Key.Key_Right else -1
    lane = [row for row in stand.session.live.runs.rows(0, 999) if row.catalyst == run.catalyst]
    wanted = lane[lane.index(run) + steps]

    press(qtbot, stand, key)

    assert stand.selection.thing == Thing("run", wanted.run)
    assert stand.selection.is_live


def test_on_the_lane_of_a_tonic_the_next_run_is_of_that_tonic(stand: PanelStand, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    stand.view.fold(plant.main)
    run = a_stroke(stand)
    number = stand.view.lanes.lanes.number_of(plant.main, run.essence)
    stand.view.lanes.show_lane(number)
    stand.selection.select(Thing("run", run.run))

    press(qtbot, stand, Key.Key_Right)

    assert stand.selection.thing == Thing("run", a_stroke(stand, 11).run)


def test_without_a_selection_the_first_run_on_screen_is_next(stand: PanelStand, qtbot: QtBot) -> None:
    run = a_stroke(stand)
    stand.view.time.fit(run.begin_ns - 1, run.end_ns + 10)

    press(qtbot, stand, Key.Key_Right)

    assert stand.selection.thing == Thing("run", run.run)


def test_the_end_of_a_lane_is_the_end(stand: PanelStand, qtbot: QtBot) -> None:
    stand.selection.select(Thing("run", plant_in(stand).first_run))

    press(qtbot, stand, Key.Key_Left)

    assert stand.selection.thing == Thing("run", plant_in(stand).first_run)


def test_a_pointer_over_a_run_lights_its_tonic(stand: PanelStand, qtbot: QtBot) -> None:
    run = a_stroke(stand)
    zoom_to(stand, run)

    qtbot.mouseMove(stand.view.lanes.viewport(), stand.view.lanes.point_of(run))
    over = stand.selection.hovered
    QApplication.sendEvent(stand.view.lanes, QEvent(QEvent.Type.Leave))

    assert over == Thing("essence", run.essence)
    assert stand.selection.hovered is None


def test_hovering_costs_no_new_picture(stand: PanelStand, qtbot: QtBot) -> None:
    run = a_stroke(stand)
    zoom_to(stand, run)
    stand.widget.grab()
    before = stand.view.lanes.frames

    stand.selection.hover(Thing("essence", run.essence))
    stand.widget.grab()

    assert stand.view.lanes.over.hovered_essence == run.essence
    assert stand.view.lanes.frames == before


def test_the_tool_tip_tells_the_run_in_words(stand: PanelStand) -> None:
    run = a_stroke(stand)
    zoom_to(stand, run)

    tip = stand.view.lanes.tip_at(stand.view.lanes.point_of(run)).replace("\u202f", " ")

    assert tip.splitlines()[0] == "pump 0 · ttse__on_stroke"
    assert "took 40.0 µs" in tip
    assert "state closed → open" in tip
    assert "caused by timer" in tip
