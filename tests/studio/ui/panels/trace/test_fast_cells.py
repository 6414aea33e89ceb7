"""Cells that are painted without the style sheet look as if they were painted with it."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QStyledItemDelegate, QTableView
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.panels.trace.fast_cells import FastCells
from tasktonic_studio.ui.panels.trace.panel import TracePanel
from tests.helpers.builders import a_session_with_plant, plant_of
from tests.helpers.panel_stand import PanelStand


def picture(table: QTableView) -> QImage:
    return table.viewport().grab().toImage()


@pytest.mark.parametrize("theme, width", [("dark", 900), ("light", 330), ("contrast", 600)])
def test_a_table_looks_the_same_as_painted_by_the_style(qtbot: QtBot, theme: str, width: int) -> None:
    session = a_session_with_plant()
    session.apply_events(session.live.n, plant_of(session).trouble())
    stand = PanelStand(TracePanel(), session, theme)
    qtbot.addWidget(stand.widget)
    stand.show(width, 500)
    table = stand.view.table
    table.selectRow(table.rows_on_screen()[-3])
    fast = picture(table)

    table.setItemDelegate(QStyledItemDelegate(table))

    assert picture(table) == fast
    stand.choose_theme("dark")


def test_fonts_are_measured_anew_after_the_theme_has_changed(qtbot: QtBot) -> None:
    stand = PanelStand(TracePanel(), a_session_with_plant(), "dark")
    qtbot.addWidget(stand.widget)
    stand.show(500, 500)
    table = stand.view.table
    picture(table)
    stand.theme.set_text_scale(1.6)
    stand.panel.on_theme()
    stand.show(500, 500)
    fast = picture(table)

    assert isinstance(table.itemDelegate(), FastCells)
    table.setItemDelegate(QStyledItemDelegate(table))

    assert picture(table) == fast
    stand.theme.set_text_scale(1.0)
