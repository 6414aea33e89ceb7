"""The catalysts panel: its rows, the plot over time, errors, looks and endings. By mouse and keys."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic_studio.session.inbox import TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.catalysts import queue
from tasktonic_studio.ui.panels.catalysts.panel import CatalystsPanel
from tasktonic_studio.ui.panels.catalysts.rows import COLUMNS, NUMBER, Trend
from tasktonic_studio.ui.panels.catalysts.trend_delegate import peaks
from tasktonic_studio.ui.theme import tokens
from tests.helpers.builders import MS, SECOND, a_session_with_plant
from tests.helpers.panel_stand import MakeStand, PanelStand

from .acting import THIN, Works, cell, click_tab, numbers

# ---- the rows -------------------------------------------------------------------------------------------------------------


def test_an_empty_panel_offers_the_example_plant(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand()
    button = next(it for it in stand.widget.findChildren(QPushButton) if it.isVisible())

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert stand.ran == ["run.start_example"]


def test_each_catalyst_has_a_row(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)

    names = [cell(stand, catalyst, "name") for catalyst in (works.main, works.worker)]

    assert names == ["main_catalyst", "worker"]
    assert cell(stand, works.main, "thread") == "main_catalyst (qt)"
    assert cell(stand, works.main, "status") == "idle"


def test_a_row_tells_what_waits_and_since_when(make_stand: MakeStand, works: Works) -> None:
    works.orders(3)
    works.beat(works.worker, 3)
    works.tell()

    stand = make_stand(works.session)

    assert cell(stand, works.worker, "depth") == "3"
    assert cell(stand, works.worker, "oldest") == f"3.00{THIN}ms"
    assert cell(stand, works.worker, "sender") == "boss"
    assert cell(stand, works.main, "oldest") == ""


def test_a_row_tells_how_busy_it_is_and_what_runs(make_stand: MakeStand, works: Works) -> None:
    (order,) = works.orders(1)
    works.beat(works.worker, 1)
    works.hang(order, 250 * MS)
    works.tell()

    stand = make_stand(works.session)

    assert cell(stand, works.worker, "now") == f"belt · ttsc__move  250{THIN}ms"
    assert cell(stand, works.worker, "status") == "running"
    assert cell(stand, works.worker, "busy") == "0%"


def test_a_catalyst_whose_runs_are_left_out_is_not_said_to_be_idle(make_stand: MakeStand, works: Works) -> None:
    works.write.add(ev.LevelSet(works.write.t_ns, 0))
    works.beat(works.worker, 1)
    works.tell()

    stand = make_stand(works.session)

    assert (cell(stand, works.worker, "busy"), cell(stand, works.worker, "rate")) == ("–", "–")


def test_a_held_catalyst_says_so(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)
    works.write.add(ev.CatalystHeld(works.write.t_ns, works.worker, True))

    stand.feed(works.write.take())

    assert (cell(stand, works.main, "status"), cell(stand, works.worker, "status")) == ("idle", "held")


def test_a_catalyst_of_a_process_that_died_is_dead(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)

    stand.apply(TargetStatus("ended", "killed", exit_code=-9, died=True))

    assert cell(stand, works.worker, "status") == "dead"


def test_a_catalyst_that_ended_in_order_has_ended(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)
    works.write.add(ev.CatalystEnded(works.write.t_ns, works.worker))
    works.write.ended(works.worker)

    stand.feed(works.write.take())

    assert cell(stand, works.worker, "status") == "ended"


def test_the_last_minute_is_drawn_and_told_in_words(make_stand: MakeStand, works: Works) -> None:
    for depth in (1, 40, 2):
        works.write.wait(SECOND)
        works.beat(works.worker, depth)
    works.tell()
    stand = make_stand(works.session)

    index = stand.view.model.index(stand.view.model.row_of(works.worker), NUMBER["trend"])

    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "2 waiting, most in the last minute 40"
    assert stand.view.model.row_for(works.worker).trend.depths.tolist() == [1, 40, 2]


def test_a_trend_keeps_the_deepest_of_a_pixel_and_holds_it_until_the_next() -> None:
    trend = Trend(np.array([0.5, 0.51, 0.9]), np.array([7, 3, 1]))

    assert peaks(trend, 10).tolist() == [-1, -1, -1, -1, -1, 7, 7, 7, 7, 1]


# ---- over time ------------------------------------------------------------------------------------------------------------


def test_depth_and_busy_share_are_plotted(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    for second in range(10):
        works.write.wait(SECOND)
        works.beat(works.worker, second, busy_ns=second * SECOND // 4)
        works.beat(works.main, 77)
    works.tell()
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))

    click_tab(qtbot, stand, stand.view.below.plot)

    plot = stand.view.below.plot
    assert plot.summary.accessibleName() == "now 9 · least 0 · most 9"
    assert plot.rows()[-1][1:] == ("9", "25")


def test_a_plot_that_is_asked_for_gets_room_to_be_read(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    works.beat(works.worker, 1)
    works.tell()
    stand = make_stand(works.session, height=340)
    stand.view.split.setSizes([300, 40])

    click_tab(qtbot, stand, stand.view.below.plot)

    plot = stand.view.below.plot
    qtbot.waitUntil(lambda: plot.height() >= 130)
    assert stand.view.table.isVisible()


def test_the_plot_goes_on_live(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    works.beat(works.worker, 1)
    works.tell()
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    click_tab(qtbot, stand, stand.view.below.plot)
    works.write.wait(SECOND)
    works.beat(works.worker, 5)

    stand.feed(works.write.take())

    assert stand.view.below.plot.summary.accessibleName() == "now 5 · least 1 · most 5"


# ---- errors ---------------------------------------------------------------------------------------------------------------


def test_the_last_error_stands_with_its_traceback(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    works.write.raised(works.belt, "ttsc__move", "ValueError", "the belt is torn", 3)
    works.write.add(ev.AppEnded(works.write.t_ns, 1, ev.Text("ValueError in belt")))
    works.write.add(ev.CatalystEnded(works.write.t_ns, works.worker))
    stand.feed(works.write.take())

    click_tab(qtbot, stand, stand.view.below.error)

    page = stand.view.below.error
    assert "in belt: ValueError: the belt is torn in ttsc__move The app ended: ValueError in belt." in page.words.text()
    assert 'File "plant.py", line 7, in ttsc__move' in page.traceback.toPlainText()
    assert cell(stand, works.worker, "status") == "dead"
    qtbot.mouseClick(page.show_line, Qt.MouseButton.LeftButton)
    assert stand.selection.thing is not None
    assert stand.selection.thing.kind == "log"


def test_a_catalyst_without_errors_says_so(make_stand: MakeStand, works: Works, qtbot: QtBot) -> None:
    stand = make_stand(works.session)

    click_tab(qtbot, stand, stand.view.below.error)

    assert stand.view.below.error.words.text() == "None of its tonics has raised an error."


# ---- looks and endings ----------------------------------------------------------------------------------------------------


def test_the_panel_keeps_its_tab_and_columns(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)
    stand.view.below.setCurrentIndex(3)
    stand.view.table.columns.set_off("thread", True)

    other = make_stand(works.session)
    other.panel.restore_state(json.loads(json.dumps(stand.panel.save_state())))

    assert other.view.below.currentIndex() == 3
    assert other.view.table.isColumnHidden(NUMBER["thread"])


def test_a_narrow_panel_keeps_what_matters_most(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session, 300)

    shown = {column.id for column in COLUMNS if not stand.view.table.isColumnHidden(NUMBER[column.id])}

    assert {"name", "depth"} <= shown
    assert "thread" not in shown


def test_the_tabs_of_a_narrow_panel_say_less_and_cut_nothing(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session, 600)
    below = stand.view.below
    roomy = [below.tabText(number) for number in range(below.count())]

    stand.widget.resize(below._tabs.needed_px() - 5, 320)

    assert roomy == ["Queue", "Over time", "Stack", "Last error"]
    assert [below.tabText(number) for number in range(below.count())] == ["Queue", "Time", "Stack", "Error"]
    assert below._tabs.needed_px() <= below.width()
    assert below.tabToolTip(3) == "Last error"
    stand.widget.resize(600, 320)
    assert [below.tabText(number) for number in range(below.count())] == roomy


@pytest.mark.parametrize("width", [300, 600])
def test_the_count_of_the_queue_keeps_off_the_edge(make_stand: MakeStand, works: Works, width: int) -> None:
    view = make_stand(works.session, width).view
    counts = view.below.queue.words

    text = counts.contentsRect().translated(counts.mapTo(view, QPoint(0, 0)))

    assert counts.text() == "0 waiting"
    assert view.width() - text.right() > tokens.SPACE_PX


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_the_panel_takes_on_a_theme(make_stand: MakeStand, works: Works, theme: str) -> None:
    stand = make_stand(works.session)

    stand.choose_theme(theme)

    index = stand.view.model.index(0, NUMBER["thread"])
    assert index.data(Qt.ItemDataRole.ForegroundRole) == stand.theme.color("text_muted")


def test_a_hidden_panel_catches_up_when_it_is_shown(make_stand: MakeStand, works: Works) -> None:
    stand = make_stand(works.session)
    stand.selection.select(Thing("catalyst", works.worker))
    stand.hide()
    orders = works.orders(2)
    stand.feed(works.write.take())
    assert numbers(stand) == []

    stand.show()

    assert numbers(stand) == orders


def test_everything_in_the_panel_has_a_name(make_stand: MakeStand) -> None:
    view = make_stand(a_session_with_plant()).view

    for widget in (view.table, view.pin, view.below.queue.table, view.below.queue.search, view.below.stack.table):
        assert widget.accessibleName()
    assert len({column.id for column in queue.COLUMNS}) == 6


def test_a_closed_panel_leaves_nothing_behind(qapp: object) -> None:
    stand = PanelStand(CatalystsPanel(), a_session_with_plant())
    stand.show()
    view = stand.view

    stand.close()
    stand.selection.select(Thing("run", 1))

    assert not shiboken6.isValid(view)


def test_a_queue_of_a_hundred_thousand_orders_reads_what_is_on_screen(make_stand: MakeStand, works: Works) -> None:
    works.orders(100_000)
    works.tell()
    stand = make_stand(works.session)

    stand.selection.select(Thing("catalyst", works.worker))

    page = stand.view.below.queue
    assert page.model.count == 100_000
    assert len(page.model._cache) < 100


@pytest.mark.parametrize("scale, width", [(1.0, 300), (2.0, 360)])
def test_the_panel_fits_into_a_narrow_place(make_stand: MakeStand, works: Works, scale: float, width: int) -> None:
    stand = make_stand(works.session, width, 320)

    stand.theme.set_text_scale(scale)
    stand.choose_theme("dark")

    least = stand.widget.minimumSizeHint()
    assert (least.width() <= width, least.height() <= 320) == (True, True)
