"""Rows that are painted without the style sheet look as if they were painted with it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.item_models.roles import DECORATION
from tasktonic_studio.ui.panels.trace.fast_rows import FastRows
from tasktonic_studio.ui.panels.trace.model import COLUMNS
from tasktonic_studio.ui.panels.trace.panel import TracePanel
from tests.helpers.builders import a_session_with_plant, plant_of
from tests.helpers.panel_stand import PanelStand

ByQt = Callable[[QTableView], QImage]
ICONS = next(number for number, column in enumerate(COLUMNS) if column.icon)


def picture(table: QTableView) -> QImage:
    return table.viewport().grab().toImage()


@pytest.fixture
def by_qt(monkeypatch: pytest.MonkeyPatch) -> ByQt:
    """The picture of a table for which Qt paints every row."""

    def painted(table: QTableView) -> QImage:
        with monkeypatch.context() as patch:
            patch.setattr(FastRows, "is_plain", lambda _self, _row: False)
            return picture(table)

    return painted


def a_trace(qtbot: QtBot, theme: str, width: int) -> PanelStand:
    session = a_session_with_plant()
    session.apply_events(session.live.n, plant_of(session).trouble())
    stand = PanelStand(TracePanel(), session, theme)
    qtbot.addWidget(stand.widget)
    stand.show(width, 500)
    return stand


@pytest.mark.parametrize("theme, width", [("dark", 900), ("light", 330), ("contrast", 600)])
def test_a_table_looks_the_same_as_painted_by_qt(qtbot: QtBot, by_qt: ByQt, theme: str, width: int) -> None:
    stand = a_trace(qtbot, theme, width)
    table = stand.view.table
    table.selectRow(table.rows_on_screen()[-3])

    assert picture(table) == by_qt(table)
    stand.choose_theme("dark")


def test_a_row_under_the_pointer_looks_the_same(qtbot: QtBot, by_qt: ByQt) -> None:
    table = a_trace(qtbot, "dark", 700).view.table
    pictures = []

    for y in (30, 90):
        QTest.mouseMove(table.viewport(), QPoint(200, y))
        qtbot.waitUntil(lambda y=y: table.is_special(table.rowAt(y)))  # type: ignore[misc]
        pictures.append(picture(table))
        assert pictures[-1] == by_qt(table)

    # Not to one from before: the pointer may have been there already.
    assert pictures[0] != pictures[1]


def test_the_current_row_of_a_table_with_the_focus_looks_the_same(qtbot: QtBot, by_qt: ByQt) -> None:
    table = a_trace(qtbot, "dark", 700).view.table
    row = table.rows_on_screen()[4]
    table.selectionModel().setCurrentIndex(table.model().index(row, 1), table.selectionModel().SelectionFlag.NoUpdate)
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)

    assert table.is_special(row)
    assert picture(table) == by_qt(table)


def test_most_rows_are_painted_without_a_call_for_each_cell(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    table = a_trace(qtbot, "dark", 900).view.table
    paint = FastRows.paint
    painted: list[int] = []

    def noted(self: FastRows, painter: QPainter, rows: Sequence[int]) -> None:
        painted.extend(rows)
        paint(self, painter, rows)

    monkeypatch.setattr(FastRows, "paint", noted)

    picture(table)

    left = [row for row in table.rows_on_screen() if row not in painted]
    assert all(table.is_special(row) or table.model().index(row, ICONS).data(DECORATION) for row in left)
    assert len(painted) > len(left) > 0


def test_fonts_are_measured_anew_after_the_theme_has_changed(qtbot: QtBot, by_qt: ByQt) -> None:
    stand = PanelStand(TracePanel(), a_session_with_plant(), "dark")
    qtbot.addWidget(stand.widget)
    stand.show(500, 500)
    table = stand.view.table
    picture(table)
    stand.theme.set_text_scale(1.6)
    stand.panel.on_theme()
    stand.show(500, 500)

    assert picture(table) == by_qt(table)
    stand.theme.set_text_scale(1.0)


def test_a_row_that_cannot_be_read_leaves_the_others_as_they_are(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    table = a_trace(qtbot, "dark", 900).view.table
    model = table.model()
    row = table.rows_on_screen()[2]
    whole, broken = picture(table), model.item(row)
    read, told = model.read, list[object]()
    monkeypatch.setattr(sys, "excepthook", lambda _type, problem, _trace: told.append(problem))

    def fails_once(item: int) -> object:
        if item == broken:
            raise RuntimeError("no such state")
        return read(item)

    monkeypatch.setattr(model, "read", fails_once)
    model.forget()
    torn = picture(table)

    top, height = table.rowViewportPosition(row), table.rowHeight(row)
    above = QRect(0, 0, whole.width(), top)
    below = QRect(0, top + height, whole.width(), whole.height() - top - height)
    assert torn.copy(above) == whole.copy(above)
    assert torn.copy(below) == whole.copy(below)
    assert torn != whole
    assert {str(it) for it in told} == {"no such state"}
