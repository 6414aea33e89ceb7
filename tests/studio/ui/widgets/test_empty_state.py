"""What stands where there is nothing yet."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.theme.stylesheet import dress
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.empty_state import OTHER_START, EmptyState


@pytest.fixture
def ran() -> list[str]:
    return []


@pytest.fixture
def empty(qtbot: QtBot, ran: list[str]) -> EmptyState:
    empty = EmptyState(
        "Nothing lives yet", "Tonics stand here.", "Start the example plant", "run.plant", ran.append, OTHER_START
    )
    qtbot.addWidget(empty)
    empty.resize(700, 400)
    empty.show()
    return empty


def buttons(empty: EmptyState) -> list[QPushButton]:
    return [button for button in empty.findChildren(QPushButton) if button.isVisible()]


def test_each_button_runs_its_command(empty: EmptyState, ran: list[str]) -> None:
    for button in buttons(empty):
        button.click()

    assert ran == ["run.plant", "file.start_script"]


def test_nothing_is_offered_where_it_is_of_no_use(empty: EmptyState) -> None:
    empty.say("Nothing was said yet", "The program runs.", offer=False)

    assert buttons(empty) == []


def test_buttons_stand_below_each_other_in_a_narrow_panel(empty: EmptyState, qtbot: QtBot) -> None:
    first, second = buttons(empty)
    beside = first.y() == second.y()

    narrow = max(240, empty.minimumSizeHint().width())  # one button, in whatever font
    empty.resize(narrow, 400)

    qtbot.waitUntil(lambda: first.y() + first.height() <= second.y())
    assert beside
    assert empty.width() == narrow < first.width() + second.width()
    assert first.geometry().right() <= empty.width()


def test_in_a_low_place_nothing_is_cut_off_and_the_title_tells_the_rest(empty: EmptyState, qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    place.resize(700, 400)
    empty.setParent(place)
    empty.show()
    place.show()
    title, sentence, first = empty._title, empty._sentence, buttons(empty)[0]
    line = title.fontMetrics().height()

    empty.setGeometry(0, 0, 700, 4 * line)
    assert not sentence.isVisible()
    assert title.toolTip() == "Tonics stand here."
    qtbot.waitUntil(lambda: title.height() >= line)
    qtbot.waitUntil(lambda: first.mapTo(empty, first.rect().bottomLeft()).y() < empty.height())
    empty.setGeometry(0, 0, 700, line + 24)
    assert not first.isVisible()
    qtbot.waitUntil(lambda: title.height() >= line)
    empty.setGeometry(0, 0, 700, 400)

    assert sentence.isVisible()
    assert first.isVisible()
    assert title.toolTip() == ""
    empty.setParent(None)


def test_where_a_large_title_has_no_room_its_letters_are_smaller(qtbot: QtBot, qapp: QApplication) -> None:
    dress(qapp, Theme("dark", text_scale=2.0))
    place, empty = QWidget(), EmptyState("Nothing was said yet", "What tonics say stands here.")
    qtbot.addWidget(place)
    empty.setParent(place)
    empty.setGeometry(0, 0, 300, 400)
    place.show()
    title = empty._title
    large = title.fontMetrics().height()
    two_lines = title.heightForWidth(300 - 32)

    empty.setGeometry(0, 0, 300, two_lines - 4)
    qtbot.waitUntil(
        lambda: title.fontMetrics().height() < large and title.height() >= title.heightForWidth(title.width())
    )
    empty.setGeometry(0, 0, 300, 400)

    assert title.fontMetrics().height() == large
