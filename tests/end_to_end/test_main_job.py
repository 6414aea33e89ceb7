"""The main job, by mouse and keys: start, look, select, go to the source, change it, save, run it again.

Run offscreen by default, and once more in a real X server by ``test_under_x.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeView, QWidget

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

Steps = Generator[Callable[[], Any], None, None]

DOOR = '''
    from tasktonic import *


    class Door(ttTonic):
        """Opens and closes by itself."""

        def ttse__on_start(self):
            self.opened = 0
            self.to_state("closed")

        def ttse_closed__on_enter(self):
            self.bind(ttTimerSingleShot, seconds=0.1, name="turn")

        def ttse_closed__on_turn(self, info):
            self.opened += 1
            self.to_state("open")

        def ttse_open__on_enter(self):
            self.log("the door is open")
            self.bind(ttTimerSingleShot, seconds=0.1, name="turn")

        def ttse_open__on_turn(self, info):
            self.to_state("closed")


    class House(ttFormula):
        def creating_starting_tonics(self):
            for name in ("front", "back"):
                Door(name=name)


    House()
    '''


def row_of(tree: QTreeView, text: str) -> Any:
    """Where in a tree the visible row with a text stands; None when there is none."""
    index = tree.indexAt(QPoint(4, 4))
    while index.isValid():
        if text in str(index.siblingAtColumn(0).data()):
            return tree.visualRect(index.siblingAtColumn(0)).center()
        index = tree.indexBelow(index)
    return None


def essence_named(person: Any, name: str) -> int:
    return next((e for e in person.live.essences if person.live.essences.get(e).name == name), -1)


def test_a_person_starts_the_plant_from_the_start_page(run_studio: Any) -> None:
    def steps(person: Any) -> Steps:
        page = person.bench.start_page
        yield page.isVisible
        first = page.rows[0]
        person.click(first)
        yield lambda: person.live.target.status == "running"
        assert person.live.target.script.endswith("watch_me.py")
        yield lambda: person.live.essences.alive_count > 100
        yield lambda: len(person.live.catalysts) == 4
        yield lambda: person.live.rate(essence_named(person, "line A")) > 1
        yield lambda: sum(len(person.live.store.paths(store)) for store in person.live.store) > 20

    run_studio(steps)


def test_a_selected_tonic_is_shown_by_the_inspector_and_the_editor(run_studio: Any, script: Any) -> None:
    path = script(DOOR, "doors.py")

    def steps(person: Any) -> Steps:
        tree = person.panel("ledger").findChild(QTreeView)
        yield lambda: row_of(tree, "back") is not None
        person.click(tree.viewport(), row_of(tree, "back"))
        back = essence_named(person, "back")
        assert person.bench.selection.thing.key == back
        yield lambda: back in person.live.attributes
        inspector = person.panel("inspector")
        yield lambda: "opened" in shown_texts(inspector)
        QTest.mouseDClick(
            tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, row_of(tree, "back")
        )
        editor = person.panel("editor")
        yield lambda: editor.page() is not None
        assert Path(editor.page().document.path).samefile(path)
        assert "class Door" in editor.editor().line_text(editor.editor().line_of(editor.editor().caret()))

    run_studio(steps, path)


def test_a_changed_and_saved_script_runs_changed_after_a_restart(run_studio: Any, script: Any) -> None:
    path = script(DOOR, "doors.py")

    def steps(person: Any) -> Steps:
        yield lambda: any("the door is open" in text for text in person.log_texts())
        person.bench.open_source(path, 1)
        editor = person.panel("editor")
        yield lambda: editor.page() is not None
        start = editor.editor().text().index("the door is open")
        editor.editor().select(start, start + len("the door is open"))
        keys = editor.editor().input_widget()
        QWidget.setFocus(keys)
        QTest.keyClicks(keys, "it stands ajar")
        assert editor.unsaved()
        QTest.keyClick(keys, Qt.Key.Key_S, CTRL)
        yield lambda: not editor.unsaved()
        assert "it stands ajar" in Path(path).read_text()
        first_pid = person.live.target.pid
        person.press(Qt.Key.Key_F5, CTRL | SHIFT)
        yield lambda: person.live.target.pid not in (0, first_pid)
        yield lambda: any("it stands ajar" in text for text in person.log_texts())

    run_studio(steps, path)


def test_stop_ends_the_app_and_what_was_known_stays(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: len(person.live.log) > 3
        person.press(Qt.Key.Key_F5, SHIFT)
        yield lambda: person.live.target.status == "ended"
        assert essence_named(person, "front") >= 0
        assert any("open" in text for text in person.log_texts())
        person.press(Qt.Key.Key_F5)
        yield lambda: person.live.target.status == "running"

    run_studio(steps, script(DOOR, "doors.py"))


def test_a_held_app_stands_still_and_goes_on(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: len(person.live.runs) > 10
        person.press(Qt.Key.Key_F6)
        yield lambda: person.live.target.status == "held"
        runs = len(person.live.runs)
        person.press(Qt.Key.Key_F5)
        yield lambda: person.live.target.status == "running"
        yield lambda: len(person.live.runs) > runs + 10

    run_studio(steps, script(DOOR, "doors.py"))


def shown_texts(widget: QWidget) -> str:
    """Everything that the trees below a widget show in their first rows."""
    texts: list[str] = []
    for tree in widget.findChildren(QTreeView):
        index = tree.indexAt(QPoint(4, 4))
        while index.isValid():
            texts += [str(index.siblingAtColumn(column).data()) for column in range(tree.model().columnCount())]
            index = tree.indexBelow(index)
    return "\n".join(texts)
