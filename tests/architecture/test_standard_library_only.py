"""The framework needs nothing but the standard library, and its tests nothing but the test tools besides."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BARE = [
    "-m",
    "pytest",
    "-p",
    "no:pytest-qt",
    "-p",
    "no:xdist",
    "-p",
    "no:xdist.looponfail",
    "-p",
    "tests.helpers.bare",
    "-p",
    "no:cacheprovider",
    "-q",
]


def run_bare(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def test_every_test_of_the_framework_can_be_loaded_without_other_packages() -> None:
    done = run_bare(*BARE, "--collect-only", "tests/framework")

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert "tests/framework/test_tonic.py" in done.stdout
    assert "tests/framework/qt" not in done.stdout


def test_sparkles_timers_and_store_work_without_other_packages() -> None:
    done = run_bare(*BARE, "tests/framework/test_tonic.py", "tests/framework/test_timers.py", "tests/framework/store")

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


def test_other_packages_are_really_out_of_reach_there() -> None:
    done = run_bare("-c", "import tests.helpers.bare, numpy")

    assert "No module named 'numpy' (this run has nothing but the standard library)" in done.stderr
