"""Asking the code process: the last question of a kind counts, answers out of date are dropped, what hangs is started anew."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.code_desk import CodeDesk

ECHO = "import sys\nfor line in sys.stdin:\n    print(line, end='', flush=True)\n"
HANG_ONCE = "import sys, time\nfor line in sys.stdin:\n    if 'hang' in line: time.sleep(1e6)\n    print(line, end='', flush=True)\n"

Make = Callable[[Sequence[str]], CodeDesk]


@pytest.fixture
def make(qapp: object) -> Iterator[Make]:
    made: list[CodeDesk] = []

    def make(command: Sequence[str]) -> CodeDesk:
        made.append(CodeDesk(command))
        return made[-1]

    yield make
    for desk in made:
        desk.stop()


def program(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def test_only_the_last_question_of_a_kind_is_answered(make: Make, qtbot: QtBot) -> None:
    desk, answers = make(program(ECHO)), list[dict[str, Any]]()

    for number in range(4):
        desk.ask({"do": "complete", "number": number}, answers.append)
    desk.ask({"do": "hover", "number": 9}, answers.append)

    qtbot.waitUntil(lambda: not desk.is_busy)
    assert [it["number"] for it in answers] == [3, 9]


def test_an_answer_about_an_older_text_is_dropped(make: Make, qtbot: QtBot) -> None:
    desk, answers, version = make(program(ECHO)), list[dict[str, Any]](), [1]

    desk.ask({"do": "complete"}, answers.append, lambda: version == [1])
    version[0] = 2
    desk.ask({"do": "hover"}, answers.append, lambda: version == [2])

    qtbot.waitUntil(lambda: not desk.is_busy)
    assert [it["do"] for it in answers] == ["hover"]


def test_a_question_that_hangs_is_given_up_and_the_next_is_answered_by_a_new_process(make: Make, qtbot: QtBot) -> None:
    desk, answers = make(program(HANG_ONCE)), list[dict[str, Any]]()
    desk.ask({"do": "complete"}, answers.append)
    qtbot.waitUntil(lambda: len(answers) == 1)
    (first,) = desk.process_ids

    desk.ask({"do": "hover", "name": "hang"}, answers.append, limit_ms=50)
    desk.ask({"do": "complete"}, answers.append)

    qtbot.waitUntil(lambda: len(answers) == 3)
    assert answers[1] == {"problem": "It took longer than 0.05 s.", "gave_up": True}
    assert answers[2] == {"do": "complete"}
    assert desk.process_ids != [first]


def test_nothing_of_it_is_left_when_it_stops(make: Make, qtbot: QtBot) -> None:
    desk, answers = make(()), list[dict[str, Any]]()
    desk.ask({"do": "problems", "file": "a.py", "text": "x"}, answers.append)
    qtbot.waitUntil(lambda: len(answers) == 1)
    (process_id,) = desk.process_ids

    desk.stop()

    assert answers[0]["problems"][0]["code"] == "UndefinedName"
    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)
