"""A project from a template: opened, run with F5, tested, and the trace of a failed test looked at. Real processes."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tasktonic.new import plan, write
from tests.helpers.real_studio import Person

pytestmark = pytest.mark.end_to_end

WRONG = """

def test_it_boils_at_once(distiller: ttDistiller) -> None:
    kettle = Kettle(name="kettle")
    kettle.ttsc__switch_on()
    distiller.sparkle(till_state_in=["boiling"])
    assert kettle.degrees == 20
"""

Modifier = Qt.KeyboardModifier


def test_project_is_run_and_tested_from_the_window(
    run_studio: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # none of ours is needed, and all take their time
    write(plan("project", "garden", tmp_path))
    folder = tmp_path / "garden"
    tests = folder / "tests" / "test_kettle.py"
    tests.write_text(tests.read_text(encoding="utf-8") + WRONG, encoding="utf-8")

    def steps(person: Person) -> Generator[Callable[[], Any], None, None]:
        project = person.bench.project
        yield lambda: project.python.version
        assert project.folder == folder

        person.press(Qt.Key.Key_F5)
        yield lambda: person.live.target.status == "ended"
        assert "the water boils" in person.log_texts()

        person.press(Qt.Key.Key_T, Modifier.ControlModifier | Modifier.AltModifier)
        yield lambda: not project.tests.is_running and project.tests.bad()
        assert project.tests.sentence == "1 failed, 3 passed"
        view: Any = person.panel("tests")
        yield lambda: ("test_it_boils_at_once", "failed") in view.tree.rows

        view.tree.choose(("tests/test_kettle.py", "test_it_boils_at_once"))
        person.click(view.trace)
        yield lambda: person.live.target.how == "file" and person.live.target.status == "ended"
        assert "kettle" in {person.live.essences.name(each) for each in person.live.essences}

    run_studio(steps, str(folder))
