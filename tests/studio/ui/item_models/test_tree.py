"""The tree model: identity, batches, and nothing signalled that is not on screen."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.modeltest import ModelTester

from tasktonic_studio.ui.item_models.roles import KEY, Column
from tasktonic_studio.ui.item_models.tree import Node, TreeModel

COLUMNS = (Column("name", "Name", "What it is called.", "sample"), Column("n", "N", "A number.", "000", right=True))


class NamesModel(TreeModel[Node]):
    """Shows the key of each node."""

    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self.broken = False

    def cell(self, node: Node, column: Column, role: int) -> Any:
        if self.broken:
            raise RuntimeError("this cell is broken")
        return f"{node.key}" if role == Qt.ItemDataRole.DisplayRole and column.id == "name" else None


def leaf(number: int) -> Node:
    return Node(number, (number,))


def filled(*numbers: int) -> NamesModel:
    model = NamesModel()
    model.add(None, [leaf(number) for number in numbers])
    return model


def nested(model: NamesModel, parent: QModelIndex | None = None) -> list[Any]:
    """The model as nested lists: a name, or a name with the list of what is below it."""
    above = parent or QModelIndex()
    rows: list[Any] = []
    for row in range(model.rowCount(above)):
        index = model.index(row, 0, above)
        below = nested(model, index)
        rows.append([index.data(), below] if below else index.data())
    return rows


def test_siblings_stand_in_their_order_whatever_the_order_of_arrival(qtmodeltester: ModelTester) -> None:
    model = filled(5, 1, 3)
    qtmodeltester.check(model)

    model.add(None, [leaf(number) for number in (2, 6, 0, 4, 7)])

    assert nested(model) == ["0", "1", "2", "3", "4", "5", "6", "7"]


def test_a_row_without_rows_below_it_has_no_list_of_them() -> None:
    model = filled(1, 2)
    above = model.node(1)
    assert above is not None

    model.add(above, [leaf(3)])
    below = model.node(3)
    assert below is not None
    model.move(below, model.node(2))

    assert nested(model) == ["1", ["2", ["3"]]]
    assert not isinstance(below.children, list)
    assert len(above.children) == 0


@pytest.fixture
def without_collector() -> Iterator[None]:
    """What is gone is gone by itself, or stays."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def nodes_there() -> int:
    return sum(type(each) is Node for each in gc.get_objects())


def test_rows_that_were_removed_leave_nothing_to_the_garbage_collector(without_collector: None) -> None:
    model = filled(*range(10))
    for number in range(10):
        model.add(model.node(number), [leaf(100 * number + below) for below in range(10, 30)])
    held = nodes_there()

    model.remove(filter(None, map(model.node, (2, 3, 7))))
    after_removal = nodes_there()
    model.clear()

    assert (held - after_removal, after_removal - nodes_there()) == (3 * 21, 7 * 21)


def test_neighbours_are_inserted_as_one(qtmodeltester: ModelTester) -> None:
    model = filled(10, 20)
    qtmodeltester.check(model)
    spy = QSignalSpy(model.rowsInserted)

    model.add(None, [leaf(number) for number in (12, 11, 13, 30, 31)])

    assert [spy.at(n)[1:] for n in range(spy.count())] == [[1, 3], [5, 6]]


def test_neighbours_are_removed_as_one(qtmodeltester: ModelTester) -> None:
    model = filled(*range(8))
    qtmodeltester.check(model)
    spy = QSignalSpy(model.rowsRemoved)

    model.remove([node for node in map(model.node, (6, 2, 3, 1, 7)) if node])

    assert nested(model) == ["0", "4", "5"]
    assert sorted(spy.at(n)[1:] for n in range(spy.count())) == [[1, 3], [6, 7]]


def test_removing_a_node_forgets_all_below_it(qtmodeltester: ModelTester) -> None:
    model = filled(1, 2)
    qtmodeltester.check(model)
    model.add(model.node(1), [leaf(11)])
    model.add(model.node(11), [leaf(111), leaf(112)])

    model.remove([model.root.children[0]])

    assert nested(model) == ["2"]
    assert set(model.keys()) == {2}
    assert not model.index_of(111).isValid()


