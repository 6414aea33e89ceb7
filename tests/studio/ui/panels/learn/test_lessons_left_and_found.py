"""Lessons that are left and found again; programs and texts that have changed meanwhile, or are a stranger's."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tasktonic_studio.lessons.shelf import KEPT_SUFFIX
from tests.helpers.panel_stand import PanelStand
from tests.studio.lessons.test_play import LESSON
from tests.studio.ui.panels.learn.acting import a_stand


def test_a_lesson_is_found_where_it_was_left_when_the_studio_starts_again(stand: PanelStand, tmp_path: Path) -> None:
    stand.view.open_lesson("lamp")
    stand.run("learn.next")
    stand.view.step.items[0].line.setText("2")
    QTest.keyClick(stand.view.step.items[0].line, Qt.Key.Key_Return)
    again = a_stand(tmp_path)
    for key in ("learn.lesson", "learn.progress"):
        again.settings.set(key, stand.settings.get(key))

    again.show()

    assert again.view.step.title.text() == "Two"
    assert again.view.step.items[0].line.text() == "2"
    again.close()


def test_beginning_anew_keeps_what_was_changed_beside_it(stand: PanelStand) -> None:
    stand.view.open_lesson("lamp")
    file = stand.view.prepare()
    file.write_text("light = 5\n")
    stand.view.go(1)

    sentence = stand.view.reset()

    assert (
        sentence == "The lesson begins anew. What you had changed in lamp.py is kept as lamp.before-reset.py beside it."
    )
    assert file.with_name("lamp" + KEPT_SUFFIX).read_text() == "light = 5\n"
    assert stand.view.play.number == 0


def test_a_strangers_program_runs_only_when_it_was_allowed_to(stand: PanelStand, tmp_path: Path) -> None:
    file = tmp_path / "theirs.lesson.md"
    file.write_text(LESSON, encoding="utf-8")

    assert stand.panel.open_lesson_file(str(file))  # type: ignore[attr-defined]

    step = stand.view.step.items[0]
    assert f"This lesson comes from {file}, not with the Studio." in stand.view.step.notice_words.text()
    assert step.reason.text() == "First say above that its program may run."
    assert not stand.view.file.exists()
    stand.view.step.notice_button.click()
    assert stand.ran[-1] == "learn.trust"
    assert step.reason.text() == ""


def test_a_program_that_has_become_another_one_has_to_be_allowed_again(stand: PanelStand, tmp_path: Path) -> None:
    file = tmp_path / "theirs.lesson.md"
    file.write_text(LESSON, encoding="utf-8")
    stand.view.open_foreign(file)
    stand.view.step.notice_button.click()
    stand.view.open_foreign(file)
    assert stand.view.step.items[0].reason.text() == ""

    file.write_text(LESSON.replace("light = 1", "import os"), encoding="utf-8")
    stand.view.open_foreign(file)

    assert stand.view.step.items[0].reason.text() == "First say above that its program may run."


def test_a_lesson_with_another_text_begins_anew_with_its_own_program(stand: PanelStand, tmp_path: Path) -> None:
    file = tmp_path / "theirs.lesson.md"
    file.write_text(LESSON, encoding="utf-8")
    stand.view.open_foreign(file)
    stand.view.trust()
    stand.view.prepare().write_text("light = 5\n")
    stand.view.go(1)
    stand.view.open_foreign(file)
    assert stand.view.play.number == 1
    assert stand.view.file.read_text() == "light = 5\n", "what was changed stays as long as the lesson is the same"

    file.write_text(LESSON.replace("light = 1", "light = 1  # bright"), encoding="utf-8")
    stand.view.open_foreign(file)
    stand.view.trust()

    assert stand.view.play.number == 0
    assert stand.view.file.read_text() == "light = 1  # bright\n"
    assert stand.view.step.notice_words.text() == (
        "This lesson begins anew, with its own program. What you had in lamp.py is kept as lamp.before-reset.py beside it."
    )
