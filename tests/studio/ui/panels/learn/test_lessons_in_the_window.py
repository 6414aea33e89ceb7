"""The Learn panel among the others: what a lesson shows, is dropped on, and may name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tasktonic_studio.lessons.actions import COMMANDS, read_action
from tasktonic_studio.lessons.lesson import Do
from tasktonic_studio.lessons.parsing import parse_lesson
from tasktonic_studio.lessons.shelf import shipped_lessons
from tasktonic_studio.ui.layouts import arrangements
from tasktonic_studio.ui.panel_list import all_panels
from tasktonic_studio.ui.panels.help.panel import HelpPanel
from tasktonic_studio.ui.panels.learn.panel import LearnPanel
from tasktonic_studio.ui.parts import all_commands
from tests.helpers.window_stand import NotingEditor, NotingPanel
from tests.studio.lessons.test_play import LESSON
from tests.studio.ui.conftest import MakeStand


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
