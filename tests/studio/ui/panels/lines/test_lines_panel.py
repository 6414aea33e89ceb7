"""The panel Lines: where the app stands, its calls and values, the lines to stop at."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from tasktonic_studio.analysis.body_lines import first_line_inside
from tasktonic_studio.commands.line_commands import line_commands
from tasktonic_studio.session.inbox import LinesTold
from tasktonic_studio.session.line_facts import LineBreak, LineFacts, LineStop, LocalRow
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.lines.panel import LinesPanel
from tasktonic_studio.ui.panels.lines.view import code_of
from tests.helpers.line_apps import FIRST, INSIDE, PUMP, SECOND, SPARKLE, line_of, stopped_facts, write
from tests.helpers.panel_stand import PanelStand
from tests.helpers.window_stand import KeptRequests

Show = Callable[[LineFacts], PanelStand]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Show the panel with what is known of lines."""

    def make(facts: LineFacts) -> PanelStand:
        stand = PanelStand(LinesPanel())
        stand.requests = KeptRequests()  # type: ignore[assignment]
        stand.command_context.requests = stand.requests
        qtbot.addWidget(stand.widget)
        stand.registry.register_all(line_commands())
        stand.show(500, 600)
        tell(stand, facts)
        return stand

    return make


def tell(stand: PanelStand, facts: LineFacts) -> None:
    stand.apply(LinesTold(facts))


def asked(stand: PanelStand) -> list[Any]:
    requests: Any = stand.requests
    return list(requests.asked)


def texts(item: QTreeWidgetItem) -> list[str]:
    return [item.text(column) for column in range(item.columnCount())]


def rows(tree: Any) -> list[list[str]]:
    return [texts(tree.topLevelItem(at)) for at in range(tree.topLevelItemCount())]


def test_without_a_line_the_panel_says_how_to_get_one(show: Show) -> None:
    stand = show(LineFacts())

    assert stand.view.empty.isVisible()
    assert not stand.view.calls.isVisible()


def test_a_stop_shows_where_it_is_with_calls_values_and_lines(show: Show) -> None:
    stand = show(stopped_facts())

    view = stand.view
    assert view.where.whole == f"drawn · pump.py:{line_of(INSIDE)} · at a line to stop at · MainThread"
    assert rows(view.calls)[:2] == [
        ["drawn", f"pump.py:{line_of(INSIDE)}"],
        ["ttse__on_stroke", f"pump.py:{line_of(SECOND)}"],
    ]
    assert rows(view.values)[0] == ["number", "7", "int"]
    assert rows(view.breaks)[1] == ["pump.py:999", "", "There is no such line."]
    assert all(button.isEnabled() for button in view.buttons.values())
    assert stand.panel.tab_title() == "Lines (stopped)"


