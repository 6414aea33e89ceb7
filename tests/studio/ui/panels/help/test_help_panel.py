"""The Help panel: contents, search, pages, links, back and forward, help on a word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tasktonic_studio.documents import search as searching
from tasktonic_studio.documents.search import SearchIndex
from tasktonic_studio.ui.panels.help import view as help_view
from tasktonic_studio.ui.panels.help.panel import HelpPanel
from tests.helpers.panel_stand import PanelStand


@pytest.fixture
def stand(qtbot: QtBot) -> Iterator[PanelStand]:
    stand = PanelStand(HelpPanel())
    stand.show(420, 600)
    qtbot.waitUntil(lambda: searching.index().is_whole)
    yield stand
    stand.close()


def type_in(stand: PanelStand, text: str) -> None:
    stand.view.search.setFocus()
    QTest.keyClicks(stand.view.search, text)
    stand.flush()


def test_the_contents_are_there_and_enter_opens_a_page(stand: PanelStand) -> None:
    assert len(stand.view.list.items) > 30
    stand.view.list.show_rows([], "")
    stand.view.show_contents()
    stand.view.watch()

    QTest.keyClick(stand.view.list, Qt.Key.Key_Down)
    QTest.keyClick(stand.view.list, Qt.Key.Key_Return)

    assert stand.view.browser.isVisible()
    assert stand.view.browser.path


def test_every_page_says_below_its_title_what_is_in_it(stand: PanelStand) -> None:
    shown = [item.data(0, Qt.ItemDataRole.UserRole) for item in stand.view.list.items]
    rows = {row.title: row.text for row in shown}

    assert rows["The guide"] == "Learn tasktonic from the first tonic to testing."
    assert [title for title, words in rows.items() if not words.strip()] == []


def test_a_search_lists_what_fits_and_enter_opens_the_first_with_its_words_marked(stand: PanelStand) -> None:
    type_in(stand, "timer repe")
    assert stand.view.list.items[0].text(0).startswith("ttTimerRepeat")

    QTest.keyClick(stand.view.search, Qt.Key.Key_Return)

    assert stand.view.browser.path == "reference/timers.md"
    assert any(word.lower().startswith("repe") for word in stand.view.browser.marked)


def test_a_search_before_all_pages_are_read_is_answered_once_they_are(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    unread = SearchIndex()
    monkeypatch.setattr(searching, "index", lambda: unread)
    monkeypatch.setattr(help_view, "READ_FOR_S", 0.0)
    stand = PanelStand(HelpPanel())
    stand.show(420, 600)
    monkeypatch.setattr(SearchIndex, "search", lambda *_: pytest.fail("it would read all pages in one turn"))
    type_in(stand, "xylophone")
    assert stand.view.nothing.text() == "The pages are being read for the first search…"
    monkeypatch.undo()

    qtbot.waitUntil(lambda: stand.view.nothing.text().startswith("Nothing in the help has “xylophone”."))
    stand.close()


def test_what_is_nowhere_is_said_with_a_way_on(stand: PanelStand) -> None:
    type_in(stand, "xylophone")

    assert stand.view.nothing.isVisible()
    assert "Nothing in the help has “xylophone”." in stand.view.nothing.text()


def test_links_lead_on_and_back_leads_to_where_one_was(stand: PanelStand) -> None:
    stand.view.follow("guide/04-states.md", from_page="")
    stand.view.browser.verticalScrollBar().setValue(200)
    stand.view.follow("10-logging.md")
    assert stand.view.browser.path == "guide/10-logging.md"

    stand.run("help.back")

    assert stand.view.browser.path == "guide/04-states.md"
    assert stand.view.browser.verticalScrollBar().value() == 200
    stand.run("help.forward")
    assert stand.view.browser.path == "guide/10-logging.md"
    assert not stand.view.can_go_forward


def test_a_link_out_of_the_help_is_only_told(stand: PanelStand) -> None:
    stand.view.follow("guide/04-states.md", from_page="")

    stand.view.follow("https://example.org/x")

    assert "“https://example.org/x” is not part of the help: it leads out of it." in stand.view.nothing.text()
    stand.run("help.back")
    assert stand.view.browser.path == "guide/04-states.md"


def test_a_link_to_an_example_opens_it_in_the_editor(stand: PanelStand) -> None:
    opened: list[tuple[str, int]] = []
    stand.command_context.window = SimpleNamespace(open_source=lambda file, line: opened.append((file, line)))
    stand.view.follow("guide/17-qt.md", from_page="")

    stand.view.follow("../../examples/qt_thermostat.py")

    assert [(Path(file).name, line) for file, line in opened] == [("qt_thermostat.py", 1)]
    assert stand.view.browser.path == "guide/17-qt.md"


@pytest.mark.parametrize(
    "topic, path, words",
    [
        ("word:ttTimerRepeat", "reference/timers.md", "ttTimerRepeat"),
        ("word:tasktonic/log/to", "settings.md", "tasktonic/log/to"),
        ("panel:Ledger", "studio.md", "Ledger"),
    ],
)
def test_a_topic_opens_its_page_where_it_stands(stand: PanelStand, topic: str, path: str, words: str) -> None:
    stand.view.show_topic(topic)

    browser = stand.view.browser
    assert browser.path == path
    on_screen = [
        browser.cursorForPosition(QPoint(20, y)).block().text() for y in range(0, browser.viewport().height(), 8)
    ]
    assert any(words in line for line in on_screen)


def test_a_word_that_has_no_page_is_searched_for(stand: PanelStand) -> None:
    stand.view.show_topic("word:heartbeat_of_mine")
    assert stand.view.search.text() == "heartbeat_of_mine"

    stand.view.show_topic("")

    assert stand.view.place.page == ""
    assert stand.view.list.isVisible()


def test_a_page_stays_where_it_is_when_the_theme_changes(stand: PanelStand) -> None:
    stand.view.follow("guide/08-store.md", from_page="")
    bar = stand.view.browser.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)

    stand.choose_theme("light")

    assert abs(bar.value() - bar.maximum() // 2) <= bar.maximum() // 50 + 2


@pytest.mark.parametrize("page", ["studio.md", "guide/13-testing.md", "bugs/two_clerks.md"])
def test_a_page_fits_the_width_there_is_also_when_that_changes(stand: PanelStand, qtbot: QtBot, page: str) -> None:
    stand.view.follow(page, from_page="")
    browser = stand.view.browser
    for width in (420, 900, 360):
        stand.widget.resize(width, 600)

        qtbot.waitUntil(lambda: browser.horizontalScrollBar().maximum() == 0)


def test_where_one_was_led_stays_in_sight_when_pictures_get_another_size(stand: PanelStand, qtbot: QtBot) -> None:
    stand.view.show_topic("panel:Catalysts")
    browser = stand.view.browser

    def top() -> list[str]:
        return [browser.cursorForPosition(QPoint(20, y)).block().text() for y in (8, 30)]

    assert "Catalysts" in top()
    for width in (900, 420):
        stand.widget.resize(width, 600)

        qtbot.waitUntil(lambda: "Catalysts" in top())
