"""The command that takes the pictures, on the real window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

ROOT = Path(__file__).resolve().parents[2]


def test_a_panel_is_pictured_by_one_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "tools/pictures.py", "--panel", "log", "--state", "empty", "--to", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert (done.returncode, done.stdout) == (0, "log-empty-dark.png\n"), done.stderr
    image = QImage(str(tmp_path / "log-empty-dark.png"))
    assert image.width() == 760
    assert len({image.pixel(x, y) for x in range(0, 760, 4) for y in range(0, image.height(), 4)}) > 10
