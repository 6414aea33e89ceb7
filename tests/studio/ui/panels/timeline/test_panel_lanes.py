"""The lanes of a timeline on screen: what is painted where."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.timeline import painting
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.timeline.acting import LEFT, Key, a_stroke, click, colours_in, plant_in, press, zoom_to
from tests.studio.ui.panels.timeline.conftest import MakeStand


def test_an_empty_timeline_offers_the_example_plant(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())

    qtbot.mouseClick(button, LEFT)

    assert stand.ran == ["run.start_example"]


def test_there_is_a_lane_for_each_catalyst(stand: PanelStand) -> None:
    lanes = stand.view.lanes.lanes

    assert [stand.view.model.lane_name(row) for row in lanes.between(0, 999)] == ["main_catalyst", "worker"]
    assert "2 lanes with 326 runs" in stand.view.lanes.accessibleDescription().replace("\u202f", " ")


def test_runs_are_boxes_where_they_can_be_told_apart(stand: PanelStand) -> None:
    zoom_to(stand, a_stroke(stand))
    stand.widget.grab()

    assert set(stand.view.lanes.lane_painter.levels.values()) == {"runs"}
    drawn = stand.view.lanes.lane_painter.drawn
    assert any(a_stroke(stand).essence in lane.essence for lane in drawn)


def test_lanes_with_more_runs_than_can_be_drawn_are_bands(stand: PanelStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painting, "MOST_DRAWN", 10)
    stand.view.lanes.renew()
    stand.widget.grab()

    assert set(stand.view.lanes.lane_painter.levels.values()) == {"band"}


def test_of_lanes_that_are_bands_no_more_no_columns_are_kept(
    stand: PanelStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(painting, "MOST_DRAWN", 10)
    stand.view.lanes.renew()
    stand.widget.grab()
    lanes = list(stand.view.model.index.lanes.values())
    as_bands = [lane._edges is not None for lane in lanes]

    monkeypatch.undo()
    zoom_to(stand, a_stroke(stand))
    stand.widget.grab()

    assert (as_bands, [lane._edges for lane in lanes]) == ([True] * 2, [None] * 2)


def test_a_run_is_painted_where_its_time_is(stand: PanelStand) -> None:
    run = a_stroke(stand)
    zoom_to(stand, run)
    view = stand.view.lanes
    image = view.viewport().grab().toImage()
    row = view.lanes[0]
    inside, before = view.point_of(run).x() - 40, view.gutter_px + 20

    ground = stand.theme.color("panel").rgb()

    assert colours_in(image, before, row.top + 6, row.bottom - 8) == {ground}
    assert view.lane_painter.inks.fills["run"].rgb() in colours_in(image, inside, row.top + 6, row.bottom - 8)


def test_an_error_has_a_mark_and_not_only_a_colour(stand: PanelStand, monkeypatch: pytest.MonkeyPatch) -> None:
    marks: list[float] = []
    painter = stand.view.lanes.lane_painter
    monkeypatch.setattr(painter, "_paint_marks", lambda _painter, xs, _top: marks.extend(xs))
    stand.view.time.fit_all()

    stand.widget.grab()
    as_block = list(marks)
    monkeypatch.setattr(painting, "MOST_DRAWN", 10)
    marks.clear()
    stand.view.lanes.renew()
    stand.widget.grab()

    failed = next(it for it in stand.session.live.runs.rows(0, 999) if it.flags & ev.ERROR)
    assert [round(x) for x in as_block] == pytest.approx([round(stand.view.time.scale.x_of(failed.begin_ns))], abs=2)
    assert marks == pytest.approx(as_block, abs=2)


def test_a_click_on_the_triangle_unfolds_the_tonics(stand: PanelStand, qtbot: QtBot) -> None:
    view = stand.view.lanes
    at = QPoint(8, view.lanes[1].top + 10)

    click(qtbot, stand, at)
    names = [stand.view.model.lane_name(row) for row in view.lanes.between(0, 9_999)]
    click(qtbot, stand, at)

    assert names == ["main_catalyst", "worker", "historian", "pump 1", "pump 3", "valve 6", "valve 8"]
    assert len(view.lanes) == 2


def test_a_click_on_a_name_selects_what_the_lane_is_about(stand: PanelStand, qtbot: QtBot) -> None:
    stand.view.fold(plant_in(stand).worker)
    view = stand.view.lanes

    click(qtbot, stand, QPoint(60, view.lanes[1].top + 10))
    catalyst = stand.selection.thing
    click(qtbot, stand, QPoint(60, view.lanes[3].top + 10))

    assert catalyst == Thing("catalyst", plant_in(stand).worker)
    assert stand.selection.thing == Thing("essence", plant_in(stand).pumps[1])


def test_lanes_are_walked_and_unfolded_by_keys(stand: PanelStand, qtbot: QtBot) -> None:
    press(qtbot, stand, Key.Key_Down)
    press(qtbot, stand, Key.Key_Space)

    assert stand.view.lanes.current == 1
    assert len(stand.view.lanes.lanes) == 7


def test_a_new_catalyst_gets_a_lane(stand: PanelStand) -> None:
    write = plant_in(stand).write
    third = write.catalyst("third")
    tonic = write.born("Valve", "far valve", catalyst=third)
    write.sparkles(tonic, "ttsc__turn")

    stand.feed(write.take())

    assert [row.catalyst for row in stand.view.lanes.lanes.between(0, 999)][-1] == third