def test_the_tips_of_values_and_lines_show_tags_instead_of_obeying_them(show: Show, tmp_path: Path) -> None:
    facts = stopped_facts()
    assert facts.stop is not None
    row = LocalRow("page", "'<img src=x.png>'", "str", 0)
    file = tmp_path / "a.py"
    file.write_text("x = '<b>'\n")

    view = show(replace(facts, stop=replace(facts.stop, locals=(row,)), breaks=(LineBreak(str(file), 1),))).view

    assert "&lt;img src=x.png&gt;" in view.values.topLevelItem(0).toolTip(1)
    assert "&lt;b&gt;" in view.breaks.topLevelItem(0).toolTip(2)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_line_to_stop_at_in_what_is_no_file_any_more_shows_no_code(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")

    assert code_of(LineBreak(str(tmp_path / "pipe.py"), 1)) == ""


@pytest.mark.parametrize(
    "command, how",
    [("lines.next", "next"), ("lines.into", "stepIn"), ("lines.out", "stepOut"), ("lines.go_on", "continue")],
)
def test_a_button_goes_on(show: Show, qtbot: QtBot, command: str, how: str) -> None:
    stand = show(stopped_facts())

    qtbot.mouseClick(stand.view.buttons[command], Qt.MouseButton.LeftButton)

    assert asked(stand) == [("go_on_in_lines", how)]


def test_an_app_that_runs_on_takes_calls_and_values_away(show: Show) -> None:
    stand = show(stopped_facts())

    tell(stand, replace(stopped_facts(), status="ready", stop=None))

    assert rows(stand.view.calls) == rows(stand.view.values) == []
    assert len(rows(stand.view.breaks)) == 2
    assert stand.view.where.whole.startswith("The app runs, and stops at the next of these lines")
    assert not any(button.isEnabled() for button in stand.view.buttons.values())


def test_a_click_on_a_call_asks_for_its_values(show: Show, qtbot: QtBot) -> None:
    stand = show(stopped_facts())
    calls = stand.view.calls
    at = calls.visualItemRect(calls.topLevelItem(1)).center()

    qtbot.mouseClick(calls.viewport(), Qt.MouseButton.LeftButton, pos=at)

    assert asked(stand) == [("look_at_line_frame", 1)]


def test_an_unfolded_value_is_asked_for_once_and_again_at_the_next_stop(show: Show) -> None:
    facts = stopped_facts()
    stop = replace(facts.stop or LineStop(1, "", ""), inside={})
    stand = show(replace(facts, stop=stop))

    stand.view.values.topLevelItem(1).setExpanded(True)
    assert asked(stand) == [("unfold_local", 8)]
    tell(stand, facts)
    assert [texts(stand.view.values.topLevelItem(1).child(at))[0] for at in range(2)] == ["strokes", "tank"]
    own = LocalRow("self", "<Pump 'pump'>", "Pump", 31)
    tell(stand, replace(facts, stop=replace(stop, locals=(own,))))

    assert asked(stand) == [("unfold_local", 8), ("unfold_local", 31)]


def test_a_problem_stands_above_all_else(show: Show) -> None:
    stand = show(LineFacts(problem="debugpy is not installed."))

    assert stand.view.problem.isVisible()
    assert stand.view.problem.text() == "debugpy is not installed."


def test_a_line_to_stop_at_shows_its_code_and_is_taken_away_by_a_command(show: Show, tmp_path: Path) -> None:
    script = str(write(tmp_path))
    stand = show(LineFacts(breaks=(LineBreak(script, line_of(FIRST)),)))
    view = stand.view
    assert rows(view.breaks) == [[f"pump.py:{line_of(FIRST)}", "", FIRST]]
    assert view.where.whole.startswith("The app that is started next stops at these lines")

    view.breaks.setFocus()
    QTest.keyClick(view.breaks, Qt.Key.Key_Down)
    view.breaks.setCurrentItem(view.breaks.topLevelItem(0))
    stand.run("lines.remove_break")

    assert asked(stand) == [("toggle_line_break", script, line_of(FIRST))]


def test_a_condition_is_typed_where_the_line_stands(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    script = str(write(tmp_path))
    stand = show(LineFacts(breaks=(LineBreak(script, line_of(FIRST), condition="number > 3"),)))
    view = stand.view
    item = view.breaks.topLevelItem(0)
    assert item.text(1) == "number > 3"
    view.breaks.setCurrentItem(item)

    stand.run("lines.condition")
    line = view.breaks.findChild(QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, "number == 9")
    QTest.keyClick(line, Qt.Key.Key_Return)

    qtbot.waitUntil(lambda: asked(stand) == [("condition_line_break", script, line_of(FIRST), "number == 9")])
    view.breaks.topLevelItem(0).setText(1, "number ==")
    assert stand.registry.why_not("lines.take_condition", stand.command_context) == (
        "The condition 'number ==' is no Python expression: invalid syntax."
    )
    view.breaks.topLevelItem(0).setText(0, "elsewhere:1")
    qtbot.waitUntil(lambda: view.breaks.topLevelItem(0).text(0) == f"pump.py:{line_of(FIRST)}")
    assert len(asked(stand)) == 1


# ---- commands ---------------------------------------------------------------------------------------------------------


def test_stepping_says_why_it_cannot_be_done(show: Show) -> None:
    stand = show(LineFacts())

    for command in ("lines.next", "lines.into", "lines.out", "lines.go_on"):
        assert stand.registry.why_not(command, stand.command_context) == "The app does not stand in a line."
    assert stand.registry.why_not("lines.remove_all", stand.command_context) == "There is no line to stop at."


def test_breaking_in_its_lines_wants_a_thing_with_lines(show: Show, tmp_path: Path) -> None:
    stand = show(LineFacts())
    assert stand.registry.why_not("lines.break_in_sparkle", stand.command_context).startswith("Select a run, an order")

    stand.selection.select(Thing("place", (str(write(tmp_path)), line_of(SPARKLE))))

    assert stand.registry.why_not("lines.break_in_sparkle", stand.command_context) == ""


def test_all_lines_are_taken_away_at_once(show: Show) -> None:
    stand = show(replace(stopped_facts(), on_raised=True))

    stand.run("lines.remove_all")

    assert asked(stand) == [
        ("toggle_line_break", "/home/ada/pump.py", line_of(INSIDE)),
        ("toggle_line_break", "/home/ada/pump.py", 999),
        ("stop_on_raised", False),
    ]


DECORATED = '''
@sparkle
@other
def wash(self):
    """What it does."""

    self.water()


def dry(self): return self.air()
'''


@pytest.mark.parametrize(
    "text, line, inside",
    [
        (PUMP, line_of(SPARKLE), line_of(FIRST)),
        (PUMP, line_of(SECOND), line_of(SECOND)),
        (DECORATED, 2, 7),
        (DECORATED, 4, 7),
        (DECORATED, 10, 10),
        ("this is no Python", 1, 1),
        (PUMP, 9_999, 9_999),
    ],
)
def test_at_a_def_the_first_line_inside_is_meant(text: str, line: int, inside: int) -> None:
    assert first_line_inside(text, line) == inside