def test_a_moved_node_keeps_its_identity_with_all_below_it(qtmodeltester: ModelTester) -> None:
    model = filled(1, 2, 3)
    qtmodeltester.check(model)
    model.add(model.node(2), [leaf(21), leaf(22)])
    held = QPersistentModelIndex(model.index_of(22))
    moved = model.node(2)
    assert moved is not None

    model.move(moved, model.node(3))

    assert nested(model) == ["1", ["3", [["2", ["21", "22"]]]]]
    assert held.data(KEY) == 22
    assert model.index_of(2).parent() == model.index_of(3)


def test_a_move_to_where_it_is_changes_nothing() -> None:
    model = filled(1, 2)
    node = model.node(1)
    assert node is not None
    spy = QSignalSpy(model.rowsMoved)

    model.move(node, None)

    assert spy.count() == 0


def test_many_nodes_move_as_one_change_of_layout(qtmodeltester: ModelTester) -> None:
    model = filled(*range(20))
    qtmodeltester.check(model)
    model.add(model.node(7), [leaf(71)])
    held = QPersistentModelIndex(model.index_of(71))
    spy = QSignalSpy(model.layoutChanged)
    moved = QSignalSpy(model.rowsMoved)

    model.move_all([(node, model.node(0)) for node in map(model.node, (9, 8, 7, 6, 5, 4)) if node])

    assert nested(model)[0] == ["0", ["4", "5", "6", ["7", ["71"]], "8", "9"]]
    assert nested(model)[1:] == [str(n) for n in (1, 2, 3, *range(10, 20))]
    assert held.data(KEY) == 71
    assert held.parent() == model.index_of(7)
    assert (spy.count(), moved.count()) == (1, 0)


def test_few_nodes_move_one_by_one(qtmodeltester: ModelTester) -> None:
    model = filled(1, 2, 3)
    qtmodeltester.check(model)
    moved = QSignalSpy(model.rowsMoved)

    model.move_all([(node, model.node(1)) for node in map(model.node, (3, 2)) if node])

    assert nested(model) == [["1", ["2", "3"]]]
    assert moved.count() == 2


def test_an_index_that_outlives_its_node_finds_nothing() -> None:
    model = filled(1)
    stale = model.index(0, 0)

    model.clear()

    assert model.node_at(stale) is None
    assert model.data(stale) is None


def test_only_changed_rows_on_screen_are_signalled() -> None:
    model = filled(*range(100))
    on_screen = [model.index(row, 0) for row in range(10, 20)]
    spy = QSignalSpy(model.dataChanged)

    model.signal({3, 12, 15, 70}, on_screen)

    assert [(spy.at(n)[0].data(KEY), spy.at(n)[1].column()) for n in range(spy.count())] == [(12, 1), (15, 1)]


def test_all_rows_on_screen_can_be_signalled() -> None:
    model = filled(*range(100))
    spy = QSignalSpy(model.dataChanged)

    model.signal(None, [model.index(row, 0) for row in range(4)])

    assert spy.count() == 4


def test_a_broken_cell_is_reported_once_to_the_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda _type, value, _trace: reported.append(str(value)))
    model = filled(1, 2)
    model.broken = True

    shown = [model.data(model.index(row, 0)) for row in (0, 1, 0, 1)]

    assert shown == [None] * 4
    assert reported == ["this cell is broken"]


def test_headings_have_title_help_alignment() -> None:
    model = filled()
    across = Qt.Orientation.Horizontal

    assert model.headerData(1, across) == "N"
    assert model.headerData(0, across, Qt.ItemDataRole.ToolTipRole) == "What it is called."
    alignment: Any = model.headerData(1, across, Qt.ItemDataRole.TextAlignmentRole)
    assert alignment & int(Qt.AlignmentFlag.AlignRight)


def test_rows_are_right_after_many_changes_among_ten_thousand(qtmodeltester: ModelTester) -> None:
    model = filled(*range(0, 20_000, 2))

    model.add(None, [leaf(number) for number in range(1, 2_001, 2)])
    model.remove([node for node in map(model.node, range(0, 20_000, 4)) if node])
    model.add(model.node(3), [leaf(100_000 + number) for number in range(50)])

    qtmodeltester.check(model)
    expected = sorted((set(range(0, 20_000, 2)) | set(range(1, 2_001, 2))) - set(range(0, 20_000, 4)))
    assert [model.index(row, 0).data(KEY) for row in range(model.rowCount())] == expected
    assert [model.index_of(key).row() for key in (1, 3, 19_998)] == [expected.index(key) for key in (1, 3, 19_998)]
