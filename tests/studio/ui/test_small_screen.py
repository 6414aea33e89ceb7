"""The window on a screen of 800 × 600: all of it is there, and each part can be used."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar, QToolBar, QToolButton
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.dock_title import DockTitle
from tasktonic_studio.ui.panel_list import all_panels
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.more_tabs import MoreTabs
from tasktonic_studio.ui.widgets.on_screen import is_on_screen
from tests.helpers.builders import a_session_with_plant
from tests.helpers.window_stand import WindowStand

from .conftest import MakeStand


def small(
    make_stand: MakeStand, qtbot: QtBot, arrangement: str, percent: int = 100, theme: str = "dark"
) -> WindowStand:
    settings = {"arrangement": arrangement, "ui.scale_percent": percent}
    stand = make_stand(a_session_with_plant(), panels=all_panels(), settings=settings, theme=theme)
    stand.theme.set_text_scale(percent / 100)

    def is_small() -> bool:
        # A part whose words get shorter in a narrow window lets it become narrower still.
        stand.window.resize(800, 600)
        # With a wide font, twice as large, the words of the tool bar alone may take more.
        bars = [bar.minimumSizeHint().width() for bar in stand.window.findChildren(QToolBar)]
        return stand.window.width() <= max(800, sum(bars)) and stand.window.height() == 600

    qtbot.waitUntil(is_small)
    return stand


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("arrangement", ["run", "debug", "analyse", "learn"])
def test_the_window_fits_and_its_log_has_rows_with_any_size_of_text(
    make_stand: MakeStand, qtbot: QtBot, arrangement: str, percent: int
) -> None:
    stand = small(make_stand, qtbot, arrangement, percent)

    assert stand.bench.area.minimumSizeHint().width() <= 800
    assert stand.window.minimumSizeHint().height() <= 560, "a desktop's own bars take some"
    stand.bench.show_panel("log")
    log = next(it for it in stand.panels if it.id == "log").view.table  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: log.viewport().height() >= 3 * log.rowHeight(0))


def tab_bars(stand: WindowStand) -> list[tuple[QTabBar, MoreTabs]]:
    """The rows of tabs on screen, with what is at their ends."""
    area = stand.bench.area
    bars = area.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return [(bar, bar.findChild(MoreTabs)) for bar in bars if bar.count() and is_on_screen(bar)]


def cut_names(bar: QTabBar, more: MoreTabs) -> list[str]:
    """The tabs on screen of which a part of the name is not."""
    end = more.x() if more.isVisible() else bar.width()
    cut = []
    for number in range(bar.count()):
        place, name = bar.tabRect(number), bar.tabText(number)
        has_room = place.width() > bar.fontMetrics().horizontalAdvance(name)
        if number not in more.hidden_tabs and not (has_room and place.left() >= 0 and place.right() <= end):
            cut.append(name)
    return cut


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("arrangement", ["run", "debug", "analyse", "learn"])
def test_no_name_on_a_tab_is_cut(make_stand: MakeStand, qtbot: QtBot, arrangement: str, percent: int) -> None:
    stand = small(make_stand, qtbot, arrangement, percent)

    qtbot.waitUntil(lambda: [cut for it in tab_bars(stand) for cut in cut_names(*it)] == [])


def test_a_panel_whose_tab_has_no_room_is_in_a_list_at_the_end(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = small(make_stand, qtbot, "run")
    qtbot.waitUntil(lambda: any(more.isVisible() for _, more in tab_bars(stand)))
    bar, more = next(it for it in tab_bars(stand) if it[1].isVisible())
    last = bar.tabText(bar.count() - 1)
    assert last in more.accessibleName()

    more.menu().aboutToShow.emit()
    lines = more.menu().actions()
    assert [line.text() for line in lines] == [bar.tabText(number) for number in more.hidden_tabs]
    lines[-1].trigger()

    qtbot.waitUntil(lambda: bar.count() - 1 not in more.hidden_tabs)
    assert bar.tabText(bar.currentIndex()) == last
    qtbot.waitUntil(lambda: cut_names(bar, more) == [])


def test_the_arrow_keys_lead_to_every_panel_of_a_row(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = small(make_stand, qtbot, "run")
    qtbot.waitUntil(lambda: any(more.isVisible() for _, more in tab_bars(stand)))
    bar = next(bar for bar, more in tab_bars(stand) if more.isVisible())
    names = [bar.tabText(number) for number in range(bar.count())]
    bar.setFocus()

    passed = [bar.tabText(bar.currentIndex())]
    for _ in range(bar.count() - 1):
        QTest.keyClick(bar, Qt.Key.Key_Right)
        passed.append(bar.tabText(bar.currentIndex()))

    assert passed == names


def test_with_more_room_all_tabs_are_back(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = small(make_stand, qtbot, "run")
    qtbot.waitUntil(lambda: any(more.isVisible() for _, more in tab_bars(stand)))

    stand.window.resize(1440, 900)

    qtbot.waitUntil(lambda: not any(more.hidden_tabs or more.isVisible() for _, more in tab_bars(stand)))


def test_catalysts_and_their_queue_are_side_by_side_where_it_is_low(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = small(make_stand, qtbot, "debug")

    stand.bench.show_panel("catalysts")
    view = next(it for it in stand.panels if it.id == "catalysts").view  # type: ignore[attr-defined]

    assert view.split.orientation() == Qt.Orientation.Horizontal
    assert view.table.viewport().height() >= 2 * view.table.rowHeight(0)
    assert view.below.height() > 3 * view.table.rowHeight(0)


@pytest.mark.parametrize("theme", ["dark", "contrast"])
def test_no_button_of_the_tool_bar_is_left_out(make_stand: MakeStand, qtbot: QtBot, theme: str) -> None:
    stand = small(make_stand, qtbot, "run", theme=theme)
    (bar,) = [it for it in stand.window.findChildren(QToolBar) if it.objectName() == "tool_bar"]

    left_out = [it.text() for it in bar.actions() if not it.isSeparator() and not bar.widgetForAction(it).isVisible()]

    assert left_out == []


def test_the_title_of_a_narrow_panel_ends_with_dots_and_not_in_the_middle_of_a_letter(
    make_stand: MakeStand, qtbot: QtBot
) -> None:
    stand = small(make_stand, qtbot, "debug", 200)
    dock = stand.bench.area.dock("editor")
    title = dock.titleBarWidget()
    assert isinstance(title, DockTitle)

    title.say("A title that is longer than any panel of such a window is wide")
    words = title.findChildren(ElidedLabel)[0]

    qtbot.waitUntil(lambda: words.text().endswith("…"))
    assert words.fontMetrics().horizontalAdvance(words.text()) <= words.width()
    assert words.toolTip().startswith("A title that is longer")


def test_what_has_no_room_on_the_tool_bar_is_behind_a_sign_one_can_see(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = small(make_stand, qtbot, "run", 200)

    rest = stand.window.findChild(QToolButton, "qt_toolbar_ext_button")

    assert rest is not None
    assert rest.isVisible()
    assert (rest.text(), rest.accessibleName()) == ("»", "More of this bar")
    assert rest.fontMetrics().horizontalAdvance("»") <= rest.contentsRect().width()
