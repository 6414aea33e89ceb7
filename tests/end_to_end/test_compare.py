"""Two runs of a real script in the real window: restarted with other code, and live beside a recording."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tasktonic_studio.session.comparing.comparison import Mark
from tasktonic_studio.ui.dialogs import ask
from tests.helpers.running_example import example_variables

Steps = Generator[Callable[[], Any], None, None]
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier

HOUSE = """
    import os
    from tasktonic import *

    class Lamp(ttTonic):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.lit = 0

        def ttsc__light(self, watts):
            self.to_state("bright" if watts < 50 else "broken")
            self.lit += 1
            if self.lit == 3:  # not before all has happened that the other run has, too
                self.bind(ttTimerSingleShot, 0.3 if "HOUSE_ENDS" in os.environ else 3600, name="end")

        def ttse_bright__on_enter(self):
            pass

        def ttsc_broken__repair(self):
            pass

        def ttse__on_end(self, info):
            self.walker.finish()
            self.finish()

    class Walker(ttTonic):
        def __init__(self, lamp, watts, **kwargs):
            super().__init__(**kwargs)
            self.lamp, self.watts = lamp, watts

        def ttse__on_start(self):
            for step in range(3):
                self.ttsc__walk(step)

        def ttsc__walk(self, step):
            self.lamp.ttsc__light(self.watts if step == 1 else 5)

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self):
            lamp = Lamp(name="lamp", catalyst=ttCatalyst(name="roof"))
            lamp.walker = Walker(lamp, WATTS, name="walker")

    if __name__ == "__main__":
        App()
    """
LIT = 3
"""So many times the lamp is lit."""


def is_lit(person: Any) -> bool:
    """Whether all has happened, on both catalysts: the lamp may have been lit for the last time before that call is over."""
    known = person.live
    ran = [known.names.sparkle(run.sparkle) for run in known.runs.rows(0, 10_000)]
    return ran.count("ttsc__light") == ran.count("ttsc__walk") == LIT


def test_a_script_is_compared_with_its_run_before_the_restart(run_studio: Any, script: Any) -> None:
    file = script(HOUSE.replace("WATTS", "20"))

    def steps(person: Any) -> Steps:
        yield lambda: is_lit(person)
        pid = person.live.target.pid
        Path(file).write_text(Path(file).read_text(encoding="utf-8").replace("lamp, 20", "lamp, 60"), encoding="utf-8")
        person.press(Qt.Key.Key_F5, CONTROL_SHIFT)
        yield lambda: person.live.target.pid not in (0, pid) and is_lit(person)

        person.bench.run("run.compare_previous")
        view = person.panel("compare")
        yield lambda: view.comparison is not None

        words = view.verdict.text()
        assert words.startswith("First difference, by cause: run ")
        assert "lamp.ttsc__light was called by walker.ttsc__walk in both, but " in words
        assert "here it left state bright → broken, there it stayed in state bright" in words
        known = person.bench.panel_context.known()
        assert known is not person.live, "the moment of the difference is shown, while the app runs on"
        assert person.live.target.status == "running"

    run_studio(steps, file)


def test_a_running_app_is_compared_with_a_recording(
    run_studio: Any, script: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = script(HOUSE.replace("WATTS", "20"))
    recording = tmp_path / "before.ttt"
    recorder = subprocess.run(
        [sys.executable, "-m", "tasktonic", "record", "-o", str(recording), file],
        env={**example_variables(), "HOUSE_ENDS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert recorder.returncode == 0, recorder.stderr
    monkeypatch.setattr(ask, "run_to_compare", lambda parent, folder: str(recording))

    def steps(person: Any) -> Steps:
        yield lambda: is_lit(person)
        person.bench.run("run.compare_with")
        view = person.panel("compare")
        yield lambda: view.comparison is not None

        assert view.verdict.text().startswith("Both are the same")
        assert view.comparison.count(Mark.SAME) >= 2 * LIT
        assert view.comparison.side_there.title == "before.ttt"

    run_studio(steps, file)
