"""A tree five hundred deep: the names of its deepest rows can be read, and its folds can be pressed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeView

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter
from tests.helpers.panel_stand import MakeStand, PanelStand

from .acting import model_of

LEVELS = 500


@pytest.fixture
def deep(make_stand: MakeStand) -> PanelStand:
    """A chain of tonics, each made by the one above it, with the last one selected."""
    writer = EventWriter()
    above = writer.catalyst("main_catalyst")
    for level in range(LEVELS):
        above = writer.born("Child", f"level {level}", above if level else -1, 0)
    session = Session()
    session.apply_events(1, writer.take())
    stand = make_stand(session)
    stand.show()
    stand.selection.select(Thing("essence", above))
    return stand


def row_of(stand: PanelStand, level: int) -> tuple[QTreeView, QModelIndex, QRect]:
    """The tree, the row of a level, and where its first column is."""
    tree: QTreeView = stand.view.tree
    index = model_of(stand).index_of(level + 1)
    tree.scrollTo(index)
    place = tree.visualRect(index.siblingAtColumn(1))
    return tree, index, QRect(0, place.top(), tree.columnWidth(0), place.height())


def colours_in(tree: QTreeView, area: QRect) -> int:
    """How many colours are painted there: a ground without words has few."""
    image = tree.viewport().grab(area).toImage()
    return len({image.pixel(x, y) for x in range(image.width()) for y in range(2, image.height() - 2)})


def test_the_name_of_the_deepest_row_is_painted(deep: PanelStand) -> None:
    tree, _, area = row_of(deep, LEVELS - 1)

    assert colours_in(tree, area.adjusted(area.width() // 2, 0, 0, 0)) > 8


def test_before_a_deep_name_stands_how_deep_it_is(deep: PanelStand) -> None:
    tree, _, area = row_of(deep, LEVELS - 1)

    assert colours_in(tree, area.adjusted(0, 0, -area.width() // 2, 0)) > 3


def test_the_fold_of_a_deep_row_is_pressed_where_it_is_painted(deep: PanelStand) -> None:
    tree, index, area = row_of(deep, LEVELS - 3)
    assert tree.isExpanded(index)
    marks = [x for x in range(area.width()) if tree._deep.mark_at(x, index)]  # type: ignore[attr-defined]

    QTest.mouseClick(
        tree.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(marks[len(marks) // 2], area.center().y()),
    )

    assert not tree.isExpanded(index)


def test_a_press_beside_the_fold_of_a_deep_row_selects_it(deep: PanelStand) -> None:
    tree, index, area = row_of(deep, LEVELS - 3)

    QTest.mouseClick(
        tree.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        QPoint(area.right() - 8, area.center().y()),
    )

    assert tree.isExpanded(index)
    assert deep.selection.thing == Thing("essence", LEVELS - 2)


def test_a_press_anywhere_on_the_name_of_a_deep_row_selects_it(deep: PanelStand) -> None:
    """Also where its fold mark would be without an end to indents: once that folded it."""
    tree: QTreeView = deep.view.tree
    end = tree._deep.most_px()  # type: ignore[attr-defined]
    wrong = []
    for level in range(12):
        for x in range(end, tree.columnWidth(0), 4):
            deep.selection.select(Thing("essence", LEVELS))
            _, index, area = row_of(deep, level)
            at = QPoint(x, area.center().y())
            QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
            if not tree.isExpanded(index) or deep.selection.thing != Thing("essence", level + 1):
                wrong.append((level, x))
                tree.setExpanded(index, True)

    assert wrong == []


def test_a_double_click_on_the_name_of_a_deep_row_opens_it_and_one_on_its_fold_does_not(deep: PanelStand) -> None:
    level = 5
    tree, index, area = row_of(deep, level)
    opened: list[int] = []
    tree.opened.connect(opened.append)  # type: ignore[attr-defined]
    fold = next(x for x in range(area.width()) if tree._deep.mark_at(x, index))  # type: ignore[attr-defined]
    without_an_end_to_indents = tree.visualRect(index).left() - 8
    assert fold < without_an_end_to_indents < area.right()
    seen = []

    for x in (fold + 4, without_an_end_to_indents, area.right() - 8):
        at = QPoint(x, row_of(deep, level)[2].center().y())
        QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        QTest.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        seen.append(len(opened))

    assert seen == [0, 1, 2]
    assert opened == [level + 1] * 2
