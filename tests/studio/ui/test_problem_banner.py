"""A problem is a sentence, with details behind a fold and a way on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.problem_banner import Problem, ProblemBanner, Step
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme


@pytest.fixture
def ran() -> list[str]:
    return []


@pytest.fixture
def banner(qtbot: QtBot, ran: list[str]) -> ProblemBanner:
    banner = ProblemBanner(Icons(Theme("dark")), ran.append)
    qtbot.addWidget(banner)
    return banner


def test_it_is_not_there_without_a_problem(banner: ProblemBanner) -> None:
    assert banner.isHidden()
    assert banner.problem is None


def test_a_problem_shows_its_sentence(banner: ProblemBanner) -> None:
    banner.tell("plant.py ended with exit code 3.")

    assert not banner.isHidden()
    assert banner._sentence.text() == "plant.py ended with exit code 3."
    assert banner.accessibleDescription() == "plant.py ended with exit code 3."


def test_what_is_so_no_longer_is_taken_back_and_the_rest_stays(banner: ProblemBanner) -> None:
    banner.tell("Nothing waits.")
    banner.tell("plant.py ended with exit code 3.")
    banner.tell("It is held.")

    banner.withdraw("Nothing waits.")
    assert banner._sentence.text() == "It is held."
    assert banner._more.text() == "1 earlier"
    banner.withdraw("It is held.")
    assert banner._sentence.text() == "plant.py ended with exit code 3."
    banner.withdraw("plant.py ended with exit code 3.")

    assert banner.isHidden()


def test_what_an_app_raised_is_no_markup(banner: ProblemBanner, qtbot: QtBot) -> None:
    banner.resize(900, 60)
    banner.tell("plant.py ended: KeyError: '<h1>'")
    tagged = banner._sentence.sizeHint().height()

    banner.tell("plant.py ended: KeyError: 'h1'")

    assert tagged == banner._sentence.sizeHint().height(), "a heading would be higher"


def test_details_are_behind_a_fold(banner: ProblemBanner) -> None:
    banner.tell("It ended.", "Traceback …")

    assert banner._details.isHidden()
    banner._fold.click()
    assert not banner._details.isHidden()
    assert banner._details.toPlainText() == "Traceback …"


def test_without_details_there_is_no_fold(banner: ProblemBanner) -> None:
    banner.tell("It ended.")

    assert banner._fold.isHidden()


def test_a_step_runs_its_command_once_and_puts_the_problem_away(banner: ProblemBanner, ran: list[str]) -> None:
    banner.tell("It ended.", steps=[Step("Restart", "run.restart")])
    (button,) = (each for each in banner.findChildren(QPushButton) if each.text() == "Restart")

    button.click()

    assert ran == ["run.restart"]
    assert banner.isHidden()


def test_the_same_problem_again_is_counted(banner: ProblemBanner) -> None:
    for _ in range(3):
        banner.tell("Again.")

    assert banner._sentence.text() == "Again.  (3 times)"
    banner.put_away()
    assert banner.isHidden()


def test_an_earlier_problem_comes_back(banner: ProblemBanner) -> None:
    banner.tell("First.")
    banner.tell("Second.")

    banner.put_away()

    assert banner.problem == Problem("First.")


def test_escape_puts_it_away(banner: ProblemBanner, qtbot: QtBot) -> None:
    banner.tell("First.")

    qtbot.keyClick(banner, Qt.Key.Key_Escape)

    assert banner.isHidden()


def test_a_new_beginning_clears_all(banner: ProblemBanner) -> None:
    banner.tell("First.")
    banner.tell("Second.")

    banner.clear()

    assert banner.isHidden()
    assert banner.problem is None
