"""The sequence diagram in the real window: of a recorded run, and of an app that is watched."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tasktonic.events import ERROR
from tasktonic_studio.session.selection import Thing

Steps = Generator[Callable[[], Any], None, None]

DOOR = str(Path(__file__).parents[1] / "data" / "traces" / "door.ttt")


def arrows(view: Any) -> list[str]:
    """Who calls whom what, row by row."""
    diagram = view.model.diagram
    rows = map(diagram.row, range(len(diagram)))
    return [f"{diagram.lines[row.sender].name} > {diagram.lines[row.receiver].name}: {row.name}" for row in rows]


def test_the_chain_of_an_error_in_a_recorded_run_is_two_clicks_away(run_studio: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        failed = next(run for run in person.live.runs.rows(0, len(person.live.runs)) if run.flags & ERROR)
        view = person.panel("sequence")
        yield lambda: view.isVisible() and view.model.is_done and len(view.model.diagram) > 1
        person.bench.selection.select(Thing("run", failed.run))
        yield lambda: view.model.is_chain and view.model.is_done
        row = view.model.diagram.row_of_order(failed.order)
        assert view.model.diagram.row(row).errors == 1
        picture, found = view.diagram.picture(), view.model.diagram.row(row)
        x = (picture.sizes.x(found.sender) + picture.sizes.x(found.receiver)) / 2
        y = picture.places.came[row] - picture.top + picture.sizes.head
        QTest.mouseClick(view.diagram.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(int(x) + 10, int(y)))
        assert person.bench.selection.thing == Thing("run", failed.run)

    run_studio(steps, DOOR)


def test_a_call_that_crosses_threads_is_followed_live(run_studio: Any, script: Any) -> None:
    app = script(
        """
        from tasktonic import *

        class Clerk(ttTonic):
            def ttsc__write(self, boss, count):
                boss.ttse__on_written(count)

        class Boss(ttTonic):
            def __init__(self, clerk, **rest):
                super().__init__(**rest)
                self.clerk = clerk

            def ttse__on_start(self):
                ttTimerRepeat(0.02, name="tick")

            def ttse__on_tick(self, info):
                self.clerk.ttsc__write(self, 1)

            def ttse__on_written(self, count):
                self.written = count

        class App(ttFormula):
            def creating_starting_tonics(self):
                office = ttCatalyst(name="office")
                Boss(Clerk(name="clerk", catalyst=office), name="boss")

        App()
        """
    )

    def steps(person: Any) -> Steps:
        view = person.panel("sequence")
        yield lambda: view.isVisible() and view.model.is_done and len(view.model.diagram.calls) > 20
        live = person.live
        tick = next(
            run.run
            for run in live.runs.rows(live.runs.first, len(live.runs))
            if live.names.sparkle(run.sparkle) == "ttse__on_tick"
        )
        person.bench.selection.select(Thing("run", tick))
        expected = [
            "timer > boss: ttse__on_tick",
            "boss > clerk: ttsc__write",
            "clerk > boss: ttse__on_written",
        ]
        yield lambda: view.model.is_chain and view.model.is_done and arrows(view) == expected
        person.bench.run("time.freeze")
        person.bench.run("sequence.show_window")
        yield lambda: view.model.is_done and not view.model.is_chain
        frozen, count = arrows(view), len(live.orders)
        yield lambda: len(person.live.orders) > count + 10
        assert arrows(view) == frozen
        person.bench.run("run.stop")
        yield lambda: person.live.target.status == "ended"

    run_studio(steps, app)
