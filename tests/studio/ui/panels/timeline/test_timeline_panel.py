"""The timeline in a real panel: clicks, keys, what is painted, the past, and bad days."""

from __future__ import annotations

from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.timeline import RunRow
from tasktonic_studio.ui.panels.timeline import painting
from tasktonic_studio.ui.panels.timeline.inks import Inks
from tasktonic_studio.ui.panels.timeline.overlays import link_ends
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.theme.tokens import THEMES, contrast
from tasktonic_studio.ui.widgets import picture_file
from tests.helpers.builders import MS, SECOND, EventWriter, Plant, a_session_with_plant, plant_of
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.timeline.conftest import MakeStand, TwoCatalysts

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


def plant_in(stand: PanelStand) -> Plant:
    return plant_of(stand.session)


def run_in(stand: PanelStand, number: int) -> RunRow:
    run: RunRow | None = stand.view.model.run_of(number)
    assert run is not None
    return run


def a_stroke(stand: PanelStand, round_: int = 10) -> RunRow:
    """A stroke of pump 0, in the middle of the plant's life."""
    known = stand.session.live
    strokes = [row for row in known.runs.rows(0, len(known.runs)) if row.essence == plant_in(stand).pumps[0]]
    return strokes[round_]


def zoom_to(stand: PanelStand, run: RunRow, around_ns: int = 100_000) -> None:
    stand.view.time.fit(run.begin_ns - around_ns, run.end_ns + around_ns)
    QApplication.processEvents()


def click(qtbot: QtBot, stand: PanelStand, at: QPoint) -> None:
    qtbot.mouseClick(stand.view.lanes.viewport(), LEFT, pos=at)


