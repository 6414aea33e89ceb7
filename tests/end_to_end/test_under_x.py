"""The main job once more in a real X server, with its keyboard and mouse handling."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
THIS_FOLDER = Path(__file__).resolve().parent


@pytest.mark.skipif(
    shutil.which("xvfb-run") is None, reason="xvfb-run is not installed; ./check installs it where it may"
)
def test_the_main_job_under_x() -> None:
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
        [*command, str(THIS_FOLDER / "test_main_job.py")],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
