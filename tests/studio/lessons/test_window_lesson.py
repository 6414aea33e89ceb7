"""The lesson about a window, in Qt's own loop: no distiller turns that."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from tasktonic import ttLedger
from tasktonic_studio.lessons.facts import is_same
from tasktonic_studio.lessons.lesson import Predict
from tasktonic_studio.lessons.shelf import shipped_lessons
from tests.helpers.window_lesson import WINDOW_LESSON, Learner
from tools.make_lessons_page import PAGE, section_of


def test_the_lesson_about_a_window_is_played_and_the_run_answers_what_it_asks(
    qapp: QApplication, tmp_path: Path
) -> None:
    lesson = next(lesson for lesson in shipped_lessons() if lesson.id == WINDOW_LESSON)
    learner = Learner(lesson, tmp_path)

    try:
        learner.play_all()
    finally:
        ttLedger.reset()

    assert learner.play.progress.finished
    assert list(learner.answers.values()) == ["the label says 1", "waiting, counting, waiting"]
    for item in (item for step in lesson.steps for item in step.items if isinstance(item, Predict)):
        fitting = [choice for choice in item.choices if is_same(choice.value, str(learner.answers[item.question]))]
        assert len(fitting) == 1 or not item.choices
    assert section_of(lesson, learner.answers) in PAGE.read_text(encoding="utf-8")
