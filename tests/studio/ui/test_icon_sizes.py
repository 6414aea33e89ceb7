"""Pictures beside text are as large as the text: buttons, menus, rows, fold marks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QMenu,
    QStyle,
    QToolBar,
    QTreeView,
)
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panel_list import all_panels
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.stylesheet import dress
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.big_row import BigRow
from tasktonic_studio.ui.widgets.shapes import Shapes
from tests.helpers.builders import a_session_with_plant, plant_of
from tests.helpers.window_stand import WindowStand
from tests.studio.ui.conftest import MakeStand


@pytest.fixture
def shown(make_stand: MakeStand) -> WindowStand:
    stand = make_stand(a_session_with_plant(), panels=all_panels(), settings={"arrangement": "debug"})
    stand.bench.selection.select(Thing("essence", plant_of(stand.session).pumps[0]))
    return stand


def sizes(stand: WindowStand) -> dict[str, int]:
    """How wide the pictures of all buttons and lists on screen are, and those of a menu."""
    found = {"menu": stand.window.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, QMenu(stand.window))}
    for number, button in enumerate(stand.window.findChildren(QAbstractButton)):
        if button.isVisible() and not button.icon().isNull():
            assert button.icon().actualSize(button.iconSize()) == button.iconSize(), "drawn, not enlarged"
            found[f"{type(button).__name__} {button.accessibleName()} {number}"] = button.iconSize().width()
    for view in stand.window.findChildren(QAbstractItemView):
        if view.isVisible():
            metric = QStyle.PixelMetric.PM_SmallIconSize
            found[f"rows of {view.accessibleName()}"] = view.style().pixelMetric(metric, None, view)
    return found


def fold_mark_px(tree: QTreeView) -> int:
    """How many rows of pixels the mark of the first row with others below it takes."""
    model = tree.model()
    row = next(n for n in range(model.rowCount()) if model.hasChildren(model.index(n, 0)))
    place = tree.visualRect(model.index(row, 0))
    picture = tree.viewport().grab().toImage()
    ground = picture.pixelColor(1, place.top() + 1)
    mark = range(tree.indentation())
    lines = range(place.top() + 1, place.bottom())
    return sum(any(picture.pixelColor(x, y) != ground for x in mark) for y in lines)


def test_all_pictures_grow_with_the_text_and_come_back(shown: WindowStand) -> None:
    """One window for all of it: to dress a whole window anew takes seconds."""
    # So wide that no tree has smaller steps for lack of room.
    shown.window.resize(3600, 900)
    bar = shown.window.findChild(QToolBar, "tool_bar")
    tree = next(it for it in shown.window.findChildren(QTreeView) if it.isVisible() and it.model().rowCount() > 3)
    assert bar is not None
    before, indented, mark = sizes(shown), tree.indentation(), fold_mark_px(tree)
    assert len(before) > 10
    assert bar.iconSize() == QSize(18, 18), "larger than in a panel"
    assert mark > 2

    shown.settings.set("ui.scale_percent", 200)

    assert sizes(shown) == {name: 2 * size for name, size in before.items()}
    assert bar.iconSize() == QSize(36, 36)
    assert tree.indentation() == 2 * indented, "rows make room for their pictures"
    assert fold_mark_px(tree) >= 1.7 * mark

    shown.settings.set("ui.scale_percent", 100)

    assert sizes(shown) == before


def test_small_text_leaves_pictures_as_they_are(qapp: object) -> None:
    small, large = Theme("dark", text_scale=0.8), Theme("dark", text_scale=1.5)

    assert (small.icon_px(), large.icon_px()) == (16, 24)
    assert Shapes(large).pixmap("ok").deviceIndependentSize().toSize() == QSize(24, 24)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_picture_of_a_row_of_the_start_page_is_whole(qtbot: QtBot, scale: float) -> None:
    row = BigRow(Icons(Theme("dark", text_scale=scale)), "file", "Start a script…")
    qtbot.addWidget(row)

    picture = row.findChildren(QLabel)[0]

    assert picture.pixmap().deviceIndependentSize().width() == 20 * scale
    assert picture.minimumWidth() >= 20 * scale


def test_the_marks_of_a_menu_grow_with_the_text(qtbot: QtBot, qapp: QApplication) -> None:
    def mark_px(scale: float) -> int:
        """How high what is drawn before a line that is on is."""
        dress(qapp, Theme("dark", text_scale=scale))
        menu = QMenu()
        qtbot.addWidget(menu)
        line = menu.addAction("On")
        line.setCheckable(True)
        line.setChecked(True)
        menu.ensurePolished()
        menu.resize(menu.sizeHint())
        drawn, place = menu.grab().toImage(), menu.actionGeometry(line)
        ground = drawn.pixelColor(place.left() + 1, place.center().y())
        rows = [
            y
            for y in range(place.top(), place.bottom() + 1)
            if any(drawn.pixelColor(x, y) != ground for x in range(place.left() + 1, place.left() + round(22 * scale)))
        ]
        return len(rows)

    assert mark_px(2.0) >= 1.5 * mark_px(1.0) > 0
