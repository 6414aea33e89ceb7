"""An app under a distiller, run by hand in the real window by keys and mouse, and a test made of it that pytest runs."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tasktonic_studio.session.contract_clauses import STATE, VALUE
from tasktonic_studio.ui.dialogs import ask
from tests.helpers.scripts_apart import run_pytest
from tests.studio.services.test_distilled_scripts import DOOR

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

Steps = Generator[Callable[[], Any], None, None]


def controls(person: Any) -> Any:
    return person.panel("trace").controls


def button(person: Any, words: str) -> Any:
    return next(it for it in controls(person).buttons if it.text().startswith(words))


def facts(person: Any) -> Any:
    return person.live.distiller


def has_begun(person: Any) -> bool:
    """Whether it waits for somebody, and what lives is known: that comes by another channel, and may come later."""
    live = person.live
    return bool(facts(person).is_ready) and any(it not in live.catalysts for it in live.essences)


def last_step(person: Any) -> dict[str, Any]:
    """What was done last, once the app waits for somebody again: that is told after it, and no key does anything before."""
    return dict(facts(person).steps[-1]) if facts(person).is_ready else {}


def state_of(person: Any, name: str) -> str:
    essences = person.live.essences
    return next((person.live.state_name(it) for it in essences if essences.name(it) == name), "")


def is_back(person: Any) -> bool:
    """Whether a dialog has gone and the window has the keys again: a bare platform has nobody who gives them to it."""
    if person.bench.distilling.dialog is None and not person.window.isActiveWindow():
        person.window.activateWindow()
        person.panel("trace").table.setFocus()
    return person.bench.distilling.dialog is None and bool(person.window.isActiveWindow())


def type_into(box: Any, text: str) -> None:
    """Type a name into a box, in the place of what stands there."""
    line = box.lineEdit() if hasattr(box, "lineEdit") and callable(box.lineEdit) else box
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)


def test_a_person_steps_through_an_app_and_makes_a_test_of_it(
    run_studio: Any, script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = script(DOOR, "doors.py")
    proposed: list[str] = []

    def answer(_parent: Any, _title: str, proposal: str, _kinds: str) -> str:
        proposed.append(proposal)
        return proposal

    monkeypatch.setattr(ask, "file_to_save", answer)

    def steps(person: Any) -> Steps:
        yield lambda: has_begun(person)
        trace = person.bench.area.dock("trace").widget()
        assert trace.controls.isVisible(), "the panel with the controls has come to the front"
        assert controls(person).title.text() == "Distiller  0.000 s virtual  ·  0 sparkles  ·  seed 0"
        assert controls(person).next.whole == "next: door.ttse__on_start()"
        assert not button(person, "Stop").isEnabled()
        assert "under a distiller: waits for you" in person.live.target.sentence
        for held in ("hold", "step", "follow", "cascade", "to_order", "until", "hold_catalyst", "release_catalyst"):
            reason = person.bench.registry.get(f"run.{held}").reason(person.bench.context)
            assert reason.startswith("This app is run by hand: it stands until F8 "), held

        person.press(Qt.Key.Key_F8)
        yield lambda: len(facts(person).steps) == 2 and facts(person).is_ready
        yield lambda: state_of(person, "door") == "closed"
        assert controls(person).title.text() == "Distiller  0.000 s virtual  ·  1 sparkle  ·  seed 0"
        person.click(button(person, "Step"))
        yield lambda: len(facts(person).steps) == 3 and facts(person).is_ready
        person.press(Qt.Key.Key_F8, SHIFT)
        yield lambda: len(facts(person).steps) == 4 and facts(person).is_ready
        yield lambda: trace.head.title.text() == "Distiller 3 of 3"
        assert trace.head.asked.whole == "sparkle()"
        assert "stopped by idle" in trace.head.outcome.whole

        person.press(Qt.Key.Key_F8, ALT)
        yield lambda: person.bench.distilling.dialog is not None
        dialog = person.bench.distilling.dialog
        assert dialog.tonic.currentText() == "door"
        type_into(dialog.sparkle, "ttsc__open")
        QTest.keyClicks(dialog.arguments, "'Eve'")
        assert dialog.said.text() == "door.ttsc__open('Eve')"
        person.click(dialog.go)
        yield lambda: is_back(person)
        yield (
            lambda: (
                last_step(person).get("do") == "call"
                and controls(person).next.whole.startswith("next: door.ttsc__open(")
            )
        )

        person.press(Qt.Key.Key_F8, CTRL)
        yield lambda: person.bench.distilling.dialog is not None
        dialog = person.bench.distilling.dialog
        type_into(dialog.state, "open")
        type_into(dialog.probes, "opened")
        assert dialog.said.text() == "distiller.sparkle(till_state_in=['open'])"
        person.click(dialog.go)
        yield lambda: is_back(person)
        yield lambda: last_step(person).get("stopped_by") == ["state_trigger: [open]"]
        yield lambda: state_of(person, "door") == "open"
        assert last_step(person)["probes"] == [["door", "opened", "2"]]

        person.press(Qt.Key.Key_F8, CTRL | SHIFT)
        yield lambda: person.bench.distilling.dialog is not None
        dialog = person.bench.distilling.dialog
        assert not dialog.go.isEnabled()
        row = dialog.rows[0]
        type_into(row.tonic, "door")
        row.kind.setCurrentText(STATE)
        type_into(row.what, "closed")
        person.click(dialog.add)
        row = dialog.rows[1]
        type_into(row.tonic, "door")
        row.kind.setCurrentText(VALUE)
        type_into(row.what, "opened == 2")
        assert dialog.go.isEnabled(), dialog.said.text()
        person.click(dialog.go)
        yield lambda: is_back(person)
        yield lambda: last_step(person).get("stopped_by") == ["contract_met"]
        yield trace.head.fold.isVisible
        assert facts(person).seconds == 6.0

        person.press(Qt.Key.Key_T, CTRL | SHIFT)
        yield lambda: "passes as it stands" in person.sentence
        editor = person.panel("editor")
        yield (
            lambda: editor.page() is not None and Path(editor.page().document.path).name == "test_doors_from_studio.py"
        )

    run_studio(steps, "--distil", path)
    (file,) = map(Path, proposed)
    assert file == Path(path).parent / "tests" / "test_doors_from_studio.py"
    source = Path(path).read_text(encoding="utf-8")
    Path(path).write_text(source.replace("ttTimerSingleShot(3,", "ttTimerSingleShot(4,"), encoding="utf-8")
    ended = run_pytest(file)
    assert ended.returncode == 1, ended.stdout
    assert "assert 4.0 == 3.0" in ended.stdout


def test_a_script_is_started_by_hand_from_the_dialog_and_again_with_its_seed(run_studio: Any, script: Any) -> None:
    path = script(DOOR, "doors.py")

    def steps(person: Any) -> Steps:
        person.press(Qt.Key.Key_F5, ALT)
        yield lambda: person.bench.distilling.dialog is not None
        dialog = person.bench.distilling.dialog
        person.click(dialog.go)
        assert dialog.said.text() == "Name the script that is to be started, or choose it."
        QTest.keyClicks(dialog.script, path + "x")
        person.click(dialog.go)
        assert dialog.said.text() == f"There is no file {path}x."
        dialog.reject()
        person.bench.open_source(path, 1)
        person.bench.run("editor.start_distilled")
        yield lambda: person.bench.distilling.dialog not in (None, dialog)
        dialog = person.bench.distilling.dialog
        assert dialog.script.text() == path
        QTest.keyClicks(dialog.arguments, "--fast 'two words'")
        dialog.seed.setValue(7)
        person.click(dialog.go)
        yield lambda: is_back(person)
        yield lambda: has_begun(person)
        assert facts(person).state.seed == 7
        assert person.live.target.arguments == ("--fast", "two words")
        first = person.live.target.pid
        person.press(Qt.Key.Key_F5, CTRL | SHIFT)
        yield lambda: person.live.target.pid not in (0, first) and has_begun(person)
        assert facts(person).state.seed == 7

    run_studio(steps)


def test_a_qt_app_is_refused_and_can_be_started_as_it_is(run_studio: Any, script: Any) -> None:
    path = script(
        """
        from tasktonic import ttFormula, ttTonic
        from tasktonic.qt import ttPyside6Ui


        class Clock(ttTonic):
            pass


        class App(ttFormula):
            def creating_main_catalyst(self):
                ttPyside6Ui(name="window")

            def creating_starting_tonics(self):
                Clock(name="clock")


        App()
        """,
        "clock.py",
    )

    def steps(person: Any) -> Steps:
        yield lambda: "was not started under a distiller" in person.sentence
        assert "clock.py, line 12, App makes a ttPyside6Ui as the main catalyst" in person.sentence
        assert "Start the script as it is" in person.sentence
        assert not controls(person).isVisible()
        person.bench.run("distiller.start_plain")
        yield lambda: person.live.target.status == "running" and person.live.app.has_begun
        assert not facts(person).is_there

    run_studio(steps, "--distil", path)


def test_what_cannot_be_done_says_why(run_studio: Any, script: Any) -> None:
    path = script(DOOR, "doors.py")

    def steps(person: Any) -> Steps:
        yield lambda: len(person.live.runs) > 2
        registry, context = person.bench.registry, person.bench.context
        assert registry.get("distiller.step").reason(context).startswith("This app runs by itself")
        person.press(Qt.Key.Key_T, CTRL | SHIFT)
        yield lambda: "its catalysts ran by themselves" in person.sentence
        assert "Start the script under a distiller" in person.sentence

    run_studio(steps, path)


def test_a_wrong_call_and_an_endless_run_are_said_beside_the_buttons(run_studio: Any, script: Any) -> None:
    path = script(
        """
        from tasktonic import *


        class Loop(ttTonic):
            def ttsc__again(self, number):
                self.ttsc__again(number)


        class App(ttFormula):
            def creating_formula(self):
                return {"tasktonic/testing/most_turns": 200}

            def creating_starting_tonics(self):
                Loop(name="loop")


        App()
        """,
        "loop.py",
    )

    def steps(person: Any) -> Steps:
        yield lambda: has_begun(person)
        shown = controls(person)
        for arguments, sentence in (("", "the arguments fit no handler"), ("1", "")):
            person.press(Qt.Key.Key_F8, ALT)
            yield lambda: person.bench.distilling.dialog is not None
            dialog = person.bench.distilling.dialog
            type_into(dialog.sparkle, "ttsc__again")
            QTest.keyClicks(dialog.arguments, arguments)
            person.click(dialog.go)
            yield (
                lambda sentence=sentence: (
                    is_back(person)
                    and (sentence in shown.problem.text() if sentence else last_step(person).get("do") == "call")
                )
            )
        person.press(Qt.Key.Key_F8, SHIFT)
        yield lambda: "201 turns at one moment" in shown.problem.text() and facts(person).is_ready
        assert shown.problem.isVisible()
        assert "loop.ttsc__again" in shown.problem.text()
        person.press(Qt.Key.Key_F8)
        yield lambda: last_step(person).get("stopped_by") == ["sparkle_count"]
        assert not shown.problem.isVisible()

    run_studio(steps, "--distil", path)


def test_a_script_with_a_mistake_says_so(run_studio: Any, script: Any) -> None:
    path = script("from tasktonic import *\n\ndef oops(:\n", "oops.py")

    def steps(person: Any) -> Steps:
        yield lambda: "SyntaxError" in person.sentence
        assert "oops.py" in person.sentence

    run_studio(steps, "--distil", path)


def test_a_script_without_a_formula_says_so(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: "the script started no formula" in person.sentence

    run_studio(steps, "--distil", script("print('only this')\n", "plain.py"))


def test_a_test_of_an_app_that_varies_is_said_to_fail(
    run_studio: Any, script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = script(
        """
        import time

        from tasktonic import *


        class Dice(ttTonic):
            def ttse__on_start(self):
                self.bind(ttStore).set("thrown", time.perf_counter_ns())


        class App(ttFormula):
            def creating_starting_tonics(self):
                Dice(name="dice")


        App()
        """,
        "dice.py",
    )
    monkeypatch.setattr(ask, "file_to_save", lambda _parent, _title, proposal, _kinds: proposal)

    def steps(person: Any) -> Steps:
        yield lambda: has_begun(person)
        person.press(Qt.Key.Key_F8)
        yield lambda: len(facts(person).steps) == 2 and facts(person).is_ready
        person.press(Qt.Key.Key_T, CTRL | SHIFT)
        yield lambda: "but fails as it stands" in person.sentence
        assert "the clock of the machine" in person.sentence
        assert "thrown" in person.bench.banner.problem.details

    run_studio(steps, "--distil", path)
