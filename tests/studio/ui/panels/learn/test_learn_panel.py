"""The Learn panel: lessons are chosen and played, step by step; a teacher's file is told what is wrong in it."""

from __future__ import annotations

import itertools
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tasktonic.protocol.messages import Answer
from tasktonic_studio.lessons.actions import read_action
from tasktonic_studio.lessons.parsing import parse_lesson
from tasktonic_studio.session.inbox import TargetBegan, Told
from tasktonic_studio.ui.panels.help.panel import HelpPanel
from tasktonic_studio.ui.panels.learn.items import CheckItem, DoItem, PredictItem
from tasktonic_studio.ui.panels.learn.panel import LearnPanel
from tests.helpers.builders import EventWriter
from tests.helpers.panel_stand import PanelStand
from tests.studio.lessons.test_play import LESSON
from tests.studio.ui.conftest import MakeStand


def press_enter(stand: PanelStand) -> None:
    QTest.keyClick(stand.view.list, Qt.Key.Key_Return)


def test_enter_opens_the_lesson_that_is_chosen(stand: PanelStand) -> None:
    press_enter(stand)

    assert stand.view.shows_step
    assert stand.view.step.title.text() == "One"
    assert stand.view.step.place.text() == "A lamp — step 1 of 3"


def test_a_prediction_opens_what_stands_below_it(stand: PanelStand) -> None:
    stand.view.open_lesson("lamp")
    play = stand.view.play
    play.progress.done.add("0.0")
    stand.view.look()
    items = stand.view.step.items
    question, step = items[1], items[2]
    assert isinstance(question, PredictItem)
    assert isinstance(step, DoItem)
    assert step.reason.text() == "First answer and do what stands above."

    question.rows[1].radio.click()

    assert play.progress.given == {"0.1": "ttsc__on"}
    assert step.reason.text() == "The lesson's program does not run."
    assert "Go on, and see." in question.verdict.text()


def test_commands_hear_of_an_answer(stand: PanelStand) -> None:
    stand.view.open_lesson("lamp")
    stand.view.play.progress.done.add("0.0")
    stand.view.look()
    before = len(stand.ran)

    stand.view.step.items[1].rows[0].radio.click()

    # By running a command all keys and menus are brought up to date: else the key for what comes next stays dead.
    assert stand.ran[before:] == ["learn.look", "learn.answer"] or stand.ran[before:] == ["learn.answer", "learn.look"]


def test_why_nothing_can_be_done_is_said(stand: PanelStand) -> None:
    def reason() -> str:
        return stand.registry.why_not("learn.do", stand.command_context)

    assert reason() == "Open a lesson first."
    stand.view.open_lesson("lamp")
    assert reason() == ""
    stand.view.play.progress.done.add("0.0")
    assert reason() == "First answer the question."
    stand.view.go(2)
    assert reason() == "Nothing is left to do in this step."


def test_a_prediction_that_is_awaited_is_told_to_other_panels(stand: PanelStand) -> None:
    question = stand.context.open_question
    told: list[bool] = []
    question.watch(lambda: told.append(question.is_open))
    stand.view.open_lesson("lamp")
    stand.view.play.progress.done.add("0.0")
    stand.view.look()
    assert told == [], "another program has nothing to hide"

    stand.apply(TargetBegan("launched", str(stand.view.file)))
    stand.view.look()
    assert told == [True]
    stand.hide()
    stand.show()
    assert told == [True, False, True]

    stand.view.step.items[1].rows[1].radio.click()
    assert told == [True, False, True, False]


