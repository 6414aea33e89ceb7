"""A real app whose catalyst hangs, seen in the window: what waits, since when, and where in the source it is."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

Steps = Generator[Callable[[], Any], None, None]

HANGS = """
    import threading
    from tasktonic import *

    class Digger(ttTonic):
        def ttse__on_start(self):
            for number in range(5):
                self.ttsc__dig(number)

        def ttsc__dig(self, number):
            self.dig_deeper()

        def dig_deeper(self):
            threading.Event().wait()

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self):
            Digger(name="digger")

    App()
    """


def test_a_catalyst_that_hangs_shows_what_waits_and_where_it_is(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: any(facts.inside >= 0 for facts in person.live.catalysts.values())
        panel = person.panel("catalysts")
        yield panel.banner.isVisible
        assert "has been inside digger · ttsc__dig for" in panel.sentence.text()
        page = panel.below.queue
        yield lambda: page.model.count == 4
        assert [page.model.entry(item).texts[3] for item in page.model.items.tolist()] == ["ttsc__dig"] * 4

        person.click(panel.show_where)
        yield lambda: panel.below.stack.model.count > 0
        calls = [panel.below.stack.model.entry(row).function for row in range(panel.below.stack.model.count)]
        assert [call for call in calls if call.startswith("Digger.")] == ["Digger.ttsc__dig", "Digger.dig_deeper"]

    run_studio(steps, script(HANGS))
