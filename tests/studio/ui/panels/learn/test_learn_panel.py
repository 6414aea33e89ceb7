"""The Learn panel: lessons are chosen, played, left and found again; a teacher's file is told what is wrong in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tasktonic.protocol.messages import Answer
from tasktonic_studio.lessons.actions import COMMANDS, read_action
from tasktonic_studio.lessons.lesson import Do
from tasktonic_studio.lessons.parsing import parse_lesson
from tasktonic_studio.lessons.shelf import KEPT_SUFFIX, shipped_lessons
from tasktonic_studio.session.inbox import TargetBegan, Told
from tasktonic_studio.ui.layouts import arrangements
from tasktonic_studio.ui.panel_list import all_panels
from tasktonic_studio.ui.panels.help.panel import HelpPanel
from tasktonic_studio.ui.panels.learn.items import CheckItem, DoItem, PredictItem
from tasktonic_studio.ui.panels.learn.panel import LearnPanel
from tasktonic_studio.ui.parts import all_commands
from tests.helpers.builders import EventWriter
from tests.helpers.panel_stand import PanelStand
from tests.helpers.window_stand import NotingEditor, NotingPanel
from tests.studio.lessons.test_play import LESSON
from tests.studio.ui.conftest import MakeStand


@pytest.fixture
def stand(qtbot: QtBot, tmp_path: Path) -> Iterator[PanelStand]:
    stand = a_stand(tmp_path)
    stand.show()
    yield stand
    stand.close()


def a_stand(folder: Path) -> PanelStand:
    stand = PanelStand(LearnPanel(folder / "lessons", lambda: [parse_lesson(LESSON, "lamp")]))
    stand.command_context.window = SimpleNamespace(set_arrangement=lambda _name: None, show_panel=lambda _panel: None)
    return stand


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


def test_a_lesson_is_found_where_it_was_left_when_the_studio_starts_again(stand: PanelStand, tmp_path: Path) -> None:
    stand.view.open_lesson("lamp")
    stand.run("learn.next")
    stand.view.step.items[0].line.setText("2")
    QTest.keyClick(stand.view.step.items[0].line, Qt.Key.Key_Return)
    again = a_stand(tmp_path)
    for key in ("learn.lesson", "learn.progress"):
        again.settings.set(key, stand.settings.get(key))

    again.show()

    assert again.view.step.title.text() == "Two"
    assert again.view.step.items[0].line.text() == "2"
    again.close()


def test_beginning_anew_keeps_what_was_changed_beside_it(stand: PanelStand) -> None:
    stand.view.open_lesson("lamp")
    file = stand.view.prepare()
    file.write_text("light = 5\n")
    stand.view.go(1)

    sentence = stand.view.reset()

    assert (
        sentence == "The lesson begins anew. What you had changed in lamp.py is kept as lamp.before-reset.py beside it."
    )
    assert file.with_name("lamp" + KEPT_SUFFIX).read_text() == "light = 5\n"
    assert stand.view.play.number == 0


def test_a_strangers_program_runs_only_when_it_was_allowed_to(stand: PanelStand, tmp_path: Path) -> None:
    file = tmp_path / "theirs.lesson.md"
    file.write_text(LESSON, encoding="utf-8")

    assert stand.panel.open_lesson_file(str(file))  # type: ignore[attr-defined]

    step = stand.view.step.items[0]
    assert f"This lesson comes from {file}, not with the Studio." in stand.view.step.notice_words.text()
    assert step.reason.text() == "First say above that its program may run."
    assert not stand.view.file.exists()
    stand.view.step.notice_button.click()
    assert stand.ran[-1] == "learn.trust"
    assert step.reason.text() == ""


def test_a_program_that_has_become_another_one_has_to_be_allowed_again(stand: PanelStand, tmp_path: Path) -> None:
    file = tmp_path / "theirs.lesson.md"
    file.write_text(LESSON, encoding="utf-8")
    stand.view.open_foreign(file)
    stand.view.step.notice_button.click()
    stand.view.open_foreign(file)
    assert stand.view.step.items[0].reason.text() == ""

    file.write_text(LESSON.replace("light = 1", "import os"), encoding="utf-8")
    stand.view.open_foreign(file)

    assert stand.view.step.items[0].reason.text() == "First say above that its program may run."


def test_a_lesson_with_another_text_begins_anew_with_its_own_program(stand: PanelStand, tmp_path: Path) -> None:
    file = tmp_path / "theirs.lesson.md"
    file.write_text(LESSON, encoding="utf-8")
    stand.view.open_foreign(file)
    stand.view.trust()
    stand.view.prepare().write_text("light = 5\n")
    stand.view.go(1)
    stand.view.open_foreign(file)
    assert stand.view.play.number == 1
    assert stand.view.file.read_text() == "light = 5\n", "what was changed stays as long as the lesson is the same"

    file.write_text(LESSON.replace("light = 1", "light = 1  # bright"), encoding="utf-8")
    stand.view.open_foreign(file)
    stand.view.trust()

    assert stand.view.play.number == 0
    assert stand.view.file.read_text() == "light = 1  # bright\n"
    assert stand.view.step.notice_words.text() == (
        "This lesson begins anew, with its own program. What you had in lamp.py is kept as lamp.before-reset.py beside it."
    )


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


def test_a_lesson_that_is_chosen_stays_in_sight_while_it_shows_other_panels(
    make_stand: MakeStand, tmp_path: Path
) -> None:
    learn = LearnPanel(tmp_path / "lessons", lambda: [parse_lesson(LESSON, "lamp")])
    bench = make_stand(panels=[NotingPanel("ledger"), NotingPanel("trace"), NotingEditor(), learn]).bench
    bench.run("panel.learn")  # in the arrangement Run it stands behind another one
    assert bench.arrangement() == "run"

    QTest.keyClick(learn.view.list, Qt.Key.Key_Return)
    for panel in ("ledger", "trace", "editor"):
        bench.show_panel(panel)

    assert learn.view.shows_step
    assert learn in bench.area.visible_panels
    bench.run("view.arrange_run")
    bench.run("panel.learn")
    learn.view.go(1)
    assert bench.arrangement() == "run", "who arranges it otherwise afterwards has it so"


def test_what_a_step_shows_does_not_come_to_stand_before_the_lesson(
    make_stand: MakeStand, tmp_path: Path, qtbot: QtBot
) -> None:
    lesson = parse_lesson(LESSON.replace("do: distil", "do: show ledger"), "lamp")
    learn = LearnPanel(tmp_path / "lessons", lambda: [lesson])
    ledger = NotingPanel("ledger")
    bench = make_stand(panels=[ledger, NotingPanel("trace"), NotingEditor(), learn]).bench
    bench.run("help.learn")
    QTest.keyClick(learn.view.list, Qt.Key.Key_Return)
    bench.run("view.arrange_run")
    bench.run("panel.learn")
    qtbot.waitUntil(lambda: learn in bench.area.visible_panels and ledger not in bench.area.visible_panels)

    bench.run("learn.do")

    qtbot.waitUntil(lambda: {learn, ledger} <= set(bench.area.visible_panels))
    assert "0.0" in learn.view.play.progress.done  # type: ignore[union-attr]


def test_a_lesson_is_dropped_on_the_window(make_stand: MakeStand, tmp_path: Path) -> None:
    file = tmp_path / "theirs.lesson.md"
    file.write_text(LESSON, encoding="utf-8")
    panel = LearnPanel(tmp_path / "lessons", list)
    bench = make_stand(panels=[panel, HelpPanel()]).bench

    assert bench.open_dropped([str(tmp_path / "note.txt"), str(file)])

    assert panel.view.shows_step
    assert panel.view.isVisible()
    panel.view.link = "guide/04-states.md"
    bench.run("learn.follow_link")
    helped: Any = bench.area.dock("help").widget()
    assert helped.browser.path == "guide/04-states.md"
    assert not bench.open_dropped([str(tmp_path / "note.txt")])


def test_a_lesson_can_only_name_commands_that_there_are_and_by_their_titles() -> None:
    panels = all_panels()
    titles = {command.id: command.title for command in all_commands(panels, arrangements([it.id for it in panels]))}

    assert {name: titles.get(name) for name in COMMANDS} == dict(COMMANDS)
    assert [name for name in MAPPED if name not in titles] == []


MAPPED = [read_action(verb).command for verb in ("step", "run", "hold", "continue", "restart", "stop", "end", "live")]


def test_every_panel_that_a_lesson_shows_is_there() -> None:
    shown = {
        item.action.target
        for lesson in shipped_lessons()
        for step in lesson.steps
        for item in step.items
        if isinstance(item, Do) and item.action.verb == "show"
    }

    assert shown <= {panel.id for panel in all_panels()}
