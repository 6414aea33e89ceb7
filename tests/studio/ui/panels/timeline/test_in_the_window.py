"""The timeline beside the other panels in the real window: one selection, one moment, keys of the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panel_list import all_panels
from tasktonic_studio.ui.panels.timeline import model as timeline_model
from tasktonic_studio.ui.panels.timeline import view as timeline_view
from tests.helpers.builders import MS, a_session_with_plant, plant_of
from tests.helpers.window_stand import WindowStand

LEFT = Qt.MouseButton.LeftButton


MakeWindow = Callable[..., WindowStand]


@pytest.fixture
def make_window(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeWindow]:
    """Make a window with every panel there is, on a lively plant, that closes with the test."""
    made: list[WindowStand] = []

    def make(arrangement: str) -> WindowStand:
        settings = {"arrangement": arrangement}
        stand = WindowStand(tmp_path, a_session_with_plant(), panels=all_panels(), settings=settings)
        made.append(stand)
        stand.window.show()
        stand.catch_up()
        with qtbot.waitActive(stand.window):
            stand.window.activateWindow()
        return stand

    yield make
    for stand in made:
        stand.close()


@pytest.fixture
def window(make_window: MakeWindow, qtbot: QtBot) -> WindowStand:
    """The arrangement Analyse, in which the timeline is on top."""
    stand = make_window("analyse")
    qtbot.waitUntil(lambda: view_in(stand).isVisible())
    return stand


def panel_in(stand: WindowStand, name: str) -> Any:
    return next(panel for panel in stand.panels if panel.id == name)


def view_in(stand: WindowStand) -> Any:
    return panel_in(stand, "timeline").view


def a_stroke(stand: WindowStand) -> Any:
    """A stroke of pump 0, in the middle of the plant's life."""
    known = stand.session.live
    return [row for row in known.runs.rows(0, 999) if row.essence == plant_of(stand.session).pumps[0]][10]


def test_a_key_brings_it_to_the_front(make_window: MakeWindow, qtbot: QtBot) -> None:
    stand = make_window("run")

    qtbot.keyClick(stand.window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)

    qtbot.waitUntil(lambda: view_in(stand).isVisible())
    assert view_in(stand).model.index.taken == len(stand.session.live.runs)


def test_a_run_clicked_in_the_timeline_is_the_one_in_the_trace(window: WindowStand, qtbot: QtBot) -> None:
    view, run = view_in(window), a_stroke(window)
    view.time.fit(run.begin_ns - MS, run.end_ns + MS)

    qtbot.mouseClick(view.lanes.viewport(), LEFT, pos=view.lanes.point_of(run))

    trace = panel_in(window, "trace").view
    assert [trace.model.run_at(row) for row in trace.table.selected_rows()] == [run.run]


def test_a_run_clicked_in_the_trace_is_the_one_in_the_timeline(window: WindowStand, qtbot: QtBot) -> None:
    run, trace = a_stroke(window), panel_in(window, "trace").view
    row = trace.model.row_of_run(run.run)
    trace.table.scrollTo(trace.model.index(row, 2))

    qtbot.mouseClick(trace.table.viewport(), LEFT, pos=trace.table.visualRect(trace.model.index(row, 2)).center())

    assert view_in(window).lanes.over.chain.run == run
    assert view_in(window).time.is_on_screen(run.begin_ns, run.end_ns)


def test_full_stop_and_comma_go_along_the_lane(window: WindowStand, qtbot: QtBot) -> None:
    run = a_stroke(window)
    window.selection.select(Thing("run", run.run))
    view = view_in(window)
    view.lanes.setFocus()

    qtbot.keyClicks(view.lanes, ".")
    after = view.lanes.over.chain.run
    qtbot.keyClicks(view.lanes, ",")

    assert after.catalyst == run.catalyst
    assert after.begin_ns >= run.end_ns
    assert window.selection.thing == Thing("run", run.run)


def test_full_stop_is_typed_where_somebody_types(window: WindowStand, qtbot: QtBot) -> None:
    view = view_in(window)
    view.bar.search.setFocus()

    qtbot.keyClicks(view.bar.search, "a.b,wasd")

    assert view.bar.search.text() == "a.b,wasd"
    assert window.selection.thing is None


