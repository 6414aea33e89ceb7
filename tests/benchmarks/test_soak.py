"""The soak program: a moment of it holds, and what is planted is found. Minutes of it are run by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SOAK = Path(__file__).resolve().parents[2] / "benchmarks" / "soak.py"


def soak(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, str(SOAK), "--seconds", "0.5", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_after_a_soak_nothing_is_left() -> None:
    code, said = soak()

    assert "orders from other threads" in said
    assert said.endswith("Nothing is left, nothing is lost.\n")
    assert code == 0


@pytest.mark.parametrize(
    "planted, sentence",
    [
        ("order", "Hammer 0 sent "),
        ("tonic", " essences that have finished 1 are in memory: "),
        ("thread", "Of the threads of the app these still run: planted."),
        ("entry", "The list of the store has "),
    ],
)
def test_a_soak_that_loses_or_leaves_something_says_what(planted: str, sentence: str) -> None:
    code, said = soak("--plant", planted)

    assert sentence in said
    assert code == 1
