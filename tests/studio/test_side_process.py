"""The side process: one answer per request, in order, whatever is asked; ends with its stdin."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tasktonic_studio import side_process
from tasktonic_studio.diagrams.graph import Box, Graph, Line
from tests.helpers.patience import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]
GRAPH = Graph((Box("a", 90, 34), Box("b", 90, 34)), (Line("l", "a", "b", 40, 16),)).as_json()
SOURCE: dict[str, Any] = {
    "do": "source",
    "file": "/app/door.py",
    "name": "Door",
    "line": 1,
    "module": "__main__",
    "states": ["open"],
    "handlers": [["ttsc__close", "ttsc__close", ""]],
    "more_files": [],
    "texts": {"/app/door.py": "class Door:\n def ttsc__close(self): self.to_state(0)\n"},
}


def ask(*requests: Any) -> list[dict[str, Any]]:
    asked = io.BytesIO(b"".join(json.dumps(it).encode() + b"\n" for it in requests))
    answers = io.BytesIO()
    side_process.serve(asked, answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_a_layout_is_answered_with_places() -> None:
    (answer,) = ask({"do": "arrange", "graph": GRAPH, "with_labels": True})

    assert set(answer["placed"]["boxes"]) == {"a", "b"}
    assert set(answer["placed"]["routes"]) == {"l"}


def test_a_way_is_answered_with_the_same_places() -> None:
    (answer,) = ask({"do": "route", "graph": GRAPH, "at": {"a": [0, 0], "b": [200, 100]}})

    assert answer["placed"]["boxes"] == {"a": [0, 0], "b": [200, 100]}


def test_source_is_answered_with_its_exits() -> None:
    (answer,) = ask(SOURCE)

    assert answer["problems"] == []
    assert answer["exits"] == [["ttsc__close", "ttsc__close", "", "open", "to", "/app/door.py", 2, ""]]


def test_what_cannot_be_done_is_said_and_the_next_is_answered() -> None:
    answers = ask({"do": "dance"}, 7, {"do": "arrange", "graph": {}}, SOURCE)

    assert [answer.get("problem", "").split(":")[0] for answer in answers] == ["KeyError", "TypeError", "KeyError", ""]


def test_a_pattern_that_never_ends_ends_its_process() -> None:
    """Also where nobody is left to kill it; no thread of Python gets its turn meanwhile."""
    program = (
        "import sys\nfrom tasktonic_studio import answering, side_process\n"
        "answering.serve(sys.stdin.buffer, sys.stdout.buffer, side_process._doing, longest_s=0.3)"
    )
    query = {"text": "(a+)+$", "match_case": True, "whole_word": False, "is_pattern": True}
    request = {"do": "find", "text": "a" * 60 + "b", "query": query, "most": 9, "within": None, "by": None}

    ended = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(request).encode() + b"\n", cwd=ROOT, capture_output=True,
        timeout=4 * PATIENCE_S, check=False,
    )  # fmt: skip

    assert ended.returncode != 0
    assert ended.stdout == b""


def test_hits_come_with_what_takes_their_place_or_with_why_nothing_can() -> None:
    query = {"text": r"(\w)(\d)", "match_case": True, "whole_word": False, "is_pattern": True}
    asked = {"do": "find", "text": "a1 b2", "query": query, "most": 9, "within": None}

    answers = ask(asked | {"by": r"\2\1"}, asked | {"by": r"\3"}, asked | {"by": None, "within": [1, 5]})

    assert answers[0] == {"spans": [[0, 2], [3, 5]], "by": ["1a", "2b"], "by_problem": ""}
    assert answers[1]["by_problem"].startswith("This replacement cannot be used: invalid group reference 3")
    assert answers[2] == {"spans": [[3, 5]], "by": [], "by_problem": ""}
