"""The timeline in the real window: of a recorded run, and of an app that is watched."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tasktonic.events import ERROR

Steps = Generator[Callable[[], Any], None, None]

DOOR = str(Path(__file__).parents[1] / "data" / "traces" / "door.ttt")
LEFT = Qt.MouseButton.LeftButton


def test_a_recorded_run_is_shown_whole_and_its_error_is_a_click_away(run_studio: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        person.bench.run("view.arrange_analyse")
        view = person.panel("timeline")
        yield lambda: view.isVisible() and view.model.index.taken == len(person.live.runs) > 5
        runs = person.live.runs.rows(0, len(person.live.runs))
        failed = next(run for run in runs if run.flags & ERROR)
        yield lambda: view.time.from_ns < runs[0].begin_ns and view.time.until_ns > runs[-1].end_ns
        QTest.mouseClick(view.lanes.viewport(), LEFT, pos=view.lanes.point_of(failed))
        yield lambda: person.bench.selection.thing is not None
        assert person.bench.selection.thing.key == failed.run

    run_studio(steps, DOOR)


def test_an_app_that_is_watched_moves_along(run_studio: Any, script: Any) -> None:
    app = script(
        """
        from tasktonic import *

        class Clock(ttTonic):
            def ttse__on_start(self):
                ttTimerRepeat(0.02, name="tick")

            def ttse__on_tick(self, info):
                self.seen = True

        class App(ttFormula):
            def creating_starting_tonics(self):
                Clock(name="clock")

        App()
        """
    )

    def steps(person: Any) -> Steps:
        person.bench.run("view.arrange_analyse")
        view = person.panel("timeline")
        yield lambda: view.isVisible() and view.model.index.taken > 10
        then = view.time.until_ns
        yield lambda: view.time.until_ns > then
        person.bench.run("time.freeze")
        frozen = view.time.until_ns
        count = len(person.live.runs)
        yield lambda: len(person.live.runs) > count + 5
        assert view.time.until_ns == frozen
        person.bench.run("run.stop")
        yield lambda: person.live.target.status == "ended"

    run_studio(steps, app)