def test_a_press_on_the_ruler_shows_everything_as_it_was(window: WindowStand, qtbot: QtBot) -> None:
    view, plant = view_in(window), plant_of(window.session)
    at = view.time.scale.x_of(view.model.began_ns + 25 * MS)

    qtbot.mouseClick(view.ruler, LEFT, pos=QPoint(view.ruler.gutter_px + round(at), 8))

    known = window.bench.panel_context.known()
    assert known.state_name(plant.pumps[0]) == "open"
    assert window.session.live.state_name(plant.pumps[0]) == "closed"
    assert panel_in(window, "trace").view.model.count == len(known.runs) < len(window.session.live.runs)


def test_the_slowest_sparkle_stands_on_top_when_all_is_added_up(window: WindowStand, qtbot: QtBot) -> None:
    plant, view = plant_of(window.session), view_in(window)
    slow = plant.write.sparkles(plant.valves[0], "ttsc__turn", took_ns=9 * MS)
    for _ in range(30):
        plant.write.sparkles(plant.pumps[0], "ttse__on_stroke", took_ns=MS)
    window.bench.area.on_changes(window.session.apply_events(window.session.live.n, plant.write.take()))
    view.arrivals.flush()
    table = view.area.table

    qtbot.mouseClick(view.bar.sum, LEFT)
    qtbot.waitUntil(lambda: not view.area.is_busy and table.model().rowCount() > 0)
    qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(table.model().index(0, 0)).center())

    assert window.selection.thing == Thing("run", slow)


def test_nothing_moves_while_the_past_is_shown_in_the_window(window: WindowStand) -> None:
    view, plant = view_in(window), plant_of(window.session)
    window.bench.run("time.freeze")
    before = view.time.scale

    changes = window.session.apply_events(window.session.live.n, plant.live(20))
    window.bench._on_changes(changes)
    view.arrivals.flush()

    assert view.time.scale == before
    window.bench.run("time.go_live")
    assert view.time.until_ns >= window.session.live.t_ns
    assert view.model.index.taken == len(window.session.live.runs)


def test_while_a_long_run_is_read_lanes_are_read_with_the_news_only_and_to_their_end_afterwards(
    window: WindowStand, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    view, plant = view_in(window), plant_of(window.session)
    pieces: list[float] = []
    with monkeypatch.context() as patch:
        patch.setattr(Session, "is_long_run_coming", True)
        patch.setattr(view.model, "catch_up", lambda seconds: bool(pieces.append(seconds)))
        view.apply_filter()
        assert len(pieces) == 1
        assert not view._catching.isActive()

    window.bench.area.on_changes(window.session.apply_events(window.session.live.n, plant.live(1)))
    view.arrivals.flush()
    qtbot.waitUntil(lambda: view.model.index.taken == len(window.session.live.runs))


def test_what_comes_while_lanes_are_read_is_not_read_twice_in_a_turn(
    window: WindowStand, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    view, plant = view_in(window), plant_of(window.session)
    pieces: list[float] = []
    with monkeypatch.context() as patch:
        patch.setattr(view.model, "catch_up", lambda seconds: bool(pieces.append(seconds)))
        view.apply_filter()
        assert len(pieces) == 1

        window.bench.area.on_changes(window.session.apply_events(window.session.live.n, plant.live(1)))
        view.arrivals.flush()

        assert len(pieces) == 1

    qtbot.waitUntil(lambda: view.model.index.taken == len(window.session.live.runs))


def test_lanes_that_are_read_in_pieces_end_up_painted_whole(
    window: WindowStand, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    view = view_in(window)
    view.time.fit(*view.model.span)
    whole = view.lanes.viewport().grab().toImage()
    monkeypatch.setattr(timeline_view, "_STEP_SECONDS", 0.0)
    monkeypatch.setattr(timeline_model, "PIECE_ROWS", 30)
    painted_at: list[float] = []
    renew = view.lanes.renew
    monkeypatch.setattr(view.lanes, "renew", lambda: (painted_at.append(view.model.share), renew()))

    view.apply_filter()
    assert view.model.share < 1
    qtbot.waitUntil(lambda: view.model.share == 1)

    assert painted_at[-1] == 1.0
    assert view.lanes.viewport().grab().toImage() == whole
