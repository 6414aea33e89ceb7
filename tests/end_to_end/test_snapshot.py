"""A picture of the whole window, with the real services and a real script, without a display."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.end_to_end


def snapshot(picture: Path, *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tasktonic_studio", "--snapshot", str(picture), *arguments],
        cwd=cwd,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


def colours(picture: Path) -> int:
    """How many different colours a coarse grid of points has: a window that failed to paint has few."""
    image = QImage(str(picture))
    return len({image.pixel(x, y) for x in range(0, image.width(), 4) for y in range(0, image.height(), 4)})


def test_the_plant_gives_a_picture_of_the_whole_window(tmp_path: Path) -> None:
    picture = tmp_path / "plant.png"

    done = snapshot(picture)

    assert done.returncode == 0, done.stderr
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1440, 900)
    assert colours(picture) > 50


def test_a_script_that_cannot_run_is_told_and_pictured(tmp_path: Path) -> None:
    script = tmp_path / "broken.py"
    script.write_text("def (:\n")
    picture = tmp_path / "broken.png"

    done = snapshot(picture, str(script))

    assert done.returncode == 1
    assert "The script could not run: broken.py: " in done.stderr
    assert "Traceback" not in done.stderr
    assert picture.exists()


def test_a_picture_leaves_nothing_in_the_users_folders(tmp_path: Path, user_folders: Path) -> None:
    before = sorted(str(path) for path in (user_folders / "config").rglob("*"))

    snapshot(tmp_path / "start.png", "--show", "start")

    assert sorted(str(path) for path in (user_folders / "config").rglob("*")) == before
