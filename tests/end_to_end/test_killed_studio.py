"""A real Studio is killed with unsaved text; the next one offers it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

TYPE_AND_BE_KILLED = """
import os, signal, sys
from pathlib import Path
from PySide6.QtTest import QTest
from tasktonic_studio import locations
from tests.helpers.real_studio import run_studio

def steps(person):
    view = person.panel("editor")
    view.open_place(sys.argv[1])
    yield lambda: view.editor() is not None and view.editor().isVisible()
    QTest.keyClicks(view.editor().input_widget(), "unsaved ")
    yield lambda: any("unsaved" in kept.read_text() for kept in locations.drafts_folder().rglob("*.json"))
    os.kill(os.getpid(), signal.SIGKILL)

run_studio([], steps, Path(sys.argv[2]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_unsaved_text_of_a_killed_studio_is_offered_by_the_next(run_studio: Any, tmp_path: Path) -> None:
    file = tmp_path / "door.py"
    file.write_text("x = 1\n")
    command = [sys.executable, "-c", TYPE_AND_BE_KILLED, str(file), str(tmp_path / "killed.png")]

    killed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert file.read_text() == "x = 1\n"

    def steps(person: Any) -> Any:
        view = person.panel("editor")
        yield view.bar.buttons
        assert "door.py" in view.bar.sentence
        person.click(view.bar.buttons()[0])
        yield lambda: view.editor() is not None and view.editor().text() == "unsaved x = 1\n"
        assert view.unsaved() == ["door.py"]
        view.save()
        yield lambda: file.read_text() == "unsaved x = 1\n"

    run_studio(steps)
