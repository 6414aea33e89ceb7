"""Widths of columns: readable at any width, hidden rather than cut off."""

from __future__ import annotations

from typing import Any

import pytest
import shiboken6
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QHeaderView, QMenu, QTableView
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.item_models.roles import Column
from tasktonic_studio.ui.widgets.columns import ColumnFit, plan
from tasktonic_studio.ui.widgets.tail_table import TailTable

COLUMNS = (
    Column("name", "Name", "", "a name", stretch=True),
    Column("rate", "Rate", "", "9 999", right=True, rank=1),
    Column("age", "Age", "", "59 min", right=True, rank=2),
)


@pytest.mark.parametrize(
    "room, widths",
    [
        (1_000, [840, 80, 80]),
        (260, [100, 80, 80]),
        (259, [179, 80, 0]),
        (179, [179, 0, 0]),
        (90, [90, 0, 0]),
        (10, [36, 0, 0]),
    ],
)
def test_columns_of_high_rank_go_first_then_the_rest_is_shared(room: int, widths: list[int]) -> None:
    assert plan([100, 80, 80], [0, 1, 2], [True, False, False], room) == widths


@pytest.mark.parametrize("room, shown", [(420, 4), (419, 3), (300, 3), (259, 2)])
def test_dispensable_columns_wait_until_there_is_room_to_read(room: int, shown: int) -> None:
    widths = plan([100, 80, 80, 80], [0, 1, 2, 3], [True, False, False, False], room, [180, 0, 0, 0])

    assert sum(width > 0 for width in widths) == shown


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(40, 300), st.integers(0, 4)), min_size=1, max_size=8),
    st.integers(1, 2_000),
)
def test_all_columns_fit_unless_those_that_never_go_do_not(columns: list[tuple[int, int]], room: int) -> None:
    natural = [width for width, _ in columns]
    ranks = [rank for _, rank in columns]

    widths = plan(natural, ranks, [False] * len(columns), room)

    must = sum(width for width, rank in columns if rank == 0)
    assert sum(widths) <= max(room, must)
    assert all(width > 0 for width, rank in zip(widths, ranks, strict=True) if rank == 0)


@pytest.fixture
def table(qtbot: QtBot) -> QTableView:
    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(QStandardItemModel(0, len(COLUMNS), table))
    return table


@pytest.fixture
def fit(table: QTableView) -> ColumnFit:
    fit = ColumnFit(table.horizontalHeader(), COLUMNS)
    fit.measure(table.font(), table.font())
    fit.fit(600)
    return fit


def widths(header: QHeaderView) -> dict[str, int]:
    return {
        column.id: header.sectionSize(number)
        for number, column in enumerate(COLUMNS)
        if not header.isSectionHidden(number)
    }


def test_samples_are_readable(table: QTableView, fit: ColumnFit) -> None:
    needed = table.fontMetrics().horizontalAdvance("59 min")

    assert widths(table.horizontalHeader())["age"] > needed


def test_a_column_dragged_by_the_user_keeps_its_width(table: QTableView, fit: ColumnFit) -> None:
    table.horizontalHeader().resizeSection(1, 133)

    fit.fit(500)

    assert widths(table.horizontalHeader())["rate"] == 133


def test_what_the_user_changed_is_kept(table: QTableView, fit: ColumnFit) -> None:
    table.horizontalHeader().resizeSection(1, 133)
    fit.set_off("age", True)
    state = fit.save_state()
    fit.restore_state({"widths": {}, "off": []})

    fit.restore_state(state)

    assert widths(table.horizontalHeader()).keys() == {"name", "rate"}
    assert widths(table.horizontalHeader())["rate"] == 133


@pytest.mark.parametrize(
    "state", [{}, {"widths": 7, "off": "rate"}, {"widths": {"gone": 50, "rate": "wide"}, "off": ["gone"]}]
)
def test_a_strange_state_is_ignored(table: QTableView, fit: ColumnFit, state: dict[str, Any]) -> None:
    fit.restore_state(state)

    assert widths(table.horizontalHeader()).keys() == {"name", "rate", "age"}


