"""The panel of breakpoints: empty, filled, by keys and mouse, narrow, and the past that is listed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tasktonic import events as ev
from tasktonic.rules import Breakpoint, Term
from tasktonic_studio.ui.panels.breakpoints.panel import BreakpointsPanel
from tests.helpers.builders import a_session_with_plant
from tests.helpers.panel_stand import PanelStand


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[PanelStand]:
    session = a_session_with_plant()
    session.breakpoints.remove([point.id for point in session.breakpoints.all])
    made = PanelStand(BreakpointsPanel(), session)
    made.show(700, 500)
    yield made
    made.close()


def test_an_empty_panel_says_how_to_begin(stand: PanelStand) -> None:
    assert stand.view.nothing.isVisible()
    assert not stand.view.table.isVisible()


def test_breakpoints_are_listed_with_hits(stand: PanelStand) -> None:
    points = stand.session.breakpoints
    number = points.add(Breakpoint(0, (Term("sparkle", "ttsc__open", "Pump"),), every=3, once=True)).id
    points.add(Breakpoint(0, (Term("path", "limits/*"),), enabled=False, log=True))
    for n in range(2):
        points.was_hit(
            n,
            ev.BreakpointHit(
                1, number, ev.Name("studio"), 0, 1, ev.Name(""), 0, True, 1, True, False, ev.Text("before it")
            ),
        )

    assert stand.view.rows == [
        (f"{number}  Pump.ttsc__open", "holds, once, every 3rd", "2"),
        (f"{number + 1}  store path limits/*  (off)", "says so", "0"),
    ]
    assert stand.panel.tab_title() == "Breakpoints (1)"
    stand.view.table.selectRow(0)
    assert stand.view.note.text().endswith("Last: before it")


def test_a_click_on_the_box_and_the_space_key_switch(stand: PanelStand) -> None:
    points = stand.session.breakpoints
    points.add(Breakpoint(0, (Term("sparkle", "ttsc__open"),)))
    table = stand.view.table
    box = table.visualItemRect(table.item(0, 0))

    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 10, box.center().y()))
    clicked = points.all[0].enabled
    QTest.keyClick(table, Qt.Key.Key_Space)

    assert (clicked, points.all[0].enabled) == (False, True)


def test_delete_removes_all_that_are_chosen(stand: PanelStand) -> None:
    points = stand.session.breakpoints
    for name in "abc":
        points.add(Breakpoint(0, (Term("sparkle", name),)))
    stand.view.table.selectRow(0)
    QTest.keyClick(stand.view.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)

    QTest.keyClick(stand.view.table, Qt.Key.Key_Delete)

    assert [point.terms[0].what for point in points.all] == ["c"]


def test_what_is_chosen_stays_chosen_when_another_comes(stand: PanelStand) -> None:
    points = stand.session.breakpoints
    for name in "ab":
        points.add(Breakpoint(0, (Term("sparkle", name),)))
    stand.view.table.selectRow(1)
    chosen = stand.view.chosen

    points.add(Breakpoint(0, (Term("sparkle", "c"),)))

    assert stand.view.chosen == chosen


def test_in_a_narrow_panel_the_name_has_the_room(stand: PanelStand) -> None:
    stand.session.breakpoints.add(Breakpoint(0, (Term("sparkle", "ttsc__open", "Pump"),)))

    stand.widget.resize(280, 500)

    assert stand.view.table.isColumnHidden(1)
    assert stand.view.table.columnWidth(0) > 150


def test_the_past_is_listed_with_a_way_to_each_moment(stand: PanelStand, qtbot: QtBot) -> None:
    stand.session.breakpoints.add(Breakpoint(0, (Term("sparkle", "ttse__on_*", "Pump"),)))
    stand.run("breakpoints.try_on_past")
    qtbot.waitUntil(lambda: stand.view.past.trial.is_done)
    trial = stand.view.past.trial
    assert trial.count > 3
    assert f"would have hit {trial.count} times, here" in stand.view.past.title.text()
    item = stand.view.past.list.visualItemRect(stand.view.past.list.item(1))

    QTest.mouseClick(stand.view.past.list.viewport(), Qt.MouseButton.LeftButton, pos=item.center())

    assert (stand.selection.thing, stand.selection.time) == (trial.found[1].thing, trial.found[1].n)


def test_what_a_record_cannot_know_is_said(stand: PanelStand, qtbot: QtBot) -> None:
    stand.session.breakpoints.add(Breakpoint(0, (Term("sparkle", "*", "Pump"), Term("condition", "self.on"))))
    stand.run("breakpoints.try_on_past")
    qtbot.waitUntil(lambda: stand.view.past.trial.is_done)

    assert "A condition cannot be asked of the past; it counts as met here" in stand.view.past.notes.text()


def test_of_a_condition_alone_nothing_is_said_of_the_past(stand: PanelStand, qtbot: QtBot) -> None:
    stand.session.breakpoints.add(Breakpoint(0, (Term("condition", "self.on"),)))
    stand.run("breakpoints.try_on_past")
    qtbot.waitUntil(lambda: stand.view.past.trial.is_done)

    assert stand.view.past.title.text() == "self.on: nothing can be said of the past"
