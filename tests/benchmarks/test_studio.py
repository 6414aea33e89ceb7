"""The Studio's table is printed whole. Figures are not judged here: no test asserts a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run_benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "benchmarks" / "studio.py"), *arguments]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.*=false"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.end_to_end
def test_every_row_has_a_figure(tmp_path: Path) -> None:
    done = run_benchmarks("--scale", "0.0005", "--json", str(tmp_path / "kept.json"))

    assert done.returncode == 0, done.stderr
    kept = json.loads((tmp_path / "kept.json").read_text())
    printed = [line for line in done.stdout.splitlines() if line.startswith("| timeline")]
    assert len(printed) == len(kept["rows"]) == 28
    assert all(row["figure"] >= 0 and row["unit"] in ("ms", "s") for row in kept["rows"])
    assert {row["goal"] for row in kept["rows"]} == {16.7, 100.0, 50.0, 3.0, None}
    assert kept["scale"] == 0.0005


@pytest.mark.end_to_end
def test_an_unknown_module_is_named() -> None:
    done = run_benchmarks("--only", "timelin")

    assert done.returncode == 2
    assert "there is no module timelin; there are timeline" in done.stderr