def press(
    qtbot: QtBot, stand: PanelStand, key: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.keyClick(stand.view.lanes, key, modifier)


def drag(qtbot: QtBot, widget: QWidget, from_: QPoint, to: QPoint) -> None:
    qtbot.mousePress(widget, LEFT, pos=from_)
    qtbot.mouseMove(widget, (from_ + to) / 2)
    qtbot.mouseMove(widget, to)
    qtbot.mouseRelease(widget, LEFT, pos=to)


def colours_in(image: QImage, x: int, top: int, bottom: int) -> set[int]:
    return {image.pixel(x, y) for y in range(top, bottom)}


# ---- lanes -----------------------------------------------------------------------------------------------------------------


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
    monkeypatch.setattr(painter, "_paint_mark", lambda _painter, x, _top: marks.append(x))
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


# ---- selection -------------------------------------------------------------------------------------------------------------


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


# ---- time ------------------------------------------------------------------------------------------------------------------


def test_keys_zoom_and_move(stand: PanelStand, qtbot: QtBot) -> None:
    view = stand.view
    view.time.fit_all()
    span = view.time.until_ns - view.time.from_ns

    press(qtbot, stand, Key.Key_W)
    press(qtbot, stand, Key.Key_W)
    closer = view.time.until_ns - view.time.from_ns
    left = view.time.from_ns
    press(qtbot, stand, Key.Key_D)
    later = view.time.from_ns
    press(qtbot, stand, Key.Key_A)
    press(qtbot, stand, Key.Key_S)

    assert closer == pytest.approx(span / 2.25, rel=1e-6)
    assert later > left
    assert view.time.from_ns < left


def test_the_wheel_with_ctrl_zooms_at_the_pointer(stand: PanelStand) -> None:
    view = stand.view
    view.time.fit_all()
    at = QPointF(view.lanes.gutter_px + 300, 20)
    under = view.time.scale.t_at(300)

    wheel = QWheelEvent(
        at,
        view.lanes.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.lanes.viewport(), wheel)

    assert view.time.scale.t_at(300) == pytest.approx(under, abs=10)
    assert view.time.until_ns - view.time.from_ns < 1.5 * SECOND / 2


def test_f_centres_the_selected_run_then_shows_it_large(stand: PanelStand, qtbot: QtBot) -> None:
    run = a_stroke(stand)
    stand.selection.select(Thing("run", run.run))

    press(qtbot, stand, Key.Key_F)
    centred = stand.view.time.scale
    press(qtbot, stand, Key.Key_F)
    large = stand.view.time.scale
    press(qtbot, stand, Key.Key_F, Qt.KeyboardModifier.ShiftModifier)

    assert centred.x_of((run.begin_ns + run.end_ns) / 2) == pytest.approx(stand.view.time.width / 2, abs=1)
    assert (run.end_ns - run.begin_ns) / large.ns_per_px > stand.view.time.width / 3
    assert stand.view.time.from_ns < stand.view.model.began_ns


def test_it_follows_the_live_edge(stand: PanelStand) -> None:
    before = stand.view.time.from_ns

    stand.feed(plant_in(stand).live(100))

    assert stand.view.time.from_ns > before
    assert stand.view.time.until_ns >= stand.session.live.t_ns


def test_it_stays_where_one_has_moved_it(stand: PanelStand, qtbot: QtBot) -> None:
    press(qtbot, stand, Key.Key_A)
    before = stand.view.time.scale

    stand.feed(plant_in(stand).live(5))

    assert stand.view.time.scale == before
    assert not stand.view.bar.live.isChecked()
    assert stand.view.model.index.taken == len(stand.session.live.runs)


def test_end_goes_back_to_live(stand: PanelStand, qtbot: QtBot) -> None:
    stand.selection.look_at(50)

    press(qtbot, stand, Key.Key_End)

    assert stand.selection.is_live
    assert stand.view.time.is_following


def test_a_press_on_the_ruler_looks_at_that_moment(stand: PanelStand, qtbot: QtBot) -> None:
    run = a_stroke(stand)
    view = stand.view
    x = view.ruler.gutter_px + round(view.time.scale.x_of(run.end_ns)) + 3

    qtbot.mouseClick(view.ruler, LEFT, pos=QPoint(x, 8))

    known = stand.context.known()
    assert not stand.selection.is_live
    assert known.runs.row(len(known.runs) - 1).end_ns <= view.ruler.cursor_ns
    assert stand.session.live.runs.row(len(known.runs)).end_ns > view.ruler.cursor_ns
    assert view.time.scale.x_of(view.ruler.cursor_ns) == pytest.approx(x - view.ruler.gutter_px, abs=0.6)
    assert not view.time.is_following


def test_a_press_on_the_flag_of_a_mark_looks_at_its_moment(stand: PanelStand, qtbot: QtBot) -> None:
    n = a_stroke(stand).n
    mark = stand.session.marks.add(n, stand.session.at(n).t_ns, "here it is")
    assert mark is not None
    view = stand.view
    x = view.ruler.gutter_px + round(view.time.scale.x_of(mark.t_ns)) + 4

    qtbot.mouseClick(view.ruler, LEFT, pos=QPoint(x, 4))

    assert stand.selection.time == stand.session.marks.moment(mark)
    assert view.ruler.mark_at(x) == mark


def test_flags_stand_on_ruler_and_map_until_their_mark_is_taken_away(stand: PanelStand) -> None:
    n = a_stroke(stand).n
    view = stand.view
    before = [part.grab().toImage() for part in (view.ruler, view.map)]
    mark = stand.session.marks.add(n, stand.session.at(n).t_ns)
    assert mark is not None
    marked = [part.grab().toImage() for part in (view.ruler, view.map)]
    stand.session.marks.remove(mark.id)
    after = [part.grab().toImage() for part in (view.ruler, view.map)]

    assert all(one != other for one, other in zip(before, marked, strict=True))
    assert before == after


def test_dragging_on_the_ruler_scrubs(stand: PanelStand, qtbot: QtBot) -> None:
    view = stand.view
    gutter = view.ruler.gutter_px
    looked: list[int | None] = []
    stand.selection.watch(lambda: looked.append(stand.selection.time))

    qtbot.mousePress(view.ruler, LEFT, pos=QPoint(gutter + 100, 8))
    stand.flush()
    for x in (250, 400, 550):
        qtbot.mouseMove(view.ruler, QPoint(gutter + x, 8))
        stand.flush()
    qtbot.mouseRelease(view.ruler, LEFT, pos=QPoint(gutter + 550, 8))

    moments = [n for n in looked if n is not None]
    assert len(moments) == 4
    assert moments == sorted(moments)


def test_the_ruler_is_walked_by_keys(stand: PanelStand, qtbot: QtBot) -> None:
    view = stand.view
    stand.selection.look_at(stand.session.live.runs.row(100).n + 1)
    before = view.ruler.cursor_ns

    for _ in range(5):
        qtbot.keyClick(view.ruler, Key.Key_Left)
        stand.flush()
    earlier = view.ruler.cursor_ns
    qtbot.keyClick(view.ruler, Key.Key_End)

    assert earlier == pytest.approx(before - 50 * view.time.scale.ns_per_px, rel=1e-6)
    assert stand.selection.is_live


def test_right_of_the_live_edge_is_live(stand: PanelStand, qtbot: QtBot) -> None:
    stand.selection.look_at(50)

    qtbot.mouseClick(stand.view.ruler, LEFT, pos=QPoint(stand.view.ruler.gutter_px + stand.view.time.width - 1, 8))

    assert stand.selection.is_live


def test_nothing_moves_while_the_past_is_shown(stand: PanelStand) -> None:
    stand.selection.look_at(50)
    before, runs = stand.view.time.scale, stand.view.model.index.taken

    stand.feed(plant_in(stand).live(5))

    assert stand.view.time.scale == before
    assert stand.view.model.index.taken == runs


def test_another_moment_costs_no_new_picture(stand: PanelStand) -> None:
    stand.selection.look_at(60)
    stand.panel.on_changes(Changes(everything=True))
    stand.widget.grab()
    before = stand.view.lanes.frames

    stand.selection.look_at(50)
    stand.panel.on_changes(Changes(everything=True))
    stand.widget.grab()

    assert stand.view.lanes.frames == before


def test_what_had_not_happened_yet_is_pale(stand: PanelStand) -> None:
    run = a_stroke(stand)
    zoom_to(stand, run)
    at = stand.view.lanes.point_of(run) - QPoint(40, 0)
    bright = stand.view.lanes.viewport().grab().toImage().pixel(at)

    stand.selection.look_at(20)

    assert stand.view.lanes.over.cursor_ns < run.begin_ns
    assert stand.view.lanes.viewport().grab().toImage().pixel(at) != bright


def test_back_to_live_catches_up(stand: PanelStand) -> None:
    stand.selection.look_at(50)
    stand.feed(plant_in(stand).live(5))

    stand.selection.look_at(None)
    stand.panel.on_changes(stand.session.apply_events(stand.session.live.n, plant_in(stand).live(1)))
    stand.flush()

    assert stand.view.model.index.taken == len(stand.session.live.runs)
    assert stand.view.time.is_following


def test_a_pinned_timeline_keeps_its_span(stand: PanelStand, qtbot: QtBot) -> None:
    qtbot.mouseClick(stand.view.pin, LEFT)
    before = stand.view.time.scale

    stand.feed(plant_in(stand).live(50))
    stand.selection.select(Thing("run", plant_in(stand).first_run))

    assert stand.view.time.scale == before
    assert stand.view.lanes.over.chain is None


def test_a_press_on_the_map_goes_there(stand: PanelStand, qtbot: QtBot) -> None:
    view = stand.view
    view.time.zoom(20, 500)
    wanted = view.map.scale.t_at(200)

    qtbot.mouseClick(view.map, LEFT, pos=QPoint(view.map.gutter_px + 200, 10))

    middle = (view.time.from_ns + view.time.until_ns) / 2
    assert abs(middle - wanted) < 5 * MS


def test_the_part_on_screen_is_dragged_on_the_map(stand: PanelStand, qtbot: QtBot) -> None:
    view = stand.view
    view.time.fit(view.model.began_ns, view.model.began_ns + 300 * MS)
    box = view.map.on_screen()
    at = QPoint(view.map.gutter_px + round(box.center().x()), 10)

    drag(qtbot, view.map, at, at + QPoint(200, 0))

    assert view.map.on_screen().left() == pytest.approx(box.left() + 200, abs=2)


# ---- area ------------------------------------------------------------------------------------------------------------------


def add_up(qtbot: QtBot, stand: PanelStand) -> None:
    """Have all that is on screen added up."""
    stand.run("timeline.add_up")
    qtbot.waitUntil(lambda: not stand.view.area.is_busy)


def mark(qtbot: QtBot, stand: PanelStand, from_ns: int, until_ns: int, first: int, last: int) -> None:
    view = stand.view.lanes
    xs = [view.gutter_px + round(stand.view.time.scale.x_of(t)) for t in (from_ns, until_ns)]
    drag(qtbot, view.viewport(), QPoint(xs[0], view.lanes[first].top + 5), QPoint(xs[1], view.lanes[last].bottom - 5))
    qtbot.waitUntil(lambda: not stand.view.area.is_busy)


def test_dragging_over_lanes_adds_up_what_is_there(stand: PanelStand, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    began = stand.view.model.began_ns

    mark(qtbot, stand, began + 220 * MS, began + 480 * MS, 0, 0)

    area = stand.view.lanes.over.area
    inside = [
        it
        for it in stand.session.live.runs.rows(0, 999)
        if it.catalyst == plant.main and it.end_ns >= area.from_ns and it.begin_ns < area.until_ns
    ]
    totals = {(it.essence, it.sparkle): it.runs for it in stand.view.area.table_model.totals}
    assert stand.view.area.isVisible()
    assert sum(totals.values()) == len(inside) > 10
    assert {essence for essence, _ in totals} == {it.essence for it in inside}
    assert stand.view.area.words.whole.replace("\u202f", " ").startswith(f"{len(inside)} runs, ")
    assert stand.view.area.words.whole.endswith("on main_catalyst")


def test_the_totals_name_who_and_how_long(stand: PanelStand, qtbot: QtBot) -> None:
    add_up(qtbot, stand)

    model = stand.view.area.table_model
    first = [model.index(0, column).data() for column in range(model.columnCount())]
    assert [text.replace("\u202f", " ") for text in first] == [
        "historian",
        "ttsc__record",
        "108",
        "1.62 ms",
        "15.0 µs",
        "15.0 µs",
        "15.0 µs",
        "0",
    ]


def test_a_row_of_the_totals_selects_its_longest_run(stand: PanelStand, qtbot: QtBot) -> None:
    plant = plant_in(stand)
    slow = plant.write.sparkles(plant.valves[1], "ttsc__turn", took_ns=7 * MS)
    stand.feed(plant.write.take())
    stand.view.time.fit_all()

    add_up(qtbot, stand)
    table = stand.view.area.table
    qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(table.model().index(0, 0)).center())

    assert stand.selection.thing == Thing("run", slow)


def test_totals_are_sorted_by_the_heading_that_is_clicked(stand: PanelStand, qtbot: QtBot) -> None:
    add_up(qtbot, stand)
    model = stand.view.area.table_model

    stand.view.area.table.horizontalHeader().sectionClicked.emit(4)
    by_longest = [it.longest_ns for it in model.totals]
    stand.view.area.table.horizontalHeader().sectionClicked.emit(0)

    assert by_longest == sorted(by_longest, reverse=True)
    names = [model.index(row, 0).data() for row in range(model.count)]
    assert names == sorted(names)


def test_many_runs_are_added_up_bit_by_bit(stand: PanelStand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic_studio.ui.panels.timeline.area_view._STEP_SECONDS", 0.0)
    monkeypatch.setattr("tasktonic_studio.ui.panels.timeline.area_view._PIECE_ROWS", 50)

    stand.run("timeline.add_up")
    while_busy = stand.view.area.words.whole.replace("\u202f", " ")
    qtbot.waitUntil(lambda: not stand.view.area.is_busy)

    assert while_busy == "Adding up: 50 runs, 15%"
    assert sum(it.runs for it in stand.view.area.table_model.totals) == 326


def test_escape_puts_the_area_away(stand: PanelStand, qtbot: QtBot) -> None:
    add_up(qtbot, stand)

    press(qtbot, stand, Key.Key_Escape)

    assert not stand.view.area.isVisible()
    assert stand.view.lanes.over.area is None


def test_totals_are_saved_as_csv(
    stand: PanelStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    file = tmp_path / "totals.csv"
    monkeypatch.setattr(picture_file, "ask_file", lambda *_: str(file))
    add_up(qtbot, stand)

    stand.run("timeline.save_totals")

    lines = file.read_text().splitlines()
    assert lines[0] == "tonic,sparkle,count,total_ns,max_ns,p95_ns,p50_ns,errors"
    assert lines[1] == "historian,ttsc__record,108,1620000,15000,15000,15000,0"


def test_a_name_that_looks_like_a_formula_is_harmless_in_a_spreadsheet(
    make_stand: MakeStand, writer: TwoCatalysts, qtbot: QtBot
) -> None:
    bad = writer.born("Boss", "=HYPERLINK(1)", catalyst=0)
    writer.sparkles(bad, "ttsc__work")
    session = Session()
    session.apply_events(0, writer.take())
    stand = make_stand(session)

    add_up(qtbot, stand)

    assert stand.view.area.table_model.csv().splitlines()[1].startswith("'=HYPERLINK(1),")


def test_the_table_of_totals_is_a_sound_model(stand: PanelStand, qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    qtmodeltester.check(stand.view.area.table_model)

    add_up(qtbot, stand)
    stand.view.clear_area()


# ---- filter, table, pictures -------------------------------------------------------------------------------------------------


def test_a_filter_leaves_the_rest_out(stand: PanelStand, qtbot: QtBot) -> None:
    qtbot.keyClicks(stand.view.bar.search, "tonic:historian")
    qtbot.keyClick(stand.view.bar.search, Key.Key_Return)

    assert stand.view.model.index.taken == 108
    assert stand.view.lanes.hasFocus() or stand.view.focus_target is stand.view.lanes


def test_a_filter_that_finds_nothing_can_be_cleared_by_its_button(stand: PanelStand, qtbot: QtBot) -> None:
    stand.view.bar.search.setText("no such sparkle")
    stand.view.apply_filter()
    shown = stand.view.nothing_found.isVisible()

    qtbot.mouseClick(stand.view.nothing_found.findChildren(QPushButton)[0], LEFT)

    assert shown
    assert stand.view.lanes.isVisible()
    assert stand.view.model.index.taken == 326


def test_an_unknown_filter_word_is_named(stand: PanelStand) -> None:
    stand.view.bar.search.setText("tonik:pump")
    stand.view.apply_filter()

    assert "Did you mean 'tonic:'?" in stand.view.bar.problem.text()


def test_the_table_has_the_runs_that_are_on_screen(stand: PanelStand, qtbot: QtBot) -> None:
    run = a_stroke(stand)
    stand.view.time.fit(run.begin_ns, run.end_ns + 30_000)

    qtbot.mouseClick(stand.view.bar.table, LEFT)

    time = stand.view.time
    inside = [
        it for it in stand.session.live.runs.rows(0, 999) if it.end_ns >= time.from_ns and it.begin_ns < time.until_ns
    ]
    assert stand.view.table.isVisible()
    assert stand.view.table.runs.items.tolist() == [it.row for it in inside]


def test_table_and_lanes_have_one_selection(stand: PanelStand, qtbot: QtBot) -> None:
    run = a_stroke(stand)
    stand.selection.select(Thing("run", run.run))
    stand.run("timeline.toggle_table")
    table = stand.view.table
    marked = [table.runs.item(row) for row in table.selected_rows()]

    at = table.visualRect(table.runs.index(table.selected_rows()[0] + 1, 2)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=at)

    assert marked == [run.row]
    assert stand.selection.thing == Thing("run", stand.session.live.runs.row(run.row + 1).run)
    assert stand.view.lanes.over.chain.run.row == run.row + 1


def test_a_row_of_the_table_tells_the_run(stand: PanelStand) -> None:
    run = a_stroke(stand)
    stand.run("timeline.toggle_table")
    model = stand.view.table.runs

    texts = [model.index(model.row_of(run.row), column).data() for column in range(model.columnCount())]

    assert [it.replace("\u202f", " ") for it in texts[1:]] == [
        "main_catalyst",
        "pump 0",
        "ttse__on_stroke",
        "40.0 µs",
        "0 ns",
        "",
    ]


def test_of_too_many_runs_the_first_are_listed(stand: PanelStand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic_studio.ui.panels.timeline.run_table.MOST_ROWS", 10)
    stand.view.time.fit_all()

    stand.run("timeline.toggle_table")

    assert stand.view.table.runs.items.tolist() == list(range(10))
    said = stand.view.bar.problem.text().replace("\u202f", " ")
    assert said == "Another 316 runs are on screen: zoom in to have them listed."


def test_rows_of_the_table_are_copied(stand: PanelStand) -> None:
    run = a_stroke(stand)
    stand.selection.select(Thing("run", run.run))
    stand.run("timeline.toggle_table")

    stand.view.table.copy_rows()

    assert QGuiApplication.clipboard().text().split("\t")[2:4] == ["pump 0", "ttse__on_stroke"]


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_what_is_on_screen_is_saved_as_a_picture(
    stand: PanelStand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    file = tmp_path / f"timeline.{ending}"
    monkeypatch.setattr(picture_file, "ask_file", lambda *_: str(file))

    stand.run("timeline.save_picture")

    image = QImage(str(file)) if ending == "png" else None
    if image is not None:
        assert image.width() == 2 * stand.view.picture_size().width()
    else:
        assert "main_catalyst" in file.read_text()


def test_a_picture_that_cannot_be_saved_is_told_in_a_sentence(stand: PanelStand, tmp_path: Path) -> None:
    paint = stand.view.paint_picture
    size = stand.view.picture_size()

    assert "cannot be written" in picture_file.save_picture(str(tmp_path / "no" / "x.png"), size, "T", paint)
    said = picture_file.save_picture(str(tmp_path / "x.gif"), size, "T", paint)
    assert said == "x.gif: pictures are saved as .png or .svg. Give it one of these endings."
    assert "cannot be written" in picture_file.save_text(str(tmp_path / "no" / "x.csv"), "")


# ---- bad days ----------------------------------------------------------------------------------------------------------------


def on_screen(make_stand: MakeStand, write: EventWriter, **more: int) -> PanelStand:
    session = Session()
    session.apply_events(0, write.take())
    stand = make_stand(session, **more)
    stand.widget.grab()
    return stand


def test_a_gap_is_hatched_over_all_lanes(make_stand: MakeStand, writer: TwoCatalysts) -> None:
    writer.sparkles(writer.boss, "ttsc__work")
    begin = writer.wait(100 * MS)
    writer.wait(100 * MS)
    writer.add(ev.Gap(begin, writer.t_ns, 10, 12))
    writer.wait(100 * MS)
    writer.sparkles(writer.helper, "ttsc__work")
    stand = on_screen(make_stand, writer)
    view = stand.view.lanes
    image = view.viewport().grab().toImage()
    x = view.gutter_px + round(stand.view.time.scale.x_of(begin + 20 * MS))

    assert stand.theme.color("warning").rgb() in colours_in(image, x, 0, view.lanes.height)
    assert stand.theme.color("warning").rgb() not in colours_in(image, x, view.lanes.height + 5, image.height())


def test_thousands_of_gaps_are_painted_by_the_pixel(
    make_stand: MakeStand, writer: TwoCatalysts, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.sparkles(writer.boss, "ttsc__work")
    for _ in range(5_000):
        begin = writer.wait(MS)
        writer.add(ev.Gap(begin, writer.wait(MS), 1, 1))
    hatched: list[object] = []
    monkeypatch.setattr(painting, "hatch", lambda _painter, area, _colour: hatched.append(area))

    on_screen(make_stand, writer)

    assert 0 < len(hatched) < 1_000


def test_a_thin_line_shows_how_long_a_run_had_waited(make_stand: MakeStand, writer: TwoCatalysts) -> None:
    queued = writer.t_ns
    order = writer.order(writer.boss, "ttsc__work")
    begin = writer.wait(30 * MS)
    writer.run(writer.boss, "ttsc__work", order, 10 * MS)
    stand = on_screen(make_stand, writer)
    view, scale = stand.view.lanes, stand.view.time.scale
    image = view.viewport().grab().toImage()
    waiting = stand.theme.color("waiting").rgb()
    row = view.lanes[0]

    def has_line(t_ns: int) -> bool:
        return waiting in colours_in(image, view.gutter_px + round(scale.x_of(t_ns)), row.bottom - 5, row.bottom - 1)

    assert has_line(queued + 5 * MS)
    assert has_line(begin - 5 * MS)
    assert not has_line(begin + 5 * MS)
    assert not has_line(queued - 200_000)


def test_a_hook_stands_in_the_lower_half_of_its_run(make_stand: MakeStand, writer: TwoCatalysts, qtbot: QtBot) -> None:
    order = writer.order(writer.boss, "ttsc__work")
    outer = writer.t_ns
    writer.wait(10 * MS)
    sparkle = writer.sparkle(writer.cls("Boss"), "ttse__on_enter")
    writer.add(ev.Ran(writer.t_ns, writer.t_ns + 10 * MS, 9_001, order, 0, writer.boss, sparkle, -1, -1, ev.HOOK))
    writer.wait(20 * MS)
    work = writer.sparkle(writer.cls("Boss"), "ttsc__work")
    writer.add(ev.Ran(outer, writer.t_ns, order, order, 0, writer.boss, work, -1, -1, 0))
    stand = on_screen(make_stand, writer)
    view = stand.view.lanes
    x = view.gutter_px + round(stand.view.time.scale.x_of(outer + 15 * MS))

    click(qtbot, stand, QPoint(x, view.lanes[0].top + 8))
    upper = stand.selection.thing
    click(qtbot, stand, QPoint(x, view.lanes[0].bottom - 8))

    assert upper == Thing("run", order)
    assert stand.selection.thing == Thing("run", 9_001)
    image = view.viewport().grab().toImage()
    ground, half = view.lane_painter.inks.fills["hook"].rgb(), view.lanes[0].height // 2
    assert ground in colours_in(image, x, half, view.lanes[0].height)
    assert ground not in colours_in(image, x, 0, half - 2)


def test_an_ignored_run_is_hatched(make_stand: MakeStand, writer: TwoCatalysts) -> None:
    writer.sparkles(writer.boss, "ttsc__work", took_ns=10 * MS, flags=ev.IGNORED)
    stand = on_screen(make_stand, writer)
    view = stand.view.lanes
    image = view.viewport().grab().toImage()
    x = view.gutter_px + round(stand.view.time.scale.x_of(writer.t_ns - 5 * MS))

    colours = colours_in(image, x, view.lanes[0].top + 7, view.lanes[0].bottom - 8)

    inks = view.lane_painter.inks
    assert {inks.edges["ignored"].rgb(), inks.fills["ignored"].rgb()} <= colours


def test_a_run_of_no_time_at_all_can_be_selected(make_stand: MakeStand, writer: TwoCatalysts, qtbot: QtBot) -> None:
    writer.wait(50 * MS)
    number = writer.sparkles(writer.boss, "ttsc__work", took_ns=0)
    writer.wait(50 * MS)
    stand = on_screen(make_stand, writer)

    click(qtbot, stand, stand.view.lanes.point_of(run_in(stand, number)))

    assert stand.selection.thing == Thing("run", number)


def test_a_run_that_has_not_ended_is_drawn_up_to_now(make_stand: MakeStand, writer: TwoCatalysts) -> None:
    since = writer.t_ns
    writer.wait(500 * MS)
    writer.add(ev.Beat(writer.t_ns, 0, 0, writer.boss, -1, since, 0, 0))
    stand = on_screen(make_stand, writer)
    view = stand.view.lanes
    image = view.viewport().grab().toImage()
    x = view.gutter_px + round(stand.view.time.scale.x_of(since + 300 * MS))

    assert view.lane_painter.inks.fills["run"].rgb() in colours_in(image, x, 8, 20)


def test_a_clock_that_jumps_back_is_drawn_at_the_times_it_tells(make_stand: MakeStand, writer: TwoCatalysts) -> None:
    for _ in range(3):
        writer.sparkles(writer.boss, "ttsc__work")
        writer.wait(100 * MS)
    writer.t_ns -= 200 * MS
    jumped = writer.sparkles(writer.boss, "ttsc__work")
    stand = on_screen(make_stand, writer)

    stand.selection.select(Thing("run", jumped))
    zoom_to(stand, run_in(stand, jumped), 1_000)

    assert stand.view.model.index.taken == 4
    assert stand.view.lanes.run_at(stand.view.lanes.point_of(run_in(stand, jumped))) == 3


def test_the_app_before_this_one_is_shown_at_its_moments(stand: PanelStand) -> None:
    last_of_plant = stand.session.live.n
    other = EventWriter(app=2, name="Second")
    other.t_ns = 1 * SECOND
    other.catalyst("only")
    other.sparkles(other.born("Lonely", "lonely", catalyst=0), "ttsc__go")
    stand.feed(other.take())
    now = [stand.view.model.lane_name(row) for row in stand.view.lanes.lanes.between(0, 999)]

    stand.selection.look_at(last_of_plant)
    stand.panel.on_changes(Changes(everything=True))
    before = [stand.view.model.lane_name(row) for row in stand.view.lanes.lanes.between(0, 999)]

    assert now == ["only"]
    assert before == ["main_catalyst", "worker"]
    assert stand.view.model.index.taken == 326


def test_another_target_clears_the_timeline(stand: PanelStand, qtbot: QtBot) -> None:
    add_up(qtbot, stand)

    stand.apply(TargetBegan("launched", "other.py"))

    assert stand.view.nothing_yet.isVisible()
    assert stand.view.lanes.over.area is None


def test_long_names_are_cut_and_told_whole_nowhere_too_long(make_stand: MakeStand, writer: TwoCatalysts) -> None:
    long = writer.born("Boss", "x" * 300, catalyst=writer.catalyst("y" * 300))
    writer.sparkles(long, "ttsc__" + "z" * 300)
    stand = on_screen(make_stand, writer)

    tip = stand.view.lanes.tip_at(stand.view.lanes.point_of(stand.session.live.runs.row(0)))

    assert len(tip.splitlines()[0]) < 140


def test_five_hundred_lanes_cost_what_is_on_screen(make_stand: MakeStand, writer: TwoCatalysts) -> None:
    for number in range(500):
        catalyst = writer.catalyst(f"catalyst {number}")
        writer.sparkles(writer.born("Boss", catalyst=catalyst), "ttsc__work")
    stand = on_screen(make_stand, writer)

    assert len(stand.view.lanes.lanes) == 502
    assert len(stand.view.lanes.lane_painter.levels) < 20
    stand.view.lanes.show_lane(501)
    stand.widget.grab()
    assert any(catalyst >= 900 for catalyst, _ in stand.view.lanes.lane_painter.levels)


@pytest.mark.parametrize("width, height", [(300, 300), (240, 120), (800, 600)])
def test_it_fits_into_little_room(make_stand: MakeStand, width: int, height: int) -> None:
    stand = make_stand(a_session_with_plant())

    stand.widget.resize(width, height)
    QApplication.processEvents()

    assert stand.widget.width() == width
    assert not stand.widget.grab().isNull()
    assert stand.view.lanes.gutter_px < stand.widget.width() / 2


def test_text_of_twice_the_size_makes_higher_lanes(make_stand: MakeStand) -> None:
    stand = make_stand(a_session_with_plant())
    before = stand.view.lanes.lanes[0].height

    stand.theme.set_text_scale(2.0)
    stand.choose_theme("light")

    assert stand.view.lanes.lanes[0].height > before


@pytest.mark.parametrize("scale", [0.8, 1.0, 2.0])
@pytest.mark.parametrize("span_ns", [300, 287_000, 40 * MS, 90 * SECOND])
def test_words_on_the_ruler_do_not_touch(make_stand: MakeStand, scale: float, span_ns: int) -> None:
    stand = make_stand(a_session_with_plant(), 800, 300)
    stand.theme.set_text_scale(scale)
    stand.choose_theme("dark")
    view, ruler = stand.view, stand.view.ruler
    view.time.fit(view.model.began_ns - span_ns // 3, view.model.began_ns + span_ns)

    found = [it for it in ruler.ticks() if it.text]

    ends = [tick.x + 4 + ruler._metrics.horizontalAdvance(tick.text) for tick in found]
    assert all(end < after.x for end, after in zip(ends, found[1:], strict=False))


def test_large_text_takes_the_words_off_the_buttons(make_stand: MakeStand) -> None:
    stand = make_stand(a_session_with_plant(), 800, 300)
    before = stand.view.bar.table.toolButtonStyle()

    stand.theme.set_text_scale(2.0)
    stand.choose_theme("dark")

    assert before == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    assert stand.view.bar.table.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly


@pytest.mark.parametrize("shift_px", [0, 7, 23, 45, 61, 88])
def test_words_on_the_ruler_are_not_cut_at_its_edges(stand: PanelStand, shift_px: int) -> None:
    view, ruler = stand.view, stand.view.ruler
    view.time.fit_all()
    view.time.pan(shift_px)

    worded = [tick for tick in ruler.ticks() if ruler.has_words(tick)]

    assert worded
    for tick in worded:
        assert tick.x + 4 >= 0
        assert tick.x + 4 + ruler._metrics.horizontalAdvance(tick.text) <= view.time.width


def test_a_narrow_bar_has_pictures_before_the_filter_loses_its_hint(make_stand: MakeStand) -> None:
    stand = make_stand(a_session_with_plant(), 534, 220, "light")

    assert stand.view.bar.search.placeholderText().startswith("Filter: words  tonic:pump")
    assert stand.view.bar.table.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly


def test_what_has_ended_has_no_live_edge(make_stand: MakeStand) -> None:
    stand = make_stand(a_session_with_plant())
    while_running = (stand.view.bar.live.isEnabled(), stand.view.bar.live.isChecked())

    stand.apply(TargetStatus("ended", "it ended", exit_code=0))

    assert while_running == (True, True)
    assert (stand.view.bar.live.isEnabled(), stand.view.bar.live.isChecked()) == (False, False)


def test_a_recorded_run_has_no_live_edge(make_stand: MakeStand) -> None:
    session = Session()
    session.apply([TargetBegan("file", "plant.ttt", (), 0)])
    session.apply_events(session.live.n, Plant().live(5))
    stand = make_stand(session)

    assert (stand.view.bar.live.isEnabled(), stand.view.bar.live.isChecked()) == (False, False)
    assert not stand.registry.get("timeline.follow").enabled_when(stand.command_context)


def test_totals_and_lanes_share_a_low_panel(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(a_session_with_plant(), 534, 210)

    add_up(qtbot, stand)

    view = stand.view
    assert view.height() == 210
    assert view.area.isVisible()
    qtbot.waitUntil(lambda: view.area.geometry().bottom() <= view._split.height())
    assert view.lanes.height() >= 40
    assert not view.map.isVisible()
    view.clear_area()
    assert view.map.isVisible()


def test_an_arrow_crosses_no_words_of_its_boxes(stand: PanelStand) -> None:
    view = stand.view
    frame, lanes = view.lanes.frame(), view.lanes.lanes
    chains = [view.model.chain(run) for run in stand.session.live.runs.rows(40, 80)]
    links = [link for chain in chains for link in chain.effects if link.run is not None and link.source is not None]

    assert {link.run.catalyst == link.source.catalyst for link in links} == {True, False}
    for link in links:
        start, end = link_ends(frame, lanes, link)
        for y, run in ((start, link.source), (end, link.run)):
            row = lanes[lanes.number_of(run.catalyst)]
            assert y in (row.top - frame.offset + 4, row.bottom - frame.offset - 4)
        if link.run.catalyst != link.source.catalyst:
            # The shortest way: out at the side that faces the other lane, and in at the side that faces this one.
            heights = abs(lanes[1].top - lanes[0].top) - (lanes[0].height - 8)
            assert abs(end - start) == heights


@pytest.mark.parametrize("name", ["light", "dark", "contrast"])
def test_words_on_runs_can_be_read(name: str, qtbot: QtBot) -> None:
    inks = Inks(Theme(name))

    for kind, fill in inks.fills.items():
        assert contrast(THEMES[name].text, fill.name()) >= 4.5, kind
        assert contrast(inks.edges[kind].name(), THEMES[name].panel) >= 3, kind


def test_a_hidden_timeline_does_nothing_and_catches_up(stand: PanelStand) -> None:
    stand.hide()
    before = stand.view.model.index.taken
    stand.feed(plant_in(stand).live(3))
    while_hidden = stand.view.model.index.taken

    stand.show(1100, 420)

    assert while_hidden == before
    assert stand.view.model.index.taken == before + 36


def test_everything_that_takes_the_keyboard_has_a_name(stand: PanelStand, qtbot: QtBot) -> None:
    add_up(qtbot, stand)

    for widget in stand.widget.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            around = widget.parentWidget()
            assert widget.accessibleName() or (around is not None and around.accessibleName()), widget


def test_closing_leaves_nothing_behind(make_stand: MakeStand) -> None:
    stand = make_stand(a_session_with_plant())
    view = stand.view

    stand.close()

    assert not shiboken6.isValid(view)
    assert not stand.selection._watchers
