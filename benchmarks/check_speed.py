"""How long ``tasktonic check`` takes for source: ten thousand lines of the examples and of the framework, read, taken apart and judged.

Nothing is compared: the goal is a second for all of it, for the machine that ``docs/benchmarks.md`` names.
"""

from __future__ import annotations

import time
from pathlib import Path

from side_by_side import Case, Comparison, Row, at_most, scaled

from tasktonic.check import check_paths

ROOT = Path(__file__).resolve().parents[1]
LINES = 10_000


def files_of(lines: int) -> tuple[list[str], int]:
    """Files of so many lines together, and how many they really have."""
    files, count = [], 0
    for path in (*sorted((ROOT / "examples").glob("*.py")), *sorted((ROOT / "tasktonic").glob("*.py"))):
        if count >= lines:
            break
        files.append(str(path))
        count += path.read_text(encoding="utf-8").count("\n")
    return files, count


def checking(scale: float) -> dict[str, Case]:
    files, lines = files_of(scaled(LINES, scale))

    def check(_lines: int) -> float:
        began = time.thread_time()
        check_paths(files)
        return time.thread_time() - began

    return {"check": Case(check, lines)}


COMPARISONS = (
    Comparison(
        "checking source",
        checking,
        (Row("check a line of source (10,000 in a second)", "check", "", at_most(100, "us"), "–"),),
    ),
)
