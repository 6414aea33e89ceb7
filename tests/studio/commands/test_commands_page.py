"""The page of all commands is as the registry says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_of_commands_is_fresh() -> None:
    made = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "make_commands_page.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (made.returncode, made.stderr) == (0, "")
