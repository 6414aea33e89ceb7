"""A real app with a fault, seen in the window: the problem is listed, shown happening, and its line opened."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import Qt

Steps = Generator[Callable[[], Any], None, None]

FAULTY = """
    from tasktonic import *

    class Door(ttTonic):
        _tt_states = ["closed", "open"]

        def ttse__on_start(self):
            self.bind(ttTimerRepeat, 0.05, name="knock")

        def ttse__on_knock(self, info):
            self.to_state("opne")

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self):
            Door(name="door")

    App()
    """


def test_a_fault_is_listed_shown_happening_and_its_line_opened(run_studio: Any, script: Any) -> None:
    file = script(FAULTY)

    def steps(person: Any) -> Steps:
        yield lambda: person.live.findings.by_key
        person.press(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
        panel = person.panel("problems")
        yield lambda: panel.model.count == 1 and int(panel.model.entry(panel.model.item(0)).texts[4]) > 2
        assert panel.model.entry(panel.model.item(0)).texts[:2] == ("error", "Unknown state")

        person.click(panel.table.viewport(), panel.table.visualRect(panel.model.index(0, 0)).center())
        person.click(panel.detail.show_it)
        selection = person.bench.selection
        assert selection.thing.kind == "log"
        assert selection.time == person.live.log[selection.thing.key].n + 1
        assert panel.chosen is not None

        person.click(panel.detail.show_code)
        editor = person.panel("editor")
        yield lambda: editor.page() is not None
        text = editor.editor()
        yield lambda: 'self.to_state("opne")' in text.line_text(text.line_of(text.caret()))

    run_studio(steps, file)
