"""Which time is on screen, and which moment is shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.timeline.inks import mixed
from tests.helpers.builders import MS, SECOND
from tests.helpers.panel_stand import PanelStand
from tests.studio.ui.panels.timeline.acting import LEFT, Key, a_stroke, colours_in, drag, plant_in, press, zoom_to


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


@pytest.mark.parametrize("how", ["with Shift", "on the line of the moment"])
def test_dragging_on_the_map_scrubs_over_the_whole_run(stand: PanelStand, qtbot: QtBot, how: str) -> None:
    view = stand.view
    gutter, width = view.map.gutter_px, view.time.width
    begin = 0
    modifier = Qt.KeyboardModifier.ShiftModifier if how == "with Shift" else Qt.KeyboardModifier.NoModifier
    if how != "with Shift":
        stand.selection.look_at(stand.session.live.runs.row(100).n + 1)
        begin = round(view.map.scale.x_of(view.map.cursor_ns))
    shown = view.time.scale

    qtbot.mousePress(view.map, LEFT, modifier, QPoint(gutter + begin, 10))
    qtbot.mouseMove(view.map, QPoint(gutter + width // 2, 10))
    stand.flush()
    middle, at = stand.selection.time, view.map.cursor_ns
    qtbot.mouseRelease(view.map, LEFT, modifier, QPoint(gutter + width // 2, 10))

    assert middle is not None
    assert 0 < middle < stand.session.live.n
    assert at == pytest.approx(view.map.scale.t_at(width // 2), abs=2 * view.map.scale.ns_per_px)
    assert view.time.scale == shown, "what is on screen stays"


def test_the_map_is_walked_by_keys_with_shift(stand: PanelStand, qtbot: QtBot) -> None:
    view = stand.view
    stand.selection.look_at(stand.session.live.runs.row(100).n + 1)
    before = view.map.cursor_ns

    qtbot.keyClick(view.map, Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    stand.flush()
    earlier = view.map.cursor_ns
    qtbot.keyClick(view.map, Key.Key_End)

    assert earlier < before
    assert stand.selection.is_live


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


def test_the_map_shows_where_something_ran_and_where_it_failed(stand: PanelStand) -> None:
    view = stand.view
    view.map.renew()
    image = view.map._painted().toImage()  # without the part that is on screen, which lies over it
    runs, errors = view.model.density.over(*view.time.span, view.time.width)
    ground, ink, red = (
        QColor(colour).rgb()
        for colour in (
            stand.theme.color("raised"),
            mixed(stand.theme.color("running"), stand.theme.color("raised"), 0.7),
            stand.theme.color("error"),
        )
    )

    columns = [colours_in(image, view.map.gutter_px + x, 0, view.map.height()) for x in range(view.time.width)]

    assert any(errors)
    assert {column >= {red} for column, failed in zip(columns, errors.tolist(), strict=True) if failed} == {True}
    away = [x for x in range(view.time.width) if not errors[max(x - 6, 0) : x + 7].any()]
    assert {frozenset(columns[x]) for x in away if runs[x] > 0} == {frozenset({ground, ink})}
    assert {frozenset(columns[x]) for x in away if runs[x] == 0} <= {frozenset({ground})}


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
