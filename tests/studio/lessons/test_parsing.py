"""Lesson files: what is read, and what a teacher is told about a mistake."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tasktonic_studio.lessons.actions import VERBS
from tasktonic_studio.lessons.facts import FACTS
from tasktonic_studio.lessons.lesson import Change, Check, Choice, Do, Hint, Predict, Words
from tasktonic_studio.lessons.parsing import MOST_BYTES, parse_lesson, read_lesson
from tasktonic_studio.lessons.problems import LessonError
from tests.helpers.lesson_hands import play

ROOT = Path(__file__).resolve().parents[3]

HEAD = "# A lamp\nabout: It goes on.\n\n```python app lamp.py\nlight = 1\n```\n\n"

WHOLE = (
    HEAD
    + """\
## First

Some `text`
on two lines.

do: distil seed 7
predict: Which one
  comes first?
- tts__on
- none of them => 0
answer: sparkle 1
because: so it is.
check: state of lamp is on | It is on
hint: look closely

```python change
-light = 1
+light = 2
```

## Second

```python
print("shown only")
```
"""
)


def test_a_whole_lesson_is_read_in_its_order() -> None:
    lesson = parse_lesson(WHOLE, "lamp")

    first, second = lesson.steps
    kinds = [type(item) for item in first.items]
    question = first.items[2]
    assert (lesson.title, lesson.about, lesson.app, lesson.source) == (
        "A lamp",
        "It goes on.",
        "lamp.py",
        "light = 1\n",
    )
    assert kinds == [Words, Do, Predict, Check, Hint, Change]
    assert isinstance(question, Predict)
    assert question.question == "Which one comes first?"
    assert question.choices == (Choice("tts__on", "tts__on"), Choice("none of them", "0"))
    assert (question.answer.text, question.because, question.is_now) == ("sparkle 1", "so it is.", False)
    assert isinstance(second.items[0], Words)
    assert 'print("shown only")' in second.items[0].text


def test_a_change_is_made_in_the_source() -> None:
    change = parse_lesson(WHOLE, "lamp").steps[0].items[-1]

    assert isinstance(change, Change)
    assert change.apply("light = 1\n") == "light = 2\n"
    assert change.apply("light = 3\n") is None


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("", "Line 1: there is no title. Begin the file with a line # Title."),
        (HEAD, "There are no steps. Begin each one with a heading: ## What it is about."),
        (HEAD + "## S\n\ndo: distill\n", "Line 10: There is nothing to do that is called 'distill'. Did you mean 'distil'?"),
        (HEAD + "## S\n\nchek: app is ended\n", "Line 10: there is no 'chek:'. Did you mean check:?"),
        (HEAD + "## S\n\ncheck: stat of lamp is on\n", "Line 10: There is no fact 'stat of lamp'. Did you mean 'state of TONIC'?"),
        (HEAD + "## S\n\ncheck: state of lamp\n", "'state of lamp' is no condition."),
        (HEAD + "## S\n\npredict: why?\n", "Line 10: this prediction has no answer:. Say which fact of the run tells it."),
        (HEAD + "## S\n\nanswer: log\n", "Line 10: answer: belongs to a predict: above it, without anything between them."),
        (HEAD + "## S\n\npredict: a?\n- x\nanswer: log\n", "one choice is none."),
        (HEAD + "## S\n\npredict: a?\n- x => 1\n- y => 1.0\nanswer: log\n", "the choice 'y' stands for the same as another one."),
        (HEAD + "## S\n\ndo:\n", "Line 10: nothing stands behind do:."),
        (HEAD + "## S\n\ndo: step 0\n", "'step 0' does nothing: sparkles are counted from 1."),
        (HEAD + "## S\n\ndo: command file.quit\n", "A lesson cannot run 'file.quit'."),
        (HEAD + "## S\n\n```python change\n-no such line\n```\n", "Line 10: this change does not fit"),
        (HEAD + "## S\n\n```python\nopen\n", "Line 10: this block is never closed. End it with a line ```."),
        (HEAD.replace("light = 1", "light = 1\nlight = (2") + "## S\n", "Line 6: the program cannot be run. It is no valid Python: '(' was never closed. Mend it in this line."),
        (HEAD + "## S\n\n```python change\n-light = 1\n+light = = 2\n```\n", "Line 10: with this change the program cannot be run. It is no valid Python: invalid syntax. Mend the change."),
        (HEAD + "# Again\n## S\n", "Line 8: there is a title already. A step begins with ## and its title."),
        (HEAD.replace("lamp.py", "queue.py") + "## S\n", "Line 4: a program queue.py would hide Python's own module queue. Name it otherwise: my_queue.py."),
        (HEAD + "## S\n\ndo: call lamp.ttsc__on(3, red)\n", "Line 10: '3, red' is no Python literal. Did you mean 'red' in quotes?"),
        (HEAD + "## S\n\ncheck: errors is at most none\n", "Line 10: 'none' is no number: write one in digits behind is at most."),
        (HEAD + "text\n## S\n", "'text' cannot stand before the first step."),
        (HEAD + "minute: 3\n## S\n", "Did you mean minutes:?"),
        (HEAD + "## S\n\nDo: distil\n", "Line 10: a mark stands at the left, in small letters, its colon right behind it: do:."),
        (HEAD + "## S\n\n  check: app is ended\n", "in small letters, its colon right behind it: check:."),
        (HEAD + "## S\n\n- hint: look\n", "its colon right behind it: hint:."),
        (HEAD + "## S\n\npredict : a?\n", "its colon right behind it: predict:."),
        (HEAD + "## S\n\n```python chnage\n-light = 1\n```\n", "Line 10: there is no block 'python chnage'. Did you mean 'python change'?"),
        (HEAD + "## S\n\n```python app x.py\n```\n", "Line 10: the program stands before the first step. Move it there."),
        (HEAD.replace("about:", "guide: guide/4-states.md\nabout:") + "## S\n", "Line 2: the documentation has no page 'guide/4-states.md'. Did you mean guide/04-states.md?"),
        (HEAD.replace("lamp.py", "../lamp.py") + "## S\n", "cannot be the name of the program"),
        (HEAD.replace("lamp.py", "tasktonic.py") + "## S\n", "cannot be the name of the program"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_how_to_mend_it(text: str, sentence: str) -> None:
    with pytest.raises(LessonError) as raised:
        parse_lesson(text, "lamp")

    assert sentence in str(raised.value)


def test_a_change_begins_where_the_one_before_has_led() -> None:
    first = "## S\n\n```python change\n-light = 1\n+light = 2\n```\n\n"
    lesson = parse_lesson(HEAD + first + "## T\n\n```python change\n-light = 2\n+light = 3\n```\n", "lamp")
    changes = [item for step in lesson.steps for item in step.items if isinstance(item, Change)]

    assert changes[1].apply(changes[0].apply(lesson.source) or "") == "light = 3\n"
    with pytest.raises(LessonError, match="Line 17: this change does not fit"):
        parse_lesson(HEAD + first + "## T\n\n```python change\n-light = 1\n+light = 3\n```\n", "lamp")


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("dot", ["-", "*"])
def test_choices_may_stand_as_any_list_of_markdown(gap: str, dot: str) -> None:
    asked = f"predict: a?{gap}{dot} x{gap}{dot} y{gap}answer: log\n\n* text\n"

    question, words = parse_lesson(f"{HEAD}## S\n\n{asked}", "lamp").steps[0].items

    assert isinstance(question, Predict)
    assert [choice.words for choice in question.choices] == ["x", "y"]
    assert isinstance(words, Words)


def test_what_only_some_take_for_the_end_of_a_line_is_none() -> None:
    lesson = parse_lesson(f"{HEAD}## S\u2028T\n\ndo: distil\n".replace("light = 1", "\x0clight = 1"), "lamp")

    assert lesson.source == "\x0clight = 1\n"
    assert (lesson.steps[0].title, lesson.steps[0].items[0].line) == ("S\u2028T", 10)


def test_code_that_shows_code_is_shown_to_its_end() -> None:
    words = parse_lesson(HEAD + "## S\n\n````markdown\n```python\nx\n```\n````\n\nand on\n", "lamp").steps[0].items[0]

    assert isinstance(words, Words)
    assert words.text == "````markdown\n```python\nx\n```\n````\n\nand on"


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(LessonError) as raised:
        parse_lesson(HEAD + "## S\n\ndo: dance\n\ncheck: moon is full\n", "lamp")

    assert [problem.line for problem in raised.value.problems] == [10, 12]


def test_what_is_no_text_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "odd.lesson.md"
    file.write_bytes(b"# A\nabout: \xff\xfe\n")

    with pytest.raises(LessonError, match=r"Line 2: this is no text in UTF-8\. Save the file in that encoding\."):
        read_lesson(file)


def test_a_file_that_is_too_long_or_not_there_is_refused(tmp_path: Path) -> None:
    long = tmp_path / "long.lesson.md"
    long.write_bytes(b"x" * (MOST_BYTES + 1))

    with pytest.raises(LessonError, match="too long for a lesson"):
        read_lesson(long)
    with pytest.raises(LessonError, match="cannot be read: No such file or directory"):
        read_lesson(tmp_path / "none.lesson.md")


def test_every_beginning_of_a_lesson_is_read_or_refused_with_a_sentence() -> None:
    refusals = []
    for end in range(len(WHOLE)):
        try:
            parse_lesson(WHOLE[:end], "lamp")
        except LessonError as error:
            refusals.append(error.problems)

    assert len(refusals) > 100
    assert all(refusals)


def test_the_teachers_page_has_every_verb_and_fact_and_its_lesson_can_be_played(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "guide" / "18-lessons.md").read_text(encoding="utf-8")
    example = page.split("````markdown\n")[1].split("````")[0]

    seen = play(parse_lesson(example, "lamp"), tmp_path)

    assert [step.title for step in seen if not all(step.held.values())] == []
    assert seen[0].answers == {"In which state will the lamp be when nothing is left to do?": "dark"}
    for name, words in (*VERBS.items(), *FACTS.items()):
        assert f"| `{name}` | {words} |" in page


def test_mutated_lessons_are_read_or_refused_with_sentences_and_nothing_of_them_runs(tmp_path: Path) -> None:
    chance = random.Random(7)
    parts = [
        "\0",
        "```",
        "## ",
        "do: ",
        "check: ",
        " => ",
        "predict:",
        "\n",
        "(",
        "../",
        "'" * 50,
        "9" * 400,
        "é",
        "answer: log\n",
    ]
    outcomes = {"read": 0, "refused": 0}

    for _ in range(1_000):
        text = WHOLE
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice(parts) + text[at + chance.randrange(4) :]
        try:
            lesson = parse_lesson(text, "lamp")
        except LessonError as error:
            outcomes["refused"] += all(problem.sentence for problem in error.problems)
        else:
            outcomes["read"] += 1
            assert re.fullmatch(r"[a-z][a-z0-9_]*\.py", lesson.app)

    assert min(outcomes.values()) > 50
    assert sum(outcomes.values()) == 1_000
