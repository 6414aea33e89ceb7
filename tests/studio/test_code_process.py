"""The code process: one answer per request, in order, whatever is asked; ends with its stdin."""

from __future__ import annotations

import io
import json
from typing import Any

from tasktonic_studio import answering, code_process

PROBLEMS: dict[str, Any] = {"do": "problems", "file": "/app/door.py", "text": "import os\nprint(ot)\n"}


def test_what_cannot_be_done_is_said_and_the_next_is_answered() -> None:
    answers = [answering.answer_to(json.dumps(it).encode(), code_process.doing) for it in ({"do": "dance"}, PROBLEMS)]

    assert answers[0] == {"problem": "KeyError: 'dance'"}
    assert [it["code"] for it in answers[1]["problems"]] == ["UnusedImport", "UndefinedName"]


def test_it_ends_after_a_question_for_which_its_memory_was_too_small() -> None:
    def eat(_request: answering.Request) -> dict[str, Any]:
        raise MemoryError

    asked, answers = io.BytesIO(b'{"do": "eat"}\n{"do": "eat"}\n'), io.BytesIO()

    answering.serve(asked, answers, {"eat": eat})

    assert json.loads(answers.getvalue()) == {"problem": "It needs more memory than there is for it.", "ends": True}
    assert asked.readline() == b'{"do": "eat"}\n'
