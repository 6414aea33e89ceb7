"""The table model: rows out of arrays, read once, changed in batches."""

from __future__ import annotations

import random
from collections.abc import Hashable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QTableView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.item_models.roles import KEY, Column
from tasktonic_studio.ui.item_models.table import TableModel

COLUMNS = (Column("n", "N", "The number.", "0000000"), Column("square", "Square", "Its square.", "000", right=True))


class SquaresModel(TableModel[tuple[str, str]]):
    """Shows numbers with their squares; counts how often a row is read."""

    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self.reads = 0

    def read(self, item: int) -> tuple[str, str]:
        self.reads += 1
        return f"{item}", f"{item * item}"

    def cell(self, row: tuple[str, str], column: Column, role: int) -> Any:
        return row[self.columns.index(column)] if role == Qt.ItemDataRole.DisplayRole else None

    def key(self, row: tuple[str, str]) -> Hashable:
        return int(row[0])


def squares(count: int) -> SquaresModel:
    model = SquaresModel()
    model.append(np.arange(count))
    return model


def test_rows_are_appended_as_one_insertion(qtmodeltester: ModelTester) -> None:
    model = squares(3)
    qtmodeltester.check(model)
    spy = QSignalSpy(model.rowsInserted)

    model.append(np.array([10, 11]))

    assert [model.index(row, 1).data() for row in range(model.count)] == ["0", "1", "4", "100", "121"]
    assert [spy.at(n)[1:] for n in range(spy.count())] == [[3, 4]]


def test_appending_nothing_says_nothing() -> None:
    model = squares(3)
    spy = QSignalSpy(model.rowsInserted)

    model.append(np.zeros(0, np.int64))

    assert spy.count() == 0


def test_a_row_is_read_once_for_all_its_cells() -> None:
    model = squares(100)

    for _ in range(5):
        assert [model.index(7, column).data() for column in (0, 1)] == ["7", "49"]

    assert model.reads == 1


def test_replaced_rows_are_other_rows(qtmodeltester: ModelTester) -> None:
    model = squares(10)
    qtmodeltester.check(model)

    model.replace(np.array([9, 4]))

    assert [model.index(row, 0).data(KEY) for row in range(model.count)] == [9, 4]
    assert model.row_of(4) == 1
    assert model.row_of(5) == -1


def test_rows_of_old_items_go_from_the_front(qtmodeltester: ModelTester) -> None:
    model = squares(10)
    qtmodeltester.check(model)
    model.replace(np.array([2, 3, -1, 5, -2, 8]))

    gone = model.drop_before(5)

    assert gone == 2
    assert model.items.tolist() == [-1, 5, -2, 8]
    assert model.drop_before(5) == 0


def test_old_rows_that_go_are_found_without_a_look_at_those_that_stay() -> None:
    model = squares(1_000_000)
    looked_at: list[int] = []

    class Watched(np.ndarray[Any, Any]):
        """Notes how many items are compared."""

        def __lt__(self, other: Any) -> Any:
            looked_at.append(len(self))
            return super().__lt__(other)

    model.replace(model.items.copy())
    model._items = model._items.view(Watched)

    gone = model.drop_before(10_000)

    assert gone == 10_000
    assert 10_000 <= sum(looked_at) < 20_000


def test_a_list_that_goes_on_at_one_end_and_loses_the_other_takes_no_more_room(qtmodeltester: ModelTester) -> None:
    model = squares(1_000)
    qtmodeltester.check(model)

    for begin in range(1_000, 8_000, 100):
        model.append(np.arange(begin, begin + 100))
        model.drop_before(begin - 900)

    assert model.items.tolist() == list(range(7_000, 8_000))
    assert model.item(0) == 7_000
    assert len(model._items) < 3_000


def test_items_that_were_given_out_stay_as_they_were() -> None:
    model = squares(1_000)
    given, before = model.items, model.items.tolist()

    for begin in range(1_000, 9_000, 500):
        model.append(np.arange(begin, begin + 500))
        model.drop_before(begin)

    assert given.tolist() == before


def test_a_list_of_a_million_rows_grows_without_being_copied() -> None:
    model = squares(1_000_000)
    model.append(np.arange(1_000_000, 1_000_001))
    before = model.items

    model.append(np.arange(1_000_001, 3_000_000))

    assert np.shares_memory(model.items, before)
    assert (model.item(2_999_999), model.count) == (2_999_999, 3_000_000)


@pytest.mark.parametrize("seed", range(40))
def test_numbers_that_follow_each_other_are_as_an_array_of_them(seed: int) -> None:
    chance = random.Random(seed)
    one, other, end = SquaresModel(), SquaresModel(), 0
    for _ in range(30):
        what = chance.random()
        if what < 0.2:
            oldest = chance.randrange(end + 2)
            assert one.drop_before(oldest) == other.drop_before(oldest)
        elif what < 0.3:
            begin = chance.randrange(end + 1)
            one.replace(range(begin, end))
            other.replace(np.arange(begin, end))
        else:
            begin = end if chance.random() < 0.9 else end + 3
            end = begin + chance.choice((0, 1, 7))
            numbers = np.arange(begin, end)
            other.append(numbers)
            one.append(numbers if chance.random() < 0.1 else range(begin, end))

        assert one.items.tolist() == other.items.tolist()
        assert one.first_items(3).tolist() == other.first_items(3).tolist()
        assert [one.item(row) for row in range(-1, one.count + 1)] == [
            other.item(row) for row in range(-1, one.count + 1)
        ]
        for item in range(-1, end + 2):
            assert (one.row_of(item), one.row_from(item)) == (other.row_of(item), other.row_from(item))


def test_a_list_of_numbers_that_follow_each_other_keeps_no_array_of_them() -> None:
    model = SquaresModel()
    model.replace(range(5_000_000))
    model.append(range(5_000_000, 9_000_000))
    model.drop_before(1_000)

    assert (model.count, model.item(0), model.item(8_998_999)) == (8_999_000, 1_000, 8_999_999)
    assert model._items.nbytes == 0


def test_forgotten_rows_on_screen_are_read_anew() -> None:
    model = squares(10)
    assert model.index(2, 0).data() == "2"
    spy = QSignalSpy(model.dataChanged)

    model.forget([2])

    assert model.index(2, 0).data() == "2"
    assert model.reads == 2
    assert spy.count() == 1


def test_a_million_rows_cost_what_is_on_screen(qtbot: QtBot) -> None:
    model = squares(1_000_000)
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.resize(400, 300)

    with qtbot.waitExposed(view):
        view.show()
    view.scrollToBottom()
    view.grab()

    assert view.indexAt(view.viewport().rect().center()).row() > 999_900
    assert model.reads < 200


def test_numbers_stand_at_the_right() -> None:
    model = squares(1)

    assert int(model.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole)) & int(Qt.AlignmentFlag.AlignRight)


def test_a_tip_of_what_an_app_tells_is_no_markup() -> None:
    class TippedModel(SquaresModel):
        def cell(self, row: tuple[str, str], column: Column, role: int) -> Any:
            return f"<b>{row[0]}</b> & more" if role == Qt.ItemDataRole.ToolTipRole else None

    model = TippedModel()
    model.append(np.arange(3))
    shown = QTextDocument()

    shown.setHtml(model.index(2, 0).data(Qt.ItemDataRole.ToolTipRole))

    assert shown.toPlainText() == "<b>2</b> & more"
