"""Make ``docs/lessons.md``: every lesson of the Studio as it goes, with the answers that its program gives.

What is in that page stands in the lessons; to change it, change a file in ``resources/lessons`` and run this again in the same commit.
Tests compare it while they play the lessons.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tasktonic_studio.documents.pages import title_of  # noqa: E402 - found by the lines above
from tasktonic_studio.lessons.lesson import Change, Check, Do, Hint, Item, Lesson, Predict, Words  # noqa: E402 - found by the line above
from tasktonic_studio.lessons.shelf import shipped_lessons  # noqa: E402

PAGE: Final = ROOT / "docs" / "lessons.md"
HEAD: Final = """\
<!-- Made from resources/lessons by tools/make_lessons_page.py: change a lesson there. -->

# The lessons

What the lessons of the Studio's panel *Learn* say, ask and have one do, and what their programs answer. In the Studio each question is asked before its
answer is shown. How to write one: [a page of the guide](guide/18-lessons.md).

| lesson | about | minutes |
|---|---|---|
"""

Answers = Mapping[str, str | None]


def main() -> int:
    """Play all lessons and write the page."""
    from PySide6.QtWidgets import QApplication

    from tests.helpers.lesson_hands import play
    from tests.helpers.window_lesson import WINDOW_LESSON, Learner

    application = QApplication([])
    sections = []
    for lesson in shipped_lessons():
        with tempfile.TemporaryDirectory() as folder:
            if lesson.id == WINDOW_LESSON:
                learner = Learner(lesson, Path(folder))
                learner.play_all()
                answers = learner.answers
            else:
                answers = {question: it for step in play(lesson, Path(folder)) for question, it in step.answers.items()}
        sections.append(section_of(lesson, answers))
    PAGE.write_text(HEAD + index_of(shipped_lessons()) + "".join(sections), encoding="utf-8")
    application.quit()
    return 0


def index_of(lessons: list[Lesson]) -> str:
    """The table at the top."""
    rows = (
        f"| [{lesson.title}](#{_anchor(lesson.title)}) | {lesson.about} | {lesson.minutes} |\n" for lesson in lessons
    )
    return "".join(rows)


def section_of(lesson: Lesson, answers: Answers) -> str:
    """One lesson, with what the run gave for each question."""
    parts = [f"\n## {lesson.title}\n\n{lesson.about}\n\n```python compile\n{lesson.source}```\n"]
    for step in lesson.steps:
        parts.append(f"\n### {lesson.title}: {step.title}\n\n")
        parts += [f"{text}\n\n" for item in step.items if (text := _shown(item, answers))]
    read_on = f"Read on: [{title_of(lesson.guide)}]({lesson.guide})\n" if lesson.guide else ""
    return "".join(parts) + read_on


def _shown(item: Item, answers: Answers) -> str:
    if isinstance(item, Words):
        return re.sub(r"^#", "####", item.text, flags=re.MULTILINE)
    if isinstance(item, Do):
        return f"▸ *{item.action.words}*"
    if isinstance(item, Check):
        return f"✓ {item.words}"
    if isinstance(item, Hint):
        return f"A hint: {item.text}"
    if isinstance(item, Change):
        lines = []
        for old, new in item.hunks:
            lines += [f"- {line}" for line in old.splitlines()] + [f"+ {line}" for line in new.splitlines()] + [""]
        return "One way to do it:\n\n```diff\n" + "\n".join(lines).rstrip() + "\n```"
    return _asked(item, answers)


def _asked(item: Predict, answers: Answers) -> str:
    choices = "".join(f"\n- {choice.words}" for choice in item.choices)
    found = answers.get(item.question)
    answer = item.in_words(found) if found is not None else "?"
    because = f" {item.because}" if item.because else ""
    return f"**Predict:** {item.question}\n{choices}\n\n**{answer}**.{because}"


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


if __name__ == "__main__":
    sys.exit(main())
