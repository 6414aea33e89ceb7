"""What a newcomer does: the first lesson, a project, a tonic with a slip in it, a run, a breakpoint, a step, a test. By keys and mouse."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from tasktonic.rules import Term
from tasktonic_studio.ui.command_palette import CommandPalette
from tasktonic_studio.ui.dialogs import ask
from tasktonic_studio.ui.panels.learn.items import DoItem
from tasktonic_studio.ui.panels.ledger.rows import COLUMNS
from tests.helpers.real_studio import Person

pytestmark = pytest.mark.end_to_end

Steps = Generator[Callable[[], Any], None, None]
ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
STATE = [it.id for it in COLUMNS].index("state")
NO_KEYS = Qt.KeyboardModifier.NoModifier


class Newcomer:
    """A person who knows nothing yet, and the things they look at."""

    def __init__(self, person: Person, desk: Path) -> None:
        self.person = person
        self.desk = desk
        self.folder = desk / "garden"

    @property
    def bench(self) -> Any:
        return self.person.bench

    @property
    def editor_view(self) -> Any:
        return self.bench.area.dock("editor").widget()

    @property
    def editor(self) -> Any:
        return self.editor_view.editor()

    def is_in_front(self, file: str) -> bool:
        """Whether this file is what the editor shows."""
        page = self.editor_view.page() if self.editor_view is not None else None
        return page is not None and Path(page.document.path) == self.folder / file and page.isVisible()

    def has_keys(self) -> bool:
        """Whether the window has the keys, after a dialog: a bare platform has nobody who gives them to it."""
        is_open = QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None
        if not is_open and not self.person.window.isActiveWindow():
            self.person.window.activateWindow()
        return not is_open and bool(self.person.window.isActiveWindow())

    def is_done(self, command: str) -> bool:
        """Whether what is named can be done now."""
        return bool(self.bench.is_enabled(command))

    def by_name(self, title: str) -> Steps:
        """Do something by its name in the palette."""
        self.person.press(Qt.Key.Key_P, CTRL | SHIFT)
        yield lambda: bool(self._palettes())
        (line,) = self._palettes()[0].findChildren(QLineEdit)
        QTest.keyClicks(line, title)
        QTest.keyClick(line, Qt.Key.Key_Return)
        yield lambda: not self._palettes()

    def _palettes(self) -> list[CommandPalette]:
        return [it for it in self.person.window.findChildren(CommandPalette) if it.isVisible()]

    def type_over(self, after: str, old: str, new: str) -> Steps:
        """Click before a word, the first one after some others, take it away and type another."""
        start = self.editor.text().index(old, self.editor.text().index(after))
        self.editor.go_to(self.editor.line_of(start))
        keys = self.editor.input_widget()
        at = self.editor.place_of(start)
        self.person.click(keys.viewport(), QPoint(at.left() + 1, at.center().y()))
        yield lambda: self.editor.caret() == start and keys.hasFocus()
        for _ in old:
            self.person.press(Qt.Key.Key_Delete)
        QTest.keyClicks(keys, new)
        assert self.editor.text_between(start, start + len(new)) == new

    def click_row(self, view: Any, index: Any, *, double: bool = False) -> None:
        """Click on a row of a list or a tree, or twice."""
        view.scrollTo(index)
        click = QTest.mouseDClick if double else QTest.mouseClick
        click(view.viewport(), Qt.MouseButton.LeftButton, NO_KEYS, view.visualRect(index).center())

    def essence(self, name: str) -> int:
        essences = self.person.live.essences
        return next((it for it in essences if essences.name(it) == name), -1)

    def state(self, name: str) -> str:
        essence = self.essence(name)
        return str(self.person.live.state_name(essence)) if essence >= 0 else ""


def first_lesson(new: Newcomer) -> Steps:
    """From the start page; some steps, one with a prediction."""
    person, bench = new.person, new.bench
    person.click(bench.start_page.row("Learn"))
    view = bench.area.dock("learn").widget()
    yield lambda: view.isVisible() and len(view.list.items) > 1
    person.press(Qt.Key.Key_Return)
    yield lambda: view.shows_step
    for item in [it for it in view.step.items.values() if isinstance(it, DoItem)]:
        person.click(item.button)
    yield view.play.is_complete
    person.click(view.step.next)
    yield lambda: view.step.title.text() == "The first one"
    question = view.step.items[0]
    person.click(question.rows[0].radio)
    yield lambda: new.is_done("distiller.step")
    person.press(Qt.Key.Key_F8)
    yield view.play.is_complete
    assert "You were right: ttse__on_start." in question.verdict.text()
    person.press(Qt.Key.Key_F5, SHIFT)
    yield lambda: not person.live.target.is_alive


def new_project(new: Newcomer) -> Steps:
    """A folder of their own, from the template."""
    person = new.person
    yield from new.by_name("New project")
    asking = new.bench.projecting
    yield lambda: asking.dialog is not None and asking.dialog.name.hasFocus()
    QTest.keyClicks(asking.dialog.name, "garden")
    asking.dialog.folder.setFocus()
    asking.dialog.folder.selectAll()
    QTest.keyClicks(asking.dialog.folder, str(new.desk))
    person.click(asking.dialog.go)
    yield lambda: new.is_in_front("app.py") and new.has_keys()
    yield lambda: "kettle.py" in new.bench.area.dock("project").widget().tree.names()


def new_tonic(new: Newcomer) -> Steps:
    """A second file in it, with a test of its own."""
    person = new.person
    person.press(Qt.Key.Key_N, CTRL)
    asking = new.bench.projecting
    yield lambda: asking.dialog is not None and asking.dialog.name.hasFocus()
    QTest.keyClicks(asking.dialog.name, "pump")
    QTest.keyClick(asking.dialog.name, Qt.Key.Key_Return)
    yield lambda: new.is_in_front("pump.py") and new.has_keys()


def a_slip(new: Newcomer) -> Steps:
    """A state that is not there: made, found while typing, and mended by one key."""
    person = new.person
    yield from new.type_over("ttsc__begin(3", "3", "3000")
    yield from new.type_over("def ttsc_idle__begin", "busy", "bsuy")
    start = new.editor.text().index("bsuy")
    sentence = "Pump has no state 'bsuy'; it has 'busy', 'done' and 'idle'."
    yield lambda: any(it.text.startswith(sentence) for it in new.editor.underlines_at(start + 1))
    person.press(Qt.Key.Key_M, CTRL)
    problems = new.bench.area.dock("problems").widget()
    yield lambda: problems.isVisible() and problems.model.count == 2
    new.editor.go_to(1)
    new.click_row(problems.table, problems.model.index(0, 0))
    assert "found in the source" in problems.detail.place.text()
    new.click_row(problems.table, problems.model.index(0, 0), double=True)
    yield lambda: new.editor.line_of(new.editor.caret()) == new.editor.line_of(start)
    yield lambda: new.editor.input_widget().hasFocus()
    person.press(Qt.Key.Key_Period, CTRL)
    checking = new.bench.area.panel("editor").checking
    yield lambda: checking.menu is not None and checking.menu.isVisible()
    QTest.keyClick(checking.menu, Qt.Key.Key_Return)
    yield lambda: problems.model.count == 0 and new.has_keys()
    assert "bsuy" not in new.editor.text()


def run(new: Newcomer) -> Steps:
    """The file runs by a key, then the project by F5; the tonic is seen alive in the ledger."""
    person = new.person
    yield lambda: new.is_done("run.this_file")
    person.press(Qt.Key.Key_F5, CTRL | ALT)
    yield lambda: new.state("pump") == "busy"
    person.press(Qt.Key.Key_F5, SHIFT)
    yield lambda: not person.live.target.is_alive
    person.press(Qt.Key.Key_F5)
    yield lambda: person.live.target.is_alive and new.state("pump") == "busy"
    person.press(Qt.Key.Key_1, CTRL)
    ledger = new.bench.area.dock("ledger").widget()
    yield lambda: ledger.isVisible() and ledger.model.index_of(new.essence("pump")).isValid()
    new.click_row(ledger.tree, ledger.model.index_of(new.essence("pump")))
    yield lambda: ledger.model.index_of(new.essence("pump"), STATE).data() == "busy"
    yield lambda: new.bench.selection.thing is not None and new.bench.selection.thing.key == new.essence("pump")


def break_on_a_state(new: Newcomer) -> Steps:
    """A breakpoint on a state of the drawing holds the app that is started again; a step, and on."""
    person, bench = new.person, new.bench
    yield from new.by_name("State machine")
    view = bench.area.dock("state_machine").widget()
    yield lambda: view.isVisible() and view.is_drawn and view.machine.name == "Pump"
    person.click(view.diagram.viewport(), view.diagram.node_rect("state idle").center())
    yield lambda: bench.selection.thing is not None and bench.selection.thing.kind == "state"
    person.press(Qt.Key.Key_F9)
    assert [it.terms for it in bench.session.breakpoints.all] == [(Term("state", "idle", "Pump", way="entered"),)]
    first = person.live.target.pid
    person.press(Qt.Key.Key_F5, CTRL | SHIFT)
    yield lambda: person.live.target.pid not in (0, first) and person.live.target.status == "held"
    assert person.live.target.sentence == "held after Pump.ttse__on_start: breakpoint 1"
    person.press(Qt.Key.Key_F10)
    yield lambda: new.state("pump") == "busy" and person.live.target.status == "held"
    person.press(Qt.Key.Key_F5)
    yield lambda: person.live.target.status == "running"
    person.press(Qt.Key.Key_F5, SHIFT)
    yield lambda: not person.live.target.is_alive


def a_test(new: Newcomer) -> Steps:
    """What was stepped through by hand becomes a test, and the panel runs it with those of the templates."""
    person, bench = new.person, new.bench
    yield from new.by_name("Switch all breakpoints off")
    yield lambda: not any(point.enabled for point in bench.session.breakpoints.all)
    person.press(Qt.Key.Key_F5, ALT)
    asking = bench.distilling
    yield lambda: asking.dialog is not None
    assert asking.dialog.script.text() == str(new.folder / "pump.py")
    person.click(asking.dialog.go)
    yield new.has_keys
    yield lambda: person.live.distiller.is_ready
    for state in ("idle", "busy"):
        person.press(Qt.Key.Key_F8)
        yield lambda state=state: new.state("pump") == state and person.live.distiller.is_ready
    person.press(Qt.Key.Key_T, CTRL | SHIFT)
    yield lambda: new.is_in_front("tests/test_pump_from_studio.py") and new.has_keys()
    yield lambda: "passes as it stands" in person.sentence
    tests = bench.area.dock("tests").widget()
    yield from new.by_name("Tests")
    yield tests.isVisible
    yield tests.buttons[0].isEnabled
    person.click(tests.buttons[0])
    yield lambda: tests.sentence.text() == "6 passed"
    assert {outcome for _, outcome in tests.tree.rows} == {"passed"}


def test_a_newcomer_goes_from_the_first_lesson_to_an_app_of_their_own_with_a_test(
    run_studio: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "file_to_save", lambda _parent, _title, proposal, _kinds: proposal)

    def steps(person: Person) -> Steps:
        new = Newcomer(person, tmp_path)
        for part in (first_lesson, new_project, new_tonic, a_slip, run, break_on_a_state, a_test):
            yield from part(new)

    run_studio(steps)
