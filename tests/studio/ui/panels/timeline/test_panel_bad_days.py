"""A timeline on bad days: gaps, odd clocks, narrow places, large text."""

from __future__ import annotations

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.timeline import painting
from tasktonic_studio.ui.panels.timeline.inks import Inks
from tasktonic_studio.ui.panels.timeline.overlays import link_ends
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.theme.tokens import THEMES, contrast
from tests.helpers.builders import MS, SECOND, EventWriter, Plant, a_session_with_plant
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.timeline.acting import add_up, click, colours_in, on_screen, plant_in, run_in, zoom_to
from tests.studio.ui.panels.timeline.conftest import MakeStand, TwoCatalysts


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
