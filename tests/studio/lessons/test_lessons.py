"""Every lesson of the Studio against the framework: its program is run, its answers are looked up, its checks are made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic_studio import resources
from tasktonic_studio.lessons.facts import is_same
from tasktonic_studio.lessons.lesson import Do, Lesson, Predict
from tasktonic_studio.lessons.shelf import shipped_lessons
from tests.helpers.lesson_hands import play

LESSONS = shipped_lessons()
BY_HAND = [lesson for lesson in LESSONS if lesson.id != "10_a_window"]


@pytest.mark.parametrize("lesson", BY_HAND, ids=lambda lesson: lesson.id)
def test_a_lesson_plays_to_its_end_and_the_run_answers_what_it_asks(lesson: Lesson, tmp_path: Path) -> None:
    seen = play(lesson, tmp_path)

    for step, came in zip(lesson.steps, seen, strict=True):
        for item in step.items:
            if isinstance(item, Predict):
                answer = came.answers[item.question]
                assert answer is not None, f"{came.title}: the run does not say {item.answer.text}"
                fitting = [choice.words for choice in item.choices if is_same(choice.value, answer)]
                assert len(fitting) == 1 or not item.choices, f"{came.title}: no choice is {answer!r}"
        assert [words for words, held in came.held.items() if not held] == [], came.title
        if came.changes:
            assert not all(came.held_unchanged.values()), f"{came.title}: it is done before anything is changed"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_a_lesson_has_what_a_lesson_needs(lesson: Lesson) -> None:
    items = [item for step in lesson.steps for item in step.items]

    assert any(isinstance(item, Predict) for item in items)
    assert [step.title for step in lesson.steps[-2:]] == ["Now change it", "What you have learned"]
    assert any(isinstance(item, Do) for item in items)
    assert (resources.folder().parent / "docs" / lesson.guide.partition("#")[0]).is_file()
    assert len(lesson.about) <= 120
