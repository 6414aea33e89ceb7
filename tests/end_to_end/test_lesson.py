"""The first lesson in the real window, with its program in a real process."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tasktonic_studio.ui.panels.learn.items import DoItem
from tests.helpers.real_studio import Condition, Person

from .conftest import RunStudio, WriteScript

pytestmark = pytest.mark.end_to_end


def test_the_first_lesson_is_played_from_the_start_page_to_its_end(run_studio: RunStudio) -> None:
    def steps(person: Person) -> Generator[Condition, None, None]:
        bench = person.bench
        row = bench.start_page.row("Learn")
        person.click(row)
        view: Any = bench.area.dock("learn").widget()
        yield lambda: view.isVisible() and len(view.list.items) > 1
        assert bench.arrangement() == "learn"
        person.press(Qt.Key.Key_Return)
        yield lambda: view.shows_step

        # By its buttons: open, start by hand.
        for item in [it for it in view.step.items.values() if isinstance(it, DoItem)]:
            person.click(item.button)
        yield view.play.is_complete
        assert person.live.distiller.is_ready

        # By prediction and the key that the button names.
        person.click(view.step.next)
        yield lambda: view.step.title.text() == "The first one"
        question, step = view.step.items[0], view.step.items[1]
        question.rows[1].radio.click()
        assert step.key.text() == "F8"
        yield bench.actions_of_commands.action("distiller.step").isEnabled
        person.press(Qt.Key.Key_F8)
        yield view.play.is_complete
        assert view.play.progress.found["1.0"] == "ttse__on_start"
        assert "You expected: tts__say. It was: ttse__on_start." in question.verdict.text()

        # The program goes away; it is brought back to where the learner is.
        person.click(view.step.next)
        view.step.items[1].rows[1].radio.click()
        yield lambda: "You were right" in view.step.items[1].verdict.text()
        bench.run("run.stop")
        yield lambda: not person.live.target.is_alive and view.step.notice_button.isVisible()
        person.click(view.step.notice_button)
        yield lambda: person.live.distiller.is_ready and len(person.live.runs) and not view.play.is_chasing
        bench.run("learn.do")
        yield view.play.is_complete

        # To the end; then a change in the source, saved with the run.
        view.go(1)
        view.play.predict(0, "bye")
        bench.run("learn.do")
        yield view.play.is_complete
        view.go(1)
        bench.run("learn.do")
        change = view.play.step.items[-1]
        view.file.write_text(change.apply(view.file.read_text(encoding="utf-8")), encoding="utf-8")
        for _ in range(2):
            before = len(view.play.progress.done)
            bench.run("learn.do")
            yield lambda before=before: len(view.play.progress.done) > before
        yield view.play.is_complete
        view.go(1)
        bench.run("learn.next")
        assert view.list.items[0].text(0).startswith("Your first sparkle: done.")

    run_studio(steps)


def test_a_lesson_is_played_by_keys_alone(run_studio: RunStudio) -> None:
    ctrl_alt = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier

    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWindow(), key, modifiers)  # as a keyboard does: shortcuts come first

    def steps(person: Person) -> Generator[Condition, None, None]:
        press(Qt.Key.Key_9, ctrl_alt)
        view: Any = person.bench.area.dock("learn").widget()
        yield view.isVisible
        press(Qt.Key.Key_Return)
        yield lambda: view.shows_step
        press(Qt.Key.Key_Return, ctrl_alt)
        yield lambda: view.play.progress.done == {"0.1"}
        press(Qt.Key.Key_Return, ctrl_alt)
        yield view.play.is_complete

        press(Qt.Key.Key_PageDown, ctrl_alt)
        yield lambda: view.step.title.text() == "The first one"
        press(Qt.Key.Key_9, ctrl_alt)
        press(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is view.step.items[0].rows[0].radio
        press(Qt.Key.Key_Space)
        yield person.bench.actions_of_commands.action("learn.do").isEnabled
        press(Qt.Key.Key_Return, ctrl_alt)
        yield view.play.is_complete
        assert view.play.progress.found == {"1.0": "ttse__on_start"}

    run_studio(steps)


def test_f1_opens_the_page_on_the_word_at_the_caret_and_on_the_panel_with_the_focus(
    run_studio: RunStudio, script: WriteScript
) -> None:
    file = script("from tasktonic import ttTimerRepeat\n")

    def steps(person: Person) -> Generator[Condition, None, None]:
        bench = person.bench
        bench.open_source(file, 1)
        editor: Any = bench.area.panel("editor")
        text = editor._view.editor()
        text.select(25, 25)
        yield bench.source_has_focus
        person.press(Qt.Key.Key_F1)
        view: Any = bench.area.dock("help").widget()
        yield lambda: view.browser.path == "reference/timers.md" and view.isVisible()

        bench.show_panel("problems")
        yield lambda: bench.help_topic() == "panel:Problems"
        person.press(Qt.Key.Key_F1)
        yield lambda: view.place.anchor == "problems"

    run_studio(steps)
