"""Changing real apps from the window, by mouse and keys: each change is seen in the app, and the record says who did it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.console.view import EXAMPLES
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tests.helpers.changed_apps import APPS, QT, THREADS, Hands, Steps, call_by_dialog


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
        yield from call_by_dialog(hands, "ttsc__run", "9")
        yield lambda: hands.has_said("runs far 2.5 9 none")

    run_studio(steps, script(app))


@APPS
def test_a_sparkle_is_called_with_literals(run_studio: Any, script: Any, app: str) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up
        hands.select("near")
        yield from call_by_dialog(hands, "ttsc__run", "fast")
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
        yield from call_by_dialog(hands, "ttsc__run", "1")
        yield lambda: hands.has_said(f"runs {name} 8 1 none")

    run_studio(steps, script(app))
