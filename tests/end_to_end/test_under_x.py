"""The main job, and the ways out of an app, once more in a real X server, with its keyboard, mouse and window handling."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(
    shutil.which("xvfb-run") is None, reason="xvfb-run is not installed; ./check installs it where it may"
)
@pytest.mark.parametrize("tests", ["tests/end_to_end/test_main_job.py", "tests/framework/qt/test_way_out.py"])
def test_under_x(tests: str) -> None:
    command = [
        "xvfb-run",
        "-a",
        "-s",
        "-screen 0 1600x1000x24",
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb"}
    environment.pop("DISPLAY", None)
    environment.pop("WAYLAND_DISPLAY", None)

    done = subprocess.run(
        [*command, tests],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
