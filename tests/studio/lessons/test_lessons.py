"""Every lesson of the Studio against the framework: its program is run, its answers are looked up, its checks are made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tasktonic.check import check_paths
from tasktonic_studio import resources
from tasktonic_studio.lessons.facts import is_same
from tasktonic_studio.lessons.lesson import Change, Do, Lesson, Predict
from tasktonic_studio.lessons.shelf import shipped_lessons
from tests.helpers.lesson_hands import play
from tests.helpers.window_lesson import WINDOW_LESSON
from tools.make_lessons_page import HEAD, PAGE, index_of, section_of

LESSONS = shipped_lessons()
BY_HAND = [lesson for lesson in LESSONS if lesson.id != WINDOW_LESSON]


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
    answers = {question: answer for step in seen for question, answer in step.answers.items()}
    stale = "docs/lessons.md is stale. Run: python tools/make_lessons_page.py"
    assert section_of(lesson, answers) in PAGE.read_text(encoding="utf-8"), stale


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_a_lesson_has_what_a_lesson_needs(lesson: Lesson) -> None:
    items = [item for step in lesson.steps for item in step.items]

    assert any(isinstance(item, Predict) for item in items)
    assert [step.title for step in lesson.steps[-2:]] == ["Now change it", "What you have learned"]
    assert any(isinstance(item, Do) for item in items)
    assert (resources.folder().parent / "docs" / lesson.guide.partition("#")[0]).is_file()
    assert len(lesson.about) <= 120


def test_the_checker_finds_nothing_in_the_programs_before_and_after_their_changes(tmp_path: Path) -> None:
    for lesson in LESSONS:
        source = lesson.source
        for number, change in enumerate([None, *changes_of(lesson)]):
            source = source if change is None else str(change.apply(source))
            (tmp_path / f"{lesson.id}_{number}.py").write_text(source, encoding="utf-8")

    report = check_paths([str(tmp_path)])

    assert [f"{finding.file}: {finding.text}" for finding in report.findings] == []


def changes_of(lesson: Lesson) -> list[Change]:
    return [item for step in lesson.steps for item in step.items if isinstance(item, Change)]


def test_the_transcript_has_all_lessons_and_no_others() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert text.startswith(HEAD + index_of(LESSONS))
    assert len(LESSONS) >= 10
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [lesson.title for lesson in LESSONS]
