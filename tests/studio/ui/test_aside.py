"""Asking the side process: answers in order; one that hangs, dies or cannot start is given up on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.aside import COMMAND, Aside

ECHO = "import sys\nfor line in sys.stdin:\n    print(line, end='', flush=True)\n"
HANG = "import sys, time\nfor line in sys.stdin:\n    time.sleep(1e6)\n"
DIE = "import os, sys\nsys.stdin.readline()\nos.kill(os.getpid(), 9)\n"
BABBLE = "import sys\nfor line in sys.stdin:\n    print('what?', flush=True)\n"
WHO = (
    "import json, os, sys\n"
    "for line in sys.stdin:\n"
    "    print(json.dumps({**json.loads(line), 'process': os.getpid()}), flush=True)\n"
)
HANG_ONCE = "import sys, time\nfor line in sys.stdin:\n    if 'hang' in line: time.sleep(1e6)\n    print(line, end='', flush=True)\n"

Make = Callable[[Sequence[str]], Aside]


@pytest.fixture
def make(qapp: object) -> Iterator[Make]:
    made: list[Aside] = []

    def make(command: Sequence[str]) -> Aside:
        made.append(Aside(command))
        return made[-1]

    yield make
    for aside in made:
        aside.stop()


def program(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def is_running(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_answers_come_in_the_order_of_the_questions(make: Make, qtbot: QtBot) -> None:
    aside, answers = make(program(ECHO)), list[dict[str, Any]]()

    for number in range(3):
        aside.ask({"number": number}, answers.append)

    assert answers == []
    qtbot.waitUntil(lambda: len(answers) == 3)
    assert [answer["number"] for answer in answers] == [0, 1, 2]


def test_the_real_one_answers(make: Make, qtbot: QtBot) -> None:
    aside, answers = make(COMMAND), list[dict[str, Any]]()

    aside.ask({"do": "dance"}, answers.append)

    qtbot.waitUntil(lambda: len(answers) == 1)
    assert answers == [{"problem": "KeyError: 'dance'"}]


@pytest.mark.parametrize(
    "command, problem",
    [
        (program(DIE), "The side process ended without an answer."),
        (program(BABBLE), "The side process said something that is no answer."),
        (["/there/is/no/such/program"], "The side process could not be started."),
    ],
)
def test_a_process_that_fails_is_given_up_on(make: Make, qtbot: QtBot, command: list[str], problem: str) -> None:
    aside, answers = make(command), list[dict[str, Any]]()

    aside.ask({}, answers.append)

    qtbot.waitUntil(lambda: len(answers) == 1)
    assert answers == [{"problem": problem, "gave_up": True}]
    assert aside.process_id == 0


def test_one_that_hangs_is_killed_and_the_next_question_gets_another(
    make: Make, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside, answers = make(program(HANG_ONCE)), list[dict[str, Any]]()
    aside.ask({"first": 1}, answers.append)
    qtbot.waitUntil(lambda: len(answers) == 1)
    hanging = aside.process_id

    aside.ask({"please": "hang"}, answers.append, limit_ms=50)
    aside.ask({"then": "this"}, answers.append)

    qtbot.waitUntil(lambda: len(answers) == 3)
    assert answers[1:] == [{"problem": "It took longer than 0.05 s.", "gave_up": True}, {"then": "this"}]
    assert not is_running(hanging)


def test_one_whose_memory_was_too_small_ends_and_the_next_question_gets_another(make: Make, qtbot: QtBot) -> None:
    aside, answers = make(program(WHO)), list[dict[str, Any]]()
    aside.ask({"problem": "It needs more memory than there is for it.", "ends": True}, answers.append)
    aside.ask({"then": "this"}, answers.append)

    qtbot.waitUntil(lambda: len(answers) == 2)
    first, second = answers
    assert second["then"] == "this"
    assert first["process"] != second["process"] == aside.process_id
    assert not is_running(first["process"])


def test_forgotten_questions_get_no_answer(make: Make, qtbot: QtBot) -> None:
    aside, answers = make(program(HANG_ONCE)), list[dict[str, Any]]()
    aside.ask({"please": "hang"}, answers.append)
    aside.ask({"and": "this"}, answers.append)
    qtbot.waitUntil(lambda: aside.process_id != 0)

    aside.forget()
    aside.ask({"then": "that"}, answers.append)

    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [{"then": "that"}]


def test_what_starting_may_take_is_not_given_to_the_work_of_a_new_process(make: Make, qtbot: QtBot) -> None:
    aside, answers = make(program(HANG_ONCE)), list[dict[str, Any]]()

    aside.ask({"please": "hang"}, answers.append, limit_ms=50)

    qtbot.waitUntil(lambda: len(answers) == 1)
    assert answers == [{"problem": "It took longer than 0.05 s.", "gave_up": True}]


def test_stopping_leaves_no_process(make: Make, qtbot: QtBot) -> None:
    aside = make(program(HANG))
    aside.ask({}, lambda _answer: None)
    qtbot.waitUntil(lambda: aside.process_id != 0)
    process = aside.process_id

    aside.stop()

    assert not is_running(process)
    assert not aside.is_busy
