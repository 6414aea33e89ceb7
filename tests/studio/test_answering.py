"""The processes that answer the window: each as a program of its own, which ends with its stdin."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.patience import PATIENCE_S
from tests.studio.test_code_process import PROBLEMS
from tests.studio.test_side_process import SOURCE

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "program, request_, answers, count",
    [("side_process", SOURCE, "exits", 1), ("code_process", PROBLEMS, "problems", 2)],
)
def test_a_process_of_its_own_answers_and_ends_with_its_stdin(
    program: str, request_: dict[str, Any], answers: str, count: int
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", f"tasktonic_studio.{program}"],
        input=json.dumps(request_) + "\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=4 * PATIENCE_S,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    assert len(json.loads(ended.stdout)[answers]) == count
