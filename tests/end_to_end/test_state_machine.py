"""The state machine panel in the real window: beside a real app, and on a recorded run."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.state_machine.machine import arrow_id

Steps = Generator[Callable[[], Any], None, None]

ROOT = Path(__file__).parents[2]
LIGHT = str(ROOT / "examples" / "traffic_light.py")
DOOR = str(ROOT / "tests" / "data" / "traces" / "door.ttt")
ROUND = [arrow_id(f"state {tail}", f"state {head}") for tail, head in (("green", "amber"), ("amber", "red"))]


def essence_called(person: Any, name: str) -> int:
    """The id of the essence of this name, -1 for none yet."""
    essences = person.live.essences
    return next((it for it in essences if essences.name(it) == name), -1)


def test_a_running_traffic_light_is_drawn_and_lit(run_studio: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: essence_called(person, "light") >= 0
        person.bench.selection.select(Thing("essence", essence_called(person, "light")))
        person.bench.run("state_machine.show")
        view = person.bench.area.dock("state_machine").widget()
        yield lambda: view.isVisible() and view.is_drawn
        assert set(ROUND) <= view.machine.arrows.keys()
        places = dict(view.arranger.placed.boxes)
        yield lambda: all(view.machine.arrows[it].how == "seen" for it in ROUND)
        assert {name: view.arranger.placed.boxes[name] for name in places} == places
        yield (
            lambda: view.instance is not None and view.diagram._light.here == view.machine.node_of(view.instance.state)
        )
        amber = view.diagram.node_rect("state amber").center()
        QTest.mouseClick(view.diagram.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, amber)
        amber_thing = Thing("state", (view.machine.cls, view.machine.states.index("amber")))
        assert person.bench.selection.thing == amber_thing
        inspector = person.panel("inspector")
        yield lambda: inspector.heading.title.whole == "amber"

    run_studio(steps, LIGHT)


def test_a_recorded_door_is_drawn_from_the_source_that_ran(run_studio: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        person.bench.run("panel.state_machine")
        person.bench.run("state_machine.show_busiest")
        view = person.panel("state_machine")
        yield lambda: view.is_drawn
        assert view.machine.name == "Door"
        assert view.machine.problems == ()
        seen = {it.id: it.count for it in view.machine.arrows.values() if it.count}
        person.bench.selection.look_at(person.live.transitions.row(1).n + 1)
        yield lambda: view.is_drawn and sum(it.count for it in view.machine.arrows.values()) == 2
        person.press(Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier)
        yield lambda: {it.id: it.count for it in view.machine.arrows.values() if it.count} == seen

    run_studio(steps, DOOR)
