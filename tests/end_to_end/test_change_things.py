"""Changing real apps from the window, by mouse and keys: each change is seen in the app, and the record says who did it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tasktonic.protocol.messages import Call, Finish
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.console.view import EXAMPLES
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tests.helpers.scripts_apart import QT_APP, listening
from tests.helpers.studio_end import StudioEnd

Steps = Generator[Callable[[], Any], None, None]

PUMPS = """
    import sys
    from tasktonic import *

    LIMIT = 40

    def say(*words):
        # In one piece: two threads say things.
        sys.stdout.write(" ".join(map(str, words)) + "\\n")
        sys.stdout.flush()

    class Pump(ttTonic):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.speed = 1
            self.is_open = False

        def ttse__on_start(self):
            self.store = self.bind(ttStore)
            self.store.set([("pump/limit", 5), ("pump/open", False), ("pump/colour", "red")])
            self.store.subscribe("pump/**", self.ttse__on_news)
            self.to_state("off")

        def ttse__on_news(self, changes):
            for path, new, *_ in changes:
                say("news", self.name, path, repr(new))

        def ttsc__run(self, speed, reason="none"):
            "Turn at a speed."
            say("runs", self.name, self.speed, speed, reason)

        def ttsc__set_limit(self, limit):
            self.store.set("pump/limit", limit)

        def ttse_on__on_enter(self):
            say("enters on", self.name)

        def ttse_off__on_enter(self):
            pass

        def ttse__on_finished(self):
            say("finished", self.name)
    """

THREADS = (
    PUMPS
    + """
    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self):
            Pump(name="near")
            Pump(name="far", catalyst=ttCatalyst(name="second"))

    App()
    """
)

QT = (
    PUMPS
    + """
    from tasktonic.qt import ttPyside6Ui, ttPysideWidget

    class Window(ttPysideWidget):
        def ttse__on_start(self):
            Pump(name="near")
            Pump(name="far", catalyst=ttCatalyst(name="second"))
    """
    + QT_APP.replace("FIRST", 'Window(name="window")')
)

APPS = pytest.mark.parametrize("app", [THREADS, QT], ids=["threads", "qt"])


class Hands:
    """What a person does to the app through the window, in the words of a test."""

    def __init__(self, person: Any) -> None:
        self.person = person
        self.bench = person.bench

    def id(self, name: str) -> int:
        live = self.person.live
        found = (live.essences.get(essence) for essence in live.essences)
        return next((facts.id for facts in found if facts.name == name and facts.is_alive), -1)

    def has_said(self, text: str) -> bool:
        """Whether the app has printed this line."""
        return text in self.person.log_texts()

    def by_hand(self, text: str) -> bool:
        """Whether the record says that somebody did this."""
        return any(line.startswith(f"by hand: {text} (studio ") for line in self.person.log_texts())

    @property
    def is_up(self) -> bool:
        store = next(iter(self.person.live.store), -1)
        return self.id("near") >= 0 and self.id("far") >= 0 and self.value("pump/colour") != "" and store >= 0

    def value(self, path: str) -> str:
        live = self.person.live
        entry = next((live.store.get(store, path) for store in live.store), None)
        return entry.new if entry is not None else ""

    def select(self, name: str) -> None:
        self.bench.selection.select(Thing("essence", self.id(name)))

    def hold(self) -> None:
        self.person.press(Qt.Key.Key_F6)

    def go_on(self) -> None:
        self.person.press(Qt.Key.Key_F5)

    def outside_calls(self, name: str) -> list[tuple[str, str]]:
        """The sparkles that were called from outside of the app's tonics, and the first word of who called."""
        live = self.person.live
        rows = live.orders.rows(0, len(live.orders))
        mine = [row for row in rows if row.essence == self.id(name) and row.source < 0]
        return [(live.names.sparkle(row.sparkle), row.cause.split()[0]) for row in mine if row.cause]

    def is_held(self) -> bool:
        catalysts = [it for it in self.person.live.catalysts.values() if it.alive]
        return bool(catalysts) and all(it.held for it in catalysts)

    def double_click_value(self, path: str) -> None:
        view = self.person.panel("store")
        store = next(iter(self.person.live.store))
        index = view.model.index_of(StoreKey(store, path), 1)
        view.tree.scrollTo(index)
        at = view.tree.visualRect(index).center()
        QTest.mouseClick(view.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        QTest.mouseDClick(view.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    def row_is_there(self, path: str) -> bool:
        view = self.person.panel("store")
        store = next(iter(self.person.live.store), -1)
        return bool(view.model.index_of(StoreKey(store, path), 1).isValid() and view.tree.isVisible())

    def type(self, text: str, field: QWidget) -> None:
        field.selectAll()  # type: ignore[attr-defined]
        QTest.keyClicks(field, text)

    def menu_line(self, command_id: str) -> Any:
        """The line of a command in the menu bar, as it is now."""
        self.bench.actions_of_commands.refresh()
        return self.bench.actions_of_commands.action(command_id)


@APPS
def test_a_store_value_is_edited_where_it_stands(run_studio: Any, script: Any, app: str) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up and hands.row_is_there("pump/limit")
        hands.double_click_value("pump/limit")
        view = person.panel("store")
        assert not view.editor.is_open
        assert "hold it first (F6), or switch on 'Edit while it runs'" in view.bar.problem.text()

        hands.hold()
        yield hands.is_held
        hands.double_click_value("pump/limit")
        yield lambda: view.editor.is_open and view.editor.line.hasFocus()
        assert view.editor.line.text() == "5"
        hands.type("[1,", view.editor.line)
        person.press(Qt.Key.Key_Return)
        assert "'[1,' cannot be read: '[' was never closed." in view.editor.note.text()
        assert view.editor.is_open
        hands.type("(7, 'x')", view.editor.line)
        person.press(Qt.Key.Key_Return)
        assert not view.editor.is_open
        assert hands.value("pump/limit") == "5"
        assert (
            view.model.index_of(StoreKey(next(iter(person.live.store)), "pump/limit"), 1).data() == "5 → (7, 'x'), sent"
        )

        yield lambda: hands.value("pump/limit") == "(7, 'x')"
        yield lambda: len(person.bench.session.edits) == 0
        yield lambda: hands.by_hand("store set pump/limit = (7, 'x')")
        hands.go_on()
        yield lambda: hands.has_said("news near pump/limit (7, 'x')") and hands.has_said("news far pump/limit (7, 'x')")

    run_studio(steps, script(app))


def test_kinds_of_values_are_edited_as_what_they_are(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up and hands.row_is_there("pump/limit")
        hands.menu_line("change.live_edit").trigger()
        view = person.panel("store")

        hands.double_click_value("pump/open")
        yield lambda: view.editor.is_open and view.editor.choice.hasFocus()
        person.press(Qt.Key.Key_Up)
        person.press(Qt.Key.Key_Return)
        yield lambda: hands.has_said("news far pump/open True") and len(person.bench.session.edits) == 0

        person.bench.selection.select(Thing("store", (next(iter(person.live.store)), "pump/colour")))
        person.press(Qt.Key.Key_F2)
        yield lambda: view.editor.is_open and view.editor.line.hasFocus()
        assert view.editor.line.selectedText() == "red"
        hands.type("blue", view.editor.line)
        assert view.editor.note.text() == "Taken as the text 'blue'."
        person.press(Qt.Key.Key_Return)
        yield lambda: hands.has_said("news far pump/colour 'blue'") and len(person.bench.session.edits) == 0

        person.press(Qt.Key.Key_F2)
        yield lambda: view.editor.is_open
        hands.type("'green'", view.editor.line)
        person.press(Qt.Key.Key_Escape)
        assert not view.editor.is_open
        assert len(person.bench.session.edits) == 0

    run_studio(steps, script(THREADS))


@APPS
def test_an_attribute_is_edited_in_the_inspector(run_studio: Any, script: Any, app: str) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up
        hands.hold()
        yield hands.is_held
        hands.select("far")
        view = person.panel("inspector")
        yield lambda: view.model.index_of(("attributes", "attribute speed"), 1).isValid()
        index = view.model.index_of(("attributes", "attribute speed"), 1)
        view.tree.scrollTo(index)
        at = view.tree.visualRect(index).center()
        QTest.mouseClick(view.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        QTest.mouseDClick(view.tree.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        yield lambda: view.editor.is_open
        hands.type("2.5", view.editor.line)
        person.press(Qt.Key.Key_Return)

        yield lambda: view.model.index_of(("attributes", "attribute speed"), 1).data() == "2.5"
        yield lambda: hands.by_hand("set attribute far.speed = 2.5")
        hands.go_on()
        yield lambda: not hands.is_held()
        yield from _call(hands, "ttsc__run", "9")
        yield lambda: hands.has_said("runs far 2.5 9 none")

    run_studio(steps, script(app))


def _call(hands: Hands, sparkle: str, arguments: str) -> Steps:
    """Call a sparkle of the selected tonic through the dialog."""
    hands.menu_line("change.call").trigger()
    yield lambda: hands.bench.changing.call_dialog is not None and hands.bench.changing.call_dialog.list.count() > 0
    dialog = hands.bench.changing.call_dialog
    row = next(row for row in range(dialog.list.count()) if dialog.list.item(row).text().startswith(sparkle))
    dialog.list.setCurrentRow(row)
    hands.type(arguments, dialog.arguments)
    QTest.keyClick(dialog.arguments, Qt.Key.Key_Return)


@APPS
def test_a_sparkle_is_called_with_literals(run_studio: Any, script: Any, app: str) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up
        hands.select("near")
        yield from _call(hands, "ttsc__run", "fast")
        dialog = person.bench.changing.call_dialog
        assert "ttsc__run(speed, reason='none')" in [dialog.list.item(row).text() for row in range(dialog.list.count())]
        assert dialog.note.text().startswith("'fast' is no Python literal. Did you mean 'fast' in quotes?")

        hands.type("1, 2, 3", dialog.arguments)
        QTest.keyClick(dialog.arguments, Qt.Key.Key_Return)
        yield lambda: "the arguments fit no handler" in dialog.note.text()

        hands.type("3, reason='by hand'", dialog.arguments)
        QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        yield lambda: hands.has_said("runs near 1 3 by hand")
        yield lambda: dialog.note.text() == "It was called."
        yield lambda: hands.by_hand("call near.ttsc__run(3, reason='by hand')")
        assert dialog.history.itemText(1) == "ttsc__run(3, reason='by hand')"
        yield lambda: ("ttsc__run", "studio") in hands.outside_calls("near")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        yield lambda: person.bench.changing.call_dialog is None

    run_studio(steps, script(app))


@APPS
def test_a_tonic_is_sent_to_a_state_then_finished(run_studio: Any, script: Any, app: str) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up and person.live.state_name(hands.id("far")) == "off"
        far = hands.id("far")
        hands.select("far")
        hands.menu_line("change.state").trigger()
        yield lambda: person.bench.changing.state_dialog is not None
        dialog = person.bench.changing.state_dialog
        assert [dialog.list.item(row).text() for row in range(dialog.list.count())] == ["off  (it is in it)", "on"]
        QTest.keyClick(dialog.list, Qt.Key.Key_Return)
        yield lambda: hands.has_said("enters on far")
        yield lambda: person.live.state_name(far) == "on" and hands.by_hand("change state far to on")

        hands.menu_line("change.log_full").trigger()
        yield lambda: hands.menu_line("change.log_full").isChecked()
        hands.menu_line("change.finish").trigger()
        yield lambda: hands.has_said("finished far") and hands.by_hand("finish far")
        yield lambda: not person.live.essences.get(far).is_alive
        assert not hands.menu_line("change.finish").isEnabled()
        assert "Not now: far has finished." in hands.menu_line("change.finish").toolTip()

    run_studio(steps, script(app))


@pytest.mark.parametrize("app, name", [(THREADS, "far"), (QT, "near")], ids=["threads", "qt"])
def test_code_is_evaluated_in_a_held_tonic(run_studio: Any, script: Any, app: str, name: str) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up
        hands.select(name)
        view = person.panel("console")
        yield view.isVisible
        assert view.head.text() == f"Runs code in the app, in {name} (Pump)."
        assert view.state.text() == f"{name} runs: code is evaluated while its catalyst is held (F6)."
        hands.hold()
        yield lambda: view.state.text() == "It is held: Ctrl+Enter evaluates."

        for code, answer in (
            ("[self.name, LIMIT]", f"= ['{name}', 40]   (list)"),
            ("self.parts", "✕ AttributeError: 'Pump' object has no attribute 'parts'"),
            ("self.speed = 8", "✕ This is a statement and no expression."),
        ):
            view.input.setFocus()
            QTest.keyClicks(view.input, code)
            QTest.keyClick(view.input, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            yield lambda answer=answer: answer in view.text
        view.clear()
        for code in EXAMPLES:
            view.input.setFocus()
            QTest.keyClicks(view.input, code)
            QTest.keyClick(view.input, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            yield lambda code=code: f"{name}> {code}\n= " in view.text
        assert "✕" not in view.text
        view.history.append("self.speed = 8")
        view.restore_history(view.history)
        view.may_act.click()
        QTest.keyClick(view.input, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
        assert view.code == "self.speed = 8"
        QTest.mouseClick(view.go, Qt.MouseButton.LeftButton)
        yield lambda: view.text.endswith("= None")
        yield lambda: hands.by_hand("evaluate 'self.speed = 8'")
        hands.go_on()
        yield lambda: not hands.is_held()
        yield from _call(hands, "ttsc__run", "1")
        yield lambda: hands.has_said(f"runs {name} 8 1 none")

    run_studio(steps, script(app))


# ---- two controllers, and what changes meanwhile


@pytest.fixture
def pumps(script: Any) -> Iterator[subprocess.Popen[str]]:
    """The app as a process of its own, that listens."""
    with listening(script(THREADS), subprocess.PIPE, text=True, stdin=subprocess.PIPE) as process:
        yield process


def test_a_second_studio_views_until_the_first_has_left(run_studio: Any, pumps: subprocess.Popen[str]) -> None:
    first = StudioEnd.of_running(pumps.pid)

    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up and person.live.target.role == "view"
        hands.select("near")
        for command in ("finish", "call", "state", "log_full", "evaluate", "live_edit"):
            line = hands.menu_line(f"change.{command}")
            assert not line.isEnabled()
            assert "Not now: This Studio only views: another one controls the app." in line.toolTip()

        first.close()
        yield lambda: person.live.target.role == "control"
        yield from _call(hands, "ttsc__run", "4")
        yield lambda: hands.by_hand("call near.ttsc__run(4)")

    try:
        run_studio(steps, "--attach", str(pumps.pid))
    finally:
        first.close()


def test_what_changed_meanwhile_is_not_overwritten(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up and hands.row_is_there("pump/limit")
        hands.menu_line("change.live_edit").trigger()
        view = person.panel("store")
        hands.double_click_value("pump/limit")
        yield lambda: view.editor.is_open
        person.bench.requests.send(Call(0, hands.id("far"), "ttsc__set_limit", "8"))
        yield lambda: hands.value("pump/limit") == "8"

        hands.type("6", view.editor.line)
        person.press(Qt.Key.Key_Return)

        yield lambda: person.sentence.startswith(
            "pump/limit has changed meanwhile: it was 5 (int), now it is 8 (int). Nothing was set"
        )
        assert len(person.bench.session.edits) == 0
        assert hands.value("pump/limit") == "8"
        assert not any("store set" in line for line in person.log_texts())

    run_studio(steps, script(THREADS))


def test_what_finished_meanwhile_is_answered_with_a_sentence(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up
        far = hands.id("far")
        hands.select("far")
        hands.menu_line("change.state").trigger()
        yield lambda: person.bench.changing.state_dialog is not None
        person.bench.requests.send(Finish(0, far))
        yield lambda: not person.live.essences.get(far).is_alive

        QTest.keyClick(person.bench.changing.state_dialog.list, Qt.Key.Key_Return)

        yield (
            lambda: (
                person.sentence
                == (f"Nothing that lives has the id {far}: it has finished, or belongs to an earlier app.")
            )
        )

    run_studio(steps, script(THREADS))


def test_a_past_moment_is_not_changed(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up
        hands.select("near")
        person.bench.selection.look_at(person.live.n - 1)
        for command in ("finish", "call", "state", "evaluate"):
            line = hands.menu_line(f"change.{command}")
            assert not line.isEnabled()
            assert "Not now: A past moment is shown: go back to live first (End)." in line.toolTip()
        person.press(Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier)
        yield lambda: hands.menu_line("change.call").isEnabled()

    run_studio(steps, script(THREADS))


def test_a_tonic_is_sent_to_the_state_that_is_chosen_in_its_diagram(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up and person.live.state_name(hands.id("far")) == "off"
        far = person.live.essences.get(hands.id("far"))
        view = person.panel("state_machine")
        hands.select("far")
        yield lambda: view.instance is not None and view.instance.id == far.id
        assert "Not now: Choose a state first." in hands.menu_line("state_machine.send_here").toolTip()

        on = person.live.names.states(far.cls).index("on")
        person.bench.selection.select(Thing("state", (far.cls, on)))
        yield lambda: hands.menu_line("state_machine.send_here").isEnabled()
        hands.menu_line("state_machine.send_here").trigger()

        yield lambda: hands.has_said("enters on far") and hands.by_hand("change state far to on")

    run_studio(steps, script(THREADS))