def test_a_look_while_the_machine_was_busy_keeps_no_later_one_waiting(
    stand: PanelStand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand.view.open_lesson("lamp")
    stand.view._throttle.stop()
    looked: list[int] = []
    monkeypatch.setattr(stand.view.play, "update", lambda _known: looked.append(1))
    seconds = itertools.count(0, 1_000)

    with monkeypatch.context() as busy:
        busy.setattr("tasktonic_studio.ui.panels.learn.view.time.perf_counter", lambda: next(seconds))
        stand.view._throttle.ask()
    stand.view._throttle.ask()

    assert looked == [1]
    qtbot.waitUntil(lambda: looked == [1, 1])


def test_a_check_turns_green_and_says_so(stand: PanelStand) -> None:
    stand.view.open_lesson("lamp")
    stand.view.play.progress.done |= {"0.0", "0.2"}
    stand.view.play.predict(1, "ttsc__on")
    writer = EventWriter()
    writer.born("Lamp", "lamp")

    stand.feed(writer.take())
    stand.view.look()
    assert stand.view.step.items[3].sign.text() == "○", "what another program does answers nothing"
    writer = EventWriter()
    writer.born("Lamp", "lamp")
    stand.apply(TargetBegan("launched", str(stand.view.file)))
    stand.feed(writer.take())
    stand.view.look()
    stand.view.play.progress.done.add("0.2")
    stand.view.look()

    check = stand.view.step.items[3]
    assert isinstance(check, CheckItem)
    assert check.sign.text() == "✓"
    assert check.words.accessibleName() == "Done: life of lamp is alive"


def test_a_wrong_prediction_is_told_with_what_came(stand: PanelStand) -> None:
    stand.view.open_lesson("lamp")
    stand.view.play.progress.given["0.1"] = "ttsc__on"
    stand.view.play.progress.found["0.1"] = "ttse__on_start"
    stand.view._show()

    question = stand.view.step.items[1]
    assert "You expected: ttsc__on. It was: ttse__on_start." in question.verdict.text()
    assert not question.rows[0].radio.isEnabled()


def has_done_all(stand: PanelStand) -> None:
    progress = stand.view.play.progress
    progress.given = progress.found = {"0.1": "ttse__on_start", "1.0": "1"}
    progress.done |= {"0.0", "0.2", "1.1"}
    progress.passed.add("0.3")


def test_next_leads_on_and_at_the_end_the_lesson_is_done(stand: PanelStand) -> None:
    stand.view.open_lesson("lamp")
    has_done_all(stand)
    for _ in range(3):
        stand.view.step.next.click()

    assert stand.ran.count("learn.next") == 3
    assert not stand.view.shows_step
    assert stand.view.list.items[0].text(0).startswith("A lamp: done.")


def test_who_skips_steps_is_told_which_at_the_end_and_the_lesson_is_not_done(stand: PanelStand) -> None:
    stand.view.open_lesson("lamp")
    for _ in range(2):
        stand.view.step.next.click()
    assert stand.view.step.place.text() == "A lamp — step 3 of 3. Still to do: steps 1, 2"

    stand.view.step.next.click()

    assert stand.view.list.items[0].text(0).startswith("A lamp: step 3 of 3.")


def test_what_the_app_refuses_on_the_way_ends_the_way(stand: PanelStand) -> None:
    stand.view.open_lesson("lamp")
    stand.view.go(1)
    stand.view.play.progress.given["1.0"] = "1"
    distilled: list[tuple[Any, ...]] = []
    stand.command_context.requests = SimpleNamespace(distil=lambda *asked: distilled.append(asked))
    stand.view.catch_up()
    assert distilled == [(str(stand.view.file), (), 0)]
    assert stand.view.step.notice_words.text() == "The program is being brought to this step…"

    stand.apply(Told(Answer(0, False, "There is no such sparkle.")))

    assert not stand.view.play.is_chasing
    assert stand.view.step.notice_words.text() == "This step goes on with a program that does not run now."


def test_what_a_button_asks_for_and_cannot_be_done_is_not_done_by_the_key_later(stand: PanelStand) -> None:
    stand.view.open_lesson("lamp")
    stand.view.step.do_wanted.emit(2)

    assert stand.view.wanted is None
    assert stand.view.next_action() == read_action("distil")


def test_a_lesson_that_shows_a_panel_that_is_not_there_is_told_so(make_stand: MakeStand, tmp_path: Path) -> None:
    file = tmp_path / "theirs.lesson.md"
    file.write_text(LESSON.replace("do: run", "do: show lern"), encoding="utf-8")
    panel = LearnPanel(tmp_path / "lessons", list)
    make_stand(panels=[panel, HelpPanel()])

    assert not panel.open_lesson_file(str(file))

    assert "Line 22: There is no panel 'lern'. Did you mean 'learn'?" in panel.view.faults.words.text()


def test_a_teachers_mistakes_are_told_and_it_is_read_again(stand: PanelStand, tmp_path: Path) -> None:
    file = tmp_path / "mine.lesson.md"
    file.write_text(LESSON.replace("do: step", "do: stepp"), encoding="utf-8")

    assert not stand.panel.open_lesson_file(str(file))  # type: ignore[attr-defined]
    assert (
        "Line 15: There is nothing to do that is called 'stepp'. Did you mean 'step'?" in stand.view.faults.words.text()
    )

    file.write_text(LESSON, encoding="utf-8")
    stand.view.faults.read_again.click()

    assert stand.view.shows_step


def test_a_name_that_is_longer_than_the_panel_is_wide_can_be_reached(qtbot: QtBot, tmp_path: Path) -> None:
    lesson = parse_lesson(LESSON.replace("- ttsc__on", f"- ttsc__{'long_' * 12}name"), "lamp")
    stand = PanelStand(LearnPanel(tmp_path, lambda: [lesson]))
    stand.show(300, 500)
    stand.view.open_lesson("lamp")
    area = stand.view.step.area

    qtbot.waitUntil(lambda: 0 < area.horizontalScrollBar().maximum() == area.widget().width() - area.viewport().width())
    stand.close()


def test_where_there_is_little_room_the_buttons_at_the_top_are_pictures(stand: PanelStand) -> None:
    stand.view.open_lesson("lamp")
    step = stand.view.step
    tools = (step.to_list, step.more)
    assert [tool.toolButtonStyle() for tool in tools] == [Qt.ToolButtonStyle.ToolButtonTextBesideIcon] * 2

    stand.widget.resize(180, 300)

    assert [tool.toolButtonStyle() for tool in tools] == [Qt.ToolButtonStyle.ToolButtonIconOnly] * 2
    assert [(tool.toolTip(), tool.accessibleName()) for tool in tools] == [
        ("All lessons", "All lessons"),
        ("Begin anew", "Begin anew"),
    ]


IMAGE = '<img src="/dev/zero">'


def test_what_looks_like_markup_in_a_strangers_lesson_is_shown_as_it_is(stand: PanelStand, tmp_path: Path) -> None:
    text = LESSON.replace("A lamp", f"A {IMAGE}").replace("## One", f"## {IMAGE}").replace("- ttsc__on", f"- {IMAGE}")
    text = text.replace("What runs first?", IMAGE).replace(
        "do: distil", f"{IMAGE}\n\ndo: call {IMAGE}.ttsc__on({IMAGE!r})"
    )
    text = text.replace("check: life of lamp is alive", f"check: log has x | {IMAGE}\nhint: {IMAGE}")
    folder = tmp_path / "<img src='x'>"
    folder.mkdir()
    file = folder / "theirs.lesson.md"
    file.write_text(text, encoding="utf-8")

    assert stand.view.open_foreign(file)

    shown = [label for label in stand.widget.findChildren(QLabel) if "img" in label.text()]
    assert len(shown) > 8
    rich = [label.text() for label in shown if label.textFormat() != Qt.TextFormat.PlainText]
    assert [words for words in rich if "<img" in words] == []
    file.write_text(text.replace("do: step", IMAGE + "\ndo: stepp"), encoding="utf-8")
    assert not stand.view.open_foreign(file)
    assert stand.view.faults.words.textFormat() == Qt.TextFormat.PlainText


def test_tab_walks_a_step_in_the_order_in_which_it_is_read(stand: PanelStand, qtbot: QtBot) -> None:
    stand.view.open_lesson("lamp")
    stand.view.play.progress.done.add("0.0")
    stand.view.go(1)
    stand.view.go(-1)  # what is made later comes last, unless somebody says otherwise
    step = stand.view.step
    stand.widget.activateWindow()
    qtbot.waitUntil(stand.widget.isActiveWindow)
    step.area.setFocus()

    walked = []
    for _ in range(4):
        QTest.keyClick(QApplication.focusWidget() or step, Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget())

    again, question = step.items[0], step.items[1]
    assert walked == [again.button, *(row.radio for row in question.rows), step.next]


def test_a_hint_folds_out(qtbot: QtBot, tmp_path: Path) -> None:
    lesson = parse_lesson(LESSON.replace("All done.", "hint: look at the **lamp**"), "lamp")
    stand = PanelStand(LearnPanel(tmp_path, lambda: [lesson]))
    stand.show()
    stand.view.open_lesson("lamp")
    stand.view.go(2)
    fold = stand.view.step.items[0]
    assert not fold.label.isVisible()

    fold.button.click()

    assert fold.label.isVisible()
    stand.close()


def test_at_its_end_a_lesson_leads_to_the_page_and_to_the_next_lesson(qtbot: QtBot, tmp_path: Path) -> None:
    text = LESSON.replace("about: It goes on.", "about: It goes on.\nguide: guide/09-timers.md")
    lessons = [parse_lesson(text, "one"), parse_lesson(text, "two")]
    stand = PanelStand(LearnPanel(tmp_path, lambda: lessons))
    stand.show()
    stand.view.open_lesson("one")
    stand.view.go(2)
    read_on = list(stand.view.step.items.values())[-1]
    topics: list[str] = []
    stand.command_context.window = SimpleNamespace(show_help=topics.append)

    read_on.label.setFocus()
    QTest.keyClick(read_on.label, Qt.Key.Key_Tab)
    QTest.keyClick(read_on.label, Qt.Key.Key_Return)

    assert "9. Timers" in read_on.label.text()
    assert topics == ["page:guide/09-timers.md"]
    has_done_all(stand)
    stand.view.go(1)
    assert stand.view.list.current_key == "two"
    stand.close()
