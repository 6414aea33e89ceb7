"""The Studio's table is printed whole. Figures are not judged here: no test asserts a time."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = ("starting", "opening", "comparing", "flood", "timeline", "sequence", "asking")


def run_benchmarks(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "benchmarks" / "studio.py"), *arguments]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.qpa.*=false"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.end_to_end
@pytest.mark.parametrize("module", [name for name in MODULES if name != "flood"])
def test_every_row_has_a_figure(tmp_path: Path, module: str) -> None:
    done = run_benchmarks("--only", module, "--scale", "0.0005", "--json", str(tmp_path / "kept.json"))

    assert done.returncode == 0, done.stderr
    kept = json.loads((tmp_path / "kept.json").read_text())
    printed = [line for line in done.stdout.splitlines() if line.startswith("| ") and "| what |" not in line]
    assert len(printed) == len(kept["rows"]) > 2
    assert all(row["figure"] >= 0 and row["unit"] for row in kept["rows"])
    assert any(row["goal"] for row in kept["rows"])
    assert kept["scale"] == 0.0005


@pytest.mark.end_to_end
def test_a_flood_of_a_real_app_is_measured() -> None:
    measure = (
        "from studio.apart import measure_apart; print(measure_apart('flood', 'watched', case='births', seconds=0.5))"
    )

    done = subprocess.run(
        [sys.executable, "-c", measure],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "benchmarks")])},
    )

    assert done.returncode == 0, done.stderr
    found = ast.literal_eval(done.stdout)
    assert found["per_second"] > 0
    assert found["gaps"]["longest"] >= found["gaps"]["p99"] > 0


@pytest.mark.end_to_end
def test_an_unknown_module_is_named() -> None:
    done = run_benchmarks("--only", "timelin")

    assert done.returncode == 2
    assert f"there is no module timelin; there are {', '.join(MODULES)}" in done.stderr