def test_the_headers_menu_switches_columns(table: QTableView, fit: ColumnFit) -> None:
    table.horizontalHeader().customContextMenuRequested.emit(table.rect().topLeft())
    menu = table.horizontalHeader().findChild(QMenu)
    assert menu is not None

    next(it for it in menu.actions() if it.text() == "Age").trigger()
    without = widths(table.horizontalHeader()).keys()
    next(it for it in menu.actions() if it.text() == "Usual widths").trigger()

    assert without == {"name", "rate"}
    assert widths(table.horizontalHeader()).keys() == {"name", "rate", "age"}
    menu.close()


def test_a_column_that_is_off_takes_no_room_from_others(qtbot: QtBot) -> None:
    columns = (
        Column("what", "What", "", "a name", stretch=True),
        Column("probes", "Probes", "", "a name", rank=1, roomy="a name that is very much longer than all the others"),
        Column("state", "State", "", "a name", rank=4),
    )
    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(QStandardItemModel(0, len(columns), table))
    fit = ColumnFit(table.horizontalHeader(), columns)
    fit.measure(table.font(), table.font())

    fit.set_off("probes", True)
    fit.fit(300)

    assert [table.horizontalHeader().isSectionHidden(number) for number in range(3)] == [False, True, False]


TWO_WIDE = (
    Column("tonic", "Tonic", "", "a name", stretch=True),
    Column("sparkle", "Sparkle", "", "a name", stretch=True),
    Column("took", "Took", "", "99 ms", right=True, rank=1),
)


@pytest.fixture
def two_wide(qtbot: QtBot) -> tuple[QTableView, ColumnFit]:
    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(QStandardItemModel(0, len(TWO_WIDE), table))
    fit = ColumnFit(table.horizontalHeader(), TWO_WIDE)
    fit.measure(table.font(), table.font())
    fit.fit(600)
    return table, fit


def sizes(table: QTableView) -> list[int]:
    header = table.horizontalHeader()
    return [header.sectionSize(number) for number in range(header.count())]


def test_what_is_left_over_is_spread_over_the_columns_that_take_it(two_wide: tuple[QTableView, ColumnFit]) -> None:
    table, fit = two_wide
    tonic, sparkle, took = sizes(table)
    needs = fit._natural  # other ones with each font

    assert abs((tonic - needs[0]) - (sparkle - needs[1])) <= 1
    assert tonic + sparkle + took == 600


def test_columns_share_what_is_left_in_their_proportion() -> None:
    assert plan([50, 100, 100], [0, 0, 0], [0, 3, 1], 450) == [50, 250, 150]


def test_columns_that_have_less_than_they_need_give_alike() -> None:
    assert plan([50, 100, 100], [0, 0, 0], [0, 3, 1], 210) == [50, 80, 80]


def test_a_stretched_column_keeps_a_dragged_width_while_another_takes_the_rest(
    two_wide: tuple[QTableView, ColumnFit],
) -> None:
    table, fit = two_wide

    table.horizontalHeader().resizeSection(0, 200)
    fit.fit(700)

    assert sizes(table)[0] == 200
    assert sum(sizes(table)) == 700


def test_nothing_is_pushed_out_of_sight_by_dragging(two_wide: tuple[QTableView, ColumnFit]) -> None:
    table, _fit = two_wide

    for section in (0, 1, 2):
        table.horizontalHeader().resizeSection(section, 290)
        assert sum(sizes(table)) == 600


def test_the_edge_of_the_only_stretched_column_moves_its_neighbours_width(table: QTableView, fit: ColumnFit) -> None:
    before = widths(table.horizontalHeader())

    table.horizontalHeader().resizeSection(0, before["name"] - 40)

    assert widths(table.horizontalHeader())["rate"] == before["rate"] + 40
    assert sum(widths(table.horizontalHeader()).values()) == 600


def test_a_header_that_is_gone_gets_no_widths(qtbot: QtBot) -> None:
    header = QHeaderView(Qt.Orientation.Horizontal)
    header.setModel(QStandardItemModel(0, 2))
    columns = ColumnFit(header, [Column("a", "A", "", "aaa", stretch=True), Column("b", "B", "", "bbb")])
    shiboken6.delete(header)

    columns.fit(300)


def test_a_table_that_is_being_deleted_is_not_laid_out(qtbot: QtBot) -> None:
    table = TailTable([Column("a", "A", "", "aaa", stretch=True)], "row", "rows")
    qtbot.addWidget(table)
    table.setModel(QStandardItemModel(3, 1))
    table.show()
    shiboken6.delete(table.button)

    table.resize(340, 200)
    QApplication.processEvents()

    assert table.columns is not None
