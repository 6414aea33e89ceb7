"""Change and go on, by keys in the real window: a saved handler is what the next sparkle of the running app runs."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier

Steps = Generator[Callable[[], Any], None, None]

LAMPS = """
    from tasktonic import *


    class Lamp(ttTonic):
        def __init__(self, **given):
            super().__init__(**given)
            self.turns = 0

        def ttse__on_start(self):
            self.bind(ttTimerRepeat, seconds=0.05, name="turn")

        def ttse__on_turn(self, info):
            self.turns += 1
            self.log(f"it glows <b>{min(self.turns, 5)}</b>")
    """

THREADS = (
    LAMPS
    + """

    class App(ttFormula):
        def creating_starting_tonics(self):
            Lamp(name="near")
            Lamp(name="far", catalyst=ttCatalyst(name="second"))


    App()
    """
)

QT = (
    LAMPS
    + """

    from tasktonic.qt import ttPyside6Ui, ttPysideWidget


    class Window(ttPysideWidget):
        def setup_ui(self):
            self.show()

        def ttse__on_start(self):
            Lamp(name="near")
            Lamp(name="far", catalyst=ttCatalyst(name="second"))


    class App(ttFormula):
        def creating_main_catalyst(self):
            ttPyside6Ui()

        def creating_starting_tonics(self):
            Window(name="window")


    App()
    """
)


class Writer:
    """A person at the editor."""

    def __init__(self, person: Any, path: str) -> None:
        person.bench.open_source(path, 1)
        self.person = person
        self.view = person.panel("editor")

    @property
    def said(self) -> str:
        return str(self.view.page().bar.sentence)

    def type_over(self, old: str, new: str) -> None:
        editor = self.view.editor()
        start = editor.text().index(old)
        editor.select(start, start + len(old))
        keys = editor.input_widget()
        QWidget.setFocus(keys)
        for number, line in enumerate(new.split("\n")):
            if number:
                QTest.keyClick(keys, Qt.Key.Key_Return)
            QTest.keyClicks(keys, line)

    def save(self) -> None:
        QTest.keyClick(self.view.editor().input_widget(), Qt.Key.Key_S, CTRL)

    def click(self, words: str) -> None:
        self.person.click(next(button for button in self.view.page().bar.buttons() if button.text() == words))

    def logs(self, text: str) -> bool:
        last = [line for line in self.person.log_texts() if "glows" in line or "shines" in line][-4:]
        return bool(last) and all(text in line for line in last)


def replaces_and_puts_back(person: Any, writer: Writer) -> Steps:
    yield lambda: any("it glows <b>5</b>" in text for text in person.log_texts())
    yield lambda: writer.view.page() is not None

    # Saved: replaced, with state and attributes kept. What cannot be is said.
    writer.type_over("self.turns = 0", "self.turns = -1000")
    writer.type_over("it glows", "it shines")
    writer.save()
    yield lambda: "1 handler replaced: Lamp.ttse__on_turn." in writer.said
    assert "Not replaced: Lamp.__init__ (2 that live were made with the old one: restart to use it)." in writer.said
    yield lambda: writer.logs("it shines <b>5</b>")
    assert person.live.target.status == "running"
    yield lambda: any("by hand: replace code lamps.py: Lamp.ttse__on_turn" in text for text in person.log_texts())

    # A text that is no Python: said with its line, and the app runs on with what it has.
    writer.type_over("it shines", 'it "shines')
    writer.save()
    yield lambda: "lamps.py: Line 15: unterminated string literal" in writer.said
    writer.click("Show the line")
    assert writer.view.editor().line_of(writer.view.editor().caret()) == 15
    writer.type_over('it "shines', "it shines")

    # While held as well; lines that were put before it are those of the runs that follow.
    QTest.keyClick(writer.view.editor().input_widget(), Qt.Key.Key_F6)
    yield lambda: person.live.target.status == "held"
    writer.type_over("self.turns += 1", "self.turns += 1\nself.turns -= 1")
    writer.save()
    yield lambda: "1 handler replaced" in writer.said
    QTest.keyClick(writer.view.editor().input_widget(), Qt.Key.Key_F5)
    yield lambda: person.live.target.status == "running"

    # And back, with a key, twice.
    keys = writer.view.editor().input_widget()
    QTest.keyClick(keys, Qt.Key.Key_Z, CTRL | ALT)
    yield lambda: "Put back: Lamp.ttse__on_turn. The file keeps your text." in writer.said
    writer.click("Put back")
    yield lambda: writer.logs("it glows")
    assert "it shines" in writer.view.editor().text()


def is_asked(person: Any, writer: Writer) -> Steps:
    """After that: nothing is replaced unasked, nor where a past moment is shown."""
    person.bench.settings.set("editor.go_on", "ask")
    writer.type_over("it shines", "it shines on")
    writer.save()
    assert "The app still runs the old text of lamps.py." in writer.said
    writer.click("Replace and go on")
    yield lambda: writer.logs("it shines on")

    person.bench.settings.set("editor.go_on", "automatic")
    person.bench.selection.look_at(5)
    writer.type_over("it shines on", "it glows")
    writer.save()
    assert "The app still runs the old text of lamps.py. A past moment is shown" in writer.said
    person.bench.selection.look_at(None)


def leaves_in_peace(person: Any, other: str) -> Steps:
    """A file that the app does not know."""
    writer = Writer(person, other)
    writer.type_over("nobody", "somebody")
    writer.save()
    yield lambda: other in person.live.code_replaced
    yield lambda: writer.said == ""


def test_a_saved_handler_is_what_the_next_sparkle_runs_put_back_or_asked_for_first(
    run_studio: Any, script: Any
) -> None:
    path, other = script(THREADS, "lamps.py"), script("print('nobody runs this')\n", "other.py")

    def steps(person: Any) -> Steps:
        writer = Writer(person, path)
        yield from replaces_and_puts_back(person, writer)
        yield from is_asked(person, writer)
        yield from leaves_in_peace(person, other)

    run_studio(steps, path)


def test_a_saved_handler_is_what_the_next_sparkle_of_a_window_runs_and_it_can_be_put_back(
    run_studio: Any, script: Any
) -> None:
    path = script(QT, "lamps.py")

    def steps(person: Any) -> Steps:
        yield from replaces_and_puts_back(person, Writer(person, path))

    run_studio(steps, path)
